"""The points ruler: where a file stands against the pass mark, and what each point means."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import own, t
from data.portfolios import Portfolio

DOUBLINGS = 3.5  # how far the ruler reaches on each side of the pass mark
TICK_CLEARANCE = 5  # points under which two labels on the same row would touch
FIRST_TICK = 0.75  # steps left free at the lower end, for the name of the scale
TURN = 0.22  # share of the ruler at either end where the client's label must face inwards
NAME, ZONE_NAME = 0.19, 0.25  # shares of the ruler that the names of a file and of the zone take
LEADER = 0.04  # share of the ruler that the line from the zone to its name takes
COVERED, CLEAR = 0.08, 0.12  # shares of the ruler that the name of the scale takes, and needs past a pointer
NARROW = 0.08  # share of the ruler under which a bracket is too narrow for its own number


@dataclass(frozen=True, slots=True)
class Ruler:
    """What the ruler shows, in points.

    ``step`` is the number of points that doubles the odds, ``anchor`` one tick of the scale,
    ``rate`` gives the probability of the positive class at a number of points. ``original`` is
    where the file stands when ``points`` are those of a trial, ``mark`` a name for the pass mark
    other than the usual one.
    """

    points: float
    pass_mark: float
    grey_low: float
    grey_high: float
    anchor: float
    step: float
    rate: Callable[[float], float]
    original: float | None = None
    mark: str = ""

    @property
    def is_trial(self) -> bool:
        """Whether two different numbers of points are shown."""
        return self.original is not None and round(self.original) != round(self.points)

    @property
    def has_zone(self) -> bool:
        """Whether there is a grey zone at all."""
        return self.grey_low < self.grey_high

    @property
    def file(self) -> float:
        """The points of the file itself."""
        return self.original if self.is_trial else self.points

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


def reading(portfolio: Portfolio, ruler: Ruler, lang: str) -> str:
    """Return the ruler in one sentence, for those who do not see it."""
    named = {
        name: formats.points(getattr(ruler, name), lang)
        for name in ("points", "low", "high", "pass_mark", "grey_low", "grey_high")
    }
    zone = t("ruler.reading.zone", lang, **named) if ruler.has_zone else ""
    if ruler.is_trial:
        original = formats.points(ruler.original, lang)
        return own(portfolio, "simulation.ruler.reading", lang, original=original, **named) + zone
    return t("ruler.reading", lang, **named) + zone


def draw(portfolio: Portfolio, ruler: Ruler, axis: str, lang: str) -> Component:
    """Return the drawing. ``axis`` names the second scale, the frequency in 100."""
    # Labels of the mark stand on the side where the client is not.
    side = "client-left" if ruler.file <= ruler.pass_mark else "client-right"
    pointers = _both(portfolio, ruler, lang) if ruler.is_trial else _client(portfolio, ruler, lang)
    return html.Div(
        [
            html.Div(
                [*_track(ruler), *_ticks(ruler, lang), *_mark(ruler, lang), *pointers],
                className="ruler-plot",
            ),
            _scale_name(ruler, lang),
            html.P(axis, className="ruler-axis"),
        ],
        className=f"ruler {side}{' two' if ruler.is_trial else ''}",
        role="img",
        **{"aria-label": reading(portfolio, ruler, lang)},
    )


def _scale_name(ruler: Ruler, lang: str) -> Component | None:
    """Return the name of the scale, beyond a pointer that would cover it; None where it finds no room."""
    covered = max((at for at in map(ruler.place, (ruler.points, ruler.file)) if at < COVERED), default=None)
    if covered is not None and any(ruler.place(tick) - covered < CLEAR for tick in ruler.ticks):
        return None
    style = {} if covered is None else {"left": f"calc({100 * covered:.2f}% + 16px)"}
    return html.P(t("ruler.points", lang), className="ruler-name", style=style)


def table(portfolio: Portfolio, ruler: Ruler, axis: str, lang: str) -> Component:
    """Return the same as a table: points, and the frequency in 100 at each."""
    named = [(tick, "") for tick in ruler.ticks if abs(tick - ruler.pass_mark) >= 0.5]
    client = own(portfolio, "simulation.ruler.trial" if ruler.is_trial else "ruler.client", lang)
    named += [(ruler.pass_mark, t("ruler.mark", lang)), (ruler.points, client)]
    if ruler.is_trial:
        named.append((ruler.original, own(portfolio, "simulation.ruler.file", lang)))
    rows = [
        html.Tr(
            [
                html.Td(formats.points(points, lang), className="num"),
                html.Td(formats.per_hundred(ruler.rate(points), lang), className="num"),
                html.Td(name, className="gapl"),
            ],
            className="pick" if name == client else "",
        )
        for points, name in sorted(named, key=lambda row: row[0])
    ]
    heads = {t("ruler.points", lang): "num", axis: "num", t("ruler.place", lang): "gapl"}
    head = [html.Th(name, className=style) for name, style in heads.items()]
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
        if min(abs(tick - ruler.points), abs(tick - ruler.file)) >= TICK_CLEARANCE:
            labels = [
                html.Span(formats.points(tick, lang), className="over"),
                html.Span(className="stroke"),
                html.Span(_in_hundred(ruler.rate(tick)), className="under"),
            ]
        drawn.append(html.Span(labels, className="tick", style=_at(ruler.place(tick))))
    return drawn


def _mark(ruler: Ruler, lang: str) -> list[Component]:
    crowded = abs(ruler.points - ruler.pass_mark) < TICK_CLEARANCE
    name = ruler.mark or t("ruler.pass_mark", lang, points=formats.points(ruler.pass_mark, lang))
    rate = _in_hundred(ruler.rate(ruler.pass_mark))
    # The grey zone's label leads to the half of the zone on the side where the client is not.
    edge = ruler.grey_high if ruler.file <= ruler.pass_mark else ruler.grey_low
    leader = ruler.place((ruler.pass_mark + edge) / 2)
    low, high = formats.points(ruler.grey_low, lang), formats.points(ruler.grey_high, lang)
    zone = [
        t("ruler.grey_zone", lang, low=low, high=high),
        html.Span(t("ruler.grey_zone.who", lang), className="more"),
    ]
    drawn = [
        html.Span(
            [
                html.Span(name, className=_mark_side(ruler)),
                None if crowded else html.Span(rate, className="under k"),
            ],
            className="mark",
            style=_at(ruler.place(ruler.pass_mark)),
        ),
    ]
    if ruler.has_zone and not (ruler.is_trial and _meets_zone(ruler, leader)):
        drawn.append(html.Span(zone, className="grey-name", style=_at(leader)))
    return drawn


def _client(portfolio: Portfolio, ruler: Ruler, lang: str) -> list[Component]:
    place = ruler.place(ruler.points)
    beyond = "lower" if ruler.points < ruler.low else "higher" if ruler.points > ruler.high else ""
    name = own(portfolio, f"ruler.client.{beyond}" if beyond else "ruler.client", lang)
    faces_right = place < TURN if ruler.points <= ruler.pass_mark else place <= 1 - TURN
    parts = [
        html.Span(
            [html.Span(name, className="what"), html.B(formats.points(ruler.points, lang))],
            className="client-name right" if faces_right else "client-name",
        ),
        html.Span(className="pointer"),
        html.Span(_in_hundred(ruler.rate(ruler.points)), className="under k"),
    ]
    return [html.Span(parts, className="client", style=_at(place))]


def _mark_side(ruler: Ruler) -> str:
    """Return the class that puts the mark's name on the side where the trial's is not."""
    if not ruler.is_trial:
        return "mark-name"
    return "mark-name left" if ruler.points >= ruler.pass_mark else "mark-name right"


def _file_faces_right(ruler: Ruler) -> bool:
    """Say on which side of its pointer the file's name stands: away from the trial, if it fits."""
    place = ruler.place(ruler.file)
    return place < NAME if ruler.points > ruler.file else place <= 1 - NAME


def _meets_zone(ruler: Ruler, leader: float) -> bool:
    """Say whether the file's name or the leg of the bracket would run into the name of the zone."""
    place, trial = ruler.place(ruler.file), ruler.place(ruler.points)
    start = place if _file_faces_right(ruler) else place - NAME
    zone = leader if ruler.file <= ruler.pass_mark else leader - ZONE_NAME
    named = start < zone + ZONE_NAME and zone < start + NAME
    far = trial - leader if ruler.file <= ruler.pass_mark else leader - trial
    return named or LEADER < far < ZONE_NAME


def _both(portfolio: Portfolio, ruler: Ruler, lang: str) -> list[Component]:
    """Return the pointers of the file and of the trial, and the bracket from one to the other."""
    before, after = sorted((ruler.place(ruler.file), ruler.place(ruler.points)))
    if before == after:  # both beyond the same end
        return [_file(portfolio, ruler, lang), _trial(ruler, lang)]
    gap = round(ruler.points) - round(ruler.file)
    moved = html.Span(formats.number(gap, lang, signed=True), className=f"gap {'fav' if gap > 0 else 'unf'}")
    taken = after - before < NARROW and _file_faces_right(ruler) == (gap > 0)  # by the name of the file
    bracket = html.Span(
        None if taken else moved,
        className=_bracket_class(before, after, gap > 0),
        style=_at(before) | {"width": f"{100 * (after - before):.2f}%"},
    )
    return [_file(portfolio, ruler, lang), bracket, _trial(ruler, lang)]


def _file(portfolio: Portfolio, ruler: Ruler, lang: str) -> Component:
    """Return the hollow pointer of the file, when another is tried."""
    name = [
        html.Span(own(portfolio, "simulation.ruler.file", lang), className="what"),
        html.B(formats.points(ruler.file, lang)),
    ]
    apart = min(abs(ruler.place(ruler.file) - ruler.place(at)) for at in (ruler.points, ruler.pass_mark))
    crowded = apart * (ruler.high - ruler.low) < TICK_CLEARANCE
    parts = [
        html.Span(name, className="file-name right" if _file_faces_right(ruler) else "file-name"),
        html.Span(className="hollow"),
        None if crowded else html.Span(_in_hundred(ruler.rate(ruler.file)), className="under k"),
    ]
    return html.Span(parts, className="original", style=_at(ruler.place(ruler.file)))


def _trial(ruler: Ruler, lang: str) -> Component:
    """Return the pointer of the trial; its name stands away from the file's, or above the bracket."""
    place, mark = ruler.place(ruler.points), ruler.place(ruler.pass_mark)
    rises = ruler.points > ruler.file
    start, end = (place, place + NAME) if rises else (place - NAME, place)
    fits = start >= 0 and end <= 1 and not start < mark < end
    beyond = ".lower" if ruler.points < ruler.low else ".higher" if ruler.points > ruler.high else ""
    name = [
        html.Span(t(f"simulation.ruler.trial{beyond}", lang), className="what"),
        html.B(formats.points(ruler.points, lang)),
    ]
    side = "client-name right" if rises == fits else "client-name"
    parts = [
        html.Span(name, className=side if fits else f"{side} lifted"),
        html.Span(className="pointer"),
        html.Span(_in_hundred(ruler.rate(ruler.points)), className="under k"),
    ]
    return html.Span(parts, className="client", style=_at(place))


def _bracket_class(start: float, end: float, rises: bool) -> str:
    """Return the class of a bracket; the number over a narrow one stands where nothing else does."""
    if end - start >= NARROW:
        return "bracket"
    leftwards = end > 1 - NARROW or (rises and start > NARROW)
    return "bracket narrow leftwards" if leftwards else "bracket narrow"


def _in_hundred(probability: float) -> str:
    return "<1" if probability < 0.005 else str(formats.hundred(probability))
