"""The words of the groups that a portfolio declares (``model.groups`` tells them without any)."""

from collections.abc import Mapping

from components import formats
from components.i18n import t, typeset
from data.portfolios import Portfolio


def title(portfolio: Portfolio, family: Mapping, lang: str) -> str:
    """Return the name of a grouping: its own in the portfolio's words, else its column's."""
    own = portfolio.words(lang).get("groups", {}).get(family["name"])
    return typeset(own or portfolio.columns[family["column"]].label(lang), lang)


def name(portfolio: Portfolio, column: str, group: Mapping, lang: str) -> str:
    """Return the name of a group: "30 à 39 ans", "femme", "veuvage, inconnue"."""
    said = [_band(portfolio, column, group["low"], group["high"], lang)] if "low" in group else []
    said += [formats.value(portfolio, column, value, lang) for value in group["values"]]
    joined = ", ".join(said)
    return joined[:1].upper() + joined[1:]


# Ages and years are said whole, both ends in: from 30 to 39.
_WHOLE = {"years": "years", "days_ago": "years", "year": "year"}


def _band(portfolio: Portfolio, column: str, low: float | None, high: float | None, lang: str) -> str:
    unit = portfolio.columns[column].unit
    if unit in _WHOLE:
        last = None if high is None else high - 1
        said = {"low": low, "high": high, "last": last}
        ends = {end: "" if whole is None else f"{whole:.0f}" for end, whole in said.items()}
        return t(f"groups.{_WHOLE[unit]}.{_side(low, high)}", lang, **ends)
    ends = {
        side: "" if end is None else formats.value(portfolio, column, end, lang)
        for side, end in (("low", low), ("high", high))
    }
    return t(f"groups.band.{_side(low, high)}", lang, **ends)


def _side(low: float | None, high: float | None) -> str:
    if low is None:
        return "all" if high is None else "under"
    return "over" if high is None else "between"
