"""Comparison: with whom to compare a file, where it stands among them, and how they turned out."""

from collections.abc import Mapping, Sequence

import dash
from dash import ALL, MATCH, Input, Output, Patch, State, callback, ctx, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components.filters import KEEP, control, identity, options
from components.i18n import LANGUAGES, own, t
from components.links import COMPARISON
from components.sheet import sheet
from data import portfolios
from data.portfolios import Portfolio
from model.artifact import Model, champion
from model.assess import assess
from model.crowd import Crowd, crowd
from model.peers import Comparison, compare
from model.results import Assessment
from model.selection import select
from pages import _comparison_controls as asked_of
from pages import _comparison_groups as groups
from pages import _comparison_state as state
from pages import _comparison_table as every
from pages import _comparison_view as view
from pages._client import File, client_page

PLACE = {"portfolio": MATCH, "client": MATCH, "lang": MATCH}
BODIES = ("count", "where", "became", "pair", "query")
_ASKED = (
    Input(identity("filter", PLACE, feature=ALL), "value"),
    Input(identity("missing", PLACE, feature=ALL), "value"),
    Input(identity("size", PLACE), "value"),
    Input(identity("shown", PLACE), "value"),
    Input(identity("across", PLACE), "value"),
    Input(identity("up", PLACE), "value"),
)

dash.register_page(
    __name__,
    path_template=COMPARISON,
    name="comparison",
    title="Limpide",
    order=30,
    group="client",
    roles=("advisor", "manager"),
)


def layout(
    portfolio: str | None = None, client: str | None = None, lang: str | None = None, **query: str
) -> Component:
    """Return the page of one file compared, or the state that says why there is none."""
    told = state.known(query)
    return client_page(COMPARISON, portfolio, client, lang, lambda file: _sections(file, told), query=told)


def _sections(file: File, query: Mapping[str, str]) -> list[Component]:
    """Return the sections of a file: with whom, where it stands, how they turned out."""
    population = crowd(file.model)
    asked = state.from_query(population, query)
    place = {"portfolio": file.portfolio.id, "client": file.client, "lang": file.lang}
    compared = _compare(file.model, file.assessment, population, asked)
    shown = _bodies(file.portfolio, file.model, file.assessment, compared, asked, file.lang)
    bodies = {
        name: html.Div(body, id=identity(name, place), className="comparison-body")
        for name, body in zip(BODIES, shown, strict=True)
    }
    lang = file.lang
    return [
        asked_of.who(file, population, asked, place, bodies),
        sheet(
            "where",
            own(file.portfolio, "comparison.where", lang),
            bodies["where"],
            asked_of.shown(file, population, asked, place),
            aside=asked_of.key(file.portfolio, lang),
        ),
        html.Div(
            [
                sheet("became", t("comparison.became", lang), bodies["became"], width="c5"),
                sheet(
                    "pair",
                    t("comparison.pair", lang),
                    bodies["pair"],
                    asked_of.pair(file, population, asked, place),
                    width="c7",
                ),
            ],
            className="grid even",
        ),
        sheet("every", t("comparison.every", lang), every.frame(file.portfolio, place, lang)),
    ]


def _compare(model: Model, assessment: Assessment, population: Crowd, asked: state.State) -> Comparison:
    kept = select(population, asked.filters)
    return compare(population, assessment.features, kept, model.just_accepted, asked.size)


def _bodies(
    portfolio: Portfolio,
    model: Model,
    assessment: Assessment,
    compared: Comparison,
    asked: state.State,
    lang: str,
    *,
    only_pair: bool = False,
) -> list:
    """Return what stands in each place of :data:`BODIES`; ``only_pair`` leaves the others as they are."""
    told = state.usual(portfolio, compared.crowd, assessment)
    across, up = state.crossed(asked, told)
    others = [no_update] * 3
    if not only_pair:
        others = [
            html.P(view.counted(portfolio, compared, lang), className="counted", **{"aria-live": "polite"}),
            view.where(portfolio, compared, asked.shown or told, lang),
            groups.became(portfolio, compared, lang),
        ]
    return [
        *others,
        groups.pair(portfolio, compared, across, up, lang),
        html.Div(hidden=True, **{"data-query": asked.encoded(compared.crowd.bins)}),
    ]


@callback(
    *(Output(identity(name, PLACE), "children") for name in BODIES),
    Output(identity("said", PLACE, feature=ALL), "children"),
    *_ASKED,
    prevent_initial_call=True,
)
def change(values: list, keeps: list, size: object, shown: object, across: object, up: object):
    """Compare with the files that the controls now tell."""
    asked = _asked(ctx.inputs_list)
    said = [_of(entry, "feature") for entry in ctx.outputs_list[-1]]
    return _answer(*asked, said, only_pair=_only_pair(ctx.triggered_prop_ids.values()))


def _answer(place: Mapping, controls: state.Controls, said: Sequence[str], *, only_pair: bool = False):
    portfolio, model, assessment, population, lang = _file(place)
    told = state.usual(portfolio, population, assessment)
    asked = state.from_controls(portfolio, population, controls, told)
    compared = _compare(model, assessment, population, asked)
    bodies = _bodies(portfolio, model, assessment, compared, asked, lang, only_pair=only_pair)
    kept = {one.feature: one for one in asked.filters}
    known = [name if name in population.bins else None for name in said]
    return *bodies, [
        state.said(portfolio, name, population.bins[name], kept.get(name), lang) if name else no_update
        for name in known
    ]


@callback(
    Output(identity("every", PLACE), "children"),
    Output(identity("order", PLACE, order=ALL), "aria-sort"),
    Input(identity("open", PLACE), "n_clicks"),
    Input(identity("sort", PLACE, order=ALL), "n_clicks"),
    *_ASKED,
    State(identity("order", PLACE, order=ALL), "aria-sort"),
    prevent_initial_call=True,
)
def tabulate(opened: object, *_):
    """Fill the table of every input once it is open, and sort it as its headings ask."""
    if not isinstance(opened, int) or opened % 2 == 0:
        raise PreventUpdate
    clicked = next((one["order"] for one in ctx.triggered_prop_ids.values() if "order" in one), None)
    now = {_of(entry, "order"): entry.get("value") for entry in ctx.states_list[0]}
    order, falling = every.next_order(now, clicked)
    rows = _every(*_asked(ctx.inputs_list[2:]), order, falling)
    way = "descending" if falling else "ascending"
    return rows, [way if _of(entry, "order") == order else "none" for entry in ctx.outputs_list[1]]


def _every(place: Mapping, controls: state.Controls, order: str, falling: bool) -> list[Component]:
    portfolio, model, assessment, population, lang = _file(place)
    asked = state.from_controls(portfolio, population, controls, [])
    compared = _compare(model, assessment, population, asked)
    return every.rows(portfolio, compared, order, falling, lang)


@callback(
    Output(identity("filters", PLACE), "children"),
    Output(identity("add", PLACE), "options"),
    Output(identity("add", PLACE), "value"),
    Input(identity("add", PLACE), "value"),
    State(identity("filter", PLACE, feature=ALL), "id"),
    prevent_initial_call=True,
)
def add(feature: object, there: list):
    """Add the filter that was chosen from the list."""
    if not isinstance(feature, str):
        raise PreventUpdate
    place = ctx.triggered_id
    known = [one["feature"] for one in there if isinstance(one, dict) and "feature" in one]
    return _added({key: place[key] for key in PLACE}, feature, known)


def _added(place: Mapping, feature: str, there: Sequence[str]):
    portfolio, model, _, population, lang = _file(place)
    offered = state.offered(portfolio, population, model.card["important"])
    if feature not in offered or feature in there:
        raise PreventUpdate
    grown = Patch()
    choice = state.choice(portfolio, population, feature, state.State(), lang)
    grown.append(control(portfolio, choice, place, lang))
    left = [name for name in offered if name not in there and name != feature]
    return grown, options(portfolio, left, lang), None


@callback(
    Output(identity("filter", PLACE, feature=ALL), "value"),
    Output(identity("missing", PLACE, feature=ALL), "value"),
    Input(identity("reset", PLACE), "n_clicks"),
    prevent_initial_call=True,
)
def reset(_clicks: int):
    """Empty every filter."""
    filters, keeps = ctx.outputs_list
    population = crowd(champion(ctx.triggered_id["portfolio"]))
    return [state.untouched(population.bins[entry["id"]["feature"]]) for entry in filters], [KEEP[0]] * len(
        keeps
    )


def _asked(told: Sequence) -> tuple[dict, state.Controls]:
    """Return where the controls are, and what they hold."""
    filters, keeps, *single = told
    values, ways = (
        {_of(entry, "feature"): entry.get("value") for entry in entries} for entries in (filters, keeps)
    )
    size, shown, across, up = (entry.get("value") for entry in single)
    place = {key: _of(single[0], key) for key in PLACE}
    return place, state.Controls(values, ways, size, shown, across, up)


def _of(entry: Mapping, key: str) -> str:
    """Return a part of the id of a component, as a browser sent it."""
    return str(entry["id"].get(key, ""))


def _only_pair(triggered) -> bool:
    parts = {one.get("part") for one in triggered}
    return bool(parts) and parts <= {"comparison-across", "comparison-up"}


def _file(place: Mapping) -> tuple[Portfolio, Model, Assessment, Crowd, str]:
    portfolio = portfolios.load(str(place["portfolio"]))
    model = champion(portfolio.id)
    lang = place["lang"] if place["lang"] in LANGUAGES else LANGUAGES[0]
    return portfolio, model, assess(portfolio.id, str(place["client"])), crowd(model), lang
