"""Columns that a file lacks, made of others that it has: ``derive`` under a table of ``portfolio.toml``.

``YEARS = { years = ["BIRTH", "ASKED"] }``    whole years from one date to the other
``MONTH = { month = "ASKED" }``, ``YEAR = { year = "ASKED" }``
``SEEN = { days_since = ["LAST_CALL", "2021-01-01"] }``    days from that day on, negative before it
``STATE = { first = [{ value = "IN", when = { CODE = ["1"] } }, ...], otherwise = "OUT" }``
    the first value whose every column holds one of its texts, or any text for ``[]``

``dates`` says how days are written, in the words of ``strptime``; fractions of a second and the time
zone behind an hour need no word. A file that has the column itself keeps it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from config import settings
from data.flat_values import text
from data.schema import literal, quoted

ISO = ("%Y-%m-%d",)
MOMENT = "TIMESTAMP WITH TIME ZONE"
_DAYS = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", MOMENT)
# What exports add to an hour: fractions of a second, and where it is that late.
_AFTER_HOURS = r"(:[0-9]{2})([.,][0-9]+)?(Z| ?UTC| ?[+-][0-9]{2}:?[0-9]{2})?$"
KINDS = ("years", "month", "year", "days_since", "first")


def day_told(given: str, formats: Sequence[str]) -> str:
    """Return the SQL of the day that a text tells in one of some formats of ``strptime``, else NULL.

    The day is as written, whatever the time zone beside it. ``%Y`` is for years of four digits
    only: DuckDB would read 19 as a year of the first century.
    """
    if any("%H" in form or "%I" in form for form in formats):
        given = f"regexp_replace({given}, {literal(_AFTER_HOURS)}, '\\1')"
    four, two = ([form for form in formats if other not in form] for other in ("%y", "%Y"))
    return (
        f"CAST(CASE WHEN regexp_matches({given}, '[0-9]{{4}}') THEN {_tried(given, four)} "
        f"ELSE {_tried(given, two)} END AS DATE)"
    )


def _tried(given: str, formats: Sequence[str]) -> str:
    return f"try_strptime({given}, [{', '.join(map(literal, formats))}])" if formats else "NULL"


def day_held(column: str, kind: str) -> str:
    """Return the SQL of the day of a column that holds days or hours as such.

    A moment falls on the day that it is in ``TIME_ZONE``, not where the machine happens to stand.
    """
    if kind == MOMENT:
        return f"CAST(timezone({literal(settings().time_zone)}, {column}) AS DATE)"
    return f"CAST({column} AS DATE)"


class RuleError(ValueError):
    """A rule of ``portfolio.toml`` that cannot be followed; names the column."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How columns of one table are made where its file lacks them."""

    made: Mapping[str, Mapping] = field(default_factory=dict)
    dates: Sequence[str] = ISO

    @classmethod
    def declared(cls, about: Mapping) -> "Rules":
        """Read ``[tables.<name>]`` of ``portfolio.toml``.

        Raises
        ------
        RuleError
            When a rule is of no known kind.
        """
        made = about.get("derive", {})
        for name, rule in made.items():
            if len(set(rule) & set(KINDS)) != 1:
                raise RuleError(f"derive {name}: give one of {', '.join(KINDS)}")
            if "days_since" in rule and not _is_day(rule["days_since"]):
                raise RuleError(f'derive {name}: days_since takes a column and a day like "2021-01-01"')
        return cls(made, tuple(about.get("dates", ISO)))

    def days(self, name: str) -> tuple[str, ...]:
        """Return the columns of the file that must hold days so that ``name`` can be made."""
        rule = self.made.get(name, {})
        single = [rule[kind] for kind in ("month", "year") if kind in rule]
        return (*rule.get("years", ()), *single, *rule.get("days_since", ())[:1])

    def needs(self, name: str) -> tuple[str, ...]:
        """Return the columns of the file that ``name`` is made of, empty when nothing makes it."""
        told = (column for case in self.made.get(name, {}).get("first", ()) for column in case["when"])
        return tuple(dict.fromkeys((*self.days(name), *told)))

    def value(
        self,
        name: str,
        kind: str,
        header: Mapping[str, str],
        spelt: Callable[[str], str | None],
        lenient: bool,
    ) -> str:
        """Return the SQL of a made value in the type ``kind`` of the table.

        Parameters
        ----------
        header : the file's columns with the types they are read in
        spelt : gives the file's spelling of a column
        lenient : whether a day that cannot be read is missing; else it stops the query
        """
        rule = self.made[name]
        if "first" in rule:
            return f"CAST({_first(rule, spelt)} AS {kind})"
        one, *other = (self.day(spelt(column), header, lenient=lenient) for column in self.days(name))
        if "years" in rule:
            # As people count: who was born on a 29th of February is a year older on the 1st of March.
            born, then = (f"CAST(strftime({day}, '%Y%m%d') AS BIGINT)" for day in (one, other[0]))
            made = f"({then} - {born}) // 10000"
        elif "days_since" in rule:
            made = f"date_diff('day', DATE {literal(rule['days_since'][1])}, {one})"
        else:
            made = f"date_part({literal(next(iter(rule)))}, {one})"
        return f"CAST({made} AS {kind})"

    def day(self, column: str, header: Mapping[str, str], *, lenient: bool) -> str:
        """Return the SQL of a day that a column of the file holds."""
        if header[column] in _DAYS:
            return day_held(quoted(column), header[column])
        given = text(quoted(column))
        read = day_told(given, self.dates)
        if lenient:
            return read
        otherwise = f"error({given} || ' is not a day')"
        return f"CASE WHEN {given} IS NOT NULL THEN coalesce({read}, {otherwise}) END"

    def faults(
        self, made: Sequence[str], header: Mapping[str, str], spelt: Callable[[str], str | None]
    ) -> Iterator[tuple[str, str]]:
        """Yield each column of days that ``made`` need, with the SQL that finds what is no day in it."""
        for column in dict.fromkeys(column for name in made for column in self.days(name)):
            found = spelt(column)
            if header[found] not in _DAYS:
                unread = self.day(found, header, lenient=True)
                yield column, f"{text(quoted(found))} IS NOT NULL AND {unread} IS NULL"

    def expected(self) -> str:
        """Return how days are to be written, for a message."""
        plain = [form for form in self.dates if "%H" not in form and "%I" not in form]
        examples = (datetime(2021, 12, 31, 14, 5).strftime(form) for form in plain or self.dates)
        return f"a day like {' or '.join(examples)}"


def _first(rule: Mapping, spelt: Callable[[str], str | None]) -> str:
    cases = []
    for case in rule["first"]:
        held = [_holds(text(quoted(spelt(name))), values) for name, values in case["when"].items()]
        cases.append(f"WHEN {' AND '.join(held)} THEN {literal(case['value'])}")
    otherwise = literal(rule["otherwise"]) if "otherwise" in rule else "NULL"
    return f"CASE {' '.join(cases)} ELSE {otherwise} END"


def _holds(value: str, among: Sequence[str]) -> str:
    return f"{value} IN ({', '.join(map(literal, among))})" if among else f"{value} IS NOT NULL"


def _is_day(told: Sequence[str]) -> bool:
    try:
        _, day = told
        date.fromisoformat(day)
    except (TypeError, ValueError):
        return False
    return True
