"""The files of a portfolio's tables, and the SQL that reads each.

``[tables]`` of ``portfolio.toml`` says where a file is not named after its table.
"""

# Names and values stand in SQL as spelt by schema.quoted() and schema.literal().
# ruff: noqa: S608

import csv
import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from data.flat_files import as_utf8, layout
from data.flat_values import COMMA, POINT, Flat, marks
from data.load_aside import about, filled
from data.load_derive import RuleError, Rules
from data.load_files import File, LoadError, find_files
from data.portfolios import Portfolio
from data.schema import FLOATS, INTEGERS, NUMBERS, Schema, Table, literal, quoted

COVERAGE = "coverage"
DELIMITERS = ",;\t|"
# What programs write for "nothing here".
NOTHING = ("", "NA", "NaN", "nan", "NULL", "null")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of one table.

    ``header`` gives the file's columns with the types they are read in, ``renamed`` the file's
    name of a column where it differs from the table's. ``labelled`` is False for the file of
    the main table that holds no outcome. ``delimiter`` is empty for Parquet. ``flat`` says how values
    are read where each file is written in its own way, ``rules`` how columns that it lacks are made,
    ``ending`` what ends lines where DuckDB must be told.
    """

    table: Table
    name: str
    path: Path
    header: Mapping[str, str]
    labelled: bool = True
    delimiter: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    flat: Flat | None = None
    rules: Rules = field(default_factory=Rules)
    ending: str = ""
    spelt: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spelt", {found.casefold(): found for found in self.header})

    def column(self, name: str) -> str | None:
        """Return the file's spelling of a column of the table, or None when the file lacks it."""
        wanted = (self.renamed.get(name, name).casefold(), name.casefold())
        return next((self.spelt[one] for one in wanted if one in self.spelt), None)

    def made(self) -> list[str]:
        """Return the columns of the table that the file lacks and that its other columns make."""
        absent = [name for name in self.table.columns if self.column(name) is None and self.rules.needs(name)]
        return [name for name in absent if all(map(self.column, self.rules.needs(name)))]

    def scan(self, *, lenient: bool = False) -> str:
        """Return the SQL that reads the file.

        ``lenient`` reads a CSV file as text, leaves out lines that are no lines of a table, and
        has DuckDB note those in ``reject_errors``.
        """
        if not self.delimiter:
            return f"read_parquet({literal(self.path)}, file_row_number = true)"
        types = dict.fromkeys(self.header, "VARCHAR") if lenient else self.header
        columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in types.items())
        nothing = ", ".join(map(literal, NOTHING))
        ending = f", new_line = {literal(self.ending)}" if self.ending else ""
        rejects = ", store_rejects = true, rejects_limit = 0" if lenient else ""
        return (
            f"read_csv({literal(self.path)}, auto_detect = false, header = true, columns = {{{columns}}}, "
            f"delim = {literal(self.delimiter)}, quote = '\"', escape = '\"', nullstr = [{nothing}]"
            f"{ending}{rejects})"
        )

    def select(self, target: str, *, lenient: bool = False) -> str:
        """Return the SQL that reads the file as rows of its table.

        A value that is not what the column holds stops the query, or with ``lenient`` is missing.
        """
        columns = ", ".join(
            f"{self.value(name, target, lenient=lenient)} AS {quoted(name)}" for name in self.table.columns
        )
        return f"SELECT {columns} FROM {self.scan(lenient=lenient)}"

    def value(self, name: str, target: str, *, lenient: bool = False) -> str:
        """Return the SQL of one column's value, cast to the table's type."""
        kind, found = self.table.columns[name], self.column(name)
        if found is None and self.flat is not None and name == self.flat.row:
            return "row_number() OVER ()"
        if found is None and self.rules.needs(name):
            return self.rules.value(name, kind, self.header, self.column, lenient)
        if found is None or (name == target and not self.labelled):
            return f"CAST(NULL AS {kind})"
        if self.flat is not None:
            return self.flat.value(name, quoted(found), kind, lenient=lenient)
        read_as = "VARCHAR" if lenient and self.delimiter else self.header[found]
        return _cast(quoted(found), read_as, kind, lenient)


def _cast(value: str, found: str, kind: str, lenient: bool) -> str:
    cast = "TRY_CAST" if lenient else "CAST"
    if kind == "VARCHAR":
        return f"nullif({cast}({value} AS VARCHAR), '')"
    if kind in NUMBERS and found == "VARCHAR":
        value, found = f"{cast}(nullif({value}, '') AS DOUBLE)", "DOUBLE"
    if kind in FLOATS and found in FLOATS:
        # NaN is not NULL in DuckDB: left as it is, it would spoil every sum.
        return f"CASE WHEN isfinite({value}) THEN {value} END"
    if kind in INTEGERS and found in FLOATS:
        # A cast would round: a share given where a count is expected must not pass as 0 or 1.
        otherwise = "NULL" if lenient else f"error({value} || ' is not a whole number')"
        whole = f"{value} = floor({value})"
        return (
            f"CASE WHEN {value} IS NULL OR NOT isfinite({value}) THEN NULL "
            f"WHEN {whole} THEN {cast}({value} AS {kind}) ELSE {otherwise} END"
        )
    return f"{cast}({value} AS {kind})"


def find_sources(portfolio: Portfolio, schema: Schema, folder: Path, work: Path) -> tuple[Source, ...]:
    """Find the file or files of every table, unpacking archives into ``work``; coverage comes last.

    Raises
    ------
    LoadError
        When the main table has no file, or a file cannot be read.
    """
    files = find_files(folder)
    tables = {**schema.tables, COVERAGE: coverage_table(portfolio, schema)}
    stems = _stems(portfolio, schema.main)
    alone = [name for name in schema.tables if not filled(portfolio, schema, name)] == [schema.main]
    if len(files) == 1 and (folder.is_file() or alone):
        (file,) = files.values()
        known = {stem.lower() for stem in stems}
        # One file alone is the main table whatever its name.
        files = files if file.stem.lower() in known else {next(iter(stems)).lower(): file}
    sources, faults = [], []
    for table in tables.values():
        for stem, labelled in _stems(portfolio, table.name).items():
            if file := files.get(stem.lower()):
                try:
                    source = _source(portfolio, table, file, labelled, work)
                    source = replace(source, rules=_rules(portfolio, table.name))
                    # ... and its header says whether it has outcomes, where a portfolio takes both.
                    lacks = folder.is_file() and len(stems) > 1 and source.column(portfolio.target) is None
                    sources.append(replace(source, labelled=labelled and not lacks))
                except LoadError as error:
                    faults.extend(error.faults)
                except (duckdb.Error, OSError, UnicodeDecodeError, csv.Error) as error:
                    faults.append(f"{file.name}: cannot be read ({str(error).splitlines()[0]})")
    if not faults and not any(source.table.name == schema.main for source in sources):
        names = " or ".join(stems)
        faults.append(f"{folder}: no file for table {schema.main}; expected {names} (.csv, .zip, .parquet)")
    if faults:
        raise LoadError(*faults)
    return tuple(sources)


def coverage_table(portfolio: Portfolio, schema: Schema) -> Table:
    """Return the form of the coverage file: per client, was the whole history of each table collected?"""
    key = schema.tables[schema.main].columns[portfolio.id_column]
    columns = {portfolio.id_column: key} | dict.fromkeys(schema.children, "BOOLEAN")
    return Table(COVERAGE, columns, (portfolio.id_column,), (), (portfolio.id_column,), ())


def _stems(portfolio: Portfolio, table: str) -> dict[str, bool]:
    """Return the file names of a table, each with whether it holds outcomes."""
    declared = about(portfolio, table)
    if "labelled" in declared:
        return {declared["labelled"]: True, declared["unlabelled"]: False}
    return {declared.get("file", table): True}


def _source(portfolio: Portfolio, table: Table, file: File, labelled: bool, work: Path) -> Source:
    declared = about(portfolio, table.name)
    if declared.get("flat"):
        return _flat_source(table, file, labelled, work, declared)
    path = file.unpacked(work)
    renamed = declared.get("columns", {})
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            rows = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(path)})").fetchall()
        return Source(table, file.name, path, {row[0]: row[1] for row in rows}, labelled, renamed=renamed)
    if encoding := declared.get("encoding"):
        path = _transcoded(path, encoding, work)
    names, delimiter = _csv_header(path)
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise LoadError(f"{file.name} line 1: column {', '.join(twice)} is there twice; keep one")
    original = {renamed.get(name, name).casefold(): name for name in table.columns}
    header = {name: _read_as(table, original.get(name.casefold())) for name in names}
    return Source(table, file.name, path, header, labelled, delimiter, renamed)


def _rules(portfolio: Portfolio, table: str) -> Rules:
    try:
        return Rules.declared(about(portfolio, table))
    except RuleError as error:
        raise LoadError(f"portfolio.toml: {error}") from error


def _flat_source(table: Table, file: File, labelled: bool, work: Path, declared: Mapping) -> Source:
    """Return a file that may be written in any encoding, with any separator and decimal mark."""
    path, renamed = file.unpacked(work), declared.get("columns", {})
    source = plain_source(table, file.name, path, work)
    source = replace(source, labelled=labelled, renamed=renamed)
    flat = Flat(declared.get("missing", {}), {}, declared.get("left_out", ()), declared.get("row", ""))
    numbers = {
        name: flat.given(name, quoted(found), kind)
        for name, kind in table.columns.items()
        if kind in FLOATS and (found := source.column(name)) and source.header[found] == "VARCHAR"
    }
    # Within commas as separators, a comma cannot part decimals unless values say so.
    otherwise = POINT if source.delimiter == COMMA else declared.get("decimal", POINT)
    with duckdb.connect() as connection:
        found = marks(connection, source.scan(lenient=bool(source.delimiter)), numbers, otherwise)
    return replace(source, flat=replace(flat, marks=found))


def plain_source(table: Table, name: str, path: Path, work: Path) -> Source:
    """Return a file as it is, all text where it is CSV, whatever its encoding and separator."""
    if path.suffix.lower() == ".parquet":
        with duckdb.connect() as connection:
            rows = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(path)})").fetchall()
        return Source(table, name, path, {row[0]: row[1] for row in rows})
    path, _ = as_utf8(path, work)
    found = layout(path, name)
    header = dict.fromkeys(found.names, "VARCHAR")
    return Source(table, name, path, header, delimiter=found.delimiter, ending=found.ending)


def _csv_header(path: Path) -> tuple[list[str], str]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as lines:
        first = lines.readline(1 << 20)
    if not first.strip():
        raise LoadError(f"{path.name}: the file is empty; a first line with the column names is expected")
    delimiter = max(DELIMITERS, key=first.count)
    names = next(csv.reader([first], delimiter=delimiter))
    # Data frames written with their index have a first column without a name.
    return [name.strip() or f"column {position}" for position, name in enumerate(names, start=1)], delimiter


def _read_as(table: Table, column: str | None) -> str:
    """Return the type a CSV column is read in before it is cast to the table's."""
    if column is None:
        return "VARCHAR"
    kind = table.columns[column]
    # Whole numbers may be written 3.0; keys are read as they are, to the last digit.
    return "DOUBLE" if kind in NUMBERS and column not in table.keys else kind


def _transcoded(path: Path, encoding: str, work: Path) -> Path:
    target = work / f"{path.stem}.utf-8.csv"
    with (
        path.open(encoding=encoding, newline="") as lines,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        out.writelines(lines)
    return target


def by_table(sources: Sequence[Source]) -> Iterator[tuple[Table, list[Source]]]:
    """Yield each table that has a file, with its files, in loading order."""
    for name in dict.fromkeys(source.table.name for source in sources):
        found = [source for source in sources if source.table.name == name]
        yield found[0].table, found
