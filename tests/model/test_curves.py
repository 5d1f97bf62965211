"""The curves of the Performance page equal scikit-learn's on the same answers."""

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve, roc_auc_score, roc_curve

from model import curves
from model.artifact import champion
from model.delong import auc_difference, auc_interval
from model.measures import measures


@pytest.fixture(scope="module")
def scored():
    generator = np.random.default_rng(3)
    p = 1 / (1 + np.exp(-generator.normal(-2, 1, 4_000)))
    return (generator.random(len(p)) < p).astype(float), p


def test_roc_lies_on_that_of_scikit_learn(scored):
    outcome, p = scored
    drawn = curves.roc(outcome, p)
    false_positive, true_positive, _ = roc_curve(outcome, p, drop_intermediate=False)
    assert drawn["y"] == pytest.approx(np.interp(drawn["x"], false_positive, true_positive), abs=1e-4)
    assert np.trapezoid(drawn["y"], drawn["x"]) == pytest.approx(roc_auc_score(outcome, p), abs=0.002)


def test_precision_at_each_recall_is_that_of_scikit_learn(scored):
    outcome, p = scored
    drawn = curves.precision_recall(outcome, p)
    precision, recall, _ = precision_recall_curve(outcome, p)
    for wanted, shown in zip(drawn["x"], drawn["y"], strict=True):
        reached = np.flatnonzero(recall >= wanted - 1e-12)[-1]
        assert shown == pytest.approx(precision[reached], abs=1e-5)


def test_the_area_of_the_cap_curve_gives_gini(scored):
    """Gini is the area between CAP and chance, over that of a perfect ranking."""
    outcome, p = scored
    drawn = curves.cap(outcome, p)
    area = np.trapezoid(drawn["y"], drawn["x"]) - 0.5
    assert area / (0.5 * (1 - outcome.mean())) == pytest.approx(2 * roc_auc_score(outcome, p) - 1, abs=0.005)


class TestAucIntervals:
    def test_hold_the_area_of_scikit_learn(self, scored):
        outcome, p = scored
        found = auc_interval(outcome, p)
        assert found.value == pytest.approx(roc_auc_score(outcome, p))
        assert 0 < found.low < found.value < found.high < 1

    def test_are_as_wide_as_a_bootstrap(self, scored):
        outcome, p = (part[:800] for part in scored)
        generator = np.random.default_rng(0)
        groups = [np.flatnonzero(outcome == value) for value in (0, 1)]
        drawn = []
        for _ in range(300):
            some = np.concatenate([generator.choice(group, len(group)) for group in groups])
            drawn.append(roc_auc_score(outcome[some], p[some]))
        found = auc_interval(outcome, p)
        assert found.high - found.low == pytest.approx(np.ptp(np.percentile(drawn, [2.5, 97.5])), rel=0.2)

    def test_of_a_perfect_ranking_are_a_point(self):
        found = auc_interval(np.array([0.0, 0, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9]))
        assert (found.low, found.value, found.high) == (1, 1, 1)

    def test_ties_count_half(self):
        outcome, score = np.array([0.0, 1, 0, 1]), np.array([1.0, 1, 0, 2])
        assert auc_interval(outcome, score).value == pytest.approx(roc_auc_score(outcome, score))


class TestAucDifferences:
    def test_are_those_of_the_areas(self, scored):
        outcome, p = scored
        other = p + 0.1 * np.random.default_rng(1).standard_normal(len(p))
        found = auc_difference(outcome, p, other)
        assert found.value == pytest.approx(roc_auc_score(outcome, other) - roc_auc_score(outcome, p))

    def test_of_the_same_score_are_nothing(self, scored):
        outcome, p = scored
        found = auc_difference(outcome, p, 2 * p)
        assert (found.value, found.low, found.high) == (0, 0, 0)


class TestOfTheChampion:
    def test_every_bin_of_the_reliability_curve_says_its_size_and_interval(self, store):
        model = champion("home_credit")
        bins = measures(model, "curves.json")["reliability"]
        assert sum(one["rows"] for one in bins) == model.card["data"]["rows"]
        assert all(one["low"] <= one["observed"] <= one["high"] for one in bins)

    def test_segments_split_the_files(self, store):
        model = champion("home_credit")
        found = measures(model, "curves.json")["segments"]
        assert {family["name"] for family in found} >= {"contract", "income", "age"}
        for family in found:
            assert sum(one["rows"] for one in family["groups"]) == model.card["data"]["rows"]
            assert all(one["rows"] >= 30 for one in family["groups"])
