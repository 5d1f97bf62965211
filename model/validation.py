"""Cross-validation of a whole model: what it would have said of files it never saw."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model import calibration, cost, metrics
from model.calibration import Calibration
from model.cost import Costs
from model.fitting import fit, slices
from model.recipe import DEFAULT, Recipe
from model.stages import log_odds
from model.table import Table

FOLDS = 5


@dataclass(frozen=True)
class CrossValidation:
    """Out-of-fold answers.

    Attributes
    ----------
    fold : array of int, shape (rows,)
    raw : array of float, shape (rows,)
        Log-odds from models that did not see the row.
    without : family -> array of float, shape (rows,)
        The same before the stage of that family was added.
    rounds : list of {family: trees}, one per fold
    """

    fold: np.ndarray
    raw: np.ndarray
    without: dict[str, np.ndarray]
    rounds: list[dict[str, int]]


def cross_validate(
    table: Table,
    *,
    seed: int,
    threads: int,
    recipe: Recipe = DEFAULT,
    fold: np.ndarray | None = None,
    each: Callable[[str], None] = lambda family: None,
) -> CrossValidation:
    """Fit on four fifths, answer on the last, five times, stratified by outcome, without parting a group.

    ``fold`` gives each row's fold, shape ``(rows,)``, to compare with a model on other rows.
    """
    fold = slices(table.outcome, FOLDS, seed, table.group) if fold is None else fold
    raw = np.empty(len(fold))
    without = {family: np.full(len(fold), np.nan) for family in table.families}
    rounds = []
    for number in range(FOLDS):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        stages, used = fit(table.take(inside), seed=seed + number, threads=threads, recipe=recipe, each=each)
        rounds.append(used)
        part = table.take(outside)
        for position, stage in enumerate(stages):
            without[stage.family][outside] = log_odds(stages[:position], part.matrix, part.covered, threads)
        raw[outside] = log_odds(stages, part.matrix, part.covered, threads)
    return CrossValidation(fold, raw, without, rounds)


def calibrated_apart(result: CrossValidation, outcome: np.ndarray) -> np.ndarray:
    """Return out-of-fold log-odds, each fold calibrated on the four others, shape ``(rows,)``.

    A score that ranks those four the wrong way round says nothing of the fold. Turned round it would
    seem to: the models that answered the four have learnt from the fold.
    """
    said = np.empty(len(outcome))
    for number in range(FOLDS):
        outside = result.fold == number
        fitted = calibration.fit(result.raw[~outside], outcome[~outside])
        if fitted.slope < 0:
            rate = outcome[~outside].mean()
            fitted = Calibration(slope=0.0, intercept=float(np.log(rate / (1 - rate))))
        said[outside] = fitted.apply(result.raw[outside])
    return said


def agreed_rounds(rounds: list[dict[str, int]]) -> dict[str, int]:
    """Return the mean number of trees of each stage that most folds could fit."""
    names = [family for family in rounds[0] if sum(family in used for used in rounds) > len(rounds) / 2]
    return {
        family: round(float(np.mean([used[family] for used in rounds if family in used]))) for family in names
    }


def by_fold(result: CrossValidation, outcome: np.ndarray, p: np.ndarray, threshold: float, costs: Costs):
    """Return AUC, cost per file and trees of each fold, as a list of dicts."""
    return [
        {
            "rows": int(np.sum(result.fold == number)),
            "auc": metrics.auc(outcome[result.fold == number], result.raw[result.fold == number]),
            "cost_per_file": cost.per_file(
                p[result.fold == number], outcome[result.fold == number], threshold, costs
            ),
            "trees": result.rounds[number],
        }
        for number in range(FOLDS)
    ]


def gain_of_families(result: CrossValidation, table: Table) -> dict[str, dict[str, float]]:
    """Return what each history stage adds in AUC on the rows it covers, paired fold by fold.

    ``gain_sd`` is the standard deviation of the gain over the folds (not the error of the mean:
    folds share training rows).
    """
    gains = {}
    for family, without in result.without.items():
        rows = table.covered.get(family, np.zeros(0, dtype=bool))
        if not rows.any() or np.isnan(without[rows]).any():
            continue
        folds = [rows & (result.fold == number) for number in range(FOLDS)]
        each = [
            metrics.auc(table.outcome[part], result.raw[part])
            - metrics.auc(table.outcome[part], without[part])
            for part in folds
            if len(np.unique(table.outcome[part])) == 2
        ]
        gains[family] = {
            "rows": int(rows.sum()),
            "auc_without": metrics.auc(table.outcome[rows], without[rows]),
            "auc_with_all": metrics.auc(table.outcome[rows], result.raw[rows]),
            "gain": float(np.mean(each)),
            "gain_sd": float(np.std(each)),
            "folds_better": int(np.sum(np.array(each) > 0)),
        }
    return gains
