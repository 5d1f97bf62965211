"""The offers that a file is likely to take, should its proposal be accepted."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components.figure import Table, tabulated
from components.i18n import t
from components.offers_said import Line, Told
from components.rich import fill
from components.sheet import sheet, unfold


def section(told: Told, every: Sequence[Line], lang: str, width: str = "") -> Component:
    """Return the sheet of the likeliest offers; ``every`` lists them all, likeliest first, if known."""
    reading = fill(told.reading, code=html.B(told.first))
    heads = [("offer", ""), ("range", ""), ("chart", "chart"), ("share", "num")]
    head = html.Tr(
        [html.Th(t(f"offers.head.{key}", lang), scope="col", className=style) for key, style in heads]
    )
    most = max(line.share for line in told.lines)
    most = max(most, told.others.share if told.others else 0)
    rows = [_row(line, most, "nk") for line in told.lines]
    if told.others:
        rows.append(_row(told.others, most, "n"))
    return sheet(
        "offers",
        told.title,
        html.P(reading, className="reading"),
        html.Table([html.Thead(head), html.Tbody(rows)], className="offers"),
        html.P(t("offers.note", lang), className="note"),
        unfold(t("offers.all", lang), _every(every, lang)) if every else None,
        width=width,
    )


def brief(told: Told, lang: str) -> Component:
    """Return the likeliest offers as a short list, for beside a form."""
    rows = [
        html.Tr(
            [html.Td(html.B(line.code)), html.Td(_capital(line.told)), html.Td(line.shown, className="num")]
        )
        for line in (*told.lines, *([told.others] if told.others else []))
    ]
    head = [
        html.Th(t(f"offers.head.{key}", lang), scope="col", className="num" if key == "share" else "")
        for key in ("offer", "range", "share")
    ]
    return html.Div(
        [html.H3(told.title), html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)])],
        className="offers-brief",
    )


def _row(line: Line, most: float, colour: str) -> Component:
    bar = html.Span(className=f"offer-bar {colour}", style={"width": f"{100 * line.share / most:.1f}%"})
    return html.Tr(
        [
            html.Td(html.B(line.code)),
            html.Td(_capital(line.told)),
            html.Td(bar, className="chart", **{"aria-hidden": "true"}),
            html.Td(html.B(line.shown), className="num"),
        ]
    )


def _every(lines: Sequence[Line], lang: str) -> Component:
    """Return every offer with its share."""
    head = [
        (t(f"offers.head.{key}", lang), number)
        for key, number in (("offer", False), ("range", False), ("share", True))
    ]
    rows = [[line.code, _capital(line.told), (line.shown, 100 * line.share)] for line in lines]
    return tabulated(Table(head, rows))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
