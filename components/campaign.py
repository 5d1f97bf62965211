"""A campaign by its mark: contacts, acceptances and what is saved, on files never learnt from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import formats
from components.charts import reach
from components.figure import Table, figure
from components.i18n import plural, t
from components.rich import bold, fill
from components.sheet import sheet
from data.portfolios import Portfolio
from model.results import Reach

Ids = Callable[[str], dict[str, str]]
DRAG = 150  # milliseconds that a field rests before the sheet answers
DEAREST = 100_000  # the most that a contact may be said to cost


@dataclass(frozen=True, slots=True)
class Step:
    """What a mark comes to: for everyone, then by the name of each segment.

    ``probability`` is None when everyone is contacted; ``kind`` is ``none`` (no mark), ``force`` (the
    mark in force), ``tried`` or empty.
    """

    probability: float | None
    points: int | None
    kind: str
    reach: Reach
    segments: Mapping[str, Reach]


@dataclass(frozen=True, slots=True)
class Campaign:
    """Everything that the sheet shows: ``rows`` files of ``years`` judged, at ``cost`` a contact."""

    steps: Sequence[Step]
    rows: int
    years: str
    cost: float


def section(
    portfolio: Portfolio, told: Campaign, marks: tuple[int, int], tried: int, ids: Ids, lang: str
) -> Component:
    """Return the sheet, with the fields that change it; ``marks`` are the ends of what may be tried."""
    return sheet(
        "campaign",
        t("campaign.title", lang),
        html.Div(_controls(portfolio, told, marks, tried, ids, lang), className="campaign-controls"),
        html.Div(changing(portfolio, told, lang), id=ids("campaign-told"), **{"aria-live": "polite"}),
    )


def summary(portfolio: Portfolio, told: Campaign, onward: Component | None, lang: str) -> Component:
    """Return the sheet as a page about one file shows it, without fields."""
    return sheet("campaign", t("campaign.title", lang), *changing(portfolio, told, lang), aside=onward)


def changing(portfolio: Portfolio, told: Campaign, lang: str) -> list[Component]:
    """Return everything that follows the fields."""
    reading = _reading(portfolio, told, lang)
    said = "".join(part if isinstance(part, str) else part.children for part in reading)
    bars = [(_mark(step, lang), step.reach, _counted(step.reach, lang)) for step in told.steps]
    drawn = html.Div([reach.draw(bars, said), _table(portfolio, told, lang)])
    return [
        figure("campaign", drawn, reading, _exact(portfolio, told, lang), lang, image=False),
        html.P(_note(portfolio, told, lang), className="note"),
    ]


def _controls(
    portfolio: Portfolio, told: Campaign, marks: tuple[int, int], tried: int, ids: Ids, lang: str
) -> list[Component]:
    currency = formats.SYMBOLS.get(portfolio.settings.get("currency", ""), "")
    label = t("campaign.cost.in" if currency else "campaign.cost", lang, currency=currency)
    cost = dbc.Input(
        type="number", min=0, max=DEAREST, step="any", value=told.cost, debounce=DRAG, id=ids("campaign-cost")
    )
    slider = dbc.Input(
        type="range", min=marks[0], max=marks[1], step=1, value=str(tried), debounce=DRAG,
        id=ids("campaign-mark"),
    )  # fmt: skip
    ends = [html.Span(formats.points(end, lang)) for end in marks]
    return [
        html.Label([html.Span(label, className="label"), cost], className="cost"),
        html.Div(
            [
                html.Label(
                    [html.Span(t("campaign.another", lang), className="label"), slider], className="ratio"
                ),
                html.P(ends, className="note ends"),
            ]
        ),
    ]


def _reading(portfolio: Portfolio, told: Campaign, lang: str) -> list:
    """Return what each mark saves and keeps, one sentence for each."""
    pieces: list = []
    for step in told.steps:
        if step.probability is None:
            continue
        one = step.reach
        kept = one.accepted / one.of_accepted if one.of_accepted else 0.0
        sentence = plural("campaign.reading", one.avoided, lang, count="{avoided}", mark="{mark}",
                          saved="{saved}", kept="{kept}")  # fmt: skip
        pieces += [" "] * bool(pieces)
        pieces += fill(
            sentence,
            mark=formats.percent(step.probability, lang),
            avoided=formats.number(one.avoided, lang),
            saved=bold(_money(portfolio, one.saved(told.cost), lang)),
            kept=bold(formats.per_hundred(kept, lang)),
        )
    return pieces


def _mark(step: Step, lang: str) -> str:
    if step.probability is None:
        return t("campaign.none", lang)
    return t("campaign.mark", lang, mark=formats.percent(step.probability, lang))


def _counted(one: Reach, lang: str) -> tuple[str, str]:
    """Return how many are contacted, and how many of them accept."""
    return (
        plural("campaign.contacts", one.contacts, lang, count=formats.number(one.contacts, lang)),
        plural("campaign.accepted", one.accepted, lang, count=formats.number(one.accepted, lang)),
    )


HEADS = ("mark", "contacts", "accepted", "conversion", "avoided", "saved", "lost")


def _table(portfolio: Portfolio, told: Campaign, lang: str) -> Component:
    head = [
        html.Th(t(f"campaign.head.{key}", lang), scope="col", className="num" if place else "")
        for place, key in enumerate(HEADS)
    ]
    body: list[Component] = []
    for step in told.steps:
        cells = [shown for shown, _ in _cells(portfolio, step.reach, told.cost, lang)]
        strong = [html.B(_named(step, lang)), html.B(cells[0]), html.B(cells[1]), *cells[2:]]
        body.append(_row(strong))
        if step.probability is None:
            continue
        for name, one in step.segments.items():
            body.append(
                _row(
                    [name, *(cell for cell, _ in _cells(portfolio, one, told.cost, lang)[:3]), "", "", ""],
                    inner=True,
                )
            )
    return html.Div(
        html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="reach-table"),
        className="wide",
        tabIndex=0,
    )


def _row(cells: Sequence, inner: bool = False) -> Component:
    styles = ["inner" if inner else "", *["num"] * (len(cells) - 1)]
    return html.Tr([html.Td(cell, className=style) for cell, style in zip(cells, styles, strict=True)])


def _named(step: Step, lang: str) -> str:
    """Return a mark as the table names it."""
    if step.probability is None:
        return t("campaign.none.all", lang)
    mark, points = formats.percent(step.probability, lang), formats.points(step.points or 0, lang)
    key = {"force": "campaign.mark.force", "tried": "campaign.mark.tried"}.get(
        step.kind, "campaign.mark.points"
    )
    return t(key, lang, mark=mark, points=points)


def _cells(portfolio: Portfolio, one: Reach, cost: float, lang: str) -> list[tuple[str, float | None]]:
    """Return the figures of a mark, shown and exact."""
    conversion = one.conversion
    return [
        (formats.number(one.contacts, lang), one.contacts),
        (formats.number(one.accepted, lang), one.accepted),
        ("" if conversion is None else formats.percent(conversion, lang, 1), conversion),
        (formats.number(one.avoided, lang), one.avoided),
        (_money(portfolio, one.saved(cost), lang), one.saved(cost)),
        (formats.number(one.lost, lang), one.lost),
    ]


def _exact(portfolio: Portfolio, told: Campaign, lang: str) -> Table:
    """Return every figure, segments included, to be copied or saved."""
    rows = []
    for step in told.steps:
        rows.append([_named(step, lang), *_cells(portfolio, step.reach, told.cost, lang)])
        rows += [
            [f"{_named(step, lang)}, {name}", *_cells(portfolio, one, told.cost, lang)]
            for name, one in step.segments.items()
        ]
    return Table([(t(f"campaign.head.{key}", lang), bool(place)) for place, key in enumerate(HEADS)], rows)


def _note(portfolio: Portfolio, told: Campaign, lang: str) -> str:
    cost = formats.money(told.cost, lang, 0 if float(told.cost).is_integer() else 2, _currency(portfolio))
    return t("campaign.note", lang, rows=formats.number(told.rows, lang), years=told.years, cost=cost)


def _money(portfolio: Portfolio, amount: float, lang: str) -> str:
    return formats.money(round(amount), lang, 0, _currency(portfolio))


def _currency(portfolio: Portfolio) -> str:
    return portfolio.settings.get("currency", "")
