"""Risk as a scorecard: each trait gives log-odds by its value, fitted on real rows, kept as sums.

Weights of evidence by band (tenths of the population, or categories; missing is a band of
its own), then one ridge regression that keeps dependent traits from counting twice.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from data.demo.traits import FEWEST

MISSING = ""
_PRIOR = 50.0


def fit(frame: pl.DataFrame, target: np.ndarray, ridge: float = 10.0) -> dict:
    """Return the scorecard of ``target`` on every column of ``frame``."""
    cards = {name: _card(frame[name], target) for name in frame.columns}
    evidence = np.column_stack([_evidence(card, frame[name]) for name, card in cards.items()])
    weights = logistic(evidence, target, ridge)
    return {
        name: _weighted(card, weight) for (name, card), weight in zip(cards.items(), weights[1:], strict=True)
    }


def points(cards: Mapping[str, Mapping], frame: pl.DataFrame) -> np.ndarray:
    """Return the log-odds that the cards give to each row, relative to the average population."""
    return np.sum([_evidence(card, frame[name]) for name, card in cards.items()], axis=0)


def logistic(
    inputs: np.ndarray, target: np.ndarray, ridge: float, offset: np.ndarray | float = 0.0
) -> np.ndarray:
    """Return intercept and weights of a ridge logistic regression (Newton's method)."""
    design = np.column_stack([np.ones(len(inputs)), inputs])
    penalty = np.diag([0.0] + [ridge] * inputs.shape[1])
    weights = np.zeros(design.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-(design @ weights + offset)))
        slope = design.T @ (target - chance) - penalty @ weights
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + penalty
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def _card(column: pl.Series, target: np.ndarray) -> dict:
    rate = target.mean()
    missing = column.is_null().to_numpy()
    card = {"missing": _woe(target[missing], rate)}
    if not column.dtype.is_numeric():
        sizes = column.drop_nulls().value_counts().rows()
        labels = sorted(label for label, size in sizes if size >= FEWEST)
        rows = column.to_numpy()
        return card | {"labels": {label: _woe(target[rows == label], rate) for label in labels}}
    values, known = column.cast(pl.Float64).to_numpy()[~missing], target[~missing]
    edges = np.unique(np.quantile(values, np.arange(0.1, 0.95, 0.1)))
    band = np.searchsorted(edges, values, side="left")
    used = [b for b in range(len(edges) + 1) if (band == b).sum() >= FEWEST]
    at = [float(f"{values[band == b].mean():.6g}") for b in used]
    return card | {"at": at, "woe": [_woe(known[band == b], rate) for b in used]}


def _woe(target: np.ndarray, rate: float) -> float:
    """Log-odds against the population's, drawn towards 0 where the band is small."""
    bad, good = target.sum() + _PRIOR * rate, (1 - target).sum() + _PRIOR * (1 - rate)
    return float(np.log(bad / good) - np.log(rate / (1 - rate)))


def _evidence(card: Mapping, column: pl.Series) -> np.ndarray:
    if "labels" in card:
        labels: Sequence[str] = list(card["labels"])
        woe = column.replace_strict(
            labels, [card["labels"][k] for k in labels], default=0.0, return_dtype=pl.Float64
        )
        return np.where(column.is_null().to_numpy(), card["missing"], woe.to_numpy())
    values = column.cast(pl.Float64).to_numpy()
    return np.where(np.isnan(values), card["missing"], np.interp(values, card["at"], card["woe"]))


def _weighted(card: Mapping, weight: float) -> dict:
    """Return the card in final log-odds, to three decimals."""

    def scaled(value: float) -> float:
        return round(value * float(weight), 3)

    if "labels" in card:
        return {
            "missing": scaled(card["missing"]),
            "labels": {k: scaled(v) for k, v in card["labels"].items()},
        }
    return {"missing": scaled(card["missing"]), "at": card["at"], "woe": [scaled(v) for v in card["woe"]]}
