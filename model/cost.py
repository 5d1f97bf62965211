"""What errors cost, and the threshold that follows from it."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Costs:
    """Cost of one error of each kind, in the unit of a false positive."""

    false_negative: float
    false_positive: float

    @property
    def theoretical_threshold(self) -> float:
        """Probability above which refusing costs less than accepting (Elkan 2001).

        Flagging is right when ``p * FN > (1 - p) * FP``; at 10 to 1 this is 1/11.
        """
        return self.false_positive / (self.false_positive + self.false_negative)


def per_file(p: np.ndarray, outcome: np.ndarray, threshold: float, costs: Costs) -> float:
    """Return the mean cost of a file when files at or above ``threshold`` are flagged."""
    flagged = p >= threshold
    missed = np.mean(~flagged & (outcome == 1))
    wrongly = np.mean(flagged & (outcome == 0))
    return float(costs.false_negative * missed + costs.false_positive * wrongly)


def curve(p: np.ndarray, outcome: np.ndarray, thresholds: np.ndarray, costs: Costs) -> np.ndarray:
    """Return the cost per file at each threshold, shape ``(thresholds,)``."""
    rows = len(p)
    positives = np.sort(p[outcome == 1])
    negatives = np.sort(p[outcome == 0])
    missed = np.searchsorted(positives, thresholds, side="left")
    wrongly = len(negatives) - np.searchsorted(negatives, thresholds, side="left")
    return (costs.false_negative * missed + costs.false_positive * wrongly) / rows


def tuned_threshold(p: np.ndarray, outcome: np.ndarray, costs: Costs) -> float:
    """Return the threshold with the lowest cost on these rows.

    Looked for on a grid evenly spaced in log-odds around the theoretical threshold, fine
    enough for a curve that is flat near its bottom.
    """
    centre = np.log(costs.theoretical_threshold / (1 - costs.theoretical_threshold))
    grid = 1 / (1 + np.exp(-(centre + np.linspace(-2, 2, 401))))
    return float(grid[np.argmin(curve(p, outcome, grid, costs))])


def confusion(p: np.ndarray, outcome: np.ndarray, threshold: float) -> dict[str, float]:
    """Return the four cells of the confusion matrix per 1,000 files."""
    flagged = p >= threshold
    per = 1000 / len(p)
    return {
        "true_positive": float(np.sum(flagged & (outcome == 1)) * per),
        "false_positive": float(np.sum(flagged & (outcome == 0)) * per),
        "true_negative": float(np.sum(~flagged & (outcome == 0)) * per),
        "false_negative": float(np.sum(~flagged & (outcome == 1)) * per),
    }
