"""Candidates are judged alike, on the model's own folds, and none learns from a row it answers."""

import subprocess
import sys
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import orjson
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

from model import cost
from model.calibration import probability
from model.candidates import CHAMPION, answered, compare
from model.candidates_boosted import Boosted
from model.candidates_concluded import conclude, holds, side
from model.candidates_judged import Answers, Judge, against, described, log_odds
from model.candidates_made import CANDIDATES, Candidate, Setting, fitted, informative
from model.cost import Costs
from model.extras import measure
from model.fitting import slices
from model.scale import Scale
from model.table import Table
from model.validation import CrossValidation

COSTS, SCALE = Costs(10, 1), Scale(600, 10, 20, -1)
RANDOM = np.random.default_rng(4)


def a_table(rows: int = 900, seed: int = 1) -> Table:
    """Return numbers (some missing), a category, a constant and a block that nobody has."""
    rng = np.random.default_rng(seed)
    signal, noise = rng.normal(size=rows), rng.normal(size=rows)
    kind = rng.integers(0, 4, rows).astype(float)
    outcome = (rng.random(rows) < probability(1.6 * signal + 0.5 * (kind == 2) - 2.4)).astype(float)
    signal[rng.random(rows) < 0.2] = np.nan
    kind[rng.random(rows) < 0.05] = np.nan
    columns = [signal, 1e5 * np.exp(noise), kind, np.full(rows, 7.0), np.full(rows, np.nan)]
    names = ("signal", "amount", "kind", "same", "nobody")
    return Table(
        np.column_stack(columns), outcome, {}, {"application": names}, names, frozenset({"kind"}),
        dict.fromkeys(names, 0),
    )  # fmt: skip


TABLE = a_table()
FOLD = slices(TABLE.outcome, 5, 3)
SETTING = Setting(TABLE.inputs, (2,), COSTS, SCALE, 3, 1)
JUDGE = Judge(TABLE.outcome, FOLD, COSTS)
ONE = {candidate.name: candidate for candidate in CANDIDATES}


def said_by(name: str) -> Answers:
    return answered(ONE[name], TABLE, FOLD, SETTING, lambda step: None)


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


class Spy(ClassifierMixin, BaseEstimator):
    """Remembers every row it was ever shown while learning."""

    seen: ClassVar[list] = []

    def fit(self, matrix, outcome):
        self.classes_ = np.array([0, 1])
        self.seen.append((matrix.copy(), outcome.copy()))
        return self

    def predict_proba(self, matrix):
        return np.tile([0.9, 0.1], (len(matrix), 1))


class TestEachCandidate:
    @pytest.mark.parametrize("name", ONE)
    def test_answers_every_row_with_a_probability(self, name):
        training = TABLE.take(np.flatnonzero(FOLD != 0))
        p, flagged = fitted(ONE[name], training, SETTING).answer(TABLE.matrix[FOLD == 0])
        assert p.shape == flagged.shape == (int(np.sum(FOLD == 0)),)
        assert np.all((p >= 0) & (p <= 1))
        assert flagged.dtype == bool

    @pytest.mark.parametrize("name", ["stratified", "forest", "lightgbm_threshold", "lightgbm_smote"])
    def test_says_the_same_twice(self, name):
        training, unseen = TABLE.take(np.flatnonzero(FOLD != 0)), TABLE.matrix[FOLD == 0]
        first, second = (fitted(ONE[name], training, SETTING).answer(unseen) for _ in range(2))
        np.testing.assert_array_equal(first[0], second[0])
        np.testing.assert_array_equal(first[1], second[1])

    @pytest.mark.parametrize("name", [name for name, one in ONE.items() if one.kind != "rule"])
    def test_learns_what_there_is_to_learn(self, name):
        judged = described(JUDGE, said_by(name))
        assert judged["auc"]["low"] > 0.6

    def test_takes_values_of_a_category_it_never_met(self):
        training = TABLE.take(np.flatnonzero((FOLD != 0) & ~(TABLE.matrix[:, 2] == 3)))
        for candidate in CANDIDATES:
            p, _ = fitted(candidate, training, SETTING).answer(TABLE.matrix[TABLE.matrix[:, 2] == 3])
            assert np.isfinite(p).all(), candidate.name

    def test_leaves_out_columns_that_say_nothing(self):
        assert informative(TABLE.matrix).tolist() == [0, 1, 2]

    def test_a_portfolio_without_categories_can_be_balanced_too(self):
        columns = np.array([0, 1])
        table = Table(
            TABLE.matrix[:, columns], TABLE.outcome, {}, {"application": ("signal", "amount")},
            ("signal", "amount"), frozenset(), {},
        )  # fmt: skip
        bare = Setting(table.inputs, (), COSTS, SCALE, 3, 1)
        p, _ = fitted(ONE["lightgbm_smote"], table, bare).answer(table.matrix)
        assert np.ptp(p) > 0.1


class TestNoLeak:
    def test_a_candidate_only_ever_learns_from_the_four_other_folds(self):
        Spy.seen = []
        spying = Candidate("spy", "glass", "native", lambda setting: Spy())
        answered(spying, TABLE, FOLD, SETTING, lambda step: None)
        assert len(Spy.seen) == 5
        for number, (matrix, outcome) in enumerate(Spy.seen):
            inside = number != FOLD
            np.testing.assert_array_equal(matrix, TABLE.matrix[inside][:, [0, 1, 2]])
            np.testing.assert_array_equal(outcome, TABLE.outcome[inside])

    def test_smote_never_meets_a_row_that_it_is_judged_on(self, monkeypatch):
        from imblearn.over_sampling import SMOTENC

        shown, real = [], SMOTENC.fit_resample

        def spying(self, matrix, outcome):
            shown.append(len(outcome))
            return real(self, matrix, outcome)

        monkeypatch.setattr(SMOTENC, "fit_resample", spying)
        said_by("lightgbm_smote")
        assert shown == [int(np.sum(number != FOLD)) for number in range(5)]

    def test_what_is_held_out_changes_nothing_that_is_learnt(self):
        """Amounts of the fold held out a million times larger move no answer about other rows."""
        inside, outside = np.flatnonzero(FOLD != 0), FOLD == 0
        wild = TABLE.matrix.copy()
        wild[outside, 1] *= 1e6
        wilder = Table(
            wild, np.where(outside, 1 - TABLE.outcome, TABLE.outcome), {}, TABLE.families, TABLE.inputs,
            TABLE.categorical, TABLE.monotone,
        )  # fmt: skip
        for name in ("logistic", "scorecard", "lightgbm_smote"):
            usual, other = (fitted(ONE[name], table.take(inside), SETTING) for table in (TABLE, wilder))
            np.testing.assert_array_equal(
                usual.answer(TABLE.matrix[inside])[0], other.answer(TABLE.matrix[inside])[0]
            )

    def test_a_shuffled_outcome_teaches_nobody(self):
        shuffled = np.random.default_rng(0).permutation(TABLE.outcome)
        blind = Table(
            TABLE.matrix, shuffled, {}, TABLE.families, TABLE.inputs, TABLE.categorical, TABLE.monotone
        )
        fold = slices(shuffled, 5, 3)
        judge = Judge(shuffled, fold, COSTS)
        for name in ("logistic", "lightgbm_smote", "lightgbm_weighted"):
            answers = answered(ONE[name], blind, fold, SETTING, lambda step: None)
            area = described(judge, answers)["auc"]
            assert area["low"] < 0.5, name  # a leak could only lift it


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


def test_optbinning_loads_in_silence():
    told = subprocess.run(
        [sys.executable, "-c", "import model.candidates_scorecard"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert told.stderr == ""
