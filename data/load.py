"""Building a bank from files: into a new file, every key enforced, then swapped in at once."""

# Names and values stand in SQL as spelt by schema.quoted() and schema.literal().
# ruff: noqa: S608

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from data import features, load_aside
from data.bank import FORMAT, BankMeta, outcome_sql
from data.encryption import BANK, attach_new
from data.load_checks import coverage_faults, explain, header_faults, sets_orphans_aside
from data.load_files import LoadError
from data.load_sources import COVERAGE, Source, by_table, find_sources
from data.load_steps import Steps
from data.portfolios import Portfolio
from data.schema import Schema, literal, quoted, schema_of

__all__ = ["LoadError", "load_folder"]

log = logging.getLogger(__name__)

# DuckDB spills to disk beyond this, so that a laptop can load Kaggle's 58 million rows.
MEMORY = "3GB"


def load_folder(
    portfolio: Portfolio,
    folder: Path,
    path: Path,
    *,
    synthetic: bool = False,
    key: str = "",
    progress: bool = True,
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
        with attach_new(new, key, memory_limit=MEMORY, temp_directory=str(work / "spill")) as connection:
            present = {table.name: found for table, found in by_table(sources)}
            try:
                meta = _Build(connection, portfolio, schema, present, steps).run(synthetic)
            except duckdb.Error as error:
                # Not chained: DuckDB's own words quote whole lines of the file.
                raise LoadError(*explain(connection, portfolio, sources, error, steps)) from None
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


@dataclass(frozen=True)
class _Build:
    """One bank in the making."""

    connection: duckdb.DuckDBPyConnection
    portfolio: Portfolio
    schema: Schema
    present: dict[str, list[Source]]
    steps: Steps

    def run(self, synthetic: bool) -> BankMeta:
        self.connection.execute(f"USE {BANK}")
        self.connection.execute(self.schema.sql)
        self.connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        for name in self.schema.tables:
            if name in self.present:
                self._fill(name)
            elif load_aside.filled(self.portfolio, self.schema, name):
                self._fill_parent(name)
            elif name in self.schema.children:
                log.warning("%s: no file; taken as not collected, which is not the same as empty", name)
        self._write_coverage()
        self._write_history()
        self._write_clients()
        meta = self._describe(synthetic)
        # All of it into the one file that is kept, none into the log beside it.
        self.steps.run(self.connection, f"CHECKPOINT {BANK}")
        return meta

    def _fill(self, name: str) -> None:
        """Load one table, sorted by client so that a look-up reads few blocks."""
        self.steps.begin(name)
        sources = self.present[name]
        rows = self._rows(name)
        keys = sources[0].table.foreign_keys
        set_aside = sets_orphans_aside(self.portfolio, name)
        if set_aside:
            rows = f"SELECT * FROM ({rows})" + "".join(
                f" SEMI JOIN (SELECT {quoted(key.parent_column)} AS {quoted(key.column)} "
                f"FROM {quoted(key.parent)}) USING ({quoted(key.column)})"
                for key in keys
            )
        # The rows of a client lie together, and the clients themselves in the order of their histories.
        parents = () if name == self.schema.main else (key.column for key in keys)
        order = dict.fromkeys((*parents, *sources[0].table.primary_key))
        ordered = f" ORDER BY {', '.join(map(quoted, order))}" if order else ""
        ((kept,),) = self.steps.run(self.connection, f"INSERT INTO {quoted(name)} BY NAME {rows}{ordered}")
        if set_aside:
            counts = [f"(SELECT count(*) FROM {source.scan()})" for source in sources]
            ((given,),) = self.steps.run(self.connection, f"SELECT {' + '.join(counts)}")
            if given > kept:
                log.warning("%s: %d rows of %d point at nothing and are set aside", name, given - kept, given)
        self._tell_set_aside(name)

    def _rows(self, name: str) -> str:
        """Return the SQL of the rows of a table that its files give and that are not set aside."""
        given = " UNION ALL ".join(source.select(self.portfolio.target) for source in self.present[name])
        return load_aside.kept(self.portfolio, name, given)

    def _tell_set_aside(self, name: str) -> None:
        given = " UNION ALL ".join(source.select(self.portfolio.target) for source in self.present[name])
        if counted := load_aside.counted(self.portfolio, name, given):
            counts = dict(self.steps.run(self.connection, counted))
            rows = sum(counts.values())
            counts.pop(None, None)
            why = ", ".join(f"{count} {reason}" for reason, count in counts.items())
            if counts:
                log.warning("%s: %d rows of %d are set aside: %s", name, sum(counts.values()), rows, why)

    def _fill_parent(self, name: str) -> None:
        """Make a parent table that has no file of its own out of the rows that point at it."""
        self.steps.begin(name)
        rows = load_aside.parent_rows(self.portfolio, self.schema, name, self._rows(self.schema.main))
        self.steps.run(self.connection, f"INSERT INTO {quoted(name)} BY NAME {rows} ORDER BY ALL")

    def _write_coverage(self) -> None:
        """Note for every client which child tables were collected: all those present, or as a file says."""
        key, main = quoted(self.portfolio.id_column), quoted(self.schema.main)
        if COVERAGE in self.present:
            coverage = self.present[COVERAGE][0]
            if faults := coverage_faults(self.connection, self.portfolio, self.schema, self.present):
                raise LoadError(*faults)
            rows = f"({coverage.select(self.portfolio.target)}) SEMI JOIN {main} USING ({key})"
            flags = [f"coalesce({quoted(name)}, false)" for name in self.schema.children]
        else:
            rows = main
            flags = ["true" if name in self.present else "false" for name in self.schema.children]
        named = [f"{flag} AS {quoted(name)}" for flag, name in zip(flags, self.schema.children, strict=True)]
        self.connection.execute(
            f"CREATE TABLE _coverage AS SELECT {', '.join((key, *named))} FROM {rows} ORDER BY {key}"
        )
        self.connection.execute(f"ALTER TABLE _coverage ADD PRIMARY KEY ({key})")

    def _write_history(self) -> None:
        """Store what the portfolio makes of the child tables: one row per client."""
        self.steps.begin("history")
        key = quoted(self.portfolio.id_column)
        tables = {"clients": self.connection.sql("SELECT * FROM _coverage")}
        for name in self.schema.children:
            tables[name] = self.connection.sql(f"SELECT * FROM {quoted(name)}")
        relation = features.history(self.portfolio, tables)
        # Sums of whole numbers are 128 bits wide in DuckDB, which nothing else reads.
        columns = ", ".join(
            f"CAST({quoted(name)} AS DOUBLE) AS {quoted(name)}" if str(kind) == "HUGEINT" else quoted(name)
            for name, kind in zip(relation.columns, relation.types, strict=True)
        )
        made = f"SELECT {columns} FROM ({relation.sql_query()}) ORDER BY {key}"
        self.steps.run(self.connection, f"CREATE TABLE _history AS {made}")
        self.connection.execute(f"ALTER TABLE _history ADD PRIMARY KEY ({key})")

    def _write_clients(self) -> None:
        """Write a card per client for the web: all that is known of them, in one place.

        The same values stand in two hundred columns elsewhere, each in a block of its own; a card
        is found ten times as fast and fills a fraction of the memory.
        """
        self.steps.begin("clients")
        key, main = self.portfolio.id_column, self.schema.tables[self.schema.main]
        history = self.connection.sql("SELECT * FROM _history LIMIT 0").columns
        # The id first, wherever the table has it: as ``Bank`` reads a card.
        given = (key, *(name for name in main.columns if name not in (key, self.portfolio.target)))
        known = [f"given.{quoted(name)}" for name in given]
        known += [f"history.{quoted(name)}" for name in history if name != key]
        self.connection.execute(
            f"CREATE TABLE _clients (client_id VARCHAR PRIMARY KEY, {quoted(key)} {main.columns[key]}, "
            "outcome TINYINT, record VARCHAR)"
        )
        card = (
            f"CAST({quoted(key)} AS VARCHAR) AS client_id",
            quoted(key),
            outcome_sql(self.portfolio, "outcome"),
            f"json_array({', '.join(known)}) AS record",
        )
        joined = f"{quoted(main.name)} AS given JOIN _history AS history USING ({quoted(key)})"
        self.steps.run(
            self.connection,
            f"INSERT INTO _clients SELECT {', '.join(card)} FROM {joined} ORDER BY client_id",
        )

    def _describe(self, synthetic: bool) -> BankMeta:
        self.steps.begin("summary")
        main, target = quoted(self.schema.main), quoted(self.portfolio.target)
        collected = tuple(name for name in self.schema.children if name in self.present)
        prints = {name: self._fingerprint(name) for name in (self.schema.main, *collected, "_coverage")}
        ((labelled,),) = self.steps.run(self.connection, f"SELECT count({target}) FROM {main}")
        meta = BankMeta(
            portfolio=self.portfolio.id,
            synthetic=synthetic,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            rows={name: rows for name, (rows, _) in prints.items() if name in self.schema.tables},
            tables=collected,
            fingerprint=hashlib.sha256(json.dumps(prints).encode()).hexdigest()[:16],
            clients=prints[self.schema.main][0],
            labelled=labelled,
        )
        description = literal(json.dumps(asdict(meta)))
        self.connection.execute(
            f"CREATE TABLE _meta AS SELECT {description} AS description, {FORMAT} AS format"
        )
        return meta

    def _fingerprint(self, table: str) -> tuple[int, str]:
        """Return the number of rows of a table and the sum of their hashes, whatever their order."""
        sums = f"SELECT count(*), CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR) FROM {quoted(table)} AS t"
        (found,) = self.steps.run(self.connection, sums)
        return found
