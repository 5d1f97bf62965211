"""A model as it comes and balanced, side by side: what it announces, and what each cut costs."""

from collections.abc import Mapping, Sequence
from math import log

from components.charts.plot import INK, LINE, NEUTRAL, SHEET, plot

_GAP = 0.07  # share of the width between two panels
_TICKS = (0.02, 0.05, 0.2, 0.5, 0.8)
_EVERY = 2  # of the cuts that are held, those drawn: a smooth line needs no more


def announced(panels: Sequence[Mapping], labels: Mapping[str, str]) -> dict:
    """Return what was announced against what happened, one panel for each model.

    Parameters
    ----------
    panels : ``title``, ``raw`` and ``recalibrated``: tenths with ``predicted`` and ``observed``
    labels : the words of ``x`` and ``y``
    """
    said = [one for panel in panels for way in ("raw", "recalibrated") for one in panel[way]]
    end = round(105 * max(max(one["predicted"], one["observed"]) for one in said), 1)
    traces, shapes = [], []
    for place, panel in enumerate(panels):
        axes = _axes(place)
        shapes.append(_line(axes, (0, end), (0, end), dash="dot"))
        traces += [_dots(panel["recalibrated"], axes, SHEET), _dots(panel["raw"], axes, INK)]
    layout = _layout(panels, {"range": [0, end], "nticks": 5}, {"range": [0, end], "nticks": 5}, labels["y"])
    layout["annotations"].append(_under(labels["x"]))
    return plot(traces, shapes=shapes, hovermode=False, **layout)


def costs(panels: Sequence[Mapping], theory: float, labels: Mapping[str, str]) -> dict:
    """Return what each cut costs on what a model announces, one panel for each model.

    Parameters
    ----------
    panels : ``title``, ``cost_curve`` (``threshold`` evenly spaced in log-odds, ``cost`` per file)
        and ``own``, the cheapest cut
    theory : the cut that would be best if what is announced were true
    labels : the words of ``x`` and ``y``
    """
    every = [1000 * value for panel in panels for value in panel["cost_curve"]["cost"]]
    low, high = min(every), max(every)
    low, high, room = round(low), round(high), round(0.1 * (high - low))
    traces, shapes = [], []
    for place, panel in enumerate(panels):
        axes, at = _axes(place), [_log_odds(one) for one in panel["cost_curve"]["threshold"][::_EVERY]]
        spent = [round(1000 * value) for value in panel["cost_curve"]["cost"][::_EVERY]]
        step = round((at[-1] - at[0]) / (len(at) - 1), 4)
        line = {"mode": "lines", "x0": round(at[0], 3), "dx": step, "y": spent}
        traces.append({**line, "line": {"color": INK, "width": 2.5, "shape": "spline"}, **axes})
        shapes.append(_line(axes, (_log_odds(theory),) * 2, (low - room, high), dash="dot"))
        if at[0] <= _log_odds(panel["own"]) <= at[-1]:
            dot = {
                "x": [round(_log_odds(panel["own"]), 3)],
                "y": [round(1000 * min(panel["cost_curve"]["cost"]))],
                "mode": "markers",
            }
            marker = {"size": 12, "color": SHEET, "line": {"color": INK, "width": 2.5}}
            traces.append({**dot, "marker": marker, **axes})
    ticks = {"tickvals": [round(_log_odds(one), 3) for one in _TICKS]} | {
        "ticktext": [f"{100 * one:.0f}" for one in _TICKS]
    }
    layout = _layout(panels, ticks, {"range": [low - room, high + room], "nticks": 5}, labels["y"])
    layout["annotations"].append(_under(labels["x"]))
    return plot(traces, shapes=shapes, hovermode=False, **layout)


def _layout(panels: Sequence[Mapping], x: Mapping, y: Mapping, title: str) -> dict:
    """Return the axes of panels side by side, the titles above them and the words of the scale."""
    width = (1 - _GAP * (len(panels) - 1)) / len(panels)
    layout: dict = {"margin": {"t": 56, "r": 12, "b": 48}, "annotations": []}
    for place, panel in enumerate(panels):
        left = place * (width + _GAP)
        end = "" if place == 0 else str(place + 1)
        layout[f"xaxis{end}"] = {"domain": [round(left, 2), round(left + width, 2)], **x}
        # Anchored at its top: the words of the scale stand under the first title only.
        words = f"<b>{panel['title']}</b>" + ("" if place else f"<br>{title}")
        at = {"xref": "paper", "yref": "paper", "x": round(left, 2), "y": 1, "yshift": 44}
        align = {} if place else {"align": "left"}
        layout["annotations"].append(at | {"xanchor": "left", "text": words} | align)
    return {"x": layout.pop("xaxis"), "y": {"showgrid": True, "gridcolor": LINE, **y}, **layout}


def _under(text: str) -> dict:
    at = {"xref": "paper", "yref": "paper", "x": 1, "y": 0, "yshift": -22, "xanchor": "right"}
    return at | {"text": text, "yanchor": "top"}


def _axes(place: int) -> dict[str, str]:
    """Return the horizontal axis of a panel; Plotly takes the first for granted, and one vertical for all."""
    return {"xaxis": f"x{place + 1}"} if place else {}


def _dots(bins: Sequence[Mapping], axes: Mapping[str, str], colour: str) -> dict:
    ring = {"line": {"color": INK, "width": 2}} if colour == SHEET else {}
    return {
        "mode": "markers",
        "x": [round(100 * one["predicted"], 1) for one in bins],
        "y": [round(100 * one["observed"], 1) for one in bins],
        "marker": {"size": 9, "color": colour, **ring},
        **axes,
    }


def _line(axes: Mapping[str, str], x: tuple[float, float], y: tuple[float, float], **style) -> dict:
    drawn = {"type": "line", "x0": round(x[0], 3), "x1": round(x[1], 3), "y0": y[0], "y1": y[1]}
    where = {"xref": axes["xaxis"]} if axes else {}
    return drawn | where | {"line": {"color": NEUTRAL, **style}}


def _log_odds(p: float) -> float:
    return log(p / (1 - p)) if 0 < p < 1 else (50.0 if p >= 1 else -50.0)
