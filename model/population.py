"""Many clients as numbers: what training, evaluation, scoring and lists of clients work on."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data import features
from data.portfolios import Portfolio
from model import segments
from model.artifact import Model
from model.calibration import probability
from model.stages import log_odds


@dataclass(frozen=True)
class Population:
    """Clients in rows: their ids, their inputs and which histories were collected for them.

    Attributes
    ----------
    ids : list of str
    frame : polars.DataFrame
        Model inputs, then the protected columns and the notes.
    covered : family -> array of bool, shape (rows,)
        Which histories were collected; and, by the value as given, which segment the row is of.
    outcome : array of float, shape (rows,), or None
        1 for the positive class; NaN where not known. None without a target column.
    """

    ids: list[str]
    frame: pl.DataFrame
    covered: dict[str, np.ndarray]
    outcome: np.ndarray | None

    def take(self, rows: np.ndarray) -> "Population":
        """Return the population of these rows only."""
        return Population(
            [self.ids[row] for row in rows],
            self.frame[rows],
            {family: mask[rows] for family, mask in self.covered.items()},
            None if self.outcome is None else self.outcome[rows],
        )


def prepare(portfolio: Portfolio, frame: pl.DataFrame) -> Population:
    """Compute the features of a bank's frame (see ``data.bank.Bank.frame``)."""
    covered = {
        family: frame[f"covered_{family}"].fill_null(False).to_numpy()
        if f"covered_{family}" in frame.columns
        else np.zeros(len(frame), dtype=bool)
        for family in portfolio.families
    } | segments.masks(portfolio, frame)
    outcome = None
    if portfolio.target in frame.columns:
        outcome = frame[portfolio.target].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    ids = frame[portfolio.id_column].cast(pl.String).to_list()
    return Population(ids, features.inputs(portfolio, frame), covered, outcome)


def score(model: Model, population: Population, threads: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return probability of the positive class and points of each row, shape ``(rows,)``."""
    matrix = model.encoding.encode(population.frame)
    calibrated = model.calibration.apply(log_odds(model.stages, matrix, population.covered, threads))
    return probability(calibrated), model.scale.points(calibrated)
