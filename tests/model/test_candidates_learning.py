"""Each candidate learns what there is to learn, and none from a row that it answers."""

import subprocess
import sys
from typing import ClassVar

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

from model.candidates import answered
from model.candidates_judged import Judge, described
from model.candidates_made import CANDIDATES, Candidate, Setting, fitted, informative
from model.fitting import slices
from model.table import Table
from tests.model.candidates_support import COSTS, FOLD, JUDGE, ONE, SCALE, SETTING, TABLE, said_by


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


def test_optbinning_loads_in_silence():
    told = subprocess.run(
        [sys.executable, "-c", "import model.candidates_scorecard"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert told.stderr == ""
