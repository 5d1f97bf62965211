"""What is said of an address that leads nowhere."""

import dash
from dash.development.base_component import Component

from components import states
from components.i18n import LANGUAGES, t
from components.links import HOME
from components.shell import Place, page
from data import banks
from web.session import language

dash.register_page(
    __name__,
    path="/not-found",
    name="not_found",
    title="Limpide",
    roles=("advisor", "manager", "admin"),
)


def layout(lang: str | None = None, **_) -> Component:
    """Return the not-found page."""
    lang = lang if lang in LANGUAGES else language()
    known = banks.present()
    place = Place(HOME, lang, next(iter(known), ""), banks=known)
    return page(place, t("not_found.heading", lang), *states.not_found(lang))
