"""The choice of a portfolio on Home: one question each."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import own_plural, typeset
from components.links import HOME, address, link
from data.portfolios import Portfolio


def choice(chosen: Portfolio, offered: Sequence[tuple[Portfolio, int]], lang: str) -> Component:
    """Return the portfolios that have a bank, with the number of files of each."""
    if len(offered) == 1:
        return html.P(_told(*offered[0], lang), className="portfolio")
    return html.Nav(
        [_option(portfolio, size, portfolio is chosen, lang) for portfolio, size in offered],
        className="portfolios",
    )


def _option(portfolio: Portfolio, size: int, is_chosen: bool, lang: str) -> Component:
    current = {"aria-current": "true"} if is_chosen else {}
    return link(
        [html.Span(className="radio", **{"aria-hidden": "true"}), html.Span(_told(portfolio, size, lang))],
        address(HOME, portfolio=portfolio.id, lang=lang),
        className="choice on" if is_chosen else "choice",
        **current,
    )


def _told(portfolio: Portfolio, size: int, lang: str) -> list[Component | str]:
    words = portfolio.words(lang)
    files = own_plural(portfolio, "picker.files", size, lang, count=formats.number(size, lang))
    return [html.B(typeset(words["name"], lang)), f"{typeset(words['question'], lang)} {files}."]
