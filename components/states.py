"""What the screen says when it has nothing to show, or something is missing."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components.i18n import own, t
from components.links import ELIGIBILITY, HOME, address, link
from components.moments import Moment, day, hour
from components.sheet import heading, sheet
from data.portfolios import Portfolio


def no_client(portfolio: Portfolio, search: Component, lang: str) -> list[Component]:
    """Return the state of a page about a client when none is open."""
    said = html.P(own(portfolio, "empty.text", lang), className="read")
    return [
        heading(t("empty.heading", lang)),
        sheet("empty", own(portfolio, "empty.title", lang), said, search),
    ]


def unknown_client(
    typed: str, portfolio: Portfolio, closest: Sequence[str], search: Component, lang: str
) -> list[Component]:
    """Return the state of a file number that the bank does not hold."""
    near = [
        html.Li(link(client, address(ELIGIBILITY, portfolio=portfolio.id, client=client, lang=lang)))
        for client in closest
    ]
    said = [
        html.P(t("unknown.closest" if near else "unknown.text", lang), className="read"),
        html.Ul(near, className="closest") if near else None,
    ]
    title = own(portfolio, "unknown.title", lang, typed=typed)
    return [heading(own(portfolio, "unknown.heading", lang)), sheet("unknown", title, *said, search)]


def no_bank(portfolio: Portfolio, lang: str) -> Component:
    """Return the state of a portfolio without a bank, with the command that makes one."""
    return sheet(
        "no-bank",
        own(portfolio, "no_bank.title", lang),
        html.P(t("no_bank.text", lang), className="read"),
        html.P(html.Code(f"python -m data demo {portfolio.id}"), className="command"),
        html.P(t("no_bank.real", lang), className="note"),
        html.P(
            html.Code(f"python -m data load {portfolio.id} {t('no_bank.folder', lang)}"), className="command"
        ),
    )


def no_model(portfolio: Portfolio, client_id: str, lang: str) -> Component:
    """Return what stands in the verdict's place when no model can score the file."""
    return sheet(
        "verdict",
        t("no_model.title", lang),
        html.P(
            [
                html.B(t("no_model.fact", lang)),
                " ",
                own(portfolio, "no_model.points", lang, client=client_id),
            ],
            className="read",
        ),
        html.P(t("no_model.text", lang)),
        html.P(
            [t("no_model.command", lang), " ", html.Code(f"python -m model train {portfolio.id}")],
            className="note",
        ),
    )


def stopped(portfolio: Portfolio, client_id: str, reason: str, since: Moment, lang: str) -> Component:
    """Return what stands in the verdict's place when a manager stopped the model."""
    told = t("stopped.since", lang, date=day(since, lang), hour=hour(since, lang), reason=reason)
    return sheet(
        "verdict",
        t("no_model.title", lang),
        html.P(
            [html.B(t("stopped.fact", lang)), " ", own(portfolio, "stopped.points", lang, client=client_id)],
            className="read",
        ),
        html.P(told),
        html.P(own(portfolio, "stopped.text", lang)),
    )


def not_found(lang: str) -> list[Component]:
    """Return the state of an address that leads nowhere."""
    said = [
        html.P(t("not_found.text", lang), className="read"),
        html.P(
            link(t("not_found.home", lang), address(HOME, lang=lang), className="btn"), className="command"
        ),
    ]
    return [heading(t("not_found.heading", lang)), sheet("not-found", t("not_found.title", lang), *said)]
