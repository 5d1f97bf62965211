import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import metrics
from model.cost import Costs

COSTS = Costs(10, 1)


@pytest.fixture
def scored():
    generator = np.random.default_rng(3)
    log_odds = generator.normal(-2, 1, 3_000)
    p = 1 / (1 + np.exp(-log_odds))
    return (generator.random(len(p)) < p).astype(float), p


def test_auc_is_the_chance_that_a_positive_ranks_above_a_negative(scored):
    outcome, p = scored
    pairs = (p[outcome == 1][:, None] > p[outcome == 0]).mean()
    assert metrics.auc(outcome, p) == pytest.approx(pairs, abs=1e-9)


@given(st.lists(st.tuples(st.booleans(), st.floats(0.01, 0.99)), min_size=4, max_size=60))
@settings(deadline=None)
def test_gini_and_ks_flip_and_keep_with_the_score(rows):
    outcome = np.array([float(positive) for positive, _ in rows])
    score = np.array([p for _, p in rows])
    if len(set(outcome)) < 2:
        return
    assert metrics.gini(outcome, -score) == pytest.approx(-metrics.gini(outcome, score))
    assert 0 <= metrics.ks(outcome, score) <= 1


def test_intervals_hold_the_value_and_repeat_with_the_seed(scored):
    first, second = (metrics.with_intervals(*scored, 1 / 11, COSTS, repeats=30, seed=4) for _ in range(2))
    assert first == second
    assert all(found["low"] <= found["value"] <= found["high"] for found in first.values())


def test_fewer_rows_give_wider_intervals(scored):
    outcome, p = scored
    wide = metrics.with_intervals(outcome[:300], p[:300], 1 / 11, COSTS, repeats=50)["auc"]
    narrow = metrics.with_intervals(outcome, p, 1 / 11, COSTS, repeats=50)["auc"]
    assert wide["high"] - wide["low"] > narrow["high"] - narrow["low"]
