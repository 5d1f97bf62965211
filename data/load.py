"""Building a bank from files: into a new file, every key enforced, then swapped in at once."""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import narwhals as nw

from data import features
from data.bank import BankMeta
from data.encryption import BANK, attach_new
from data.load_checks import explain, header_faults, orphans
from data.load_files import LoadError
from data.load_sources import COVERAGE, Source, by_table, find_sources
from data.load_steps import Steps
from data.portfolios import Portfolio
from data.schema import Schema, quoted, schema_of

__all__ = ["LoadError", "load_folder"]

log = logging.getLogger(__name__)

MEMORY = "3GB"


def load_folder(
    portfolio: Portfolio, folder: Path, path: Path, *, synthetic: bool = False, key: str = "", progress: bool = True
) -> BankMeta:
    """Build the bank of ``portfolio`` at ``path`` from the files in ``folder``.

    Parameters
    ----------
    portfolio : Portfolio
    folder : Path
        Folder of CSV or Parquet files as downloaded, one archive of them, or the single file of
        a portfolio with one table.
    path : Path
        The bank to replace. It is untouched until the new one is complete.
    synthetic : bool
        Whether the clients are made up; every page then says so.
    key : str
        When given, the bank is encrypted with it.
    progress : bool
        Whether to show progress bars on standard error.

    Raises
    ------
    LoadError
        With one line per kind of fault. The previous bank is then untouched.
    """
    schema = schema_of(portfolio)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _workshop(path) as work, Steps(progress) as steps:
        sources = find_sources(portfolio, schema, folder, work)
        if faults := header_faults(portfolio, schema, sources):
            raise LoadError(*faults)
        new = work / "bank.duckdb"
        with attach_new(new, key, memory_limit=MEMORY, temp_directory=str(work)) as connection:
            try:
                meta = _build(connection, portfolio, schema, sources, synthetic, steps)
            except duckdb.Error as error:
                raise LoadError(*explain(connection, portfolio, schema, sources, error)) from error
        os.replace(new, path)
    return meta


@contextmanager
def _workshop(path: Path) -> Iterator[Path]:
    """Give a folder beside the bank for everything half-made, and leave nothing of it behind."""
    work = Path(tempfile.mkdtemp(prefix=f".{path.stem}-", dir=path.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _build(
    connection: duckdb.DuckDBPyConnection,
    portfolio: Portfolio,
    schema: Schema,
    sources: tuple[Source, ...],
    synthetic: bool,
    steps: Steps,
) -> BankMeta:
    connection.execute(f"USE {BANK}")
    connection.execute(schema.sql)
    present = {table.name: found for table, found in by_table(sources)}
    for name in schema.tables:
        if name in present:
            steps.run(name, connection, _insert(connection, portfolio, schema, present[name]))
        elif name in schema.children:
            log.warning("%s: no file; taken as not collected, not as empty", name)
    _write_coverage(connection, portfolio, schema, present)
    steps.run("history", connection, _history(connection, portfolio, schema))
    key = quoted(portfolio.id_column)
    connection.execute(f"ALTER TABLE _history ADD PRIMARY KEY ({key})")
    connection.execute(
        f"CREATE TABLE _clients AS SELECT CAST({key} AS VARCHAR) AS client_id FROM {quoted(schema.main)} ORDER BY 1"
    )
    meta = _describe(connection, portfolio, schema, tuple(t for t in schema.children if t in present), synthetic)
    connection.execute("CREATE TABLE _meta AS SELECT ? AS description", [json.dumps(asdict(meta))])
    return meta


def _insert(
    connection: duckdb.DuckDBPyConnection, portfolio: Portfolio, schema: Schema, sources: list[Source]
) -> str:
    """Return the SQL that fills one table, sorted by client so that a look-up reads few blocks."""
    table = sources[0].table
    rows = " UNION ALL ".join(source.select(portfolio.target) for source in sources)
    if orphans(portfolio, table.name):
        for key in table.foreign_keys:
            rows = (
                f"SELECT * FROM ({rows}) SEMI JOIN (SELECT {quoted(key.parent_column)} AS {quoted(key.column)} "
                f"FROM {quoted(key.parent)}) USING ({quoted(key.column)})"
            )
    order = dict.fromkeys((*(key.column for key in table.foreign_keys), *table.primary_key))
    ordered = f" ORDER BY {', '.join(map(quoted, order))}" if order else ""
    return f"INSERT INTO {quoted(table.name)} BY NAME {rows}{ordered}"


def _write_coverage(
    connection: duckdb.DuckDBPyConnection, portfolio: Portfolio, schema: Schema, present: dict[str, list[Source]]
) -> None:
    """Note for every client which child tables were collected: all those present, unless a file says which."""
    key, main = quoted(portfolio.id_column), quoted(schema.main)
    if COVERAGE not in present:
        flags = ", ".join(f"{'true' if name in present else 'false'} AS {quoted(name)}" for name in schema.children)
        select = f"SELECT {', '.join(filter(None, (key, flags)))} FROM {main}"
    else:
        told = present[COVERAGE][0].select(portfolio.target)
        flags = ", ".join(f"coalesce({quoted(name)}, false) AS {quoted(name)}" for name in schema.children)
        select = f"SELECT {key}, {flags} FROM {main} JOIN ({told}) USING ({key})"
    connection.execute(f"CREATE TABLE _coverage AS {select} ORDER BY {key}")


def _history(connection: duckdb.DuckDBPyConnection, portfolio: Portfolio, schema: Schema) -> str:
    """Return the SQL that makes one row per client out of the child tables."""
    key = quoted(portfolio.id_column)
    covered = "".join(
        f", {quoted(family['tables'][0])} AS {quoted(features.COVERED + name)}"
        for name, family in portfolio.families.items()
    )
    tables = {"clients": connection.sql("SELECT * FROM _coverage")}
    tables |= {name: connection.sql(f"SELECT * FROM {quoted(name)}") for name in schema.children}
    history = getattr(features, "history", None)
    if history is None or not portfolio.families:
        return f"CREATE TABLE _history AS SELECT {key}{covered} FROM _coverage ORDER BY {key}"
    relation = nw.to_native(history(portfolio, tables), pass_through=True)
    wide = {"HUGEINT", "UHUGEINT"}
    columns = ", ".join(
        f"CAST({quoted(name)} AS DOUBLE) AS {quoted(name)}" if str(kind) in wide else quoted(name)
        for name, kind in zip(relation.columns, relation.types, strict=True)
    )
    return f"CREATE TABLE _history AS SELECT {columns} FROM ({relation.sql_query()}) ORDER BY {key}"


def _describe(
    connection: duckdb.DuckDBPyConnection,
    portfolio: Portfolio,
    schema: Schema,
    collected: tuple[str, ...],
    synthetic: bool,
) -> BankMeta:
    prints = {name: _fingerprint(connection, name) for name in (schema.main, *collected, "_coverage")}
    target = quoted(portfolio.target)
    labelled = connection.execute(f"SELECT count({target}) FROM {quoted(schema.main)}").fetchone()[0]
    return BankMeta(
        portfolio=portfolio.id,
        synthetic=synthetic,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        rows={name: rows for name, (rows, _) in prints.items() if name in schema.tables},
        tables=collected,
        fingerprint=hashlib.sha256(json.dumps(prints).encode()).hexdigest()[:16],
        clients=prints[schema.main][0],
        labelled=labelled,
    )


def _fingerprint(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
    """Return the number of rows of a table and a sum over their hashes, the same in any order of rows."""
    rows, total = connection.execute(f"SELECT count(*), sum(hash(t)::HUGEINT) FROM {quoted(table)} AS t").fetchone()
    return rows, str(total)
