"""The marks that managers proposed: kept, listed, never live without another manager."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import t, typeset
from data.portfolios import Portfolio


@dataclass(frozen=True, slots=True)
class Proposed:
    """A mark that was proposed, as the list shows it."""

    day: str
    mark: float
    in_force: float
    ratio: float
    by_amount: bool
    note: str
    version: str


def proposals(
    portfolio: Portfolio, found: Sequence[Proposed], lang: str, told: Component | None = None
) -> list[Component | None]:
    """Return the marks proposed, none of them live, under what is to be said of the last act."""
    if not found:
        return [told, html.P(t("performance.proposals.none", lang), className="note")]
    keys = ("day", "mark", "ratio", "why", "state")
    head = [(t(f"performance.proposals.{key}", lang), False) for key in keys]
    rows = [
        html.Tr(
            [
                html.Td(formats.date(one.day, lang), className="nowrap"),
                html.Td(_proposed(one, lang)),
                html.Td(_at_ratio(portfolio, one, lang), className="" if one.by_amount else "nowrap"),
                html.Td(one.note, className="said"),
                html.Td(t("performance.proposals.pending", lang)),
            ]
        )
        for one in found
    ]
    heads = [html.Th(text, scope="col") for text, _ in head]
    return [
        told,
        html.H3(t("performance.proposals", lang)),
        html.Div(
            html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)]), className="wide proposals", tabIndex=0
        ),
    ]


def _proposed(one: Proposed, lang: str) -> str:
    return t(
        "performance.proposals.instead",
        lang,
        mark=formats.points(one.mark, lang),
        in_force=formats.points(one.in_force, lang),
        version=one.version,
    )


def _at_ratio(portfolio: Portfolio, one: Proposed, lang: str) -> str:
    ratio = t("performance.proposals.at", lang, ratio=formats.number(one.ratio, lang))
    return (
        f"{ratio}, {_lower(typeset(portfolio.words(lang)['desk']['by']['amount'], lang))}"
        if one.by_amount
        else ratio
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def kept(lang: str) -> Component:
    """Return what is said once a proposal is kept."""
    return html.P(t("performance.proposals.kept", lang), className="info", role="status")


def fault(code: str, lang: str) -> Component:
    """Return why nothing was kept: ``why`` (no reason given), ``stale``, ``unavailable``."""
    said = html.P(t(f"performance.proposals.{code}", lang))
    return html.Div(said, className="error", role="alert")
