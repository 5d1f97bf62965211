"""From what is known of clients to what the model reads: the portfolio's own features, wired.

A portfolio may have a ``features.py`` with ``history(tables)`` and ``applicant(frame)``.
Without it, a file is read as it is given.
"""

import importlib.util
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

import narwhals as nw
import polars as pl

from data.portfolios import Column, Portfolio

COVERED = "covered_"
NUMBER, TEXT = KINDS = pl.Float64(), pl.String()
_here = threading.local()


def history(portfolio: Portfolio, tables: Mapping[str, object]) -> object:
    """Aggregate the child tables to one row per client.

    Parameters
    ----------
    portfolio : Portfolio
    tables : mapping of str to a table of any engine Narwhals reads
        Every child table of the families by name, empty when absent, and ``clients``: the
        id of every client with, for each child table, whether it was collected for them.

    Returns
    -------
    table of the same engine
        The id, the history columns of ``columns.csv`` in their order, then for each
        family whether it is covered, that is whether its first table was collected.
    """
    frames = {name: nw.from_native(table) for name, table in tables.items()}
    module = _module(portfolio.folder)
    clients = frames["clients"] if module is None else module.history(frames)
    columns = [name for family in portfolio.families for name in portfolio.by_source(family)]
    covers = {COVERED + family: nw.col(about["tables"][0]) for family, about in portfolio.families.items()}
    return nw.to_native(clients.select(portfolio.id_column, *columns, **covers))


def applicant(portfolio: Portfolio, frame: pl.DataFrame) -> pl.DataFrame:
    """Repair the given columns and add the made ones, row by row.

    Parameters
    ----------
    portfolio : Portfolio
    frame : polars.DataFrame
        Given columns and, when stored, history columns. A column that is absent is taken
        as not provided; columns that ``columns.csv`` does not name are kept as they are.

    Returns
    -------
    polars.DataFrame
        The same rows in the same order, every column of ``columns.csv`` present but the
        id and the target, which are kept where given.
    """
    complete = _complete(portfolio, frame)
    others = frame.drop(complete.columns, strict=False)
    return others.hstack(_made(portfolio, complete).get_columns())


def inputs(portfolio: Portfolio, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the model inputs in their order, then the protected columns and notes that ``frame`` holds."""
    given = set(frame.columns)
    kept = (c.name for c in portfolio.columns.values() if c.role in ("protected", "note") and c.name in given)
    return applicant(portfolio, frame).select(*portfolio.inputs, *kept)


def covered(portfolio: Portfolio, record: Mapping) -> tuple[str, ...]:
    """Return the history families that were collected for the client of this record."""
    return tuple(family for family in portfolio.families if record.get(COVERED + family))


def _complete(portfolio: Portfolio, frame: pl.DataFrame) -> pl.DataFrame:
    """Give every column that is not made, in one type whatever the values at hand.

    A single record may hold an integer, or nothing at all, where the whole population
    holds decimals: without one type, one client could differ from the training frame.
    """
    given = {column.name: column for column in frame.fill_nan(None).get_columns()}
    nothing = {kind: pl.Series([None], dtype=kind).new_from_index(0, frame.height) for kind in KINDS}
    return pl.DataFrame(
        [
            given[name].cast(kind) if name in given else nothing[kind].alias(name)
            for name, kind in _kinds(portfolio).items()
        ]
    )


def _kinds(portfolio: Portfolio) -> dict[str, pl.DataType]:
    aside = ("id", "target", "note")
    wanted = [c for c in portfolio.columns.values() if c.source != "made" and c.role not in aside]
    return {c.name: _kind(c) for c in wanted}


def _kind(column: Column) -> pl.DataType:
    """Numbers are decimals; categories are text, and so are flags without bounds (Y and N)."""
    is_text = column.kind == "category" or (column.kind == "flag" and column.low is None)
    return TEXT if is_text else NUMBER


def _made(portfolio: Portfolio, complete: pl.DataFrame) -> pl.DataFrame:
    """Run the portfolio's ``applicant`` on columns of known types.

    Building the expressions costs ten times running them on one row: they are built once
    for each thread, as a query over whatever frame that thread puts in ``at_hand``.
    """
    module = _module(portfolio.folder)
    if module is None:
        return complete
    plans = _here.__dict__.setdefault("plans", {})
    if portfolio.folder not in plans:
        plans[portfolio.folder] = _plan(module, complete.schema)
    at_hand, query = plans[portfolio.folder]
    at_hand[:] = [complete]
    made = query.collect(engine="in-memory")
    at_hand.clear()
    return made


def _plan(module: ModuleType, schema: pl.Schema) -> tuple[list[pl.DataFrame], pl.LazyFrame]:
    at_hand: list[pl.DataFrame] = []
    source = pl.LazyFrame(schema=schema).map_batches(lambda _: at_hand[0])
    return at_hand, nw.to_native(module.applicant(nw.from_native(source)))


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
