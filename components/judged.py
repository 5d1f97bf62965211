"""Figures with their margins, in tables: the value, and under it the interval, small."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dash import html
from dash.development.base_component import Component

from components import formats
from components.figure import Table
from components.i18n import t


class Measured(NamedTuple):
    """A figure as shown, the interval under it (empty when it has none) and its exact value."""

    value: str
    between: str
    exact: float


Cell = Measured | str
Heads = Sequence[tuple[str, bool]]


def measured(
    found: Mapping[str, float] | None,
    lang: str,
    decimals: int,
    *,
    times: float = 1,
    signed: bool = False,
    bare: bool = False,
) -> Cell:
    """Return a figure ``{"value", "low", "high"}`` as a cell; empty where it was not measured."""
    if found is None:
        return ""
    shown = {
        key: formats.number(times * found[key], lang, decimals, signed=signed)
        for key in ("value", "low", "high")
        if key in found
    }
    has_ends = "low" in shown and not bare
    between = t("segments.between", lang, low=shown["low"], high=shown["high"]) if has_ends else ""
    return Measured(shown["value"], between, times * found["value"])


def drawn(heads: Heads, rows: Sequence[Sequence[Cell]], style: str = "") -> Component:
    """Return the rows as the page shows them; ``heads`` say of each column whether it holds numbers."""
    styles = ["num" if number else "gapl" if place else "" for place, (_, number) in enumerate(heads)]
    head = [html.Th(text, scope="col", className=kind) for (text, _), kind in zip(heads, styles, strict=True)]
    body = [
        html.Tr([html.Td(_shown(cell), className=kind) for cell, kind in zip(row, styles, strict=True)])
        for row in rows
    ]
    inside = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className=f"judged {style}".strip())
    return html.Div(inside, className="wide", tabIndex=0)


def table(heads: Heads, rows: Sequence[Sequence[Cell]]) -> Table:
    """Return the same to be copied or saved."""
    return Table(heads, [[_told(cell) for cell in row] for row in rows])


def _shown(cell: Cell):
    if isinstance(cell, str) or not cell.between:
        return cell if isinstance(cell, str) else cell.value
    return [cell.value, html.Small(cell.between)]


def _told(cell: Cell):
    if isinstance(cell, str):
        return cell
    return f"{cell.value} ({cell.between})" if cell.between else cell.value, cell.exact
