"""Eligibility: what the model proposes for one file, why, what to check, and its history."""

from collections.abc import Mapping

import dash
from dash import MATCH, Input, Output, State, callback, ctx, html
from dash.development.base_component import Component

from components import checks, decide, history, reasons, verdict
from components.charts.ruler import Ruler
from components.i18n import t
from components.links import ELIGIBILITY
from components.shell import Place
from data import portfolios
from data.bank import open_bank
from data.portfolios import Portfolio
from model.artifact import Model
from model.rates import rates
from model.results import Assessment, Value
from pages import _acts, _campaign, _decide, _offers
from pages._client import File, client_page

TABLE = {"portfolio": MATCH, "client": MATCH, "table": MATCH, "lang": MATCH}

dash.register_page(
    __name__,
    path_template=ELIGIBILITY,
    name="eligibility",
    title="Limpide",
    order=10,
    group="client",
    roles=("advisor", "manager"),
)


def layout(
    portfolio: str | None = None, client: str | None = None, lang: str | None = None, **_
) -> Component:
    """Return the page of one file, or the state that says why there is none."""
    return client_page(ELIGIBILITY, portfolio, client, lang, _sections, by_hand=_by_hand, acts=_see)


def _see(place: Place) -> Component | None:
    """Return the way to the campaign, further down, where there is one."""
    if not _campaign.is_known(portfolios.load(place.portfolio)):
        return None
    return html.A(t("campaign.see", place.lang), href="#campaign", className="btn small")


def _sections(file: File) -> list[Component | None]:
    """Return the sections of a file: verdict, why, evidence."""
    portfolio, assessment, lang = file.portfolio, file.assessment, file.lang
    band = file.model.card["reference"]
    tables = open_bank(portfolio.id).meta.tables
    proposed = _offers.section(file, "c8")
    width = "" if proposed else "c7"
    checked = checks.section(portfolio, assessment, file.values, lang, width)
    decided = _decide.panel(portfolio, file.model, assessment, lang, "c4" if proposed else "c5")
    return [
        verdict.section(portfolio, assessment, _ruler(file.model, assessment), lang),
        html.Div([proposed, decided], className="grid even") if proposed else None,
        reasons.section(
            portfolio, assessment, (band["low"], band["high"]), lang, rates(file.model, assessment)
        ),
        checked if proposed else html.Div([checked, decided], className="grid even"),
        _campaign.brief(portfolio, file.model, lang),
        history.section(portfolio, file.client, assessment.record, tables, lang),
        html.P(verdict.spoken(portfolio, assessment, lang), hidden=True, **{"data-announce": ""}),
    ]


def _by_hand(
    portfolio: Portfolio, client: str, values: Mapping[str, Value], lang: str
) -> list[Component | None]:
    """Return what stays when no model can score: facts and history."""
    bank = open_bank(portfolio.id)
    return [
        html.Div(
            [
                checks.declared_only(portfolio, values, lang, "c7"),
                _decide.panel_by_hand(portfolio, client, lang),
            ],
            className="grid even",
        ),
        history.section(portfolio, client, bank.record(client), bank.meta.tables, lang),
    ]


def _ruler(model: Model, assessment: Assessment) -> Ruler:
    return Ruler(
        points=assessment.points,
        pass_mark=assessment.pass_mark,
        grey_low=assessment.grey_low,
        grey_high=assessment.grey_high,
        anchor=model.scale.anchor_points,
        step=model.scale.points_to_double,
        rate=model.scale.probability,
    )


@callback(
    Output({"part": "history-rows", **TABLE}, "children"),
    Input({"part": "history-toggle", **TABLE}, "n_clicks"),
    prevent_initial_call=True,
)
def open_table(_clicks: int):
    """Show the rows of a table of the history when it is opened."""
    asked = ctx.triggered_id
    return table_rows(asked["portfolio"], asked["client"], asked["table"], asked["lang"])


def table_rows(portfolio_id: str, client: str, table: str, lang: str) -> list[Component]:
    """Return what stands under a table of the history."""
    rows = open_bank(portfolio_id).child_rows(client, table, limit=history.LIMIT)
    return history.rows(portfolios.load(portfolio_id), table, rows, lang)


def _id(part: str) -> dict:
    return {"part": f"act-{part}", "act": decide.NAME, "portfolio": MATCH, "about": MATCH, "lang": MATCH}


@callback(
    Output(_id("form"), "hidden"),
    Output(_id("second"), "hidden"),
    Output(_id("fault"), "children"),
    Output(_id("told"), "children"),
    Output(_id("failed"), "children"),
    Output(_id("done"), "children"),
    Input(_id("review"), "n_clicks"),
    Input(_id("save"), "n_clicks"),
    Input(_id("back"), "n_clicks"),
    State(_id("choice"), "value"),
    State(_id("words"), "value"),
    State(_id("shown"), "data"),
    State(_id("offer"), "value"),
    prevent_initial_call=True,
)
def decide_on(_review, _save, _back, choice, words, shown, offer):
    """Show the summary of a decision, go back to its form, or record it."""
    step, act, portfolio = _acts.asked(decide.NAME)
    return _decide.step(step, act, portfolio, choice, words, shown, offer).outputs()
