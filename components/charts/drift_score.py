"""How the points of a batch lie against those of training, and the index of the score over batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from components.charts.plot import CONTROL, INK, INK_2, NEUTRAL, NEUTRAL_FILL, plot
from model.drift_results import Shape


@dataclass(frozen=True)
class Stop:
    """One batch on the axis of time.

    ``label`` stands under it, ``beyond`` over it when its index is too high to draw, ``shown`` says
    whether it is the one that the page is about.
    """

    label: str
    index: float
    beyond: str
    shown: bool


HIGHEST = 2.0  # times the act limit: what is higher is drawn there, and said


def histogram(shape: Shape, mark: float, words: dict[str, str]) -> dict:
    """Return the points of training in grey bars, of the batch as a line, with the pass mark.

    ``words`` are those of the axes (``x``, ``y``) and of the ``mark``.
    """
    edges = [round(edge, 1) for edge in shape.edges]
    middles = [round((low + high) / 2, 1) for low, high in pairwise(edges)]
    steps = [round(100 * share, 1) for share in shape.after]
    return plot(
        [
            {
                "type": "bar",
                "x": middles,
                "y": [round(100 * share, 1) for share in shape.before],
                "width": [round(high - low - 0.6, 1) for low, high in pairwise(edges)],
                "marker": {"color": NEUTRAL_FILL},
                "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "mode": "lines",
                "x": edges,
                "y": [*steps, steps[-1]],
                "line": {"color": INK, "width": 2, "shape": "hv"},
                "hoverinfo": "skip",
            },
        ],
        x={"title": {"text": words["x"], "font": {"size": 14, "color": INK_2}}, "showline": True},
        y={"title": {"text": words["y"], "font": {"size": 14, "color": INK_2}}, "rangemode": "tozero"},
        shapes=[_line(mark, mark, 0, 1, "x", "paper", INK, "solid", 2.5)],
        annotations=[
            {
                "x": mark,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "text": words["mark"],
                "font": {"size": 15, "color": INK},
            }
        ],
        margin={"t": 28},
    )


def over_batches(stops: Sequence[Stop], watch: float, act: float, words: dict[str, str]) -> dict:
    """Return the stability index of the score, batch after batch, with both limits.

    ``words`` are those of the limits: ``watch``, ``act``.
    """
    top = act * 1.15 if all(stop.index <= act for stop in stops) else act * HIGHEST
    places = list(range(len(stops)))
    shown = [round(min(stop.index, top), 3) for stop in stops]
    stems = [
        _line(place, place, 0, height, "x", "y", INK_2, "solid", 2)
        for place, height in zip(places, shown, strict=True)
    ]
    limits = [_line(0, 1, limit, limit, "paper", "y", NEUTRAL, "dot", 1) for limit in (watch, act)]
    beyond = [
        {"x": place, "y": top, "yshift": 14, "text": stop.beyond}
        for place, stop in zip(places, stops, strict=True)
        if stop.index > top
    ]
    return plot(
        [
            {
                "type": "scatter",
                "mode": "markers",
                "x": places,
                "y": shown,
                "marker": {
                    "color": INK,
                    "size": [13 if stop.shown else 9 for stop in stops],
                    "symbol": ["triangle-up" if stop.index > top else "circle" for stop in stops],
                },
                "cliponaxis": False,
                "hoverinfo": "skip",
            }
        ],
        x={
            "tickvals": places,
            "ticktext": [f"<b>{stop.label}</b>" if stop.shown else stop.label for stop in stops],
            "range": [-0.5, len(stops) - 0.5],
            "showline": True,
            "linecolor": CONTROL,
        },
        y={"range": [0, round(top, 3)], "tickvals": [0]},
        shapes=[*stems, *limits],
        annotations=[
            *(
                {"x": 1, "xref": "paper", "y": limit, "xanchor": "right", "yshift": 11, "text": words[name]}
                for name, limit in (("watch", watch), ("act", act))
            ),
            *beyond,
        ],
        margin={"r": 8, "t": 28},
    )


def _line(
    x0: float, x1: float, y0: float, y1: float, xref: str, yref: str, color: str, dash: str, width: float
) -> dict:
    line = {"color": color, "dash": dash, "width": width}
    return {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "xref": xref, "yref": yref, "line": line}
