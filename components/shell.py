"""The frame around every page: banner, masthead, tabs, and the place where the page goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import dash
from dash import html
from dash.development.base_component import Component

from components import client_picker, reader
from components.i18n import LANGUAGES, own, t, typeset
from components.links import HOME, address, link
from components.sign import brand
from data import portfolios

GROUPS = ("client", "model", "decisions")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader is: what the shell needs to draw itself around a page.

    ``page`` is the page's path template, ``banks`` says for each portfolio that has a
    bank whether it is synthetic, ``client`` is the file in hand, ``query`` what else of
    the state the address carries, ``entry`` the decision that is open.
    """

    page: str
    lang: str
    portfolio: str = ""
    client: str | None = None
    banks: Mapping[str, bool] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    entry: str = ""

    def address(self, **changes: str | None) -> str:
        """Return the address of this very page, with some of its state changed."""
        state = {"portfolio": self.portfolio, "client": self.client, "lang": self.lang, **self.query}
        state |= {"entry": self.entry} if self.entry else {}
        return address(self.page, **state | changes)


def frame() -> Component:
    """Return the layout of the application: the page, and where errors and news are told."""
    return html.Div(
        [
            # What went wrong in a callback is told here, above a page that stays as it was.
            html.Div(id="shell-error", **{"aria-live": "assertive"}),
            html.Div(id="shell-announce", className="vh", **{"aria-live": "polite"}),
            dash.page_container,
        ]
    )


def page(place: Place, title: str, *children: Component) -> Component:
    """Return a whole page.

    ``title`` names it in the browser; ``assets/shell.js`` reads it and the language from here.
    """
    return html.Div(
        [
            html.A(t("shell.skip", place.lang), href="#main", className="vh"),
            html.Header([*_banner(place), _masthead(place)]),
            _tabs(place),
            html.Main(list(children), id="main", className="page", tabIndex=-1),
        ],
        id="shell-page",
        lang=place.lang,
        **{"data-title": f"{title} · Limpide" if title else "Limpide"},
    )


def _banner(place: Place) -> list[Component]:
    made_up = place.banks.get(place.portfolio)
    said = [own(portfolios.load(place.portfolio), "shell.synthetic", place.lang)] if made_up else []
    said += reader.banner(place.lang)
    return [html.Div(" ".join(said), className="synthetic", role="note")] if said else []


def _masthead(place: Place) -> Component:
    home = address(HOME, lang=place.lang, **_chosen(place))
    parts = [
        link([brand(), "Limpide"], home, className="brand"),
        *_portfolio_switch(place),
        html.Span(className="spring"),
    ]
    who = reader.current()
    if place.page != HOME and place.portfolio in place.banks and (who is None or who.sees_files):
        parts.append(client_picker.small(portfolios.load(place.portfolio), place.lang))
    menu = reader.menu(place.address(), place.lang)
    return html.Div([*parts, _language_switch(place), *menu], className="masthead")


def _chosen(place: Place) -> dict[str, str]:
    return {"portfolio": place.portfolio} if len(place.banks) > 1 else {}


def _portfolio_switch(place: Place) -> list[Component]:
    """Return the choice of a portfolio: side by side, or in a menu when they are more than two."""
    if len(place.banks) < 2:
        return []
    label = {"aria-label": t("shell.portfolio", place.lang)}
    links = [
        link(
            _name(name, place.lang),
            place.address(portfolio=name),
            **_current(name == place.portfolio, "true"),
        )
        for name in place.banks
    ]
    if len(links) == 2:
        return [html.Nav(links, className="switch", **label)]
    listed = html.Div(html.Ul([html.Li(one) for one in links]), className="reader-menu start")
    chosen = html.Summary(_name(place.portfolio, place.lang) if place.portfolio else label["aria-label"])
    return [html.Nav(html.Details([chosen, listed], className="reader"), **label)]


def _name(portfolio_id: str, lang: str) -> str:
    return typeset(portfolios.load(portfolio_id).words(lang)["name"], lang)


def _language_switch(place: Place) -> Component:
    # A full load, so that the server remembers the choice in its cookie.
    return html.Nav(
        [
            html.A(
                lang.upper(),
                href=place.address(lang=lang),
                lang=lang,
                hrefLang=lang,
                title=t("shell.language_name", lang),
                **_current(lang == place.lang, "true"),
            )
            for lang in LANGUAGES
        ],
        className="switch",
        **{"aria-label": t("shell.language", place.lang)},
    )


def _tabs(place: Place) -> Component:
    tabs: list[Component] = []
    for group in GROUPS:
        pages = [page for page in dash.page_registry.values() if page.get("group") == group]
        pages = [page for page in pages if reader.may_open(page)]
        if tabs and pages:
            tabs.append(html.Span(className="gap", **{"aria-hidden": "true"}))
        tabs += [_tab(place, page) for page in pages]
    return html.Nav(tabs, className="tabs", **{"aria-label": t("shell.pages", place.lang)})


def _tab(place: Place, page: Mapping) -> Component:
    template = page["path_template"] or page["path"]
    about_client = {"client": place.client} if page["group"] == "client" else {}
    return link(
        t(f"page.{page['name']}", place.lang),
        address(template, portfolio=place.portfolio, lang=place.lang, **about_client),
        **_current(template == place.page, "page"),
    )


def _current(is_current: bool, value: str) -> dict[str, str]:
    return {"aria-current": value} if is_current else {}
