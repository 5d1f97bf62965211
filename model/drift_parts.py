"""How far two samples of one column are apart, and how far chance alone would set them.

The population stability index (PSI) of shares p and q over the same cells is the sum of
``(q - p) ln(q / p)``; credit scoring watches it from 0.10 and acts from 0.25 (Siddiqi 2006). Two
samples of the same population do not give 0: of n and m rows over k cells the index is about
``(1/n + 1/m)`` times a chi-square of k - 1 degrees (Yurdakul 2018), which the limits here respect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from model.drift_results import DriftState, Shape

CELLS = 10  # deciles of training
FEW_VALUES = 20  # a number of no more values than this has a cell for each
COMMON = 0.01  # categories rarer than this at training share a cell, where there are many
FALSE_ALARM = 0.01  # chance that any column of a batch is reported while nothing moved
DRAWN = 16  # cells of a drawing


@dataclass(frozen=True)
class Cells:
    """The cells of one column, learnt from training.

    Attributes
    ----------
    cuts : array of float, shape (cells - 1,)
        A cell holds what lies above the cut before it, up to and with its own. None for categories.
    codes : array of int
        The categories that have a cell; all others share the last. None for numbers.
    before : array of int, shape (cells,)
        Rows of training in each.
    """

    cuts: np.ndarray | None
    codes: np.ndarray | None
    before: np.ndarray

    def count(self, known: np.ndarray) -> np.ndarray:
        """Return how many of the sorted ``known`` values lie in each cell, shape ``(cells,)``."""
        if self.codes is None:
            ends = np.searchsorted(known, self.cuts, side="right")
            return np.diff(np.concatenate([[0], ends, [len(known)]]))
        each = np.searchsorted(known, self.codes, side="right") - np.searchsorted(known, self.codes)
        return np.append(each, len(known) - each.sum())


def known_values(column: np.ndarray) -> np.ndarray:
    """Return the values of a column that are there, sorted: NaN is sorted last, and left out."""
    ordered = np.sort(column)
    return ordered[: np.searchsorted(ordered, np.nan)]


def learn(known: np.ndarray, is_category: bool) -> Cells:
    """Return the cells of a column from its sorted values at training."""
    if is_category:
        return _categories(known)
    change = np.flatnonzero(known[1:] != known[:-1])
    if len(change) < FEW_VALUES:
        cuts = known[change]
    else:
        ranks = np.ceil(np.arange(1, CELLS) * len(known) / CELLS).astype(int) - 1
        cuts = np.unique(known[ranks])
        if cuts[-1] == known[-1]:  # the greatest value is common: it gets a cell of its own
            cuts = np.unique(np.append(cuts[:-1], known[change[-1]]))
    return Cells(cuts, None, Cells(cuts, None, cuts).count(known))


def _categories(known: np.ndarray) -> Cells:
    codes, counts = np.unique(known, return_counts=True)
    if len(codes) > FEW_VALUES:
        codes = codes[counts >= COMMON * len(known)]
    return Cells(None, codes, Cells(None, codes, codes).count(known))


def psi(before: np.ndarray, after: np.ndarray) -> float:
    """Return the stability index of two counts over the same cells.

    Half a row is added to each cell: an empty one would make the index infinite.
    """
    used = (before > 0) | (after > 0)
    p, q = (_shares(counts[used]) for counts in (before, after))
    return float(np.sum((q - p) * np.log(q / p)))


def _shares(counts: np.ndarray) -> np.ndarray:
    return (counts + 0.5) / (counts.sum() + 0.5 * len(counts))


def chance(cells: int, before: int, after: int, false_alarm: float) -> float:
    """Return the index that samples of one population exceed with this probability only.

    The chi-square quantile is exact for two cells, else that of Wilson and Hilferty (1931), here
    right to two hundredths.
    """
    degrees = max(cells - 1, 1)
    spread = 2 / (9 * degrees)
    quantile = degrees * (1 - spread + NormalDist().inv_cdf(1 - false_alarm) * sqrt(spread)) ** 3
    if degrees == 1:
        quantile = NormalDist().inv_cdf(1 - false_alarm / 2) ** 2
    return (1 / before + 1 / after) * quantile


def chance_of_share(before: float, after: float, rows_before: int, rows_after: int, alarm: float) -> float:
    """Return the change of a share that chance alone exceeds with probability ``alarm`` only."""
    pooled = (before * rows_before + after * rows_after) / (rows_before + rows_after)
    deviation = sqrt(pooled * (1 - pooled) * (1 / rows_before + 1 / rows_after))
    return NormalDist().inv_cdf(1 - alarm / 2) * deviation


def share_outside(known: np.ndarray, among: np.ndarray) -> float:
    """Return the share of the ``known`` values that are not ``among`` others."""
    return float(np.isin(known, np.unique(among), invert=True).mean())


def band(moved: float, watch: float, act: float, by_chance: float = 0.0) -> DriftState:
    """Return the state of a move: what chance may give is never more than stable."""
    if moved >= max(act, by_chance):
        return "act"
    return "watch" if moved >= max(watch, by_chance) else "stable"


def worst(states: Sequence[DriftState]) -> DriftState:
    """Return the gravest of some states."""
    return next((state for state in ("act", "watch", "stable") if state in states), "few")


def drawn(cells: Cells, before: np.ndarray, after: np.ndarray, labels: Sequence[str]) -> Shape:
    """Return two sorted samples of a column as they are drawn.

    A cell for each category or each of a few values, else a histogram of equal stretches over all
    but the utmost hundredth at either end. ``labels`` name the codes of categories.
    """
    if cells.codes is not None:
        return _bars(cells.codes, before, after, [labels[int(code)] for code in cells.codes])
    values = before[np.flatnonzero(np.append(True, before[1:] != before[:-1]))]
    if len(values) <= FEW_VALUES:
        return _bars(values, before, after, [f"{value:.6g}" for value in values])
    low = min(known[len(known) // 100] for known in (before, after))
    high = max(known[-1 - len(known) // 100] for known in (before, after))
    edges = np.linspace(low, max(high, low + 1e-6), DRAWN + 1)
    inner = Cells(edges[1:-1], None, edges)
    shares = (_short(inner.count(known) / len(known)) for known in (before, after))
    return Shape(tuple(float(f"{edge:.6g}") for edge in edges), (), *shares)


def _bars(values: np.ndarray, before: np.ndarray, after: np.ndarray, names: Sequence[str]) -> Shape:
    """Return the shares of the commonest values; the last bar holds all others, when there are any."""
    counted = [Cells(None, values, values).count(known) for known in (before, after)]
    order = np.argsort(-counted[0][:-1], kind="stable")[: DRAWN - 1]
    order = np.sort(order) if len(values) < DRAWN else order
    shares = [counts[order] / counts.sum() for counts in counted]
    shares = [np.append(some, max(1 - some.sum(), 0)) for some in shares]
    labels = (*(names[place] for place in order), "")
    if not any(round(float(some[-1]), 4) for some in shares):
        shares, labels = [some[:-1] for some in shares], labels[:-1]
    return Shape((), labels, *map(_short, shares))


def _short(shares: np.ndarray) -> tuple[float, ...]:
    return tuple(round(float(share), 4) for share in shares)
