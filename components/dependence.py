"""What the points of one input do when its value changes: in words, and as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from dash import html
from dash.development.base_component import Component

from components import formats, i18n
from components.charts.axis import reversed_axis
from components.figure import Cell, Table
from components.i18n import t, typeset
from data.portfolios import Column, Portfolio
from model.results import Value

MOST_ROWS = 12
LITTLE = 0.5  # points: what moves less says so
LEAST_GAP = 0.1  # points between two trends, under which they are the same


@dataclass(frozen=True)
class Dependence:
    """One input: its effect over all files (see ``model.effects.effect``) and this file's own.

    ``points`` is what it moved here; ``collected`` is False when it belongs to a history that was
    not collected for this file. With ``crossed`` the trend is drawn on either side of a partner.
    """

    portfolio: Portfolio
    feature: str
    effect: Mapping
    value: Value
    points: float
    collected: bool = True
    crossed: bool = False

    @property
    def column(self) -> Column:
        return self.portfolio.columns[self.feature]

    @property
    def partner(self) -> str | None:
        """The strongest interaction partner that training found, if any."""
        return self.effect.get("crossed", {}).get("with")

    @property
    def in_rows(self) -> bool:
        """Whether values are names, one under the other, rather than places on an axis."""
        return self.column.kind in ("flag", "category")

    @property
    def has_value(self) -> bool:
        return self.collected and not formats.is_missing(self.value)

    @cached_property
    def sign(self) -> int:
        """-1 where the axis runs against the numbers."""
        return -1 if reversed_axis(self.column) else 1

    @cached_property
    def trend(self) -> list[tuple]:
        """Cells ``(value, low, middle, high, files)`` in the order in which they are read."""
        cells = self.effect["cells"]
        found = list(zip(*(cells[name] for name in ("at", "low", "middle", "high", "rows")), strict=True))
        if self.in_rows:
            return sorted(found, key=lambda cell: cell[2])
        return sorted(found, key=lambda cell: self.sign * cell[0])

    def name(self, lang: str) -> str:
        return typeset(self.column.label(lang), lang)

    def worded(self, value: Value, lang: str) -> str:
        return formats.value(self.portfolio, self.feature, value, lang)


def moved(points: float, lang: str) -> str:
    """Return points with a tenth and their sign."""
    return formats.number(points, lang, 1, signed=True)


def here(told: Dependence, lang: str) -> str:
    """Return the label of this file: "ce dossier : 22 %, −10,0 points"."""
    value = told.worded(told.value, lang)
    return i18n.own(told.portfolio, "interpretation.here", lang, value=value, points=moved(told.points, lang))


def shown_rows(told: Dependence) -> list[tuple]:
    """Return the categories drawn: the commonest, and this file's own; the table has them all."""
    common = sorted(told.trend, key=lambda cell: -cell[4])[:MOST_ROWS]
    return [cell for cell in told.trend if cell in common or same(cell[0], told.value)]


def same(code: Value, value: Value) -> bool:
    """Say whether a cell is the one of a value (flags may be numbers or letters)."""
    if formats.is_missing(value):
        return False
    return code == value or str(code) == str(value)


def reading(told: Dependence, lang: str) -> str:
    """Return the effect over all files, then what it is in this one."""
    return f"{_general(told, lang)} {_in_this_file(told, lang)}".strip()


def _general(told: Dependence, lang: str) -> str:
    if told.effect["shape"] == "none":
        return i18n.own(told.portfolio, "interpretation.few", lang)
    if len(told.trend) == 1:
        return i18n.own(
            told.portfolio, "interpretation.single", lang, value=told.worded(told.trend[0][0], lang)
        )
    middles = [cell[2] for cell in told.trend]
    if max(max(middles), -min(middles)) < LITTLE:
        return t("interpretation.little", lang)
    crossings = [] if told.in_rows else _crossings(told)
    if told.in_rows or len(crossings) > 1:
        return _extremes(told, lang)
    if not crossings:
        way = "adds" if middles[0] > 0 else "takes"
        low, high = sorted(abs(points) for points in (min(middles), max(middles)))
        return t(f"interpretation.always.{way}", lang, low=_size(low, lang), high=_size(high, lang))
    ((at, way),) = crossings
    when = "when" if _is_date(told) else "beyond"
    return i18n.own(told.portfolio, f"interpretation.{when}.{way}", lang, value=told.worded(at, lang))


def _crossings(told: Dependence) -> list[tuple[float, str]]:
    """Return where the trend crosses nought, and which way it goes from there."""
    cells = [(cell[0], cell[2]) for cell in told.trend if cell[2] != 0]
    found = []
    for (at, before), (then, after) in pairwise(cells):
        if before * after < 0:
            found.append((at + (then - at) * before / (before - after), "takes" if after < 0 else "adds"))
    return found


def _is_date(told: Dependence) -> bool:
    return told.column.unit in ("days_when", "months_when")


def _extremes(told: Dependence, lang: str) -> str:
    shown = shown_rows(told) if told.in_rows else told.trend
    best, worst = max(shown, key=lambda cell: cell[2]), min(shown, key=lambda cell: cell[2])
    # "around" fits a number, not a date ("in 18 days"), nor a name.
    way = "extremes" if told.in_rows else "dates" if _is_date(told) else "around"
    return i18n.own(
        told.portfolio,
        f"interpretation.{way}",
        lang,
        best=told.worded(best[0], lang),
        most=moved(best[2], lang),
        worst=told.worded(worst[0], lang),
        least=moved(worst[2], lang),
    )


def _in_this_file(told: Dependence, lang: str) -> str:
    if not told.collected:
        return i18n.own(told.portfolio, "interpretation.here.not_collected", lang)
    size = _size(abs(told.points), lang)
    way = "none" if abs(told.points) < 0.05 else "adds" if told.points > 0 else "takes"
    if not told.has_value:
        return t(f"interpretation.here.missing.{way}", lang, points=size)
    value = told.worded(told.value, lang)
    kind = (
        "name" if told.in_rows else "when" if told.column.unit in ("days_when", "months_when") else "number"
    )
    return i18n.own(told.portfolio, f"interpretation.here.{kind}.{way}", lang, value=value, points=size)


def crossing(told: Dependence, lang: str) -> Component | None:
    """Return the key of the two trends, None when not crossed."""
    if not told.crossed:
        return None
    shape = "dot" if told.in_rows else "stroke"
    return html.Ul(
        [
            html.Li([html.Span(className=f"sample {shape} {side}", **{"aria-hidden": "true"}), key])
            for side, key in zip(("low", "high"), _keys(told, lang), strict=True)
        ],
        className="drawing-key",
    )


def _keys(told: Dependence, lang: str) -> list[str]:
    """Return the two sides of the partner in words."""
    crossed = told.effect["crossed"]
    name = typeset(told.portfolio.columns[crossed["with"]].label(lang), lang)

    def worded(value: Value) -> str:
        return formats.value(told.portfolio, crossed["with"], value, lang)

    if "values" in crossed:
        return [t("interpretation.side", lang, partner=name, value=worded(one)) for one in crossed["values"]]
    ends = ("upto", "from")
    return [t(f"interpretation.side.{e}", lang, partner=name, value=worded(crossed[e])) for e in ends]


def apart(told: Dependence, lang: str) -> str:
    """Return in a sentence how far the trend on the high side of the partner lies from the other."""
    gaps = [high - low for low, high in _pairs(told)]
    if not gaps:
        return t("interpretation.apart.unknown", lang)
    size = _size(max(gaps, key=abs), lang)
    if max(abs(gap) for gap in gaps) < LEAST_GAP:
        return t("interpretation.apart.none", lang)
    way = "more" if min(gaps) >= 0 else "less" if max(gaps) <= 0 else "both"
    return t(f"interpretation.apart.{way}", lang, points=size)


def _pairs(told: Dependence) -> list[tuple[float, float]]:
    """Return the points of both trends wherever both are known."""
    low, high = (
        dict(zip(side["at"], side["middle"], strict=True)) for side in told.effect["crossed"]["sides"]
    )
    if told.in_rows:
        return [(points, high[at]) for at, points in low.items() if at in high]
    found = ((points, _between(sorted(high.items()), at)) for at, points in low.items())
    return [(points, other) for points, other in found if other is not None]


def _between(trend: list[tuple[float, float]], at: float) -> float | None:
    """Return the points of a trend at a value, on the straight line between its cells."""
    for (left, before), (right, after) in pairwise(trend):
        if left <= at <= right:
            return before + (after - before) * (at - left) / (right - left)
    return None


def table(told: Dependence, lang: str) -> Table:
    """Return the cells as a table; this file's own is the last row."""
    if told.crossed:
        return _crossed_table(told, lang)
    said = [
        (i18n.own(told.portfolio, f"interpretation.column.{name}", lang), True)
        for name in ("low", "middle", "high", "files")
    ]
    head = [(told.name(lang), not told.in_rows), *said]
    rows = [_row(told.worded(cell[0], lang), cell[0], cell[1:4], cell[4], lang) for cell in told.trend]
    if "missing" in told.effect:
        *points, files = told.effect["missing"]
        rows.append(_row(t("value.missing", lang), None, points, files, lang))
    if not told.collected:
        return Table(head, rows)
    own = (
        i18n.own(told.portfolio, "interpretation.this_file.value", lang, value=told.worded(told.value, lang)),
        None,
    )
    rows.append([own, "", (moved(told.points, lang), told.points), "", ""])
    return Table(head, rows, pick=len(rows) - 1)


def _crossed_table(told: Dependence, lang: str) -> Table:
    head = [(told.name(lang), not told.in_rows), (t("interpretation.partner", lang), False)]
    rows = [
        [(told.worded(at, lang), _number(at)), key, (moved(points, lang), points)]
        for side, key in zip(told.effect["crossed"]["sides"], _keys(told, lang), strict=True)
        for at, points in zip(side["at"], side["middle"], strict=True)
    ]
    return Table([*head, (t("interpretation.column.middle", lang), True)], rows)


def _number(value: Value) -> float | None:
    return value if isinstance(value, float) else None


def _row(name: str, exact: Value, points: list[float], files: int, lang: str) -> list[Cell]:
    told = [(moved(one, lang), one) for one in points]
    return [(name, _number(exact)), *told, (formats.number(files, lang), float(files))]


def _size(points: float, lang: str) -> str:
    return formats.number(abs(points), lang, 1)
