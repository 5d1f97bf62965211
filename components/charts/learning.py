"""A measure against the number of files learnt from, with its margin."""

from collections.abc import Mapping, Sequence

from components import formats
from components.charts.axis import marks
from components.charts.plot import INK, INK_2, LINE, plot
from components.charts.reliability import axis_title


def draw(
    points: Sequence[Mapping], measure: str, decimals: int, labels: Mapping[str, str], lang: str
) -> dict:
    """Return the figure.

    Parameters
    ----------
    points : each with its ``rows`` and, under ``measure``, ``value``, ``low`` and ``high``
    decimals : of the marks at the left
    labels : the words of ``x`` and ``y``
    """
    rows, held = [one["rows"] for one in points], [one[measure] for one in points]
    low, high = min(one["low"] for one in held), max(one["high"] for one in held)
    ticks, files = marks(low, high, 6), marks(0, max(rows), 5)
    return plot(
        [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": rows,
                "y": [round(one["value"], 5) for one in held],
                "error_y": {
                    "array": [round(one["high"] - one["value"], 5) for one in held],
                    "arrayminus": [round(one["value"] - one["low"], 5) for one in held],
                    "thickness": 2,
                    "width": 0,
                    "color": INK,
                },
                "line": {"color": INK, "width": 2},
                "marker": {"size": 9, "color": INK},
                "hoverinfo": "skip",
            }
        ],
        x={
            "range": [0, 1.04 * max(rows)],
            "showline": True,
            "tickvals": files,
            "ticktext": [formats.number(value, lang) for value in files],
            "title": axis_title(labels["x"]),
        },
        y={
            "range": [low - 0.05 * (high - low), high + 0.05 * (high - low)],
            "showgrid": True,
            "gridcolor": LINE,
            "tickvals": ticks,
            "ticktext": [formats.number(value, lang, decimals) for value in ticks],
        },
        annotations=[
            {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "yshift": 24, "xanchor": "left"}
            | {"text": labels["y"], "font": {"color": INK_2}},
        ],
        margin={"t": 34, "r": 12},
    )
