"""The table of every input: where this file is the most unusual, counted only when it is opened."""

from dash import html
from dash.development.base_component import Component

from components import formats, i18n
from components.filters import identity
from components.i18n import t, typeset
from components.spans import mirrored
from data.portfolios import Portfolio
from model.disclosure import LEAST
from model.peers import Comparison, Standing

ORDERS = ("feature", "own", "place", "rarity")
FIRST = "rarity"
_NUMBERS = ("rarity",)


def frame(portfolio: Portfolio, place: dict[str, str], lang: str) -> Component:
    """Return the table without its rows: what opens it, and headings that sort it."""
    head = [
        html.Th(
            html.Button(
                i18n.own(portfolio, _heading(order), lang),
                id=identity("sort", place, order=order),
                type="button",
                className="sort",
                title=t("comparison.every.sort", lang),
            ),
            id=identity("order", place, order=order),
            className="num" if order in _NUMBERS else "",
            scope="col",
            **{"aria-sort": "ascending" if order == FIRST else "none"},
        )
        for order in ORDERS
    ]
    table = html.Table(
        [html.Thead(html.Tr(head)), html.Tbody(id=identity("every", place), className="every-rows")],
        className="every",
    )
    return html.Details(
        [
            html.Summary(i18n.own(portfolio, "comparison.every.open", lang), id=identity("open", place)),
            html.P(i18n.own(portfolio, "comparison.every.note", lang), className="note"),
            html.Div(table, className="wide", tabIndex=0),
        ],
        className="unfold",
    )


def rows(portfolio: Portfolio, compared: Comparison, order: str, falling: bool, lang: str) -> list[Component]:
    """Return a row for each input, sorted by one of :data:`ORDERS`."""
    if not compared.selection.shown:
        why = i18n.own(portfolio, "comparison.hidden.why", lang, least=LEAST)
        return [html.Tr(html.Td(why, colSpan=len(ORDERS)))]
    found = [_row(portfolio, compared, name, lang) for name in compared.crowd.inputs]
    found.sort(key=lambda row: row[order][0], reverse=falling)
    return [
        html.Tr([html.Td(row[o][1], className="num" if o in _NUMBERS else "") for o in ORDERS])
        for row in found
    ]


def next_order(now: dict[str, object], clicked: str | None) -> tuple[str, bool]:
    """Return the order to sort by, and whether it falls, from what the headings say and which was clicked."""
    sorted_by = next((order for order in ORDERS if now.get(order) in ("ascending", "descending")), FIRST)
    falling = now.get(sorted_by) == "descending"
    if clicked not in ORDERS:
        return sorted_by, falling
    return clicked, clicked == sorted_by and not falling


def _row(portfolio: Portfolio, compared: Comparison, name: str, lang: str) -> dict[str, tuple]:
    """Return each cell of an input: what it is sorted by, and what is shown."""
    label = typeset(portfolio.columns[name].label(lang), lang)
    value = compared.features.get(name)
    own = formats.value(portfolio, name, value, lang)
    found = compared.standing(name, "all")
    known = found.same is not None or found.below is not None
    rarity = formats.percent(found.rarity, lang) if known else t("comparison.masked", lang)
    absent = html.Span(own, className="absent") if formats.is_missing(value) else own
    low = found.above if found.above is not None else found.same or 0.0
    return {
        "feature": (label.casefold(), label),
        "own": (own.casefold(), absent),
        "place": (-low, _place(portfolio, name, found, lang)),
        "rarity": (found.rarity, rarity),
    }


def _place(portfolio: Portfolio, name: str, found: Standing, lang: str) -> str:
    if found.same is not None:
        return t("comparison.every.share", lang, share=formats.percent(found.same, lang))
    if found.below is None:
        return t("comparison.masked", lang)
    higher = found.below >= found.above
    amount = max(found.below, found.above)
    higher = higher != mirrored(portfolio, name)
    key = "higher" if higher else "lower"
    return i18n.own(portfolio, f"comparison.every.{key}", lang, share=formats.percent(amount, lang))


def _heading(order: str) -> str:
    return f"comparison.table.{order}" if order in ("feature", "own") else f"comparison.every.{order}"
