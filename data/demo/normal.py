"""The normal law in NumPy alone: scores, areas and the levels at which quantiles are kept."""

import math
from statistics import NormalDist

import numpy as np

_LAW = NormalDist()
# The ends are trimmed: the most extreme 0.1 % on either side may point at one person.
LEVELS = np.concatenate([[0.001], np.arange(0.01, 0.995, 0.01), [0.999]])
_GRID = np.linspace(-6.0, 6.0, 4801)
_AREA = np.array([_LAW.cdf(z) for z in _GRID])


def score(level: np.ndarray | float) -> np.ndarray:
    """Return the normal score of a level between 0 and 1 (0 and 1 give plus or minus 6)."""
    return np.interp(level, _AREA, _GRID)


def area(z: np.ndarray) -> np.ndarray:
    """Return the share of a normal population below ``z``."""
    return np.interp(z, _GRID, _AREA)


def density(z: np.ndarray) -> np.ndarray:
    """Return the normal density at ``z`` (0 where it is infinite)."""
    finite = np.where(np.isfinite(z), z, 0.0)
    return np.where(np.isfinite(z), np.exp(-0.5 * finite**2) / math.sqrt(2 * math.pi), 0.0)


LEVEL_SCORES = score(LEVELS)
