"""The points statement as it is seen: a ledger whose rows are also the steps of a drawing."""

from collections.abc import Mapping
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import formats
from components.figure import Cell, Table
from components.i18n import own, plural, t, typeset
from components.statement import OTHERS, Entry, Line, Statement, Unit
from data.portfolios import Portfolio
from model.results import Assessment, Contribution, Value

PAD = 0.08  # of the drawing, free at either end
APART = 0.25  # of the drawing, between two labels of its scale
EDGE = 0.2  # of the drawing, where the longest label must face inwards


@dataclass(frozen=True)
class Scale:
    """Where points lie in the drawing, from 0 to 1."""

    low: float
    high: float

    @classmethod
    def over(cls, statement: Statement, assessment: Assessment) -> "Scale":
        """Return the scale that holds every bar, both files and the pass mark."""
        reached = [assessment.pass_mark, assessment.base_points, assessment.points]
        for entry in statement.entries:
            for step in (entry, *entry.lines):
                reached += [step.start, step.start + step.points]
        low, high = min(reached), max(reached)
        free = PAD * max(high - low, 1.0)
        return cls(low - free, high + free)

    def place(self, points: float) -> float:
        return (points - self.low) / (self.high - self.low)

    def percent(self, points: float) -> str:
        return f"{100 * self.place(points):.2f}%"

    def span(self, points: float) -> str:
        return f"{100 * abs(points) / (self.high - self.low):.2f}%"


@dataclass(frozen=True)
class Ledger:
    """All that the rows need: the file, what it is compared with, the unit and the words."""

    portfolio: Portfolio
    assessment: Assessment
    reference: Mapping[str, Value]
    statement: Statement
    unit: Unit
    lang: str

    def theme(self, entry: Entry) -> str:
        """Return the name of a theme; the small ones together say how many inputs they hold."""
        if entry.theme == OTHERS:
            return plural("interpretation.others", len(entry.parts), self.lang)
        return typeset(self.portfolio.words(self.lang)["themes"].get(entry.theme, entry.theme), self.lang)

    def label(self, feature: str) -> str:
        return typeset(self.portfolio.columns[feature].label(self.lang), self.lang)

    def value(self, feature: str, raw: Value) -> str:
        return formats.value(self.portfolio, feature, raw, self.lang)


def draw(ledger: Ledger) -> Component:
    """Return the ledger, its first theme open; ``assets/interpretation.js`` opens and shuts them."""
    scale = Scale.over(ledger.statement, ledger.assessment)
    bodies: list[Component] = [html.Tbody(_first(ledger, scale))]
    for number, entry in enumerate(ledger.statement.entries):
        name = f"statement-{number}"
        bodies.append(html.Tbody(_theme(ledger, entry, scale, name, opened=number == 0)))
        end = {"--end": scale.percent(entry.start + entry.points)}
        rows = [_line(ledger, line, scale) for line in entry.lines]
        bodies.append(html.Tbody(rows, id=name, hidden=number > 0, className="lines", style=end))
    bodies.append(html.Tbody(_last(ledger, scale)))
    columns = html.Colgroup([html.Col(className=name) for name in ("l1", "l2", "l3", "", "l4", "l5")])
    return html.Table(
        [columns, html.Thead(_head(ledger, scale)), *bodies],
        className="ledger statement",
        style={"--mark": scale.percent(ledger.assessment.pass_mark)},
    )


def _head(ledger: Ledger, scale: Scale) -> Component:
    lang, unit = ledger.lang, ledger.unit.name
    return html.Tr(
        [
            html.Th(t("interpretation.column.theme", lang), scope="col"),
            html.Th(
                own(ledger.portfolio, "interpretation.column.here_value", lang), scope="col", className="num"
            ),
            html.Th(
                own(ledger.portfolio, "interpretation.column.just_accepted", lang),
                scope="col",
                className="num",
            ),
            html.Th(_axis(ledger, scale), className="chart"),
            html.Th(t(f"interpretation.{unit}.move", lang), scope="col", className="num"),
            html.Th(t(f"interpretation.{unit}.balance", lang), scope="col", className="num"),
        ]
    )


def _axis(ledger: Ledger, scale: Scale) -> list[Component]:
    """Return the labels of the drawing's scale: the mark, then whichever file has room."""
    told = ledger.assessment
    mark = t("ruler.pass_mark", ledger.lang, points=formats.points(told.pass_mark, ledger.lang))
    taken = [scale.place(told.pass_mark)]
    side = "start" if taken[0] < EDGE else "end" if taken[0] > 1 - EDGE else ""
    labels = [html.Span(mark, className=f"k {side}".strip(), style={"left": scale.percent(told.pass_mark)})]
    for points in (told.points, told.base_points):
        if all(abs(scale.place(points) - other) >= APART for other in taken):
            taken.append(scale.place(points))
            style = {"left": scale.percent(points)}
            labels.append(html.Span(formats.points(points, ledger.lang), style=style))
    return labels


def _first(ledger: Ledger, scale: Scale) -> Component:
    base = ledger.statement.base
    stop = html.Span(className="stop first", style={"left": scale.percent(ledger.assessment.base_points)})
    name = own(ledger.portfolio, "interpretation.average_file", ledger.lang)
    return _row(ledger, "theme", name, stop, None, base, 0)


def _last(ledger: Ledger, scale: Scale) -> Component:
    told, statement = ledger.assessment, ledger.statement
    stop = html.Span(className="stop last", style={"left": scale.percent(told.points)})
    name = own(ledger.portfolio, "interpretation.this_file", ledger.lang)
    moved = told.points - told.base_points
    return _row(ledger, "total", name, stop, statement.total - statement.base, statement.total, moved)


def _theme(ledger: Ledger, entry: Entry, scale: Scale, name: str, *, opened: bool) -> Component:
    attributes = {"aria-expanded": "true" if opened else "false", "aria-controls": name}
    button = html.Button(ledger.theme(entry), type="button", className="twist", **attributes)
    bar = _bar(entry.start, entry.points, scale)
    return _row(ledger, "theme", button, bar, entry.shown, entry.balance, entry.points)


def _line(ledger: Ledger, line: Line, scale: Scale) -> Component:
    bar = _bar(line.start, line.points, scale)
    if line.part is None:
        name = plural("interpretation.rest", line.count, ledger.lang)
        return _row(ledger, "sub", name, bar, line.shown, None, line.points)
    feature = line.part.feature
    return _row(
        ledger,
        "sub",
        ledger.label(feature),
        bar,
        line.shown,
        None,
        line.points,
        _value(ledger.value(feature, line.part.value), line.part.value, ledger.lang),
        ledger.value(feature, ledger.reference.get(feature)),
    )


def _row(
    ledger: Ledger,
    kind: str,
    name: Component | str,
    drawn: Component,
    moved: int | None,
    balance: int | None,
    points: float,
    value: Component | str | None = None,
    reference: str | None = None,
) -> Component:
    unit, lang = ledger.unit, ledger.lang
    colour = "" if not moved else "fav" if points > 0 else "unf"
    return html.Tr(
        [
            html.Th(name, scope="row") if kind != "sub" else html.Td(name),
            html.Td(value, className="num"),
            html.Td(reference, className="num label"),
            html.Td(drawn, className="chart"),
            html.Td(
                None if moved is None else unit.shown(moved, lang, signed=True), className=f"num {colour}"
            ),
            html.Td(None if balance is None else unit.shown(balance, lang), className="num"),
        ],
        className=kind,
    )


def _bar(start: float, points: float, scale: Scale) -> Component:
    left = scale.percent(min(start, start + points))
    style = {"left": left, "width": scale.span(points)}
    return html.Span(className="bar f" if points > 0 else "bar u", style=style)


def _value(shown: str, raw: Value, lang: str) -> Component | str:
    return html.Span(shown, className="absent") if formats.is_missing(raw) else shown


def table(ledger: Ledger) -> Table:
    """Return every input with its exact points, none left out."""
    lang, unit = ledger.lang, ledger.unit
    names = ("theme", "feature", "here_value", "just_accepted", "exact")
    head = [
        (own(ledger.portfolio, f"interpretation.column.{name}", lang), number >= 2)
        for number, name in enumerate(names)
    ]
    head.append((t(f"interpretation.{unit.name}.balance", lang), True))
    told, statement = ledger.assessment, ledger.statement
    average, file = (
        own(ledger.portfolio, f"interpretation.{name}", lang) for name in ("average_file", "this_file")
    )
    rows: list[list[Cell]] = [
        [average, "", "", "", _exact(told.base_points, lang), _balance(ledger, statement.base)]
    ]
    for entry in statement.entries:
        theme, moved = ledger.theme(entry), _exact(entry.points, lang, signed=True)
        rows.append([theme, "", "", "", moved, _balance(ledger, entry.balance)])
        rows += [_input(ledger, theme, part, collected=True) for part in entry.parts]
    shown = {part.feature for entry in statement.entries for part in entry.parts}
    for part in told.contributions:
        if part.feature not in shown:
            theme = typeset(ledger.portfolio.words(lang)["themes"].get(part.theme, part.theme), lang)
            rows.append(_input(ledger, theme, part, collected=False))
    rows.append([file, "", "", "", _exact(told.points, lang), _balance(ledger, statement.total)])
    return Table(head, rows, pick=len(rows) - 1)


def _input(ledger: Ledger, theme: str, part: Contribution, *, collected: bool) -> list[Cell]:
    lang, usual = ledger.lang, ledger.reference.get(part.feature)
    value = (
        ledger.value(part.feature, part.value) if collected else t("interpretation.value.not_collected", lang)
    )
    return [
        theme,
        ledger.label(part.feature),
        (value, _number(part.value)),
        (ledger.value(part.feature, usual), _number(usual)),
        _exact(part.points, lang, signed=True),
        "",
    ]


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) and not formats.is_missing(value) else None


def _exact(points: float, lang: str, signed: bool = False) -> Cell:
    return formats.number(points, lang, 2, signed=signed), points


def _balance(ledger: Ledger, amount: int) -> Cell:
    return ledger.unit.shown(amount, ledger.lang), amount / 10**ledger.unit.decimals
