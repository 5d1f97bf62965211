"""The cost desk: try another ratio of costs, see what another mark would change, propose it."""

from collections.abc import Callable

from dash import dcc, html
from dash.development.base_component import Component

from components import formats
from components.charts import cost
from components.figure import Table, figure, graph
from components.i18n import t, typeset
from components.rich import bold, fill
from components.sheet import sheet
from data.portfolios import Portfolio
from model.results import Cells, CostAnswer

Ids = Callable[[str], dict[str, str]]
HEIGHT = 330
DRAG = 0.15  # seconds that the slider rests before the desk answers
LONGEST_NOTE = 1_000
FILES, AMOUNT = "files", "amount"


def section(
    portfolio: Portfolio,
    answer: CostAnswer,
    ratios: tuple[int, int],
    usual: float,
    proposals: Component,
    ids: Ids,
    lang: str,
) -> Component:
    """Return the desk.

    Parameters
    ----------
    ratios : lowest and highest ratio that may be tried
    usual : the ratio that the portfolio is set at
    proposals : the list of what was proposed
    """
    return sheet(
        "desk",
        t("performance.desk", lang),
        html.Div(
            [
                html.Div(_controls(portfolio, answer, ratios, ids, lang), className="c4"),
                html.Div(results(portfolio, answer, usual, lang), id=ids("desk-results"), className="c8"),
            ],
            className="grid desk",
        ),
        _form(portfolio, answer, ids, lang),
        html.Div(proposals, id=ids("desk-proposals")),
    )


def _controls(
    portfolio: Portfolio, answer: CostAnswer, ratios: tuple[int, int], ids: Ids, lang: str
) -> list[Component]:
    words = portfolio.words(lang)["desk"]
    slider = dcc.Input(
        type="range",
        min=ratios[0],
        max=ratios[1],
        step=1,
        value=str(round(answer.ratio)),
        debounce=DRAG,
        id=ids("desk-ratio"),
    )
    ends = [html.Span(formats.number(end, lang)) for end in ratios]
    parts = [
        html.Label([html.Span(typeset(words["ratio"], lang), className="label"), slider], className="ratio"),
        html.P(ends, className="note ends"),
    ]
    if portfolio.settings.get("desk", {}).get("amount"):
        choices = [{"label": typeset(words["by"][by], lang), "value": by} for by in (FILES, AMOUNT)]
        parts.append(
            html.Fieldset(
                [
                    html.Legend(t("performance.desk.by", lang), className="label"),
                    dcc.RadioItems(choices, AMOUNT if answer.by_amount else FILES, id=ids("desk-by")),
                ],
                className="by",
            )
        )
    else:
        parts.append(html.Div(dcc.RadioItems([FILES], FILES, id=ids("desk-by")), hidden=True))
    return parts


def results(portfolio: Portfolio, answer: CostAnswer, usual: float, lang: str) -> list[Component]:
    """Return everything that follows the slider."""
    words = portfolio.words(lang)["desk"]
    reading = _reading(portfolio, answer, lang)
    said = "".join(part if isinstance(part, str) else part.children for part in reading)
    labels = {
        "x": t("performance.desk.marks", lang),
        "y": typeset(words["axis"][_unit(answer)], lang),
        "in_force": _mark(answer, "in_force", answer.now, lang),
        "tuned": _mark(answer, "tuned", answer.then, lang) if answer.tuned != answer.in_force else None,
        "theoretical": _theory(answer, lang),
    }
    state = f"ratio={round(answer.ratio)}" + (f"&by={AMOUNT}" if answer.by_amount else "")
    return [
        html.Div(hidden=True, **{"data-query": state}),
        html.P(_tried(portfolio, answer, usual, lang), className="tried", **{"aria-live": "polite"}),
        figure("cost", graph(cost.draw(answer, labels), said, HEIGHT), reading, _table(answer, lang), lang),
        html.P(_sure(answer, lang), className="note"),
        _compared(portfolio, answer, lang),
    ]


def _tried(portfolio: Portfolio, answer: CostAnswer, usual: float, lang: str) -> list:
    words = portfolio.words(lang)["desk"]
    big = html.B(_wrong(portfolio, answer.ratio, lang))
    if round(answer.ratio) == round(usual):
        return [big, html.Span(t("performance.desk.usual", lang), className="note")]
    told = typeset(words["tried"], lang).format(usual=formats.number(usual, lang))
    return [big, html.Span(told, className="note")]


def _wrong(portfolio: Portfolio, ratio: float, lang: str) -> str:
    forms, count = portfolio.words(lang)["desk"]["wrong"], round(ratio)
    single = count < 2 if lang == "fr" else count == 1
    return typeset(forms["one" if single else "many"].format(count=count), lang)


def _reading(portfolio: Portfolio, answer: CostAnswer, lang: str) -> list:
    words = portfolio.words(lang)["desk"]
    wrong = _wrong(portfolio, answer.ratio, lang)
    if answer.tuned == answer.in_force:
        return fill(typeset(words["keeps"], lang), wrong=wrong, mark=formats.points(answer.in_force, lang))
    more = answer.then.flagged >= answer.now.flagged
    moved = {
        "flagged": abs(answer.then.flagged - answer.now.flagged),
        "good": abs(answer.then.false_positive - answer.now.false_positive),
        "bad": abs(answer.then.true_positive - answer.now.true_positive),
    }
    unit = _unit(answer)
    first = fill(
        typeset(words["saves"][unit], lang),
        wrong=wrong,
        mark=formats.points(answer.tuned, lang),
        saved=bold(formats.number(answer.saved, lang, 1)),
    )
    second = typeset(words["more" if more else "fewer"][unit], lang).format(
        **{name: formats.number(value, lang) for name, value in moved.items()}
    )
    return [*first, " ", second]


def _sure(answer: CostAnswer, lang: str) -> str:
    """Return how sure the best mark and its gain are."""
    low, high = (formats.points(end, lang) for end in answer.interval)
    where = t("performance.desk.interval", lang, low=low, high=high)
    if answer.tuned == answer.in_force:
        return where
    ends = {
        "low": formats.number(answer.saved_low, lang, 1),
        "high": formats.number(answer.saved_high, lang, 1),
    }
    proved = "proved" if answer.saved_low > 0 else "unproved"
    return f"{where} {t(f'performance.desk.{proved}', lang, **ends)}"


def _unit(answer: CostAnswer) -> str:
    return AMOUNT if answer.by_amount else FILES


def _mark(answer: CostAnswer, name: str, cells: Cells, lang: str) -> str:
    mark = formats.points(getattr(answer, name), lang)
    told = t(f"performance.desk.{name}", lang, mark=mark)
    return f"<b>{told}</b><br>{formats.number(cells.cost(answer.ratio), lang, 1)}"


def _theory(answer: CostAnswer, lang: str) -> str | None:
    if answer.theoretical in (answer.in_force, answer.tuned):
        return None
    mark = formats.points(answer.theoretical, lang)
    told = t("performance.desk.theoretical", lang, mark=mark)
    return f"<b>{told}</b><br>{t('performance.desk.exact', lang)}"


_ROWS = (
    ("flagged", 0, True),
    ("false_positive", 1, False),
    ("true_positive", 1, False),
    ("passed", 0, True),
    ("false_negative", 1, False),
)


def _compared(portfolio: Portfolio, answer: CostAnswer, lang: str) -> Component:
    """Return what changes per 1,000 between the mark in force and the tuned one."""
    words = portfolio.words(lang)["desk"]
    same = answer.tuned == answer.in_force
    heads = [t(f"performance.desk.per_1000.{_unit(answer)}", lang)]
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
        for key, inner, _ in _ROWS
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


def _table(answer: CostAnswer, lang: str) -> Table:
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


def _form(portfolio: Portfolio, answer: CostAnswer, ids: Ids, lang: str) -> Component:
    """Return what proposes the tuned mark; it keeps its text while the slider moves."""
    return html.Div(
        [
            html.Label(
                [
                    html.Span(t("performance.desk.why", lang), className="label"),
                    dcc.Textarea(
                        id=ids("desk-note"), className="field", maxLength=LONGEST_NOTE, rows=2, value=""
                    ),
                ],
                className="why",
            ),
            html.Button(
                propose(answer, lang),
                id=ids("desk-propose"),
                className="btn main",
                type="button",
                disabled=answer.tuned == answer.in_force,
            ),
            html.P(t("performance.desk.second", lang), className="note"),
        ],
        className="propose screen-only",
    )


def propose(answer: CostAnswer, lang: str) -> str:
    """Return what the main button says."""
    if answer.tuned == answer.in_force:
        return t("performance.desk.nothing", lang)
    return t("performance.desk.propose", lang, mark=formats.points(answer.tuned, lang))
