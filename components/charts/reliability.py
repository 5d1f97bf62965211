"""What the model announced against what happened, group by group."""

from collections.abc import Mapping, Sequence

from components.charts.plot import INK, INK_2, LINE, NEUTRAL, plot


def draw(bins: Sequence[Mapping], labels: Mapping[str, str]) -> dict:
    """Return the figure.

    Parameters
    ----------
    bins : ``predicted``, ``observed`` and the interval ``low`` to ``high`` of each, as shares
    labels : the words of ``x``, ``y`` and ``same`` (the line where both are equal)
    """
    end = 105 * max(max(one["predicted"], one["high"]) for one in bins)
    return plot(
        [
            {
                "type": "scatter",
                "mode": "markers",
                "x": [round(100 * one["predicted"], 2) for one in bins],
                "y": [round(100 * one["observed"], 2) for one in bins],
                "error_y": {
                    "array": [round(100 * (one["high"] - one["observed"]), 2) for one in bins],
                    "arrayminus": [round(100 * (one["observed"] - one["low"]), 2) for one in bins],
                    "thickness": 2,
                    "width": 0,
                    "color": INK,
                },
                "marker": {"size": 9, "color": INK},
                "hoverinfo": "skip",
            }
        ],
        x={"range": [0, end], "showline": True, "nticks": 6, "title": axis_title(labels["x"])},
        y={"range": [0, end], "showgrid": True, "gridcolor": LINE, "nticks": 6},
        shapes=[
            {
                "type": "line",
                "x0": 0,
                "y0": 0,
                "x1": end,
                "y1": end,
                "line": {"color": NEUTRAL, "width": 1.5, "dash": "dot"},
            }
        ],
        annotations=[
            {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "yshift": 24, "xanchor": "left"}
            | {"text": labels["y"], "font": {"color": INK_2}},
            {"x": end, "y": end, "xanchor": "right", "yshift": 14, "text": labels["same"]},
        ],
        margin={"t": 34, "r": 12},
    )


def axis_title(text: str) -> dict:
    """Return the title of an axis in the house size."""
    return {"text": text, "font": {"size": 14, "color": INK_2}, "standoff": 8}
