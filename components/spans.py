"""A range of values in words, and values short enough for an axis."""

from components import formats
from components.i18n import t
from data.portfolios import Portfolio


def mirrored(portfolio: Portfolio, name: str) -> bool:
    """Say whether a column counts days back from the application: the longest time is the least number."""
    return portfolio.columns[name].unit == "days_ago"


def short(portfolio: Portfolio, name: str, value: float, lang: str) -> str:
    """Return a value as an axis or a range says it: without the unit that its label tells."""
    column = portfolio.columns[name]
    if column.unit == "of_one":
        return formats.number(value, lang, column.decimals or 2)
    if column.unit == "percent":
        return formats.percent(value, lang, 0 if _is_whole(100 * value) else 1)
    if column.unit in ("", "times"):
        return formats.number(value, lang, 0 if _is_whole(value) else max(1, column.decimals))
    return formats.value(portfolio, name, value, lang)


def _is_whole(value: float) -> bool:
    """Say whether a number is whole, but for what single precision leaves."""
    return abs(value - round(value)) < 1e-4


def span(
    portfolio: Portfolio, name: str, low: float | None, high: float | None, lang: str, *, closed: bool = False
) -> str:
    """Return the values between two ends in words; None is open.

    ``closed`` tells that the upper end belongs to the range.
    """
    if mirrored(portfolio, name):
        low, high = high, low
    said = [None if end is None else short(portfolio, name, end, lang) for end in (low, high)]
    if said[0] is None and said[1] is None:
        return t("span.all", lang)
    if said[0] == said[1]:
        return said[0]
    if said[1] is None:
        return t("span.from", lang, low=said[0])
    if said[0] is None:
        return t("span.to" if closed else "span.under", lang, high=said[1])
    return t("span.between", lang, low=said[0], high=said[1])


def member(portfolio: Portfolio, name: str, values: tuple, lang: str) -> str:
    """Return the name of a group of categories: the commonest, and how many are with it."""
    column = portfolio.columns[name]
    first = formats.flag(values[0], lang) if column.kind == "flag" else None
    first = first or formats.category(portfolio, name, values[0], lang)
    return first if len(values) == 1 else t("span.others", lang, first=first)
