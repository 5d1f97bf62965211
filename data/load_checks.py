"""Why data cannot be loaded, one clear line per kind of fault."""

import duckdb

from data.load_sources import Source
from data.portfolios import Portfolio
from data.schema import Schema


def orphans(portfolio: Portfolio, table: str) -> bool:
    """Whether rows of a table without a parent are set aside rather than refused."""
    return portfolio.settings.get("tables", {}).get(table, {}).get("orphans") == "set aside"


def header_faults(portfolio: Portfolio, schema: Schema, sources: tuple[Source, ...]) -> list[str]:
    """Return a line for every column that is missing."""
    return []


def explain(
    connection: duckdb.DuckDBPyConnection,
    portfolio: Portfolio,
    schema: Schema,
    sources: tuple[Source, ...],
    error: duckdb.Error,
) -> list[str]:
    """Return a line per kind of fault that stopped a load."""
    return [str(error)]
