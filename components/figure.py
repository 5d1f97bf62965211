"""A figure: its reading in a sentence, its drawing, its table, and ways to take them away.

``assets/figure.js`` answers the buttons: it copies the table as it stands, writes it as CSV
(exact values where the cell holds one) and has the graph draw itself as SVG.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from components.i18n import t
from components.sheet import unfold

Cell = str | tuple[str, float | None]


@dataclass(frozen=True)
class Table:
    """The figure in numbers.

    Attributes
    ----------
    head : the columns, each a heading and whether it holds numbers (aligned right)
    rows : cells as shown, or as shown and exact (the exact value goes to the CSV)
    pick : the row that is about this client, if any
    """

    head: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[Cell]]
    pick: int | None = None


def figure(
    name: str,
    drawing: Component,
    reading: str | list | None,
    table: Table,
    lang: str,
    *,
    image: bool = True,
) -> Component:
    """Return a figure.

    Parameters
    ----------
    name : of the files that it may be saved as; no personal data
    reading : one sentence computed from its numbers; None when it stands elsewhere
    image : whether the drawing is a graph that can be saved as a picture
    """
    return html.Div(
        [
            html.P(reading, className="reading") if reading else None,
            drawing,
            unfold(t("figure.table", lang), *opened(table, lang, image=image)),
        ],
        className="figure",
        **{"data-figure": name},
    )


def opened(table: Table, lang: str, *, image: bool) -> list[Component]:
    """Return what stands under a figure once its table is open: the table, and what takes it away."""
    return [tabulated(table), _tools(lang, image)]


def graph(plot: dict, reading: str, height: int) -> Component:
    """Return a drawing made by Plotly, of ``height`` pixels, described by ``reading``."""
    return html.Div(
        dcc.Graph(
            figure=plot,
            config={"displayModeBar": False, "responsive": True},
            responsive=True,
            style={"height": f"{height}px"},
        ),
        role="img",
        className="drawn",
        **{"aria-label": reading},
    )


def tabulated(table: Table) -> Component:
    """Return a table, in a frame that scrolls sideways when it must."""
    head = html.Tr(
        [html.Th(text, className="num" if number else "", scope="col") for text, number in table.head]
    )
    rows = [
        html.Tr(
            [_cell(cell, number) for cell, (_, number) in zip(row, table.head, strict=True)],
            className="pick" if place == table.pick else "",
        )
        for place, row in enumerate(table.rows)
    ]
    drawn = html.Table([html.Thead(head), html.Tbody(rows)], className="figures")
    return html.Div(drawn, className="wide", tabIndex=0)


def _cell(cell: Cell, number: bool) -> Component:
    shown, exact = cell if isinstance(cell, tuple) else (cell, None)
    held = {"data-value": f"{exact:.10g}"} if exact is not None else {}
    return html.Td(shown, className="num" if number else "", **held)


def _tools(lang: str, image: bool) -> Component:
    wanted = ["copy", "csv", *(["image"] if image else [])]
    said = {"data-done": t("figure.copied", lang), "data-refused": t("figure.refused", lang)}
    buttons = [
        html.Button(t(f"figure.{act}", lang), type="button", className="btn small", **{"data-take": act})
        for act in wanted
    ]
    return html.Div([*buttons, html.Span(role="status", className="note", **said)], className="take")
