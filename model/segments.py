"""Segments of a portfolio: who is judged by a model of their own, by a raw value of the file.

``[segments] column, edges`` of ``portfolio.toml`` cut the values of one number: an edge belongs to the
segment above it. The value is the one given with the file, never anything encoded or repaired. A file
without the value belongs to no segment: the pooled model judges it.

``segments.json`` of an artifact is one object (:func:`read` returns it)::

    column, edges   of portfolio.toml
    names           ["segment_1", "segment_2"]: below the first edge, from it on, ...
    asked           "auto", "pooled" or "segments": what ``train --segments`` was told
    served          "pooled" or "segments": what speaks for files
    by, mark        the metric that decides ("log_loss"), and the probability that files are decided at
    out_of_fold     what decides: files of training, each answered by models that did not see it
    test            the same on the rows that [split] sets aside; null without such rows

``out_of_fold`` and ``test`` each hold a ``verdict`` ("segments", "pooled" or "no difference": which is
better by more than the 95 % interval of the difference) and ``populations``, everyone first::

    {"name": "all", "column": null, "low": null, "high": null, "rows": 96815, "positives": 30386,
     "verdict": "no difference",
     "pooled":   {"auc": {"value": 0.721, "low": 0.718, "high": 0.725}, ...},
     "segments": {...},
     "gain":     {...}}
    {"name": "segment_1", "column": "YEARS", "low": null, "high": 30.0, ...}      # low <= YEARS < high

Metrics are those of :data:`METRICS`. ``gain`` is segments minus pooled as it is, paired on the same rows
(of ``brier``, ``log_loss`` and ``cost`` a gain below 0 is the better), with its 95 % interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from data.portfolios import Portfolio

if TYPE_CHECKING:
    from model.artifact import Model

Choice = Literal["auto", "pooled", "segments"]
FILE = "segments.json"
PREFIX = "segment_"
NOWHERE = PREFIX + "none"  # files that belong to no segment
# ``balanced_accuracy`` is (recall + specificity) / 2, of decisions; ``auc`` that of the ranking.
METRICS = ("auc", "recall", "precision", "accuracy", "f1", "balanced_accuracy", "log_loss", "brier", "cost")
_NUMBERS = ("number", "amount", "ratio", "days")


class SegmentsUnfit(ValueError):
    """The ``[segments]`` of a portfolio cannot be followed."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Files with ``low <= column < high``; None where there is no bound."""

    name: str
    column: str | None
    low: float | None
    high: float | None

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Return which values belong here, shape ``(rows,)``; NaN belongs nowhere."""
        above = values >= (-np.inf if self.low is None else self.low)
        return above & (values < (np.inf if self.high is None else self.high))


def of(portfolio: Portfolio) -> tuple[Segment, ...]:
    """Return the segments of a portfolio, lowest first; none where it declares none.

    Raises
    ------
    SegmentsUnfit
        When the column is no number given with the file and read by the model, or edges do not rise.
    """
    told = portfolio.settings.get("segments")
    if told is None:
        return ()
    name, edges = told["column"], [float(edge) for edge in told["edges"]]
    column = portfolio.columns.get(name)
    if column is None or (column.role, column.source) != ("input", "application"):
        raise SegmentsUnfit(f"[segments] column {name!r} is no input given with the file")
    if column.kind not in _NUMBERS:
        raise SegmentsUnfit(f"[segments] column {name!r} is no number")
    if not edges or any(edge >= after for edge, after in pairwise(edges)):
        raise SegmentsUnfit(f"[segments] edges {edges} are not one or more rising numbers")
    bounds = [None, *edges, None]
    return tuple(
        Segment(f"{PREFIX}{number}", name, low, high)
        for number, (low, high) in enumerate(pairwise(bounds), start=1)
    )


def masks(portfolio: Portfolio, frame: pl.DataFrame) -> dict[str, np.ndarray]:
    """Return which rows of a frame of files as given belong to each segment, and to none.

    Returns
    -------
    name -> array of bool, shape (rows,)
        :data:`NOWHERE` first. Empty for a portfolio without segments.
    """
    found = of(portfolio)
    if not found:
        return {}
    column, values = found[0].column, np.full(len(frame), np.nan)
    if column in frame.columns:
        values = frame[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return routes(portfolio, values)


def routes(portfolio: Portfolio, values: np.ndarray) -> dict[str, np.ndarray]:
    """Return the masks of :func:`masks` for values of the column, float, shape ``(rows,)``."""
    inside = {segment.name: segment.holds(values) for segment in of(portfolio)}
    if not inside:
        return {}
    return {NOWHERE: ~np.any(list(inside.values()), axis=0)} | inside


def route(portfolio: Portfolio, record: Mapping) -> str | None:
    """Return the segment of a file as given, :data:`NOWHERE` without the value; None without segments."""
    found = of(portfolio)
    if not found:
        return None
    value = record.get(found[0].column)
    value = np.nan if value is None else float(value)
    return next((segment.name for segment in found if segment.holds(value)), NOWHERE)


def agree(portfolio: Portfolio, told: Mapping) -> bool:
    """Say whether a model that was told of segments may still follow those of the portfolio."""
    now = portfolio.settings.get("segments", {})
    return told["served"] == "pooled" or all(now.get(name) == told[name] for name in ("column", "edges"))


def serve(model: "Model") -> bool:
    """Say whether segments of a model speak for files, rather than one model for all."""
    return any(stage.family.startswith(PREFIX) for stage in model.stages)


def read(model: "Model") -> Mapping | None:
    """Return ``segments.json`` of a model; None where nothing was compared.

    Raises
    ------
    ModelDamaged
        When the file was changed after training.
    """
    from model.measures import measured

    return measured(model, FILE)
