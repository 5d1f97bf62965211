"""Two inputs at a time: a grid of the clients kept, with the outcome in each cell."""

from dataclasses import dataclass

import numpy as np

from model import disclosure
from model.bins import MISSING, Bins
from model.disclosure import LEAST, Rate
from model.peers import Comparison

MOST_ACROSS, MOST_UP = 8, 6


@dataclass(frozen=True)
class Levels:
    """The levels of an input along a side of the grid, each a run of bins: first and last step.

    Of a category, ``others`` tells whether the last level holds all the rarer ones.
    """

    runs: tuple[tuple[int, int], ...]
    others: bool = False


@dataclass(frozen=True)
class Grid:
    """Outcomes by cell; ``cells[up][across]`` is None where too few clients are.

    ``own`` is this file's cell (across, up), None when a value is missing. ``missing`` is the
    share of those kept for whom one of the two is not known: they are in no cell.
    """

    across: Levels
    up: Levels
    cells: tuple[tuple[Rate | None, ...], ...]
    own: tuple[int, int] | None
    missing: float


def grid(compared: Comparison, across: str, up: str) -> Grid | None:
    """Return the grid of two inputs over everyone kept, None when these are hidden."""
    group, crowd = compared.groups["all"], compared.crowd
    if not group.shown:
        return None
    sides = [(across, MOST_ACROSS), (up, MOST_UP)]
    kept = {one.feature: sorted(one.steps) for one in compared.selection.filters}
    levels = [_levels(crowd.bins[n], crowd.counts(n), most, kept.get(n)) for n, most in sides]
    tables = [_table(crowd.bins[name], one) for (name, _), one in zip(sides, levels, strict=True)]
    codes = [crowd.coded(name) for name, _ in sides]
    if group.rows is not None:
        codes = [each[group.rows] for each in codes]
    wide, high = (len(one.runs) for one in levels)
    places = [table[each] for table, each in zip(tables, codes, strict=True)]
    known = (places[0] < MISSING) & (places[1] < MISSING)
    cell = places[1][known].astype(np.intp) * wide + places[0][known]
    positive = crowd.positive if group.rows is None else crowd.positive[group.rows]
    files = np.bincount(cell, minlength=wide * high)
    wrong = np.bincount(cell[positive[known]], minlength=wide * high)
    hidden = _hidden(files)
    rates = [
        None if hide else disclosure.rate(int(w), int(n))
        for hide, w, n in zip(hidden, wrong, files, strict=True)
    ]
    own = [
        int(table[crowd.bins[name].of(compared.features.get(name))])
        for table, (name, _) in zip(tables, sides, strict=True)
    ]
    return Grid(
        *levels,
        cells=tuple(tuple(rates[row * wide : (row + 1) * wide]) for row in range(high)),
        own=None if MISSING in own else (own[0], own[1]),
        missing=disclosure.share(int(np.count_nonzero(~known)), group.size),
    )


def _levels(bins: Bins, counts: np.ndarray, most: int, kept: list[int] | None) -> Levels:
    """Run steps of an input together into at most ``most`` levels, alike in size where possible.

    ``kept`` are the steps that a filter lets through, None for all. The sizes are those of the
    whole population: levels do not depend on who else is filtered.
    """
    steps = kept if kept else list(range(len(bins.steps)))
    if bins.is_category:
        if len(steps) <= most:
            return Levels(tuple((step, step) for step in steps))
        if not kept:
            return Levels((*((step, step) for step in steps[: most - 1]), (most - 1, steps[-1])), others=True)
        return Levels(tuple((step, step) for step in steps[:most]))
    each = np.add.reduceat(counts[: bins.size], bins.steps)
    runs, first, end = [], steps[0], steps[-1]
    while first <= end:
        # What is left, shared by the levels that are left.
        fair = each[first : end + 1].sum() / max(most - len(runs), 1)
        held, last = each[first], first
        while last < end and (held + each[last + 1] / 2 <= fair or len(runs) == most - 1):
            last += 1
            held += each[last]
        runs.append((first, last))
        first = last + 1
    return Levels(tuple(runs))


def _table(bins: Bins, levels: Levels) -> np.ndarray:
    """Return the level of each bin, shape (256,); :data:`MISSING` for no value."""
    table = np.full(MISSING + 1, MISSING, dtype=np.uint8)
    for level, (first, last) in enumerate(levels.runs):
        end = bins.steps[last + 1] if last + 1 < len(bins.steps) else bins.size
        table[bins.steps[first] : end] = level
    return table


def _hidden(files: np.ndarray) -> np.ndarray:
    """Say which cells hide: too few clients, or as many as would tell those by subtraction."""
    hidden = files < LEAST
    while 0 < files[hidden].sum() < LEAST and not hidden.all():
        hidden[np.argmin(np.where(hidden, np.iinfo(files.dtype).max, files))] = True
    return hidden
