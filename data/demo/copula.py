"""Dependence between traits: a correlation of normal scores, measured and drawn from.

Numbers, counts and yes-or-no traits share one matrix. A trait with few values shows less
correlation than the normal variable behind it; the relation is a power series in the
latent correlation (Hermite polynomials), which is inverted pair by pair.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from data.demo.traits import Scored

_FEWEST_PAIRS = 200


def latent_correlation(
    traits: Sequence[Scored], blocks: Mapping[int, np.ndarray] | None = None
) -> np.ndarray:
    """Return the correlation matrix of the normal variables behind ``traits``.

    Pairs of which fewer than 200 rows are known are taken as independent. ``blocks`` holds
    correlations already known, by the place of their first trait.
    """
    size = len(traits)
    matrix = np.eye(size)
    for i in range(size):
        for j in range(i):
            matrix[i, j] = matrix[j, i] = _pair(traits[i], traits[j])
    for start, block in (blocks or {}).items():
        matrix[start : start + len(block), start : start + len(block)] = block
    return nearest_correlation(matrix)


def nearest_correlation(matrix: np.ndarray, floor: float = 1e-3, rounds: int = 50) -> np.ndarray:
    """Return a positive definite correlation matrix near ``matrix`` (alternating projections)."""
    result, shift = matrix.copy(), np.zeros_like(matrix)
    for _ in range(rounds):
        values, vectors = np.linalg.eigh(result - shift)
        positive = (vectors * np.maximum(values, floor)) @ vectors.T
        shift = positive - (result - shift)
        result = positive.copy()
        np.fill_diagonal(result, 1.0)
    scale = 1 / np.sqrt(np.diag(positive))
    return positive * np.outer(scale, scale)


def root(matrix: np.ndarray) -> np.ndarray:
    """Return a matrix that turns independent normal rows into rows with this correlation."""
    return np.linalg.cholesky(matrix).T


def pack(matrix: np.ndarray) -> list[float]:
    """Return the lower triangle, to three decimals, as a flat list."""
    return [round(float(v), 3) for v in matrix[np.tril_indices(len(matrix), -1)]]


def unpack(values: Sequence[float], size: int) -> np.ndarray:
    """Return the matrix that :func:`pack` flattened, made positive definite again."""
    matrix = np.eye(size)
    matrix[np.tril_indices(size, -1)] = values
    return nearest_correlation(np.tril(matrix) + np.tril(matrix, -1).T)


def _pair(one: Scored, other: Scored) -> float:
    both = ~np.isnan(one.scores) & ~np.isnan(other.scores)
    if both.sum() < _FEWEST_PAIRS:
        return 0.0
    a, b = one.scores[both], other.scores[both]
    if a.std() < 1e-9 or b.std() < 1e-9:
        return 0.0
    observed = float(np.corrcoef(a, b)[0, 1]) / np.sqrt(one.reliability * other.reliability)
    return _invert(observed, one.hermite * other.hermite)


def _invert(observed: float, products: np.ndarray) -> float:
    """Return the latent correlation whose series gives the ``observed`` one."""
    powers = np.arange(1, len(products) + 1)
    latent = np.linspace(-0.98, 0.98, 393)
    implied = np.power.outer(latent, powers) @ products
    order = np.argsort(implied)
    return float(np.interp(observed, implied[order], latent[order]))
