"""The state of the interpretation page, and its first sheet: the points statement."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dash import html
from dash.development.base_component import Component

from components import formats
from components.charts import ledger
from components.charts.ledger import Ledger
from components.dependence import Dependence
from components.figure import opened
from components.i18n import own, t, typeset
from components.links import INTERPRETATION, address, link
from components.rich import bold, fill
from components.sheet import sheet, unfold
from components.statement import POINTS, Statement, Unit, draw_up
from data.portfolios import Portfolio
from model.results import Assessment, Value

UNITS = ("points", "rate", "log_odds")


@dataclass(frozen=True)
class Choice:
    """The state of the page: the file, the unit, and the information whose effect is drawn."""

    portfolio: Portfolio
    client: str
    lang: str
    unit: str
    feature: str | None = None
    crossed: bool = False

    def of(self, told: Dependence) -> "Choice":
        """Return the same with what is drawn in the end."""
        return replace(self, feature=told.feature, crossed=told.crossed)

    def id(self, part: str, **more: str) -> dict[str, str]:
        """Return the id of a part of the page, which carries its state."""
        state = {"portfolio": self.portfolio.id, "client": self.client, "lang": self.lang, "unit": self.unit}
        return {"part": f"interpretation-{part}", **state, **more}

    def address(self, unit: str) -> str:
        place = {"portfolio": self.portfolio.id, "client": self.client, "lang": self.lang}
        return address(INTERPRETATION, **place, **query(unit, self.feature, self.crossed))


def query(unit: str, feature: str | None, crossed: bool) -> dict[str, str]:
    """Return the state that the address carries, besides the file and the language."""
    state = {
        "unit": "" if unit == UNITS[0] else unit,
        "feature": feature or "",
        "cross": "1" if crossed else "",
    }
    return {name: value for name, value in state.items() if value}


def statement(
    choice: Choice, assessment: Assessment, reference: Mapping[str, Value], unit: Unit
) -> Component:
    """Return the sheet of the points statement. ``reference`` holds the values of those just accepted."""
    lang = choice.lang
    told = _ledger(choice, assessment, reference, unit)
    points = told.statement if unit.name == "points" else draw_up(choice.portfolio, assessment, POINTS)
    note = None if unit.name == "points" else own(choice.portfolio, f"interpretation.{unit.name}.note", lang)
    return sheet(
        "statement",
        t("interpretation.statement", lang),
        html.P(_reading(choice.portfolio, told, points), className="reading"),
        html.P(note, className="note") if note else None,
        figure_later("statement", ledger.draw(told), None, choice),
        *_not_collected(choice.portfolio, assessment, lang),
        unfold(
            t("interpretation.how", lang),
            *(html.P(own(choice.portfolio, f"interpretation.how.{n}", lang)) for n in range(1, 5)),
        ),
        aside=html.Div(units(choice), id=choice.id("units")),
    )


def statement_table(
    choice: Choice, assessment: Assessment, reference: Mapping[str, Value], unit: Unit
) -> list[Component]:
    """Return the table of the statement, every input with its exact points."""
    return opened(ledger.table(_ledger(choice, assessment, reference, unit)), choice.lang, image=False)


def _ledger(choice: Choice, assessment: Assessment, reference: Mapping[str, Value], unit: Unit) -> Ledger:
    drawn = draw_up(choice.portfolio, assessment, unit)
    return Ledger(choice.portfolio, assessment, reference, drawn, unit, choice.lang)


def figure_later(name: str, drawing: Component, reading: str | None, choice: Choice) -> Component:
    """Return a figure whose table has a row for every input: it is asked for when it is opened."""
    summary = html.Summary(t("figure.table", choice.lang), id=choice.id("toggle", table=name))
    place = html.Div(id=choice.id("table", table=name), className="history-rows")
    return html.Div(
        [
            html.P(reading, className="reading") if reading else None,
            drawing,
            html.Details([summary, place], className="unfold"),
        ],
        className="figure",
        **{"data-figure": name},
    )


def units(choice: Choice) -> Component:
    """Return the switch of units: links, the address carries the choice."""
    lang = choice.lang
    names = {name: t(f"interpretation.unit.{name}", lang) for name in UNITS if name != "rate"}
    names["rate"] = typeset(choice.portfolio.words(lang)["frequency"]["short"], lang)
    links = [
        link(names[name], choice.address(name), **({"aria-current": "true"} if name == choice.unit else {}))
        for name in UNITS
    ]
    return html.Nav(links, className="switch", **{"aria-label": t("interpretation.unit", lang)})


def _reading(portfolio: Portfolio, told: Ledger, points: Statement) -> list:
    lang, assessment = told.lang, told.assessment
    heaviest = max(points.entries, key=lambda entry: abs(entry.shown))
    if is_alone := len(points.entries) == 1:  # of one theme, an input says more
        heaviest = max((line for line in heaviest.lines if line.part), key=lambda line: abs(line.shown))
    moved = formats.points(heaviest.shown, lang, signed=True)
    gap = points.total - round(assessment.pass_mark)
    way = "at" if gap == 0 else "under" if gap < 0 else "over"
    mark = formats.points(assessment.pass_mark, lang)
    sentence = own(
        portfolio,
        "interpretation.reading.inputs" if is_alone else "interpretation.reading",
        lang,
        base=formats.points(points.base, lang),
        theme=told.label(heaviest.part.feature) if is_alone else told.theme(heaviest),
        moved="{moved}",
        total="{total}",
        gap=t(f"verdict.distance.{way}", lang, gap=formats.points(abs(gap), lang), mark=mark),
    )
    colour = "unf" if heaviest.shown < 0 else "fav"
    worded = t("interpretation.moved", lang, points=moved)
    return fill(sentence, moved=bold(worded, colour), total=bold(formats.points(points.total, lang)))


def _not_collected(portfolio: Portfolio, assessment: Assessment, lang: str) -> list[Component]:
    said = portfolio.words(lang)["not_collected"]
    missing = [said[family] for family in portfolio.families if family not in assessment.families]
    if not missing:
        return []
    told = [typeset(" ".join(missing), lang), " ", t("interpretation.not_collected", lang)]
    return [html.P(told, className="info")]


def without_population(portfolio: Portfolio, lang: str) -> Component:
    """Return what stands where the figures of all files would, for a model that lacks them."""
    command = html.Code(f"python -m model train {portfolio.id}")
    return sheet(
        "population",
        own(portfolio, "interpretation.no_population", lang),
        html.P(t("interpretation.no_population.text", lang)),
        html.P([t("no_model.command", lang), " ", command], className="note"),
    )
