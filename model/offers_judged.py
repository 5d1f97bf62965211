"""What shares of offers are worth against the offers taken. Never imported by the web process."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from model.delong import Interval
from model.disclosure import wilson
from model.offers import OTHER

TOPS = (1, 3, 4)
BINS = 10
_SUREST = 1e-6  # a rival may give 0 to an offer that is taken, whose logarithm is not a number
_Z = 1.959964  # two-sided 95 %


def judged(taken: np.ndarray, shares: np.ndarray, classes: Sequence[str], shown: int) -> dict:
    """Return how good shares are, with 95 % intervals, ready for JSON.

    Parameters
    ----------
    taken : array of int, shape (rows,)
        Place in ``classes`` of the offer taken.
    shares : array of float, shape (rows, classes)
    shown : how many offers are told by name

    Returns
    -------
    dict
        ``rows``; ``top_1``, ``top_3`` and ``top_4``: how often the class taken is among the likeliest;
        ``told``: how often the offer taken is among those told by name (the rare ones never are);
        ``log_loss``; ``ece``, the expected calibration error of the likeliest class (Naeini et al.
        2015) over ten bins of equal size, and the bins themselves as ``reliability``.
    """
    rank = ranks(taken, shares)
    bins = reliability(taken, shares)
    return {
        "rows": len(taken),
        **{f"top_{most}": share_of(rank < most) for most in TOPS},
        "told": share_of(_told(taken, shares, classes, shown)),
        "log_loss": asdict(mean_of(losses(taken, shares))),
        "ece": sum(one["rows"] * abs(one["announced"] - one["observed"]) for one in bins) / len(taken),
        "reliability": bins,
    }


def ranks(taken: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return how many classes stand before the one taken, shape ``(rows,)``; ties go by place."""
    own = np.take_along_axis(shares, taken[:, None], axis=1)
    before = np.arange(shares.shape[1]) < taken[:, None]
    return ((shares > own) | ((shares == own) & before)).sum(axis=1)


def losses(taken: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return minus the logarithm of the share given to the class taken, shape ``(rows,)``."""
    own = np.take_along_axis(shares, taken[:, None], axis=1)[:, 0]
    return -np.log(np.clip(own, _SUREST, 1.0))


def reliability(taken: np.ndarray, shares: np.ndarray) -> list[dict[str, float]]:
    """Return what was announced of the likeliest class against what came, in bins of equal size."""
    surest, right = shares.max(axis=1), shares.argmax(axis=1) == taken
    parts = np.array_split(np.argsort(surest, kind="stable"), min(BINS, len(taken)))
    return [
        {"rows": len(rows), "announced": float(surest[rows].mean()), "observed": float(right[rows].mean())}
        for rows in parts
    ]


def share_of(right: np.ndarray) -> dict[str, float]:
    """Return the share of rows that are right with Wilson's 95 % interval."""
    low, high = wilson(int(right.sum()), len(right))
    return {"value": float(right.mean()), "low": low, "high": high}


def gained(taken: np.ndarray, shares: np.ndarray, others: np.ndarray) -> dict[str, dict[str, float]]:
    """Return what ``shares`` gain over ``others`` on the same rows: a paired difference with its interval."""
    mine, theirs = ranks(taken, shares), ranks(taken, others)
    found = {f"top_{most}": (mine < most) * 1.0 - (theirs < most) for most in TOPS}
    found["log_loss"] = losses(taken, shares) - losses(taken, others)
    return {name: asdict(mean_of(values)) for name, values in found.items()}


def mean_of(values: np.ndarray) -> Interval:
    """Return a mean with its normal 95 % interval."""
    mean, margin = float(values.mean()), float(_Z * values.std() / np.sqrt(len(values)))
    return Interval(mean, mean - margin, mean + margin)


def _told(taken: np.ndarray, shares: np.ndarray, classes: Sequence[str], shown: int) -> np.ndarray:
    rare = np.array([code == OTHER for code in classes])
    return (ranks(taken, np.where(rare, -1.0, shares)) < shown) & ~rare[taken]
