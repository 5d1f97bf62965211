"""What the lab says of a model: paired, on the same folds, and true where the truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import fewer, importance, lab, learning, metrics, seeds, signs
from model.refit import concerned, keep, paired, parts_of, refit, said
from model.validation import FOLDS
from tests.model.lab_support import table, trained


def nothing(step: str) -> None:
    pass


@pytest.fixture(scope="module")
def small():
    return trained(table())


class TestRefitting:
    def test_with_nothing_changed_gives_the_same_answers(self, small):
        like, covered = small.training.result, small.data.covered["history"]
        again, stages = refit(small, parts_of(small.data, like), "again", nothing, rounds=like.rounds)
        np.testing.assert_array_equal(again.raw[~covered], like.raw[~covered])
        # The later stage starts from thirds that may have stopped early when trees were chosen.
        np.testing.assert_allclose(again.raw[covered], like.raw[covered], atol=0.3)
        assert [{stage.family for stage in fold} for fold in stages] == [set(used) for used in like.rounds]

    def test_tells_each_fold(self, small):
        told = []
        like = small.training.result
        refit(small, parts_of(small.data, like), "again", told.append, rounds=like.rounds)
        assert told == [f"again, fold {number} of {FOLDS}" for number in range(1, FOLDS + 1)]

    def test_a_model_is_no_better_than_itself(self, small):
        own = said(small.training.result, small.data.outcome)
        found = paired(small, own, own)
        assert found["auc"] == {"value": 0, "low": 0, "high": 0}
        assert found["saved_per_file"] == {"value": 0, "low": 0, "high": 0}

    def test_the_gain_is_the_difference_of_the_two(self, small):
        outcome, own = small.data.outcome, said(small.training.result, small.data.outcome)
        worse = np.random.default_rng(0).permutation(own)
        found = paired(small, worse, own)["auc"]
        assert found["value"] == pytest.approx(metrics.auc(outcome, own) - metrics.auc(outcome, worse))
        assert 0 < found["low"] < found["value"] < found["high"]

    def test_a_history_concerns_those_it_covers_only(self, small):
        np.testing.assert_array_equal(
            concerned(small.data, {"c"}), np.flatnonzero(small.data.covered["history"])
        )
        assert len(concerned(small.data, {"a", "c"})) == len(small.data.outcome)


@pytest.fixture(scope="module")
def curve(small):
    return learning.curve(small)


class TestTheLearningCurve:
    def test_ends_at_the_model_itself(self, small, curve):
        area = metrics.auc(small.data.outcome, said(small.training.result, small.data.outcome))
        assert curve["points"][-1]["auc"]["value"] == pytest.approx(area)
        assert curve["points"][-1]["share"] == 1

    def test_leaves_out_shares_with_too_few_positives(self, small, curve):
        positives = small.data.outcome.sum() * (FOLDS - 1) / FOLDS
        assert all(point["share"] * positives >= 59 for point in curve["points"])
        assert learning.SHARES[0] not in [point["share"] for point in curve["points"]]

    def test_rises_where_there_is_something_to_learn(self, curve):
        areas = [point["auc"]["value"] for point in curve["points"]]
        assert len(areas) >= 3
        assert areas[0] < areas[-1]

    def test_smaller_shares_lie_within_larger_ones(self, small):
        inside = small.training.result.fold != 0
        few, many = (learning.share_of(small.data.outcome, inside, share, 3) for share in (0.2, 0.7))
        assert set(few) < set(many) <= set(np.flatnonzero(inside))
        assert small.data.outcome[few].mean() == pytest.approx(small.data.outcome[many].mean(), abs=0.01)

    def test_too_small_to_try_says_so(self):
        told = learning.curve(trained(table(rows=260)))
        assert told["last"] is None
        assert len(told["points"]) == 1


class TestStability:
    def test_files_that_do_not_move_are_told_so(self):
        points = np.tile([560.0, 599.0, 601.0, 650.0], (3, 1))
        assert seeds.of_files(points, 600, 10) == {
            "points_sd": 0, "points_sd_95": 0, "changed": 0, "ever": 0, "across": 0,
        }  # fmt: skip

    def test_who_changes_side_and_who_crosses_the_grey_zone(self):
        points = np.array(
            [[599.0, 580.0, 640.0, 650.0], [601.0, 620.0, 640.0, 650.0], [598.0, 580.0, 640.0, 650.0]]
        )
        found = seeds.of_files(points, 600, 10)
        assert found["changed"] == pytest.approx(2 / 8)
        assert (found["ever"], found["across"]) == (0.5, 0.25)

    def test_every_run_is_told_the_model_first(self, small, monkeypatch):
        monkeypatch.setattr(seeds, "REPEATS", 1)
        told = seeds.stability(small)
        area = metrics.auc(small.data.outcome, said(small.training.result, small.data.outcome))
        for kind in ("fits", "folds"):
            assert len(told[kind]["auc"]) == 2
            assert told[kind]["auc"][0] == pytest.approx(area)
            assert told[kind]["auc"][1] != told[kind]["auc"][0]


class TestDirections:
    def test_are_held_by_the_fitted_stages(self, small):
        told = signs.moved(small.stages, small.data.matrix, small.data.inputs, small.data.monotone)
        assert (told["inputs"], told["against"], told["worst"]) == (1, 0, 0)
        assert told["moves"] == told["files"] * (signs.STEPS - 1)

    def test_a_model_that_breaks_them_is_caught(self, small):
        told = signs.moved(small.stages, small.data.matrix, small.data.inputs, {"a": -1})
        assert told["against"] > 0
        assert told["worst"] > 0

    @settings(max_examples=60, deadline=None)
    @given(
        row=st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=5, max_size=5),
        ends=st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)),
    )
    def test_hold_on_any_file_whatsoever(self, small, row, ends):
        rows = np.array([row, row])
        rows[:, 0] = sorted(ends)
        lower, upper = small.stages[0].log_odds(rows)
        assert lower <= upper

    def test_freed_of_them_the_same_files_are_judged(self, small):
        told = signs.kept(small)["without"]["auc"]
        assert told["low"] <= told["value"] <= told["high"]


class TestFewerInputs:
    def test_near_copies_go_and_the_first_stays(self, small):
        data = table()
        data.matrix[:, 4] = np.exp(data.matrix[:, 0])  # e says what a says
        assert fewer.distinct(data, ["e", "b", "a", "c"], np.arange(len(data.outcome))) == ["e", "b", "c"]

    def test_columns_missing_in_different_files_are_no_copies(self):
        data = table()
        data.matrix[:, 4] = data.matrix[:, 0]
        data.matrix[: len(data.outcome) // 3, 4] = np.nan
        assert fewer.distinct(data, ["a", "e"], np.arange(len(data.outcome))) == ["a", "e"]

    def test_a_column_without_any_value_hurts_nobody(self):
        data = table()
        data.matrix[:, 4] = np.nan
        assert fewer.distinct(data, ["a", "e", "b"], np.arange(len(data.outcome))) == ["a", "e", "b"]

    def test_what_drives_the_outcome_ranks_first(self, small):
        ranked = fewer.ranking(small.stages)
        assert ranked[0] == "a"
        assert ranked.index("c") < ranked.index("e")

    def test_the_choice_never_sees_the_files_that_judge(self, small, monkeypatch):
        seen = []
        original = fewer.distinct

        def watched(pool, names, rows):
            seen.append(rows)
            return original(pool, names, rows)

        monkeypatch.setattr(fewer, "distinct", watched)
        monkeypatch.setattr(fewer, "everything", lambda trained: trained.data)
        monkeypatch.setattr(fewer, "SIZES", (2,))
        told = fewer.path(small)
        fold = small.training.result.fold
        assert len(seen) == 2 * FOLDS
        for number, rows in enumerate(seen):
            assert not (fold[rows] == number % FOLDS).any()
        assert [(one["inputs"], one.get("among")) for one in told["steps"]] == [(5, None), (2, "own")]
        lost = told["steps"][-1]["lost"]["auc"]
        assert lost["value"] == pytest.approx(told["own"]["auc"]["value"] - told["steps"][-1]["auc"]["value"])

    def test_stages_read_what_is_kept_and_nothing_else(self, small):
        left = keep(small.data, {"a", "d"})
        assert left.families == {"application": ("a",), "history": ("d",)}
        assert left.matrix is small.data.matrix


class TestImportance:
    def test_both_ways_put_the_driver_first_and_noise_behind(self, small):
        told = importance.compared(small)
        assert told["rows"] == len(small.data.outcome)
        assert told["inputs"]["a"]["place_permutation"] == told["inputs"]["a"]["place_contribution"] == 1
        assert told["inputs"]["a"]["permutation"] > 0.1
        assert abs(told["inputs"].get("d", {"permutation": 0})["permutation"]) < 0.01
        assert told["rank_correlation"] > 0.5

    def test_the_same_order_agrees_fully_and_the_reverse_not_at_all(self):
        weights = np.array([5.0, 3.0, 2.0, 1.0])
        assert importance.weighed("abcd", weights, weights)["rank_correlation"] == pytest.approx(1)
        assert importance.weighed("abcd", weights[::-1], weights)["rank_correlation"] == pytest.approx(-1)

    def test_the_one_that_differs_is_named_first(self):
        lost, points = np.array([9.0, 5, 4, 3, 2, 1]), np.array([1.0, 6, 5, 4, 3, 2])
        assert importance.weighed("uvwxyz", lost, points)["apart"][0] == "u"

    def test_inputs_that_no_fold_uses_are_left_out(self):
        told = importance.weighed("ab", np.array([1.0, 0.0]), np.array([1.0, 0.0]))
        assert list(told["inputs"]) == ["a"]


class TestTheWhole:
    def test_a_part_that_is_unknown_is_refused_by_name(self, small):
        with pytest.raises(ValueError, match="taste"):
            lab.evidence(small, nothing, ["taste"])

    def test_a_part_may_be_measured_alone(self, small, monkeypatch):
        monkeypatch.setitem(lab.PARTS, "signs", lambda trained, each: {"inputs": 1})
        assert lab.evidence(small, nothing, ["signs"]) == {"signs": {"inputs": 1}}
