"""One input in three groups: stacked strips on one axis, a line for this file, a triangle for each middle."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.charts.plot import CONTROL, INK, INK_2, NEUTRAL, NEUTRAL_FILL, SHEET, plot

HEIGHT = 152
STEP = 52  # from the foot of one strip to the next; the tallest bar is 40
_FOOT = 7  # room for the triangle under a strip
_NAMES, _LETTER = 150, 7.3  # least pixels at the left, and those of a letter


@dataclass(frozen=True)
class Strip:
    """One group. ``bars`` are heights of 0 to 40, empty for a hidden group.

    ``middle`` is a place among the bars (0 is the start of the first), None when unknown.
    """

    name: str
    bars: Sequence[int]
    middle: float | None
    emphasis: bool = False


def draw(
    strips: Sequence[Strip],
    own: float | None,
    ticks: Sequence[tuple[float, str]],
    hidden: str,
    *,
    long: bool = False,
) -> dict:
    """Return the figure.

    Parameters
    ----------
    strips : from top to bottom
    own : place of this file among the bars, None without a value
    ticks : places and labels on the axis
    hidden : what stands in place of a group that is not shown
    long : whether the labels are names, which must not leave the drawing
    """
    count = max((len(strip.bars) for strip in strips), default=1) or 1
    feet = [STEP * (len(strips) - 1 - number) for number in range(len(strips))]
    shapes = [_line(0, count, foot, foot, CONTROL, 1) for foot in feet]
    if own is not None:
        shapes.append(_line(own, own, -_FOOT, feet[0] + 44, INK, 2.5))
    return plot(
        [_bars(strip, foot) for strip, foot in zip(strips, feet, strict=True) if len(strip.bars)]
        + [_middles(strips, feet)],
        x={
            "range": [0, count],
            "showline": False,
            "tickvals": [] if long else [round(place, 2) for place, _ in ticks],
            "ticktext": [] if long else [text for _, text in ticks],
            "automargin": False,
        },
        y={"range": [-_FOOT - 2, feet[0] + 44], "visible": False, "automargin": False},
        shapes=shapes,
        annotations=_names(strips, feet, hidden) + (_long(ticks, count) if long else []),
        margin={"l": _room(strips), "r": 24, "t": 0, "b": 24},
        bargap=0.07,
        barmode="overlay",
    )


def _bars(strip: Strip, foot: int) -> dict:
    return {
        "type": "bar",
        "x0": 0.5,
        "dx": 1,
        "y": list(strip.bars),
        "base": foot,
        "marker": {"color": NEUTRAL if strip.emphasis else NEUTRAL_FILL},
        "hoverinfo": "skip",
    }


def _middles(strips: Sequence[Strip], feet: Sequence[int]) -> dict:
    known = [
        (strip.middle, foot) for strip, foot in zip(strips, feet, strict=True) if strip.middle is not None
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round(middle, 2) for middle, _ in known],
        "y": [foot - 3 for _, foot in known],
        "marker": {"symbol": "triangle-up", "size": 10, "color": SHEET, "line": {"color": INK, "width": 1.2}},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _room(strips: Sequence[Strip]) -> int:
    """Return the pixels at the left that the longest name needs."""
    return max(_NAMES, round(_LETTER * max((len(strip.name) for strip in strips), default=0)))


def _names(strips: Sequence[Strip], feet: Sequence[int], hidden: str) -> list[dict]:
    at_left = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": -_room(strips), "align": "left"}
    notes = [
        {**at_left, "text": strip.name, "y": foot + 12, "font": {"size": 14, "color": INK_2}}
        for strip, foot in zip(strips, feet, strict=True)
    ]
    notes += [
        {"xref": "paper", "x": 0.5, "text": hidden, "y": foot + 12}
        for strip, foot in zip(strips, feet, strict=True)
        if not len(strip.bars)
    ]
    return notes


def _long(ticks: Sequence[tuple[float, str]], count: int) -> list[dict]:
    """Return names under the axis, each beginning or ending where it would otherwise be cut."""
    sides = ("left", "center", "right")
    return [
        {
            "x": round(place, 2),
            "yref": "paper",
            "y": 0,
            "yanchor": "top",
            "text": text,
            "xanchor": sides[min(2, int(3 * place / count))],
            "xshift": (-6, 0, 6)[min(2, int(3 * place / count))],
        }
        for place, text in ticks
    ]


def _line(x0: float, x1: float, y0: float, y1: float, color: str, width: float) -> dict:
    return {
        "type": "line",
        "x0": round(x0, 2),
        "x1": round(x1, 2),
        "y0": y0,
        "y1": y1,
        "line": {"color": color, "width": width},
    }
