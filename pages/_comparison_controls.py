"""The controls of a comparison: filters, how many similar files, what is shown and crossed."""

from collections.abc import Mapping

from dash import dcc, html
from dash.development.base_component import Component

from components import formats
from components.filters import adder, control, identity, labelled, labels, options
from components.i18n import own, t, typeset
from components.sheet import sheet, unfold
from data.portfolios import Portfolio
from model.crowd import TOP_RANK, Crowd
from model.peers import SIZES
from pages import _comparison_state as state
from pages import _comparison_view as view
from pages._client import File


def who(
    file: File, population: Crowd, asked: state.State, place: Mapping[str, str], bodies: Mapping
) -> Component:
    """Return the sheet of the filters."""
    portfolio, lang = file.portfolio, file.lang
    offered = state.offered(portfolio, population, file.model.card["important"])
    first = state.controls(offered, asked)
    drawn = [
        control(portfolio, state.choice(portfolio, population, name, asked, lang), place, lang)
        for name in first
    ]
    sizes = [
        {"label": t("comparison.size.of", lang, count=formats.number(n, lang)), "value": n} for n in SIZES
    ]
    size = dcc.Dropdown(
        id=identity("size", place),
        options=sizes,
        value=asked.size,
        clearable=False,
        searchable=False,
        labels=labels(lang),
    )
    more = [name for name in offered if name not in first]
    return sheet(
        "who",
        t("comparison.who", lang),
        html.Div(drawn, id=identity("filters", place), className="filters"),
        bodies["count"],
        html.Div(
            [
                adder(portfolio, more, place, lang),
                labelled(own(file.portfolio, "comparison.size", lang), size),
                unfold(t("comparison.near", lang), *_likeness(portfolio, population, lang)),
            ],
            className="filters second",
        ),
        html.P(view.about(file.portfolio, file.model.just_accepted, lang), className="note"),
        bodies["query"],
        aside=html.Button(
            t("comparison.reset", lang),
            id=identity("reset", place),
            type="button",
            className="tabletool plain",
        ),
    )


def _likeness(portfolio: Portfolio, population: Crowd, lang: str) -> list[Component]:
    """Return what likeness is measured on, and how."""
    names = [typeset(portfolio.columns[one.feature].label(lang), lang) for one in population.near]
    how = own(portfolio, "comparison.near.how", lang, count=len(names), ranks=TOP_RANK + 1)
    return [html.P(how, className="note"), html.Ul([html.Li(name) for name in names], className="likeness")]


def shown(file: File, population: Crowd, asked: state.State, place: Mapping[str, str]) -> Component:
    """Return the list from which the inputs to show are chosen."""
    chosen = asked.shown or state.usual(file.portfolio, population, file.assessment)
    return labelled(
        t("comparison.shown", file.lang),
        dcc.Dropdown(
            id=identity("shown", place),
            options=options(file.portfolio, population.inputs, file.lang),
            value=list(chosen),
            multi=True,
            labels=labels(file.lang),
            debounce=True,
            closeOnSelect=False,
        ),
    )


def pair(file: File, population: Crowd, asked: state.State, place: Mapping[str, str]) -> Component:
    """Return the two lists of the grid."""
    told = state.usual(file.portfolio, population, file.assessment)
    every_input = options(file.portfolio, population.inputs, file.lang)
    drawn = [
        labelled(
            own(file.portfolio, f"comparison.pair.{side}", file.lang),
            dcc.Dropdown(
                id=identity(side, place),
                options=every_input,
                value=name,
                clearable=False,
                labels=labels(file.lang),
            ),
        )
        for side, name in zip(("across", "up"), state.crossed(asked, told), strict=True)
    ]
    return html.Div(drawn, className="filters")


def key(portfolio: Portfolio, lang: str) -> Component:
    return html.Span(
        [
            html.Span(
                [html.Span(className="key own"), own(portfolio, "comparison.key.own", lang)],
                className="note tag",
            ),
            html.Span(
                [html.Span(className="key middle"), t("comparison.key.middle", lang)], className="note tag"
            ),
        ],
        className="keys",
    )
