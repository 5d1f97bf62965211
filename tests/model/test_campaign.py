"""A campaign counts whom a mark reaches, and what that saves, as whoever counts by hand would."""

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import portfolios
from model import campaign, tested
from model.calibration import probability
from model.campaign import Counts
from model.compare_judged import Judge
from model.cost import Costs
from model.population import Population
from model.results import Reach
from model.scale import Scale
from model.segments import NOWHERE, routes

PORTFOLIO = portfolios.load("prospects")
SCALE = Scale.of(PORTFOLIO.settings)
COUNTS = Counts(
    names=("segment_1", "segment_2", NOWHERE),
    points=np.array([580, 600, 640]),
    contacts=np.array([[10, 20, 30], [100, 50, 7], [0, 0, 0]]),
    accepted=np.array([[1, 10, 25], [5, 20, 6], [0, 0, 0]]),
)


def people(rows: int = 400, seed: int = 0) -> tuple[Population, np.ndarray]:
    """Made-up rows of the portfolio's segments, some without the value, and their points."""
    rng = np.random.default_rng(seed)
    values = rng.uniform(18, 80, rows)
    values[::17] = np.nan
    points = rng.normal(590, 25, rows)
    outcome = (rng.random(rows) < probability(SCALE.log_odds(points))).astype(float)
    ids = [str(row) for row in range(rows)]
    return Population(ids, pl.DataFrame(), routes(PORTFOLIO, values), outcome), points


class TestReach:
    def test_counts_everyone_from_the_mark_on(self):
        assert campaign.at(COUNTS, 600) == Reach(107, 61, 217, 67)
        assert campaign.at(COUNTS, 600, "segment_1") == Reach(50, 35, 60, 36)

    def test_follows_whole_points_as_decisions_do(self):
        assert campaign.at(COUNTS, 599.6) == campaign.at(COUNTS, 600.4) == campaign.at(COUNTS, 600)

    def test_of_nobody_has_no_conversion(self):
        reach = campaign.at(COUNTS, 700)
        assert (reach.contacts, reach.conversion) == (0, None)
        assert (reach.avoided, reach.lost) == (217, 67)

    def test_says_which_segments_there_are_when_asked_for_another(self):
        with pytest.raises(KeyError, match="segment_1, segment_2"):
            campaign.at(COUNTS, 600, "segment_9")

    def test_leaves_out_segments_without_rows(self):
        assert list(campaign.reached(COUNTS, 600)) == ["all", "segment_1", "segment_2"]

    def test_saves_the_cost_of_the_contacts_avoided(self):
        # The published campaign, counted right: 40,193 contacts of 96,815 at 10 EUR each.
        reach = Reach(contacts=40_193, accepted=22_773, of_contacts=96_815, of_accepted=30_386)
        assert (reach.avoided, reach.saved(10), reach.lost) == (56_622, 566_220, 7_613)
        assert reach.conversion == pytest.approx(0.567, abs=5e-4)

    @given(mark=st.floats(400, 800), step=st.floats(0, 100))
    def test_of_a_stricter_mark_is_never_more(self, mark, step):
        wide, narrow = campaign.at(COUNTS, mark), campaign.at(COUNTS, mark + step)
        assert narrow.contacts <= wide.contacts
        assert narrow.accepted <= wide.accepted
        assert narrow.saved(10) >= wide.saved(10)

    @given(mark=st.integers(500, 700), seed=st.integers(0, 50))
    def test_equals_a_count_of_the_rows_and_adds_up_over_segments(self, mark, seed):
        population, points = people(seed=seed)
        counts = campaign.counted(tested.counts(PORTFOLIO, population, points))
        there = np.round(points) >= mark
        accepted = int(population.outcome[there].sum())
        assert campaign.at(counts, mark) == Reach(
            int(there.sum()), accepted, len(points), int(population.outcome.sum())
        )
        parts = [campaign.at(counts, mark, name) for name in counts.names]
        assert sum(part.contacts for part in parts) == there.sum()
        assert sum(part.accepted for part in parts) == accepted


class TestLines:
    def test_tell_each_mark_of_the_portfolio_and_the_one_in_force(self):
        model = SimpleNamespace(scale=SCALE, pass_mark=606.2, threshold=SCALE.probability(606.2))
        lines = campaign.lines(PORTFOLIO, model, COUNTS)
        assert [(line.points, line.in_force) for line in lines] == [(600, False), (606, True), (640, False)]
        assert [line.probability for line in lines][::2] == [0.5, 0.8]
        assert lines[2].reach["all"] == campaign.at(COUNTS, 640)

    def test_tell_a_mark_once_that_is_in_force_already(self):
        model = SimpleNamespace(scale=SCALE, pass_mark=600.0, threshold=0.5)
        assert [line.in_force for line in campaign.lines(PORTFOLIO, model, COUNTS)] == [True, False]

    def test_need_no_cost_where_none_is_told(self):
        credit = portfolios.load("home_credit")
        assert campaign.contact_cost(credit) is None
        assert campaign.marks(credit, Scale.of(credit.settings)) == {}
        assert campaign.contact_cost(PORTFOLIO) == 10


class TestRowsSetAside:
    def test_without_segments_are_counted_together(self):
        population, points = people()
        told = tested.counts(portfolios.load("home_credit"), population, points)
        assert [one["name"] for one in told["segments"]] == ["all"]
        assert sum(told["contacts"][0]) == len(points)

    def test_say_by_how_much_the_level_of_what_was_said_is_off(self):
        population, points = people(rows=40_000)
        said = SCALE.log_odds(points)
        judge = Judge(population.outcome, Costs(1, 1), np.arange(len(said)))
        right, high = tested.calibrated(judge, said), tested.calibrated(judge, said + 0.5)
        for name, truth in (("calibration_slope", 1.0), ("calibration_intercept", 0.0)):
            assert right[name]["low"] < truth < right[name]["high"], name
        assert high["calibration_intercept"]["value"] == pytest.approx(
            right["calibration_intercept"]["value"] - 0.5, abs=1e-6
        )
        assert high["calibration_slope"]["value"] == pytest.approx(right["calibration_slope"]["value"])
        assert high["predicted"]["value"] > high["observed"]["high"]

    def test_are_surer_of_themselves_when_people_come_once(self):
        population, points = people(rows=2_000)
        outcome, said = np.repeat(population.outcome, 2), np.repeat(SCALE.log_odds(points), 2)
        costs = Costs(1, 1)
        alone = tested.figures(Judge(outcome, costs, np.arange(4_000)), probability(said))
        pairs = tested.figures(Judge(outcome, costs, np.arange(4_000) // 2), probability(said))
        for name in ("auc", "recall", "log_loss"):
            width = [one[name]["high"] - one[name]["low"] for one in (alone, pairs)]
            assert width[1] == pytest.approx(width[0] * np.sqrt(2), rel=0.02), name

    def test_are_decided_on_whole_points(self):
        for threshold in (0.5, 0.53, 0.8):
            mark = tested.whole_mark(SCALE, threshold)
            points = np.linspace(560, 660, 4_001) + 1e-7
            decided = np.round(points) >= round(SCALE.at_probability(threshold))
            np.testing.assert_array_equal(probability(SCALE.log_odds(points)) >= mark, decided)
