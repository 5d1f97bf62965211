"""A model is a sum of stages in log-odds: one for every file, one more per history collected.

The application stage reads what every file has. Each history family then adds a small booster
on its own inputs, which starts from what the stages before it said (LightGBM ``init_score``).
A file whose history was not collected simply has no such stage, and nothing has to be guessed.

Where segments have models of their own (:mod:`model.segments`), a stage of each stands in the place of
the application stage and covers the files of its segment alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model import booster as lgb

BASE_FAMILY = "application"


@dataclass(frozen=True)
class Stage:
    """One booster, the family it reads and where its inputs stand in the matrix."""

    family: str
    inputs: tuple[str, ...]
    positions: np.ndarray
    booster: "lgb.lightgbm.Booster"

    def log_odds(self, matrix: np.ndarray, threads: int = 1) -> np.ndarray:
        """Return what this stage adds for each row of the full matrix, shape ``(rows,)``."""
        return lgb.log_odds(self.booster, matrix[:, self.positions], threads)

    def contributions(self, matrix: np.ndarray, threads: int = 1) -> tuple[np.ndarray, float]:
        """Return exact contributions over all inputs, shape ``(rows, inputs)``, and the average."""
        parts = lgb.contributions(self.booster, matrix[:, self.positions], threads)
        spread = np.zeros(matrix.shape)
        spread[:, self.positions] = parts[:, :-1]
        return spread, float(parts[0, -1])


def log_odds(
    stages: Sequence[Stage], matrix: np.ndarray, covered: dict[str, np.ndarray], threads: int = 1
) -> np.ndarray:
    """Return the raw log-odds of each row: the sum of the stages that cover it.

    Parameters
    ----------
    matrix : array of float64, shape (rows, inputs)
    covered : family -> array of bool, shape (rows,)
        Whether the family was collected for the row, or the row is of the segment; the application
        stage covers all.
    """
    total = np.zeros(len(matrix))
    for stage in stages:
        rows = rows_of(stage.family, covered, len(matrix))
        if rows.any():
            total[rows] += stage.log_odds(matrix[rows], threads)
    return total


def rows_of(family: str, covered: dict[str, np.ndarray], rows: int) -> np.ndarray:
    """Return the rows that a stage of ``family`` covers, as a mask of shape ``(rows,)``."""
    return np.ones(rows, dtype=bool) if family == BASE_FAMILY else covered[family]
