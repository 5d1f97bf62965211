"""The house sign, a line and a dot: the brand, the verdict and the mark in lists."""

from dash import html
from dash.development.base_component import Component

from components.i18n import typeset
from data.portfolios import Portfolio
from model.results import Decision

_SIDE = {"refuse": "left", "review": "on", "accept": "right"}


def sign(decision: Decision) -> Component:
    """Return the sign of a proposal: dot left of the mark, on it, or right of it."""
    return html.Span(className=f"sign {_SIDE[decision]}", **{"aria-hidden": "true"})


def brand() -> Component:
    """Return the sign as the brand's mark, in ink."""
    return html.Span(className="sign brandmark", **{"aria-hidden": "true"})


def wording(portfolio: Portfolio, decision: Decision, lang: str) -> str:
    """Return a proposal in the portfolio's words: "Refus proposé"."""
    return typeset(portfolio.words(lang)["decisions"][decision], lang)


def proposal(portfolio: Portfolio, decision: Decision, lang: str) -> Component:
    """Return sign and wording, as lists show a proposal."""
    return html.Span([sign(decision), wording(portfolio, decision, lang)], className="tag")
