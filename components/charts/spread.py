"""How the points of the weightiest inputs are spread over all files, shaded by the value."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from dash import html
from dash.development.base_component import Component

from components import formats
from components.charts.axis import marks, reversed_axis
from components.charts.plot import CONTROL, INK, LINE, NEUTRAL, SHEET, plot
from components.figure import Table
from components.i18n import own, t, typeset
from data.portfolios import Portfolio

MOST = 10
ROW = 46  # pixels
STEPS = ("low", "middle", "high", "any", "missing")
_LINE = 30  # characters on one line of a name
_TALL = 80  # height of the tallest bar, in hundredths of a row
_VISIBLE = 1.5
_FILL = {"low": LINE, "middle": CONTROL, "high": INK, "any": CONTROL}


@dataclass(frozen=True)
class Spread:
    """The spread of the weightiest inputs (see ``model.effects.spread``) and this file's points."""

    portfolio: Portfolio
    spread: Mapping
    here: Mapping[str, float]

    @property
    def names(self) -> list[str]:
        return list(self.spread["inputs"])[:MOST]

    def steps(self, name: str) -> dict[str, Sequence[int]]:
        """Return the counts by bin of each height of the value, "low" being low as it is worded."""
        found = self.spread["inputs"][name]
        if reversed_axis(self.portfolio.columns[name]):
            found = {{"low": "high", "high": "low"}.get(step, step): bins for step, bins in found.items()}
        return {step: found[step] for step in STEPS if any(found.get(step, ()))}

    def points(self, place: int) -> int:
        """Return the points at the middle of a bin."""
        return (self.spread["first"] + place) * self.spread["width"]

    def middle(self, counts: Sequence[int]) -> int:
        """Return the points of the bin that holds the middle file."""
        half = sum(counts) / 2
        return self.points(next(n for n, upto in enumerate(accumulate(counts)) if upto >= half))

    def label(self, name: str, lang: str) -> str:
        return typeset(self.portfolio.columns[name].label(lang), lang)


def draw(told: Spread, lang: str) -> dict:
    """Return the figure: a row for each input, bars as tall as there are files."""
    rows = len(told.names)
    bars: dict[str, dict[str, list]] = {step: {"x": [], "base": [], "y": []} for step in STEPS}
    for row, name in enumerate(told.names):
        _pile(told, name, 100 * (rows - 1 - row), bars)
    last = max(len(bins) for steps in told.spread["inputs"].values() for bins in steps.values()) - 1
    left, right = told.points(0) - told.spread["width"], told.points(last) + told.spread["width"]
    levels = marks(left, right, 7)
    baselines = [100 * (rows - 1 - row) for row in range(rows)]
    return plot(
        [*_bars(bars, told.spread["width"]), _dots(told, baselines, left, right)],
        barmode="overlay",
        hovermode=False,
        x={
            "range": [left, right],
            "tickvals": levels,
            "ticktext": [formats.points(level, lang, signed=True) for level in levels],
        },
        y={
            "range": [-25, 100 * rows],
            "tickvals": [base + 30 for base in baselines],
            "ticktext": [_wrapped(told.label(name, lang)) for name in told.names],
        },
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
    )


def height(told: Spread) -> int:
    """Return the height of the figure in pixels."""
    return 40 + ROW * len(told.names)


def _pile(told: Spread, name: str, baseline: int, bars: Mapping[str, Mapping[str, list]]) -> None:
    """Add the bars of one input: the heights of the value one on the other, scaled to the row."""
    steps = told.steps(name)
    tallest = max((sum(counts) for counts in zip(*steps.values(), strict=True)), default=1)
    piled: dict[int, float] = {}
    for step, counts in steps.items():
        for place, count in enumerate(counts):
            tall = _TALL * count / tallest
            if tall >= _VISIBLE:
                under = piled.get(place, 0.0)
                bars[step]["x"].append(told.points(place))
                bars[step]["base"].append(baseline + round(under))
                bars[step]["y"].append(round(under + tall) - round(under))
                piled[place] = under + tall


def _bars(bars: Mapping[str, Mapping[str, list]], width: int) -> list[dict]:
    hatched = {"shape": "/", "size": 5, "solidity": 0.2, "fgcolor": NEUTRAL, "bgcolor": SHEET}
    missing = {"color": SHEET, "line": {"color": CONTROL, "width": 1}, "pattern": hatched}
    return [
        {
            "type": "bar",
            **drawn,
            "width": 0.9 * width,
            "marker": {"color": _FILL[step]} if step in _FILL else missing,
        }
        for step, drawn in bars.items()
        if drawn["x"]
    ]


def _dots(told: Spread, baselines: Sequence[int], left: float, right: float) -> dict:
    x = [round(min(max(told.here.get(name, 0.0), left), right), 1) for name in told.names]
    marker = {"size": 11, "color": INK, "line": {"color": SHEET, "width": 2}}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": list(baselines),
        "marker": marker,
        "cliponaxis": False,
    }


def _wrapped(name: str) -> str:
    lines = textwrap.wrap(name, _LINE, max_lines=2, placeholder="…", break_on_hyphens=False)
    return "<br>".join(lines)


def reading(told: Spread, lang: str) -> str:
    """Return what the weightiest input does, low and high."""
    for name in told.names:
        steps = told.steps(name)
        if "low" in steps and "high" in steps:
            low, high = (formats.points(told.middle(steps[s]), lang, signed=True) for s in ("low", "high"))
            return t("interpretation.spread.reading", lang, name=told.label(name, lang), low=low, high=high)
    return t("interpretation.spread.plain", lang)


def key(told: Spread, lang: str) -> Component:
    """Return what the shades mean: only those drawn."""
    drawn = {step for name in told.names for step in told.steps(name)}
    words = {step: f"interpretation.step.{step}" for step in STEPS if step in drawn}
    if {"middle", "any"} <= drawn:  # one shade, so one sample
        words["middle"] = "interpretation.step.middle_any"
        del words["any"]
    return html.Ul(
        [
            html.Li(
                [
                    html.Span(className=f"sample {shape}", **{"aria-hidden": "true"}),
                    own(told.portfolio, word, lang),
                ]
            )
            for shape, word in [
                *(("shade " + s, word) for s, word in words.items()),
                ("own", "interpretation.step.file"),
            ]
        ],
        className="drawing-key",
    )


def table(told: Spread, lang: str) -> Table:
    """Return the middle points and the files of each input and height of the value."""
    columns = {"feature": False, "value": False, "middle": True, "files": True, "here": True}
    head = [
        (own(told.portfolio, f"interpretation.column.{name}", lang), number)
        for name, number in columns.items()
    ]
    rows = []
    for name in told.names:
        for step, counts in told.steps(name).items():
            middle, files, here = told.middle(counts), sum(counts), told.here.get(name, 0.0)
            rows.append(
                [
                    told.label(name, lang),
                    own(told.portfolio, f"interpretation.step.{step}", lang),
                    (formats.points(middle, lang, signed=True), float(middle)),
                    (formats.number(files, lang), float(files)),
                    (formats.number(here, lang, 1, signed=True), here),
                ]
            )
    return Table(head, rows)
