"""How many are contacted from a mark on, and how many of them accept: one bar for each mark."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from model.results import Reach

LONGEST = 49  # percent of the room that the longest bar takes; what it counts needs the rest

Bar = tuple[str, Reach, tuple[str, str]]


def draw(bars: Sequence[Bar], reading: str) -> Component:
    """Return the bars: name of the mark, its reach, and the two counts in words."""
    most = max((one.contacts for _, one, _ in bars), default=0) or 1
    rows = [_row(name, one, told, most) for name, one, told in bars]
    return html.Div(rows, className="reach", role="img", **{"aria-label": reading})


def _row(name: str, one: Reach, told: tuple[str, str], most: int) -> Component:
    width = LONGEST * one.contacts / most
    inside = 100 * one.accepted / one.contacts if one.contacts else 0
    bar = html.Span(html.I(style={"width": f"{inside:.1f}%"}), style={"width": f"{width:.1f}%"})
    contacts, accepted = told
    words = html.Span([f"{contacts} ", html.B(accepted, className="fav")], className="told")
    return html.Div([html.Span(name, className="named"), html.Span([bar, words], className="room")])
