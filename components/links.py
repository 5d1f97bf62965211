"""Addresses of the pages, and links that open them without reloading the application."""

from urllib.parse import quote, urlencode

from dash import html
from dash.development.base_component import Component

HOME = "/"
ELIGIBILITY = "/<portfolio>/eligibility"
INTERPRETATION = "/<portfolio>/interpretation"
COMPARISON = "/<portfolio>/comparison"
SIMULATION = "/<portfolio>/simulation"
PERFORMANCE = "/<portfolio>/performance"
FAIRNESS = "/<portfolio>/fairness"
DRIFT = "/<portfolio>/drift"
DECISIONS = "/<portfolio>/decisions"
DECISION = "/decisions/<entry>"


def address(
    template: str, *, portfolio: str = "", client: str | None = None, entry: str = "", **query: str | None
) -> str:
    """Return the address of a page: its path template filled, its state in the query.

    Examples
    --------
    >>> address(ELIGIBILITY, portfolio="home_credit", client="100002", lang="fr")
    '/home_credit/eligibility?client=100002&lang=fr'
    """
    path = template.replace("<portfolio>", quote(portfolio, safe="")).replace(
        "<entry>", quote(entry, safe="")
    )
    given = {name: value for name, value in ({"client": client} | query).items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def link(children, href: str, **attributes) -> Component:
    """Return a link to another page of the application (``assets/shell.js`` follows it in place)."""
    return html.A(children, href=href, **({"data-page": ""} | attributes))
