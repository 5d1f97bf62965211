"""With which other input the effect of an input goes: the strongest interaction partner.

An input does not move the same points in every file that has the same value: the rest of the file
counts too. What is left of its points after the mean of its own (fine) cell is taken away is that
spread. The *share* that another input explains is the adjusted correlation ratio of the spread
over the groups made by a quarter of the input's own values and a group of the other's,

    share = 1 - (SSW / (n - groups)) / (SST / (n - 1)),

where SST is the sum of squares of the spread, SSW the same around the mean of each group, and n
the files. Quarters of its own values let a partner count whose influence changes sign on the way.
It measures an association: two inputs that go together share what they explain, and nothing says
which of them acts. Training only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from data.portfolios import Portfolio
from model.cells import Input
from model.evidence import LEAST

GROUPS = 4  # of a number's values; what is not provided makes one more
LEAST_SHARE = 0.02
FINE = 64  # cells of an input when its own effect is taken away
CROSSED_CELLS = 8


@dataclass(frozen=True)
class Partner:
    """The input ``partner`` explains ``share`` of the spread of the input ``index`` (positions)."""

    index: int
    partner: int
    share: float


def partners(
    portfolio: Portfolio, given: Sequence[Input], covered: np.ndarray, matrix: np.ndarray
) -> Iterator[Partner]:
    """Yield the strongest partner of each input that has one.

    Inputs told by the same voice in the reasons (a score and the mean of scores) are no partners:
    the answer would be that a thing goes with itself.

    Parameters
    ----------
    covered : array of bool, shape (files, inputs)
        Whether the stage that reads an input covers a file.
    matrix : array of float, shape (files, inputs)
    """
    voices = np.array([portfolio.columns[one.name].told_by for one in given])
    codes = [_groups(column, one) for column, one in zip(matrix.T, given, strict=True)]
    for rows, those in _together(covered):
        if len(rows) < 2 * LEAST:
            continue
        spreads = np.column_stack([_spread(given[index]) for index in those])
        own = np.column_stack([codes[index][rows] for index in those])
        shares = _shares([code[rows] for code in codes], spreads, own)
        shares[voices[:, None] == voices[those]] = -np.inf
        for index, column in zip(those, shares.T, strict=True):
            best = int(np.argmax(column))
            if column[best] >= LEAST_SHARE:
                yield Partner(int(index), best, float(column[best]))


def crossing(one: Input, partner: Input) -> dict | None:
    """Return the trend of ``one`` on either side of ``partner``, over the same files.

    ``sides`` holds two trends (``at`` and ``middle``), the first where the partner is low. For a
    number, ``upto`` and ``from`` are the greatest value of the first side and the least of the
    second; for a category, ``values`` names the two commonest. None when a side has no cell.
    """
    sides = _sides(partner)
    if sides is None:
        return None
    told, masks = sides
    edges = one.edges(CROSSED_CELLS)
    trends = [one.summary(edges, mask) for mask in masks]
    if not all(trend["at"] for trend in trends):
        return None
    kept = [{"at": trend["at"], "middle": trend["middle"]} for trend in trends]
    return {"with": partner.name} | told | {"sides": kept}


def _sides(partner: Input) -> tuple[dict, list[np.ndarray]] | None:
    known = partner.values[partner.known]
    values, counts = np.unique(known, return_counts=True)
    if len(values) < 2:
        return None
    if partner.categories:
        two = np.sort(values[np.argsort(-counts, kind="stable")[:2]])
        return {"values": [partner.told(value) for value in two]}, [partner.values == code for code in two]
    # The cut closest to half of the files on either side.
    below = np.cumsum(counts)[:-1]
    cut = int(np.argmin(np.abs(below - len(known) / 2)))
    upto, start = float(values[cut]), float(values[cut + 1])
    return {"upto": upto, "from": start}, [partner.values <= upto, partner.values >= start]


def _together(covered: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield ``(rows, inputs)`` for the inputs that cover the same files."""
    patterns, which = np.unique(covered, axis=1, return_inverse=True)
    for number in range(patterns.shape[1]):
        yield np.flatnonzero(patterns[:, number]), np.flatnonzero(which == number)


def _groups(column: np.ndarray, one: Input) -> np.ndarray:
    """Return the group of each file by its value: a category, or a quarter of the numbers."""
    known = column[~np.isnan(column)]
    if one.categories or not len(known):
        codes = column
    else:
        edges = np.unique(np.quantile(known, np.linspace(0, 1, GROUPS + 1)[1:-1]))
        codes = np.searchsorted(edges, column, side="right").astype(float)
    return np.where(np.isnan(column), -1, codes).astype(int) + 1


def _spread(one: Input) -> np.ndarray:
    """Return the points of each file less the mean of its own cell."""
    cell = one.cell(one.edges(FINE)) + 1
    totals, counts = np.bincount(cell, one.points), np.bincount(cell)
    return one.points - (totals / np.maximum(counts, 1))[cell]


def _shares(codes: Sequence[np.ndarray], spreads: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Return the share of each spread that each partner explains, shape ``(partners, inputs)``.

    ``codes`` holds the groups of the files by partner, ``own`` those of each input by column.
    """
    files, inputs = spreads.shape
    quarters = [own == group for group in range(min(own.max(), GROUPS) + 1)]
    parts = np.hstack([spreads * quarter for quarter in quarters]).astype(np.float32)
    counted = np.hstack(quarters).astype(np.float32)
    total = (spreads**2).sum(axis=0)
    shares = np.full((len(codes), inputs), -np.inf)
    for place, code in enumerate(codes):
        member = (np.unique(code)[:, None] == code).astype(np.float32)
        sums, counts = member @ parts, member @ counted
        between = (sums**2 / np.maximum(counts, 1)).reshape(-1, inputs).sum(axis=0)
        groups = (counts > 0).reshape(-1, inputs).sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = 1 - ((total - between) / (files - groups)) / (total / (files - 1))
        shares[place] = np.where((total > 1e-9 * files) & (groups < files), share, -np.inf)
    return shares
