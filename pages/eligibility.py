"""Eligibility: what the model proposes for one file, why, what to check, and its history."""

import dash
from dash import MATCH, Input, Output, callback, ctx, html
from dash.development.base_component import Component

from components import checks, client_picker, facts, history, reasons, states, verdict
from components.charts.ruler import Ruler
from components.i18n import LANGUAGES, t
from components.links import ELIGIBILITY, HOME
from components.sheet import heading
from components.shell import Place, page
from data import banks, features, portfolios
from data.bank import UnknownClient, open_bank
from data.portfolios import Portfolio, UnknownPortfolio
from model.artifact import Model, ModelDamaged, ModelMissing, champion
from model.assess import assess
from model.results import Assessment
from web.session import language

TABLE = {"portfolio": MATCH, "client": MATCH, "table": MATCH, "lang": MATCH}

dash.register_page(
    __name__, path_template=ELIGIBILITY, name="eligibility", title="Limpide", order=10, group="client"
)


def layout(
    portfolio: str | None = None, client: str | None = None, lang: str | None = None, **_
) -> Component:
    """Return the page of one file, or the state that says why there is none."""
    lang = lang if lang in LANGUAGES else language()
    client = client.strip()[: client_picker.LONGEST] if isinstance(client, str) else None
    known = banks.present()
    try:
        chosen = portfolios.load(portfolio or next(iter(known), portfolios.available()[0]))
    except UnknownPortfolio:
        elsewhere = Place(HOME, lang, next(iter(known), ""), banks=known)
        return page(elsewhere, t("not_found.heading", lang), *states.not_found(lang))
    place = Place(ELIGIBILITY, lang, chosen.id, client, known)
    title, parts = _content(chosen, client, chosen.id in known, lang)
    return page(place, title, *parts)


def _content(portfolio: Portfolio, client: str | None, has_bank: bool, lang: str):
    """Return the title and the sections of the page."""
    search = client_picker.large(portfolio, lang)
    empty = t("empty.heading", lang)
    if not has_bank:
        return empty, [heading(empty), states.no_bank(portfolio.id, lang)]
    if not client:
        return empty, states.no_client(search, lang)
    try:
        return t("eligibility.title", lang, client=client), _file(portfolio, client, lang)
    except UnknownClient:
        near = closest(portfolio, client)
        shown = states.unknown_client(client, portfolio.id, near, search, lang)
        return t("unknown.heading", lang), shown


def _file(portfolio: Portfolio, client: str, lang: str) -> list[Component | None]:
    """Return the sections of a file: verdict, why, evidence."""
    bank = open_bank(portfolio.id)
    try:
        model, assessment = champion(portfolio.id), assess(portfolio.id, client)
    except (ModelMissing, ModelDamaged):
        return _by_hand(portfolio, client, lang)
    values = {**assessment.record, **assessment.features}
    band = model.card["reference"]
    return [
        facts.strip(portfolio, client, values, lang),
        verdict.section(portfolio, assessment, _ruler(model, assessment), lang),
        reasons.section(portfolio, assessment, (band["low"], band["high"]), lang),
        checks.section(portfolio, assessment, values, lang),
        history.section(portfolio, client, assessment.record, bank.meta.tables, lang),
        html.P(verdict.spoken(portfolio, assessment, lang), hidden=True, **{"data-announce": ""}),
    ]


def _by_hand(portfolio: Portfolio, client: str, lang: str) -> list[Component | None]:
    """Return the page when no model can score: facts and history stay."""
    bank = open_bank(portfolio.id)
    record = bank.record(client)
    values = features.applicant(portfolio, bank.records([client])).row(0, named=True)
    return [
        facts.strip(portfolio, client, values, lang),
        states.no_model(client, portfolio.id, lang),
        checks.declared_only(portfolio, values, lang),
        history.section(portfolio, client, record, bank.meta.tables, lang),
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


def closest(portfolio: Portfolio, typed: str, wanted: int = 3) -> list[str]:
    """Return the file numbers closest to what was typed: those that begin most like it."""
    bank = open_bank(portfolio.id)
    found: list[str] = []
    for length in range(len(typed), -1, -1):
        near, _ = bank.search(typed[:length], limit=10 * wanted)
        fresh = [client for client in near if client not in found]
        found += sorted(fresh, key=lambda client: _distance(client, typed))
        if len(found) >= wanted:
            return found[:wanted]
    return found


def _distance(client: str, typed: str) -> float:
    both = client.isdecimal() and typed.isdecimal()
    return abs(int(client) - int(typed)) if both else 0


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
