"""What to check before deciding, and the situation as the client declared it."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import facts, said
from components.i18n import plural, t
from components.said import Pair
from components.sheet import sheet, unfold
from data.portfolios import Portfolio
from model.results import Assessment, Value

SHOWN = 4


def section(
    portfolio: Portfolio, assessment: Assessment, values: Mapping[str, Value], lang: str, width: str = ""
) -> Component:
    """Return the sheet of warnings and declared facts."""
    return drawn(said.checks(portfolio, assessment, declared(portfolio, values, lang), lang), lang, width)


def drawn(told: said.Checks, lang: str, width: str = "") -> Component:
    """Return the sheet of warnings and facts that were told."""
    return sheet(
        "checks",
        t("checks.title", lang),
        *_warnings(told.warnings, lang),
        *([html.H3(t("checks.declared", lang)), facts.drawn(told.declared, lang)] if told.declared else []),
        width=width,
    )


def declared_only(portfolio: Portfolio, values: Mapping[str, Value], lang: str, width: str = "") -> Component:
    """Return the sheet of declared facts, when no model has read them."""
    return declared_drawn(declared(portfolio, values, lang), lang, width)


def declared_drawn(told: Sequence[Pair], lang: str, width: str = "") -> Component:
    """Return the sheet of declared facts that were told."""
    return sheet("checks", t("checks.declared", lang), facts.drawn(told, lang), width=width)


def declared(portfolio: Portfolio, values: Mapping[str, Value], lang: str) -> list[Pair]:
    """Return the situation as declared, in words."""
    return [facts.pair(portfolio, one, values, lang) for one in portfolio.settings["facts"]["declared"]]


def _warnings(told: Sequence[Pair], lang: str) -> list[Component]:
    if not told:
        return [html.P(t("checks.none", lang))]
    lines = [html.P([html.B(fact), " ", consequence]) for fact, consequence in told]
    first, others = lines[:SHOWN], lines[SHOWN:]
    shown = [html.Div(first, className="warn")]
    if others:
        more = plural("checks.more", len(others), lang)
        shown.append(unfold(more, html.Div(others, className="warn")))
    return shown
