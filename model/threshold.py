"""Choosing the threshold in force from the costs. Never imported by the web process."""

import numpy as np

from model import cost
from model.cost import Costs
from model.scale import Scale


def in_whole_points(threshold: float, scale: Scale) -> float:
    """Return the probability of the whole number of points nearest to ``threshold``."""
    return scale.probability(round(scale.at_probability(threshold)))


def choose_threshold(
    p: np.ndarray, outcome: np.ndarray, fold: np.ndarray, costs: Costs, scale: Scale
) -> dict[str, float]:
    """Choose the threshold in force between the theoretical and the tuned one.

    On calibrated probabilities the theoretical threshold is the best there is, so the tuned
    one must prove its gain: chosen on four folds, counted on the fifth, and beyond its 95 %
    interval. A threshold tuned on the very rows that judge it always looks better.
    """
    theory = costs.theoretical_threshold

    def each_cost(threshold: np.ndarray) -> np.ndarray:
        flagged = p >= threshold
        return np.where(
            outcome == 1, costs.false_negative * ~flagged, costs.false_positive * flagged.astype(float)
        )

    elsewhere = np.empty(len(p))
    for number in np.unique(fold):
        rows = fold == number
        elsewhere[rows] = cost.tuned_threshold(p[~rows], outcome[~rows], costs)
    gain = each_cost(np.full(len(p), theory)) - each_cost(elsewhere)
    margin = 1.96 * gain.std() / np.sqrt(len(gain))
    tuned = cost.tuned_threshold(p, outcome, costs)
    return {
        "in_force": in_whole_points(tuned, scale) if gain.mean() > margin else theory,
        "theoretical": theory,
        "tuned": tuned,
        "gain": float(gain.mean()),
        "gain_margin": float(margin),
    }
