"""A dot and its margin on a shared scale, one row of a table at a time, without a script."""

from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component


@dataclass(frozen=True, slots=True)
class Span:
    """The scale that the rows share, and the value that a dotted line marks on it, if any."""

    low: float
    high: float
    line: float | None = None

    def place(self, value: float) -> float:
        """Return where a value stands, in percent of the width, kept inside."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)


def lane(span: Span, value: float, low: float, high: float, *, hollow: bool = False) -> Component:
    """Return one row: a dot at ``value``, a line from ``low`` to ``high``; figures stand beside it."""
    left, right = span.place(low), span.place(high)
    marks = [html.Span(className="grid-line", style={"left": f"{place}%"}) for place in (0, 50, 100)]
    if span.line is not None:
        marks.append(html.Span(className="limit", style={"left": f"{span.place(span.line)}%"}))
    return html.Span(
        [
            *marks,
            html.Span(className="margin", style={"left": f"{left}%", "width": f"{right - left:.2f}%"}),
            html.Span(
                className="point hollow" if hollow else "point", style={"left": f"{span.place(value)}%"}
            ),
        ],
        className="interval",
        **{"aria-hidden": "true"},
    )


def scale(labels: tuple[str, str, str]) -> Component:
    """Return the head of the lanes: the values at the left, the middle and the right."""
    return html.Span([html.Span(label) for label in labels], className="interval-scale")
