"""The kind of each column, from what it holds; a column that cannot serve is left out, with why."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from data import new_portfolio_names as names
from data.load_files import LoadError
from data.new_portfolio_read import Seen

# Few enough words among numbers to be taken for "not known".
MOST_WORDS, WORDS_SHARE = 3, 0.05
# Beyond these a text tells lines apart rather than kinds of them.
MOST_CATEGORIES, LEAST_EACH = 200, 20
LONG_TEXT, FEW_ROWS = 60, 20
LONGEST_SHOWN = 40
IDENTIFIER = "another whole number on every line, as an identifier has"
MAY_BE_EITHER = "every day of it may be read as day/month or month/day: read as day/month"
FLAG_WORDS = ({"yes", "no"}, {"y", "n"})
TRUTHS = {"true", "false", "vrai", "faux"}


@dataclass(frozen=True)
class Choice:
    """What becomes of one column: how it is kept, or ``dropped`` with the reason.

    ``sql`` is its type in the bank, ``missing`` the words taken for "not known", ``dates`` the
    format of its days and ``since`` the day that they are counted from, unless only their year is kept;
    ``told`` is what to look at.
    """

    seen: Seen
    name: str
    kind: str = "category"
    sql: str = "VARCHAR"
    role: str = "input"
    unit: str = ""
    decimals: int = 0
    low: float | None = None
    high: float | None = None
    missing: tuple[str, ...] = ()
    dates: str = ""
    since: str = ""
    is_year: bool = False
    dropped: str = ""
    told: tuple[str, ...] = ()


def choose(seen: Seen, name: str, *, wanted: bool = False) -> Choice:
    """Return what to make of a column; ``wanted`` keeps one that would be left out for what it holds."""
    choice = _kind(Choice(seen, name))
    dropped = _why_not(seen, choice)
    # Nothing can be learnt from a column that always says the same, whatever is wanted.
    return replace(choice, dropped=dropped) if dropped and not (wanted and seen.distinct > 1) else choice


def _why_not(seen: Seen, choice: Choice) -> str:
    """Return why a column cannot serve, or nothing."""
    if not seen.given:
        return "empty on every line"
    if seen.distinct == 1 and seen.given == seen.rows:
        return f"the same on every line ({_shown(next(iter(seen.values)))})"
    is_unique = seen.distinct == seen.given and seen.given > FEW_ROWS
    if choice.kind != "category":
        whole = seen.numbers and seen.whole == seen.numbers
        counts = whole and seen.high - seen.low + 1 == seen.given
        if is_unique and whole and not seen.dates and (counts or names.is_id(seen.name)):
            return IDENTIFIER
        return ""
    if is_unique or (seen.given > FEW_ROWS and seen.distinct > 0.9 * seen.given):
        return "nearly every line has its own text"
    if seen.length > LONG_TEXT and seen.distinct > MOST_CATEGORIES / 4:
        return "free text"
    if seen.distinct > MOST_CATEGORIES and seen.given < LEAST_EACH * seen.distinct:
        return f"{seen.distinct:,} different texts, too few lines of each"
    return ""


def _kind(choice: Choice) -> Choice:
    seen = choice.seen
    if seen.dates:
        return _days(choice)
    if seen.native == "BOOLEAN" or {value.lower() for value in seen.values} <= TRUTHS:
        return replace(choice, kind="flag", sql="BIGINT", low=0, high=1) if seen.given else choice
    strange = sum(seen.strange.values())
    is_number = (
        seen.numbers
        and not seen.coded
        and (not strange or (len(seen.strange) <= MOST_WORDS and strange <= WORDS_SHARE * seen.given))
    )
    if is_number:
        return _number(choice)
    told = list(_mixed(seen, strange))
    if {value.lower() for value in seen.values} in FLAG_WORDS and seen.distinct == 2:
        return replace(choice, kind="flag")
    return replace(choice, told=tuple(told))


def _days(choice: Choice) -> Choice:
    """Days are counted from the first of January of the earliest year, so that they are positive."""
    seen, since = choice.seen, f"{choice.seen.first[:4]}-01-01"
    told = []
    if is_unsure(seen):
        told.append(MAY_BE_EITHER)
    formats = "" if seen.dates[0] == "native" else seen.dates[0]
    if "%y" in formats:
        told.append("years of two digits: 00 to 68 read as 2000 to 2068, 69 to 99 as 1969 to 1999")
    name = f"{choice.name}_days"
    return replace(
        choice,
        name=name,
        kind="days",
        sql="DOUBLE",
        unit="days",
        dates=formats,
        since=since,
        told=tuple(told),
    )


def by_year(choice: Choice) -> Choice:
    """Return a column of days as that of their years, by which people are counted apart."""
    name = f"{choice.name.removesuffix('_days')}_year"
    return replace(choice, name=name, kind="number", unit="year", is_year=True)


def is_unsure(seen: Seen) -> bool:
    """Whether all days of a column may be read as day/month or as month/day."""
    return any(_is_day_first(one) and _month_first(one) in seen.dates for one in seen.dates)


def _is_day_first(dates: str) -> bool:
    return dates.startswith("%d")


def _month_first(dates: str) -> str:
    """Return a format that begins with day and month with both changed over."""
    return f"%m{dates[2:3]}%d{dates[5:]}"


def settle_days(choices: Sequence[Choice]) -> list[Choice]:
    """Return the columns with days that may be read in two ways read as the other columns say.

    Raises
    ------
    LoadError
        When the same way of writing has the day first in one column, the month in another.
    """
    kept = [one for one in choices if not one.dropped]
    months = {one.dates: one for one in kept if one.dates.startswith("%m")}
    sure = [one for one in kept if _is_day_first(one.dates) and not is_unsure(one.seen)]
    days = {_month_first(one.dates): one for one in sure}
    if both := sorted(months.keys() & days.keys()):
        raise LoadError(
            f"column {months[both[0]].seen.name} writes days month first, {days[both[0]].seen.name} day "
            "first; write them alike, or --drop one"
        )
    if not months:
        return list(choices)
    return [
        _with_month_first(one) if is_unsure(one.seen) and _month_first(one.dates) not in days else one
        for one in choices
    ]


def _with_month_first(choice: Choice) -> Choice:
    told = tuple(line for line in choice.told if line != MAY_BE_EITHER)
    return replace(choice, dates=_month_first(choice.dates), told=told)


def _number(choice: Choice) -> Choice:
    seen, told = choice.seen, []
    words = tuple(seen.strange)
    if words:
        told.append(
            f"{', '.join(map(_shown, words))} taken for not known ({sum(seen.strange.values()):,} lines)"
        )
    if seen.unsure and seen.unsure == seen.numbers - seen.whole and seen.mark:
        told.append(f"some numbers may be read in two ways: {seen.mark!r} taken for the decimal mark")
    found = replace(
        choice, kind="number", sql="DOUBLE", missing=words, decimals=seen.digits, told=tuple(told)
    )
    if seen.low == 0 and seen.high == 1 and seen.distinct == 2 and not seen.percents:
        return replace(found, kind="flag", sql="BIGINT", low=0, high=1, decimals=0)
    low, high = bounds(seen.low, seen.high)
    found = replace(found, low=low, high=high)
    if seen.percents:
        # Shares are shown as percentages, which have two decimals less.
        return replace(found, kind="ratio", unit="percent", decimals=max(0, seen.digits - 2))
    if seen.currency or names.is_amount(seen.name):
        return replace(found, kind="amount", unit="currency", decimals=min(found.decimals, 2))
    if names.is_age(seen.name) and 0 <= seen.low <= seen.high <= 120:
        return replace(found, unit="years", low=0, high=120, decimals=0)
    return found


def bounds(low: float, high: float) -> tuple[float, float]:
    """Return what may be possible where ``low`` and ``high`` were found: ten times the range around it."""
    spread = (high - low) or max(abs(high), 1.0)
    lowest = 0.0 if low >= 0 else -_rounded_up(10 * spread - low)
    return lowest, _rounded_up(high + 10 * spread)


def _rounded_up(amount: float) -> float:
    """Return the next number of one figure: 1,834 becomes 2,000."""
    power = 10.0 ** math.floor(math.log10(amount)) if amount > 0 else 1.0
    return math.ceil(amount / power) * power


def _shown(value: str) -> str:
    """Return a text of the file on one line, and not for ever."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[:LONGEST_SHOWN]}..."


def _mixed(seen: Seen, strange: int) -> Iterator[str]:
    if seen.numbers >= 0.5 * seen.given and strange and not seen.coded:
        examples = ", ".join(repr(word) for word in list(seen.strange)[:3])
        yield f"numbers among texts ({strange:,} lines are none: {examples}): taken as a category"
