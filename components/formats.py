"""Numbers, durations, dates and categories as a French or an English reader writes them."""

import datetime as dt
import math
from collections.abc import Sequence

from components.i18n import NARROW, WIDE, plural, t, typeset
from data.portfolios import Portfolio
from model.results import Value

MINUS = "\u2212"
DAYS_PER_MONTH = 30.4375
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF"}
_YES = {"1", "Y", "YES", "TRUE"}
_NO = {"0", "N", "NO", "FALSE"}


def value(portfolio: Portfolio, column: str, raw: Value, lang: str) -> str:
    """Return the value of a portfolio's column as a client would read it.

    Kind, unit and decimals come from ``columns.csv``, the names of categories from the
    portfolio's words.
    """
    described = portfolio.columns[column]
    if described.kind == "category":
        return category(portfolio, column, raw, lang)
    currency = portfolio.settings.get("currency", "")
    return quantity(raw, described.kind, described.unit, lang, described.decimals, currency)


def quantity(raw: Value, kind: str, unit: str, lang: str, decimals: int = 0, currency: str = "") -> str:
    """Return a value of the given kind and unit (the codes of ``columns.csv``) in words.

    Besides these, the units ``days_when`` and ``months_when`` tell a day or a month relative
    to the application ("il y a 2 mois", "dans 3 ans"), ``days_late`` a delay against a due
    date ("5 jours de retard", "2 jours d'avance").
    """
    if is_missing(raw):
        return t("value.missing", lang)
    if kind == "flag":
        return flag(raw, lang)
    try:
        amount = float(raw)
    except ValueError:
        return str(raw)
    if unit == "currency" or kind == "amount":
        return money(amount, lang, decimals, currency)
    if unit in _BY_UNIT:
        return _BY_UNIT[unit](amount, lang, decimals)
    return number(amount, lang, decimals)


def is_missing(raw: Value) -> bool:
    """Say whether a value was not provided: None, NaN or an empty text."""
    return raw is None or raw == "" or (isinstance(raw, float) and math.isnan(raw))


def number(amount: float, lang: str, decimals: int = 0, signed: bool = False) -> str:
    """Return a number with its thousands grouped: ``3 214,5`` or ``3,214.5``."""
    shown = f"{abs(amount):,.{decimals}f}"
    if lang == "fr":
        shown = shown.replace(",", NARROW).replace(".", ",")
    is_zero = not shown.strip("0.,")
    if is_zero:
        return shown
    sign = MINUS if amount < 0 else "+" if signed else ""
    return sign + shown


def points(amount: float, lang: str, signed: bool = False) -> str:
    """Return points, always whole; with ``signed`` a plus is written too."""
    return number(round(amount), lang, signed=signed)


def percent(share: float, lang: str, decimals: int = 0) -> str:
    """Return a share of one as a percentage: ``19 %`` or ``19%``."""
    return number(100 * share, lang, decimals) + (f"{NARROW}%" if lang == "fr" else "%")


def money(amount: float, lang: str, decimals: int = 0, currency: str = "") -> str:
    """Return an amount: ``18 400 €``, ``€18,400``, or bare when there is no currency."""
    shown = number(amount, lang, decimals)
    symbol = SYMBOLS.get(currency, currency)
    if not symbol:
        return shown
    if lang == "fr" or symbol.isalpha():
        return f"{shown}{WIDE}{symbol}"
    return f"{MINUS}{symbol}{shown[1:]}" if shown.startswith(MINUS) else f"{symbol}{shown}"


def duration(days: float, lang: str) -> str:
    """Return a length of time: ``12 jours``, ``7 mois``, ``6 ans et 4 mois``."""
    days = abs(days)
    if days < DAYS_PER_MONTH:
        return plural("value.days", round(days), lang)
    return _months(round(days / DAYS_PER_MONTH), lang)


def when(days: float, lang: str) -> str:
    """Return a day told from the application: ``il y a 7 mois``, ``dans 2 ans``."""
    if round(days) == 0:
        return t("value.same_day", lang)
    return t("value.ago" if days < 0 else "value.ahead", lang, duration=duration(days, lang))


def lateness(days: float, lang: str) -> str:
    """Return a delay: ``5 jours de retard``, ``2 jours d'avance``, ``à la date prévue``."""
    days = round(days)
    if days == 0:
        return t("value.on_time", lang)
    return plural("value.late" if days > 0 else "value.early", abs(days), lang)


def flag(raw: Value, lang: str) -> str:
    """Return oui or non, whichever way the source writes it (0/1, Y/N, true/false)."""
    code = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw).upper()
    if code in _YES:
        return t("value.yes", lang)
    return t("value.no", lang) if code in _NO else str(raw)


def category(portfolio: Portfolio, column: str, raw: Value, lang: str) -> str:
    """Return a category in the portfolio's words; a code without words is given as it is."""
    if is_missing(raw):
        return t("value.missing", lang)
    code = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
    names = portfolio.words(lang).get("categories", {}).get(column, {})
    return typeset(names.get(code, code), lang)


def hundred(probability: float) -> int:
    """Return the files concerned in 100, as shown: never 0 nor 100 for an uncertain event."""
    # Halves go up, also where arithmetic leaves a trace: a mark of 1 in 8 reads the same wherever it stands.
    return min(99, max(1, math.floor(100 * probability + 0.5 + 1e-9)))


def per_hundred(probability: float, lang: str) -> str:
    """Return a natural frequency: ``7 sur 100``, ``moins de 1 sur 100``."""
    if probability < 0.005:
        return t("value.under_one_in_hundred", lang)
    if probability > 0.995:
        return t("value.over_99_in_hundred", lang)
    return t("value.in_hundred", lang, count=hundred(probability))


def round_to_sum(amounts: Sequence[float], total: int | None = None) -> list[int]:
    """Round to whole numbers that add up to ``total`` (by default the rounded sum).

    Largest remainder: every amount is rounded down, then the ones that lost most are
    rounded up. Each stays within one of its own value.
    """
    goal = round(math.fsum(amounts)) if total is None else total
    floors = [math.floor(amount) for amount in amounts]
    missing = goal - sum(floors)
    if not 0 <= missing <= len(floors):
        raise ValueError(f"total: {goal} is too far from the sum of the amounts, {math.fsum(amounts):.3f}")
    by_loss = sorted(range(len(floors)), key=lambda i: amounts[i] - floors[i], reverse=True)
    for i in by_loss[:missing]:
        floors[i] += 1
    return floors


def date(day: str | dt.date, lang: str) -> str:
    """Return a date in full, ``12 novembre 2026``, from a date or an ISO text."""
    if isinstance(day, str):
        day = dt.datetime.fromisoformat(day)
    ordinal = t("date.first", lang) if day.day == 1 else str(day.day)
    return f"{ordinal} {t(f'date.month.{day.month}', lang)} {day.year}"


def _months(months: int, lang: str) -> str:
    years, rest = divmod(months, 12)
    parts = [plural("value.years", years, lang)] if years else []
    if rest or not years:
        parts.append(plural("value.months", rest, lang))
    return t("value.and", lang).join(parts)


def _days(amount: float, lang: str, _decimals: int) -> str:
    return plural("value.days", round(amount), lang, count=number(round(amount), lang))


def _count_of_months(amount: float, lang: str, _decimals: int) -> str:
    return plural("value.months", round(amount), lang, count=number(round(amount), lang))


def _years(amount: float, lang: str, _decimals: int) -> str:
    return _months(round(12 * abs(amount)), lang)


def _of_one(amount: float, lang: str, decimals: int) -> str:
    return t("value.of_one", lang, amount=number(amount, lang, decimals or 2))


def _times(amount: float, lang: str, decimals: int) -> str:
    return t("value.times", lang, amount=number(amount, lang, decimals or 1))


def _hour(amount: float, lang: str, _decimals: int) -> str:
    return t("value.hour", lang, hour=round(amount))


def _month(amount: float, lang: str, decimals: int) -> str:
    """Return a month of the year by its name; what is no month stays a number."""
    return t(f"date.month.{amount:.0f}", lang) if amount in range(1, 13) else number(amount, lang, decimals)


def _ungrouped(amount: float, _lang: str, decimals: int) -> str:
    """Return a number that names something: nobody groups the digits of a file's number, or of a year."""
    return f"{amount:.{decimals}f}"


_BY_UNIT = {
    "percent": percent,
    "of_one": _of_one,
    "days_ago": lambda days, lang, _decimals: duration(days, lang),
    "days_when": lambda days, lang, _decimals: when(days, lang),
    "months_when": lambda months, lang, _decimals: when(months * DAYS_PER_MONTH, lang),
    "days_late": lambda days, lang, _decimals: lateness(days, lang),
    "days": _days,
    "id": _ungrouped,
    "year": _ungrouped,
    "month": _month,
    "months": _count_of_months,
    "years": _years,
    "times": _times,
    "hour": _hour,
}
