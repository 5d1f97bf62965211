"""Two inputs at a time: a grid of cells, numbered and shaded by outcome, this file's cell framed."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.charts.plot import INK, NEUTRAL, SEQ, SEQ_GOOD, SHEET, plot

ROW = 52
# A cell's shade compares it with the rate of all: half of it, all of it, half as much again, twice.
STEPS = (0.6, 1.0, 1.4, 2.0)
DARKEST = len(STEPS)  # a shade on which ink is not read


@dataclass(frozen=True)
class Side:
    """One side of the grid: its name, and what its edges (or its categories) are called.

    ``between`` tells whether the labels stand at the edges between the cells or at their middle.
    """

    name: str
    labels: Sequence[str]
    between: bool


def height(up: int) -> int:
    """Return the height that a grid of ``up`` rows needs, in pixels."""
    return ROW * up + 44


def draw(
    rates: Sequence[Sequence[float | None]],
    usual: float,
    own: tuple[int, int] | None,
    across: Side,
    up: Side,
    good: bool = False,
) -> dict:
    """Return the figure.

    Parameters
    ----------
    rates : share by cell, rows from the bottom to the top; None for a cell that is hidden
    usual : the share of all, which the shades are compared with
    own : this file's cell (across, up)
    good : whether what is shared is good news, told in blue rather than in ochre
    """
    high, wide = len(rates), len(rates[0])
    traces = [_cells(rates, usual, SEQ_GOOD if good else SEQ)]
    if hidden := [(x, y) for y in range(high) for x in range(wide) if rates[y][x] is None]:
        traces.append(_hatching(hidden))
    if dark := [cell for cell in _numbered(rates) if shade(cell[2], usual) == DARKEST]:
        traces.append(_pale(dark))
    frame = []
    if own is not None:
        x, y = own
        edge = {"line": {"color": INK, "width": 3}, "fillcolor": "rgba(0,0,0,0)"}
        frame = [{"type": "rect", "x0": x - 0.5, "x1": x + 0.5, "y0": y - 0.5, "y1": y + 0.5, **edge}]
    return plot(
        traces,
        x={**_axis(across), "range": [-0.55, wide - 0.45]},
        y={**_axis(up), "range": [-0.55, high - 0.45]},
        shapes=frame,
        margin={"l": 8, "r": 20, "t": 8, "b": 28},
        barmode="overlay",
        bargap=0.03,
    )


def shade(rate: float, usual: float) -> int:
    """Return which of the five shades a rate takes beside the usual one."""
    return sum(rate >= step * usual for step in STEPS) if usual else 0


def _numbered(rates: Sequence[Sequence[float | None]]) -> list[tuple[int, int, float]]:
    """Return the cells that are shown: across, up, share."""
    return [(x, y, rate) for y, row in enumerate(rates) for x, rate in enumerate(row) if rate is not None]


def _number(rate: float | None, usual: float) -> str:
    return "" if rate is None or shade(rate, usual) == DARKEST else str(round(100 * rate))


def _pale(cells: Sequence[tuple[int, int, float]]) -> dict:
    """Return the numbers of the darkest cells."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _, _ in cells],
        "y": [y for _, y, _ in cells],
        "text": [str(round(100 * rate)) for _, _, rate in cells],
        "textfont": {"size": 14, "color": SHEET},
        "hoverinfo": "skip",
    }


def _cells(rates: Sequence[Sequence[float | None]], usual: float, ramp: Sequence[str]) -> dict:
    shades = len(ramp)
    stops = [[(i + end) / shades, ramp[i]] for i in range(shades) for end in (0, 1)]
    return {
        "type": "heatmap",
        "z": [[None if rate is None else shade(rate, usual) for rate in row] for row in rates],
        "text": [[_number(rate, usual) for rate in row] for row in rates],
        "texttemplate": "%{text}",
        "textfont": {"size": 14, "color": INK},
        "zmin": -0.5,
        "zmax": shades - 0.5,
        "colorscale": stops,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hoverinfo": "skip",
    }


def _hatching(cells: Sequence[tuple[int, int]]) -> dict:
    return {
        "type": "bar",
        "x": [x for x, _ in cells],
        "base": [round(y - 0.48, 2) for _, y in cells],
        "y": [0.96] * len(cells),
        "marker": {
            "color": SHEET,
            "pattern": {"shape": "/", "size": 8, "solidity": 0.2, "fgcolor": NEUTRAL, "bgcolor": SHEET},
        },
        "hoverinfo": "skip",
    }


def _axis(side: Side) -> dict:
    places = [place + 0.5 for place in range(len(side.labels))] if side.between else range(len(side.labels))
    return {"tickvals": list(places), "ticktext": list(side.labels)}
