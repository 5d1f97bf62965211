"""What counts here beside what usually counts: two bars for each theme or input."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import formats
from components.figure import Table
from components.i18n import own
from data.portfolios import Portfolio

LONGEST = 78  # percent of the room that the longest bar takes; its number needs the rest
APART = 0.5  # points from which a theme is said to count more, or less, than usual


@dataclass(frozen=True, slots=True)
class Weight:
    """A theme or an input: points moved ``here``, mean absolute points ``usual``ly.

    ``shown`` is what is written of the points moved here; None where the information was not
    collected for this file.
    """

    name: str
    here: float | None
    usual: float
    shown: str


def draw(weights: Sequence[Weight], label: str, lang: str) -> Component:
    """Return the bars, in the order given."""
    longest = max((max(abs(one.here or 0.0), one.usual) for one in weights), default=1.0) or 1.0
    return html.Ul(
        [_row(one, longest, lang) for one in weights], className="weights", **{"aria-label": label}
    )


def _row(one: Weight, longest: float, lang: str) -> Component:
    nothing = not one.here or not one.shown.strip("0.,")
    colour = "" if nothing else "f" if one.here > 0 else "u"
    words = {"f": "fav", "u": "unf"}.get(colour, "")
    here = [_bar(one.here or 0.0, longest, colour), html.B(one.shown, className=words)]
    usual = [_bar(one.usual, longest, "n"), formats.number(one.usual, lang, 1)]
    return html.Li(
        [html.Span(one.name), html.Span(here, className="here"), html.Span(usual, className="usual")]
    )


def _bar(points: float, longest: float, colour: str) -> Component:
    return html.I(className=colour, style={"width": f"{LONGEST * abs(points) / longest:.1f}%"})


def reading(portfolio: Portfolio, weights: Sequence[Weight], lang: str) -> str:
    """Return what the bars are, then what counts more and less here than usual."""
    said = [own(portfolio, "interpretation.weights.bars", lang)]
    apart = [(abs(one.here) - one.usual, one) for one in weights if one.here is not None]
    if apart:
        most, least = (pick(apart, key=lambda pair: pair[0]) for pick in (max, min))
        for way, (gap, one) in (("more", most), ("less", least)):
            if (gap if way == "more" else -gap) >= APART:
                points = formats.number(abs(one.here), lang, 1)
                usual = formats.number(one.usual, lang, 1)
                said.append(
                    own(
                        portfolio,
                        f"interpretation.weights.{way}",
                        lang,
                        name=one.name,
                        points=points,
                        usual=usual,
                    )
                )
    return " ".join(said)


def table(portfolio: Portfolio, weights: Sequence[Weight], kind: str, lang: str) -> Table:
    """Return the same as a table; ``kind`` is "theme" or "feature"."""
    columns = {kind: False, "here": True, "usual": True}
    head = [
        (own(portfolio, f"interpretation.column.{name}", lang), number) for name, number in columns.items()
    ]
    rows = [
        [one.name, (one.shown, one.here), (formats.number(one.usual, lang, 2), one.usual)] for one in weights
    ]
    return Table(head, rows)
