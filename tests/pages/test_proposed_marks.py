"""A mark that one manager proposes and another one answers for."""

import pytest
from acting import acting

from data.ledger import approvals, proposals
from model.artifact import champion
from tests.pages.deciding_support import PORTFOLIO, module
from tests.seen import plain

pytestmark = pytest.mark.usefixtures("ledger")


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
