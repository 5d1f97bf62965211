"""The tables of a portfolio, as its ``schema.sql`` defines them.

The file is executed in an empty DuckDB and read back from the catalogue, so there is
no second description of the tables to keep in step, and no SQL is parsed here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from data.portfolios import Portfolio

INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
FLOATS = ("FLOAT", "DOUBLE")
NUMBERS = (*INTEGERS, *FLOATS)
KINDS = (*NUMBERS, "BOOLEAN", "VARCHAR")


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """``column`` of one table must be found in ``parent_column`` of ``parent``."""

    column: str
    parent: str
    parent_column: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns with their types, its keys and its limits."""

    name: str
    columns: Mapping[str, str]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    required: tuple[str, ...]
    checks: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the columns that identify a row or point at another table."""
        return tuple(dict.fromkeys((*self.primary_key, *(key.column for key in self.foreign_keys))))


@dataclass(frozen=True)
class Schema:
    """The tables of one portfolio, parents before children, and the SQL that makes them."""

    main: str
    tables: Mapping[str, Table]
    sql: str

    @property
    def children(self) -> tuple[str, ...]:
        """Names of the tables whose rows belong to a client: those with a path to the main table."""
        return tuple(name for name in self.tables if name != self.main and self.path(name))

    def path(self, table: str) -> tuple[ForeignKey, ...]:
        """Return the foreign keys that lead from ``table`` to the main table, nearest first."""
        for key in self.tables[table].foreign_keys:
            onwards = () if key.parent == self.main else self.path(key.parent)
            if onwards or key.parent == self.main:
                return (key, *onwards)
        return ()


def quoted(name: str) -> str:
    """Return ``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return ``text`` as an SQL string.

    Used throughout instead of parameters: binding one makes DuckDB's client import pandas and
    pyarrow where they are installed, some 80 MB that the web process has no use for.
    """
    return "'" + str(text).replace("'", "''") + "'"


def schema_of(portfolio: Portfolio) -> Schema:
    """Read the tables of ``portfolio`` from its ``schema.sql``."""
    return read(portfolio.folder / "schema.sql", portfolio.main_table)


@cache
def read(path: Path, main: str) -> Schema:
    """Read a ``schema.sql`` whose table ``main`` holds one row per client."""
    sql = path.read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute(sql)
        tables = {table.name: table for table in _tables(connection)}
    for table in tables.values():
        for column, kind in table.columns.items():
            if kind not in KINDS:
                known = ", ".join(KINDS)
                raise ValueError(f"{path.name}: {table.name}.{column} is {kind}; use one of {known}")
    if main not in tables:
        raise ValueError(f"{path.name}: no table {main!r}, which portfolio.toml names as main_table")
    return Schema(main, tables, sql)


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[Table]:
    # Three questions in all: DuckDB lists its whole catalogue for each.
    names = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_oid"
    ).fetchall()
    columns, constraints = defaultdict(list), defaultdict(list)
    for table, *about in connection.execute(
        "SELECT table_name, column_name, data_type, NOT is_nullable FROM duckdb_columns() "
        "WHERE NOT internal ORDER BY column_index"
    ).fetchall():
        columns[table].append(about)
    for table, *about in connection.execute(
        "SELECT table_name, constraint_type, constraint_column_names, referenced_table, "
        "referenced_column_names, expression FROM duckdb_constraints() ORDER BY constraint_index"
    ).fetchall():
        constraints[table].append(about)
    for (name,) in names:
        found = constraints[name]
        yield Table(
            name,
            {column: kind for column, kind, _ in columns[name]},
            next((tuple(row[1]) for row in found if row[0] == "PRIMARY KEY"), ()),
            tuple(ForeignKey(row[1][0], row[2], row[3][0]) for row in found if row[0] == "FOREIGN KEY"),
            tuple(column for column, _, required in columns[name] if required),
            tuple(row[4] for row in found if row[0] == "CHECK"),
        )
