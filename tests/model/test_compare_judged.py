"""Metrics have their right names and values, and intervals know which rows belong together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from model.compare_judged import Judge, best
from model.compared import LOWER_IS_BETTER, METRICS
from model.cost import Costs
from model.delong import auc_interval

EVEN, DEAR = Costs(1, 1), Costs(10, 1)


def rows(count: int = 400, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return outcomes and probabilities that know something of them, in tenths so that some tie."""
    rng = np.random.default_rng(seed)
    p = np.round(rng.random(count), 1) * 0.98 + 0.01
    return (rng.random(count) < p).astype(float), p


def judge(outcome: np.ndarray, costs: Costs = EVEN, group: np.ndarray | None = None) -> Judge:
    return Judge(outcome, costs, np.arange(len(outcome)) if group is None else group)


@given(seed=st.integers(0, 1000), costs=st.sampled_from([EVEN, DEAR]))
@settings(max_examples=25, deadline=None)
def test_metrics_are_those_of_scikit_learn(seed, costs):
    outcome, p = rows(200, seed)
    flagged = p >= costs.theoretical_threshold
    missed, wrongly = np.mean(~flagged & (outcome == 1)), np.mean(flagged & (outcome == 0))
    expected = {
        "accuracy": sk.accuracy_score(outcome, flagged),
        "recall": sk.recall_score(outcome, flagged),
        "precision": sk.precision_score(outcome, flagged),
        "f1": sk.f1_score(outcome, flagged),
        "balanced_accuracy": sk.balanced_accuracy_score(outcome, flagged),
        "auc": sk.roc_auc_score(outcome, p),
        "brier": sk.brier_score_loss(outcome, p),
        "cost": costs.false_negative * missed + costs.false_positive * wrongly,
    }
    assert judge(outcome, costs).values(p) == pytest.approx(expected)


def test_what_the_report_calls_auc_is_not_that_of_the_ranking():
    outcome, p = rows()
    found = judge(outcome).values(p)
    assert abs(found["auc"] - found["balanced_accuracy"]) > 0.02
    assert judge(outcome).values((p >= 0.5).astype(float))["auc"] == pytest.approx(found["balanced_accuracy"])


def test_the_interval_of_the_auc_is_that_of_delong():
    outcome, p = rows()
    found, told = judge(outcome).figures(p)["auc"], auc_interval(outcome, p)
    assert found["value"] == pytest.approx(told.value)
    assert found["high"] - found["low"] == pytest.approx(told.high - told.low, rel=0.02)


@pytest.mark.parametrize("metric", METRICS)
def test_intervals_cover_what_other_draws_give(metric):
    truth = judge(*rows(200_000, 5)[:1]).values(rows(200_000, 5)[1])[metric]
    draws = [judge(rows(500, seed)[0]).figures(rows(500, seed)[1])[metric] for seed in range(100, 300)]
    covered = np.mean([one["low"] <= truth <= one["high"] for one in draws])
    assert 0.89 <= covered <= 0.99


def test_the_same_rows_told_twice_are_not_twice_as_sure():
    outcome, p = rows()
    once = judge(outcome).figures(p)
    twice = judge(np.tile(outcome, 2), group=np.tile(np.arange(len(p)), 2)).figures(np.tile(p, 2))
    apart = judge(np.tile(outcome, 2)).figures(np.tile(p, 2))
    for name in METRICS:
        assert twice[name] == pytest.approx(once[name]), name
        assert apart[name]["high"] - apart[name]["low"] < 0.8 * (once[name]["high"] - once[name]["low"])


def test_a_model_gains_nothing_over_itself_and_loses_what_another_gains():
    (outcome, p), (_, other) = rows(), rows(seed=2)
    own, there, back = (judge(outcome).gains(*pair) for pair in ((p, p), (p, other), (other, p)))
    for name in METRICS:
        assert own[name] == {"value": 0, "low": 0, "high": 0}
        assert there[name]["value"] == pytest.approx(-back[name]["value"])
        assert there[name]["low"] == pytest.approx(-back[name]["high"])


def test_what_two_models_share_cancels_out():
    outcome, p = rows()
    alike = np.clip(p + np.where(np.arange(len(p)) % 40 == 0, 0.3, 0), 0, 0.99)
    gain, alone = judge(outcome).gains(p, alike)["recall"], judge(outcome).figures(p)["recall"]
    assert gain["high"] - gain["low"] < 0.5 * (alone["high"] - alone["low"])


def test_a_model_that_says_no_to_all_has_precision_0_without_complaint():
    found = judge(rows()[0]).figures(np.full(400, 0.2))
    assert found["precision"] == {"value": 0, "low": 0, "high": 0}
    assert found["recall"]["value"] == 0
    assert found["balanced_accuracy"]["value"] == found["auc"]["value"] == 0.5


@pytest.mark.parametrize("metric", METRICS)
def test_the_best_is_the_lowest_of_losses_and_the_highest_of_the_rest(metric):
    said = {"a": {metric: 0.2}, "b": {metric: 0.4}, "c": {metric: 0.4}}
    assert best(said, metric) == ("a" if metric in LOWER_IS_BETTER else "b")
