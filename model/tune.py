"""Tuning: looking for settings of one stage that serve better than the defaults. Training only.

The search tries settings on five folds. Rounds are chosen by early stopping on log-loss, on rows
apart from the fold that is judged. Trial 0 is the defaults, and everything is compared with it.
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import optuna

from model import booster as lgb
from model import tune_space, tune_study
from model.cost import Costs
from model.recipe import DEFAULT, Recipe
from model.stages import BASE_FAMILY
from model.table import Table
from model.tune_bench import Bench
from model.tune_judge import Gain, Judge, verdict
from model.tune_space import Objective, Search
from model.tune_study import Record, Trial
from model.validation import FOLDS

Step = Callable[[int, str], None]
# A trial is given up when so many standard errors behind. It is looked at after each of four folds:
# at one standard error, half of the trials as good as the best would be lost by bad luck.
PRUNING = 1.5


class _OutOfTime(Exception):
    """The time budget ended in the middle of a trial."""


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes
    ----------
    trials : all that ended, the default first
    winner : the best of those that were completed; the default itself if none was better
    searched : what the winner gains over the default on the folds searched: too good to be true,
        since it was chosen there
    apart : the same when the winner is chosen on four folds and judged on the fifth, in turn
    said : array of float, shape (rows,)
        Out-of-fold calibrated log-odds of the winner.
    """

    family: str
    search: Search
    objective: Objective
    seed: int
    trials: list[Trial]
    winner: Trial
    searched: dict[str, Gain]
    apart: dict[str, Gain]
    said: np.ndarray

    @property
    def default(self) -> Trial:
        return self.trials[0]


def search(
    table: Table,
    *,
    costs: Costs,
    seed: int,
    threads: int = 1,
    trials: int = 50,
    minutes: float | None = None,
    family: str = BASE_FAMILY,
    search: Search = "tpe",
    objective: Objective = "cost",
    recipe: Recipe = DEFAULT,
    place: Path | None = None,
    fresh: bool = False,
    each: Callable[[Trial], None] = lambda trial: None,
    step: Step = lambda done, text: None,
) -> Found:
    """Look for better settings of one stage.

    Parameters
    ----------
    costs : of each error, for the objective ``cost``
    trials, minutes : the budget; trials kept from an earlier run of the same search count, its
        minutes do not. At least the default is tried.
    family : the stage whose settings are looked for
    recipe : of the stages before it
    place : where to keep the search (see :func:`model.tune_study.opened`); in memory if None
    fresh : forget an earlier run of the same search instead of going on with it
    each : called with each trial that ends in this run
    step : called with the number of trials that ended and a line on what is under way

    Raises
    ------
    FamilyUnknown
        When the table has no such family.
    """
    bench = Bench(table, family, seed=seed, threads=threads, recipe=recipe)
    judge = Judge(bench.outcome, costs, objective)
    name = f"{family}-{search}-{objective}-{seed}-{_digest(table, family, bench, costs, recipe)}"
    limit = time.monotonic() + 60 * minutes if minutes is not None else float("inf")
    with tune_study.opened(place, name, family, fresh=fresh) as record:
        while len(record.trials) < max(trials, 1) and (time.monotonic() < limit or not record.trials):
            asked = record.ask(search, seed, bench.defaults)
            if asked is None:
                break
            try:
                trial = _try(asked, record, bench, judge, limit, step)
            except _OutOfTime:
                record.give_up(asked)
                break
            except BaseException:
                record.give_up(asked)
                raise
            each(trial)
            step(len(record.trials), _standing(best(record, judge)))
        return _found(record, bench, judge, family, search, seed)


def best(record: Record, judge: Judge, rows: np.ndarray | slice = slice(None), whole: bool = True) -> Trial:
    """Return the best complete trial.

    For ``cost``: of those that tie with the cheapest, the one with the highest AUC.

    Parameters
    ----------
    rows : files to judge by
    whole : whether these are all of them, so that what trials kept of themselves can be used
    """
    measured = {
        trial.number: trial.measures if whole else judge.measures(record.answers(trial)[1], rows)
        for trial in record.complete
    }
    key = (
        (lambda t: -measured[t.number]["auc"])
        if judge.objective == "auc"
        else (lambda t: measured[t.number][judge.objective])
    )
    first = min(record.complete, key=key)
    if judge.objective != "cost":
        return first
    said = record.answers(first)[1]
    for trial in sorted(record.complete, key=lambda t: -measured[t.number]["auc"]):
        if trial is first or judge.gains([(said, record.answers(trial)[1])], rows)["cost"].verdict() >= 0:
            return trial
    return first


def _try(asked: optuna.Trial, record: Record, bench: Bench, judge: Judge, limit: float, step: Step) -> Trial:
    """Run one trial, fold by fold, until it ends or is clearly behind the best so far."""
    began, number = time.perf_counter(), len(record.trials)
    suggested = tune_space.suggest(asked)
    # The default is tried as it is, even should it lie outside the space.
    parameters = suggested if number else {}
    leader = best(record, judge) if number else None
    raw, trees = np.full(len(bench.outcome), np.nan), []
    for fold in range(FOLDS):
        if number and time.monotonic() > limit:
            raise _OutOfTime
        raw[bench.fold == fold], count = bench.answer(fold, parameters)
        trees.append(count)
        said, rows = judge.calibrated(raw, bench.fold), np.isfinite(raw)
        value, behind = _against(record, judge, bench, leader, said, rows)
        asked.report(value, fold)
        last = fold == FOLDS - 1
        if last or behind:
            break
        step(number, f"trial {number}, fold {fold + 2} of {FOLDS}; {_standing(leader)}")
    trial = Trial(
        number, not last, record.family, parameters, value, judge.measures(said, rows), trees,
        time.perf_counter() - began,
    )  # fmt: skip
    record.end(asked, trial, np.stack([raw, said]))
    return trial


def _against(
    record: Record, judge: Judge, bench: Bench, leader: Trial | None, said: np.ndarray, rows: np.ndarray
) -> tuple[float, bool]:
    """Return what the search lowers, on the rows answered so far, and whether to prune.

    A trial is pruned when it is worse than the best so far on the same rows, by the rule that names
    the winner, but by ``PRUNING`` standard errors instead of one.
    """
    if leader is None:
        return judge.loss(said, said, rows), False

    def so_far(trial: Trial) -> np.ndarray:
        raw = record.answers(trial)[0]
        return judge.calibrated(np.where(rows, raw, np.nan), bench.fold)

    value = judge.loss(said, so_far(record.trials[0]), rows)
    return value, verdict(judge.gains([(so_far(leader), said)], rows), judge.objective, PRUNING) < 0


def _found(record: Record, bench: Bench, judge: Judge, family: str, search: Search, seed: int) -> Found:
    winner, default = best(record, judge), record.answers(record.trials[0])[1]
    said = record.answers(winner)[1]
    chosen = np.empty(len(default))
    for number in range(FOLDS):
        outside = bench.fold == number
        chosen[outside] = record.answers(best(record, judge, ~outside, whole=False))[1][outside]
    return Found(
        family, search, judge.objective, seed, list(record.trials), winner,
        judge.gains([(default, said)]), judge.gains([(default, chosen)]), said,
    )  # fmt: skip


def _standing(leader: Trial | None) -> str:
    if leader is None:
        return "the default comes first"
    cost, auc = leader.measures["cost"], leader.measures["auc"]
    return f"best so far: trial {leader.number}, cost {cost:.4f}, AUC {auc:.4f}"


def _digest(table: Table, family: str, bench: Bench, costs: Costs, recipe: Recipe) -> str:
    """Return a short hash of all that a trial's result depends on, but for its settings."""
    told = {
        "columns": [table.inputs, table.families, sorted(table.categorical), table.monotone],
        "defaults": bench.defaults,
        "space": [asdict(one) for one in tune_space.SPACE],
        "costs": asdict(costs),
        "pruning": PRUNING,
        "before": _stages_before(table, family, recipe),
        "kept": [one.name for one in fields(Trial)],
        "lightgbm": lgb.lightgbm.__version__,
    }
    found = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    covers = [table.covered[name] for name in sorted(table.covered)]
    for values in (table.matrix, table.outcome, *covers, *([] if table.group is None else [table.group])):
        found.update(np.ascontiguousarray(values).data)
    return found.hexdigest()[:16]


def _stages_before(table: Table, family: str, recipe: Recipe) -> list:
    """Return what the recipe says of the stages that this one starts from, and of no other."""
    order = list(table.families)
    return [asdict(recipe.of(name)) for name in order[: order.index(family)]]
