"""Candidates are judged alike, on the model's own folds, and concluded from no further than is proved."""

from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import orjson
import pytest

from model import cost
from model.calibration import probability
from model.candidates import CHAMPION, answered, compare
from model.candidates_boosted import Boosted
from model.candidates_concluded import conclude, holds, side
from model.candidates_judged import Answers, Judge, against, described, log_odds
from model.candidates_made import CANDIDATES
from model.extras import measure
from model.validation import CrossValidation
from tests.model.candidates_support import COSTS, FOLD, JUDGE, ONE, SCALE, SETTING, TABLE, said_by

RANDOM = np.random.default_rng(4)


@pytest.fixture(scope="module")
def plain() -> Answers:
    return said_by("lightgbm")


@pytest.fixture(scope="module")
def trained(plain):
    """A model as training hands it over, whose cross-validation is a made-up one."""
    raw = plain.raw + 0.1 * RANDOM.normal(size=len(FOLD))
    result = CrossValidation(FOLD, raw, {}, [{}] * 5)
    training = SimpleNamespace(
        result=result, said=JUDGE.calibrated(raw), costs=COSTS, scale=SCALE, threshold={"in_force": 1 / 11}
    )
    return SimpleNamespace(training=training, data=TABLE, seed=3, threads=1)


@pytest.fixture(scope="module")
def told(trained):
    steps = []
    return compare(trained, steps.append), steps


class TestBalancing:
    def test_weights_change_what_is_announced_and_hardly_the_order(self, plain):
        weighted = said_by("lightgbm_weighted")
        observed = TABLE.outcome.mean()
        assert probability(weighted.raw).mean() > 1.25 * observed
        assert 0.5 * observed < probability(plain.raw).mean() < 1.25 * observed
        gap = against(JUDGE, weighted, plain)["auc"]
        assert abs(gap["value"]) < 0.03

    def test_put_right_a_balanced_model_announces_what_comes(self):
        said = described(JUDGE, said_by("lightgbm_weighted"))
        assert said["recalibrated"]["announced"] == pytest.approx(said["recalibrated"]["observed"], abs=0.01)
        assert said["recalibrated"]["slope"] == pytest.approx(1, abs=0.15)

    def test_a_cut_by_the_costs_spends_less_than_one_at_a_half(self, plain):
        tuned = described(JUDGE, said_by("lightgbm_threshold"))["unasked"]["cost_per_file"]["value"]
        assert tuned < described(JUDGE, plain)["unasked"]["cost_per_file"]["value"]

    def test_scale_pos_weight_evens_out_the_two_outcomes(self):
        model = Boosted(balanced=True).fit(TABLE.matrix, TABLE.outcome.astype(int))
        weight = model.booster_.params["scale_pos_weight"]
        assert weight * TABLE.outcome.sum() == pytest.approx(np.sum(TABLE.outcome == 0))


class TestJudging:
    def test_the_cost_of_stopping_nobody_is_that_of_every_miss(self):
        said = described(JUDGE, said_by("accept_all"))
        assert said["own"]["cost_per_file"]["value"] == pytest.approx(10 * TABLE.outcome.mean())
        assert said["auc"]["value"] == 0.5
        assert said["recalibrated"] is None
        assert said["own"]["refused_share"] == 0

    def test_the_theoretical_cost_is_the_house_s_own(self, plain):
        said = described(JUDGE, plain)["raw"]["cost_per_file"]
        assert said == pytest.approx(cost.per_file(probability(plain.raw), TABLE.outcome, 1 / 11, COSTS))

    def test_a_threshold_is_chosen_without_the_fold_it_is_counted_on(self, plain):
        flagged, _ = JUDGE.own_decisions(plain)
        turned = np.where(FOLD == 0, 1 - TABLE.outcome, TABLE.outcome)
        other, _ = Judge(turned, FOLD, COSTS).own_decisions(plain)
        np.testing.assert_array_equal(flagged[FOLD == 0], other[FOLD == 0])

    def test_f_beta_weighs_a_miss_as_the_costs_do(self):
        assert JUDGE.beta == pytest.approx(np.sqrt(10))

    def test_a_candidate_against_itself_gains_nothing(self, plain):
        for found in against(JUDGE, plain, plain).values():
            assert found == {"value": 0, "low": 0, "high": 0}

    def test_certainty_has_log_odds_too(self):
        assert np.isfinite(log_odds(np.array([0.0, 1.0]))).all()


class TestTheComparison:
    def test_holds_every_candidate_and_the_model_last(self, told):
        names = [one["name"] for one in told[0]["candidates"]]
        assert names == [*ONE, CHAMPION]

    def test_takes_the_model_from_its_cross_validation(self, told, trained):
        own = told[0]["candidates"][-1]
        assert own["fit_seconds"] is None
        assert own["against"] is None
        raw = trained.training.result.raw
        expected = described(JUDGE, Answers(raw, JUDGE.calibrated(raw) >= log_odds(np.array(1 / 11)), None))
        assert {name: own[name] for name in expected} == expected

    def test_shows_each_candidate_and_fold_as_it_goes(self, told):
        assert len(told[1]) == 5 * len(CANDIDATES)
        assert told[1][0] == "candidate accept_all, fold 1 of 5"

    def test_can_be_written_as_json(self, told):
        assert len(orjson.dumps(told[0])) < 60_000

    def test_is_the_same_twice_but_for_the_time_it_took(self, trained):
        few = [ONE[name] for name in ("logistic", "lightgbm", "lightgbm_weighted")]
        first, second = (compare(trained, candidates=few) for _ in range(2))
        for one in (*first["candidates"], *second["candidates"]):
            del one["fit_seconds"]
        assert first == second

    def test_folds_fitted_at_the_same_time_answer_as_one_by_one(self):
        for name in ("scorecard", "lightgbm_smote"):
            one_by_one, together = (
                answered(ONE[name], TABLE, FOLD, SETTING, lambda step: None, workers) for workers in (1, 3)
            )
            np.testing.assert_array_equal(one_by_one.raw, together.raw)

    def test_goes_into_the_artifact_when_it_is_asked_for(self, monkeypatch, told, trained):
        monkeypatch.setattr("model.candidates.compare", lambda model, each: told[0])
        files = {"candidates.json": {"folds": []}}
        measure(frozenset({"candidates"}), trained, files, lambda step: None)
        assert files["candidates.json"] == {"folds": [], **told[0]}

    def test_needs_no_balanced_candidate(self, trained):
        found = compare(trained, candidates=[ONE["accept_all"]])["conclusion"]
        assert found["balancing"] == {}
        assert found["glass"] is None
        assert found["dearer"] == ["accept_all"]


def interval(low, high):
    return {"value": (low + high) / 2, "low": low, "high": high}


class TestTheConclusion:
    SAID: ClassVar = {"announced": 0.08, "observed": 0.08, "slope": 1.0}

    @pytest.mark.parametrize(("low", "high", "expected"), [(0.1, 0.2, 1), (-0.2, -0.1, -1), (-0.1, 0.2, 0)])
    def test_only_an_interval_beyond_nought_proves_anything(self, low, high, expected):
        assert side(interval(low, high)) == expected

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [({}, "yes"), ({"announced": 0.34}, "level"), ({"slope": 0.6}, "spread"), ({"slope": 1.4}, "spread")],
    )
    def test_says_how_probabilities_fail(self, changed, expected):
        assert holds(self.SAID | changed) == expected

    def test_sorts_candidates_by_what_is_proved(self):
        def one(kind, low, high):
            return {"kind": kind, "against": {"saved_per_file": interval(low, high)}, "raw": self.SAID}

        judged = {
            "a": one("glass", -0.02, -0.01),
            "b": one("glass", -0.01, 0.005),
            "c": one("boosted", 0.001, 0.003),
            CHAMPION: {"kind": CHAMPION, "against": None, "raw": self.SAID},
        }
        found = conclude(judged, {})
        assert (found["cheaper"], found["alike"], found["dearer"]) == (["c"], ["b"], ["a"])
        assert (found["closest"], found["glass"]) == ("c", "b")
