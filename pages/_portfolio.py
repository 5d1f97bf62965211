"""What the pages about a portfolio's model share: finding it, and saying why when there is none.

Dash registers no page from a file whose name begins with an underscore.
"""

from collections.abc import Callable, Mapping

from dash.development.base_component import Component

from components import model_head, states
from components.i18n import LANGUAGES, t
from components.links import HOME
from components.sheet import heading
from components.shell import Place, page
from data import banks, portfolios
from data.portfolios import Portfolio, UnknownPortfolio
from model.artifact import Model, ModelDamaged, ModelMissing, champion
from web.session import language

Sections = Callable[[Place, Portfolio, Model], list[Component | None]]


def portfolio_page(
    template: str,
    portfolio: str | None,
    lang: str | None,
    sections: Sections,
    *,
    query: Mapping[str, str] | None = None,
) -> Component:
    """Return a page about the model in service, or the state that says why there is none.

    Parameters
    ----------
    template : path template of the page; its last part names the page in the words
    sections : what the page holds, strip included (see ``components.model_head``). It may
        raise ``ModelDamaged`` when a file of the artifact lacks: the page then says to train again
    query : what else of the page's state the address carries
    """
    lang = lang if lang in LANGUAGES else language()
    known = banks.present()
    try:
        chosen = portfolios.load(portfolio or next(iter(known), portfolios.available()[0]))
    except UnknownPortfolio:
        elsewhere = Place(HOME, lang, next(iter(known), ""), banks=known)
        return page(elsewhere, t("not_found.heading", lang), *states.not_found(lang))
    place = Place(template, lang, chosen.id, banks=known, query=query or {})
    title = t(f"page.{template.rsplit('/', 1)[1]}", lang)
    if chosen.id not in known:
        return page(place, title, heading(title), states.no_bank(chosen, lang))
    try:
        shown = sections(place, chosen, champion(chosen.id))
    except ModelMissing:
        shown = [heading(title), model_head.missing(chosen, lang)]
    except ModelDamaged:
        shown = [heading(title), model_head.damaged(chosen, lang)]
    return page(place, title, *shown)
