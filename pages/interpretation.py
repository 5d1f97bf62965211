"""Interpretation: every point of one file, and what each information does in all files."""

from collections.abc import Iterable, Mapping
from functools import partial

import dash
from dash import MATCH, Input, Output, callback, ctx, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import influence, interpretation
from components.dependence import Dependence
from components.i18n import LANGUAGES
from components.interpretation import UNITS, Choice
from components.links import INTERPRETATION
from components.statement import POINTS, Unit
from data import portfolios
from model import globals as population
from model.artifact import Model, ModelDamaged, champion
from model.assess import assess
from model.globals import Globals
from model.results import Assessment
from pages._client import File, client_page

CHOICE = {"portfolio": MATCH, "client": MATCH, "lang": MATCH, "unit": MATCH}
TABLE = {**CHOICE, "table": MATCH}
FEW_INPUTS = 8

dash.register_page(
    __name__,
    path_template=INTERPRETATION,
    name="interpretation",
    title="Limpide",
    order=20,
    group="client",
    roles=("advisor", "manager"),
)


def layout(
    portfolio: str | None = None,
    client: str | None = None,
    lang: str | None = None,
    unit: str | None = None,
    feature: str | None = None,
    cross: str | None = None,
    **_,
) -> Component:
    """Return the page of one file, or the state that says why there is none.

    ``unit`` is what the statement counts in, ``feature`` the information whose effect is drawn and
    ``cross`` whether it is drawn on either side of its partner.
    """
    unit = unit if unit in UNITS else UNITS[0]
    feature = feature if isinstance(feature, str) and feature.isidentifier() else None
    sections = partial(_sections, unit=unit, feature=feature, crossed=cross == "1")
    query = interpretation.query(unit, feature, cross == "1")
    return client_page(INTERPRETATION, portfolio, client, lang, sections, query=query)


def _sections(file: File, unit: str, feature: str | None, crossed: bool) -> list[Component | None]:
    """Return the sheets: this file's statement, then what goes for all files beside it."""
    portfolio, model, assessment, lang = file.portfolio, file.model, file.assessment, file.lang
    choice = Choice(portfolio, file.client, lang, unit, feature, crossed)
    try:
        everyone = population.read(model)
        told = _dependence(choice, model, assessment, everyone)
        choice = choice.of(told) if feature else choice
    except ModelDamaged:
        everyone = None
    statement = interpretation.statement(
        choice, assessment, model.card["reference"]["value"], _unit(model, unit)
    )
    if everyone is None:
        return [statement, interpretation.without_population(portfolio, lang)]
    dependence = influence.dependence(choice, told, tuple(model.encoding.inputs))
    inputs = influence.inputs(choice, assessment, everyone.weights)
    spread = influence.spread(portfolio, assessment, everyone.spread, lang)
    if len(everyone.themes) == 1:  # alone, it says nothing that its inputs do not
        # Beside few inputs there is room below for how they spread.
        few = len(everyone.weights) <= FEW_INPUTS
        left, right = ([inputs, spread], [dependence]) if few else ([inputs], [dependence, spread])
        columns = [html.Div(column, className="c6") for column in (left, right)]
        return [statement, html.Div(columns, className="grid")]
    themes = influence.themes(portfolio, assessment, everyone.themes, everyone.rows, lang)
    return [
        statement,
        html.Div([themes, dependence], className="grid even"),
        html.Div([inputs, spread], className="grid even"),
    ]


def _unit(model: Model, name: str) -> Unit:
    if name == "rate":
        return Unit(name, lambda points: 100 * model.scale.probability(points), decimals=1, linear=False)
    if name == "log_odds":
        return Unit(name, model.scale.log_odds, decimals=3)
    return POINTS


def _dependence(choice: Choice, model: Model, assessment: Assessment, everyone: Globals) -> Dependence:
    """Return the effect of the information chosen, by default the one that moved this file most."""
    parts = {part.feature: part for part in assessment.contributions}
    most = max(parts.values(), key=lambda part: abs(part.points)).feature
    feature = choice.feature if choice.feature in everyone.effects else most
    effect = everyone.effects[feature]
    family = choice.portfolio.columns[feature].family
    return Dependence(
        portfolio=choice.portfolio,
        feature=feature,
        effect=effect,
        value=parts[feature].value,
        points=parts[feature].points,
        collected=family not in choice.portfolio.families or family in assessment.families,
        crossed=choice.crossed and "crossed" in effect,
    )


def _asked(wanted: Iterable[str]) -> Mapping[str, str]:
    """Return the id of what was touched, if it is one of ours."""
    asked = ctx.triggered_id
    if not isinstance(asked, dict) or not all(isinstance(asked.get(name), str) for name in wanted):
        raise PreventUpdate
    return asked


@callback(
    Output({"part": "interpretation-result", **CHOICE}, "children"),
    Output({"part": "interpretation-partner", **CHOICE}, "options"),
    Output({"part": "interpretation-partner", **CHOICE}, "value"),
    Output({"part": "interpretation-units", **CHOICE}, "children"),
    Input({"part": "interpretation-feature", **CHOICE}, "value"),
    Input({"part": "interpretation-partner", **CHOICE}, "value"),
    prevent_initial_call=True,
)
def choose(feature: str | None, partner: str | None):
    """Draw the effect of another information, alone or crossed with its partner."""
    asked = _asked(CHOICE)
    crossed = asked["part"] == "interpretation-partner" and partner == influence.PARTNER
    return chosen(asked["portfolio"], asked["client"], asked["lang"], asked["unit"], feature, crossed)


def chosen(
    portfolio_id: str, client: str, lang: str, unit: str, feature: object, crossed: bool
) -> tuple[list[Component], list[dict], str, Component]:
    """Return the drawing, the partners to choose from, the one chosen, and the switch of units.

    What is no information of the model is taken as the default: it can only come from elsewhere
    than our page.
    """
    choice, model = _choice(portfolio_id, client, lang, unit, feature, crossed), champion(portfolio_id)
    told = _dependence(choice, model, assess(portfolio_id, client), population.read(model))
    choice = choice.of(told)
    partner = influence.PARTNER if told.crossed else influence.ALONE
    return (
        influence.result(choice, told),
        influence.partners(told, choice.lang),
        partner,
        interpretation.units(choice),
    )


@callback(
    Output({"part": "interpretation-table", **TABLE}, "children"),
    Input({"part": "interpretation-toggle", **TABLE}, "n_clicks"),
    prevent_initial_call=True,
)
def open_table(_clicks: int):
    """Show a table with every information when it is opened."""
    asked = _asked(TABLE)
    return table_of(asked["portfolio"], asked["client"], asked["lang"], asked["unit"], asked["table"])


def table_of(portfolio_id: str, client: str, lang: str, unit: str, name: str) -> list[Component]:
    """Return what stands under "the table" of the statement, or of all informations."""
    model, assessment = champion(portfolio_id), assess(portfolio_id, client)
    choice = _choice(portfolio_id, client, lang, unit)
    if name == "inputs":
        return influence.inputs_table(choice, assessment, population.read(model).weights)
    reference = model.card["reference"]["value"]
    return interpretation.statement_table(choice, assessment, reference, _unit(model, choice.unit))


def _choice(
    portfolio_id: str, client: str, lang: str, unit: str, feature: object = None, crossed: bool = False
) -> Choice:
    """Return the state of the page; what cannot come from ours is taken as the default."""
    lang, unit = lang if lang in LANGUAGES else LANGUAGES[0], unit if unit in UNITS else UNITS[0]
    wanted = feature if isinstance(feature, str) else None
    return Choice(portfolios.load(portfolio_id), client, lang, unit, wanted, crossed)
