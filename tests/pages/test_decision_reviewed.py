"""A decision contested, computed again with corrected values, and reviewed by another person."""

import pytest
from acting import acting

from components.i18n import LANGUAGES
from data.ledger import entries, register, stops
from data.ledger.register import Filters
from model import service
from model.artifact import champion
from model.assess import assess
from tests.pages.deciding_support import ADA, PORTFOLIO, act, contest, module, review, silent
from tests.seen import of_kind, plain, section
from web import records
from web.identity import Forbidden

pytestmark = pytest.mark.usefixtures("ledger")


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
