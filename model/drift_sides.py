"""The two sides of a comparison: the files that the model learnt from, and those of a batch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from data.portfolios import Portfolio
from model import segments
from model.artifact import Model
from model.crowd import crowd
from model.population import Population, prepare
from model.stages import BASE_FAMILY, log_odds

MOST = 100_000  # files of training that a batch is compared with
CHUNK = 5_000
GLIMPSE = 2_000
ALIKE = 5  # files of each kind, on average, from which scores are shared


@dataclass(frozen=True)
class Side:
    """Files as columns of numbers.

    Attributes
    ----------
    inputs : names of the rows of ``values``
    categories : values that the codes of a text input stand for; one code further, all others
    values : array of float32, shape (inputs, files); missing is NaN
    points : array, shape (files,)
    covered : family -> array of bool, shape (files,)
    """

    inputs: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]
    values: np.ndarray = field(repr=False)
    points: np.ndarray = field(repr=False)
    covered: Mapping[str, np.ndarray] = field(repr=False)

    @property
    def rows(self) -> int:
        return len(self.points)

    def column(self, name: str, family: str) -> np.ndarray:
        """Return the values of an input for the files that its family was collected for."""
        values = self.values[self.inputs.index(name)]
        return values if family == BASE_FAMILY else values[self.covered[family]]

    def take(self, rows: np.ndarray) -> "Side":
        """Return the side of these files only."""
        covered = {family: mask[rows] for family, mask in self.covered.items()}
        return Side(self.inputs, self.categories, self.values[:, rows], self.points[rows], covered)


def training(portfolio: Portfolio, model: Model) -> Side:
    """Return the files that a model learnt from, with the points it would have given them unseen.

    Of very many files a sample, the same on every run.
    """
    known = crowd(model)
    rows = np.arange(known.size)
    if known.size > MOST:
        rows = np.sort(np.random.default_rng(0).permutation(known.size)[:MOST])
    values = known.values[:-2, rows]
    categories = {name: tuple(values) for name, values in known.categories.items()}
    covered = _covered(portfolio, known.inputs, values)
    side = Side(known.inputs, categories, values, np.asarray(known.points)[rows], covered)
    shared = _shared(model, side)
    return side if shared is None else replace(side, points=shared)


def _shared(model: Model, side: Side) -> np.ndarray | None:
    """Return the points that the model gives files which many others are just like; None elsewhere.

    A few kinds of files have a few scores. The fold that judged a file gave it another than the model
    does: bars beside bars, which would pass for drift. What so many share is not learnt by heart.
    """
    comparable = np.nan_to_num(side.values, nan=-np.inf, neginf=-np.inf)
    some = comparable[:, :GLIMPSE]  # enough to see that files differ, as they mostly do
    if 2 * np.unique(some, axis=1).shape[1] > some.shape[1]:
        return None
    kinds, first, kind = np.unique(comparable, axis=1, return_index=True, return_inverse=True)
    if ALIKE * kinds.shape[1] > side.rows:
        return None
    matrix = side.values[:, first].T.astype(np.float64)
    for name, known in side.categories.items():  # the model reads what it never saw as missing
        place = side.inputs.index(name)
        matrix[matrix[:, place] >= len(known), place] = np.nan
    covered = {family: mask[first] for family, mask in side.covered.items()}
    raw = model.calibration.apply(log_odds(model.stages, matrix, covered))
    return model.scale.points(raw)[kind.ravel()]


def batch(
    portfolio: Portfolio,
    model: Model,
    frame: pl.DataFrame,
    each: Callable[[int, int], None] = lambda done, of: None,
) -> Side:
    """Return the files of a bank's frame (see ``data.bank.Bank.frame``), scored by the model.

    A part at a time: the features of many files at once would take several times their memory.
    """
    inputs, categories = model.encoding.inputs, model.encoding.categories
    values = np.empty((len(inputs), len(frame)), dtype=np.float32)
    points = np.empty(len(frame))
    for start in range(0, len(frame), CHUNK):
        rows = slice(start, min(start + CHUNK, len(frame)))
        values[:, rows], points[rows] = _scored(model, prepare(portfolio, frame[rows]))
        each(rows.stop, len(frame))
    return Side(inputs, categories, values, points, _covered(portfolio, inputs, values))


def _scored(model: Model, population: Population) -> tuple[np.ndarray, np.ndarray]:
    """Return the values of some files, shape ``(inputs, files)``, and their points."""
    encoding = model.encoding
    matrix = encoding.encode(population.frame)
    raw = model.calibration.apply(log_odds(model.stages, matrix, population.covered))
    # The numbers of training are kept in single precision: a tie must stay a tie.
    values = matrix.T.astype(np.float32)
    for name, known in encoding.categories.items():
        given = population.frame[name].is_not_null().to_numpy()
        place = encoding.inputs.index(name)
        values[place, given & np.isnan(values[place])] = len(known)
    return values, model.scale.points(raw)


def halves(side: Side, seed: int) -> tuple[Side, Side]:
    """Return a random half of a side, and the other half."""
    order = np.random.default_rng(seed).permutation(side.rows)
    middle = side.rows // 2
    return side.take(order[:middle]), side.take(order[middle:])


def _covered(portfolio: Portfolio, inputs: tuple[str, ...], values: np.ndarray) -> dict[str, np.ndarray]:
    """Return the files for which each history was collected: those with anything known from it.

    A history that was collected and is empty still has its counts, which are then nought. Beside
    them, the files of each segment.
    """
    place = {name: number for number, name in enumerate(inputs)}
    histories = {
        family: ~np.isnan(values[[place[n] for n in portfolio.by_source(family) if n in place]]).all(axis=0)
        for family in portfolio.families
    }
    known = segments.of(portfolio)
    return histories | (segments.routes(portfolio, values[place[known[0].column]]) if known else {})
