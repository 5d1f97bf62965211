"""The bank: what is known of every client, in a DuckDB file opened for reading only."""

# Names and values stand in SQL as spelt by schema.quoted() and schema.literal().
# ruff: noqa: S608

import json
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from config import settings
from data import portfolios
from data.encryption import BANK, BankLocked, BankMissing, BankUnreadable, attach_read_only
from data.portfolios import Portfolio
from data.schema import literal, quoted, schema_of

__all__ = [
    "Bank",
    "BankLocked",
    "BankMeta",
    "BankMissing",
    "BankUnreadable",
    "UnknownClient",
    "bank_path",
    "open_bank",
]

Value = float | int | str | bool | None

# The web process reads one client at a time and shares a small machine.
WEB = {"threads": 1, "memory_limit": "64MB", "temp_directory": ""}
# Training reads everything at once.
TRAINING = {"memory_limit": "2GB", "temp_directory": ""}


# Raised whenever what stands in a bank changes, so that an older one is refused with a clear word.
FORMAT = 1

AT_ONCE = 4  # columns read together from a whole bank

LAST_CHARACTER = chr(sys.maxunicode)


class UnknownClient(LookupError):
    """The bank has no client of that id."""

    def __init__(self, client_id: str):
        self.client_id = client_id
        # The id is not in the message: messages are logged, and an id identifies a person.
        super().__init__("no client of that id in this portfolio")


@dataclass(frozen=True)
class BankMeta:
    """What a bank says of itself; ``tables`` are the child tables that were collected."""

    portfolio: str
    synthetic: bool
    created: str
    rows: Mapping[str, int]
    tables: tuple[str, ...]
    fingerprint: str
    clients: int
    labelled: int


def bank_path(portfolio_id: str) -> Path:
    """Return the place of a portfolio's bank."""
    return settings().store_dir / "banks" / f"{portfolio_id}.duckdb"


class Bank:
    """A bank file opened for reading; safe to share between threads.

    Parameters
    ----------
    portfolio : Portfolio
    path : Path
    key : str
        The key it was encrypted with, empty for a bank in clear.
    """

    def __init__(self, portfolio: Portfolio, path: Path, key: str = ""):
        self.portfolio = portfolio
        self.closed = False
        self._schema = schema_of(portfolio)
        self._path, self._key = path, key
        self._connection = attach_read_only(path, key, **WEB)
        self._lock = threading.Lock()
        self.meta, self._types = self._read_meta()
        self._columns = tuple(self._types)

    def record(self, client_id: str) -> dict[str, Value]:
        """Return what is known of one client: given columns, stored history, ``covered_<family>``.

        Raises
        ------
        UnknownClient
            When there is no such client.
        """
        return dict(zip(self._columns, json.loads(self._card(client_id, "record")), strict=True))

    def records(self, client_ids: Sequence[str]) -> pl.DataFrame:
        """Return what is known of several clients, in the order asked for; unknown ones are left out."""
        wanted = (
            ", ".join(literal(client_id) for client_id in client_ids if client_id.isprintable()) or "NULL"
        )
        sql = f"SELECT client_id, record FROM {BANK}._clients WHERE client_id IN ({wanted})"
        found = dict(self._rows(sql))
        rows = [json.loads(found[client_id]) for client_id in client_ids if client_id in found]
        return pl.DataFrame(rows, schema=self._types, orient="row")

    def search(self, start: str, limit: int = 8, offset: int = 0) -> tuple[list[str], int]:
        """Return the ids that begin with ``start``, one page of them, and how many there are in all."""
        if start and not start.isprintable():
            return [], 0
        # A range rather than a pattern: the ids are stored sorted, so only their blocks are read.
        among = (
            f"FROM {BANK}._clients "
            f"WHERE client_id >= {literal(start)} AND client_id < {literal(start + LAST_CHARACTER)}"
        )
        page = f"LIMIT {max(limit, 0)} OFFSET {max(offset, 0)}"
        found = self._rows(f"SELECT client_id {among} ORDER BY client_id {page}")
        ((total,),) = self._rows(f"SELECT count(*) {among}") if start else ((self.meta.clients,),)
        return [client_id for (client_id,) in found], total

    def child_rows(self, client_id: str, table: str, limit: int = 200) -> list[dict[str, Value]]:
        """Return the rows of a child table that belong to a client, newest first."""
        if table not in self._schema.children:
            known = ", ".join(self._schema.children)
            raise ValueError(f"table {table!r} is not a child table; known: {known}")
        path = self._schema.path(table)
        values = [self._card(client_id, self.portfolio.id_column)]
        # One look-up per step rather than a join: each reads only the client's own blocks.
        for onwards, step in zip(reversed(path[:-1]), reversed(path[1:]), strict=True):
            sql = _select(quoted(onwards.parent_column), onwards.parent, step.column, values)
            values = [value for (value,) in self._rows(sql)]
        newest = self.portfolio.settings.get("tables", {}).get(table, {}).get("newest")
        order = f" ORDER BY {quoted(newest)} DESC NULLS LAST" if newest else ""
        rows = self._rows(_select("*", table, path[0].column, values) + f"{order} LIMIT {max(limit, 0)}")
        return [dict(zip(self._schema.tables[table].columns, row, strict=True)) for row in rows]

    def parent_rows(self, table: str, limit: int = 1_000) -> list[dict[str, Value]]:
        """Return the rows of a small table that clients point at, in the order of its key."""
        names = self._schema.tables[table].columns
        rows = self._rows(f"SELECT * FROM {BANK}.{quoted(table)} ORDER BY 1 LIMIT {max(limit, 0)}")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def outcome(self, client_id: str) -> int | None:
        """Return 1 for the positive class, 0 for the other, None when it is not known."""
        return self._card(client_id, "outcome")

    def frame(self, labelled: bool | None = None) -> pl.DataFrame:
        """Return the whole population, sorted by id: id, outcome (1, 0, null), given columns, history.

        Parameters
        ----------
        labelled : bool, optional
            True for the clients whose outcome is known, False for the others, None for all.
        """
        key, target = self.portfolio.id_column, self.portfolio.target
        with attach_read_only(self._path, self._key, **TRAINING) as connection:
            given, history = (
                _whole(connection.sql(f"SELECT {columns} FROM {BANK}.{quoted(table)}"))
                for columns, table in self._known(outcome_sql(self.portfolio))
            )
        # Both are stored sorted by client, so that no join is needed.
        if not given[key].equals(history[key]):
            raise BankUnreadable(f"{self._path}: clients and their history do not match; load the bank again")
        frame = given.hstack(history.drop(key))
        return frame if labelled is None else frame.filter(pl.col(target).is_not_null() == labelled)

    def close(self) -> None:
        """Close the bank; it cannot be read any more."""
        self._connection.close()
        self.closed = True

    def _known(self, *more: str) -> tuple[tuple[str, str], tuple[str, str]]:
        """Return the columns to read, and where, to have all that is known of a client."""
        key, target = quoted(self.portfolio.id_column), quoted(self.portfolio.target)
        given = ", ".join((key, *more, f"* EXCLUDE ({key}, {target})"))
        return (given, self._schema.main), ("*", "_history")

    def _card(self, client_id: str, column: str) -> Value:
        """Return one column of a client's card."""
        sql = f"SELECT {quoted(column)} FROM {BANK}._clients WHERE client_id = {literal(client_id)}"
        found = self._rows(sql) if client_id.isprintable() else []
        if not found:
            raise UnknownClient(client_id)
        return found[0][0]

    def _rows(self, sql: str) -> list[tuple]:
        """Run one query at a time: many at once would share one small memory and fail for want of it."""
        with self._lock:
            return self._connection.execute(sql).fetchall()

    def _read_meta(self) -> tuple[BankMeta, dict[str, pl.DataType]]:
        """Return what the bank says of itself, and the types of what it knows of a client."""
        try:
            ((text, made),) = self._rows(f"SELECT description, format FROM {BANK}._meta")
        except duckdb.Error:
            made = None
        if made != FORMAT:
            raise BankUnreadable(f"{self._path}: not a bank of this version of Limpide; load the data again")
        told = json.loads(text)
        types = {}
        for columns, table in self._known():
            empty = self._connection.sql(f"SELECT {columns} FROM {BANK}.{quoted(table)} LIMIT 0")
            types |= _types(empty)
        made = {name for family in self.portfolio.families for name in self.portfolio.by_source(family)}
        if lacking := made - types.keys():
            raise BankUnreadable(
                f"{self._path}: made before columns.csv had {', '.join(sorted(lacking))}; load the data again"
            )
        return BankMeta(**told | {"tables": tuple(told["tables"])}), types


def _whole(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """Return all rows, a few columns at a time.

    DuckDB sets a million rows aside for each column that it hands over, however few there are, and
    they stay set aside as long as the column lives: each is copied to its own size.
    """
    names, parts = relation.columns, []
    for start in range(0, len(names), AT_ONCE):
        some = pl.DataFrame(relation.select(*map(quoted, names[start : start + AT_ONCE])))
        parts.append(some[pl.int_range(len(some), eager=True)])
    return pl.concat(parts, how="horizontal")


def _types(relation: duckdb.DuckDBPyRelation) -> dict[str, pl.DataType]:
    """Return the type of each column, from one column of each (see :func:`_whole`)."""
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    one_of = {kind: name for name, kind in kinds.items()}
    schema = _whole(relation.select(*map(quoted, one_of.values()))).schema
    return {name: schema[one_of[kind]] for name, kind in kinds.items()}


def outcome_sql(portfolio: Portfolio, name: str = "") -> str:
    """Return the SQL of a client's outcome: 1 for the positive class, 0 for the other, NULL unknown."""
    target, positive = quoted(portfolio.target), portfolio.settings["positive"]
    value = literal(positive) if isinstance(positive, str) else repr(positive)
    known = f"CASE WHEN {target} IS NOT NULL THEN CAST({target} = {value} AS TINYINT) END"
    return f"{known} AS {quoted(name or portfolio.target)}"


def _select(columns: str, table: str, column: str, among: Sequence[Value]) -> str:
    """Return the SQL of the rows whose ``column`` is among the values.

    Ranges of one value each, not ``=`` or ``IN``: those would be looked up in the table's index,
    which DuckDB keeps in memory for good once read, and a bank of 58 million rows has a gigabyte
    of them. Tables are stored sorted, so a range is found as fast without.
    """
    rows = f"SELECT {columns} FROM {BANK}.{quoted(table)} WHERE "
    values = [literal(value) if isinstance(value, str) else repr(value) for value in among]
    return " UNION ALL ".join(f"{rows}{quoted(column)} BETWEEN {value} AND {value}" for value in values) or (
        rows + "false"
    )


_opened: dict[str, tuple[tuple, Bank]] = {}
_lock = threading.Lock()


def open_bank(portfolio_id: str) -> Bank:
    """Return the bank of a portfolio, opened once; one that was swapped in since is opened afresh.

    Raises
    ------
    BankMissing, BankLocked, BankUnreadable
        With the remedy in the message.
    """
    path, key = bank_path(portfolio_id), settings().bank_key.get_secret_value()
    try:
        status = path.stat()
    except FileNotFoundError:
        raise BankMissing(path) from None
    identity = (path, status.st_ino, status.st_mtime_ns, key)
    with _lock:
        known, bank = _opened.get(portfolio_id, (None, None))
        if known != identity or bank.closed:
            # Whoever still reads the previous bank keeps it; it closes when the last one lets go.
            bank = Bank(portfolios.load(portfolio_id), path, key)
            _opened[portfolio_id] = (identity, bank)
        return bank
