"""Which columns are worth asking when other values are tried, and what each feeds in the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from data import features, portfolios
from data.portfolios import Column, Portfolio
from model.artifact import Model, load
from model.stages import BASE_FAMILY

PROBES = 3  # made-up files on which each column is moved, so that no condition hides its effect
_REACH = 1000.0  # where a column has no bounds and no ordinary range
_SEED = 11


@dataclass(frozen=True, slots=True)
class Asked:
    """A column that may be tried, and the model inputs that it moves (itself among them or not)."""

    name: str
    moves: tuple[str, ...]


def asked(portfolio: Portfolio, model: Model, families: Sequence[str]) -> tuple[Asked, ...]:
    """Return the columns that a trial may change, the weightiest first.

    They are those that the model reads, itself or through what is made of them: given with the
    file, or stored of the history ``families`` collected for it. Never a made column (it follows
    by itself), never a protected one.

    A column weighs the sum over the inputs it moves of 1 / (rank of the input x columns that
    move it), the rank being that of the model card.
    """
    read = {BASE_FAMILY, *families}
    fed = {
        name: tuple(moved for moved in inputs if portfolio.columns[moved].family in read)
        for name, inputs in feeds(portfolio, model).items()
        if portfolio.columns[name].source in read and portfolio.columns[name].role != "protected"
    }
    feeders: dict[str, int] = {}
    for inputs in fed.values():
        for moved in inputs:
            feeders[moved] = feeders.get(moved, 0) + 1
    rank = {name: place for place, name in enumerate(model.card["important"], start=1)}
    weight = {
        name: sum(1 / (rank.get(moved, len(rank) + 1) * feeders[moved]) for moved in inputs)
        for name, inputs in fed.items()
    }
    order = sorted((name for name in fed if fed[name]), key=lambda name: -weight[name])
    return tuple(Asked(name, fed[name]) for name in order)


def feeds(portfolio: Portfolio, model: Model) -> Mapping[str, tuple[str, ...]]:
    """Return, for every column that is not made, the model inputs that change when it does.

    Found by trying: on made-up files, each column in turn is moved to two other values and to
    "not provided", and the inputs computed again.
    """
    return _feeds(portfolio.id, model.folder)


@cache
def _feeds(portfolio_id: str, folder: Path) -> Mapping[str, tuple[str, ...]]:
    # By folder: a model is trained once and its folder never changes.
    portfolio, model = portfolios.load(portfolio_id), load(folder)
    inputs = model.encoding.inputs
    columns = [c for c in portfolio.columns.values() if c.source != "made" and c.role not in ("id", "target")]
    values = {c.name: _values(model, c) for c in columns}
    # Row 0 of each probe is the file as it is, then two rows per column: moved, and not provided.
    rows = 1 + 2 * len(columns)
    frames = []
    for start in range(PROBES):
        table = {}
        for place, column in enumerate(columns):
            here, there = (values[column.name][(start + step) % len(values[column.name])] for step in (0, 1))
            told = [here] * rows
            told[1 + 2 * place], told[2 + 2 * place] = there, None
            kind = pl.String if isinstance(here, str) else pl.Float64
            table[column.name] = pl.Series(column.name, told, dtype=kind)
        frames.append(pl.DataFrame(table))
    matrix = model.encoding.encode(features.applicant(portfolio, pl.concat(frames)))
    spread = matrix.reshape(PROBES, rows, len(inputs))
    same = (spread == spread[:, :1]) | (np.isnan(spread) & np.isnan(spread[:, :1]))
    moved = ~same.all(axis=0)
    return {
        column.name: tuple(inputs[i] for i in np.flatnonzero(moved[1 + 2 * place] | moved[2 + 2 * place]))
        for place, column in enumerate(columns)
    }


def _values(model: Model, column: Column) -> list:
    """Return a few different values that the column can have."""
    texts = model.card["given_texts"].get(column.name)
    if texts or column.kind == "category":
        return [*(texts or ["a", "b"])[:PROBES], "another"][: PROBES + 1]
    if column.kind == "flag":
        return [0.0, 1.0]
    low, high = model.card["ranges"].get(column.name, (None, None))
    if low is None or low == high:
        low = -_REACH if column.low is None else max(column.low, -_REACH)
        high = _REACH if column.high is None else min(column.high, _REACH)
    shares = np.random.default_rng(_SEED).permutation(np.linspace(0.1, 0.9, PROBES + 1))
    return [float(low + share * (high - low)) for share in shares]
