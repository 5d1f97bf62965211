"""What Home says of decisions: those that wait for another person, and the latest."""

from dash import html
from dash.development.base_component import Component

from components import decide, recent
from components.i18n import t
from components.links import DECISION, DECISIONS, address
from components.recent import Item
from components.shell import Place
from data.ledger import register
from data.ledger.errors import LedgerUnavailable
from data.ledger.register import Filters, Row
from data.portfolios import Portfolio
from pages import _register
from web.clock import due, local, now

MOST = 5


def sections(portfolio: Portfolio, place: Place, lang: str) -> list[Component]:
    """Return the files that wait and the latest decisions; or that the register does not answer."""
    try:
        waiting = _register.waiting(portfolio.id)
        latest, _ = register.page(Filters(portfolio.id, kinds=_register.KINDS), limit=MOST)
    except LedgerUnavailable:
        return [html.Div(html.P(html.B(t("register.silent", lang))), className="warn")]
    lists = recent.lists(
        portfolio,
        [_waits(portfolio, row, lang) for row in waiting[:MOST]],
        [_item(portfolio, row, lang) for row in latest],
        now(),
        {
            "waiting": address(DECISIONS, portfolio=portfolio.id, lang=lang, view=_register.WAITING),
            "all": address(DECISIONS, portfolio=portfolio.id, lang=lang),
        },
        len(waiting),
        lang,
    )
    return [lists]


def _item(portfolio: Portfolio, row: Row, lang: str) -> Item:
    told = decide.word(portfolio, "done", row.final, lang) if row.final else ""
    return Item(row.client_id, address(DECISION, entry=row.id, lang=lang), local(row.at), told)


def _waits(portfolio: Portfolio, row: Row, lang: str) -> Item:
    since = local(row.contested or row.at)
    until = due(since)
    late = until.date() < now().date()
    to = address(DECISIONS, portfolio=portfolio.id, lang=lang, view=_register.WAITING, decision=row.id)
    return Item(row.client_id, to, since, recent.due(until, late, lang))
