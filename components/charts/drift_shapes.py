"""Small drawings of a drift table: two distributions one over the other, an index over the batches.

They are pictures of a few hundred bytes in the page itself: a table of them needs neither Plotly nor
a request, and prints. What they show stands beside them in numbers.
"""

from collections.abc import Sequence
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from components.charts.plot import CONTROL, INK, NEUTRAL, NEUTRAL_FILL
from model.drift_results import Shape

WIDTH, HEIGHT, TOP = 170, 42, 2
BASE = HEIGHT - 2
LINE_WIDTH, LINE_HEIGHT = 150, 34
HIGHEST = 5.0  # times the limit: an index that is higher is drawn there


def distributions(shape: Shape, reading: str) -> Component:
    """Return training in grey bars with the batch as a line over them."""
    most = max((*shape.before, *shape.after), default=0) or 1.0
    step = WIDTH / len(shape.before)
    tops, line = (
        [BASE - (BASE - TOP) * share / most for share in shares] for shares in (shape.before, shape.after)
    )
    bars = "".join(
        f"M{n * step + 0.5:.1f} {BASE}V{top:.1f}h{step - 1:.1f}V{BASE}" for n, top in enumerate(tops)
    )
    steps = "V".join(f"{top:.1f}H{(n + 1) * step:.1f}" for n, top in enumerate(line))
    drawn = (
        f"<path d='{bars}' fill='{NEUTRAL_FILL}'/>"
        f"<path d='M0 {steps}' fill='none' stroke='{INK}' stroke-width='1.8'/>"
        f"<path d='M0 {BASE + 0.5}H{WIDTH}' stroke='{CONTROL}'/>"
    )
    return _picture(drawn, WIDTH, HEIGHT, reading)


def over_time(values: Sequence[float], limit: float, reading: str) -> Component:
    """Return an index over the batches, the last one dotted, with its limit."""
    values = [min(value, limit * HIGHEST) for value in values]
    most = max(limit * 1.25, *values)
    step = (LINE_WIDTH - 12) / max(len(values) - 1, 1)

    def height(value: float) -> float:
        return LINE_HEIGHT - 4 - (LINE_HEIGHT - 9) * value / most

    points = [(4 + place * step, height(value)) for place, value in enumerate(values)]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    x, y = points[-1]
    drawn = (
        f"<path d='M0 {height(limit):.1f}H{LINE_WIDTH}' stroke='{NEUTRAL}' stroke-dasharray='2 3'/>"
        f"<path d='M{path}' fill='none' stroke='{INK}' stroke-width='1.8'/>"
        f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4' fill='{INK}'/>"
    )
    return _picture(drawn, LINE_WIDTH, LINE_HEIGHT, reading)


def _picture(drawn: str, width: int, height: int, reading: str) -> Component:
    text = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'>{drawn}</svg>"
    return html.Img(
        src="data:image/svg+xml," + quote(text, safe=" ='/:,"), width=width, height=height, alt=reading
    )
