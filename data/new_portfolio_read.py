"""What a flat file holds, column by column: the ground on which kinds are inferred.

The file is read once, as text, into a table of its own; every question is then asked of that table.
"""

# Names and values stand in SQL as spelt by schema.quoted() and schema.literal().
# ruff: noqa: S608

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data import flat_values as values
from data.load_checks import unreadable_lines
from data.load_derive import day_held, day_told
from data.load_files import LoadError, find_files
from data.load_sources import Source, plain_source
from data.schema import Table, literal, quoted

TABLE = "given"
NUMERIC = (
    *(f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")),
    *("INTEGER", "UINTEGER", "FLOAT", "DOUBLE", "DECIMAL"),
)
# Texts of the first line that are found again below before it is taken for a line of values.
LEAST_TEXTS = 2
# Values of a column that are told one by one.
MOST_VALUES = 200
# Of two ways to read a day, the first is taken: day before month.
DATES = tuple(
    day + hour
    for hour in ("", " %H:%M:%S", "T%H:%M:%S", " %H:%M", "T%H:%M", " %I:%M %p", " %I:%M:%S %p")
    for day in (
        *("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y"),
        *("%d/%m/%y", "%m/%d/%y", "%d.%m.%y"),
    )
)
LIKE_A_DATE = (
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
    r"([ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?(Z| ?UTC| ?[+-]\d{2}:?\d{2})?)?"
)
CURRENCIES = {"EUR": "€|EUR", "GBP": "£|GBP", "USD": r"\$|USD", "CHF": "CHF"}
DIGITS = 5
# Of the questions below, those that make sense of numbers and days that come as such.
_ALWAYS = {"given", "distinct", "numbers", "low", "high", "middle", *(f"whole_{d}" for d in range(DIGITS))}
# What is asked of every column at once; see _see().
_ASKED = {
    "given": "count(v)",
    "distinct": "count(DISTINCT v)",
    "numbers": "count(x)",
    "low": "min(x)",
    "high": "max(x)",
    "middle": "quantile_cont(abs(x), 0.5) FILTER (x <> 0)",
    "coded": "count(*) FILTER (regexp_matches(t, '^[+-]?0[0-9]'))",
    "percents": "count(*) FILTER (x IS NOT NULL AND ends_with(t, '%'))",
    "unsure": f"count(*) FILTER ({values.ambiguous('n')})",
    "length": "avg(length(CAST(v AS VARCHAR)))",
    "dated": f"count(*) FILTER (regexp_full_match(t, {literal(LIKE_A_DATE)}))",
    **{
        code: f"count(*) FILTER (x IS NOT NULL AND regexp_matches(t, {literal(form)}))"
        for code, form in CURRENCIES.items()
    },
    **{f"whole_{d}": f"count(*) FILTER (abs(x * 1e{d} - round(x * 1e{d})) < 1e-6)" for d in range(DIGITS)},
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one column of the file holds.

    ``given`` counts the rows with a value, ``distinct`` the different ones, ``numbers`` those that
    are numbers, from ``low`` to ``high``; ``whole`` of them have no decimals, ``digits`` is how
    many decimals tell them apart, ``coded`` counts those with leading zeros, ``unsure`` those that
    a mark left open. ``values`` are the commonest texts with their counts, most frequent first,
    ``strange`` those that are no number. ``dates`` are the formats in which every value is a day,
    ``first`` the earliest of them.
    """

    name: str
    place: str
    native: str
    rows: int
    given: int
    distinct: int
    numbers: int
    low: float | None
    high: float | None
    whole: int
    digits: int
    coded: int
    percents: int
    unsure: int
    length: float
    mark: str
    currency: str
    values: Mapping[str, int]
    strange: Mapping[str, int]
    dates: tuple[str, ...] = ()
    first: str = ""


def open_source(path: Path, work: Path) -> Source:
    """Return the one data file at ``path`` as it is, unpacked and as UTF-8.

    Raises
    ------
    LoadError
        When there is none or several, or it cannot be read.
    """
    files = find_files(path)
    if len(files) > 1:
        names = ", ".join(sorted(file.name for file in files.values()))
        raise LoadError(f"{path}: holds several files ({names}); give one of them")
    (file,) = files.values()
    nothing = Table("", {}, (), (), (), ())
    try:
        source = plain_source(nothing, file.name, file.unpacked(work), work)
    except (duckdb.Error, OSError, ValueError) as error:
        if isinstance(error, LoadError):
            raise
        raise LoadError(f"{file.name}: cannot be read ({str(error).splitlines()[0]})") from None
    by_case: dict[str, str] = {}
    for name in source.header:
        if other := by_case.get(name.casefold()):
            raise LoadError(f"{file.name}: columns {other} and {name} differ by case only; rename one")
        by_case[name.casefold()] = name
    return source


def read(connection: duckdb.DuckDBPyConnection, source: Source) -> int:
    """Copy the file into the table ``given``, columns ``c0``, ``c1``...; return how many rows it has.

    Raises
    ------
    LoadError
        When lines are not lines of a table, or there are none.
    """
    columns = ", ".join(
        f"{_as_read(source, name)} AS {place}"
        for place, name in zip(places(source), source.header, strict=True)
    )
    try:
        connection.execute(
            f"CREATE TABLE {TABLE} AS SELECT row_number() OVER () AS line, {columns} FROM {source.scan()}"
        )
    except duckdb.Error as error:
        faults = unreadable_lines(connection, source)
        raise LoadError(*(faults or [f"{source.name}: {str(error).splitlines()[0]}"])) from None
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {TABLE}").fetchall()
    if not rows:
        raise LoadError(f"{source.name}: holds no line under its column names; give a file with clients")
    return rows


def check_header(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Refuse a first line whose texts are found again below, in their own columns, as values are."""
    texts = [pair for pair in zip(source.header, places(source), strict=True) if not pair[0].isdigit()]
    if not source.delimiter or len(texts) < LEAST_TEXTS:
        return
    again = []
    for some in values.batched(texts, values.AT_ONCE):
        asked = ", ".join(f"bool_or({place} = {literal(name)})" for name, place in some)
        found = connection.execute(f"SELECT {asked} FROM {TABLE}").fetchone()
        again += [name for (name, _), is_there in zip(some, found, strict=True) if is_there]
    if len(again) >= max(LEAST_TEXTS, len(source.header) / 4):
        shown = ", ".join(again[:4])
        raise LoadError(
            f"{source.name} line 1: seems to hold values ({shown}), not names: they stand below as well; "
            "add a first line with names"
        )


def places(source: Source) -> list[str]:
    """Return the names of the file's columns in the table ``given``."""
    return [f"c{place}" for place in range(len(source.header))]


def look(connection: duckdb.DuckDBPyConnection, source: Source, decimal: str, rows: int) -> dict[str, Seen]:
    """Return what every column of the file holds, by its name in the file."""
    named = dict(zip(source.header, places(source), strict=True))
    texts = {name: values.numeral(place) for name, place in named.items() if not _is_native(source, name)}
    otherwise = values.POINT if source.delimiter == values.COMMA else decimal
    marks = values.marks(connection, TABLE, texts, otherwise)
    return {
        name: _see(connection, name, place, source.header[name], marks.get(name, ""), rows)
        for name, place in named.items()
    }


def _as_read(source: Source, name: str) -> str:
    return quoted(name) if _is_native(source, name) else values.text(quoted(name))


def _is_native(source: Source, name: str) -> bool:
    """Whether a column of a Parquet file already holds numbers or days."""
    return _is_numeric(source.header[name]) or _is_day(source.header[name])


def _is_numeric(native: str) -> bool:
    return native.split("(")[0] in NUMERIC


def _is_day(native: str) -> bool:
    return native.startswith(("DATE", "TIMESTAMP"))


def _see(
    connection: duckdb.DuckDBPyConnection, name: str, place: str, native: str, mark: str, rows: int
) -> Seen:
    is_date, is_number = _is_day(native), _is_numeric(native)
    text = f"CAST({place} AS VARCHAR)" if is_date or is_number else place
    # v: the value, t: as text, n: as text that may be a number, x: as a number
    table = f"(SELECT {place if is_date else values.text(text)} AS v, {text} AS t FROM {TABLE})"
    table = f"(SELECT v, t, {values.numeral('t')} AS n FROM {table})"
    read = "CAST(NULL AS DOUBLE)" if is_date else values.number("n", mark, lenient=True)
    table = f"(SELECT *, {read} AS x FROM {table})"
    # A column of numbers as machines write them needs no look at how people do.
    is_plain = is_date or is_number or not (mark or _strange(connection, table))
    asked = [sql if key in _ALWAYS or not is_plain else "0" for key, sql in _ASKED.items()]
    row = connection.execute(f"SELECT {', '.join(asked)} FROM {table}").fetchone()
    told = dict(zip(_ASKED, row, strict=True))
    currency = max(CURRENCIES, key=lambda code: told[code])
    is_dated = is_date or (told["given"] and told["dated"] >= 0.9 * told["given"])
    dates, first = _days(connection, place, native, told["given"]) if is_dated else ((), "")
    return Seen(
        name=name,
        place=place,
        native=native,
        rows=rows,
        mark=mark,
        currency=currency if told[currency] else "",
        digits=_digits([told[f"whole_{d}"] for d in range(DIGITS)], told["numbers"], told["middle"]),
        values=_commonest(connection, f"{table} WHERE v IS NOT NULL", "t"),
        strange={} if is_plain else _commonest(connection, f"{table} WHERE n IS NOT NULL AND x IS NULL", "n"),
        dates=dates,
        first=first,
        whole=told["whole_0"],
        **{key: told[key] for key in ("given", "distinct", "numbers", "low", "high", "coded", "percents")},
        unsure=told["unsure"],
        length=told["length"] or 0.0,
    )


def _digits(whole: Sequence[int], numbers: int, middle: float | None) -> int:
    """Return the decimals worth showing: those that tell nearly all values, three figures at most."""
    enough = next((d for d, count in enumerate(whole) if count >= 0.95 * numbers), len(whole) - 1)
    if not middle or enough == 0:
        return enough
    figures = next((d for d in range(4) if middle * 10**d >= 100), 4)
    return min(enough, figures)


def _strange(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a column holds texts that are no plain numbers, or codes that begin with a zero."""
    odd = "n IS NOT NULL AND (x IS NULL OR (t LIKE '0_%' AND t NOT LIKE '0.%'))"
    return bool(connection.execute(f"SELECT 1 FROM {table} WHERE {odd} LIMIT 1").fetchall())


def _commonest(connection: duckdb.DuckDBPyConnection, rows: str, column: str) -> dict[str, int]:
    found = connection.execute(
        f"SELECT {column}, count(*) FROM {rows} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST_VALUES}"
    )
    return dict(found.fetchall())


def _days(
    connection: duckdb.DuckDBPyConnection, place: str, native: str, count: int
) -> tuple[tuple[str, ...], str]:
    """Return the formats in which every value is a day, and the earliest day in the first of them."""
    if _is_day(native):
        return ("native",), _earliest(connection, day_held(place, native))
    asked = ", ".join(f"count({day_told(place, [form])})" for form in DATES)
    counts = connection.execute(f"SELECT {asked} FROM {TABLE}").fetchone()
    fits = tuple(form for form, found in zip(DATES, counts, strict=True) if found == count)
    return (fits, _earliest(connection, day_told(place, fits[:1]))) if fits else ((), "")


def _earliest(connection: duckdb.DuckDBPyConnection, day: str) -> str:
    ((first,),) = connection.execute(f"SELECT CAST(min({day}) AS VARCHAR) FROM {TABLE}").fetchall()
    return first or ""
