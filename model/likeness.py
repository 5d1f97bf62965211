"""The clients most like a file.

Likeness is Gower's (1971): each input counts the same, a number by how far apart the two places
are among the population, a category by being the same or not, a value missing on one side only as
far apart as can be, missing on both sides as the same. The search is exact: every client kept is
measured, on bytes, some thirty thousand at a time.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from model.crowd import TOP_RANK, Crowd, Near
from model.results import Value

_CHUNK = 1 << 15  # clients at a time, so that the sums stay in the processor's cache


def most_similar(
    crowd: Crowd, features: Mapping[str, Value], own: np.ndarray, rows: np.ndarray | None, size: int
) -> np.ndarray:
    """Return the rows of the ``size`` clients nearest to a file, this file's own row left out.

    Equally near clients are taken in the order of the population.

    Parameters
    ----------
    own : the file's features as a column of the population would hold them
    rows : those to choose from, None for everyone
    """
    ranks = np.array([n.rank(features.get(n.feature), crowd.bins[n.feature]) for n in crowd.near])
    far = distances(crowd.ranks, ranks, crowd.near, rows)
    for place in np.flatnonzero(far == 0):
        row = place if rows is None else rows[place]
        if np.array_equal(crowd.values[: len(own), row], own, equal_nan=True):
            far[place] = np.iinfo(far.dtype).max
            break
    chosen = nearest(far, size)
    return chosen if rows is None else rows[chosen]


def distances(
    ranks: np.ndarray, own: np.ndarray, near: Sequence[Near], rows: np.ndarray | None = None
) -> np.ndarray:
    """Return the distance of clients to a file, in 63rds of an input, shape (clients,) or (rows,).

    Parameters
    ----------
    ranks : array of int8, shape (inputs, clients)
    own : the file's rank of each input, shape (inputs,)
    near : what each input is
    rows : the clients to measure, None for all
    """
    clients = ranks.shape[1] if rows is None else len(rows)
    total = np.empty(clients, dtype=np.uint16)
    apart, part = np.empty(_CHUNK, dtype=np.int8), np.empty(_CHUNK, dtype=np.uint8)
    for start in range(0, clients, _CHUNK):
        chunk = total[start : start + _CHUNK]
        chunk[:] = 0
        gap, four = apart[: len(chunk)], part[: len(chunk)]
        there = slice(start, start + _CHUNK) if rows is None else rows[start : start + _CHUNK]
        for first in range(0, len(near), 4):  # four gaps of at most 63 fit in a byte
            four[:] = 0
            for number in range(first, min(first + 4, len(near))):
                _gap(ranks[number][there], int(own[number]), near[number].is_category, gap)
                np.add(four, gap.view(np.uint8), out=four)
            np.add(chunk, four, out=chunk)
    return total


def _gap(ranks: np.ndarray, own: int, is_category: bool, out: np.ndarray) -> None:
    """Write how far apart the ranks are from the file's own: 0 to 63."""
    if is_category:
        np.not_equal(ranks, np.int8(own), out=out.view(bool))
        np.multiply(out, np.int8(TOP_RANK), out=out)
        return
    np.subtract(ranks, np.int8(own), out=out)
    np.abs(out, out=out)
    # A value missing on one side is 64 to 127 away: as far as can be.
    np.minimum(out, np.int8(TOP_RANK), out=out)


def nearest(far: np.ndarray, size: int) -> np.ndarray:
    """Return the places of the ``size`` smallest distances, those first in order among equals."""
    reached = np.cumsum(np.bincount(far))
    edge = int(np.searchsorted(reached, size))
    closer = np.flatnonzero(far < edge)
    return np.concatenate([closer, np.flatnonzero(far == edge)[: size - len(closer)]])
