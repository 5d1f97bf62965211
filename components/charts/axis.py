"""Round marks for the axis of a column, named as its values are."""

import math
from collections.abc import Sequence

from components import formats
from components.i18n import t
from data.portfolios import Column, Portfolio

_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_DAYS = tuple(formats.DAYS_PER_MONTH * months for months in _MONTHS)
_PERCENT = 0.01
ROOM = 66  # characters under half a page


def reversed_axis(column: Column) -> bool:
    """Say whether the greater a value is in words, the smaller its number ("6 years ago" is -2190)."""
    return column.unit == "days_ago"


def ticks(
    portfolio: Portfolio, column: Column, low: float, high: float, lang: str
) -> tuple[list[float], list[str]]:
    """Return round values between ``low`` and ``high``, and what each is called.

    There are as many as can be written side by side under half a page.

    Examples
    --------
    >>> ticks(portfolio, portfolio.columns["DEBT_SHARE"], 0.0, 0.43, "fr")  # doctest: +SKIP
    ([0.0, 0.1, 0.2, 0.3, 0.4], ['0 %', '10 %', '20 %', '30 %', '40 %'])
    """
    steps = _steps(column, high - low)
    for most in range(6, 1, -1):
        values = marks(low, high, most, steps)
        names = [_name(portfolio, column, value, lang) for value in values]
        if sum(len(name) + 2 for name in names) <= ROOM:
            break
    return values, names


def unit(column: Column, lang: str) -> str:
    """Return the unit that stands once under an axis, empty where each mark bears its own."""
    return t("axis.of_one", lang) if column.unit == "of_one" else ""


def _name(portfolio: Portfolio, column: Column, value: float, lang: str) -> str:
    if column.unit == "of_one":
        return formats.number(value, lang, column.decimals or 2)
    return formats.value(portfolio, column.name, value, lang)


def marks(low: float, high: float, most: int, steps: Sequence[float] = ()) -> list[float]:
    """Return the multiples of a round step between ``low`` and ``high``, at most ``most``."""
    if not high > low:
        return [low]
    for step in steps or _decimal(high - low):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return [float(f"{number * step:.10g}") + 0.0 for number in range(first, last + 1)]
    return [low, high]


def _steps(column: Column, width: float) -> list[float]:
    """Return the steps to try, the finest first: none finer than the decimals that are written."""
    if column.unit in ("days_ago", "days_when") and width > 2 * _DAYS[0]:
        return list(_DAYS)
    if column.unit in ("months", "months_when"):
        return list(_MONTHS)
    if not width > 0:
        return []
    decimals = column.decimals or {"of_one": 2, "times": 1, "years": 1}.get(column.unit, 0)
    finest = _PERCENT if column.unit == "percent" else 10.0**-decimals
    return [step for step in _decimal(width) if step >= finest * 0.999] or [finest]


def _decimal(width: float) -> list[float]:
    lowest = math.floor(math.log10(width)) - 2
    return [digit * 10.0**power for power in range(lowest, lowest + 5) for digit in (1, 2, 5)]
