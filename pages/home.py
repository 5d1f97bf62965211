"""Home: choose a portfolio, find a client's file, see whether the model is in service."""

from collections.abc import Sequence

import dash
from dash import MATCH, Input, Output, callback, ctx
from dash.development.base_component import Component

from components import client_picker, facts, reader, states, trust
from components.client_picker import Hit
from components.i18n import LANGUAGES, own
from components.links import HOME
from components.portfolio_choice import choice
from components.sheet import heading, sheet
from components.shell import Place, page
from data import banks, portfolios
from data.bank import open_bank
from data.portfolios import Portfolio
from model.artifact import ModelDamaged, ModelMissing
from model.assess import glance
from model.service import ModelStopped, speaking
from pages import _recent
from web import identity
from web.clock import local
from web.session import language

PICKER = {"place": MATCH, "portfolio": MATCH, "lang": MATCH}

dash.register_page(
    __name__,
    path=HOME,
    name="home",
    title="Limpide",
    order=0,
    roles=("advisor", "manager", "admin"),
)


def layout(portfolio: str | None = None, lang: str | None = None, **_) -> Component:
    """Return Home for a portfolio, by default the first that has a bank."""
    lang = lang if lang in LANGUAGES else language()
    known = banks.present()
    chosen = portfolio if portfolio in known else next(iter(known), "")
    place = Place(HOME, lang, chosen, banks=known)
    if not chosen:
        wanted = portfolio if portfolio in portfolios.available() else portfolios.available()[0]
        missing = portfolios.load(wanted)
        title = own(missing, "home.title", lang)
        return page(place, title, heading(title), states.no_bank(missing, lang))
    title = own(portfolios.load(chosen), "home.title", lang)
    return page(
        place,
        title,
        heading(title),
        _search(portfolios.load(chosen), tuple(known), lang) if _sees_files() else None,
        *(_recent.sections(portfolios.load(chosen), place, lang) if _sees_files() else ()),
        _model_state(portfolios.load(chosen), lang),
    )


def _sees_files() -> bool:
    who = reader.current()
    return who is None or who.sees_files


def _search(portfolio: Portfolio, known: Sequence[str], lang: str) -> Component:
    hits, total = find(portfolio, "", lang)
    sizes = {name: open_bank(name).meta.clients for name in known}
    return sheet(
        "search",
        own(portfolio, "home.question" if len(known) > 1 else "home.search", lang),
        choice(portfolio, [(portfolios.load(name), size) for name, size in sizes.items()], lang),
        client_picker.large(portfolio, lang, hits, total),
    )


def _model_state(portfolio: Portfolio, lang: str) -> Component:
    try:
        model = speaking(portfolio.id)
    except ModelStopped as error:
        stop = error.stop
        return trust.stopped(stop.account, local(stop.at), stop.reason, lang)
    except (ModelMissing, ModelDamaged):
        return trust.without_model(portfolio, lang)
    return trust.in_service(
        portfolio, model.version, model.created, model.pass_mark, model.card["per_1000"], lang
    )


def find(portfolio: Portfolio, typed: str, lang: str) -> tuple[list[Hit], int]:
    """Return the first files whose number starts as typed, and how many there are."""
    bank = open_bank(portfolio.id)
    ids, total = bank.search(typed, limit=client_picker.LIMIT)
    asked = portfolio.settings["facts"]["glance"]
    try:
        return [
            Hit(seen.client_id, facts.line(portfolio, asked, seen.record, lang), seen.points, seen.decision)
            for seen in glance(portfolio.id, ids)
        ], total
    except (ModelMissing, ModelDamaged):
        rows = bank.records(ids).to_dicts()
        return [
            Hit(i, facts.line(portfolio, asked, row, lang)) for i, row in zip(ids, rows, strict=True)
        ], total


@callback(
    Output({"part": "picker-found", **PICKER}, "children"),
    Output({"part": "picker-count", **PICKER}, "children"),
    Input({"part": "picker-search", **PICKER}, "value"),
    prevent_initial_call=True,
)
def answer(typed: str | None):
    """Show the files whose number starts as typed, in every picker of the application."""
    identity.require("advisor", "manager")
    asked = ctx.triggered_id
    return answer_to(typed, asked["place"], asked["portfolio"], asked["lang"])


def answer_to(typed: str | None, place: str, portfolio_id: str, lang: str) -> tuple:
    """Return the rows and the count of a picker; the masthead's shows nothing until asked."""
    portfolio = portfolios.load(portfolio_id)
    typed = (typed or "").strip()[: client_picker.LONGEST]
    if not typed and place == "small":
        return [], []
    hits, total = find(portfolio, typed, lang)
    return client_picker.found(portfolio, hits, typed, lang), client_picker.count(
        portfolio, total, typed, lang
    )
