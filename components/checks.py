"""What to check before deciding, and the situation as the client declared it."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components import facts
from components.i18n import plural, t
from components.sentences import warning_text
from components.sheet import sheet, unfold
from data.portfolios import Portfolio
from model.results import Assessment, Value, Warning

SHOWN = 4


def section(
    portfolio: Portfolio, assessment: Assessment, values: Mapping[str, Value], lang: str
) -> Component:
    """Return the sheet of warnings and declared facts."""
    return sheet(
        "checks",
        t("checks.title", lang),
        *_warnings(portfolio, assessment, lang),
        html.H3(t("checks.declared", lang)),
        _declared(portfolio, values, lang),
    )


def declared_only(portfolio: Portfolio, values: Mapping[str, Value], lang: str) -> Component:
    """Return the sheet of declared facts, when no model has read them."""
    return sheet("checks", t("checks.declared", lang), _declared(portfolio, values, lang))


def _declared(portfolio: Portfolio, values: Mapping[str, Value], lang: str) -> Component:
    return facts.pairs(portfolio, portfolio.settings["facts"]["declared"], values, lang)


def _warnings(portfolio: Portfolio, assessment: Assessment, lang: str) -> list[Component]:
    if not assessment.warnings:
        return [html.P(t("checks.none", lang))]
    lines = [_warning(portfolio, warning, lang) for warning in assessment.warnings]
    first, others = lines[:SHOWN], lines[SHOWN:]
    shown = [html.Div(first, className="warn")]
    if others:
        more = plural("checks.more", len(others), lang)
        shown.append(unfold(more, html.Div(others, className="warn")))
    return shown


def _warning(portfolio: Portfolio, warning: Warning, lang: str) -> Component:
    fact, consequence = warning_text(portfolio, warning, lang)
    return html.P([html.B(fact), " ", consequence])
