"""How good a score is, in numbers with intervals.

All functions take ``outcome`` (0 or 1) and either a score or a probability, both of shape
``(rows,)``, and return a float.
"""

from collections.abc import Callable

import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score, roc_curve

from model import calibration, cost
from model.cost import Costs


def auc(outcome: np.ndarray, score: np.ndarray) -> float:
    """Return the area under the ROC curve: chance that a positive ranks above a negative."""
    return float(roc_auc_score(outcome, score))


def gini(outcome: np.ndarray, score: np.ndarray) -> float:
    """Return Gini's coefficient, ``2 AUC - 1``."""
    return 2 * auc(outcome, score) - 1


def ks(outcome: np.ndarray, score: np.ndarray) -> float:
    """Return the Kolmogorov-Smirnov distance between the scores of the two outcomes."""
    false_positive, true_positive, _ = roc_curve(outcome, score)
    return float(np.max(true_positive - false_positive))


def summary(outcome: np.ndarray, p: np.ndarray, threshold: float, costs: Costs) -> dict[str, float]:
    """Return every headline figure of probabilities ``p`` against ``outcome``."""
    area = auc(outcome, p)
    return {
        "auc": area,
        "gini": 2 * area - 1,
        "ks": ks(outcome, p),
        "average_precision": float(average_precision_score(outcome, p)),
        "brier": float(brier_score_loss(outcome, p)),
        "log_loss": float(log_loss(outcome, p)),
        "cost_per_file": cost.per_file(p, outcome, threshold, costs),
        "refused_share": float(np.mean(p >= threshold)),
        "calibration_slope": calibration.fit(np.log(p / (1 - p)), outcome).slope,
    }


def with_intervals(
    outcome: np.ndarray,
    p: np.ndarray,
    threshold: float,
    costs: Costs,
    *,
    repeats: int = 100,
    seed: int = 0,
    each: Callable[[], None] = lambda: None,
) -> dict[str, dict[str, float]]:
    """Return :func:`summary` with 95 % percentile bootstrap intervals.

    Rows are drawn with replacement within each outcome, so that no draw lacks one.
    ``each`` is called after every draw, for a progress bar.
    """
    generator = np.random.default_rng(seed)
    groups = [np.flatnonzero(outcome == value) for value in (0, 1)]
    draws = []
    for _ in range(repeats):
        rows = np.concatenate([generator.choice(group, len(group)) for group in groups])
        draws.append(summary(outcome[rows], p[rows], threshold, costs))
        each()
    return {
        name: {
            "value": value,
            "low": float(np.percentile([draw[name] for draw in draws], 2.5)),
            "high": float(np.percentile([draw[name] for draw in draws], 97.5)),
        }
        for name, value in summary(outcome, p, threshold, costs).items()
    }
