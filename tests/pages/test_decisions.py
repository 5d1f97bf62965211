"""After a decision: reopened as it was, contested, computed again, reviewed by another, exported."""

import csv
import io
import json
import shutil
import sys

import pytest
from acting import acting, deciding

from components.act import Act
from components.i18n import LANGUAGES
from data import portfolios
from data.ledger import approvals, entries, proposals, register, stops
from data.ledger.entries import Author
from data.ledger.errors import LedgerUnavailable
from data.ledger.register import Filters
from model import artifact, service
from model.artifact import champion
from model.assess import assess
from tests.seen import find, of_kind, plain
from web import records
from web.identity import Forbidden

PORTFOLIO = portfolios.load("home_credit")
ADA, MAX = Author("ada", ("advisor",), "page"), Author("max", ("manager",), "page")


@pytest.fixture(autouse=True)
def ledger(store, tmp_path):
    with deciding(store, tmp_path):
        yield tmp_path


@pytest.fixture
def decided(clients):
    """A refusal by Ada, as it was kept."""
    found = assess(PORTFOLIO.id, clients[3])
    draft = records.draft_of(PORTFOLIO, champion(PORTFOLIO.id), found, "fr", "refuse", "<b>Trop</b> lourd.")
    (entry,) = entries.add([draft], ADA)
    return entry


def module(name):
    return sys.modules[f"pages.{name}"]


def written(component) -> str:
    return json.dumps(component, default=lambda part: part.to_plotly_json())


def act(name, entry, lang="fr"):
    return Act(name, PORTFOLIO.id, entry.id, lang)


def contest(server, entry, words="Mes retards viennent d'un changement de banque."):
    with acting(server, "ada", "advisor"):
        return module("_thread_acts").contest(act("contest", entry), words, {"key": "c" * 32})


def review(server, entry, name="max", choice="accept", words="Relevés vus.", step="save", key="r" * 32):
    with acting(server, name, "manager", "advisor"):
        return module("_thread_acts").revise(step, act("revise", entry), choice, words, {"key": key})


class TestReopened:
    @pytest.fixture(autouse=True)
    def _same_key(self, server, monkeypatch):
        # What makes an act count once is drawn anew with each page; all else must be the same.
        monkeypatch.setattr(module("_acts"), "key", lambda: "k" * 32)

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_shows_what_was_shown_live(self, server, decided, lang):
        with acting(server, "ada", "advisor"):
            live = module("eligibility").layout(PORTFOLIO.id, decided.client_id, lang)
            again = module("decision").layout(decided.id, lang)
        for part in ("verdict", "checks"):
            assert written(section(live, part)) == written(section(again, part))
        (here,), (then,) = (of_kind(section(page, "reasons"), "Div")[:1] for page in (live, again))
        assert written(here) == written(then)

    def test_needs_no_model_any_more(self, server, decided, ledger):
        with acting(server, "ada", "advisor"):
            before = written(module("decision").layout(decided.id, "fr"))
            (ledger / "models").unlink()
            assert written(module("decision").layout(decided.id, "fr")) == before

    def test_is_the_same_under_another_champion_and_after_a_look_in_english(self, server, decided, ledger):
        with acting(server, "ada", "advisor"):
            page = module("decision")
            before = {lang: written(page.layout(decided.id, lang)) for lang in LANGUAGES}
            other_champion(ledger)
            now = assess(PORTFOLIO.id, decided.client_id)
            assert now.pass_mark != decided.content["score"]["pass_mark"]
            assert {lang: written(page.layout(decided.id, lang)) for lang in reversed(LANGUAGES)} == before

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_is_the_same_once_columns_are_called_otherwise(self, server, client, decided, monkeypatch, lang):
        from data.portfolios import Column
        from web.identity import User
        from web.letter_routes import make

        letter = make(decided.id, lang, User("ada", frozenset({"advisor"}), False, "page"))
        with acting(server, "ada", "advisor"):
            before = written(module("decision").layout(decided.id, lang))
            pages = [client.get(f"/letters/{letter.id}{way}").data for way in ("", "?as=pdf")]
            monkeypatch.setattr(Column, "label", lambda *_: "CALLED OTHERWISE")
            assert "CALLED OTHERWISE" in written(
                module("eligibility").layout(PORTFOLIO.id, decided.client_id, lang)
            )
            assert written(module("decision").layout(decided.id, lang)) == before
            assert [client.get(f"/letters/{letter.id}{way}").data for way in ("", "?as=pdf")] == pages

    @pytest.mark.slow
    def test_is_the_same_after_a_real_retraining(self, server, decided, ledger):
        from model.train import train

        models = (ledger / "models").resolve()
        (ledger / "models").unlink()
        shutil.copytree(models, ledger / "models")
        with acting(server, "ada", "advisor"):
            page = module("decision")
            before = {lang: written(page.layout(decided.id, lang)) for lang in LANGUAGES}
            trained, _ = train(PORTFOLIO.id, seed=8)
            artifact.promote(PORTFOLIO.id, trained.version)
            now = assess(PORTFOLIO.id, decided.client_id)
            assert now.model_version != decided.model_version
            assert now.points != decided.points
            assert {lang: written(page.layout(decided.id, lang)) for lang in reversed(LANGUAGES)} == before

    def test_says_in_which_language_it_was_shown(self, server, decided):
        with acting(server, "ada", "advisor"):
            assert "then shown in French" in plain(module("decision").layout(decided.id, "en"))
            assert "alors montré" not in plain(module("decision").layout(decided.id, "fr"))

    def test_html_in_reasons_stays_text(self, server, decided):
        with acting(server, "ada", "advisor"):
            shown = module("decision").layout(decided.id, "fr")
        quotes = [quote.children for quote in of_kind(shown, "Blockquote")]
        assert quotes == ["<b>Trop</b> lourd."] * 2
        assert not find(shown, lambda part: hasattr(part, "dangerously_allow_html"))

    @pytest.mark.parametrize("asked", [None, "", "D-9999999", "x" * 400, "../../etc", "D-\0", "' OR 1=1"])
    def test_an_unknown_number_is_told(self, server, asked):
        with acting(server, "ada", "advisor"):
            assert of_kind(module("decision").layout(asked, "fr"), "H1")

    def test_a_silent_register_is_told(self, server, decided, monkeypatch):
        monkeypatch.setattr(entries, "thread", silent)
        with acting(server, "ada", "advisor"):
            assert "Le registre ne répond pas" in plain(module("decision").layout(decided.id, "fr"))


def section(page, name):
    (found,) = find(page, lambda part: getattr(part, "id", None) == name)
    return found


def silent(*_, **__):
    raise LedgerUnavailable("down")


def other_champion(folder) -> None:
    """Put a copy of the model in service whose threshold is another."""
    models = (folder / "models").resolve()
    (folder / "models").unlink()
    shutil.copytree(models, folder / "models")
    here = folder / "models" / PORTFOLIO.id
    shutil.copytree(here / artifact.champion_version(PORTFOLIO.id), here / "99")
    path = here / "99" / artifact.CARD
    card = json.loads(path.read_text("utf-8"))
    card["version"], card["threshold"]["in_force"] = "99", card["threshold"]["in_force"] * 1.4
    path.write_text(json.dumps(card), "utf-8")
    artifact.promote(PORTFOLIO.id, "99")


class TestAContest:
    def test_waits_for_another_person_with_a_date(self, server, decided):
        hidden, fault, done = contest(server, decided)
        assert hidden
        assert fault is None
        assert "Réponse due le" in plain(done)
        (waiting,) = register.queue(PORTFOLIO.id)
        assert waiting.id == decided.id

    def test_needs_the_words_of_the_client(self, server, decided):
        hidden, fault, _ = contest(server, decided, "  ")
        assert not hidden
        assert "Écrivez ce que dit le client." in plain(fault)

    def test_sent_twice_counts_once(self, server, decided):
        contest(server, decided)
        contest(server, decided)
        assert [one.kind for one in entries.thread(decided.id)] == ["decision", "contest"]

    def test_a_second_one_is_refused_while_the_first_waits(self, server, decided):
        contest(server, decided)
        with acting(server, "ada", "advisor"):
            found = module("_thread_acts").contest(act("contest", decided), "encore", {"key": "d" * 32})
        assert "attend déjà un examen" in plain(found[1])

    def test_a_silent_ledger_keeps_nothing(self, server, decided, monkeypatch):
        monkeypatch.setattr(entries, "add", silent)
        hidden, fault, done = contest(server, decided)
        assert not hidden
        assert done is None
        assert "Rien n'est enregistré." in plain(fault)

    def test_is_not_for_a_manager_who_is_no_advisor(self, server, decided):
        with acting(server, "max", "manager"), pytest.raises(Forbidden):
            module("_thread_acts").contest(act("contest", decided), "words", {})


class TestAReview:
    def test_by_another_person_changes_the_decision(self, server, decided):
        contest(server, decided)
        found = review(server, decided)
        assert found.done is not None
        (row,), _ = register.page(Filters(PORTFOLIO.id))
        assert (row.decided, row.final, row.is_overturned, row.contested) == ("refuse", "accept", True, None)

    def test_by_whoever_decided_is_refused(self, server, decided):
        contest(server, decided)
        found = review(server, decided, name="ada")
        assert "Vous avez pris cette décision" in plain(found.fault)
        assert len(entries.thread(decided.id)) == 2

    def test_is_not_for_an_advisor(self, server, decided):
        contest(server, decided)
        with acting(server, "bea", "advisor"), pytest.raises(Forbidden):
            module("_thread_acts").revise("save", act("revise", decided), "accept", "x", {})

    @pytest.mark.parametrize(
        ("choice", "words"), [(None, "x"), ("accept", ""), ("perhaps", "x"), (["a"], "x")]
    )
    def test_needs_an_outcome_and_reasons(self, server, decided, choice, words):
        contest(server, decided)
        assert review(server, decided, choice=choice, words=words).fault is not None
        assert len(entries.thread(decided.id)) == 2

    def test_is_read_again_first(self, server, decided):
        contest(server, decided)
        found = review(server, decided, step="review")
        assert "Changer : accepter" in plain(found.told)
        assert len(entries.thread(decided.id)) == 2

    def test_sent_twice_counts_once_and_a_second_one_is_refused(self, server, decided):
        contest(server, decided)
        for _ in range(2):
            assert review(server, decided).done is not None
        assert len(entries.thread(decided.id)) == 3
        late = review(server, decided, choice="refuse", key="s" * 32)
        assert "n'attend plus d'examen" in plain(late.failed)

    def test_may_ask_for_a_document_and_stay_open(self, server, decided):
        contest(server, decided)
        found = review(server, decided, choice="request", words="Une attestation de revenu.")
        assert "reste ouvert" in plain(found.done)
        assert [row.id for row in register.queue(PORTFOLIO.id)] == [decided.id]

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_the_thread_tells_it_all_in_order(self, server, decided, lang):
        contest(server, decided)
        review(server, decided)
        with acting(server, "bea", "advisor"):
            thread = section(module("decision").layout(decided.id, lang), "thread")
        told = [plain(step) for step in of_kind(thread, "Li")]
        assert len(told) == 4
        wanted = (
            ("Proposition", "ada", "conteste", "changée")
            if lang == "fr"
            else ("proposal", "ada", "contests", "Changed")
        )
        assert all(word in step for word, step in zip(wanted, told, strict=True))

    def test_a_file_passed_to_a_colleague_waits_for_one(self, server, clients):
        found = assess(PORTFOLIO.id, clients[4])
        draft = records.draft_of(PORTFOLIO, champion(PORTFOLIO.id), found, "fr", "review", "Avis demandé.")
        (passed,) = entries.add([draft], ADA)
        assert [row.id for row in module("_register").waiting(PORTFOLIO.id)] == [passed.id]
        assert review(server, passed, choice="refuse").done is not None
        assert module("_register").waiting(PORTFOLIO.id) == []


class TestComputingAgain:
    def typed(self, decided, value):
        income = "AMT_INCOME_TOTAL"
        return {income: {"value": value, "missing": False}}

    def test_says_what_corrected_values_give_and_keeps_it_on_demand(self, server, decided):
        rescore = module("_rescore")
        with acting(server, "max", "manager"):
            told = rescore.computed(decided, "fr", self.typed(decided, "987000"))
            assert "Avec ces valeurs" in plain(told)
            assert len(entries.thread(decided.id)) == 1
            for _ in range(2):
                rescore.kept(decided, "fr", self.typed(decided, "987000"))
        _, kept = entries.thread(decided.id)
        assert kept.kind == "rescoring"
        changed = assess(PORTFOLIO.id, decided.client_id, kept.content["corrections"])
        assert kept.points == changed.points

    @pytest.mark.parametrize("value", ["", "x", "-5", "1e999", None, ["a"]])
    def test_whatever_is_typed_is_answered(self, server, decided, value):
        with acting(server, "max", "manager"):
            assert module("_rescore").computed(decided, "fr", self.typed(decided, value))
        assert len(entries.thread(decided.id)) == 1

    def test_computes_nothing_while_the_model_is_stopped(self, server, decided):
        stops.stop(PORTFOLIO.id, "max", "why")
        service.forget()
        with acting(server, "max", "manager"):
            assert "Aucun calcul" in plain(
                module("_rescore").computed(decided, "fr", self.typed(decided, "9"))
            )


class TestTheRegister:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_lists_a_decision_with_its_thread_and_what_was_shown(self, server, decided, lang):
        with acting(server, "max", "manager", "advisor"):
            shown = module("decisions").layout(PORTFOLIO.id, lang)
        said = plain(shown)
        assert decided.client_id in said
        assert decided.id in said
        assert "None" not in said.replace("None of", "")
        assert section(shown, "figures")

    def test_shows_figures_and_export_to_managers_only(self, server, decided):
        with acting(server, "ada", "advisor"):
            shown = module("decisions").layout(PORTFOLIO.id, "fr")
        assert not find(shown, lambda part: getattr(part, "id", None) in ("figures", "switch"))
        assert "Exporter" not in plain(shown)

    @pytest.mark.parametrize("asked", ["x", "-1", "9" * 30, "٣", None])
    @pytest.mark.parametrize("view", ["waiting", "contrary", "x", None])
    def test_answers_whatever_the_address_says(self, server, decided, asked, view):
        with acting(server, "max", "manager"):
            assert of_kind(module("decisions").layout(PORTFOLIO.id, "fr", view, asked, "D-' OR 1"), "H1")

    def test_a_silent_ledger_is_told(self, server, monkeypatch):
        monkeypatch.setattr(register, "page", silent)
        with acting(server, "max", "manager"):
            assert "Le registre ne répond pas" in plain(module("decisions").layout(PORTFOLIO.id, "fr"))

    def test_home_lists_what_waits_and_what_was_decided(self, server, decided):
        contest(server, decided)
        with acting(server, "ada", "advisor"):
            said = plain(module("home").layout(PORTFOLIO.id, "fr"))
        assert said.count(decided.client_id) >= 2
        assert "réponse due le" in said

    def test_is_exported_line_by_line_without_what_was_said(self, client, decided):
        answer = client.get(f"/exports/{PORTFOLIO.id}/register.csv")
        (row,) = csv.DictReader(io.StringIO(answer.text))
        assert (row["id"], row["decided"], row["account"]) == (decided.id, "refuse", "ada")
        assert "lourd" not in answer.text

    def test_no_cell_of_the_export_is_a_formula(self, client, clients):
        found = assess(PORTFOLIO.id, clients[0])
        draft = records.draft_of(PORTFOLIO, champion(PORTFOLIO.id), found, "fr", "refuse", "why")
        entries.add([draft], Author("=cmd()", ("advisor",), "page"))
        (row,) = csv.DictReader(io.StringIO(client.get(f"/exports/{PORTFOLIO.id}/register.csv").text))
        assert row["account"] == "'=cmd()"

    def test_an_unknown_portfolio_has_no_export(self, client):
        assert client.get("/exports/nothing/register.csv").status_code == 404


class TestProposedMarks:
    @pytest.fixture
    def proposed(self):
        model = champion(PORTFOLIO.id)
        return proposals.add(
            PORTFOLIO.id, model.version, 0.2, model.threshold, {"false_negative": 5.0}, "why", "max"
        )

    def answer(self, server, name, proposal, approve=True, words="Vu."):
        with acting(server, name, "manager"):
            model = champion(PORTFOLIO.id)
            return module("_oversight").answer(PORTFOLIO, model, str(proposal.id), approve, words, "fr")

    def test_another_manager_approves_and_it_decides(self, server, proposed):
        hidden, _ = self.answer(server, "eve", proposed)
        assert hidden
        assert approvals.in_force(PORTFOLIO.id, proposed.model_version).threshold == 0.2

    def test_whoever_proposed_does_not(self, server, proposed):
        hidden, told = self.answer(server, "max", proposed)
        assert not hidden
        assert "un autre responsable" in plain(told)
        assert approvals.in_force(PORTFOLIO.id, proposed.model_version) is None

    def test_needs_a_reason(self, server, proposed):
        assert "raison" in plain(self.answer(server, "eve", proposed, words=" ")[1])

    def test_refused_changes_nothing_and_is_final(self, server, proposed):
        self.answer(server, "eve", proposed, approve=False)
        assert approvals.in_force(PORTFOLIO.id, proposed.model_version) is None
        assert "déjà reçu" in plain(self.answer(server, "eve", proposed)[1])

    @pytest.mark.parametrize("number", ["x", "", None, "9" * 40, ["1"]])
    def test_a_forged_number_is_answered(self, server, number):
        with acting(server, "eve", "manager"):
            told = module("_oversight").answer(PORTFOLIO, champion(PORTFOLIO.id), number, True, "x", "fr")
        assert not told[0]


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
