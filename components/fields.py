"""The controls of a form: what each shows of a value, and the value that is read back from it.

What a control shows is rounded, and its text depends on the language; the file holds the exact
value. So a control is never simply read: what it shows at first stands for the file's own value,
and only something else is a change (see :func:`resolve`).
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from components import formats
from components.formats import DAYS_PER_MONTH, MINUS
from components.i18n import own
from data.portfolios import Column, Portfolio
from model.results import Value

Kind = Literal["share", "number", "duration", "moment", "flag", "choice"]
Entry = Mapping[str, object]  # what the fields of one control hold, and whether it is "not provided"

LONGEST = 40  # characters read of a field
_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_FRENCH = re.compile(r"-?[0-9]+([.,][0-9]+)?")
_ENGLISH = re.compile(r"-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?")
_EITHER_WAY = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")  # in French, thousands or decimals
_FURTHEST = 1200  # months


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that may be tried.

    ``raw`` is the value as the file holds it, ``value`` as the model reads it (the source's
    codes for "not provided" repaired); ``options`` are the categories that the model knows.
    """

    column: Column
    raw: Value
    value: Value
    options: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """The control that its column deserves; a slider has no place for a share not provided."""
        column = self.column
        if column.kind in ("flag", "category"):
            return "flag" if column.kind == "flag" else "choice"
        if column.kind == "ratio" and (column.low, column.high) == (0, 1):
            return "number" if formats.is_missing(self.value) else "share"
        if column.unit in ("days_ago", "months_when"):
            return "duration"
        return "moment" if column.unit == "days_when" else "number"

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields of its control."""
        several = {"duration": ("years", "months"), "moment": ("way", "years", "months"), "share": ("share",)}
        return several.get(self.kind, ("value",))

    def can_hold(self, value: object) -> bool:
        """Say whether a value is of the type of its column: what a browser sends may not be."""
        if value is None or value == "":
            return True
        if self.options or self.kind == "choice":
            return isinstance(value, str)
        return isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value)


class Unreadable(ValueError):
    """What was typed is no value of its column; ``code`` says why."""

    def __init__(self, code: Literal["number", "whole", "either", "empty", "bounds", "choice"], typed: str):
        self.code, self.typed = code, typed
        super().__init__(code)


def decimals(column: Column) -> int:
    """Return the decimals that a number field shows."""
    usual = {"of_one": 2, "times": 1}.get(column.unit, 0)
    return column.decimals or usual


def scale(column: Column) -> int:
    """Return by how much a value is multiplied where it is shown: a share as a percentage."""
    return 100 if column.unit == "percent" else 1


def step(column: Column) -> float:
    """Return the step of a share's slider, as shown."""
    return 1 if column.unit == "percent" else 10.0 ** -decimals(column)


def show(item: Item, value: Value, lang: str) -> dict[str, object]:
    """Return what the fields of a control hold for a value."""
    column, missing = item.column, formats.is_missing(value)
    made = item.kind
    if made == "flag":
        return {"value": "" if missing else _code(item, value)}
    entry: dict[str, object] = {"missing": missing}
    if made == "choice":
        return entry | {"value": None if missing else str(value)}
    if missing:
        return entry | dict.fromkeys(item.fields, "")
    amount = float(value)
    if made == "share":
        size = max(0, decimals(column) if column.unit != "percent" else 0)
        return entry | {"share": f"{amount * scale(column):.{size}f}"}
    if made == "number":
        return entry | {"value": formats.number(amount * scale(column), lang, decimals(column))}
    months = round(abs(amount) / (1 if column.unit == "months_when" else DAYS_PER_MONTH))
    entry |= {"years": str(months // 12), "months": str(months % 12)}
    return entry | ({"way": "ago" if amount <= 0 else "ahead"} if made == "moment" else {})


def read(item: Item, entry: Entry, lang: str) -> Value:
    """Return the value that the fields of a control stand for.

    Raises
    ------
    Unreadable
        When they hold no possible value of the column.
    """
    column, made = item.column, item.kind
    if made in ("flag", "choice"):
        return _chosen(item, entry)
    if entry.get("missing"):
        return None
    if not _is_filled(item, entry):
        if formats.is_missing(item.value):
            return None  # nothing was given yet
        raise Unreadable("empty", "")
    if made in ("duration", "moment"):
        value = _days(column, entry, lang)
    else:
        typed = _text(entry.get(item.fields[0]))
        amount = parse(typed, "en" if made == "share" else lang)
        if decimals(column) == 0 and column.kind == "number" and amount != round(amount):
            raise Unreadable("whole", typed)
        value = amount / scale(column)
    low, high = bounds(column)
    if (low is not None and value < low) or (high is not None and value > high):
        typed = formats.quantity(value, column.kind, column.unit, lang, decimals(column))
        raise Unreadable("bounds", typed)
    return value


def bounds(column: Column) -> tuple[float | None, float | None]:
    """Return what is possible for a column."""
    return column.low, column.high


def resolve(item: Item, entry: Entry, others: Iterable[Value], lang: str) -> Value:
    """Return the value meant by the fields of a control, exact where it is a known one.

    A control that shows what it would show for the file's own value means that value, bit for
    bit, whatever it was rounded to; likewise for the ``others`` (of a proposal, of the trial so
    far). Anything else is read.

    Raises
    ------
    Unreadable
        As :func:`read` does.
    """
    known: list[tuple[Value, Value]] = [(item.raw, item.value)]
    known += [(other, other) for other in others if not formats.is_missing(other)]
    shown = [(raw, show(item, value, lang)) for raw, value in known if item.can_hold(value)]
    for raw, fields in shown:
        if alike(item, fields, entry):
            return raw
    meant = read(item, entry, lang)
    for raw, fields in shown:
        try:
            if read(item, fields, lang) == meant:
                return raw
        except Unreadable:
            continue
    return meant


def parse(text: str, lang: str) -> float:
    """Return the number written in a text, as a reader of ``lang`` writes it.

    Raises
    ------
    Unreadable
        Also when a French reader could mean two numbers: "15.900".
    """
    bare = _SPACES.sub("", text).replace(MINUS, "-").rstrip("%€$£")
    if not bare:
        raise Unreadable("empty", text)
    if lang == "fr" and _EITHER_WAY.fullmatch(bare):
        raise Unreadable("either", text)
    if not (_FRENCH if lang == "fr" else _ENGLISH).fullmatch(bare):
        raise Unreadable("number", text)
    return float(bare.replace(",", "." if lang == "fr" else ""))


def complaint(
    portfolio: Portfolio,
    item: Item,
    fault: Unreadable,
    label: str,
    shown: tuple[str | None, str | None],
    lang: str,
) -> str:
    """Return what is wrong with a field: which, what was typed, what is expected, what to do.

    ``shown`` gives the column's bounds in words, the lowest first.
    """
    said = {"label": label, "typed": fault.typed}
    if fault.code == "bounds":
        low, high = shown
        known = "between" if low and high else "least" if low else "most"
        return own(portfolio, f"simulation.bad.{known}", lang, **said, low=low, high=high)
    if fault.code == "either":
        whole = float(_SPACES.sub("", fault.typed).replace(".", "").rstrip("%€$£"))
        said |= {"one": formats.number(whole, lang), "other": formats.number(whole / 1000, lang, 3)}
    example = formats.number(0.5 if decimals(item.column) else 1200, lang, decimals(item.column))
    return own(portfolio, f"simulation.bad.{fault.code}", lang, **said, example=example)


def alike(item: Item, shown: Entry, entry: Entry) -> bool:
    """Say whether two sets of fields hold the same; what "not provided" shuts does not count."""
    absent = [bool(one.get("missing")) or not _is_filled(item, one) for one in (shown, entry)]
    if any(absent):
        return all(absent)
    return all(_text(shown.get(field)) == _text(entry.get(field)) for field in item.fields)


def _is_filled(item: Item, entry: Entry) -> bool:
    return any(_text(entry.get(field)) for field in item.fields if field != "way")


def _text(typed: object) -> str:
    if typed is None or isinstance(typed, bool | list | dict):
        return ""
    return " ".join(str(typed).split())[:LONGEST]


def _code(item: Item, value: Value) -> str:
    """Return the option that stands for a flag: its text, or 1 and 0."""
    return str(value) if item.options else str(int(float(value)))


def _chosen(item: Item, entry: Entry) -> Value:
    chosen = _text(entry.get("value"))
    if entry.get("missing") or (item.kind == "flag" and not chosen):
        return None
    if not chosen:
        if formats.is_missing(item.value):
            return None
        raise Unreadable("empty", "")
    if item.options:
        if chosen not in item.options:
            raise Unreadable("choice", chosen)
        return chosen
    if chosen not in ("0", "1"):
        raise Unreadable("choice", chosen)
    return float(chosen)


def _days(column: Column, entry: Entry, lang: str) -> float:
    """Return the days (or months) that years and months stand for, negative in the past."""
    texts = [_text(entry.get(name)) for name in ("years", "months")]
    counted = [parse(text, lang) if text else 0.0 for text in texts]
    for count, text in zip(counted, texts, strict=True):
        if count != round(count) or count < 0:
            raise Unreadable("whole", text)
    months = 12 * counted[0] + counted[1]
    if months > _FURTHEST:
        raise Unreadable("bounds", formats.duration(months * DAYS_PER_MONTH, lang))
    size = months if column.unit == "months_when" else round(months * DAYS_PER_MONTH)
    return float(size if entry.get("way") == "ahead" else -size) or 0.0
