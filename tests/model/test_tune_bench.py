"""What a trial is judged by: folds that have no say in their answers, and nothing that leaks."""

import numpy as np
import pytest

from model import metrics
from model.fitting import fit_booster, settings_for, slices
from model.table import Table
from model.tune_bench import STOPPING, Bench, FamilyUnknown
from tests.model.tune_support import search, table


@pytest.fixture(scope="module")
def data() -> Table:
    return table()


class TestNoLeak:
    def test_outcomes_dealt_at_random_cannot_be_told_however_many_settings_are_tried(self):
        plain = table(6_000)
        dealt = np.random.default_rng(1).permutation(plain.outcome)
        found = search(Table(**{**plain.__dict__, "outcome": dealt}), objective="auc", search="random")
        assert search(plain, trials=1).default.measures["auc"] > 0.7
        assert abs(found.winner.measures["auc"] - 0.5) < 0.02
        assert abs(metrics.auc(dealt, found.said) - 0.5) < 0.02


class TestBench:
    def test_bins_made_once_give_what_bins_made_anew_give(self, data):
        shared = Bench(data, seed=3, threads=1)
        shared.answer(1, {"min_child_samples": 100, "num_leaves": 3})
        after_another, trees = shared.answer(1, {"num_leaves": 7})
        anew, same = Bench(data, seed=3, threads=1).answer(1, {"num_leaves": 7})
        np.testing.assert_array_equal(after_another, anew)
        assert trees == same

    def test_a_fold_answers_as_a_booster_fitted_without_it(self, data):
        bench = Bench(data, seed=3, threads=1)
        inside, outside = np.flatnonzero(bench.fold != 2), np.flatnonzero(bench.fold == 2)
        part = slices(data.outcome[inside], STOPPING, 3 + 2)
        booster, _ = fit_booster(
            data.take(inside[part != 0]),
            ("a", "b", "c"),
            None,
            settings_for(len(inside), inputs=3),
            seed=3 + 2,
            threads=1,
            judge=data.take(inside[part == 0]),
        )
        said, trees = bench.answer(2, {})
        np.testing.assert_array_equal(said, booster.predict(data.matrix[outside, :3], raw_score=True))
        assert trees == booster.best_iteration

    def test_the_fold_judged_has_no_say_in_its_answers(self, data):
        turned = data.outcome.copy()
        fold = Bench(data, seed=3, threads=1).fold
        here = np.flatnonzero(fold == 0)
        turned[here] = np.roll(turned[here], 7)
        other = Table(**{**data.__dict__, "outcome": turned})
        one, two = (Bench(t, seed=3, threads=1, fold=fold).answer(0, {})[0] for t in (data, other))
        np.testing.assert_array_equal(one, two)

    def test_signs_are_held_whatever_is_tried(self, data):
        rows = data.matrix.copy()
        rows[:, 0] = np.linspace(-3, 3, len(rows))
        rows[:, 1:] = 0.0
        bench = Bench(data, seed=3, threads=1)
        bench.fold[:] = np.where(np.arange(len(rows)) < 200, 0, 1)
        straight = Table(**{**data.__dict__, "matrix": np.vstack([rows[:200], data.matrix[200:]])})
        bench._table = straight
        said, _ = bench.answer(0, {"num_leaves": 31, "min_child_samples": 5, "lambda_l2": 0.5})
        assert np.diff(said).min() >= 0

    def test_a_history_starts_from_the_stages_before(self, data):
        bench = Bench(data, "history", seed=3, threads=1)
        assert len(bench.outcome) == data.covered["history"].sum()
        found = search(data, family="history", trials=2)
        alone = Table(**{**data.__dict__, "families": {"application": ("d", "e")}})
        assert found.default.measures["auc"] > search(alone, trials=1).default.measures["auc"]

    @pytest.mark.parametrize("family", ["card", "empty"])
    def test_a_family_without_inputs_is_refused_with_those_there_are(self, data, family):
        with pytest.raises(FamilyUnknown, match="expected one of application, history"):
            search(data, family=family)

    def test_so_is_one_that_nobody_was_asked_about(self, data):
        nobody = Table(**{**data.__dict__, "covered": {"history": np.zeros(len(data.outcome), dtype=bool)}})
        with pytest.raises(FamilyUnknown, match="no client"):
            search(nobody, family="history")
