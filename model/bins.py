"""How the values of each input are grouped wherever the population is shown.

The groups are those of the whole population, fixed at training: a number falls between round
edges inside the ordinary range, beyond which nothing is told apart; a category that fewer than
thirty people have is merged with others. Filters choose *steps*, runs of bins that hold a fair
share of the population, so that moving an edge by one never leaves out a handful of people.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from data.portfolios import Column
from model.disclosure import LEAST

MISSING = 255
MOST_BINS = 36
MOST_DISTINCT = 20
LEAST_STEP = 0.04  # share of those whose value is known
ORDINARY = (0.01, 0.98)
_MONTH, _YEAR = 30.4375, 365.25
_DAYS = (1, 2, 5, 10, _MONTH, 2 * _MONTH, 3 * _MONTH, 6 * _MONTH, *(n * _YEAR for n in (1, 2, 5, 10, 20)))


@dataclass(frozen=True)
class Bins:
    """The groups of one input.

    Attributes
    ----------
    edges : of a number, inner edges in ascending order: bin ``i`` holds
        ``edges[i - 1] <= value < edges[i]``, the first and the last are open
    steps : first bin of each step that a filter can choose; the first is 0
    values : of a category, the values of each bin, the commonest first
    ends : of a number with few distinct values, the least and the greatest value in each bin;
        None where the bin is open
    missing : whether those without a value are many enough to be chosen
    whole : whether it counts things, so that a step below 5 ends at 4
    """

    edges: tuple[float, ...] = ()
    steps: tuple[int, ...] = (0,)
    values: tuple[tuple[float | str, ...], ...] = ()
    ends: tuple[tuple[float | None, float | None], ...] = ()
    missing: bool = False
    whole: bool = False

    @property
    def size(self) -> int:
        return len(self.values) or len(self.edges) + 1

    @property
    def is_category(self) -> bool:
        return bool(self.values)

    def of(self, value: float | str | None) -> int:
        """Return the bin of one decoded value; :data:`MISSING` without one, or when never seen."""
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return MISSING
        if self.is_category:
            return next((i for i, held in enumerate(self.values) if value in held), MISSING)
        return int(np.searchsorted(self.edges, np.float32(value), side="right"))

    def step_of(self, number: int) -> int:
        """Return the step that holds a bin."""
        return int(np.searchsorted(self.steps, number, side="right")) - 1

    def bounds(self, first: int, last: int) -> tuple[float | None, float | None]:
        """Return the values between which the steps from ``first`` to ``last`` lie; None is open.

        Both belong to the steps when there are few distinct values or whole ones; otherwise the
        upper one is where the next step begins.
        """
        start = self.steps[first]
        end = self.steps[last + 1] if last + 1 < len(self.steps) else self.size
        if self.ends:
            return self.ends[start][0], self.ends[end - 1][1]
        high = self.edges[end - 1] - self.whole if end < self.size else None
        return self.edges[start - 1] if start else None, high

    def to_json(self) -> dict:
        """Return what :meth:`from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict) -> "Bins":
        """Return bins as they were written."""
        return cls(
            tuple(told["edges"]),
            tuple(told["steps"]),
            tuple(tuple(held) for held in told["values"]),
            tuple(tuple(pair) for pair in told["ends"]),
            told["missing"],
            told["whole"],
        )


def learn(column: Column, values: np.ndarray, categories: Sequence[str]) -> tuple[Bins, np.ndarray]:
    """Group the values of one input.

    Parameters
    ----------
    values : array of float, shape (rows,); codes of ``categories`` for text, NaN where missing
    categories : names of the codes, empty for a number

    Returns
    -------
    bins : Bins
    codes : array of uint8, shape (rows,): the bin of each row, :data:`MISSING` without a value
    """
    values = values.astype(np.float32)
    known = values[~np.isnan(values)]
    missing = len(values) - len(known) >= LEAST
    if categories or column.kind == "flag":
        bins, codes = _categories(values, known, categories)
        return Bins(steps=tuple(range(max(len(bins), 1))), values=bins, missing=missing), codes
    distinct, counts = np.unique(known, return_counts=True)
    if len(distinct) <= MOST_DISTINCT:
        edges, ends = _few(distinct, counts)
    else:
        edges, ends = _edges(column, known), ()
    codes = np.searchsorted(np.array(edges, dtype=np.float32), values, side="right").astype(np.uint8)
    codes[np.isnan(values)] = MISSING
    found = np.bincount(codes[codes != MISSING], minlength=len(edges) + 1)
    whole = column.kind == "number" and bool((known == np.round(known)).all())
    return Bins(edges=edges, steps=_steps(found), ends=ends, missing=missing, whole=whole), codes


def _categories(values: np.ndarray, known: np.ndarray, categories: Sequence[str]):
    """Return the values of each bin, the commonest first, and the bin of each row."""
    present, counts = np.unique(known, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    groups: list[list[float]] = [[float(present[i])] for i in order]
    sizes = [int(counts[i]) for i in order]
    # The rarest go together until they are many enough, even when that takes a common one.
    while len(groups) > 1 and (sizes[-1] < LEAST or len(groups) > MISSING - 1):
        groups[-2:], sizes[-2:] = [groups[-2] + groups[-1]], [sizes[-2] + sizes[-1]]
    table = np.empty(len(present), dtype=np.uint8)
    for number, held in enumerate(groups):
        table[np.searchsorted(present, held)] = number
    codes = np.full(len(values), MISSING, dtype=np.uint8)
    there = ~np.isnan(values)
    codes[there] = table[np.searchsorted(present, values[there])]
    named = tuple(tuple(categories[int(v)] if categories else v for v in held) for held in groups)
    return named, codes


def _few(distinct: np.ndarray, counts: np.ndarray):
    """Return the edges between few distinct values, and the ends of each bin.

    Neighbours are merged until thirty people share a bin; an outer one that holds several values
    is open, for its end could be a single person's.
    """
    starts, total = [0] if len(distinct) else [], 0
    for place, amount in enumerate(counts):
        if total >= LEAST:
            starts.append(place)
            total = 0
        total += int(amount)
    if total < LEAST and len(starts) > 1:
        starts.pop()
    stops = [*starts[1:], len(distinct)]
    ends = [[float(distinct[a]), float(distinct[b - 1])] for a, b in zip(starts, stops, strict=False)]
    if ends and ends[0][0] != ends[0][1]:
        ends[0][0] = None
    if ends and ends[-1][0] != ends[-1][1]:
        ends[-1][1] = None
    return tuple(float(distinct[place]) for place in starts[1:]), tuple(tuple(pair) for pair in ends)


def _edges(column: Column, known: np.ndarray) -> tuple[float, ...]:
    """Return round edges over the ordinary range of many distinct values."""
    low, high = np.quantile(known, ORDINARY)
    if low == high:  # nearly everyone has one value: look at the others
        ordered = np.sort(known)
        low, high = ordered[LEAST - 1], ordered[-LEAST]
    if low == high:
        return ()
    step = _round_step((high - low) / MOST_BINS, column.unit, bool((known == np.round(known)).all()))
    first, last = math.floor(low / step) + 1, math.ceil(high / step) - 1
    return tuple(float(np.float32(round(n * step, 10))) for n in range(first, max(first, last) + 1))


def _round_step(least: float, unit: str, whole: bool) -> float:
    """Return the smallest round step that is at least ``least``."""
    if unit in ("days_ago", "days_when"):
        return next((step for step in _DAYS if step >= least), _DAYS[-1] * math.ceil(least / _DAYS[-1]))
    power = 10.0 ** math.floor(math.log10(least))
    step = next(n * power for n in (1, 2, 5, 10) if n * power >= least * (1 - 1e-9))
    return max(1.0, step) if whole else step


def _steps(counts: np.ndarray) -> tuple[int, ...]:
    """Return the first bin of each step: bins run together until they hold a fair share.

    Where nearly everyone is in one bin, thirty people make a step.
    """
    total = counts.sum()
    steps = _runs(counts, max(LEAST, LEAST_STEP * total))
    return steps if len(steps) > 1 else _runs(counts, LEAST)


def _runs(counts: np.ndarray, least: float) -> tuple[int, ...]:
    starts, held = [0], 0
    for number, amount in enumerate(counts):
        if held >= least:
            starts.append(number)
            held = 0
        held += int(amount)
    if held < least and len(starts) > 1:
        starts.pop()
    return tuple(starts)
