"""A natural frequency as a hundred squares, filled column by column."""

from dash import html
from dash.development.base_component import Component

ROWS = 5
CELL = 15  # pixels, as in the tiles of the style sheet


def draw(count: int, reading: str, *, favourable: bool = False) -> Component:
    """Return a hundred squares of which ``count`` are full.

    Full squares are those of the positive class: ochre when it is bad news, blue when it
    is ``favourable``.
    """
    columns, rest = divmod(count, ROWS)
    full = [{"left": 0, "top": 0, "width": columns * CELL, "height": ROWS * CELL}] if columns else []
    if rest:
        full.append({"left": columns * CELL, "top": 0, "width": CELL, "height": rest * CELL})
    return html.Div(
        [html.Span(className="hollow"), *(html.Span(className="full", style=area) for area in full)],
        className="squares good" if favourable else "squares",
        role="img",
        **{"aria-label": reading},
    )
