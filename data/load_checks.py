"""What is wrong with the files, one clear line per kind of fault.

Good data pay nothing for these checks: DuckDB enforces the keys and limits while it loads,
and only a load that was stopped is read again, leniently, to say everything that is wrong.
"""

# Names and values stand in SQL as spelt by schema.quoted() and schema.literal().
# ruff: noqa: S608

import logging
import re
from collections.abc import Iterator, Mapping, Sequence

import duckdb

from data.load_aside import filled, kept, may_lack
from data.load_sources import COVERAGE, Source, by_table
from data.load_steps import Steps
from data.portfolios import Portfolio
from data.schema import FLOATS, INTEGERS, NUMBERS, ForeignKey, Schema, Table, literal, quoted

log = logging.getLogger(__name__)

EXAMPLES = 3
# Faults whose first row is looked for in one reading: DuckDB claims memory for each, and a job has little.
AT_ONCE = 10
LINE = '"line of the file"'


def header_faults(portfolio: Portfolio, schema: Schema, sources: Sequence[Source]) -> list[str]:
    """Return a line for every file that lacks columns or whose parent table has no file."""
    present = {source.table.name for source in sources}
    faults = []
    for source in sources:
        needed = [name for name in source.table.columns if _needed(portfolio, source, name, present)]
        made = source.made()
        if missing := [name for name in needed if source.column(name) is None and name not in made]:
            listed = _listed([_or_made_of(source, name) for name in missing], 5)
            faults.append(f"{source.name}: column {listed} missing; add what is missing")
        for key in source.table.foreign_keys:
            if key.parent not in present and not filled(portfolio, schema, key.parent):
                faults.append(f"{source.name}: its rows point at {key.parent}, which has no file; add it")
        known = {source.column(name) for name in source.table.columns}
        known |= set(source.flat.left_out) if source.flat else set()
        known |= {source.column(column) for name in made for column in source.rules.needs(name)}
        unknown = [name for name in source.header if name not in known]
        if unknown and (source.flat or not source.renamed):
            log.warning("%s: column %s is unknown and left out", source.name, _listed(unknown, 5))
    return faults


def coverage_faults(
    connection: duckdb.DuckDBPyConnection,
    portfolio: Portfolio,
    schema: Schema,
    present: Mapping[str, Sequence[Source]],
) -> list[str]:
    """Return a line for every way in which the coverage file disagrees with the tables loaded."""
    (coverage,) = present[COVERAGE]
    key, main = quoted(portfolio.id_column), quoted(schema.main)
    told = f"({coverage.select(portfolio.target)})"
    absent = f"SELECT {key} FROM {main} ANTI JOIN {told} USING ({key})"
    faults = list(_counted(connection, absent, "clients that are not in it ({found})"))
    for child in filter(coverage.column, schema.children):
        if child in present:
            uncovered = f"(SELECT {key} FROM {told} WHERE {quoted(child)} IS NOT TRUE)"
            contrary = (
                f"SELECT DISTINCT {key} FROM ({_owners(schema, child)}) SEMI JOIN {uncovered} USING ({key})"
            )
            words = f"clients with rows in {child}, which is told as not collected for them ({{found}})"
        else:
            contrary = f"SELECT {key} FROM {told} WHERE {quoted(child)}"
            words = f"clients for whom {child} is told as collected, which has no file ({{found}})"
        faults.extend(_counted(connection, contrary, words))
    return [f"{coverage.name}: {fault}; correct the one or the other" for fault in faults]


def explain(
    connection: duckdb.DuckDBPyConnection,
    portfolio: Portfolio,
    sources: Sequence[Source],
    error: duckdb.Error,
    steps: Steps,
) -> list[str]:
    """Return a line per kind of fault that stopped a load."""
    if isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException):
        return [f"a file cannot be read, or memory or disk is short: {str(error).splitlines()[0]}"]
    faults: list[str] = []
    incomplete: set[str] = set()
    rows = {table.name: _lenient(portfolio, found) for table, found in by_table(sources)}
    for table, found in by_table(sources):
        steps.begin(f"checking {table.name}")
        for source in found:
            try:
                lines = unreadable_lines(connection, source)
                # Values are numbered by counting lines, which is only right when every line is one.
                faults.extend(lines or _unreadable_values(connection, portfolio, source))
            except (duckdb.OutOfMemoryException, duckdb.IOException):
                raise
            except duckdb.Error:
                # Its words may quote the file; a damaged one stands in the way of every further check.
                return [*faults, f"{source.name}: cannot be read (damaged inside); send it again"]
            if lines:
                incomplete.add(table.name)
        faults.extend(_beyond_limits(connection, table, rows[table.name]))
        faults.extend(_duplicates(connection, table, rows[table.name]))
        if not sets_orphans_aside(portfolio, table.name):
            # Rows may seem to point at nothing only because lines of their parent's file are unreadable.
            keys = [key for key in table.foreign_keys if key.parent in rows.keys() - incomplete]
            faults.extend(_orphans(connection, table, keys, rows))
    return faults or [str(error).splitlines()[0]]


def sets_orphans_aside(portfolio: Portfolio, table: str) -> bool:
    """Whether rows of a table that point at nothing are left out rather than refused."""
    return portfolio.settings.get("tables", {}).get(table, {}).get("orphans") == "set aside"


def _needed(portfolio: Portfolio, source: Source, name: str, present: set[str]) -> bool:
    if source.table.name == COVERAGE:
        return name == portfolio.id_column or name in present
    if source.flat and name == source.flat.row:
        return False
    if source.labelled:
        return True
    # Whoever has not answered yet has no outcome, nor what is only noted of those who have.
    column = portfolio.columns.get(name)
    is_note = column is not None and column.role == "note" and name not in source.table.required
    return name != portfolio.target and not is_note


def _lenient(portfolio: Portfolio, sources: Sequence[Source]) -> str:
    rows = " UNION ALL ".join(source.select(portfolio.target, lenient=True) for source in sources)
    return kept(portfolio, sources[0].table.name, rows)


def unreadable_lines(connection: duckdb.DuckDBPyConnection, source: Source) -> list[str]:
    """Return a line per way in which lines of a CSV file are not lines of a table."""
    if not source.delimiter:
        return []
    connection.execute(f"SELECT count(COLUMNS(*)) FROM {source.scan(lenient=True)}").fetchall()
    found = connection.execute(
        "SELECT error_type, count(DISTINCT line), min(line), arg_min(error_message, line) "
        "FROM reject_errors GROUP BY ALL ORDER BY 3"
    ).fetchall()
    connection.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    return [
        f"{source.name} line {line}: {str(words).splitlines()[0]} ({kind.lower()}, {_times(count, 'line')})"
        for kind, count, line, words in found
    ]


def _unreadable_values(
    connection: duckdb.DuckDBPyConnection, portfolio: Portfolio, source: Source
) -> Iterator[str]:
    """Yield a line per column of a file that holds what it may not, or lacks what every row needs."""
    asked = []
    for name in source.table.columns:
        found = source.column(name)
        if found is None or (name == portfolio.target and not source.labelled):
            continue
        given = _given(name, found, source)
        faults = {"wrong": f"{given} AND {source.value(name, portfolio.target, lenient=True)} IS NULL"}
        if name in source.table.required and name not in may_lack(portfolio, source.table.name):
            faults["empty"] = f"NOT {given}"
        asked.extend((name, fault, bad) for fault, bad in faults.items())
    days = source.rules.faults(source.made(), source.header, source.column)
    asked.extend((column, "wrong", bad) for column, bad in days)
    counted = ", ".join(f"count(*) FILTER ({bad})" for *_, bad in asked)
    counts = connection.execute(f"SELECT {counted} FROM {source.scan(lenient=True)}").fetchone()
    there = [(*one, count) for one, count in zip(asked, counts, strict=True) if count]
    for start in range(0, len(there), AT_ONCE):
        yield from _first_of_each(connection, source, there[start : start + AT_ONCE])


def _first_of_each(
    connection: duckdb.DuckDBPyConnection, source: Source, faults: Sequence[tuple[str, str, str, int]]
) -> Iterator[str]:
    """Yield a line per fault (column, kind, SQL that finds it, count), with the first row that has it."""
    place, number = (
        ("line", "row_number() OVER () + 1") if source.delimiter else ("row", "file_row_number + 1")
    )
    names = {name: quoted(source.column(name)) for name, *_ in faults}
    wanted = ", ".join(
        f"min({LINE}) FILTER ({bad}), arg_min({names[name]}, {LINE}) FILTER ({bad})"
        for name, _, bad, _ in faults
    )
    used = ", ".join(dict.fromkeys(names.values()))
    scan = f"(SELECT {used}, {number} AS {LINE} FROM {source.scan(lenient=True)})"
    row = iter(connection.execute(f"SELECT {wanted} FROM {scan}").fetchone())
    for (name, fault, _, count), (line, value) in zip(faults, zip(row, row, strict=True), strict=True):
        kind = source.table.columns.get(name)
        expected = _expected(kind) if kind else source.rules.expected()
        told = f"{value!r}, {expected} is" if fault == "wrong" else "empty, a value is"
        shown = source.renamed.get(name, name)
        yield f"{source.name} {place} {line}: {shown} is {told} expected ({_times(count, 'such row')})"


def _or_made_of(source: Source, name: str) -> str:
    others = " and ".join(source.renamed.get(column, column) for column in source.rules.needs(name))
    return source.renamed.get(name, name) + (f" (or {others})" if others else "")


def _expected(kind: str) -> str:
    if kind in INTEGERS:
        return "a whole number"
    return "a number" if kind in NUMBERS else f"a {kind.lower()}"


def _given(name: str, column: str, source: Source) -> str:
    """Return the SQL that says whether a file gives a value at all."""
    value = quoted(column)
    if source.flat:
        return f"({source.flat.given(name, value, source.table.columns[name])} IS NOT NULL)"
    if source.delimiter or source.header[column] == "VARCHAR":
        return f"({value} IS NOT NULL AND {value} <> '')"
    if source.header[column] in FLOATS:
        return f"({value} IS NOT NULL AND isfinite({value}))"
    return f"({value} IS NOT NULL)"


def _beyond_limits(connection: duckdb.DuckDBPyConnection, table: Table, rows: str) -> Iterator[str]:
    """Yield a line per limit that rows do not keep."""
    if not table.checks:
        return
    wanted = []
    for check in table.checks:
        names = [name for name in table.columns if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", check)]
        shown = quoted(names[0]) if names else "''"
        wanted.append(f"count(*) FILTER (NOT {check})")
        wanted.append(f"first(CAST({shown} AS VARCHAR) || {_named(table.keys)}) FILTER (NOT {check})")
    row = connection.execute(f"SELECT {', '.join(wanted)} FROM ({rows})").fetchone()
    for check, (count, example) in zip(table.checks, zip(*[iter(row)] * 2, strict=True), strict=True):
        if count:
            limit = check.removeprefix("(").removesuffix(")")
            yield f"{table.name}: {limit} does not hold in {_times(count, 'row')}, for example {example}"


def _named(keys: Sequence[str]) -> str:
    """Return the SQL that names a row by its keys."""
    parts = [f"{literal(key)} || ' ' || coalesce(CAST({quoted(key)} AS VARCHAR), '?')" for key in keys]
    return f"' (' || concat_ws(', ', {', '.join(parts)}) || ')'" if keys else "''"


def _duplicates(connection: duckdb.DuckDBPyConnection, table: Table, rows: str) -> Iterator[str]:
    """Yield a line when a key stands more than once."""
    if not table.primary_key:
        return
    keys = ", ".join(map(quoted, table.primary_key))
    given = " AND ".join(f"{quoted(key)} IS NOT NULL" for key in table.primary_key)
    twice = f"SELECT concat_ws(' / ', {keys}) FROM ({rows}) WHERE {given} GROUP BY {keys} HAVING count(*) > 1"
    words = f"repeated {' + '.join(table.primary_key)} ({{found}}); keep one row of each"
    yield from _counted(connection, twice, f"{table.name}: {words}")


def _orphans(
    connection: duckdb.DuckDBPyConnection, table: Table, keys: Sequence[ForeignKey], rows: Mapping[str, str]
) -> Iterator[str]:
    """Yield a line per foreign key that points at nothing."""
    for key in keys:
        column = quoted(key.column)
        parents = f"(SELECT {quoted(key.parent_column)} AS {column} FROM ({rows[key.parent]}))"
        orphans = (
            f"SELECT {column} FROM ({rows[table.name]}) ANTI JOIN {parents} USING ({column}) "
            f"WHERE {column} IS NOT NULL"
        )
        words = f"orphan rows, whose {key.column} {key.parent} does not have ({{found}})"
        yield from _counted(connection, orphans, f"{table.name}: {words}; add those or remove the rows")


def _owners(schema: Schema, child: str) -> str:
    """Return the SQL that gives the client of every row of a child table."""
    path = schema.path(child)
    joins = quoted(child)
    for step in path[:-1]:
        joins += f" JOIN {quoted(step.parent)} USING ({quoted(step.column)})"
    return f"SELECT {quoted(path[-1].column)} FROM {joins}"


def _counted(connection: duckdb.DuckDBPyConnection, rows: str, words: str) -> Iterator[str]:
    """Yield ``words`` with how many rows were ``found`` and a few of them, when there are any."""
    count, examples = connection.execute(
        f"SELECT count(*), min(DISTINCT example, {EXAMPLES}) FROM ({rows}) AS found (example)"
    ).fetchone()
    if count:
        yield words.format(found=f"{count}, for example {', '.join(map(str, examples))}")


def _listed(names: Sequence[str], most: int) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
