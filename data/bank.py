"""The bank: what is known of every client, in a DuckDB file opened for reading only."""

# Names and values stand in SQL as spelt by schema.quoted() and schema.literal().
# ruff: noqa: S608

import json
import re
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
from data.schema import INTEGERS, literal, quoted, schema_of

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
WEB = {"threads": 1, "memory_limit": "256MB", "temp_directory": ""}
# Training reads everything at once.
TRAINING = {"memory_limit": "2GB", "temp_directory": ""}


# As str() writes a whole number, within 64 bits: "007" or "1e3" is no client's id.
WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}", re.ASCII)


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
        self._main = quoted(self._schema.main)
        self._connection = attach_read_only(path, key, **WEB)
        self._local = threading.local()
        self.meta = self._read_meta()

    def record(self, client_id: str) -> dict[str, Value]:
        """Return what is known of one client: given columns, stored history, ``covered_<family>``.

        Raises
        ------
        UnknownClient
            When there is no such client.
        """
        record = {}
        for columns, table in self._known():
            found = self._cursor().execute(self._of_clients(columns, table, [client_id]))
            row = found.fetchone()
            if row is None:
                raise UnknownClient(client_id)
            record |= zip((column[0] for column in found.description), row, strict=True)
        return record

    def records(self, client_ids: Sequence[str]) -> pl.DataFrame:
        """Return what is known of several clients, in the order asked for; unknown ones are left out."""
        key = self.portfolio.id_column
        given, history = (
            pl.DataFrame(self._cursor().sql(self._of_clients(columns, table, client_ids)))
            for columns, table in self._known()
        )
        found = given.join(history, on=key)
        order = pl.DataFrame({"": list(client_ids)}, schema={"": pl.String})
        found = found.with_columns(pl.col(key).cast(pl.String).alias(""))
        return order.join(found, on="", maintain_order="left").drop("")

    def search(self, start: str, limit: int = 8, offset: int = 0) -> tuple[list[str], int]:
        """Return the ids that begin with ``start``, one page of them, and how many there are in all."""
        if start and not start.isprintable():
            return [], 0
        cursor = self._cursor()
        # A range rather than a pattern: the ids are stored sorted, so only their blocks are read.
        among = (
            f"FROM {BANK}._clients "
            f"WHERE client_id >= {literal(start)} AND client_id < {literal(start)} || chr({sys.maxunicode})"
        )
        page = f"LIMIT {max(limit, 0)} OFFSET {max(offset, 0)}"
        found = cursor.execute(f"SELECT client_id {among} {page}").fetchall()
        (total,) = cursor.execute(f"SELECT count(*) {among}").fetchone()
        return [client_id for (client_id,) in found], total

    def child_rows(self, client_id: str, table: str, limit: int = 200) -> list[dict[str, Value]]:
        """Return the rows of a child table that belong to a client, newest first."""
        if table not in self._schema.children:
            known = ", ".join(self._schema.children)
            raise ValueError(f"table {table!r} is not a child table; known: {known}")
        cursor, path = self._cursor(), self._schema.path(table)
        values = self._ids([client_id])
        # One look-up per step rather than a join: each reads only the client's own blocks.
        for onwards, step in zip(reversed(path[:-1]), reversed(path[1:]), strict=True):
            sql = _select(quoted(onwards.parent_column), onwards.parent, step.column, values)
            values = [literal(value) for (value,) in cursor.execute(sql).fetchall()]
        newest = self.portfolio.settings.get("tables", {}).get(table, {}).get("newest")
        order = f" ORDER BY {quoted(newest)} DESC NULLS LAST" if newest else ""
        rows = cursor.execute(_select("*", table, path[0].column, values) + f"{order} LIMIT {max(limit, 0)}")
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]

    def outcome(self, client_id: str) -> int | None:
        """Return 1 for the positive class, 0 for the other, None when it is not known."""
        sql = self._of_clients(self._outcome(), self._schema.main, [client_id])
        row = self._cursor().execute(sql).fetchone()
        if row is None:
            raise UnknownClient(client_id)
        return row[0]

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
                pl.DataFrame(connection.sql(f"SELECT {columns} FROM {BANK}.{quoted(table)}"))
                for columns, table in self._known(self._outcome())
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

    def _outcome(self) -> str:
        target, positive = quoted(self.portfolio.target), self.portfolio.settings["positive"]
        value = literal(positive) if isinstance(positive, str) else repr(positive)
        return f"CASE WHEN {target} IS NOT NULL THEN CAST({target} = {value} AS TINYINT) END AS {target}"

    def _of_clients(self, columns: str, table: str, client_ids: Sequence[str]) -> str:
        return _select(columns, table, self.portfolio.id_column, self._ids(client_ids))

    def _ids(self, client_ids: Sequence[str]) -> list[str]:
        """Return as SQL the ids that can be ids at all; the others are nobody's."""
        kind = self._schema.tables[self._schema.main].columns[self.portfolio.id_column]
        if kind in INTEGERS:
            return [client_id for client_id in client_ids if WHOLE_NUMBER.fullmatch(client_id)]
        return [literal(client_id) for client_id in client_ids if client_id.isprintable()]

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """Return this thread's own cursor: threads may not share one, and one per call would cost time."""
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._connection.cursor()
        return self._local.cursor

    def _read_meta(self) -> BankMeta:
        try:
            (text,) = self._cursor().execute(f"SELECT description FROM {BANK}._meta").fetchone()
        except duckdb.CatalogException as error:
            raise BankUnreadable(f"{self._path}: a DuckDB file but not a bank; load it again") from error
        told = json.loads(text)
        return BankMeta(**told | {"tables": tuple(told["tables"])})


def _select(columns: str, table: str, column: str, among: Sequence[str]) -> str:
    values = ", ".join(among) or "NULL"
    return f"SELECT {columns} FROM {BANK}.{quoted(table)} WHERE {quoted(column)} IN ({values})"


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
