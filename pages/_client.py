"""What every page about one client shares: finding the file, and saying why when there is none.

Dash registers no page from a file whose name begins with an underscore.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dash.development.base_component import Component

from components import client_picker, facts, states
from components.i18n import LANGUAGES, own, t
from components.links import HOME
from components.sheet import heading
from components.shell import Place, page
from data import banks, features, portfolios
from data.bank import UnknownClient, open_bank
from data.portfolios import Portfolio, UnknownPortfolio
from model.artifact import Model, ModelDamaged, ModelMissing, champion
from model.assess import assess
from model.results import Assessment, Value
from model.service import ModelStopped
from web import metrics
from web.clock import local
from web.session import language


@dataclass(frozen=True)
class File:
    """One client's file, assessed; ``values`` holds its record and what was computed from it."""

    place: Place
    portfolio: Portfolio
    client: str
    lang: str
    model: Model
    assessment: Assessment
    values: Mapping[str, Value]


Sections = Callable[[File], list[Component | None]]
ByHand = Callable[[Portfolio, str, Mapping[str, Value], str], list[Component | None]]
NoClient = Callable[[Place, Portfolio], list[Component | None]]


def client_page(
    template: str,
    portfolio: str | None,
    client: str | None,
    lang: str | None,
    sections: Sections,
    *,
    query: Mapping[str, str] | None = None,
    by_hand: ByHand = lambda portfolio, client, values, lang: [],
    without_client: NoClient = lambda place, portfolio: [],
    acts: Callable[[Place], Component | None] = lambda place: None,
) -> Component:
    """Return a page about one client, or the state that says why there is none.

    Parameters
    ----------
    template : path template of the page
    sections : what stands under the strip of a file that was assessed
    query : what else of the page's state the address carries
    by_hand : what stands under the strip when no model can score, besides saying so
    without_client : what the page still offers when no file is open
    acts : what stands at the right of the file strip
    """
    lang = lang if lang in LANGUAGES else language()
    client = client.strip()[: client_picker.LONGEST] if isinstance(client, str) else None
    known = banks.present()
    try:
        chosen = portfolios.load(portfolio or next(iter(known), portfolios.available()[0]))
    except UnknownPortfolio:
        elsewhere = Place(HOME, lang, next(iter(known), ""), banks=known)
        return page(elsewhere, t("not_found.heading", lang), *states.not_found(lang))
    place = Place(template, lang, chosen.id, client or None, known, query or {})
    search = client_picker.large(chosen, lang)
    if chosen.id not in known:
        empty = t("empty.heading", lang)
        return page(place, empty, heading(empty), states.no_bank(chosen, lang))
    if not client:
        shown = [*states.no_client(chosen, search, lang), *without_client(place, chosen)]
        return page(place, t("empty.heading", lang), *shown)
    try:
        shown = _file(place, chosen, client, sections, by_hand, acts(place))
    except UnknownClient:
        near = closest(chosen, client)
        shown = states.unknown_client(client, chosen, near, search, lang)
        return page(place, own(chosen, "unknown.heading", lang), *shown)
    name = t(f"page.{template.rsplit('/', 1)[1]}", lang).lower()
    return page(place, own(chosen, "client.title", lang, client=client, page=name), *shown)


def _file(
    place: Place,
    portfolio: Portfolio,
    client: str,
    sections: Sections,
    by_hand: ByHand,
    act: Component | None,
) -> list[Component | None]:
    """Return the strip of a file and what the page says of it."""
    lang = place.lang
    try:
        model, assessment = champion(portfolio.id), assess(portfolio.id, client)
        metrics.assessed(assessment, "page")
        values = {**assessment.record, **assessment.features}
        file = File(place, portfolio, client, lang, model, assessment, values)
        return [facts.strip(portfolio, client, values, lang, act), *sections(file)]
    except (ModelMissing, ModelDamaged) as error:
        found = open_bank(portfolio.id).records([client])
        if found.is_empty():
            raise UnknownClient(client) from None
        values = features.applicant(portfolio, found).row(0, named=True)
        return [
            facts.strip(portfolio, client, values, lang, act),
            _without_model(portfolio, client, error, lang),
            *by_hand(portfolio, client, values, lang),
        ]


def _without_model(portfolio: Portfolio, client: str, error: Exception, lang: str) -> Component:
    """Return what stands in the verdict's place: a model that was stopped, or none that answers."""
    if isinstance(error, ModelStopped):
        return states.stopped(portfolio, client, error.stop.reason, local(error.stop.at), lang)
    return states.no_model(portfolio, client, lang)


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
