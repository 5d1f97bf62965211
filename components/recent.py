"""Short lists of decisions, for Home."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.i18n import own, t
from components.links import link
from components.moments import Moment, day, short
from components.sheet import sheet
from data.portfolios import Portfolio


@dataclass(frozen=True, slots=True)
class Item:
    """A decision in a list: the file, where it leads, when, and what is told of it."""

    client: str
    href: str
    at: Moment
    told: str


def lists(
    portfolio: Portfolio,
    waiting: Sequence[Item],
    latest: Sequence[Item],
    now: Moment,
    leads: Mapping[str, str],
    count: int,
    lang: str,
) -> Component:
    """Return the two lists side by side, each with the way to all of it."""
    more = link(t("register.view.waiting", lang, count=count), leads["waiting"], className="tabletool")
    every = link(t("home.recent.all", lang), leads["all"], className="tabletool")
    return html.Div(
        [
            sheet(
                "waiting",
                own(portfolio, "home.waiting", lang),
                _list(waiting, own(portfolio, "home.waiting.none", lang), now, lang),
                aside=more if count else None,
                width="c6",
            ),
            sheet(
                "recent",
                t("home.recent", lang),
                _list(latest, t("home.recent.none", lang), now, lang),
                aside=every if latest else None,
                width="c6",
            ),
        ],
        className="grid even",
    )


def due(by: Moment, is_late: bool, lang: str) -> str:
    """Return when an answer is due, or was."""
    return t("home.waiting.late" if is_late else "home.waiting.due", lang, date=day(by, lang))


def _list(items: Sequence[Item], empty: str, now: Moment, lang: str) -> Component:
    if not items:
        return html.P(empty)
    rows = [
        html.Tr(
            [
                html.Td(short(one.at, now, lang), className="nowrap"),
                html.Td(link(one.client or t("register.erased", lang), one.href)),
                html.Td(one.told),
            ]
        )
        for one in items
    ]
    return html.Table(html.Tbody(rows), className="recent")
