"""How often something was the outcome in each group: a dot, and a line for the margin."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from components.charts.plot import INK, LINE, plot

ROW = 54
_NAMES, _FIGURES = 172, 56  # pixels at the left and at the right


@dataclass(frozen=True)
class Dot:
    """One group: its name and size in words, its rate and interval in 100, its figure as shown."""

    name: str
    size: str
    value: float
    low: float
    high: float
    shown: str


def height(dots: Sequence[Dot]) -> int:
    """Return the height that the drawing needs, in pixels."""
    return ROW * len(dots) + 36


def draw(dots: Sequence[Dot]) -> dict:
    """Return the figure, the first group on top."""
    places = list(range(len(dots), 0, -1))
    most = max((dot.high for dot in dots), default=1.0)
    step = next(step for step in (1, 2, 5, 10, 20, 25) if most / step <= 4.5 or step == 25)
    end = step * math.ceil(most / step)
    return plot(
        [
            {
                "type": "scatter",
                "mode": "markers",
                "x": [round(dot.value, 2) for dot in dots],
                "y": places,
                "error_x": {
                    "array": [round(dot.high - dot.value, 2) for dot in dots],
                    "arrayminus": [round(dot.value - dot.low, 2) for dot in dots],
                    "thickness": 2,
                    "width": 0,
                    "color": INK,
                },
                "marker": {"size": 12, "color": INK},
                "hoverinfo": "skip",
            }
        ],
        x={"range": [0, end * 1.02], "showgrid": True, "gridcolor": LINE, "tick0": 0, "dtick": step},
        y={"range": [0.4, len(dots) + 0.6], "visible": False},
        annotations=[note for dot, y in zip(dots, places, strict=True) for note in _words(dot, y)],
        margin={"l": _NAMES, "r": _FIGURES, "t": 4, "b": 28},
    )


def _words(dot: Dot, y: int) -> list[dict]:
    left = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": -_NAMES, "y": y, "align": "left"}
    right = {"xref": "paper", "x": 1, "xanchor": "right", "xshift": _FIGURES, "y": y}
    named = f"{dot.name}<br><span style='font-size:14px'>{dot.size}</span>"
    return [
        {**left, "text": named, "font": {"size": 15, "color": INK}},
        {**right, "text": f"<b>{dot.shown}</b>", "font": {"size": 15, "color": INK}},
    ]
