r"""The SQL that reads a number as people write it: ``1 234,50 €``, ``(12.5)``, ``12,5 %``, ``1'000``.

A comma or a point before exactly three digits may part thousands or decimals (``1,234``). Every
other number says by itself which is which, and its column and file settle those that do not.
"""

# ruff: noqa: S608

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import duckdb

from data.schema import literal

# What programs and people write for "nothing here", beside what every file may hold.
NOTHING = ("", "NA", "NaN", "nan", "NULL", "null", "N/A", "n/a", "#N/A", "?")
# ... and only where a number is expected, since they name a category elsewhere.
NO_NUMBER = ("-", ".", "--", "None", "none", "NC", "ND", "nc", "nd", "n.d.", "n.c.")
SPACES = "\u00a0\u202f\u2009"
SYMBOLS = r"(?i:€|\$|£|EUR|USD|GBP|CHF|EUROS?)"
COMMA, POINT = ",", "."
# How many columns are asked about at a time: DuckDB's planning grows faster than their number.
AT_ONCE = 50

_PLAIN = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_WITH_COMMA = r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?"
_SPACED = r"[+-]?\d{1,3}([ '’]\d{3})+([.,]\d*)?"
_POINTED = r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?"
_COMMAED = r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?"
_COMMA_DECIMALS = (
    r"[+-]?\d*,\d*([eE][+-]?\d+)?|[+-]?\d{1,3}([ '’]\d{3})+,\d*"
    r"|[+-]?\d{1,3}(\.\d{3})+,\d*|[+-]?\d{1,3}(\.\d{3}){2,}"
)
_POINT_DECIMALS = (
    r"[+-]?\d*\.\d*([eE][+-]?\d+)?|[+-]?\d{1,3}([ '’]\d{3})+\.\d*"
    r"|[+-]?\d{1,3}(,\d{3})+\.\d*|[+-]?\d{1,3}(,\d{3}){2,}"
)
_EITHER = r"[+-]?[1-9]\d{0,2}[.,]\d{3}"


@dataclass(frozen=True, slots=True)
class Flat:
    """How the values of one file of a flat table are read.

    Attributes
    ----------
    missing : column of the table -> its words for "nothing here"
    marks : column of the table -> what parts its decimals, see :func:`marks`
    left_out : columns of the file that the portfolio does without, so that nobody is warned of them
    row : name of the column that the line's number fills, where files name nobody
    """

    missing: Mapping[str, Sequence[str]]
    marks: Mapping[str, str]
    left_out: Collection[str] = ()
    row: str = ""

    def given(self, name: str, column: str, kind: str) -> str:
        """Return the SQL of the text of a value, NULL where nothing is given."""
        missing = self.missing.get(name, ())
        return numeral(column, missing) if kind == "DOUBLE" else text(column, missing)

    def value(self, name: str, column: str, kind: str, *, lenient: bool) -> str:
        """Return the SQL of a value in the type ``kind`` of the table."""
        given = self.given(name, column, kind)
        if kind == "VARCHAR":
            return given
        if kind == "DOUBLE":
            return number(given, self.marks.get(name, ""), lenient=lenient)
        return _whole(given, kind, lenient)


def _whole(value: str, kind: str, lenient: bool) -> str:
    """Return the SQL of a whole number read to the last digit, or of yes and no told as true and false."""
    otherwise = "NULL" if lenient else f"error({value} || ' is not a whole number')"
    return (
        f"CASE WHEN {value} IS NULL THEN NULL "
        f"WHEN regexp_full_match({value}, '[+-]?\\d{{1,18}}(\\.0*)?') "
        f"THEN CAST(split_part({value}, '.', 1) AS {kind}) "
        f"WHEN lower({value}) IN ('true', 'vrai') THEN 1 WHEN lower({value}) IN ('false', 'faux') THEN 0 "
        f"ELSE {otherwise} END"
    )


def text(column: str, missing: Sequence[str] = ()) -> str:
    """Return the SQL of a value as text, without spaces around; NULL when it says that there is none."""
    return _unless(column, "|".join(map(re.escape, (*NOTHING, *missing))))


def numeral(column: str, missing: Sequence[str] = ()) -> str:
    """Return the SQL of a value as :func:`text` does, NULL too for words that stand for no number."""
    words = "|".join(map(re.escape, (*NOTHING, *NO_NUMBER, *missing)))
    beyond = "(?i:[+-]?inf(inity)?)|[+-]?[0-9.,]+[eE][+]?[3-9][0-9]{2,}"
    return _unless(column, f"{words}|{beyond}")


def _unless(column: str, words: str) -> str:
    # One mention of the column and one constant: DuckDB sets memory aside for each, in every column.
    value = f"trim(CAST({column} AS VARCHAR), {literal(' ' + chr(9) + SPACES)})"
    return f"nullif(regexp_replace({value}, {literal(f'^(?:{words})$')}, ''), '')"


def number(value: str, mark: str, *, lenient: bool) -> str:
    """Return the SQL of a number.

    Parameters
    ----------
    value : SQL of a text as :func:`numeral` gives it
    mark : ``,`` or ``.``, what parts decimals where a number alone does not say; empty where all
        numbers are as machines write them
    lenient : whether what is no number is missing; else it stops the query
    """
    if not mark:
        return f"{'TRY_CAST' if lenient else 'CAST'}({value} AS DOUBLE)"
    read = f"TRY_CAST({_canonical(value, mark)} AS DOUBLE)"
    # What a program wrote needs no look at its marks, unless points may part thousands.
    either = f"coalesce(TRY_CAST({value} AS DOUBLE), {read})" if mark == POINT else read
    if lenient:
        return either
    return f"CASE WHEN {value} IS NOT NULL THEN coalesce({either}, error({value} || ' is not a number')) END"


def marks(
    connection: duckdb.DuckDBPyConnection, rows: str, columns: Mapping[str, str], otherwise: str
) -> Mapping[str, str]:
    """Return what parts decimals in each of some ``columns`` (name -> SQL of its text), from all values.

    Where a column does not say, the others of the file do; where none does, ``otherwise``. Nothing
    is told of a column whose values are all as machines write them.
    """
    looks = _asked(connection, rows, columns, _looks)
    unsure = {name: columns[name] for name, seen in looks.items() if any(seen)}
    votes = _asked(connection, rows, {name: _bare(value) for name, value in unsure.items()}, _votes)
    commas, points = (sum(pair[side] for pair in votes.values()) for side in (0, 1))
    whole = _winner(commas, points, otherwise)
    found = {name: _winner(*pair, whole) for name, pair in votes.items()}
    return {name: mark for name, mark in found.items() if mark == COMMA or looks[name][0]}


def _looks(value: str) -> list[str]:
    """Return the SQL that counts the texts which are no plain numbers, then those with a point."""
    strange = f"{value} IS NOT NULL AND TRY_CAST({value} AS DOUBLE) IS NULL"
    return [f"count(*) FILTER ({strange})", f"count(*) FILTER (contains({value}, '.'))"]


def _asked(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    columns: Mapping[str, str],
    asked: Callable[[str], Sequence[str]],
) -> dict[str, tuple[int, ...]]:
    """Return what each column answers to the same questions, some columns at a time."""
    answers = {}
    for names in batched(columns, AT_ONCE):
        places = [f"v{place}" for place in range(len(names))]
        given = ", ".join(f"{columns[name]} AS {v}" for name, v in zip(names, places, strict=True))
        sql = ", ".join(", ".join(asked(v)) for v in places)
        row = connection.execute(f"SELECT {sql} FROM (SELECT {given} FROM {rows})").fetchone()
        width = len(row) // len(names)
        answers |= {name: row[width * place : width * (place + 1)] for place, name in enumerate(names)}
    return answers


def batched(many: Iterable, size: int) -> Iterator[tuple]:
    """Yield what there are many of some at a time."""
    left = iter(many)
    while some := tuple(islice(left, size)):
        yield some


def ambiguous(value: str) -> str:
    """Return the SQL that says whether a text is a number that may be read in two ways."""
    return f"regexp_full_match({_bare(value)}, {literal(_EITHER)})"


def _winner(commas: int, points: int, otherwise: str) -> str:
    return otherwise if commas == points else COMMA if commas > points else POINT


def _votes(bare: str) -> list[str]:
    """Return the SQL that counts the values whose comma, then whose point, parts decimals for sure."""
    either = _is(bare, _EITHER)
    return [
        f"count(*) FILTER (NOT {either} AND {_is(bare, forms)})"
        for forms in (_COMMA_DECIMALS, _POINT_DECIMALS)
    ]


def _bare(value: str) -> str:
    """Return the SQL of a text without currency, percent sign and the many kinds of spaces and minus."""
    plain = f"translate({value}, {literal(SPACES + chr(0x2212))}, '   -')"
    signed = f"regexp_replace({plain}, '^\\((.*)\\)$', '-\\1')"
    before = f"regexp_replace({signed}, {literal(rf'^([+-]?) *{SYMBOLS}? *')}, '\\1')"
    return f"regexp_replace({before}, {literal(rf' *({SYMBOLS}|%)$')}, '')"


def _canonical(value: str, mark: str) -> str:
    """Return the SQL of a number as machines write it, NULL when it is none; a percentage is a share."""
    bare = _bare(value)
    other = POINT if mark == COMMA else COMMA
    is_other = f"(contains({bare}, {literal(other)}) AND regexp_full_match({bare}, {literal(_EITHER)}))"
    cases = (
        (f"NOT {is_other} AND {_is(bare, _PLAIN)}", bare),
        (f"NOT {is_other} AND {_is(bare, _WITH_COMMA)}", f"replace({bare}, ',', '.')"),
        (_is(bare, _SPACED), f"replace(regexp_replace({bare}, '[ ''’]', '', 'g'), ',', '.')"),
        (_is(bare, _POINTED), f"replace(replace({bare}, '.', ''), ',', '.')"),
        (_is(bare, _COMMAED), f"replace({bare}, ',', '')"),
    )
    whens = " ".join(f"WHEN {when} THEN {then}" for when, then in cases)
    share = f"CASE WHEN ends_with({value}, '%') THEN 'e-2' ELSE '' END"
    return f"(CASE {whens} END || {share})"


def _is(value: str, form: str) -> str:
    return f"regexp_full_match({value}, {literal(form)})"
