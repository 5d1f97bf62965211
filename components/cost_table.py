"""What a mark would change, and what every mark costs, in figures."""

from dash import html
from dash.development.base_component import Component

from components import formats
from components.charts import cost
from components.figure import Table
from components.i18n import own, t, typeset
from data.portfolios import Portfolio
from model.results import CostAnswer

FILES, AMOUNT = "files", "amount"

# Each row of the comparison, and whether it details the one above.
_ROWS = (
    ("flagged", False),
    ("false_positive", True),
    ("true_positive", True),
    ("passed", False),
    ("false_negative", True),
)


def compared(portfolio: Portfolio, answer: CostAnswer, lang: str) -> Component:
    """Return what changes per 1,000 between the mark in force and the tuned one."""
    words = portfolio.words(lang)["desk"]
    same = answer.tuned == answer.in_force
    heads = [own(portfolio, f"performance.desk.per_1000.{unit(answer)}", lang)]
    heads += [t("performance.desk.in_force", lang, mark=formats.points(answer.in_force, lang))]
    if not same:
        heads += [
            t("performance.desk.tuned", lang, mark=formats.points(answer.tuned, lang)),
            t("performance.desk.change", lang),
        ]
    rows = [
        html.Tr(
            [
                html.Td(typeset(words["rows"][key], lang), className="inner" if inner else ""),
                *_three(answer, key, same, lang),
            ]
        )
        for key, inner in _ROWS
    ]
    label = t("performance.desk.cost", lang, ratio=formats.number(answer.ratio, lang))
    rows.append(html.Tr([html.Td(label), *_three(answer, "cost", same, lang)], className="total"))
    head = [html.Th(text, className="num" if place else "", scope="col") for place, text in enumerate(heads)]
    return html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="compared")


def _three(answer: CostAnswer, key: str, same: bool, lang: str) -> list[Component]:
    now, then = (
        cells.cost(answer.ratio) if key == "cost" else getattr(cells, key)
        for cells in (answer.now, answer.then)
    )
    shown = [formats.number(now, lang, 1)]
    if not same:
        shown += [formats.number(then, lang, 1), formats.number(then - now, lang, 1, signed=True)]
    return [html.Td(text, className="num") for text in shown]


def every_mark(answer: CostAnswer, lang: str) -> Table:
    """Return the curve in numbers, every five points, the three marks included."""
    first, last = cost.window(answer)
    special = {answer.in_force, answer.tuned, answer.theoretical}
    rows, pick = [], None
    for place, mark in enumerate(answer.marks):
        if not first <= mark <= last or (mark % 5 and mark not in special):
            continue
        if mark == answer.in_force:
            pick = len(rows)
        values = (answer.cost[place], answer.low[place], answer.high[place])
        rows.append(
            [
                (formats.points(mark, lang), float(mark)),
                *((formats.number(value, lang, 1), float(value)) for value in values),
            ]
        )
    head = [(t(f"performance.desk.head.{key}", lang), True) for key in ("mark", "cost", "low", "high")]
    return Table(head, rows, pick)


def unit(answer: CostAnswer) -> str:
    """Return what a thousand counts."""
    return AMOUNT if answer.by_amount else FILES
