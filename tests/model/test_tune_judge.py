import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import cost, tune_space
from model.calibration import probability
from model.cost import Costs
from model.delong import auc_difference
from model.fitting import settings_for
from model.recipe import PARAMETERS, Overrides, Recipe
from model.tune_judge import Gain, Judge, verdict

COSTS = Costs(10, 1)
_Z = 1.959964


def answers(rows: int = 3_000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An outcome, log-odds that know half of it, and the same with noise."""
    generator = np.random.default_rng(seed)
    signal = generator.normal(size=rows) - 2
    outcome = (generator.random(rows) < probability(signal)).astype(float)
    return outcome, signal, signal + generator.normal(size=rows)


class TestGains:
    def test_the_auc_gain_is_delong_s(self):
        outcome, good, poor = answers()
        found = Judge(outcome, COSTS).gains([(poor, good)])["auc"]
        other = auc_difference(outcome, poor, good)
        assert found.value == pytest.approx(other.value)
        assert found.error == pytest.approx((other.high - other.low) / 2 / _Z)

    def test_the_cost_gain_is_the_difference_of_costs_per_file(self):
        outcome, good, poor = answers()
        found = Judge(outcome, COSTS).gains([(poor, good)])["cost"]
        one, two = (
            cost.per_file(probability(said), outcome, COSTS.theoretical_threshold, COSTS)
            for said in (poor, good)
        )
        assert found.value == pytest.approx(one - two)

    def test_they_turn_round_with_the_pair(self):
        outcome, good, poor = answers()
        judge = Judge(outcome, COSTS)
        there, back = judge.gains([(poor, good)]), judge.gains([(good, poor)])
        for name in there:
            assert there[name].value == pytest.approx(-back[name].value)
            assert there[name].error == pytest.approx(back[name].error)

    def test_an_answer_gains_nothing_over_itself(self):
        outcome, good, _ = answers()
        gains = Judge(outcome, COSTS).gains([(good, good)])
        assert all(gain == Gain(0.0, 0.0) for gain in gains.values())
        assert verdict(gains, "cost") == 0

    def test_assignments_that_disagree_are_less_sure(self):
        outcome, good, poor = answers()
        judge = Judge(outcome, COSTS)
        agreed = judge.gains([(poor, good), (poor, good)])["auc"]
        divided = judge.gains([(poor, good), (good, poor)])["auc"]
        assert agreed.error == pytest.approx(judge.gains([(poor, good)])["auc"].error)
        assert divided.value == pytest.approx(0)
        assert divided.error > 5 * agreed.error

    def test_rows_not_yet_answered_are_left_out(self):
        outcome, good, poor = answers()
        rows = np.arange(len(outcome)) < 1_000
        part = np.where(rows, good, np.nan)
        judge = Judge(outcome, COSTS)
        assert judge.measures(part, rows) == judge.measures(good, rows)
        assert judge.gains([(poor, part)], rows) == judge.gains([(poor, good)], rows)


class TestTheRule:
    @pytest.mark.parametrize(
        ("money", "auc", "expected"),
        [
            (Gain(0.010, 0.002), Gain(-0.01, 0.001), 1),
            (Gain(-0.010, 0.002), Gain(0.01, 0.001), -1),
            (Gain(0.001, 0.002), Gain(0.002, 0.001), 1),
            (Gain(0.001, 0.002), Gain(-0.002, 0.001), -1),
            (Gain(0.001, 0.002), Gain(0.0005, 0.001), 0),
        ],
    )
    def test_a_tie_of_costs_goes_to_the_auc(self, money, auc, expected):
        assert verdict({"cost": money, "auc": auc}, "cost") == expected

    def test_other_objectives_decide_alone(self):
        gains = {"cost": Gain(1, 0.1), "auc": Gain(-1, 0.1), "log_loss": Gain(0.01, 0.1)}
        assert verdict(gains, "auc") == -1
        assert verdict(gains, "log_loss") == 0

    def test_what_is_clearly_better_has_a_lower_loss(self):
        outcome, good, poor = answers()
        for objective in ("cost", "auc", "log_loss"):
            judge = Judge(outcome, COSTS, objective)
            assert judge.loss(good, poor) < judge.loss(poor, poor)

    @given(st.integers(0, 200))
    def test_a_tie_of_costs_stays_within_the_tie(self, seed):
        outcome, good, _ = answers(400, seed)
        near = good + np.random.default_rng(seed).normal(scale=0.1, size=len(good))
        judge = Judge(outcome, COSTS)
        tie = judge.gains([(good, near)])["cost"]
        loss, default = judge.loss(near, good), judge.measures(good)["cost"]
        if tie.verdict() == 0:
            assert abs(loss - default) <= tie.error + 1e-12
        else:
            assert loss == judge.measures(near)["cost"]


class TestCalibration:
    def test_a_fold_is_calibrated_on_the_others(self):
        outcome, good, _ = answers()
        fold = np.arange(len(outcome)) % 5
        judge = Judge(outcome, COSTS)
        before = judge.calibrated(3 * good, fold)
        changed = outcome.copy()
        changed[fold == 0] = 1 - changed[fold == 0]
        after = Judge(changed, COSTS).calibrated(3 * good, fold)
        np.testing.assert_array_equal(before[fold == 0], after[fold == 0])
        assert not np.array_equal(before[fold == 1], after[fold == 1])

    def test_what_is_not_answered_stays_missing(self):
        outcome, good, _ = answers()
        fold = np.arange(len(outcome)) % 5
        said = Judge(outcome, COSTS).calibrated(np.where(fold < 1, good, np.nan), fold)
        np.testing.assert_array_equal(np.isnan(said), fold > 0)


class TestTheSpace:
    @pytest.mark.parametrize("family", ["application", "any_history"])
    @pytest.mark.parametrize("rows", [600, 8_000, 53_000, 250_000])
    def test_the_default_settings_are_in_it(self, rows, family):
        defaults = settings_for(rows, family).parameters
        nearest = tune_space.nearest(defaults)
        assert nearest == {name: defaults[name] for name in nearest}

    def test_every_point_of_the_grid_is_a_recipe(self):
        defaults = settings_for(8_000).parameters
        points = tune_space.grid(defaults, seed=1)
        assert len({tuple(point.items()) for point in points}) == len(points) == 54
        for point in points:
            Recipe({"application": Overrides(point)})

    def test_the_seed_orders_the_grid(self):
        defaults = settings_for(8_000).parameters
        one, same, other = (tune_space.grid(defaults, seed) for seed in (1, 1, 2))
        assert one == same
        assert one != other
        assert sorted(map(str, one)) == sorted(map(str, other))

    def test_promises_are_not_for_tuning(self):
        names = {one.name for one in tune_space.SPACE}
        assert names <= set(PARAMETERS)
        assert "scale_pos_weight" not in names
