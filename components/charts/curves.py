"""The curves of a classifier, and how the points of both outcomes lie."""

from collections.abc import Mapping, Sequence

from components.charts.plot import (
    CONTROL,
    FAVOURABLE_FILL,
    INK,
    INK_2,
    LINE,
    NEUTRAL,
    SHEET,
    UNFAVOURABLE_FILL,
    plot,
)
from components.charts.reliability import axis_title

_PERCENT = {"range": [0, 100], "tick0": 0, "dtick": 25}
_ROOM = 0.65  # beyond, the words of the dot stand at its left: they would not fit at its right


def curve(
    x: Sequence[float],
    y: Sequence[float],
    dot: tuple[float, float],
    chance: tuple[float, float],
    labels: Mapping[str, str],
    top: float = 1.0,
) -> dict:
    """Return a curve of shares.

    Parameters
    ----------
    x, y : shares of one; ``x`` evenly spaced
    dot : where the mark in force stands
    chance : what a model that knows nothing reaches at the left and at the right
    labels : the words of ``x``, ``y`` and ``dot``
    top : highest share shown
    """
    side = -1 if y[-1] > y[0] else 1  # the words of the dot stand on the open side of the curve
    to = -1 if dot[0] > _ROOM else 1
    step = 100 * (x[-1] - x[0]) / (len(x) - 1)
    end = 100 * top
    return plot(
        [
            {
                "type": "scatter",
                "mode": "lines",
                "x0": round(100 * x[0], 3),
                "dx": round(step, 4),
                "y": [round(100 * value, 1) for value in y],
                "line": {"color": INK, "width": 2.5},
                "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": [round(100 * dot[0], 1)],
                "y": [round(100 * dot[1], 1)],
                "marker": {"size": 12, "color": INK, "line": {"color": SHEET, "width": 2}},
                "hoverinfo": "skip",
            },
        ],
        x=_PERCENT | {"showline": True, "title": axis_title(labels["x"])},
        y={"range": [0, end], "showgrid": True, "gridcolor": LINE, "nticks": 6},
        shapes=[
            {
                "type": "line",
                "x0": 0,
                "x1": 100,
                "y0": 100 * chance[0],
                "y1": 100 * chance[1],
                "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"},
            }
        ],
        annotations=[
            {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "yshift": 24, "xanchor": "left"}
            | {"text": labels["y"]},
            {"x": 100 * dot[0], "y": 100 * dot[1], "xshift": to * 12, "yshift": to * side * 12}
            | {"xanchor": "left" if to > 0 else "right", "bgcolor": SHEET, "borderpad": 0}
            | {"text": labels["dot"], "font": {"color": INK, "size": 14}},
        ],
        margin={"t": 34, "r": 12},
    )


def by_outcome(
    edges: Sequence[float],
    above: Sequence[int],
    below: Sequence[int],
    mark: float,
    labels: Mapping[str, str],
    above_is_good: bool,
) -> dict:
    """Return the points of both outcomes, one above the axis and one below, each scaled to itself.

    ``labels`` names ``above``, ``below`` and ``mark``.
    """
    width = edges[1] - edges[0]
    sides = (
        (above, 1, FAVOURABLE_FILL if above_is_good else UNFAVOURABLE_FILL),
        (below, -1, UNFAVOURABLE_FILL if above_is_good else FAVOURABLE_FILL),
    )
    first, last = _shown(above, below)
    bars = [
        {
            "type": "bar",
            "x0": edges[first] + width / 2,
            "dx": width,
            "y": [round(side * value / max(counts), 2) for value in counts[first : last + 1]],
            "marker": {"color": colour},
            "hoverinfo": "skip",
        }
        for counts, side, colour in sides
    ]
    return plot(
        bars,
        x={"range": [edges[first], edges[last] + width], "showline": False, "dtick": 20, "tick0": 600},
        y={"range": [-1.12, 1.2], "visible": False},
        barmode="overlay",
        bargap=0.08,
        shapes=[
            {
                "type": "line",
                "x0": mark,
                "x1": mark,
                "y0": -1.1,
                "y1": 1.1,
                "line": {"color": INK, "width": 2.5},
            },
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0, "line": {"color": CONTROL}},
        ],
        annotations=[
            {"x": mark, "y": 1.1, "yshift": 10, "text": f"<b>{labels['mark']}</b>", "font": {"color": INK}},
            _corner(0, 1.0, "left", labels["above"]),
            _corner(1, 0.06, "right", labels["below"]),
        ],
    )


def _shown(above: Sequence[int], below: Sequence[int]) -> tuple[int, int]:
    """Return the first and the last bin that hold enough to be seen."""
    least = 0.004
    seen = [
        place
        for place, (one, other) in enumerate(zip(above, below, strict=True))
        if one > least * max(above) or other > least * max(below)
    ]
    return seen[0], seen[-1]


def _corner(x: float, y: float, anchor: str, text: str) -> dict:
    return {
        "xref": "paper",
        "yref": "paper",
        "x": x,
        "y": y,
        "xanchor": anchor,
        "yanchor": "top" if y > 0.5 else "bottom",
        "align": anchor,
        "text": text,
        "font": {"color": INK_2},
    }
