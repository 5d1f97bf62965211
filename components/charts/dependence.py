"""How the points of one input go with its value, over all files, with this file in it."""

from itertools import pairwise

from components import formats, i18n
from components.charts.axis import marks, ticks, unit
from components.charts.plot import CONTROL, INK, INK_2, NEUTRAL, NEUTRAL_FILL, NEUTRAL_TINT, plot
from components.dependence import Dependence, here, same, shown_rows
from components.i18n import t
from data.portfolios import Portfolio

ROW = 34  # pixels
HEIGHT = 330
BEYOND = 0.15  # of the width: how far the axis goes to show a file that lies outside
LONGEST = 30  # characters of a category on the axis
_DOTS = ({"symbol": "circle-open", "line": {"width": 2}}, {"symbol": "circle"})


def draw(told: Dependence, lang: str) -> dict | None:
    """Return the figure, None when too few files have the input for anything to be drawn."""
    if told.effect["shape"] == "none":
        return None
    return _rows(told, lang) if told.in_rows else _curve(told, lang)


def height(told: Dependence) -> int:
    """Return the height of the figure in pixels."""
    return 64 + ROW * len(shown_rows(told)) if told.in_rows else HEIGHT


def _curve(told: Dependence, lang: str) -> dict:
    x, low, middle, high, _ = (list(part) for part in zip(*told.trend, strict=True))
    x = [told.sign * at for at in x]
    left, right = _range(told, x)
    dots = "lines+markers" if told.effect["shape"] == "values" else "lines"
    if told.crossed:
        traces, lowest, highest = _sides(told, dots)
    else:
        traces, lowest, highest = _band(x, low, middle, high, dots), min(low), max(high)
    drawn = [lowest, highest, 0.0] + ([told.points] if told.collected else [])
    bottom, top = _padded(drawn)
    shapes, notes, dot = _client_on_curve(told, left, right, lang)
    if not told.crossed and len(x) > 1:
        notes.append(_band_name(told.portfolio, middle[-1] > middle[0], lang))
    values, names = ticks(told.portfolio, told.column, *sorted((told.sign * left, told.sign * right)), lang)
    levels = marks(bottom, top, 6)
    return plot(
        [*traces, *_strip(told, x), *dot],
        x={
            "range": [left, right],
            "tickvals": [told.sign * value for value in values],
            "ticktext": names,
            "anchor": "y2",
            "tickangle": 0,
            "title": {"text": unit(told.column, lang), "standoff": 8, "font": {"size": 14}},
        },
        y={
            "range": [bottom, top],
            "domain": [0.2, 1],
            "tickvals": levels,
            "showgrid": True,
            "ticktext": [_level(level, levels, lang) for level in levels],
        },
        yaxis2={"domain": [0, 0.15], "showticklabels": False},
        shapes=[_zero(), *shapes],
        annotations=notes,
        margin={"t": 30, "b": 48} if unit(told.column, lang) else {"t": 30},
        hovermode=False,
    )


def _band(x: list, low: list, middle: list, high: list, mode: str) -> list[dict]:
    around = {"x": [*x, *x[::-1]], "y": [*low, *high[::-1]], "fill": "toself", "fillcolor": NEUTRAL_TINT}
    line = {"x": x, "y": middle, "line": {"color": INK_2, "width": 2}}
    return [
        {"type": "scatter", "mode": "lines", **around, "line": {"width": 0}},
        {"type": "scatter", "mode": mode, **line},
    ]


def _sides(told: Dependence, mode: str) -> tuple[list[dict], float, float]:
    """Return the trend where the partner is low (dotted) and where it is high (full)."""
    styles = ({"color": NEUTRAL, "width": 2, "dash": "dot"}, {"color": INK_2, "width": 2})
    traces, reached = [], []
    for side, style in zip(told.effect["crossed"]["sides"], styles, strict=True):
        cells = sorted(zip(side["at"], side["middle"], strict=True), key=lambda cell: told.sign * cell[0])
        x, y = [told.sign * at for at, _ in cells], [middle for _, middle in cells]
        reached += y
        shown = "markers" if len(x) == 1 else mode
        traces.append({"type": "scatter", "mode": shown, "x": x, "y": y, "line": style})
    return traces, min(reached), max(reached)


def _strip(told: Dependence, x: list) -> list[dict]:
    """Return the counts of files at the foot; of fewer than the least number none is drawn."""
    strip = told.effect.get("strip")
    bars = {"type": "bar", "yaxis": "y2", "marker": {"color": NEUTRAL_FILL}}
    if strip is None:
        gaps = [after - before for before, after in pairwise(x)]
        return [bars | {"x": x, "y": [cell[4] for cell in told.trend], "width": 0.4 * min(gaps, default=1)}]
    if not strip["rows"]:
        return []
    step = (strip["high"] - strip["low"]) / len(strip["rows"])
    first = told.sign * (strip["low"] + step / 2)
    return [
        bars
        | {
            "x0": _short(first),
            "dx": _short(told.sign * step),
            "y": strip["rows"],
            "width": _short(step * 0.9),
        }
    ]


def _range(told: Dependence, x: list[float]) -> tuple[float, float]:
    """Return the ends of the axis: what is drawn, and this file unless it lies far outside."""
    strip = told.effect.get("strip")
    ends = [*x, *([told.sign * strip["low"], told.sign * strip["high"]] if strip else [])]
    left, right = min(ends), max(ends)
    free = BEYOND * (right - left)
    if told.has_value:
        at = told.sign * float(told.value)
        left, right = min(left, max(at, left - free)), max(right, min(at, right + free))
    air = (0.02 if strip else 0.08) * (right - left) if right > left else 1.0
    return _short(left - air), _short(right + air)


def _client_on_curve(
    told: Dependence, left: float, right: float, lang: str
) -> tuple[list[dict], list[dict], list[dict]]:
    """Return this file's line, label and dot; without a value, a line at its points."""
    if not told.collected:
        return [], [], []
    y = round(told.points, 2)
    stroke = {"color": INK, "width": 2}
    if not told.has_value:
        across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y}
        return (
            [across | {"line": stroke | {"dash": "dash"}}],
            [_label(here(told, lang), 1, "right", "paper")],
            [],
        )
    wanted = told.sign * float(told.value)
    at = _short(min(max(wanted, left), right))
    text = here(told, lang)
    if at != _short(wanted):
        text = t("interpretation.here.outside", lang, here=text)
    upright = {"type": "line", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1, "line": stroke}
    side = "left" if at < (left + right) / 2 else "right"
    return [upright], [_label(text, at, side, "x")], [_dot([at], [y])]


def _label(text: str, x: float, side: str, ref: str) -> dict:
    font = {"size": 15, "color": INK}
    return {
        "text": f"<b>{_plain(text)}</b>",
        "x": x,
        "xref": ref,
        "xanchor": side,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "font": font,
    }


def _plain(text: str) -> str:
    """Return a text in which Plotly sees no markup: a category may hold what someone typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _dot(x: list, y: list) -> dict:
    marker = {"size": 13, "color": INK, "line": {"color": "#FFFFFF", "width": 2}}
    return {"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker}


def _band_name(portfolio: Portfolio, rises: bool, lang: str) -> dict:
    """Name the band in the corner at the foot that the trend leaves free."""
    side = {"x": 1, "xanchor": "right"} if rises else {"x": 0, "xanchor": "left"}
    ground = {"yref": "y domain", "y": 0, "yanchor": "bottom", "bgcolor": "rgba(255,255,255,0.8)"}
    return {"text": i18n.own(portfolio, "interpretation.band", lang), "xref": "paper", **side, **ground}


def _rows(told: Dependence, lang: str) -> dict:
    shown = shown_rows(told)
    traces = _crossed_rows(told, shown) if told.crossed else [_intervals(shown)]
    reached = [edge for cell in shown for edge in cell[1:4]] + [0.0]
    notes = []
    own = next((row for row, cell in enumerate(shown) if same(cell[0], told.value)), None)
    if told.collected:
        reached.append(told.points)
    left, right = _padded(reached)
    if own is not None and told.collected:
        traces.append(_dot([round(told.points, 2)], [own]))
        notes.append(_label(here(told, lang), 1, "right", "paper"))
    levels = marks(left, right, 6)
    names = [_cut(told.worded(cell[0], lang)) for cell in shown]
    if own is not None:
        names[own] = f"<b>{names[own]}</b>"
    return plot(
        traces,
        x={
            "range": [left, right],
            "tickvals": levels,
            "showgrid": True,
            "ticktext": [_level(level, levels, lang) for level in levels],
        },
        y={"range": [-0.6, len(shown) - 0.4], "tickvals": list(range(len(shown))), "ticktext": names},
        shapes=[
            {
                "type": "line",
                "yref": "paper",
                "x0": 0,
                "x1": 0,
                "y0": 0,
                "y1": 1,
                "layer": "below",
                "line": {"color": CONTROL, "width": 1},
            }
        ],
        annotations=notes,
        margin={"t": 30},
        hovermode=False,
    )


def _intervals(shown: list[tuple]) -> dict:
    middle = [cell[2] for cell in shown]
    spread = {
        "type": "data",
        "symmetric": False,
        "color": NEUTRAL_FILL,
        "thickness": 8,
        "width": 0,
        "array": [round(cell[3] - cell[2], 2) for cell in shown],
        "arrayminus": [round(cell[2] - cell[1], 2) for cell in shown],
    }
    dots = {"type": "scatter", "mode": "markers", "x": middle, "y": list(range(len(shown)))}
    return dots | {"error_x": spread, "marker": {"size": 9, "color": INK_2}}


def _crossed_rows(told: Dependence, shown: list[tuple]) -> list[dict]:
    row = {cell[0]: place for place, cell in enumerate(shown)}
    traces = []
    for side, dots in zip(told.effect["crossed"]["sides"], _DOTS, strict=True):
        kept = [(at, y) for at, y in zip(side["at"], side["middle"], strict=True) if at in row]
        marker = {"size": 11, "color": NEUTRAL if dots is _DOTS[0] else INK_2} | dots
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [y for _, y in kept],
                "y": [row[at] for at, _ in kept],
                "marker": marker,
            }
        )
    return traces


def _cut(name: str) -> str:
    return _plain(name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…")


def _padded(reached: list[float]) -> tuple[float, float]:
    low, high = min(reached), max(reached)
    air = max(0.08 * (high - low), 0.1)
    return round(low - air, 2), round(high + air, 2)


def _level(level: float, levels: list[float], lang: str) -> str:
    """Return a mark of the scale of points, with no more decimals than its step needs."""
    step = levels[1] - levels[0] if len(levels) > 1 else 1.0
    decimals = 0 if step >= 0.999 else 1 if step >= 0.0999 else 2
    return formats.number(level, lang, decimals, signed=True)


def _zero() -> dict:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": 0,
        "y1": 0,
        "layer": "below",
        "line": {"color": CONTROL, "width": 1},
    }


def _short(value: float) -> float:
    return float(f"{value:.5g}")
