"""The reasons: what takes points away, what adds some, and the sum that it makes."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components import formats, said
from components.i18n import own, t
from components.links import COMPARISON, INTERPRETATION, SIMULATION, address, link
from components.rich import bold
from components.said import Line
from components.sheet import sheet
from data.portfolios import Portfolio
from model.results import Assessment

LONGEST_BAR = 48  # pixels
_COLOUR = {"takes": "unf", "adds": "fav"}


def section(
    portfolio: Portfolio,
    assessment: Assessment,
    reference: tuple[float, float],
    lang: str,
    rates: said.Rates | None = None,
) -> Component:
    """Return the sheet of the reasons.

    ``reference`` gives the points between which files were accepted just above the mark
    (from the first, up to but without the second).
    """
    told = said.reasons(portfolio, assessment, reference, lang, rates)
    return drawn(told, lang, _onward(portfolio, assessment.client_id, lang))


def drawn(told: said.Reasons, lang: str, onward: Component | None = None) -> Component:
    """Return the sheet of reasons that were told, above the ways on from them."""
    longest = max((abs(line.points) for line in told.lines), default=1)
    order = ("adds", "takes") if told.adds_first else ("takes", "adds")
    sides = [_side(side, told.lines, longest, lang, side == order[0]) for side in order]
    return sheet(
        "reasons",
        t("reasons.title", lang),
        _rules(told.rules, lang),
        html.Div(sides, className="grid"),
        html.P(told.sum, className="note foot"),
        onward,
    )


def _rules(rules: Sequence[str], lang: str) -> Component | None:
    """Return the lender's own rules, apart from what moves points."""
    if not rules:
        return None
    sentences = [html.P(rule, className="say") for rule in rules]
    return html.Div(
        [html.H3(t("policy.title", lang)), *sentences, html.P(t("policy.apart", lang), className="note")],
        className="rules",
    )


def _onward(portfolio: Portfolio, client_id: str | None, lang: str) -> Component:
    """Return the ways on from the reasons, with the same file in hand."""
    pages = {"interpretation": INTERPRETATION, "comparison": COMPARISON, "simulation": SIMULATION}
    return html.Nav(
        [
            link(
                own(portfolio, f"onward.{name}", lang),
                address(template, portfolio=portfolio.id, client=client_id, lang=lang),
                className="btn small",
            )
            for name, template in pages.items()
        ],
        className="onward",
        **{"aria-label": t("onward.title", lang)},
    )


def _side(side: str, lines: Sequence[Line], longest: int, lang: str, is_first: bool) -> Component:
    mine = [line for line in lines if line.direction == side]
    total = formats.points(sum(line.points for line in mine), lang, signed=True)
    name = t(f"reasons.{side}.{'first' if is_first else 'second'}", lang)
    tally = html.H3([html.Span(name), html.Span(total)], className=f"tally {_COLOUR[side]}")
    if not mine:
        return html.Div([tally, html.P(t(f"reasons.{side}.none", lang), className="nothing")], className="c6")
    listed = [_reason(line, longest, lang) for line in mine]
    return html.Div([tally, html.Ol(listed, className="reasons")], className="c6")


def _reason(line: Line, longest: int, lang: str) -> Component:
    colour, width = _COLOUR[line.direction], max(2, round(LONGEST_BAR * abs(line.points) / longest))
    return html.Li(
        [
            html.Span(formats.points(line.points, lang, signed=True), className=f"pts {colour}"),
            html.P([line.before, bold(line.value), line.after], className="say"),
            html.Span(className=f"bar {colour}", style={"width": width}),
            html.P(line.reference, className="ref"),
        ]
    )
