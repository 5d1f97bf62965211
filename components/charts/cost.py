"""What each mark would cost, with its margin, and the three marks that matter."""

from collections.abc import Iterable, Mapping, Sequence

from components.charts.plot import INK, LINE, NEUTRAL_TINT, SHEET, plot
from components.charts.reliability import axis_title
from model.results import CostAnswer

_AROUND = 22  # points shown beyond the outermost mark
_MOST = 26  # values of a curve: more could not be seen


def draw(answer: CostAnswer, labels: Mapping[str, str], lang: str) -> dict:
    """Return the figure.

    ``labels`` holds the words of the axes (``x``, ``y``), and of the marks ``in_force``, ``tuned``
    and ``theoretical``, None for one that is the same as another.
    """
    first, last = window(answer)
    step = next(step for step in (1, 2, 3, 4, 5, 8, 10, 20) if (last - first) / step <= _MOST)
    kept = range(first, last + 1, step)
    last = kept[-1]
    low, high = (_at(values, answer, kept) for values in (answer.low, answer.high))
    bottom, top = min(low), max(high)
    room = 0.34 * (top - bottom)
    curves = [
        _line(low, first, step, {"width": 0}),
        _line(high, first, step, {"width": 0}) | {"fill": "tonexty", "fillcolor": NEUTRAL_TINT},
        _line(_at(answer.cost, answer, kept), first, step, {"color": INK, "width": 2.5}),
    ]
    dots = [_dot(answer, answer.tuned, SHEET), _dot(answer, answer.in_force, INK)]
    return plot(
        [{"type": "scatter", "hoverinfo": "skip"} | trace for trace in (*curves, *dots)],
        x={"range": [first, last], "showline": True, "dtick": 10, "tick0": 0}
        | {"title": axis_title(labels["x"])},
        y={"range": [max(0, bottom - 0.1 * room), top + room], "showgrid": True, "gridcolor": LINE}
        | {"nticks": 5, "tickformat": ",.0f"},
        shapes=[_spread(answer), *(_upright(mark, style) for mark, style in _marks(answer))],
        annotations=[_title(labels["y"]), *_notes(answer, labels)],
        margin={"t": 34, "r": 12},
        separators=",\u202f" if lang == "fr" else ".,",
    )


def _at(values: Sequence[float], answer: CostAnswer, marks: Iterable[int]) -> list[float]:
    """Return the values at these marks; beyond the last that makes a difference, its own."""
    first, last = int(answer.marks[0]), len(answer.marks) - 1
    return [round(float(values[min(last, max(0, mark - first))]), 1) for mark in marks]


def _line(values: list[float], start: int, step: int, style: Mapping) -> dict:
    decimals = 1 if max(values) < 300 else 0
    drawn = [round(value, decimals or None) for value in values]
    return {"mode": "lines", "x0": start, "dx": step, "y": drawn, "line": dict(style)}


def _dot(answer: CostAnswer, mark: int, colour: str) -> dict:
    ring = {"color": INK if colour == SHEET else SHEET, "width": 2.5}
    marker = {"size": 13, "color": colour, "line": ring}
    return {"mode": "markers", "x": [mark], "y": _at(answer.cost, answer, [mark]), "marker": marker}


def window(answer: CostAnswer) -> tuple[int, int]:
    """Return the first and the last mark shown: the three that matter, and some room."""
    outermost = (answer.in_force, answer.tuned, answer.theoretical, *answer.interval)
    low, high = (10 * round(end / 10) for end in (min(outermost) - _AROUND, max(outermost) + _AROUND))
    return low, high


def _marks(answer: CostAnswer) -> list[tuple[int, dict]]:
    found = [(answer.in_force, {"width": 2.5})]
    if answer.tuned != answer.in_force:
        found.append((answer.tuned, {"width": 1.5}))
    if answer.theoretical not in (answer.in_force, answer.tuned):
        found.append((answer.theoretical, {"width": 1.5, "dash": "dot"}))
    return found


def _spread(answer: CostAnswer) -> dict:
    """Return where the best mark lies in most draws, as a thick line on the axis."""
    low, high = answer.interval
    return {"type": "line", "x0": low, "x1": high, "yref": "paper", "y0": 0, "y1": 0} | {
        "line": {"color": INK, "width": 7}
    }


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
                "y": round(0.99 - 0.16 * place, 2),
                "xanchor": "right" if is_first else "left",
                "xshift": -8 if is_first else 8,
                "align": "right" if is_first else "left",
                "text": labels[name],
                "bgcolor": SHEET,
            }
        )
    return notes


def _title(text: str) -> dict:
    at = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "yshift": 24, "xanchor": "left"}
    return at | {"text": text}
