"""The bank: what is known of every client, in a DuckDB file opened for reading only."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from config import settings
from data import portfolios
from data.encryption import BANK, BankLocked, BankMissing, BankUnreadable, attach_read_only
from data.features import COVERED
from data.portfolios import Portfolio
from data.schema import quoted, schema_of

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
        self._schema = schema_of(portfolio)
        self._path, self._key = path, key
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
        cursor = self._cursor()
        row = cursor.execute(self._record_sql + " WHERE " + self._is_client, [client_id]).fetchone()
        record = dict(zip((column[0] for column in cursor.description), row or (), strict=False))
        if str(record.get(self.portfolio.id_column)) != client_id:
            raise UnknownClient(client_id)
        return record

    def records(self, client_ids: Sequence[str]) -> pl.DataFrame:
        """Return what is known of several clients, in the order of ``client_ids``; unknown ones are left out."""
        key = self.portfolio.id_column
        marks = ", ".join([f"TRY_CAST(? AS {self._id_kind})"] * len(client_ids)) or "NULL"
        rows = self._cursor().sql(
            f"{self._record_sql} WHERE {quoted(key)} IN ({marks})", params=[*client_ids] or None
        )
        order = pl.DataFrame({"client_id": pl.Series(client_ids, dtype=pl.String)})
        return order.join(
            pl.DataFrame(rows).with_columns(client_id=pl.col(key).cast(pl.String)), on="client_id", maintain_order="left"
        ).drop("client_id")

    def search(self, start: str, limit: int = 8, offset: int = 0) -> tuple[list[str], int]:
        """Return the ids that begin with ``start``, one page of them, and how many there are in all."""
        between = "FROM bank._clients WHERE client_id >= $start AND client_id < $start || chr(1114111)"
        cursor = self._cursor()
        page = cursor.execute(
            f"SELECT client_id {between} LIMIT $limit OFFSET $offset",
            {"start": start, "limit": limit, "offset": offset},
        ).fetchall()
        total = cursor.execute(f"SELECT count(*) {between}", {"start": start}).fetchone()[0]
        return [client_id for (client_id,) in page], total

    def child_rows(self, client_id: str, table: str, limit: int = 200) -> list[dict[str, Value]]:
        """Return the client's rows of a child table, newest first."""
        if table not in self._schema.children:
            raise ValueError(f"table {table!r} is not a child table; known: {', '.join(self._schema.children)}")
        path = self._schema.path(table)
        values: list = [client_id]
        # One look-up per step rather than a join: each reads only the client's own blocks.
        for step, onwards in zip(reversed(path[1:]), reversed(path[:-1]), strict=True):
            rows = self._where(onwards.parent, step.column, values, quoted(onwards.parent_column))
            values = [value for (value,) in rows.fetchall()]
        newest = self.portfolio.settings.get("tables", {}).get(table, {}).get("newest")
        order = f" ORDER BY {quoted(newest)} DESC NULLS LAST" if newest else ""
        rows = self._where(table, path[0].column, values, "*", f"{order} LIMIT {int(limit)}")
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]

    def outcome(self, client_id: str) -> int | None:
        """Return 1 for the positive class, 0 for the other, None when it is not known."""
        sql = f"SELECT {self._outcome} FROM {self._main} WHERE {self._is_client}"
        row = self._cursor().execute(sql, [self.portfolio.settings["positive"], client_id]).fetchone()
        if row is None:
            raise UnknownClient(client_id)
        return row[0]

    def frame(self, labelled: bool | None = None) -> pl.DataFrame:
        """Return the whole population, sorted by id: id, target, given columns, stored history.

        Parameters
        ----------
        labelled : bool, optional
            True for the clients whose outcome is known, False for the others, None for all.
        """
        key, target = self.portfolio.id_column, self.portfolio.target
        with attach_read_only(self._path, self._key, **TRAINING) as connection:
            given = connection.sql(
                f"SELECT {quoted(key)}, {self._outcome} AS {quoted(target)}, * EXCLUDE ({quoted(key)}, {quoted(target)}) "
                f"FROM {self._main}",
                params=[self.portfolio.settings["positive"]],
            )
            frame = pl.DataFrame(given)
            history = pl.DataFrame(connection.sql("SELECT * FROM bank._history"))
        # Both are stored sorted by client, so no join is needed.
        if not frame[key].equals(history[key]):
            raise BankUnreadable(f"{self._path}: clients and their history do not match; load the bank again")
        frame = frame.hstack(history.drop(key))
        return frame if labelled is None else frame.filter(pl.col(target).is_not_null() == labelled)

    def close(self) -> None:
        """Close the bank; it cannot be read any more."""
        self._connection.close()
        self.closed = True

    closed = False

    @cached_property
    def _main(self) -> str:
        return f"{BANK}.{quoted(self._schema.main)}"

    @cached_property
    def _id_kind(self) -> str:
        return self._schema.tables[self._schema.main].columns[self.portfolio.id_column]

    @cached_property
    def _is_client(self) -> str:
        return f"{quoted(self.portfolio.id_column)} = TRY_CAST(? AS {self._id_kind})"

    @cached_property
    def _record_sql(self) -> str:
        key = quoted(self.portfolio.id_column)
        return (
            f"SELECT {key}, given.* EXCLUDE ({key}, {quoted(self.portfolio.target)}), history.* EXCLUDE ({key}) "
            f"FROM {self._main} AS given JOIN {BANK}._history AS history USING ({key})"
        )

    @cached_property
    def _outcome(self) -> str:
        target = quoted(self.portfolio.target)
        return f"CASE WHEN {target} IS NOT NULL THEN CAST({target} = ? AS TINYINT) END"

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """Return this thread's own cursor: one may not be shared, and making one per call costs time."""
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._connection.cursor()
        return self._local.cursor

    def _where(self, table: str, column: str, values: list, wanted: str, tail: str = "") -> duckdb.DuckDBPyConnection:
        kind = self._schema.tables[table].columns[column]
        marks = ", ".join([f"TRY_CAST(? AS {kind})"] * len(values)) or "NULL"
        sql = f"SELECT {wanted} FROM {BANK}.{quoted(table)} WHERE {quoted(column)} IN ({marks}){tail}"
        return self._cursor().execute(sql, values)

    def _read_meta(self) -> BankMeta:
        try:
            (text,) = self._cursor().execute("SELECT description FROM bank._meta").fetchone()
        except duckdb.CatalogException as error:
            raise BankUnreadable(f"{self._path}: a DuckDB file but not a bank; load the bank again") from error
        told = json.loads(text)
        return BankMeta(**told | {"tables": tuple(told["tables"])})


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
