"""What pages need to know of the population, worked out once at training."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.portfolios import Column, Portfolio
from model.calibration import Calibration
from model.explain import contributions
from model.matrix import Encoding
from model.scale import Scale
from model.stages import BASE_FAMILY, Stage
from model.table import Table

SAMPLE = 2_000  # files accepted just above the mark that are explained
EXPLAINED = 8_000  # files explained to describe the whole population
LEAST = 30  # aggregates of fewer people are never shown


@dataclass(frozen=True)
class Explained:
    """Contributions of a sample of the population: ``parts`` is in points, shape (rows, inputs + 1)."""

    rows: np.ndarray
    parts: np.ndarray


def explain_sample(
    stages: Sequence[Stage], calibration: Calibration, scale: Scale, data: Table, threads: int
) -> Explained:
    """Explain a sample of the population, the same on every run (see ``model.explain``)."""
    rows = np.sort(np.random.default_rng(0).permutation(len(data.outcome))[:EXPLAINED])
    return Explained(rows, _explain(stages, calibration, scale, data, rows, threads))


def _by_cover(data: Table, rows: np.ndarray, stages: Sequence[Stage]):
    """Yield ``(places, stages)`` for each combination of histories among ``rows``."""
    families = [stage.family for stage in stages if stage.family != BASE_FAMILY]
    code = np.zeros(len(rows), dtype=np.intp)
    for bit, family in enumerate(families):
        code += data.covered[family][rows].astype(np.intp) << bit
    for value in np.unique(code):
        present = {family for bit, family in enumerate(families) if value >> bit & 1} | {BASE_FAMILY}
        yield np.flatnonzero(code == value), [stage for stage in stages if stage.family in present]


def _explain(stages, calibration: Calibration, scale: Scale, data: Table, rows: np.ndarray, threads: int):
    """Return contributions in points of these rows, in their order, shape ``(rows, inputs + 1)``."""
    parts = np.empty((len(rows), len(data.inputs) + 1))
    for places, present in _by_cover(data, rows, stages):
        parts[places] = contributions(present, calibration, scale, data.matrix[rows[places]], threads)[0]
    return parts


def usual_weights(explained: Explained, inputs: Sequence[str]) -> tuple[dict[str, float], float]:
    """Return how much each input usually moves, and the points of the average file.

    The weight is the mean absolute contribution in points over a sample of the population.
    """
    weights = np.abs(explained.parts[:, :-1]).mean(axis=0)
    base_points = float(explained.parts[:, -1].mean())
    return {name: float(w) for name, w in zip(inputs, weights, strict=True)}, base_points


def reference_group(
    stages: Sequence[Stage],
    calibration: Calibration,
    scale: Scale,
    data: Table,
    encoding: Encoding,
    points: np.ndarray,
    pass_mark: float,
    portfolio: Portfolio,
    threads: int,
) -> dict:
    """Describe the files accepted just above the pass mark.

    Regulation B recognises the gap to applicants at or just above the passing score as a way
    to choose principal reasons. Just above is as far as the grey zone reaches or, where there is
    none, half as far as doubles the odds. For each input: its middle value (the commonest where a
    value is one of few, or the median) and the mean points that it moves in that group.
    """
    settings = portfolio.settings["scale"]
    high = pass_mark + (settings["grey_zone"] or settings["points_to_double"] / 2)
    inside = np.flatnonzero((points >= pass_mark) & (points < high))
    if len(inside) < LEAST:  # so few would describe people: take the nearest above, then below
        above = points >= pass_mark
        distance = np.where(above, points - pass_mark, np.ptp(points) + pass_mark - points)
        inside = np.argsort(distance, kind="stable")[:LEAST]
        high = max(high, np.floor(points[inside].max()) + 1)
    rows = np.sort(np.random.default_rng(1).permutation(inside)[:SAMPLE])
    parts = _explain(stages, calibration, scale, data, rows, threads)
    return {
        "rows": len(inside),
        "low": float(pass_mark),
        "high": float(high),
        "value": {
            name: _middle(data.matrix[inside, index], portfolio.columns[name], encoding)
            for index, name in enumerate(data.inputs)
        },
        "points": {
            name: float(mean) for name, mean in zip(data.inputs, parts[:, :-1].mean(axis=0), strict=True)
        },
    }


def _middle(given: np.ndarray, column: Column, encoding: Encoding) -> float | str | None:
    known = given[~np.isnan(given)]
    if not len(known):
        return None
    if column.is_one_of_few:
        values, counts = np.unique(known, return_counts=True)
        return encoding.decode(column.name, values[np.argmax(counts)])
    return float(np.median(known))


def ordinary_range(data: Table, encoding: Encoding) -> dict[str, list[float]]:
    """Return the range of each number that holds all but one file in a thousand at each end."""
    ranges = {}
    for index, name in enumerate(data.inputs):
        known = data.matrix[:, index][~np.isnan(data.matrix[:, index])]
        if name not in encoding.categories and len(known):
            ranges[name] = [float(edge) for edge in np.quantile(known, [0.001, 0.999])]
    return ranges
