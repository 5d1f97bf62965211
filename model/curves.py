"""The curves that the Performance page draws, thinned to what an eye can see.

Never imported by the web process. Everything is worked out on answers from models that did not see
the row. Counts by whole point are exact: the cost desk needs nothing else.
"""

from dataclasses import asdict

import numpy as np
from sklearn.metrics import precision_recall_curve, roc_curve

from data.portfolios import Portfolio
from model import cost, masking
from model.calibration import reliability
from model.cost import Costs
from model.delong import auc_interval
from model.disclosure import wilson
from model.groups import Group, shown_on, split
from model.population import Population
from model.scale import Scale

KEPT = 51  # points of a curve
BIN = 5  # points


def curves(
    portfolio: Portfolio,
    population: Population,
    p: np.ndarray,
    points: np.ndarray,
    threshold: float,
    costs: Costs,
) -> dict:
    """Return everything that the Performance page draws, ready for JSON.

    Parameters
    ----------
    p, points : array of float, shape (rows,)
        Out-of-fold probability of the positive class, and the points that stand for it.
    """
    outcome, scale = population.outcome, Scale.of(portfolio.settings)
    return judged(outcome, p) | {
        "points": _histogram(points, outcome),
        "counts": by_whole_point(points, outcome, _weights(portfolio, population), scale.sign),
        "segments": [
            {"name": name, "column": portfolio.settings["groups"][name]["column"]}
            | {
                "groups": _segment(
                    portfolio, split(portfolio, name, population.frame), outcome, p, threshold, costs
                )
            }
            for name in shown_on(portfolio, "performance")
        ],
    }


def judged(outcome: np.ndarray, p: np.ndarray) -> dict:
    """Return the curves that need nothing but outcomes and probabilities."""
    return {
        "roc": roc(outcome, p),
        "precision_recall": precision_recall(outcome, p),
        "cap": cap(outcome, p),
        "reliability": _with_intervals(reliability(p, outcome)),
    }


def roc(outcome: np.ndarray, p: np.ndarray) -> dict[str, list[float]]:
    """Return the ROC curve: share of negatives flagged, share of positives flagged."""
    false_positive, true_positive, _ = roc_curve(outcome, p)
    grid = np.linspace(0, 1, KEPT)
    return {"x": _short(grid), "y": _short(np.interp(grid, false_positive, true_positive))}


def precision_recall(outcome: np.ndarray, p: np.ndarray) -> dict[str, list[float]]:
    """Return recall, and precision among the files flagged to reach it.

    The curve has steps, and between them no line is true (Davis and Goadrich 2006): each recall
    kept is given the precision of the first threshold that reaches it.
    """
    precision, recall, _ = precision_recall_curve(outcome, p)
    grid = np.linspace(0, 1, KEPT)[1:]
    reached = np.searchsorted(recall[::-1], grid, side="left")
    return {"x": _short(grid), "y": _short(precision[::-1][reached])}


def cap(outcome: np.ndarray, p: np.ndarray) -> dict[str, list[float]]:
    """Return the cumulative accuracy profile: share of files, worst first; share of positives found."""
    found = np.concatenate([[0], np.cumsum(outcome[np.argsort(-p, kind="stable")])]) / outcome.sum()
    grid = np.linspace(0, 1, KEPT)
    return {"x": _short(grid), "y": _short(np.interp(grid, np.linspace(0, 1, len(found)), found))}


def by_whole_point(points: np.ndarray, outcome: np.ndarray, weights: np.ndarray, sign: int) -> dict:
    """Return the files of each outcome by whole point, counted and weighed.

    Keys are rounded towards the side that is not flagged, so that a whole mark flags exactly the
    files whose key it reaches: at or below it when a positive is bad news (``sign`` -1).
    ``squares`` sums the squared weights, which the width of intervals needs.
    """
    keys = (np.ceil(points) if sign < 0 else np.floor(points)).astype(int)
    low = int(keys.min())
    told: dict = {"low": low, "sign": sign}
    for name, kind in (("negative", 0), ("positive", 1)):
        rows, length = outcome == kind, int(keys.max()) - low + 1
        told[name] = {
            "files": np.bincount(keys[rows] - low, minlength=length).tolist(),
            "weight": _short(np.bincount(keys[rows] - low, weights[rows], length), 4),
            "squares": _short(np.bincount(keys[rows] - low, weights[rows] ** 2, length), 4),
        }
    return told


def _weights(portfolio: Portfolio, population: Population) -> np.ndarray:
    """Return the amount of each file over the mean amount, 1 where it is not known or not declared."""
    column = portfolio.settings.get("desk", {}).get("amount")
    if column is None:
        return np.ones(len(population.ids))
    amounts = population.frame[column].cast(float).fill_null(float("nan")).to_numpy()
    weights = amounts / np.nanmean(amounts)
    return np.where(np.isnan(weights), 1.0, weights)


def _histogram(points: np.ndarray, outcome: np.ndarray) -> dict:
    edges = np.arange(np.floor(points.min() / BIN) * BIN, points.max() + BIN, float(BIN))
    told: dict = {"edges": edges.tolist()}
    for name, kind in (("negative", 0), ("positive", 1)):
        told[name] = np.histogram(points[outcome == kind], edges)[0].tolist()
        told[f"{name}_median"] = float(np.median(points[outcome == kind]))
    return told


def _with_intervals(bins: list[dict]) -> list[dict]:
    told = []
    for one in bins:
        low, high = wilson(round(one["observed"] * one["rows"]), one["rows"])
        told.append(one | {"low": low, "high": high})
    return told


def _segment(
    portfolio: Portfolio,
    groups: list[Group],
    outcome: np.ndarray,
    p: np.ndarray,
    threshold: float,
    costs: Costs,
) -> list[dict]:
    """Return what the model is worth in each group, None for what ``model.masking`` hides."""
    ends = masking.count(groups, outcome, p, threshold, portfolio.settings["positive_is_good"])
    masked = masking.hidden(ends)
    told = []
    for place, group in enumerate(groups):
        ended, said = outcome[group.rows], p[group.rows]
        known = place not in masked
        told.append(
            {
                "group": group.named(),
                "rows": group.size,
                "flagged": float(np.mean(said >= threshold)),
                "expected": float(said.mean()),
                "auc": asdict(auc_interval(ended, said)) if known else None,
                "observed": float(ended.mean()) if known else None,
                "cost_per_file": cost.per_file(said, ended, threshold, costs) if known else None,
            }
        )
    return told


def _short(values: np.ndarray, digits: int = 5) -> list[float]:
    return np.round(values, digits).tolist()
