"""The points ruler: where a file stands against the pass mark, and what each point means."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import t

DOUBLINGS = 3.5  # how far the ruler reaches on each side of the pass mark
TICK_CLEARANCE = 5  # points under which two labels on the same row would touch
FIRST_TICK = 0.75  # steps left free at the lower end, for the name of the scale
TURN = 0.22  # share of the ruler at either end where the client's label must face inwards


@dataclass(frozen=True, slots=True)
class Ruler:
    """What the ruler shows, in points.

    ``step`` is the number of points that doubles the odds, ``anchor`` one tick of the scale,
    ``rate`` gives the probability of the positive class at a number of points.
    """

    points: float
    pass_mark: float
    grey_low: float
    grey_high: float
    anchor: float
    step: float
    rate: Callable[[float], float]

    @property
    def low(self) -> float:
        return self.pass_mark - DOUBLINGS * self.step

    @property
    def high(self) -> float:
        return self.pass_mark + DOUBLINGS * self.step

    @property
    def ticks(self) -> list[float]:
        """Points of the ticks: the scale's own, inside the ruler."""
        first = math.ceil((self.low - self.anchor) / self.step + FIRST_TICK)
        last = math.floor((self.high - self.anchor) / self.step - 0.1)
        return [self.anchor + n * self.step for n in range(first, last + 1)]

    def place(self, points: float) -> float:
        """Return where points lie on the ruler, from 0 to 1; ends clip."""
        return min(1.0, max(0.0, (points - self.low) / (self.high - self.low)))


def reading(ruler: Ruler, lang: str) -> str:
    """Return the ruler in one sentence, for those who do not see it."""
    named = {
        name: formats.points(getattr(ruler, name), lang)
        for name in ("points", "low", "high", "pass_mark", "grey_low", "grey_high")
    }
    return t("ruler.reading", lang, **named)


def draw(ruler: Ruler, axis: str, lang: str) -> Component:
    """Return the drawing. ``axis`` names the second scale, the frequency in 100."""
    # Labels of the mark stand on the side where the client is not.
    side = "client-left" if ruler.points <= ruler.pass_mark else "client-right"
    return html.Div(
        [
            html.Div(
                [*_track(ruler), *_ticks(ruler, lang), *_mark(ruler, lang), *_client(ruler, lang)],
                className="ruler-plot",
            ),
            html.P(t("ruler.points", lang), className="ruler-name"),
            html.P(axis, className="ruler-axis"),
        ],
        className=f"ruler {side}",
        role="img",
        **{"aria-label": reading(ruler, lang)},
    )


def table(ruler: Ruler, axis: str, lang: str) -> Component:
    """Return the same as a table: points, and the frequency in 100 at each."""
    named = [(tick, "") for tick in ruler.ticks if abs(tick - ruler.pass_mark) >= 0.5]
    named += [(ruler.pass_mark, t("ruler.mark", lang)), (ruler.points, t("ruler.client", lang))]
    rows = [
        html.Tr(
            [
                html.Td(formats.points(points, lang), className="num"),
                html.Td(formats.per_hundred(ruler.rate(points), lang), className="num"),
                html.Td(name, className="gapl"),
            ],
            className="pick" if name == t("ruler.client", lang) else "",
        )
        for points, name in sorted(named, key=lambda row: row[0])
    ]
    head = [
        html.Th(t("ruler.points", lang), className="num"),
        html.Th(axis, className="num"),
        html.Th(t("ruler.place", lang), className="gapl"),
    ]
    return html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="figures")


def _at(share: float) -> dict[str, str]:
    return {"left": f"{100 * share:.2f}%"}


def _track(ruler: Ruler) -> list[Component]:
    low, high = ruler.place(ruler.grey_low), ruler.place(ruler.grey_high)
    return [
        html.Span(className="track u", style={"left": 0, "width": f"{100 * low:.2f}%"}),
        html.Span(className="track grey", style=_at(low) | {"width": f"{100 * (high - low):.2f}%"}),
        html.Span(className="track f", style=_at(high) | {"right": 0}),
    ]


def _ticks(ruler: Ruler, lang: str) -> list[Component]:
    drawn: list[Component] = []
    for tick in ruler.ticks:
        if abs(tick - ruler.pass_mark) < TICK_CLEARANCE:
            continue
        labels = [html.Span(className="stroke")]
        if abs(tick - ruler.points) >= TICK_CLEARANCE:
            labels = [
                html.Span(formats.points(tick, lang), className="over"),
                html.Span(className="stroke"),
                html.Span(_in_hundred(ruler.rate(tick)), className="under"),
            ]
        drawn.append(html.Span(labels, className="tick", style=_at(ruler.place(tick))))
    return drawn


def _mark(ruler: Ruler, lang: str) -> list[Component]:
    crowded = abs(ruler.points - ruler.pass_mark) < TICK_CLEARANCE
    name = t("ruler.pass_mark", lang, points=formats.points(ruler.pass_mark, lang))
    rate = _in_hundred(ruler.rate(ruler.pass_mark))
    # The grey zone's label leads to the half of the zone on the side where the client is not.
    edge = ruler.grey_high if ruler.points <= ruler.pass_mark else ruler.grey_low
    low, high = formats.points(ruler.grey_low, lang), formats.points(ruler.grey_high, lang)
    zone = [
        t("ruler.grey_zone", lang, low=low, high=high),
        html.Span(t("ruler.grey_zone.who", lang), className="more"),
    ]
    return [
        html.Span(
            [
                html.Span(name, className="mark-name"),
                None if crowded else html.Span(rate, className="under k"),
            ],
            className="mark",
            style=_at(ruler.place(ruler.pass_mark)),
        ),
        html.Span(zone, className="grey-name", style=_at(ruler.place((ruler.pass_mark + edge) / 2))),
    ]


def _client(ruler: Ruler, lang: str) -> list[Component]:
    place = ruler.place(ruler.points)
    beyond = "lower" if ruler.points < ruler.low else "higher" if ruler.points > ruler.high else ""
    name = t(f"ruler.client.{beyond}" if beyond else "ruler.client", lang)
    left_of_mark = ruler.points <= ruler.pass_mark
    faces_right = place < TURN if left_of_mark else place <= 1 - TURN
    parts = [
        html.Span(
            [html.Span(name, className="what"), html.B(formats.points(ruler.points, lang))],
            className="client-name right" if faces_right else "client-name",
        ),
        html.Span(className="pointer"),
        html.Span(_in_hundred(ruler.rate(ruler.points)), className="under k"),
    ]
    return [html.Span(parts, className="client", style=_at(place))]


def _in_hundred(probability: float) -> str:
    return "<1" if probability < 0.005 else str(formats.hundred(probability))
