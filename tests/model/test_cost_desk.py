"""The cost desk: from counts by whole point, the same answers as from the rows."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import artifact, curves
from model.artifact import ModelDamaged, champion
from model.desk import RATIOS, Desk, desk, ratios
from model.scale import Scale

CREDIT, OFFER = Scale(600, 10, 20, -1), Scale(600, 1, 20, 1)


def rows(size=1_500, seed=0):
    """Points of files, how they ended, and their weights."""
    generator = np.random.default_rng(seed)
    outcome = (generator.random(size) < 0.15).astype(float)
    points = 615 - 25 * outcome + 28 * generator.standard_normal(size)
    return points, outcome, generator.lognormal(0, 0.5, size)


def counted(points, outcome, weights, scale=CREDIT) -> Desk:
    counts = curves.by_whole_point(points, outcome, weights, scale.sign)
    return Desk(counts, scale, 600)


def brute_force(points, outcome, mark, ratio, sign, weights=None):
    """Return the cost of 1,000 files, counted file by file."""
    weights = np.ones(len(points)) if weights is None else weights
    flagged = points <= mark if sign < 0 else points >= mark
    missed, wrongly = ~flagged & (outcome == 1), flagged & (outcome == 0)
    return 1000 * (ratio * weights[missed].sum() + weights[wrongly].sum()) / weights.sum()


@given(st.integers(*RATIOS), st.integers(0, 40), st.sampled_from([CREDIT, OFFER]), st.booleans())
@settings(deadline=None, max_examples=40)
def test_its_lowest_cost_is_the_one_found_by_brute_force(ratio, seed, scale, by_amount):
    points, outcome, weights = rows(200, seed)
    found = counted(points, outcome, weights, scale).answer(ratio, by_amount)
    marks = range(int(points.min()) - 2, int(points.max()) + 3)
    costs = [
        brute_force(points, outcome, mark, ratio, scale.sign, weights if by_amount else None)
        for mark in marks
    ]
    at_tuned = costs[found.tuned - marks[0]]
    assert at_tuned == pytest.approx(min(costs), rel=1e-3 if by_amount else 1e-9)
    assert min(found.cost) == pytest.approx(min(costs), rel=1e-3 if by_amount else 1e-9)


@pytest.mark.parametrize("scale", [CREDIT, OFFER])
def test_every_mark_costs_what_counting_says(scale):
    points, outcome, weights = rows()
    found = counted(points, outcome, weights, scale).answer(10)
    for mark, cost in zip(found.marks, found.cost, strict=True):
        assert cost == pytest.approx(brute_force(points, outcome, mark, 10, scale.sign))


def test_the_first_and_the_last_mark_flag_all_or_nothing():
    points, outcome, weights = rows()
    shown = counted(points, outcome, weights)
    nothing, everything = shown.cells(shown.marks[0]), shown.cells(shown.marks[-1])
    assert nothing.flagged == 0
    assert everything.passed == pytest.approx(0)


def test_a_mark_beyond_the_counts_is_the_nearest_one():
    shown = counted(*rows())
    assert shown.cells(-10_000) == shown.cells(shown.marks[0])
    assert shown.cells(10_000) == shown.cells(shown.marks[-1])


def test_the_dearer_a_miss_the_higher_the_mark():
    shown = counted(*rows(20_000))
    tuned = [shown.answer(ratio).tuned for ratio in (1, 5, 10, 20, 50)]
    assert tuned == sorted(tuned)


def test_the_theoretical_mark_is_that_of_the_scale():
    assert counted(*rows()).answer(10).theoretical == 600


class TestItsIntervals:
    def test_hold_the_cost_and_the_best_mark(self):
        found = counted(*rows()).answer(10)
        assert all(np.asarray(found.low) <= np.asarray(found.cost) + 1e-9)
        assert all(np.asarray(found.cost) <= np.asarray(found.high) + 1e-9)
        assert found.interval[0] <= found.tuned <= found.interval[1]
        assert found.saved >= 0

    def test_are_as_wide_as_those_of_drawing_the_rows_again(self):
        points, outcome, weights = rows()
        generator, drawn = np.random.default_rng(1), {False: [], True: []}
        groups = [np.flatnonzero(outcome == value) for value in (0, 1)]
        for _ in range(400):
            some = np.concatenate([generator.choice(group, len(group)) for group in groups])
            for by_amount in drawn:
                held = weights[some] if by_amount else None
                drawn[by_amount].append(brute_force(points[some], outcome[some], 600, 10, -1, held))
        for by_amount, costs in drawn.items():
            found = counted(points, outcome, weights).answer(10, by_amount)
            place = list(found.marks).index(600)
            width = found.high[place] - found.low[place]
            assert width == pytest.approx(np.ptp(np.percentile(costs, [2.5, 97.5])), rel=0.2)

    def test_shrink_with_more_files(self):
        few, many = counted(*rows(1_000)).answer(10), counted(*rows(16_000)).answer(10)
        assert np.ptp([many.low[60], many.high[60]]) < np.ptp([few.low[60], few.high[60]])


class TestRatios:
    def test_go_well_beyond_the_portfolio_s_own(self):
        assert ratios(10) == (1, 50)
        assert ratios(100) == (1, 200)


class TestOfTheChampion:
    def test_says_at_the_mark_in_force_what_the_card_says(self, store):
        model = champion("home_credit")
        now, card = desk(model).answer(10).now, model.card["per_1000"]
        for name in ("true_positive", "false_positive", "true_negative", "false_negative"):
            assert getattr(now, name) == pytest.approx(card[name])
        assert now.cost(10) == pytest.approx(1000 * model.card["metrics"]["cost_per_file"]["value"])

    def test_answers_within_fifty_milliseconds(self, store):
        shown = desk(champion("home_credit"))
        taken = []
        for ratio in range(*RATIOS):
            begun = time.perf_counter()
            shown.answer(ratio, by_amount=ratio % 2 == 0)
            taken.append(time.perf_counter() - begun)
        assert sorted(taken)[len(taken) // 2] < 0.05

    def test_is_kept_while_the_model_stays(self, store):
        model = champion("home_credit")
        assert desk(model) is desk(model)

    def test_says_to_train_again_when_the_artifact_lacks_its_counts(self, store, tmp_path):
        model = champion("home_credit")
        older = artifact.Model(tmp_path, {**model.card, "hashes": {}}, model.stages)
        with pytest.raises(ModelDamaged, match="train again"):
            desk(older)
