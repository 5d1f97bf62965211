"""What each input does over the population: worked out once at training, drawn by the pages.

Everything is in points of the calibrated model and comes from the contributions of one sample, by
the very function that explains one file: what is said of everyone has the same class and sign as
what is said of one. Nothing that describes fewer than ``LEAST`` files is kept.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from data.portfolios import Portfolio
from model.cells import Input, band, hundredths, short
from model.evidence import LEAST, Explained
from model.matrix import Encoding
from model.partners import crossing, partners
from model.stages import rows_of
from model.table import Table

STRIP = 20  # bars of the strip of counts
SPREAD_INPUTS = 12
SPREAD_BINS = 22
WIDTHS = (1, 2, 5, 10, 20, 50)  # points


def describe(portfolio: Portfolio, data: Table, encoding: Encoding, explained: Explained) -> dict:
    """Return what the pages draw of the whole population, ready for JSON.

    Keys: ``rows`` of the sample; ``mean_absolute_points`` by input; ``themes``, the mean absolute
    sum of the contributions of each theme; ``effects`` by input (see :func:`effect`; ``crossed``
    is that of :func:`model.partners.crossing` with the share its partner explains); ``spread`` of
    the weightiest inputs (see :func:`spread`).
    """
    matrix, moved = data.matrix[explained.rows], explained.parts[:, :-1]
    family = [portfolio.columns[name].family for name in data.inputs]
    sampled = {name: mask[explained.rows] for name, mask in data.covered.items()}
    covered = np.column_stack([rows_of(name, sampled, len(matrix)) for name in family])

    def over(index: int, rows: np.ndarray) -> Input:
        name = data.inputs[index]
        kind, categories = portfolio.columns[name].kind, encoding.categories.get(name, ())
        return Input(name, kind, matrix[rows, index], moved[rows, index], categories)

    given = [over(index, covered[:, index]) for index in range(len(data.inputs))]
    effects = {one.name: effect(one) for one in given}
    for found in partners(portfolio, given, covered, matrix):
        crossed = crossing(given[found.index], over(found.partner, covered[:, found.index]))
        if crossed:
            effects[data.inputs[found.index]]["crossed"] = {"share": round(found.share, 2)} | crossed
    weights = np.abs(moved).mean(axis=0)
    themes = np.array([portfolio.columns[name].theme for name in data.inputs])
    return {
        "rows": len(matrix),
        "mean_absolute_points": {n: short(w) for n, w in zip(data.inputs, weights, strict=True)},
        "themes": {
            theme: short(np.abs(moved[:, themes == theme].sum(axis=1)).mean())
            for theme in dict.fromkeys(themes.tolist())
        },
        "effects": effects,
        "spread": spread([given[i] for i in np.argsort(-weights, kind="stable")[:SPREAD_INPUTS]]),
    }


def effect(one: Input) -> dict:
    """Return how the points of an input go with its value.

    ``shape`` is ``curve``, ``values`` (each value apart) or ``none`` (too few files). ``cells``
    are those of :meth:`model.cells.Input.summary`, ``missing`` the three points and the files of
    those without a value, ``strip`` the files of a curve over stretches of equal length (of fewer
    than ``LEAST``: nought).
    """
    found = one.summary(one.edges())
    shape = "none" if not found["at"] else "values" if one.by_value else "curve"
    told: dict = {"shape": shape, "cells": smooth(found) if shape == "curve" else found}
    empty = one.points[~one.known]
    if len(empty) >= LEAST:
        told["missing"] = [*band(empty), len(empty)]
    if shape == "curve":
        told["strip"] = _strip(one.values[one.known])
    return told


def smooth(found: Mapping[str, list]) -> dict[str, list]:
    """Return the cells with their points averaged over the neighbours (weights 1, 2, 1).

    The ends, and cells that many files share, keep what is theirs: a jump at nought is real.
    """
    rows, told = np.array(found["rows"]), dict(found)
    inner = np.zeros(len(rows), dtype=bool)
    inner[1:-1] = rows[1:-1] < 2 * np.median(rows)
    for name in ("low", "middle", "high"):
        own = np.array(found[name])
        around = own.copy()
        around[1:-1] = (own[:-2] + 2 * own[1:-1] + own[2:]) / 4
        told[name] = hundredths(np.where(inner, around, own))
    return told


def _strip(known: np.ndarray) -> dict:
    low, high = np.quantile(known, [0.01, 0.99])
    counts = np.histogram(known, np.linspace(low, high, STRIP + 1))[0] if high > low else np.zeros(0, int)
    return {"low": short(low), "high": short(high), "rows": np.where(counts < LEAST, 0, counts).tolist()}


def spread(heaviest: Sequence[Input]) -> dict:
    """Return how the points of the weightiest inputs are spread, by height of the value.

    Points fall in bins of ``width``, centred on its multiples, ``first`` being the number of the
    first; the tails go to the last bin on their side. Values fall in thirds (``low``, ``middle``,
    ``high``), categories all together (``any``), and ``missing`` apart. A bin of fewer than
    ``LEAST`` files counts nought.
    """
    points = np.concatenate([one.points for one in heaviest])
    low, high = np.quantile(points, [0.002, 0.998])
    width = next((w for w in WIDTHS if (high - low) / w <= SPREAD_BINS), WIDTHS[-1])
    first, last = (int(np.floor(edge / width + 0.5)) for edge in (low, high))

    def count(one: Input, rows: np.ndarray) -> list[int]:
        bins = np.floor(one.points[rows] / width + 0.5).astype(int)
        counts = np.bincount(np.clip(bins, first, last) - first, minlength=last - first + 1)
        return np.where(counts < LEAST, 0, counts).tolist()

    inputs = {
        one.name: {step: count(one, rows) for step, rows in _steps(one).items() if rows.any()}
        for one in heaviest
    }
    return {"width": width, "first": first, "inputs": inputs}


def _steps(one: Input) -> dict[str, np.ndarray]:
    missing = {"missing": ~one.known}
    if one.kind == "category" or not one.known.any():
        return {"any": one.known} | missing
    lower, upper = np.quantile(one.values[one.known], [1 / 3, 2 / 3])
    low, high = one.known & (one.values <= lower), one.known & (one.values > upper)
    if not high.any():  # most files share the greatest value
        low, high = one.known & (one.values < upper), one.known & (one.values >= upper)
    return {"low": low, "middle": one.known & ~low & ~high, "high": high} | missing
