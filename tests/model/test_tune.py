"""The search for settings: what it finds, what survives an interruption, and what is kept of it."""

import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from model import tune, tune_check, tune_study
from model.recipe import Overrides, Recipe
from model.table import Table
from model.tune_bench import Bench
from model.tune_judge import Gain
from tests.model.tune_support import COSTS, TRIALS, search, table, told


@pytest.fixture(scope="module")
def data() -> Table:
    return table()


@pytest.fixture(scope="module")
def found(data):
    return search(data)


class TestSearch:
    def test_the_default_comes_first_and_whole(self, found):
        assert found.default.number == 0
        assert found.default.parameters == {}
        assert found.default.recipe == Recipe()
        assert not found.default.pruned

    def test_the_winner_is_never_pruned_and_is_not_behind_the_default_where_it_was_chosen(self, found):
        assert not found.winner.pruned
        assert found.searched["cost"].verdict() >= 0

    def test_pruned_trials_stopped_before_the_last_fold(self, found):
        assert {len(trial.trees) for trial in found.trials if not trial.pruned} == {5}
        assert all(len(trial.trees) < 5 for trial in found.trials if trial.pruned)
        assert any(trial.pruned for trial in found.trials)

    def test_the_same_seed_and_budget_give_the_same_trials(self, data, found):
        assert told(search(data).trials) == told(found.trials)

    def test_another_seed_tries_other_settings(self, data, found):
        other = search(data, seed=4, trials=2)
        assert other.trials[1].parameters != found.trials[1].parameters

    @pytest.mark.parametrize("objective", ["auc", "log_loss"])
    def test_another_objective_crowns_its_own_best(self, data, objective):
        found = search(data, objective=objective, search="random")
        sign = -1 if objective == "auc" else 1
        complete = [trial.measures[objective] * sign for trial in found.trials if not trial.pruned]
        assert found.winner.measures[objective] * sign == min(complete)

    def test_a_grid_tries_its_points_and_ends_with_them(self, data, monkeypatch):
        points = [{"num_leaves": 3}, {"num_leaves": 9}]
        monkeypatch.setattr(tune_study.tune_space, "grid", lambda defaults, seed: points)
        space = tuple(one for one in tune_study.tune_space.SPACE if one.name == "num_leaves")
        monkeypatch.setattr(
            tune.tune_space, "suggest", lambda trial: {o.name: o.suggest(trial) for o in space}
        )
        found = search(data, search="grid", trials=10)
        assert [trial.parameters for trial in found.trials] == [{}, *points]

    def test_each_trial_is_told_once_with_progress(self, data):
        ended, lines = [], []
        search(data, trials=3, each=ended.append, step=lambda done, text: lines.append((done, text)))
        assert [trial.number for trial in ended] == [0, 1, 2]
        assert lines[-1][0] == 3
        assert "best so far: trial" in lines[-1][1]

    def test_no_minutes_still_try_the_default(self, data):
        assert [trial.number for trial in search(data, minutes=0).trials] == [0]

    def test_minutes_end_the_search_in_the_middle_of_a_trial(self, data, monkeypatch, tmp_path):
        monkeypatch.setattr(tune, "PRUNING", float("inf"))
        answered, clock = [], time.monotonic
        whole = Bench.answer
        monkeypatch.setattr(Bench, "answer", lambda *a: answered.append(1) or whole(*a))
        monkeypatch.setattr(time, "monotonic", lambda: clock() + (3600 if len(answered) >= 6 else 0))
        assert len(search(data, minutes=30, place=tmp_path / "p").trials) == 1
        assert len(answered) == 6


class _Unplugged(BaseException):
    """Stands for whatever ends a process: nothing in the search expects it."""


class TestInterruption:
    def test_nothing_that_ended_is_lost_and_the_rest_comes_out_the_same(
        self, data, found, tmp_path, monkeypatch
    ):
        whole, calls = Bench.answer, []

        def cut(*given):
            calls.append(1)
            if len(calls) in (3, 8):
                raise KeyboardInterrupt
            return whole(*given)

        monkeypatch.setattr(Bench, "answer", cut)
        ended = []
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                search(data, place=tmp_path / "home", each=ended.append)
        last = search(data, place=tmp_path / "home", each=ended.append)
        assert told(last.trials) == told(found.trials) == told(ended)
        assert last.winner.number == found.winner.number
        np.testing.assert_array_equal(last.said, found.said)

    def test_a_trial_left_running_by_a_dead_process_is_tried_again(self, data, found, tmp_path, monkeypatch):
        # As after kill -9: nobody marks the trial.
        monkeypatch.setattr(tune_study.Record, "give_up", lambda self, asked: None)
        monkeypatch.setattr(tune_study.Record, "end", lambda *_: (_ for _ in ()).throw(_Unplugged))
        with pytest.raises(_Unplugged):
            search(data, place=tmp_path / "home")
        monkeypatch.undo()
        assert told(search(data, place=tmp_path / "home", trials=2).trials) == told(found.trials)[:2]

    def test_a_larger_budget_goes_on_and_a_smaller_one_has_nothing_to_do(self, data, found, tmp_path):
        search(data, place=tmp_path / "home", trials=2)
        ended = []
        assert told(search(data, place=tmp_path / "home", each=ended.append).trials) == told(found.trials)
        assert [trial.number for trial in ended] == list(range(2, TRIALS))
        assert told(search(data, place=tmp_path / "home", trials=1).trials) == told(found.trials)

    def test_fresh_forgets_them(self, data, tmp_path):
        ended = []
        for _ in range(2):
            search(data, place=tmp_path / "home", trials=1, fresh=True, each=ended.append)
        assert [trial.number for trial in ended] == [0, 0]

    def test_other_rows_are_another_search(self, data, tmp_path):
        ended = []
        for seed in (0, 1):
            search(table(seed=seed), place=tmp_path / "home", trials=1, each=ended.append)
        assert len(ended) == 2

    def test_what_was_kept_for_the_stage_itself_does_not_make_another(self, data, tmp_path):
        ended = []
        for name in ("application", "history"):
            kept = Recipe({name: Overrides({"num_leaves": 5})})
            search(data, place=tmp_path / "home", trials=1, recipe=kept, each=ended.append)
        assert len(ended) == 1

    def test_answers_that_are_gone_are_said_to_be(self, data, tmp_path):
        search(data, place=tmp_path / "home", trials=1)
        (answers,) = (tmp_path / "home").rglob("0.npy")
        answers.unlink()
        with pytest.raises(tune_study.SearchDamaged, match="begin anew with --fresh"):
            search(data, place=tmp_path / "home", trials=2)

    def test_two_at_once_are_refused(self, data, tmp_path):
        with (
            tune_study.opened(tmp_path / "home", "one", "application"),
            pytest.raises(tune_study.SearchRunning, match="home is being tuned by another process"),
        ):
            search(data, place=tmp_path / "home")


class TestCheck:
    def test_fresh_folds_are_not_those_searched(self, data, found, monkeypatch):
        seen = []
        monkeypatch.setattr(tune_check, "Bench", lambda *a, **k: seen.append(Bench(*a, **k)) or seen[-1])
        asked = {"costs": COSTS, "threads": 1, "assignments": 2}
        winner = tune_study.Trial(1, False, "application", {"num_leaves": 4}, 0.0, {}, [], 0.0)
        gains = tune_check.fresh_gain(data, replace(found, winner=winner), **asked)
        folds = [Bench(data, seed=found.seed, threads=1).fold, *(bench.fold for bench in seen)]
        assert len(folds) == 3
        assert not any((one == two).all() for one, two in pairwise(folds))
        assert all(gain.error > 0 for gain in gains.values())

    def test_the_default_gains_nothing_over_itself(self, data, found):
        same = replace(found, winner=found.default)
        gains = tune_check.fresh_gain(data, same, costs=COSTS, threads=1)
        assert gains == dict.fromkeys(gains, Gain(0.0, 0.0))

    @pytest.mark.slow
    def test_nested_files_take_no_part_in_the_search_that_they_judge(self, data, monkeypatch):
        seen = []

        def look(part, **asked):
            seen.append(len(part.outcome))
            return tune.search(part, **asked)

        monkeypatch.setattr(tune_check, "search", look)
        gains = tune_check.nested_gain(data, costs=COSTS, seed=3, threads=1, trials=2)
        assert seen == [560] * 5
        assert set(gains) == {"cost", "auc", "log_loss"}


class TestKeeping:
    BEFORE = Recipe({"history": Overrides({"num_leaves": 5})})

    @pytest.mark.parametrize(("value", "kept"), [(0.02, True), (0.005, False), (-0.02, False)])
    def test_only_a_gain_beyond_its_error_on_fresh_folds_is_kept(self, found, value, kept):
        winner = tune_study.Trial(3, False, "application", {"num_leaves": 9}, 0.0, {}, [], 0.0)
        tie = Gain(0.0, 0.01)
        fresh = {"cost": Gain(value, 0.01), "auc": tie, "log_loss": tie}
        recipe, said = tune_check.settled(replace(found, winner=winner), fresh, self.BEFORE)
        assert said == kept
        assert recipe.of("history") == self.BEFORE.of("history")
        assert recipe.of("application") == (Overrides({"num_leaves": 9}) if kept else Overrides())

    def test_the_default_is_not_kept_as_a_find(self, found):
        fresh = dict.fromkeys(("cost", "auc", "log_loss"), Gain(1.0, 0.1))
        assert not tune_check.settled(replace(found, winner=found.default), fresh, self.BEFORE)[1]
