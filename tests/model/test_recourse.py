"""What would change a decision: real, allowed, the least, and the same every time."""

import math
from dataclasses import replace

import numpy as np
import pytest

from data import portfolios
from data.bank import UnknownClient, open_bank
from model import recourse as room
from model.artifact import champion
from model.assess import assess, assess_record, assess_records, glance
from model.recourse import choose, levers_of, recourse, recourse_record
from model.recourse_search import BETTER, PER_CHANGE, Found, Trials, effort, search
from model.results import InvalidRecord

PORTFOLIO = "home_credit"
COLUMNS = portfolios.load(PORTFOLIO).columns
SOME = 40


@pytest.fixture(scope="module")
def bases(store):
    """The assessments of 40 clients of the demo bank who are not accepted, spread over it."""
    ids, _ = open_bank(PORTFOLIO).search("", limit=100_000)
    waiting = [one.client_id for one in glance(PORTFOLIO, ids) if one.decision != "accept"]
    chosen = waiting[:: len(waiting) // SOME][:SOME]
    return [assess(PORTFOLIO, client_id) for client_id in chosen]


@pytest.fixture(scope="module")
def answers(bases):
    """What would change the decision of each of them, with the assessment it starts from."""
    return [(base, recourse(PORTFOLIO, base.client_id)) for base in bases]


@pytest.fixture(scope="module")
def proposals(answers):
    found = [(base, proposal) for base, answer in answers for proposal in answer.proposals]
    assert len(found) > 5, "too few proposals among these clients to say anything"
    return found


def rank(decision: str) -> int:
    return BETTER.index(decision)


class TestAProposal:
    def test_changes_the_decision_for_the_better_when_assessed_again(self, proposals):
        for base, proposal in proposals:
            changes = {change.feature: change.after for change in proposal.changes}
            again = assess(PORTFOLIO, base.client_id, changes)
            assert rank(again.decision) > rank(base.decision)
            told = (proposal.points, proposal.probability, proposal.decision)
            assert told == (again.points, again.probability, again.decision)

    def test_moves_one_lever_or_two_its_way_within_its_limits_by_its_step(self, answers):
        for base, answer in answers:
            levers = {lever.feature: lever for lever in answer.levers}
            for proposal in answer.proposals:
                assert 1 <= len(proposal.changes) <= 2
                for change in proposal.changes:
                    lever, column = levers[change.feature], COLUMNS[change.feature]
                    assert change.before == base.record[change.feature] == lever.value
                    assert lever.low <= change.after <= lever.high
                    assert (change.after - change.before) * column.actionable > 0 or column.actionable == 2
                    assert change.after % column.step == 0
                    assert change.after >= column.limit_low
                    assert abs(change.after - change.before) <= change.before / 2

    def test_moves_nothing_protected_past_or_said_by_others(self, proposals):
        for _, proposal in proposals:
            for change in proposal.changes:
                column = COLUMNS[change.feature]
                assert column.actionable
                assert column.role == "input"
                assert column.theme in ("request", "budget", "elsewhere")

    def test_needs_each_of_its_changes(self, proposals):
        for base, proposal in proposals:
            if len(proposal.changes) > 1:
                for change in proposal.changes:
                    alone = assess(PORTFOLIO, base.client_id, {change.feature: change.after})
                    assert alone.decision != proposal.decision or not is_sound(base, alone)

    def test_makes_sense_at_the_counter(self, proposals):
        """Neither a heavier instalment, nor a credit larger against the goods, nor an unheard-of term."""
        ranges = champion(PORTFOLIO).card["ranges"]
        for base, proposal in proposals:
            changes = {change.feature: change.after for change in proposal.changes}
            then, now = assess(PORTFOLIO, base.client_id, changes).features, base.features
            for name in ("ANNUITY_INCOME", "CREDIT_GOODS", "BUREAU_EFFORT", "BUREAU_DEBT_INCOME"):
                assert now[name] is None or then[name] <= now[name]
            term = then["CREDIT_ANNUITY"]
            low, high = ranges["CREDIT_ANNUITY"]
            assert min(low, now["CREDIT_ANNUITY"]) <= term <= max(high, now["CREDIT_ANNUITY"])

    def test_asks_what_its_effort_says(self, proposals):
        for _, proposal in proposals:
            asked = sum(abs(c.after - c.before) / c.before + PER_CHANGE for c in proposal.changes)
            assert proposal.effort == pytest.approx(asked)


class TestAnAnswer:
    def test_holds_up_to_three_the_least_effort_first(self, answers):
        for base, answer in answers:
            efforts = [proposal.effort for proposal in answer.proposals]
            assert len(efforts) <= 3
            assert efforts == sorted(efforts)
            # Where the points are enough, a rule of the lender decides: nothing is looked for.
            assert answer.tried > 0 or base.decision == "accept"

    def test_proposes_something_to_some_and_not_to_all(self, answers):
        share = np.mean([bool(answer.proposals) for _, answer in answers])
        assert 0.05 < share < 0.95

    def test_is_the_same_every_time(self, answers):
        for base, answer in answers[:8]:
            assert recourse(PORTFOLIO, base.client_id) == answer

    def test_is_the_same_for_the_record_that_was_sent(self, answers):
        for base, answer in answers[:8]:
            sent = {name: value for name, value in base.record.items() if name != "TARGET"}
            assert recourse_record(PORTFOLIO, sent, base.client_id) == answer

    @pytest.mark.slow
    def test_begins_with_the_least_that_trying_everything_finds(self, answers):
        small = [pair for pair in answers if sum(map(steps, pair[1].levers)) <= 320][:4]
        assert len(small) == 4
        for base, answer in small:
            least = {lever.feature: everything(base, lever) for lever in answer.levers}
            assert cheapest_alone(base, answer.levers) == least
            alone = [effort for by_decision in least.values() for effort in by_decision.values()]
            if alone:
                assert answer.proposals[0].effort <= min(alone)

    def test_of_an_accepted_file_proposes_nothing_and_tries_nothing(self, store):
        ids, _ = open_bank(PORTFOLIO).search("", limit=300)
        accepted = next(one.client_id for one in glance(PORTFOLIO, ids) if one.decision == "accept")
        found = recourse(PORTFOLIO, accepted)
        assert (found.decision, found.proposals, found.tried) == ("accept", (), 0)
        assert found.levers

    def test_of_an_unknown_client_is_an_error(self, store):
        with pytest.raises(UnknownClient):
            recourse(PORTFOLIO, "nobody")

    def test_of_an_unsound_record_names_its_faults(self, store):
        with pytest.raises(InvalidRecord, match="AMT_CREDIT"):
            recourse_record(PORTFOLIO, {"AMT_CREDIT": "much"})

    def test_without_anything_that_may_be_changed_is_empty(self, bases, monkeypatch):
        fixed = {name: replace(column, actionable=0) for name, column in COLUMNS.items()}
        portfolio = replace(portfolios.load(PORTFOLIO), columns=fixed)
        monkeypatch.setattr(room.portfolios, "load", lambda _: portfolio)
        found = recourse(PORTFOLIO, bases[0].client_id)
        assert (found.levers, found.proposals, found.tried) == ((), (), 0)


def steps(lever) -> int:
    return math.ceil((lever.high - lever.low) / lever.step)


def everything(base, lever) -> dict[str, float]:
    """Return the least effort that reaches each better decision, every step of a lever assessed."""
    first = math.ceil(lever.low / lever.step)
    values = [n * lever.step for n in range(first, math.floor(lever.high / lever.step) + 1)]
    values = [value for value in values if value != lever.value]
    records = [{**base.record, lever.feature: value} for value in values]
    least: dict[str, float] = {}
    for value, found in zip(values, assess_records(PORTFOLIO, records, [None] * len(records)), strict=True):
        if rank(found.decision) > rank(base.decision) and is_sound(base, found):
            asked = abs(value - lever.value) / lever.value + PER_CHANGE
            least[found.decision] = min(asked, least.get(found.decision, math.inf))
    return least


def is_sound(base, found) -> bool:
    """Say of a changed file, written anew, whether what follows from the change may be proposed."""
    ranges = champion(PORTFOLIO).card["ranges"]
    for name, then in found.features.items():
        now, column = base.features[name], COLUMNS[name]
        if then == now or isinstance(then, str):
            continue
        low, high = ranges.get(name, (-math.inf, math.inf))
        if then is None or not min(low, now) <= then <= max(high, now):
            return False
        if column.source == "made" and (then - now) * column.monotone > 0:  # risk rises with it
            return False
    return True


def cheapest_alone(base, levers) -> dict[str, dict[str, float]]:
    """Return the same as found by the search."""
    trials = Trials(portfolios.load(PORTFOLIO), champion(PORTFOLIO), base, levers)
    least: dict[str, dict[str, float]] = {lever.feature: {} for lever in levers}
    for found in search(trials, levers, rank(base.decision)):
        if len(found.places) == 1:
            least[levers[found.places[0]].feature].setdefault(BETTER[found.rank], found.effort)
    return least


class TestLevers:
    @pytest.fixture
    def base(self, bases):
        """A file with every lever."""
        return next(base for base in bases if base.record.get("BUREAU_DEBT") and "bureau" in base.families)

    def levers(self, base, **changes) -> dict:
        record = {**base.record, **changes}
        changed = replace(base, record=record)
        found = levers_of(portfolios.load(PORTFOLIO), champion(PORTFOLIO), changed)
        return {lever.feature: lever for lever in found}

    def test_are_what_the_portfolio_lets_change(self, base):
        assert set(self.levers(base)) == {"AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE", "BUREAU_DEBT"}

    def test_never_ask_for_more(self, base):
        assert all(lever.high == lever.value for lever in self.levers(base).values())

    def test_reach_half_of_the_value_in_round_figures(self, base):
        lever = self.levers(base, AMT_CREDIT=406_597.5)["AMT_CREDIT"]
        assert (lever.value, lever.low, lever.high, lever.step) == (406_597.5, 207_000, 406_597.5, 4_500)

    def test_stop_at_the_limit_of_the_portfolio(self, base):
        assert self.levers(base, AMT_CREDIT=60_000)["AMT_CREDIT"].low == COLUMNS["AMT_CREDIT"].limit_low

    @pytest.mark.parametrize("value", [None, 0.0, 45_000.0, 20_000.0])
    def test_are_not_when_there_is_nothing_to_move_or_no_room(self, base, value):
        assert "AMT_CREDIT" not in self.levers(base, AMT_CREDIT=value)

    def test_in_debt_to_the_client_are_not(self, base):
        assert "BUREAU_DEBT" not in self.levers(base, BUREAU_DEBT=-9_000.0)

    def test_of_a_history_that_was_not_collected_are_not(self, base):
        assert "BUREAU_DEBT" not in self.levers(replace(base, families=()))


def test_a_record_with_few_fields_gets_an_answer(store):
    found = recourse_record(PORTFOLIO, {"AMT_CREDIT": 900_000, "AMT_ANNUITY": 30_000})
    assert found.client_id is None
    assert {lever.feature for lever in found.levers} == {"AMT_CREDIT", "AMT_ANNUITY"}
    assert found.decision == assess_record(PORTFOLIO, {"AMT_CREDIT": 900_000, "AMT_ANNUITY": 30_000}).decision


class TestTheChoice:
    OWN = (100.0, 100.0)

    def found(self, values, rank=1) -> Found:
        places = tuple(place for place, value in enumerate(values) if value != self.OWN[place])
        return Found(values, places, rank, effort(self.OWN, values))

    def chosen(self, *found) -> list:
        ordered = sorted(found, key=lambda one: one.effort)
        return [(one.values, one.rank) for one in choose(ordered, self.OWN)]

    def test_of_nothing_is_nothing(self):
        assert self.chosen() == []

    def test_keeps_the_three_that_ask_least(self):
        some = [self.found(values) for values in ((90, 100), (100, 80), (80, 90), (60, 60))]
        assert [values for values, _ in self.chosen(*some)] == [(90, 100), (100, 80), (80, 90)]

    def test_always_offers_the_best_decision_when_it_can_be_reached(self):
        some = [self.found(values) for values in ((90, 100), (100, 80), (80, 90))]
        best = self.found((50, 50), rank=2)
        assert self.chosen(*some, best) == [((90, 100), 1), ((100, 80), 1), ((50, 50), 2)]

    def test_leaves_out_what_is_nearly_the_same(self):
        near = [self.found((90, 100)), self.found((90, 97)), self.found((90, 90))]
        assert [values for values, _ in self.chosen(*near)] == [(90, 100), (90, 90)]

    def test_keeps_what_is_nearly_the_same_but_leads_further(self):
        assert len(self.chosen(self.found((90, 100)), self.found((88, 100), rank=2))) == 2
