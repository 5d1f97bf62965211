"""Where settings are tried: folds whose rows LightGBM binned once for all trials. Training only."""

from collections.abc import Mapping

import numpy as np

from model.fitting import (
    Settings,
    boost,
    cross_fit,
    dataset,
    lightgbm_parameters,
    positions,
    settings_for,
    slices,
)
from model.recipe import DEFAULT, Overrides, Recipe
from model.stages import BASE_FAMILY, rows_of
from model.table import Table
from model.validation import FOLDS

# Of the rows learnt from, the share that only says when to stop: the fold judged never does.
STOPPING = 6


class FamilyUnknown(ValueError):
    """The portfolio has no such family of inputs, or no client of the bank has it."""


class Bench:
    """The rows that one family covers, cut into folds, ready for any number of fits.

    Parameters
    ----------
    table : Table
    family : the stage whose settings are tried
    seed : of the folds and of the fits, the same for all settings, so that they compare in pairs
    recipe : of the stages before, whose log-odds the stage tried starts from
    fold : array of int, shape (rows of the table,), optional
        Other folds than those that the seed gives.

    Attributes
    ----------
    outcome : array of {0, 1}, shape (rows,)
    fold : array of int, shape (rows,)
    """

    def __init__(
        self,
        table: Table,
        family: str = BASE_FAMILY,
        *,
        seed: int,
        threads: int,
        recipe: Recipe = DEFAULT,
        fold: np.ndarray | None = None,
    ):
        rows, self._offset = _part(table, family, seed, threads, recipe)
        self._family = family
        self._table = table.take(rows) if len(rows) < len(table.outcome) else table
        self._names = table.families[family]
        self._seed, self._threads = seed, threads
        self.outcome = self._table.outcome
        self.fold = slices(self.outcome, FOLDS, seed, self._table.group) if fold is None else fold[rows]
        self._binned: dict[int, tuple] = {}

    @property
    def defaults(self) -> dict[str, float]:
        """The parameters of LightGBM that a fit on these folds has by default."""
        return settings_for(int(np.sum(self.fold != 0)), self._family, len(self._names)).parameters

    def answer(self, number: int, parameters: Mapping[str, float]) -> tuple[np.ndarray, int]:
        """Fit without one fold and answer on it.

        Parameters
        ----------
        number : of the fold
        parameters : in what LightGBM is told otherwise than by default

        Returns
        -------
        said : array of float, shape (rows of the fold,)
            Log-odds, those of the stages before included.
        trees : int
        """
        inside, outside = np.flatnonzero(self.fold != number), np.flatnonzero(self.fold == number)
        if number not in self._binned:
            # By the default settings, whatever is tried first: bins must not depend on the order.
            self._binned[number] = self._bin(inside, number)
        learn, stop, before = self._binned[number]
        settings, told = self._told(len(inside), number, parameters)
        booster, curve = boost(learn, told, settings, stop)
        start = np.zeros(len(outside)) if self._offset is None else self._offset[outside]
        if before is not None and min(curve) >= before:
            return start, 0
        rows = self._table.matrix[np.ix_(outside, positions(self._table, self._names))]
        said = booster.predict(rows, raw_score=True, num_threads=self._threads)
        return start + said, booster.best_iteration

    def _told(self, rows: int, number: int, parameters: Mapping[str, float]) -> tuple[Settings, dict]:
        """Return how a fold is fitted, and all that LightGBM is told of it."""
        settings = settings_for(rows, self._family, len(self._names)).with_overrides(Overrides(parameters))
        seed = self._seed + number
        told = lightgbm_parameters(self._table, self._names, settings, seed=seed, threads=self._threads)
        # Bins are shared by trials that ask for other leaf sizes: none may be dropped for one of them.
        return settings, told | {"feature_pre_filter": False}

    def _bin(self, inside: np.ndarray, number: int) -> tuple:
        """Return the rows to learn from, those that say when to stop, and the log-loss at the start."""
        group = None if self._table.group is None else self._table.group[inside]
        part = slices(self.outcome[inside], STOPPING, self._seed + number, group)
        learn, stop = inside[part != 0], inside[part == 0]
        _, told = self._told(len(inside), number, {})
        learn_set = dataset(*self._rows(learn), told).construct()
        stop_set = dataset(*self._rows(stop), told, reference=learn_set).construct()
        if self._offset is None:
            return learn_set, stop_set, None
        start = self._offset[stop]
        before = float(np.mean(np.logaddexp(0, start) - self.outcome[stop] * start))
        return learn_set, stop_set, before

    def _rows(self, rows: np.ndarray) -> tuple:
        start = None if self._offset is None else self._offset[rows]
        return self._table.take(rows), self._names, start


def _part(
    table: Table, family: str, seed: int, threads: int, recipe: Recipe
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the numbers of the rows that a family covers, and what the stages before say of them."""
    if not table.families.get(family):
        raise FamilyUnknown(f"family {family!r}: no inputs; expected one of {', '.join(table.families)}")
    wanted = np.flatnonzero(rows_of(family, table.covered, len(table.outcome)))
    if family == BASE_FAMILY:
        return wanted, None
    if len(np.unique(table.outcome[wanted])) < 2:
        raise FamilyUnknown(f"family {family!r}: no client of the bank was asked about it")
    offset = np.zeros(len(table.outcome))
    for before, names in table.families.items():
        if before == family:
            break
        rows = np.flatnonzero(rows_of(before, table.covered, len(table.outcome)))
        if not names or not len(rows):
            continue
        start = None if before == BASE_FAMILY else offset[rows]
        settings = settings_for(len(rows), before, len(names)).with_overrides(recipe.of(before))
        part = table.take(rows)
        count, said = cross_fit(part, names, start, settings, None, seed=seed, threads=threads)
        offset[rows] += said if count else 0.0
    return wanted, offset[wanted]
