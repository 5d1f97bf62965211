"""The cost desk: try another ratio of costs, see what another mark would change, propose it."""

from collections.abc import Callable

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from components import cost_table, formats
from components.charts import cost
from components.cost_table import AMOUNT, FILES
from components.figure import figure, graph
from components.i18n import own, t, typeset
from components.rich import bold, fill
from components.sheet import sheet
from data.portfolios import Portfolio
from model.results import Cells, CostAnswer

Ids = Callable[[str], dict[str, str]]
HEIGHT = 330
DRAG = 150  # milliseconds that the slider rests before the desk answers
LONGEST_NOTE = 1_000


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
    parts = changing(portfolio, answer, usual, lang)
    return sheet(
        "desk",
        t("performance.desk", lang),
        html.Div(
            [
                html.Div(_controls(portfolio, answer, ratios, parts["tried"], ids, lang), className="c4"),
                html.Div(parts["curve"], id=ids("desk-curve"), className="c8"),
            ],
            className="grid desk",
        ),
        html.Div(
            [
                html.Div(parts["compared"], id=ids("desk-compared"), className="c7"),
                html.Div(
                    [
                        html.Div(parts["sure"], id=ids("desk-sure")),
                        _form(answer, parts["propose"], ids, lang),
                    ],
                    className="c5",
                ),
            ],
            className="grid desk-foot",
        ),
        html.Div(proposals, id=ids("desk-proposals")),
    )


def changing(portfolio: Portfolio, answer: CostAnswer, usual: float, lang: str) -> dict:
    """Return everything that follows the slider, by its place on the desk."""
    return {
        "tried": _tried(portfolio, answer, usual, lang),
        "curve": _curve(portfolio, answer, lang),
        "compared": cost_table.compared(portfolio, answer, lang),
        "sure": _sure(portfolio, answer, lang),
        "propose": _propose(answer, lang),
    }


def _controls(
    portfolio: Portfolio,
    answer: CostAnswer,
    ratios: tuple[int, int],
    tried: tuple[str, str],
    ids: Ids,
    lang: str,
) -> list[Component]:
    words = portfolio.words(lang)["desk"]
    slider = dbc.Input(
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
        html.P(typeset(words["ratio"], lang), className="label"),
        html.Div(tried[0], id=ids("desk-tried"), className="tried", **{"aria-live": "polite"}),
        html.Label([html.Span(typeset(words["ratio"], lang), className="vh"), slider], className="ratio"),
        html.P(ends, className="note ends"),
        html.P(tried[1], id=ids("desk-usual"), className="note"),
    ]
    if portfolio.settings.get("desk", {}).get("amount"):
        choices = [{"label": typeset(words["by"][by], lang), "value": by} for by in (FILES, AMOUNT)]
        parts.append(
            html.Fieldset(
                [
                    html.Legend(t("performance.desk.by", lang), className="label"),
                    dbc.RadioItems(choices, AMOUNT if answer.by_amount else FILES, id=ids("desk-by")),
                ],
                className="by",
            )
        )
    else:
        parts.append(
            html.Div(dbc.RadioItems([{"label": "", "value": FILES}], FILES, id=ids("desk-by")), hidden=True)
        )
    return parts


def _curve(portfolio: Portfolio, answer: CostAnswer, lang: str) -> list[Component]:
    """Return the cost of every mark, and the state of the desk for the address."""
    reading = _reading(portfolio, answer, lang)
    said = "".join(part if isinstance(part, str) else part.children for part in reading)
    labels = {
        "x": t("performance.desk.marks", lang),
        "y": typeset(portfolio.words(lang)["desk"]["axis"][cost_table.unit(answer)], lang),
        "in_force": _mark(answer, "in_force", answer.now, lang),
        "tuned": _mark(answer, "tuned", answer.then, lang) if answer.tuned != answer.in_force else None,
        "theoretical": _theory(answer, lang),
    }
    state = f"ratio={round(answer.ratio)}" + (f"&by={AMOUNT}" if answer.by_amount else "")
    return [
        html.Div(hidden=True, **{"data-query": state}),
        figure(
            "cost",
            graph(cost.draw(answer, labels, lang), said, HEIGHT),
            reading,
            cost_table.every_mark(answer, lang),
            lang,
        ),
    ]


def _tried(portfolio: Portfolio, answer: CostAnswer, usual: float, lang: str) -> tuple[str, str]:
    """Return the ratio tried in words, and where it stands beside the portfolio's own."""
    if round(answer.ratio) == round(usual):
        told = t("performance.desk.usual", lang)
    else:
        told = typeset(portfolio.words(lang)["desk"]["tried"], lang).format(usual=formats.number(usual, lang))
    return _wrong(portfolio, answer.ratio, lang), told


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
    moved = [
        abs(answer.then.false_positive - answer.now.false_positive),
        abs(answer.then.true_positive - answer.now.true_positive),
    ]
    good, bad = formats.round_to_sum(moved)
    unit = cost_table.unit(answer)
    first = fill(
        typeset(words["saves"][unit], lang),
        wrong=wrong,
        mark=formats.points(answer.tuned, lang),
        saved=bold(formats.number(answer.saved, lang, 1)),
    )
    second = typeset(words["more" if more else "fewer"][unit], lang).format(
        flagged=formats.number(good + bad, lang),
        good=formats.number(good, lang),
        bad=formats.number(bad, lang),
    )
    return [*first, " ", second]


def _sure(portfolio: Portfolio, answer: CostAnswer, lang: str) -> Component:
    """Return the price of the cheapest mark, and how sure it and its gain are."""
    low, high = (formats.points(end, lang) for end in answer.interval)
    told = [t("performance.desk.interval", lang, low=low, high=high)]
    if answer.tuned != answer.in_force:
        ends = {
            "low": formats.number(answer.saved_low, lang, 1),
            "high": formats.number(answer.saved_high, lang, 1),
        }
        told.append(
            own(
                portfolio,
                f"performance.desk.{'proved' if answer.saved_low > 0 else 'unproved'}",
                lang,
                **ends,
            )
        )
    if answer.theoretical != answer.tuned:
        mark = formats.points(answer.theoretical, lang)
        told.append(t("performance.desk.exact", lang, mark=mark))
    return html.Div(
        html.P([html.B(_flagged_at(portfolio, answer, lang)), " ", " ".join(told)]), className="warn"
    )


def _flagged_at(portfolio: Portfolio, answer: CostAnswer, lang: str) -> str:
    flagged = answer.then.flagged
    well = round(10 * answer.then.false_positive / flagged) if flagged else 0
    forms = portfolio.words(lang)["desk"]["flagged_at"]
    form = "none" if well == 0 else "one" if well == 1 else "many"
    return typeset(forms[form], lang).format(count=well, mark=formats.points(answer.tuned, lang))


def _mark(answer: CostAnswer, name: str, cells: Cells, lang: str) -> str:
    mark = formats.points(getattr(answer, name), lang)
    told = t(f"performance.desk.{name}", lang, mark=mark)
    return f"<b>{told}</b><br>{formats.number(cells.cost(answer.ratio), lang, 1)}"


def _theory(answer: CostAnswer, lang: str) -> str | None:
    if answer.theoretical in (answer.in_force, answer.tuned):
        return None
    told = t("performance.desk.theoretical", lang, mark=formats.points(answer.theoretical, lang))
    return f"<b>{told}</b>"


def _form(answer: CostAnswer, propose: str, ids: Ids, lang: str) -> Component:
    """Return what proposes the tuned mark; it keeps its text while the slider moves."""
    note = dcc.Textarea(id=ids("desk-note"), className="field", maxLength=LONGEST_NOTE, rows=2, value="")
    return html.Div(
        [
            html.Label(
                [html.Span(t("performance.desk.why", lang), className="label"), note], className="why"
            ),
            html.Button(
                propose,
                id=ids("desk-propose"),
                className="btn main",
                type="button",
                disabled=answer.tuned == answer.in_force,
            ),
            html.P(t("performance.desk.second", lang), className="note"),
        ],
        className="propose screen-only",
    )


def _propose(answer: CostAnswer, lang: str) -> str:
    if answer.tuned == answer.in_force:
        return t("performance.desk.nothing", lang)
    return t("performance.desk.propose", lang, mark=formats.points(answer.tuned, lang))
