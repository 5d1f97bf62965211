"""Traits: the quantities whose marginals and dependence a profile keeps, each with its normal score.

A trait is a number or a category of a client or of one of its loans. Only aggregates of
it are kept: quantiles with trimmed ends, shares of categories that at least
:data:`FEWEST` people have, within the groups of another trait where the law differs by
group (the amount by kind of contract); a group too small to show follows the law of everyone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from data.demo import normal

FEWEST = 30
_FEWEST_FOR_QUANTILES = 300  # 101 quantiles of fewer values would list the values
_FEWEST_TO_CENTRE = 100
_DISCRETE_BELOW = 200
_HERMITE = 24
EVERYONE = ""
CONTINUOUS = np.eye(1, _HERMITE)[0]  # Hermite coefficients of a score that is itself normal


@dataclass(frozen=True, slots=True)
class Trait:
    """What to keep of a column: its name, the column that groups it, the order of its labels.

    Labels are put in ``order`` when given, otherwise by the mean rank of ``order_by`` (a
    nominal category needs one line to lie along before it can have a normal score).
    """

    name: str
    by: str = ""
    order_by: str = ""
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """A trait's normal scores (NaN where undefined), their Hermite coefficients and its summary.

    ``reliability`` is below 1 for a mean over a client's few rows: the share of its
    variance that is the client's own and not chance.
    """

    scores: np.ndarray
    hermite: np.ndarray
    summary: dict
    reliability: float = 1.0


def measure(trait: Trait, frame: pl.DataFrame, people: str = "") -> Scored:
    """Summarise one trait of ``frame`` and give each row its normal score within its group.

    ``people`` names the column of the client when one may have several rows.
    """
    column = frame[trait.name]
    labels = () if column.dtype.is_numeric() else _labels(trait, frame, people)
    values = _codes(column, labels) if labels else column.cast(pl.Float64).to_numpy().astype(float)
    defined = ~np.isnan(values)
    summarise = _shares if labels else _quantiles
    scores, hermite = np.full(len(values), np.nan), np.zeros(_HERMITE)
    kept = {EVERYONE: summarise(values[defined], labels)}
    if not kept[EVERYONE]:
        raise ValueError(f"{trait.name}: too few values to summarise ({defined.sum()})")
    groups = frame[trait.by].to_numpy() if trait.by else np.full(len(frame), EVERYONE)
    for group in sorted({g for g in groups if g is not None}):
        rows = defined & (groups == group)
        summary = summarise(values[rows], labels)
        if summary:
            scores[rows], coefficients = _normal_scores(values[rows])
            hermite += coefficients * rows.sum() / defined.sum()
            kept[group] = summary
    kind = {"kind": "category", "labels": list(labels)} if labels else {"kind": "number"}
    return Scored(scores, hermite, kind | {"by": trait.by, "groups": kept})


def draw(summary: Mapping, z: np.ndarray, groups: np.ndarray | None = None) -> np.ndarray:
    """Return the values (numbers) or codes (categories) that a trait takes at normal scores ``z``.

    Scores were measured as standard within each group, so they are made so again: a group
    of older people must not have more of what goes with age than was measured in it.
    """
    result = np.zeros(len(z), dtype=np.int64 if summary["kind"] == "category" else float)
    for group, kept in summary["groups"].items():
        if group == EVERYONE:
            result[:] = _at(summary, kept, z)
        else:
            rows = np.flatnonzero(groups == group)
            result[rows] = _at(summary, kept, _standard(z[rows]))
    return result


def _at(summary: Mapping, kept: list[float], z: np.ndarray) -> np.ndarray:
    if summary["kind"] == "number":
        return np.interp(z, normal.LEVEL_SCORES, kept)
    return np.searchsorted(normal.score(np.cumsum(kept)[:-1] / np.sum(kept)), z, side="right")


def _standard(z: np.ndarray) -> np.ndarray:
    if len(z) < _FEWEST_TO_CENTRE or z.std() < 1e-9:
        return z
    return (z - z.mean()) / z.std()


@dataclass(frozen=True)
class Draws:
    """Traits drawn for a set of rows: their summaries, and the normal scores of each."""

    summaries: Mapping[str, Mapping]
    scores: Mapping[str, np.ndarray]

    def value(self, name: str, groups: np.ndarray | None = None) -> np.ndarray:
        """Return the numbers of a trait, or the codes of a category."""
        return draw(self.summaries[name], self.scores[name], groups)

    def label(self, name: str, groups: np.ndarray | None = None) -> np.ndarray:
        """Return the labels of a category as an array of text."""
        return np.array(self.summaries[name]["labels"], dtype=object)[self.value(name, groups)]


def _labels(trait: Trait, frame: pl.DataFrame, people: str) -> tuple[str, ...]:
    known = frame.filter(pl.col(trait.name).is_not_null())
    size = pl.col(people).n_unique() if people else pl.len()
    sizes = dict(known.group_by(trait.name).agg(size).rows())
    shared = [label for label, size in sizes.items() if size >= FEWEST]
    if trait.order:
        return tuple(label for label in trait.order if label in shared)
    if not trait.order_by:
        return tuple(sorted(shared))
    place = known.with_columns(pl.col(trait.order_by).rank().alias("_rank"))
    means = dict(place.group_by(trait.name).agg(pl.col("_rank").mean()).rows())
    return tuple(sorted(shared, key=lambda label: (means[label] or 0.0, label)))


def _codes(column: pl.Series, labels: tuple[str, ...]) -> np.ndarray:
    codes = column.replace_strict(
        list(labels), list(range(len(labels))), default=None, return_dtype=pl.Float64
    )
    return codes.to_numpy().astype(float)


def _quantiles(values: np.ndarray, _: tuple[str, ...]) -> list[float] | None:
    if len(values) < _FEWEST_FOR_QUANTILES:
        return None
    return [float(f"{value:.6g}") for value in np.quantile(values, normal.LEVELS)]


def _shares(codes: np.ndarray, labels: tuple[str, ...]) -> list[float] | None:
    counts = np.bincount(codes.astype(int), minlength=len(labels))
    counts[counts < FEWEST] = 0
    return [round(float(share), 5) for share in counts / counts.sum()] if counts.any() else None


def _normal_scores(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    distinct, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    high = np.cumsum(counts) / len(values)
    low = high - counts / len(values)
    if len(distinct) >= _DISCRETE_BELOW:
        return normal.score((low + high) / 2)[place], np.eye(1, _HERMITE)[0]
    bottom, top = _limits(low), _limits(high)
    means = (normal.density(bottom) - normal.density(top)) / (high - low)
    spread = np.sqrt(np.sum(means**2 * (high - low)))
    if spread == 0:
        return np.full(len(values), np.nan), np.zeros(_HERMITE)
    return (means / spread)[place], _hermite(means / spread, bottom, top)


def _limits(levels: np.ndarray) -> np.ndarray:
    return np.where(levels <= 1e-12, -np.inf, np.where(levels >= 1 - 1e-12, np.inf, normal.score(levels)))


def _hermite(steps: np.ndarray, bottom: np.ndarray, top: np.ndarray) -> np.ndarray:
    """Coefficients of a step function of a normal variable on normalised Hermite polynomials."""
    return np.array([np.sum(steps * (b - t)) for b, t in zip(_waves(bottom), _waves(top), strict=True)])


def _waves(z: np.ndarray) -> list[np.ndarray]:
    """Normalised He(k-1)(z) density(z) / sqrt(k), for k = 1, 2, ..."""
    finite, height = np.where(np.isfinite(z), z, 0.0), normal.density(z)
    before, now, waves = np.zeros_like(finite), np.ones_like(finite), []
    for k in range(1, _HERMITE + 1):
        waves.append(now * height / np.sqrt(k))
        before, now = now, (finite * now - np.sqrt(k - 1) * before) / np.sqrt(k)
    return waves
