"""Arrays of rows that belong to parents: how many each has, in which order, under which key."""

import numpy as np


def spread(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, for every child row, the position of its parent and its own place from 0.

    Examples
    --------
    >>> parent, place = spread(np.array([2, 0, 3]))
    >>> parent.tolist(), place.tolist()
    ([0, 0, 2, 2, 2], [0, 1, 0, 1, 2])
    """
    counts = np.asarray(counts, dtype=np.int64)
    parent = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return parent, np.arange(len(parent)) - first[parent]


def systematic(probability: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw yes or no with unequal probabilities so that every stratum has its expected number.

    Rows are taken in the order of their probabilities, along the running sum of these, one
    yes for each whole number passed. Each row keeps its own probability, but neither the
    rate nor how well it can be told in advance wanders as with independent throws.
    """
    order = np.argsort(probability + 1e-9 * rng.random(len(probability)))
    passed = np.floor(np.cumsum(probability[order]) + rng.random())
    drawn = np.empty(len(probability), dtype=bool)
    drawn[order] = np.diff(passed, prepend=0.0) > 0
    return drawn


def choose(shares: np.ndarray, rng: np.random.Generator, size: int) -> np.ndarray:
    """Return ``size`` codes drawn with ``shares`` (which need not sum to one)."""
    edges = np.cumsum(shares) / np.sum(shares)
    return np.searchsorted(edges[:-1], rng.random(size), side="right")


class Keys:
    """Hands out unique numbers in random order, spread over a range as in a real bank."""

    def __init__(self, first: int, block: int, rng: np.random.Generator):
        self._rng = rng
        self._first, self._block = first, block
        self._left = np.empty(0, dtype=np.int64)

    def take(self, count: int) -> np.ndarray:
        """Return the next ``count`` keys."""
        while len(self._left) < count:
            fresh = self._first + self._rng.permutation(self._block)
            self._first += self._block
            self._left = np.concatenate([self._left, fresh])
        taken, self._left = self._left[:count], self._left[count:]
        return taken


def rounded(
    values: np.ndarray, steps: tuple[float, ...], shares: tuple[float, ...], rng: np.random.Generator
) -> np.ndarray:
    """Round each amount to one of ``steps``, from coarse to fine: people name round figures.

    A step larger than a tenth of the amount gives way to the finest.
    """
    step = np.array(steps)[choose(np.array(shares), rng, len(values))]
    step = np.where(step > np.abs(values) / 10, steps[-1], step)
    return np.round(np.round(values / step) * step, 3)
