"""What each mark would cost, with its margin, and the three marks that matter."""

import math
from collections.abc import Mapping

from components.charts.plot import INK, INK_2, LINE, NEUTRAL_TINT, SHEET, plot
from components.charts.reliability import axis_title
from model.results import CostAnswer

_AROUND = 22  # points shown beyond the outermost mark
_STEP = 2  # points between two values of the curve


def draw(answer: CostAnswer, labels: Mapping[str, str], lang: str) -> dict:
    """Return the figure.

    ``labels`` holds the words of the axis (``y``), and of the marks ``in_force``, ``tuned`` (None
    when they are the same) and ``theoretical``, in lines.
    """
    first, last = window(answer)
    kept = [place for place, mark in enumerate(answer.marks) if first <= mark <= last and mark % _STEP == 0]
    place_of = {int(mark): place for place, mark in enumerate(answer.marks)}
    start = int(answer.marks[kept[0]])

    def line(values, **more: object) -> dict:
        drawn = [round(float(values[place]), 1) for place in kept]
        return {
            "type": "scatter",
            "mode": "lines",
            "x0": start,
            "dx": _STEP,
            "y": drawn,
            "hoverinfo": "skip",
        } | more

    def dot(mark: int, colour: str) -> dict:
        at = {"x": [mark], "y": [round(float(answer.cost[place_of[mark]]), 1)]}
        style = {
            "size": 13,
            "color": colour,
            "line": {"color": INK if colour == SHEET else SHEET, "width": 2.5},
        }
        return {"type": "scatter", "mode": "markers", "marker": style, "hoverinfo": "skip"} | at

    top = max(float(answer.high[place]) for place in kept)
    bottom = min(float(answer.low[place]) for place in kept)
    room = 0.34 * (top - bottom)
    dots = [
        dot(mark, colour)
        for mark, colour in ((answer.tuned, SHEET), (answer.in_force, INK))
        if mark in place_of
    ]
    return plot(
        [
            line(answer.low, line={"width": 0}),
            line(answer.high, line={"width": 0}, fill="tonexty", fillcolor=NEUTRAL_TINT),
            line(answer.cost, line={"color": INK, "width": 2.5}),
            *dots,
        ],
        x={
            "range": [first, last],
            "showline": True,
            "dtick": 10,
            "tick0": 0,
            "title": axis_title(labels["x"]),
        },
        y={
            "range": [max(0, bottom - 0.1 * room), top + room],
            "showgrid": True,
            "gridcolor": LINE,
            "nticks": 5,
            "tickformat": ",.0f",
        },
        shapes=[_upright(mark, style) for mark, style in _marks(answer)],
        annotations=[_title(labels["y"]), *_notes(answer, labels)],
        margin={"t": 34, "r": 12},
        separators=",\u202f" if lang == "fr" else ".,",
    )


def window(answer: CostAnswer) -> tuple[int, int]:
    """Return the first and the last mark shown: the three that matter, and some room."""
    outermost = (answer.in_force, answer.tuned, answer.theoretical, *answer.interval)
    low, high = int(min(answer.marks)), int(max(answer.marks))
    first = max(low, 10 * math.floor((min(outermost) - _AROUND) / 10))
    last = min(high, 10 * math.ceil((max(outermost) + _AROUND) / 10))
    return first, last


def _marks(answer: CostAnswer) -> list[tuple[int, dict]]:
    found = [(answer.in_force, {"width": 2.5})]
    if answer.tuned != answer.in_force:
        found.append((answer.tuned, {"width": 1.5}))
    if answer.theoretical not in (answer.in_force, answer.tuned):
        found.append((answer.theoretical, {"width": 1.5, "dash": "dot"}))
    return found


def _upright(mark: int, style: Mapping) -> dict:
    return {
        "type": "line",
        "x0": mark,
        "x1": mark,
        "yref": "paper",
        "y0": 0,
        "y1": 0.98,
        "line": {"color": INK, **style},
    }


def _notes(answer: CostAnswer, labels: Mapping[str, str]) -> list[dict]:
    """Return the words of the marks: the first at its left, the others at their right, each lower."""
    held = {name: getattr(answer, name) for name in ("in_force", "tuned", "theoretical") if labels.get(name)}
    notes = []
    for place, (name, mark) in enumerate(held.items()):
        is_first = mark == min(held.values())
        notes.append(
            {
                "x": mark,
                "yref": "paper",
                "y": 0.99 - 0.16 * place,
                "yanchor": "top",
                "xanchor": "right" if is_first else "left",
                "xshift": -8 if is_first else 8,
                "align": "right" if is_first else "left",
                "text": labels[name],
                "font": {"color": INK},
                "bgcolor": SHEET,
            }
        )
    return notes


def _title(text: str) -> dict:
    at = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "yshift": 24, "xanchor": "left"}
    return at | {"text": text, "font": {"color": INK_2}}
