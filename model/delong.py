"""How sure an AUC is, and whether two on the same rows differ. Never imported by the web process.

E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, *Comparing the areas under two or more
correlated receiver operating characteristic curves: a nonparametric approach*, Biometrics 44, 1988.
"""

from dataclasses import dataclass

import numpy as np

_Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and its 95 % interval."""

    value: float
    low: float
    high: float


def placements(outcome: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of the other outcome that each positive, then each negative, ranks right of.

    The mean of either is the AUC; ties count half.
    """
    positive, negative = np.sort(score[outcome == 1]), np.sort(score[outcome == 0])
    below = _rank(negative, score[outcome == 1]) / len(negative)
    above = 1 - _rank(positive, score[outcome == 0]) / len(positive)
    return below, above


def auc_interval(outcome: np.ndarray, score: np.ndarray) -> Interval:
    """Return the AUC with its interval, worked out on its logit so that it stays within 0 and 1.

    Needs at least two rows of each outcome.
    """
    below, above = placements(outcome, score)
    area, error = float(below.mean()), _error(below, above)
    if not 0 < area < 1:
        return Interval(area, area, area)
    centre, width = np.log(area / (1 - area)), _Z * error / (area * (1 - area))
    low, high = (1 / (1 + np.exp(-(centre + side * width))) for side in (-1, 1))
    return Interval(area, float(low), float(high))


def auc_difference(outcome: np.ndarray, score: np.ndarray, other: np.ndarray) -> Interval:
    """Return how much larger the AUC of ``other`` is than that of ``score``, on the same rows."""
    (below, above), (below_other, above_other) = placements(outcome, score), placements(outcome, other)
    gain, margin = below_other - below, _Z * _error(below_other - below, above_other - above)
    return Interval(float(gain.mean()), float(gain.mean() - margin), float(gain.mean() + margin))


def _rank(ordered: np.ndarray, values: np.ndarray) -> np.ndarray:
    return (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")) / 2


def _error(below: np.ndarray, above: np.ndarray) -> float:
    return float(np.sqrt(below.var(ddof=1) / len(below) + above.var(ddof=1) / len(above)))
