"""Deciding on a file: two steps, on what was shown, once, or not at all."""

import re
import sys

import pytest
from acting import acting, deciding

from components.act import Act
from components.i18n import LANGUAGES
from data import portfolios
from data.bank import open_bank
from data.ledger import entries, register, stops
from data.ledger.errors import LedgerUnavailable
from data.ledger.register import Filters
from model import service
from model.assess import assess
from tests.seen import by_class, find, of_kind, plain
from web import records
from web.identity import Forbidden

PORTFOLIO = portfolios.load("home_credit")
POINTS = re.compile(r"\d+ points?\b")


@pytest.fixture(autouse=True)
def ledger(store, tmp_path):
    with deciding(store, tmp_path):
        yield


@pytest.fixture
def advisor(server):
    with acting(server, "ada", "advisor") as user:
        yield user


@pytest.fixture
def decide(server):
    return sys.modules["pages._decide"]


@pytest.fixture
def page(server):
    return sys.modules["pages.eligibility"]


def shown_on(decide, client):
    """Return what the panel of a file remembers of what it showed."""
    from model.artifact import champion

    panel = decide.panel(PORTFOLIO, champion(PORTFOLIO.id), assess(PORTFOLIO.id, client), "fr")
    (kept,) = of_kind(panel, "Store")
    return kept.data


def press(decide, step, client, choice, words, shown, lang="fr"):
    return decide.step(step, Act("decide", PORTFOLIO.id, client, lang), PORTFOLIO, choice, words, shown)


def contrary_to(client):
    return "refuse" if assess(PORTFOLIO.id, client).proposal == "accept" else "accept"


def kept():
    return register.page(Filters(PORTFOLIO.id))[1]


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


def silent(*_, **__):
    raise LedgerUnavailable("down")


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


class TestAStop:
    @pytest.fixture(autouse=True)
    def stopped(self):
        stops.stop(PORTFOLIO.id, "max", "Une dérive à comprendre.")
        service.forget()
        yield
        service.forget()

    @pytest.mark.parametrize("name", ["eligibility", "interpretation", "comparison", "simulation"])
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_hides_the_points_on_every_page_about_a_client(self, server, advisor, clients, name, lang):
        shown = sys.modules[f"pages.{name}"].layout(portfolio=PORTFOLIO.id, client=clients[0], lang=lang)
        said = plain(shown)
        assert ("Évaluation manuelle" if lang == "fr" else "Manual assessment") in said
        assert "Une dérive à comprendre." in said
        assert not POINTS.search(said)
        assert not by_class(shown, "verdict")
        assert not by_class(shown, "reasons")

    def test_leaves_facts_and_history(self, page, advisor, clients):
        said = plain(page.layout(portfolio=PORTFOLIO.id, client=clients[0], lang="fr"))
        assert "La situation déclarée" in said
        assert "L'historique" in said

    def test_hides_them_on_home_too(self, server, advisor):
        home = sys.modules["pages.home"]
        said = plain(home.layout(portfolio=PORTFOLIO.id, lang="fr"))
        assert "Évaluation manuelle" in said
        assert not re.search(r"\d points\b", said.replace("600 points", ""))

    def test_leaves_no_blank_file_to_score(self, server, advisor):
        simulation = sys.modules["pages.simulation"]
        shown = simulation.layout(portfolio=PORTFOLIO.id, lang="fr", blank="1")
        assert not find(shown, lambda part: getattr(part, "id", None) == "verdict")

    def test_lets_the_advisor_decide_without_a_proposal(self, page, decide, advisor, clients):
        shown = page.layout(portfolio=PORTFOLIO.id, client=clients[0], lang="fr")
        kept_then = [one.data for one in of_kind(shown, "Store") if "by_hand" in (one.data or {})]
        without = press(decide, "save", clients[0], "accept", "", kept_then[0])
        assert "Écrivez vos raisons" in plain(without.fault)
        found = press(decide, "save", clients[0], "accept", "Dossier vu.", kept_then[0])
        (row,), _ = register.page(Filters(PORTFOLIO.id))
        assert found.done is not None
        assert (row.proposed, row.points, row.decided) == (None, None, "accept")
        assert entries.get(row.id).content["by_hand"] == "stopped"
        assert records.restore(entries.get(row.id)).verdict is None

    def test_a_proposal_shown_before_is_not_recorded_after(self, decide, advisor, clients):
        shown = {"points": 600.0, "threshold": 0.09, "version": "1", "proposal": "accept", "key": "0" * 32}
        found = press(decide, "save", clients[0], "accept", "why", shown)
        assert found.fault is not None
        assert kept() == 0

    def test_nothing_is_decided_by_hand_once_the_model_speaks_again(self, decide, advisor, clients):
        stops.resume(PORTFOLIO.id, "max", "Comprise.")
        service.forget()
        found = press(decide, "save", clients[0], "accept", "why", {"by_hand": True, "key": "0" * 32})
        assert found.fault is not None
        assert kept() == 0

    def test_the_api_gives_no_points_either(self, client, clients):
        answer = client.get(f"/api/v1/portfolios/{PORTFOLIO.id}/clients/{clients[0]}")
        assert answer.status_code >= 400
        assert "points" not in answer.text or answer.json.get("error")

    def test_leaves_the_bank_alone(self, clients):
        assert open_bank(PORTFOLIO.id).record(clients[0])
