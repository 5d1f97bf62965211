"""The sheets of what goes for all files, with this one in them: weights, spread, effects."""

from collections.abc import Mapping, Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import dependence as words
from components import formats
from components.charts import dependence as plotted
from components.charts import spread as spreading
from components.charts import weights
from components.charts.spread import Spread
from components.charts.weights import Weight
from components.dependence import Dependence
from components.figure import figure, graph, opened
from components.i18n import own, t, typeset
from components.interpretation import Choice, figure_later, query
from components.sheet import sheet
from components.statement import OTHERS, POINTS, collected, draw_up
from data.portfolios import Portfolio
from model.results import Assessment

ALONE, PARTNER = "alone", "partner"
MOST_INPUTS = 15


def themes(
    portfolio: Portfolio, assessment: Assessment, usual: Mapping[str, float], rows: int, lang: str
) -> Component:
    """Return the sheet of what each theme moves here, beside what it usually moves."""
    drawn = draw_up(portfolio, assessment, POINTS)
    shown = {entry.theme: entry for entry in drawn.entries if entry.theme != OTHERS}
    here: dict[str, float] = {}
    for part in collected(portfolio, assessment):
        here[part.theme] = here.get(part.theme, 0.0) + part.points
    absent = t("interpretation.value.not_collected", lang)
    compared = [
        Weight(
            typeset(portfolio.words(lang)["themes"].get(theme, theme), lang),
            here.get(theme),
            weight,
            _whole(shown[theme].shown if theme in shown else here[theme], lang) if theme in here else absent,
        )
        for theme, weight in sorted(usual.items(), key=lambda pair: -pair[1])
    ]
    title = own(portfolio, "interpretation.themes", lang)
    return sheet(
        "themes",
        title,
        figure(
            "themes",
            weights.draw(compared, title, lang),
            weights.reading(portfolio, compared, lang),
            weights.table(portfolio, compared, "theme", lang),
            lang,
            image=False,
        ),
        html.P(
            own(portfolio, "interpretation.sample", lang, rows=formats.number(rows, lang)), className="note"
        ),
        width="c6",
    )


def _whole(points: float, lang: str) -> str:
    return formats.points(points, lang, signed=True)


def inputs(choice: Choice, assessment: Assessment, usual: Mapping[str, float]) -> Component:
    """Return the sheet of the informations that usually weigh most, beside what they move here."""
    lang, compared = choice.lang, _compared(choice, assessment, usual)
    first, title = compared[:MOST_INPUTS], t("interpretation.inputs", lang)
    counts = {"shown": len(first), "count": len(compared)}
    said = t("interpretation.inputs.reading", lang, **counts, first=first[0].name)
    drawing = weights.draw(first, title, lang)
    return sheet("inputs", title, figure_later("inputs", drawing, said, choice), width="c6")


def inputs_table(choice: Choice, assessment: Assessment, usual: Mapping[str, float]) -> list[Component]:
    """Return the table of every information, here and usually."""
    table = weights.table(choice.portfolio, _compared(choice, assessment, usual), "feature", choice.lang)
    return opened(table, choice.lang, image=False)


def _compared(choice: Choice, assessment: Assessment, usual: Mapping[str, float]) -> list[Weight]:
    portfolio, lang = choice.portfolio, choice.lang
    here = {part.feature: part.points for part in collected(portfolio, assessment)}
    absent = t("interpretation.value.not_collected", lang)
    return [
        Weight(
            typeset(portfolio.columns[name].label(lang), lang),
            here.get(name),
            weight,
            words.moved(here[name], lang) if name in here else absent,
        )
        for name, weight in sorted(usual.items(), key=lambda pair: -pair[1])
    ]


def spread(portfolio: Portfolio, assessment: Assessment, told: Mapping, lang: str) -> Component:
    """Return the sheet of how points are spread by the value of the weightiest informations."""
    here = {part.feature: part.points for part in collected(portfolio, assessment)}
    drawn = Spread(portfolio, told, here)
    said = spreading.reading(drawn, lang)
    picture = graph(spreading.draw(drawn, lang), said, spreading.height(drawn))
    return sheet(
        "spread",
        own(portfolio, "interpretation.spread", lang),
        figure(
            "spread",
            html.Div([spreading.key(drawn, lang), picture]),
            said,
            spreading.table(drawn, lang),
            lang,
        ),
        html.P(own(portfolio, "interpretation.spread.note", lang), className="note"),
        width="c6",
    )


def dependence(choice: Choice, told: Dependence, known: Sequence[str]) -> Component:
    """Return the sheet of the effect of one information, with what to choose among ``known``."""
    lang = choice.lang
    options = _options(choice.portfolio, known, lang)
    side = PARTNER if told.crossed else ALONE
    chosen = [
        _list(t("interpretation.feature", lang), options, told.feature, choice.id("feature")),
        _list(t("interpretation.partner", lang), partners(told, lang), side, choice.id("partner")),
    ]
    return sheet(
        "dependence",
        t("interpretation.dependence", lang),
        html.Div(chosen, className="filters chosen"),
        html.Div(result(choice, told), id=choice.id("result")),
        width="c6",
    )


def _list(label: str, options: list[dict], value: str, identity: Mapping[str, str]) -> Component:
    """Return a native list under its label: every reader can use it, by keyboard too."""
    chosen = dbc.Select(options, value, id=identity, class_name="field")
    return html.Label([html.Span(label, className="label"), chosen])


def _options(portfolio: Portfolio, known: Sequence[str], lang: str) -> list[dict]:
    """Return the informations by theme; the name of a theme stands above its own."""
    grouped: dict[str, list[dict]] = {}
    for name in known:
        column = portfolio.columns[name]
        grouped.setdefault(column.theme, []).append(
            {"label": typeset(column.label(lang), lang), "value": name}
        )
    found = []
    for theme, named in grouped.items():
        name = typeset(portfolio.words(lang)["themes"].get(theme, theme), lang)
        if len(grouped) > 1:
            found.append({"label": name, "value": f"theme:{theme}", "disabled": True})
        found += sorted(named, key=lambda option: option["label"])
    return found


def partners(told: Dependence, lang: str) -> list[dict]:
    """Return what an information can be crossed with: nothing, or its strongest partner."""
    found = [{"label": t("interpretation.partner.none", lang), "value": ALONE}]
    if told.partner:
        label = typeset(told.portfolio.columns[told.partner].label(lang), lang)
        found.append({"label": label, "value": PARTNER})
    return found


def result(choice: Choice, told: Dependence) -> list[Component | None]:
    """Return what is said and drawn of the information chosen, and the state for the address."""
    lang = choice.lang
    said = words.reading(told, lang)
    plot = plotted.draw(told, lang)
    asked = query(choice.unit, choice.feature, choice.crossed)
    state = "&".join(f"{name}={value}" for name, value in asked.items())
    return [
        figure(
            "dependence",
            html.Div([words.crossing(told, lang), graph(plot, said, plotted.height(told)) if plot else None]),
            said,
            words.table(told, lang),
            lang,
            image=plot is not None,
        ),
        html.P(
            [words.apart(told, lang), " ", own(choice.portfolio, "interpretation.partner.note", lang)],
            className="note",
        )
        if told.crossed
        else None,
        html.Div(hidden=True, **{"data-query": state}),
    ]
