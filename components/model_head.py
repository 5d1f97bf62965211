"""What heads every page about a portfolio's model, and what stands there when there is none."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import own, t
from components.sheet import sheet
from data.portfolios import Portfolio

Fact = tuple[str, str]


def strip(title: str, facts: Sequence[Fact], act: Component | None = None) -> Component:
    """Return the strip of a page about the model: its title, a few facts, a link at the right."""
    named = [html.Div([html.Dt(label), html.Dd(value)]) for label, value in facts]
    return html.Section(
        [
            html.H1(title),
            html.Dl(named, className="facts"),
            html.Div(act, className="acts") if act is not None else None,
        ],
        className="file",
    )


def in_service(version: str, since: str, lang: str) -> Fact:
    """Return the fact that names the model in service; ``since`` is an ISO date or time."""
    told = t("model_head.version", lang, version=version, date=formats.date(since, lang))
    return t("model_head.in_service", lang), told


def missing(portfolio: Portfolio, lang: str) -> Component:
    """Return what a page about the model says when none is in service."""
    return _train("missing", portfolio, lang)


def damaged(portfolio: Portfolio, lang: str) -> Component:
    """Return what a page about the model says when its files cannot be read, or lack a part."""
    return _train("damaged", portfolio, lang)


def _train(state: str, portfolio: Portfolio, lang: str) -> Component:
    return sheet(
        "no-model",
        t(f"model_head.{state}.title", lang),
        html.P(own(portfolio, f"model_head.{state}.text", lang), className="read"),
        html.P(html.Code(f"python -m model train {portfolio.id}"), className="command"),
    )
