"""Algorithms are chosen on rows learnt from and judged, at the end, on rows that nothing has learnt from."""

from itertools import pairwise
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

from model import compare, compare_search
from model.calibration import probability
from model.candidates_made import Candidate, fitted
from model.compare_bench import Bench
from model.compare_judged import best
from model.compare_made import Algorithm, algorithms
from model.compare_rows import EVERYONE, Part, Rows
from model.compare_search import Asked, Finalist
from model.compare_told import lines
from model.compared import ALGORITHMS, METRICS
from model.fitting import slices
from model.table import Table
from model.tune_space import Dimension

COUNT, ROWS_ASIDE, EDGE = 900, 300, 0.0
QUICK = ("logistic", "tree")
ABOUT = {
    "costs": {"false_negative": 1, "false_positive": 1},
    "scale": {"anchor_points": 600, "anchor_odds": 1, "points_to_double": 20, "grey_zone": 0},
    "positive_is_good": True,
}


def some_rows(aside: bool = True, segments: bool = True, seed: int = 3) -> Rows:
    """Return rows of two numbers, a category and their own number; two rows to each group."""
    rng = np.random.default_rng(seed)
    signal, age = rng.normal(size=COUNT), rng.normal(size=COUNT)
    kind = rng.integers(0, 4, COUNT).astype(float)
    outcome = (rng.random(COUNT) < probability(1.5 * signal + 0.8 * (kind == 2) - 0.4)).astype(float)
    names = ("row", "signal", "age", "kind")
    group = np.arange(COUNT) // 2
    table = Table(
        np.column_stack([np.arange(COUNT), signal, age, kind]), outcome, {}, {"application": names}, names,
        frozenset({"kind"}), dict.fromkeys(names, 0), group,
    )  # fmt: skip
    cut = COUNT - ROWS_ASIDE if aside else COUNT
    learn, judge = np.arange(cut), np.arange(cut, COUNT) if aside else np.arange(COUNT)
    fold = np.full(COUNT, -1)
    fold[learn] = slices(outcome[learn], 3, 1, group[learn])
    parts = [Part(EVERYONE, None, None, None, learn, learn, judge)]
    if segments:
        for number, (low, high) in enumerate(pairwise([None, EDGE, None]), start=1):
            inside = (age >= (-np.inf if low is None else low)) & (age < (np.inf if high is None else high))
            own = learn[inside[learn]]
            parts.append(Part(f"segment_{number}", "age", low, high, own, own, judge[inside[judge]]))
    told = {"column": "year", "values": [2021]} if aside else None
    portfolio = SimpleNamespace(id="made_up", settings=ABOUT)
    source = SimpleNamespace(fingerprint="f", synthetic=True)
    return Rows(portfolio, table, fold, 3, group, tuple(parts), (), told, source)


def compared(rows: Rows, **asked) -> dict:
    asked = {"metric": "auc", "search": Asked(), "seed": 1, "only": QUICK, "each": lambda step: None} | asked
    return compare.compare(rows, **asked) | {"seconds": 1.0}


@pytest.fixture(scope="module")
def found() -> dict:
    return compared(some_rows())


class Spy(ClassifierMixin, BaseEstimator):
    """Remembers which rows it learnt from and which it was asked about, in order."""

    log: ClassVar[list] = []

    def fit(self, matrix, outcome):
        self.classes_ = np.array([0, 1])
        self.log.append(("learnt", matrix[:, 0].astype(int)))
        return self

    def predict_proba(self, matrix):
        self.log.append(("asked", matrix[:, 0].astype(int)))
        p = probability(matrix[:, 1])
        return np.column_stack([1 - p, p])


@pytest.fixture
def spied(monkeypatch) -> list:
    Spy.log.clear()
    space = (Dimension("nothing", 1, 2, levels=2),)
    spy = Algorithm(Candidate("tree", "tree", "native", lambda setting: Spy()), space, {"nothing": 1.0})
    monkeypatch.setattr(compare, "algorithms", lambda signs: (spy,))
    monkeypatch.setattr(Spy, "set_params", lambda self, **parameters: self)
    monkeypatch.setattr(compare, "cores", lambda: 1)
    return Spy.log


class TestNothingLeaks:
    def test_no_row_set_aside_is_ever_learnt_from(self, spied):
        compared(some_rows(), only=["tree"], search=Asked("tpe", 1, 2))
        learnt = np.concatenate([rows for act, rows in spied if act == "learnt"])
        assert learnt.max() < COUNT - ROWS_ASIDE

    def test_rows_set_aside_are_asked_about_once_and_last(self, spied):
        compared(some_rows(segments=False), only=["tree"], search=Asked("tpe", 1, 2))
        asked = [rows.min() >= COUNT - ROWS_ASIDE for act, rows in spied if act == "asked"]
        assert sum(asked) == 1
        # The learning curve comes after, and is of the rows learnt from.
        assert asked.index(True) == 3 * (1 + 2)

    @pytest.mark.parametrize("aside", [True, False])
    def test_no_group_is_both_learnt_from_and_asked_about(self, spied, aside):
        compared(some_rows(aside), only=["tree"])
        for (act, learnt), (then, asked) in pairwise(spied):
            if (act, then) == ("learnt", "asked"):
                assert not set(learnt // 2) & set(asked // 2)

    def test_outcomes_set_aside_choose_nothing(self, found):
        rows = some_rows()
        rows.table.outcome[COUNT - ROWS_ASIDE :] = 1 - rows.table.outcome[COUNT - ROWS_ASIDE :]
        turned = compared(rows)
        for one, other in zip(found["populations"], turned["populations"], strict=True):
            assert one["best"] == other["best"]
            assert one["retained"]["name"] == other["retained"]["name"]
            assert one["learning"] == other["learning"]
            assert other["algorithms"][0]["metrics"]["auc"]["value"] == pytest.approx(
                1 - one["algorithms"][0]["metrics"]["auc"]["value"]
            )

    @pytest.mark.parametrize("name", ["logistic", "svm"])
    def test_encoders_and_scalers_know_the_rows_learnt_from_alone(self, name):
        rows = some_rows(segments=False)
        rows.table.matrix[rows.fold == 0, 3] = 9  # a category that only fold 0 knows
        rows.table.matrix[rows.fold == 0, 2] = 1e6
        learn = np.flatnonzero(rows.fold > 0)
        one = next(one for one in algorithms({}) if one.name == name)
        bench = Bench(rows, 1, 1)
        model = fitted(one.candidate, rows.table.take(learn), bench._setting())
        prepared = model.estimator[0].named_transformers_
        assert 9 not in prepared["categories"][1].categories_[0]
        assert prepared["numbers"][0].quantiles_.max() < COUNT
        p, _ = bench.out_of_fold(rows.parts[0], one.candidate)
        assert np.isfinite(p).all()


class TestTheChoice:
    @pytest.mark.parametrize("metric", METRICS)
    def test_goes_by_the_metric_that_was_given(self, metric, monkeypatch):
        monkeypatch.setattr(compare, "_learning", lambda *given: {"metric": metric, "points": []})
        found = compared(some_rows(segments=False), metric=metric)["populations"][0]
        chosen = {one["name"]: one["chosen_by"] for one in found["algorithms"]}
        assert found["retained"]["name"] == found["best"][metric] == best(chosen, metric)

    def test_of_recall_and_of_brier_differ_where_a_model_flags_more(self):
        chosen = {"bold": {"recall": 0.9, "brier": 0.3}, "true": {"recall": 0.5, "brier": 0.2}}
        assert [best(chosen, metric) for metric in ("recall", "brier")] == ["bold", "true"]

    def test_keeps_the_usual_settings_where_none_is_better(self):
        finalist = self._look(1.0, Asked("grid", 1, 3))
        assert (finalist.parameters, finalist.after, finalist.trials) == ({}, 1.0, 3)

    def test_takes_better_settings_and_says_what_they_gain(self):
        finalist = self._look(0.0, Asked("tpe", 1, 3))
        assert set(finalist.parameters) == {"max_depth", "min_samples_leaf"}
        assert finalist.after > 0.6

    def test_tries_nothing_without_time(self):
        assert self._look(0.0, Asked("tpe", 1, 3, minutes=0)) == Finalist("tree", 0, {}, 0.0, 0.0)

    def _look(self, before: float, asked: Asked) -> Finalist:
        rows = some_rows(segments=False)
        tree = next(one for one in algorithms({}) if one.name == "tree")
        return compare_search.look(Bench(rows, 1, 1), rows.parts[0], tree, "auc", before, asked)

    def test_lowers_losses(self):
        rows = some_rows(segments=False)
        tree = next(one for one in algorithms({}) if one.name == "tree")
        found = compare_search.look(Bench(rows, 1, 1), rows.parts[0], tree, "brier", 0.4, Asked("grid", 1, 3))
        assert found.after < 0.4

    def test_looks_only_for_as_many_finalists_as_asked(self):
        found = compared(some_rows(segments=False), search=Asked("grid", 2, 1))["populations"][0]["search"]
        assert [one["trials"] for one in found["finalists"]] == [1, 1]
        assert len({one["name"] for one in found["finalists"]}) == 2


class TestWhatIsFound:
    def test_has_a_row_for_each_algorithm_of_each_population(self, found):
        assert [one["name"] for one in found["populations"]] == [EVERYONE, "segment_1", "segment_2"]
        for one in found["populations"]:
            assert [each["name"] for each in one["algorithms"]] == list(QUICK)
            assert all(set(each["metrics"]) == set(METRICS) for each in one["algorithms"])

    def test_the_segments_share_out_the_rows_of_everyone(self, found):
        everyone, *segments = found["populations"]
        for name in ("learnt", "judged", "positives"):
            assert sum(one[name] for one in segments) == everyone[name]

    def test_a_segment_is_compared_with_the_pooled_model_on_the_same_rows(self, found):
        everyone, *segments = found["populations"]
        assert "gain" not in everyone["algorithms"][0]
        for one in segments:
            for each in one["algorithms"]:
                gap = each["metrics"]["recall"]["value"] - each["pooled"]["recall"]["value"]
                assert each["gain"]["recall"]["value"] == pytest.approx(gap)
        # Everyone's recall is that of the segments weighed by their positives, model by model.
        for place, each in enumerate(everyone["algorithms"]):
            parts = [one["algorithms"][place]["pooled"]["recall"]["value"] for one in segments]
            weights = [one["positives"] for one in segments]
            assert each["metrics"]["recall"]["value"] == pytest.approx(np.average(parts, weights=weights))

    def test_routed_is_the_segments_together(self, found):
        segments = found["populations"][1:]
        for place, each in enumerate(found["routed"]["algorithms"]):
            parts = [one["algorithms"][place]["metrics"]["accuracy"]["value"] for one in segments]
            weights = [one["judged"] for one in segments]
            assert each["metrics"]["accuracy"]["value"] == pytest.approx(np.average(parts, weights=weights))

    def test_without_rows_set_aside_everything_is_out_of_fold(self):
        told = compared(some_rows(aside=False, segments=False))
        assert told["judged_on"] is None
        assert told["routed"] is None
        for one in told["populations"][0]["algorithms"]:
            values = {name: figure["value"] for name, figure in one["metrics"].items()}
            assert values == pytest.approx(one["chosen_by"])

    def test_the_learning_curve_grows_to_all_rows_learnt_from(self, found):
        points = found["populations"][0]["learning"]["points"]
        counts = [one["rows"] for one in points]
        assert counts == sorted(counts)
        assert points[-1]["share"] == 1
        assert counts[-1] == pytest.approx(2 / 3 * (COUNT - ROWS_ASIDE), rel=0.02)

    def test_is_the_same_twice(self, found):
        again = compared(some_rows())
        for one, other in zip(found["populations"], again["populations"], strict=True):
            assert one["retained"] == other["retained"]
            assert one["learning"] == other["learning"]

    def test_can_be_read_as_lines(self, found):
        told = "\n".join(lines(found))
        for words in ("all: 300 rows", "age under 0", "age 0 and over", "year 2021", *QUICK):
            assert words in told
        assert "own model less pooled model" in told


def test_every_algorithm_that_is_told_of_is_made_and_can_be_tuned():
    rows = some_rows(segments=False)
    made = algorithms(rows.table.monotone)
    assert tuple(one.name for one in made) == ALGORITHMS
    learn = rows.table.take(np.flatnonzero(rows.fold > 0))
    setting = Bench(rows, 1, 1)._setting()
    for one in made:
        assert set(one.usual) == {dimension.name for dimension in one.space}
        p, _ = fitted(one.tuned(one.usual), learn, setting).answer(rows.table.matrix[rows.fold == 0])
        assert np.all((p >= 0) & (p <= 1)), one.name


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"metric": "gini"}, "gini"),
        ({"only": ["tree", "xgboost"]}, "xgboost unknown"),
        ({"only": []}, "none named"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_is_read(asked, words):
    with pytest.raises(ValueError, match=words):
        compare.run("home_credit", **asked)
