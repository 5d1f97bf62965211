"""Deciding on a file: two steps, on what was shown, once, or not at all."""

import json
import sys

import pytest
from acting import acting

from components.i18n import LANGUAGES
from data.ledger import entries, register
from data.ledger.register import Filters
from model.assess import assess
from tests.pages.deciding_support import PORTFOLIO, contrary_to, kept, press, shown_on, silent
from tests.seen import of_kind, plain
from web import records
from web.identity import Forbidden

pytestmark = pytest.mark.usefixtures("ledger")


@pytest.fixture
def page(server):
    return sys.modules["pages.eligibility"]


class TestThePanel:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_has_no_choice_made_beforehand(self, page, advisor, clients, lang):
        shown = page.layout(portfolio=PORTFOLIO.id, client=clients[0], lang=lang)
        (choices,) = of_kind(shown, "RadioItems")
        assert choices.value is None
        assert [option["value"] for option in choices.options] == ["accept", "review", "refuse"]

    def test_is_not_for_a_manager_who_is_no_advisor(self, page, server, clients):
        with acting(server, "max", "manager"):
            shown = page.layout(portfolio=PORTFOLIO.id, client=clients[0], lang="fr")
        assert not of_kind(shown, "RadioItems")
        assert "Votre rôle ne permet pas de décider" in plain(shown)

    def test_says_when_the_register_does_not_answer(self, page, advisor, clients, monkeypatch):
        monkeypatch.setattr(register, "page", silent)
        shown = page.layout(portfolio=PORTFOLIO.id, client=clients[0], lang="fr")
        assert "Le registre ne répond pas." in plain(shown)
        assert "Les raisons" in plain(shown)


class TestReadingAgain:
    def test_needs_a_choice(self, decide, advisor, clients):
        found = press(decide, "review", clients[0], None, "because", shown_on(decide, clients[0]))
        assert found.form
        assert "Choisissez d'abord" in plain(found.fault)

    def test_needs_reasons_when_the_proposal_is_changed(self, decide, advisor, clients):
        client = clients[0]
        found = press(decide, "review", client, contrary_to(client), "  ", shown_on(decide, client))
        assert found.form
        assert "Écrivez vos raisons" in plain(found.fault)

    def test_needs_none_to_confirm(self, decide, advisor, clients):
        same = assess(PORTFOLIO.id, clients[0]).proposal
        found = press(decide, "review", clients[0], same, None, shown_on(decide, clients[0]))
        assert not found.form
        assert found.fault is None

    def test_shows_the_proposal_beside_the_decision_and_records_nothing(self, decide, advisor, clients):
        client = clients[0]
        found = press(decide, "review", client, contrary_to(client), "Vu la pièce.", shown_on(decide, client))
        said = plain(found.told)
        assert "Proposition" in said
        assert "Votre décision" in said
        assert "Vu la pièce." in said
        assert kept() == 0

    def test_can_be_left_without_losing_a_word(self, decide, advisor, clients):
        found = press(decide, "back", clients[0], "refuse", "words", {})
        form_hidden, second_hidden, *_ = found.outputs()
        assert (form_hidden, second_hidden) == (False, True)  # the fields themselves are not written to


class TestRecording:
    def test_keeps_the_decision_and_says_its_number(self, decide, advisor, clients):
        client = clients[0]
        choice = contrary_to(client)
        found = press(decide, "save", client, choice, "Vu la pièce.", shown_on(decide, client))
        (row,), _ = register.page(Filters(PORTFOLIO.id))
        assert row.id in plain(found.done)
        assert (row.client_id, row.decided, row.account) == (client, choice, "ada")
        assert row.proposed == assess(PORTFOLIO.id, client).proposal

    def test_a_double_click_records_once(self, decide, advisor, clients):
        shown = shown_on(decide, clients[0])
        first, second = (press(decide, "save", clients[0], "refuse", "why", shown) for _ in range(2))
        assert kept() == 1
        assert plain(first.done) == plain(second.done)

    def test_another_decision_under_the_same_key_is_refused(self, decide, advisor, clients):
        shown = shown_on(decide, clients[0])
        press(decide, "save", clients[0], "refuse", "why", shown)
        again = press(decide, "save", clients[0], "accept", "why", shown)
        assert "déjà enregistrée" in plain(again.failed)
        assert kept() == 1

    @pytest.mark.parametrize(
        "changed",
        [
            {"points": 1.0},
            {"points": None},
            {"threshold": 0.5},
            {"version": "0"},
            {"points": "x"},
            {"points": True},
        ],
    )
    def test_nothing_is_recorded_when_the_file_is_not_what_was_shown(self, decide, advisor, clients, changed):
        shown = shown_on(decide, clients[0]) | changed
        found = press(decide, "save", clients[0], "refuse", "why", shown)
        assert "Rien n'est enregistré" in plain(found.failed)
        assert found.done is None
        assert kept() == 0

    def test_a_silent_ledger_records_nothing_and_says_so(self, decide, advisor, clients, monkeypatch):
        shown = shown_on(decide, clients[0])
        with monkeypatch.context() as patch:
            patch.setattr(entries, "add", silent)
            found = press(decide, "save", clients[0], "refuse", "why", shown)
        said = plain(found.failed)
        assert "La décision n'est pas enregistrée." in said
        assert "Votre texte est conservé" in said
        assert found.done is None
        assert kept() == 0
        again = press(decide, "save", clients[0], "refuse", "why", shown)
        assert again.done is not None
        assert kept() == 1

    def test_html_in_reasons_stays_text(self, decide, advisor, clients):
        words = "<script>alert(1)</script> & <b>x</b>"
        found = press(decide, "review", clients[0], "refuse", words, shown_on(decide, clients[0]))
        (quote,) = of_kind(found.told, "Blockquote")
        assert quote.children == words

    @pytest.mark.parametrize("words", ["x" * 2_001, ["a"], {"a": 1}, 7, "\0", "\ud800"])
    def test_whatever_is_sent_as_reasons_is_answered(self, decide, advisor, clients, words):
        found = press(
            decide, "save", clients[0], contrary_to(clients[0]), words, shown_on(decide, clients[0])
        )
        assert found.fault is not None
        assert kept() == 0

    @pytest.mark.parametrize("choice", ["", "perhaps", ["accept"], {"a": 1}, 1, True])
    def test_whatever_is_sent_as_a_choice_is_answered(self, decide, advisor, clients, choice):
        found = press(decide, "save", clients[0], choice, "why", shown_on(decide, clients[0]))
        assert found.fault is not None
        assert kept() == 0

    def test_whoever_is_no_advisor_records_nothing(self, decide, server, clients):
        with acting(server, "max", "manager"), pytest.raises(Forbidden):
            press(decide, "save", clients[0], "refuse", "why", {})

    def test_a_file_that_waits_for_another_person_is_not_decided_again(self, decide, advisor, clients):
        press(decide, "save", clients[0], "review", "avis demandé", shown_on(decide, clients[0]))
        found = press(decide, "save", clients[0], "accept", "why", shown_on_waiting(clients[0]))
        assert "une autre personne" in plain(found.failed)
        assert kept() == 1


def shown_on_waiting(client):
    found = assess(PORTFOLIO.id, client)
    return {
        "points": found.points,
        "threshold": found.threshold,
        "version": found.model_version,
        "proposal": found.proposal,
        "key": "0" * 32,
    }


class TestTheRecord:
    def test_holds_all_that_the_rules_ask_for(self, decide, advisor, clients):
        press(decide, "save", clients[0], "refuse", "why", shown_on(decide, clients[0]))
        (row,), _ = register.page(Filters(PORTFOLIO.id))
        entry = entries.get(row.id)
        found = assess(PORTFOLIO.id, clients[0])
        content = entry.content
        assert content["inputs"].keys() == found.features.keys()
        assert content["score"]["points"] == found.points == entry.points
        assert content["score"]["threshold"] == found.threshold
        assert content["score"]["threshold_version"]
        assert content["model"]["artifact"]
        assert content["sources"]["received"]
        assert content["time_zone"] == "Europe/Paris"
        assert [one["code"] for one in content["reasons"]] == [one.code for one in found.reasons]
        assert content["contributions"] == {one.feature: one.points for one in found.contributions}
        assert {"policy", "warnings", "method", "recourse", "retention_months"} <= content.keys()
        assert content["texts"].keys() == set(LANGUAGES)

    def test_holds_nothing_protected(self, decide, advisor, clients):
        press(decide, "save", clients[0], "refuse", "why", shown_on(decide, clients[0]))
        (row,), _ = register.page(Filters(PORTFOLIO.id))
        content = entries.get(row.id).content
        told = str(content)
        labels = {line["label"] for group in content["texts"]["fr"]["read"] for line in group["lines"]}
        protected = [column for column in PORTFOLIO.columns.values() if column.role == "protected"]
        assert protected
        assert not [column.name for column in protected if column.name in told]
        assert not labels & {column.label_fr for column in protected}

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_gives_back_the_words_that_were_shown(self, decide, advisor, clients, lang):
        from components import said
        from model.artifact import champion

        for client in clients[::40]:
            found, model = assess(PORTFOLIO.id, client), champion(PORTFOLIO.id)
            draft = records.draft_of(PORTFOLIO, model, found, "fr", "refuse", "why")
            (entry,) = entries.add([draft], sys.modules["pages._acts"].author(advisor))
            shown = records.restore(entry, lang)
            band = model.card["reference"]
            assert shown.verdict == said.verdict(PORTFOLIO, found, lang)
            assert shown.reasons == said.reasons(PORTFOLIO, found, (band["low"], band["high"]), lang)
            total = sum(line["points"] for group in shown.read for line in group["lines"])
            assert total == round(found.points) - round(found.base_points)


FORGED = [
    {"part": "act-save", "act": "decide", "portfolio": "home_credit", "about": "nobody", "lang": "fr"},
    {"part": "act-save", "act": "decide", "portfolio": "nothing", "about": "1", "lang": "xx"},
    {"part": "act-save", "act": "decide", "portfolio": "home_credit", "about": "' OR 1=1", "lang": "fr"},
]


@pytest.mark.parametrize("ident", FORGED)
@pytest.mark.parametrize("shown", [None, {}, {"key": ["x"]}, {"by_hand": True}, "x", [1]])
def test_a_forged_callback_fails_without_a_500_and_records_nothing(client, ident, shown):
    def one(part, prop, value=None):
        return {"id": ident | {"part": f"act-{part}"}, "property": prop, "value": value}

    names = (
        "form.hidden",
        "second.hidden",
        "fault.children",
        "told.children",
        "failed.children",
        "done.children",
    )
    pattern = '{{"about":["MATCH"],"act":"decide","lang":["MATCH"],"part":"act-{}","portfolio":["MATCH"]}}.{}'
    body = {
        "output": "..{}..".format("...".join(pattern.format(*name.split(".")) for name in names)),
        "outputs": [{k: v for k, v in one(*name.split(".")).items() if k != "value"} for name in names],
        "inputs": [one("review", "n_clicks"), one("save", "n_clicks", 1), one("back", "n_clicks")],
        "state": [one("choice", "value", "refuse"), one("words", "value", "x"), one("shown", "data", shown)],
        "changedPropIds": [json.dumps(ident, sort_keys=True, separators=(",", ":")) + ".n_clicks"],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code in (200, 204, 400, 404)
    assert register.page(Filters(PORTFOLIO.id))[1] == 0
