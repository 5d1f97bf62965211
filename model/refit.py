"""Fitting the folds of a model again with something changed, to compare. Never imported by the web process.

Every comparison is on the same folds and judged file by file, so that what the two models share cancels out.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import numpy as np

from model import validation
from model.calibration import probability
from model.delong import Interval, auc_difference
from model.fitting import fit
from model.stages import Stage, log_odds, rows_of
from model.table import Table
from model.trained import Trained
from model.validation import FOLDS, CrossValidation

_Z = 1.959964  # two-sided 95 %

# What a fold learns from and what it answers on, by the number of the fold.
Parts = Callable[[int], tuple[Table, Table]]


def parts_of(table: Table, like: CrossValidation) -> Parts:
    """Return the parts of each fold as ``like`` had them."""
    return lambda number: (
        table.take(np.flatnonzero(like.fold != number)),
        table.take(np.flatnonzero(like.fold == number)),
    )


def refit(
    trained: Trained,
    parts: Parts,
    what: str,
    each: Callable[[str], None],
    *,
    seed: int | None = None,
    like: CrossValidation | None = None,
    rounds: Sequence[dict[str, int]] | None = None,
) -> tuple[CrossValidation, list[list[Stage]]]:
    """Fit the folds of the trained model again and answer out of fold.

    Parameters
    ----------
    parts : what each fold learns from and answers on; the second holds the fold's files, in order
    what : told to ``each`` with the number of the fold when it is done
    seed : of the fits; by default that of the trained model
    like : where the folds come from, when not from the trained model
    rounds : trees of each stage in each fold; without it they are chosen again, which takes longer

    Returns
    -------
    answers : CrossValidation
    stages : the stages fitted in each fold
    """
    like, seed = like or trained.training.result, trained.seed if seed is None else seed
    raw = np.empty(len(like.fold))

    def one(number: int) -> tuple[list[Stage], dict[str, int]]:
        inside, outside = parts(number)
        stages, used = fit(
            inside,
            seed=seed + number,
            threads=trained.threads,
            rounds=None if rounds is None else rounds[number],
            recipe=trained.recipe,
        )
        raw[like.fold == number] = log_odds(stages, outside.matrix, outside.covered, trained.threads)
        return stages, used

    found = []
    # LightGBM lets go of Python while it works: on few rows folds side by side beat threads in one.
    with ThreadPoolExecutor(min(FOLDS, _cores()) if trained.threads == 1 else 1) as pool:
        for number, answer in enumerate(pool.map(one, range(FOLDS)), start=1):
            found.append(answer)
            each(f"{what}, fold {number} of {FOLDS}")
    return replace(like, raw=raw, without={}, rounds=[used for _, used in found]), [one for one, _ in found]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def said(result: CrossValidation, outcome: np.ndarray) -> np.ndarray:
    """Return the calibrated out-of-fold probabilities, shape ``(rows,)``."""
    return probability(validation.calibrated_apart(result, outcome))


def paired(
    trained: Trained, before: np.ndarray, after: np.ndarray, rows: np.ndarray | None = None
) -> dict[str, dict[str, float]]:
    """Return what the probabilities ``after`` are better by than ``before``, on the same files.

    ``auc`` is the AUC gained and ``saved_per_file`` the cost saved at the threshold in force, both
    with 95 % intervals; ``rows`` limits the comparison to some files.
    """
    rows = np.arange(len(before)) if rows is None else rows
    outcome, before, after = trained.data.outcome[rows], before[rows], after[rows]
    return {
        "auc": asdict(auc_difference(outcome, before, after)),
        "saved_per_file": asdict(
            mean_interval(costs(trained, outcome, before) - costs(trained, outcome, after))
        ),
    }


def costs(trained: Trained, outcome: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Return what each file costs at the threshold in force, shape ``(rows,)``."""
    flagged, price = p >= trained.card["threshold"]["in_force"], trained.training.costs
    return np.where(outcome == 1, price.false_negative * ~flagged, price.false_positive * flagged)


def mean_interval(values: np.ndarray) -> Interval:
    """Return a mean with its normal 95 % interval."""
    margin = _Z * values.std(ddof=1) / np.sqrt(len(values))
    return Interval(float(values.mean()), float(values.mean() - margin), float(values.mean() + margin))


def keep(table: Table, names: set[str] | frozenset[str]) -> Table:
    """Return the table whose stages read only the inputs ``names``."""
    left = {family: tuple(n for n in own if n in names) for family, own in table.families.items()}
    return replace(table, families=left)


def concerned(table: Table, names: set[str] | frozenset[str]) -> np.ndarray:
    """Return the rows of which some stage reads one of the inputs ``names``."""
    mask = np.zeros(len(table.outcome), dtype=bool)
    for family, own in table.families.items():
        if names & set(own):
            mask |= rows_of(family, table.covered, len(mask))
    return np.flatnonzero(mask)
