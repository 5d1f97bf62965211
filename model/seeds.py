"""How much of a model is chance: the same training with other seeds and other folds. Training only."""

from collections.abc import Callable, Sequence

import numpy as np

from model import metrics, validation
from model.calibration import probability
from model.refit import costs, parts_of, refit
from model.trained import Trained
from model.validation import CrossValidation

REPEATS = 3
STEP = 1_000  # folds take the seeds that follow one another


def stability(trained: Trained, each: Callable[[str], None] = lambda step: None) -> dict:
    """Train again with other seeds, on the same folds and then on other folds.

    Trees are chosen again each time, as training does.

    Returns
    -------
    dict
        ``fits`` (same folds) and ``folds`` (other folds too), each with the ``auc`` and
        ``cost_per_file`` of every run, the trained model first, and their standard deviations
        ``auc_sd`` and ``cost_sd``; for the files, see :func:`of_files`.
    """
    like, data = trained.training.result, trained.data
    seeds = [trained.seed + STEP * number for number in range(1, REPEATS + 1)]
    runs: dict[str, list[CrossValidation]] = {"fits": [like], "folds": [like]}
    for seed in seeds:
        runs["fits"].append(refit(trained, parts_of(data, like), f"seed {seed}", each, seed=seed)[0])
    for seed in seeds:
        fold = validation.slices(data.outcome, validation.FOLDS, seed, data.group)
        other = CrossValidation(fold, like.raw, {}, [])
        moved = refit(
            trained, parts_of(data, other), f"other folds, seed {seed}", each, seed=seed, like=other
        )
        runs["folds"].append(moved[0])
    return {name: _told(trained, found) for name, found in runs.items()}


def _told(trained: Trained, runs: Sequence[CrossValidation]) -> dict:
    outcome = trained.data.outcome
    odds = np.array([validation.calibrated_apart(run, outcome) for run in runs])
    areas = [metrics.auc(outcome, one) for one in odds]
    prices = [float(costs(trained, outcome, probability(one)).mean()) for one in odds]
    mark = trained.training.scale.at_probability(trained.card["threshold"]["in_force"])
    return {
        "auc": areas,
        "auc_sd": float(np.std(areas, ddof=1)),
        "cost_per_file": prices,
        "cost_sd": float(np.std(prices, ddof=1)),
        "files": of_files(trained.training.scale.points(odds), mark, trained.card["grey_zone"]),
    }


def of_files(points: np.ndarray, mark: float, grey: float) -> dict[str, float]:
    """Return how much the points of a file move from one run to another.

    Parameters
    ----------
    points : array, shape (runs, files), the trained model first
    mark, grey : the pass mark and the width of the grey zone on each side of it, in points

    Returns
    -------
    dict
        ``points_sd``, the standard deviation of a file's points over the runs, middle file, and
        ``points_sd_95``, that which 95 % of the files keep within; shares of the files: ``changed``
        side of the mark in another run (on average over them), ``ever`` in at least one, and
        ``across``, from clear of the grey zone on one side to clear of it on the other in any two.
    """
    deviation = points.std(axis=0, ddof=1)
    above = points >= mark
    return {
        "points_sd": float(np.median(deviation)),
        "points_sd_95": float(np.quantile(deviation, 0.95)),
        "changed": float((above[1:] != above[0]).mean()),
        "ever": float((above[1:] != above[0]).any(axis=0).mean()),
        "across": float(((points >= mark + grey).any(axis=0) & (points < mark - grey).any(axis=0)).mean()),
    }
