"""Whether the directions that the portfolio declares are kept, and what keeping them costs. Training only."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from model.refit import paired, parts_of, refit, said
from model.stages import Stage
from model.trained import Trained

ROWS, STEPS = 500, 12


def kept(trained: Trained, each: Callable[[str], None] = lambda step: None) -> dict:
    """Move each input that has a direction, file by file, and fit again without directions.

    Returns
    -------
    dict
        See :func:`moved`; ``without``: what directions bring, against the same model free of
        them (a negative AUC is what they cost).
    """
    told = moved(trained.stages, trained.data.matrix, trained.data.inputs, trained.data.monotone)
    each("inputs moved")
    data, like = replace(trained.data, monotone={}), trained.training.result
    free, _ = refit(trained, parts_of(data, like), "without directions", each, rounds=like.rounds)
    outcome = trained.data.outcome
    return told | {"without": paired(trained, said(free, outcome), said(like, outcome))}


def moved(
    stages: Sequence[Stage],
    matrix: np.ndarray,
    inputs: Sequence[str],
    monotone: dict[str, int],
    seed: int = 0,
) -> dict:
    """Move each input with a direction over its own range in files drawn at random.

    Returns
    -------
    dict
        ``inputs`` with a direction that a stage reads, ``files`` drawn, ``moves`` made, those
        ``against`` the direction and ``worst``, the most that one moved against it, in log-odds.
    """
    generator, place = np.random.default_rng(seed), {name: index for index, name in enumerate(inputs)}
    rows = matrix[generator.choice(len(matrix), min(ROWS, len(matrix)), replace=False)]
    signed = [(s, n, monotone[n]) for s in stages for n in s.inputs if monotone.get(n, 0)]
    moves, against, worst = 0, 0, 0.0
    for stage, name, sign in signed:
        known = matrix[:, place[name]][~np.isnan(matrix[:, place[name]])]
        if not len(known):
            continue
        grid = np.unique(np.quantile(known, np.linspace(0, 1, STEPS)))
        rises = sign * np.diff([stage.log_odds(_with(rows, place[name], value)) for value in grid], axis=0)
        moves += rises.size
        against += int((rises < 0).sum())
        worst = max(worst, float(-rises.min(initial=0.0)))
    return {"inputs": len(signed), "files": len(rows), "moves": moves, "against": against, "worst": worst}


def _with(rows: np.ndarray, column: int, value: float) -> np.ndarray:
    changed = rows.copy()
    changed[:, column] = value
    return changed
