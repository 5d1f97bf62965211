"""Two ways to weigh an input, compared: what scrambling it costs, and what it moves. Training only.

L. Breiman, *Random forests*, Machine Learning 45, 2001 (permutation); S. Lundberg and others, *From
local explanations to global understanding with explainable AI for trees*, Nature Machine
Intelligence 2, 2020 (mean absolute contribution).
"""

from collections.abc import Callable, Sequence

import numpy as np

from model import metrics
from model.refit import parts_of, refit
from model.stages import Stage, log_odds, rows_of
from model.table import Table
from model.trained import Trained
from model.validation import FOLDS

MOST_ROWS = 4_000  # files of a fold that are scrambled
SHOWN, HEAVY = 5, 30


def compared(trained: Trained, each: Callable[[str], None] = lambda step: None) -> dict:
    """Weigh every input by both ways on the files that each fold held out.

    Returns
    -------
    dict
        ``rank_correlation`` (Spearman) over the inputs that some fold uses; ``rows``; ``inputs``:
        for each name its ``permutation`` (AUC lost, mean over the folds), its ``contribution`` (mean
        absolute points) and its place by each; ``apart``: those whose places differ most among the
        ``HEAVY`` first by either.
    """
    data, like = trained.data, trained.training.result
    _, fitted = refit(trained, parts_of(data, like), "as trained", each, rounds=like.rounds)
    lost, moved = np.zeros((FOLDS, len(data.inputs))), np.zeros((FOLDS, len(data.inputs)))
    rows = 0
    for number, stages in enumerate(fitted):
        held = np.flatnonzero(like.fold == number)[:MOST_ROWS]
        part = data.take(held)
        lost[number], moved[number] = _scrambled(stages, part, trained.seed + number), _moved(stages, part)
        rows += len(held)
        each(f"inputs scrambled, fold {number + 1} of {FOLDS}")
    per_unit = abs(trained.training.scale.factor * trained.training.calibration.slope)
    return {"rows": rows} | weighed(data.inputs, lost.mean(axis=0), per_unit * moved.mean(axis=0))


def _scrambled(stages: Sequence[Stage], part: Table, seed: int) -> np.ndarray:
    """Return the AUC lost when each input is shuffled among the files that have its history."""
    generator = np.random.default_rng(seed)
    whole = log_odds(stages, part.matrix, part.covered)
    area, lost = metrics.auc(part.outcome, whole), np.zeros(len(part.inputs))
    for stage in stages:
        rows = np.flatnonzero(rows_of(stage.family, part.covered, len(whole)))
        used = stage.booster.feature_importance("split") > 0
        if not len(rows):
            continue
        matrix = part.matrix[rows]
        before = stage.log_odds(matrix)
        for place in stage.positions[used]:
            own = matrix[:, place].copy()
            matrix[:, place] = generator.permutation(own)
            shuffled = whole.copy()
            shuffled[rows] += stage.log_odds(matrix) - before
            lost[place] = area - metrics.auc(part.outcome, shuffled)
            matrix[:, place] = own
    return lost


def _moved(stages: Sequence[Stage], part: Table) -> np.ndarray:
    """Return the mean absolute contribution of each input, in log-odds of the raw score."""
    total = np.zeros(len(part.inputs))
    for stage in stages:
        rows = rows_of(stage.family, part.covered, len(part.outcome))
        if rows.any():
            total += np.abs(stage.contributions(part.matrix[rows])[0]).sum(axis=0)
    return total / len(part.outcome)


def weighed(names: Sequence[str], lost: np.ndarray, points: np.ndarray) -> dict:
    """Compare two weights of the same inputs (see :func:`compared`); those never used are left out."""
    used = np.flatnonzero(points > 0)
    by_loss, by_points = _places(lost[used]), _places(points[used])
    centred = by_loss - by_loss.mean(), by_points - by_points.mean()
    spread = np.sqrt((centred[0] ** 2).sum() * (centred[1] ** 2).sum())
    inputs = {
        names[index]: {
            "permutation": float(lost[index]),
            "contribution": float(points[index]),
            "place_permutation": int(by_loss[place]),
            "place_contribution": int(by_points[place]),
        }
        for place, index in enumerate(used)
    }
    heavy = [name for place, name in enumerate(inputs) if min(by_loss[place], by_points[place]) <= HEAVY]
    gap = {n: abs(inputs[n]["place_permutation"] - inputs[n]["place_contribution"]) for n in heavy}
    return {
        "rank_correlation": float((centred[0] * centred[1]).sum() / spread) if spread else 0.0,
        "inputs": inputs,
        "apart": sorted(heavy, key=lambda name: -gap[name])[:SHOWN],
    }


def _places(weights: np.ndarray) -> np.ndarray:
    """Return the place of each weight, the heaviest being 1."""
    places = np.empty(len(weights))
    places[np.argsort(-weights, kind="stable")] = np.arange(1, len(weights) + 1)
    return places
