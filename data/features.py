"""From what is known of clients to what the model reads: the portfolio's own features, wired.

A portfolio may have a ``features.py`` with ``history(tables)`` and ``applicant(frame)``.
Without it, a file is read as it is given.
"""

import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

import narwhals as nw
import polars as pl

from data.portfolios import Column, Portfolio

COVERED = "covered_"


def applicant(portfolio: Portfolio, frame: pl.DataFrame) -> pl.DataFrame:
    """Repair the given columns and add the made ones, row by row.

    Parameters
    ----------
    portfolio : Portfolio
    frame : polars.DataFrame
        Given columns and, when stored, history columns. A column that is absent is taken
        as not provided.

    Returns
    -------
    polars.DataFrame
        The same rows in the same order, every column of ``columns.csv`` present.
    """
    complete = _complete(portfolio, frame)
    module = _module(portfolio.folder)
    if module is None:
        return complete
    return nw.to_native(module.applicant(nw.from_native(complete, eager_only=True)))


def inputs(portfolio: Portfolio, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the model inputs in their order, then the protected columns that ``frame`` holds."""
    protected = [c.name for c in portfolio.columns.values() if c.role == "protected" and c.name in frame.columns]
    return applicant(portfolio, frame).select(*portfolio.inputs, *protected)


def covered(portfolio: Portfolio, record: Mapping) -> tuple[str, ...]:
    """Return the history families that were collected for the client of this record."""
    return tuple(family for family in portfolio.families if record.get(COVERED + family))


def _complete(portfolio: Portfolio, frame: pl.DataFrame) -> pl.DataFrame:
    """Give every column that is not made, in one type whatever the values at hand.

    A single record may hold an integer, or nothing at all, where the whole population
    holds decimals: without one type, one client could differ from the training frame.
    """
    wanted = [c for c in portfolio.columns.values() if c.source != "made" and c.role not in ("id", "target")]
    given = set(frame.columns)
    columns = [
        (pl.col(c.name).cast(_type(c, frame.schema[c.name])) if c.name in given else _nothing(c)) for c in wanted
    ]
    return frame.with_columns(columns)


def _type(column: Column, found: pl.DataType) -> pl.DataType:
    if column.kind == "category" or (column.kind == "flag" and found in (pl.String, pl.Categorical)):
        return pl.String
    return pl.Float64


def _nothing(column: Column) -> pl.Expr:
    return pl.lit(None, dtype=pl.String if column.kind == "category" else pl.Float64).alias(column.name)


@cache
def _module(folder: Path) -> ModuleType | None:
    """Import the portfolio's ``features.py`` once; a portfolio of one flat table has none."""
    path = folder / "features.py"
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location(f"portfolio_{folder.name}_features", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
