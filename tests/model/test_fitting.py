import numpy as np
import pytest

from model import booster as lgb
from model.calibration import Calibration
from model.explain import NotAdditive, contributions
from model.fitting import MINIMUM_ROWS, fit, slices
from model.scale import Scale
from model.stages import log_odds
from model.table import Table

SCALE = Scale(600, 10, 20, -1)
AS_IT_IS = Calibration(1.0, 0.0)


def table(rows: int = 4_000, covered_share: float = 0.6, seed: int = 0) -> Table:
    """Outcomes driven by one application input and, for covered rows, one history input."""
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(rows, 4))
    covered = generator.random(rows) < covered_share
    matrix[~covered, 2:] = np.nan
    pull = 1.2 * matrix[:, 0] + np.where(covered, 1.5 * np.nan_to_num(matrix[:, 2]), 0) - 1.5
    outcome = (generator.random(rows) < 1 / (1 + np.exp(-pull))).astype(float)
    return Table(
        matrix,
        outcome,
        {"history": covered},
        {"application": ("a", "b"), "history": ("c", "d")},
        ("a", "b", "c", "d"),
        frozenset(),
        {"a": 1},
    )


@pytest.fixture(scope="module")
def fitted():
    data = table()
    stages, rounds = fit(data, seed=1, threads=1)
    return data, stages, rounds


def test_each_family_with_something_to_say_gets_a_stage(fitted):
    _, stages, rounds = fitted
    assert [stage.family for stage in stages] == ["application", "history"]
    assert all(count > 0 for count in rounds.values())


def test_the_history_moves_only_the_rows_it_covers(fitted):
    data, stages, _ = fitted
    alone = log_odds(stages[:1], data.matrix, data.covered)
    whole = log_odds(stages, data.matrix, data.covered)
    covered = data.covered["history"]
    np.testing.assert_array_equal(alone[~covered], whole[~covered])
    assert np.abs(alone[covered] - whole[covered]).mean() > 0.1


def test_a_history_with_too_few_rows_gets_none():
    data = table(rows=2_000, covered_share=0.2)
    assert data.covered["history"].sum() < MINIMUM_ROWS
    stages, _ = fit(data, seed=1, threads=1)
    assert [stage.family for stage in stages] == ["application"]


def test_a_history_of_pure_noise_gets_none_or_a_faint_one():
    data = table()
    noise = np.random.default_rng(9).normal(size=data.matrix[:, 2:].shape)
    data.matrix[:, 2:] = np.where(np.isnan(data.matrix[:, 2:]), np.nan, noise)
    pull = 1.2 * data.matrix[:, 0] - 1.5
    outcome = (np.random.default_rng(8).random(len(pull)) < 1 / (1 + np.exp(-pull))).astype(float)
    plain = Table(data.matrix, outcome, data.covered, data.families, data.inputs, frozenset(), data.monotone)
    stages, rounds = fit(plain, seed=1, threads=1)
    assert "history" not in rounds or rounds["history"] < rounds["application"]
    assert stages[0].family == "application"


def test_an_input_declared_rising_never_falls(fitted):
    _, stages, _ = fitted
    rows = np.zeros((50, 4))
    rows[:, 0] = np.linspace(-3, 3, 50)
    assert np.diff(stages[0].log_odds(rows)).min() >= 0


def test_another_seed_gives_other_trees(fitted):
    data, stages, rounds = fitted
    others, _ = fit(data, seed=2, threads=1, rounds=rounds)
    again, _ = fit(data, seed=1, threads=1, rounds=rounds)
    assert lgb.text(stages[0].booster) == lgb.text(again[0].booster)
    assert lgb.text(stages[0].booster) != lgb.text(others[0].booster).replace("[seed: 2]", "[seed: 1]")


def test_a_given_number_of_trees_is_what_is_fitted(fitted):
    data, _, _ = fitted
    stages, _ = fit(data, seed=1, threads=1, rounds={"application": 12, "history": 7})
    assert [stage.booster.num_trees() for stage in stages] == [12, 7]


class TestExplanation:
    def test_contributions_of_all_stages_add_up_to_the_points(self, fitted):
        data, stages, _ = fitted
        rows = data.matrix[data.covered["history"]][:200]
        parts, points = contributions(stages, AS_IT_IS, SCALE, rows)
        np.testing.assert_allclose(parts.sum(axis=1), points, rtol=0, atol=1e-6)

    def test_they_are_the_booster_s_own_on_the_scale_of_points(self, fitted):
        data, stages, _ = fitted
        rows = data.matrix[:50]
        parts, _ = contributions(stages[:1], AS_IT_IS, SCALE, rows)
        own = lgb.contributions(stages[0].booster, rows[:, :2])
        np.testing.assert_allclose(parts[:, :2], own[:, :2] * SCALE.factor, rtol=1e-12)

    def test_sums_that_miss_are_never_shown(self, fitted, monkeypatch):
        data, stages, _ = fitted
        monkeypatch.setattr(type(stages[0]), "log_odds", lambda *_: np.full(5, 0.123))
        with pytest.raises(NotAdditive):
            contributions(stages[:1], AS_IT_IS, SCALE, data.matrix[:5])


def test_slices_hold_the_same_share_of_positives():
    outcome = np.repeat([0.0, 1.0], [900, 100])
    number = slices(outcome, 5, seed=2)
    assert [int(outcome[number == part].sum()) for part in range(5)] == [20] * 5
