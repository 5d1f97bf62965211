"""The search for a client's file: a field, and the files whose number starts like that.

``assets/picker.js`` gives it its keyboard: arrows choose, Enter opens, Escape closes, and a
slash anywhere on the page comes here. The page that holds the bank answers what is typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from components import formats
from components.i18n import own, own_plural, plural, t
from components.links import ELIGIBILITY, address, link
from components.sign import proposal
from data.portfolios import Portfolio
from model.results import Decision

LIMIT = 8
LONGEST = 40  # characters of a file number


@dataclass(frozen=True, slots=True)
class Hit:
    """One file found: points and decision are None when no model can score it."""

    client_id: str
    request: str
    points: float | None = None
    decision: Decision | None = None


def identity(part: str, place: str, portfolio: str, lang: str) -> dict[str, str]:
    """Return the id of a part (``search``, ``found``, ``count``) of the picker at ``place``."""
    return {"part": f"picker-{part}", "place": place, "portfolio": portfolio, "lang": lang}


def large(portfolio: Portfolio, lang: str, hits: Sequence[Hit] = (), total: int | None = None) -> Component:
    """Return the search of a page, with the files that it shows at first, if any."""
    line = [] if total is None else count(portfolio, total, "", lang)
    return _picker("large", portfolio, lang, found(portfolio, hits, "", lang), line)


def small(portfolio: Portfolio, lang: str) -> Component:
    """Return the search of the masthead; its files drop below it."""
    return _picker("small", portfolio, lang, [], [])


def found(portfolio: Portfolio, hits: Sequence[Hit], typed: str, lang: str) -> Component:
    """Return the files found, as rows of a grid; ``data-typed`` tells what they answer."""
    rows = [_row(portfolio, hit, typed, lang) for hit in hits]
    return html.Table(
        html.Tbody(rows),
        className="found",
        role="grid",
        hidden=not rows,
        **{"aria-label": own(portfolio, "picker.found", lang), "data-typed": typed},
    )


def count(portfolio: Portfolio, total: int, typed: str, lang: str) -> list[Component | str]:
    """Return the line that says how many files start like that."""
    number = formats.number(total, lang)
    if not typed:
        return [
            html.B(own_plural(portfolio, "picker.files", total, lang, count=number)),
            own(portfolio, "picker.start", lang),
        ]
    if not total:
        return [own(portfolio, "picker.none", lang, typed=typed)]
    files = html.B(own_plural(portfolio, "picker.files", total, lang, count=number))
    more = t("picker.more", lang, shown=LIMIT) if total > LIMIT else t("picker.keys", lang)
    return [files, " ", plural("picker.start_with", total, lang, typed=typed), " ", more]


def _picker(place: str, portfolio: Portfolio, lang: str, files, line) -> Component:
    label = own(portfolio, "picker.label" if place == "large" else "picker.label.short", lang)
    search = identity("search", place, portfolio.id, lang)
    field = dcc.Input(
        id=search,
        type="text",
        value="",
        placeholder="" if place == "large" else label,
        autoComplete="off",
        spellCheck="false",
        maxLength=LONGEST,
    )
    return html.Div(
        [
            html.Div(label, className="label" if place == "large" else "vh", **{"data-picker-label": ""}),
            field,
            html.Div(files, id=identity("found", place, portfolio.id, lang), className="picker-found"),
            html.P(
                line,
                id=identity("count", place, portfolio.id, lang),
                className="note" if place == "large" else "vh",
                **{"aria-live": "polite"},
            ),
        ],
        className=f"picker picker-{place}",
        role="search",
        **{"aria-label": label, "data-picker": address(ELIGIBILITY, portfolio=portfolio.id, lang=lang)},
    )


def _row(portfolio: Portfolio, hit: Hit, typed: str, lang: str) -> Component:
    href = address(ELIGIBILITY, portfolio=portfolio.id, client=hit.client_id, lang=lang)
    number = [html.Mark(typed), hit.client_id[len(typed) :]] if typed else hit.client_id
    cells = [
        html.Td(link(number, href, tabIndex=-1), role="gridcell"),
        html.Td(hit.request, className="request", role="gridcell"),
    ]
    if hit.points is not None:
        points = plural("verdict.points", round(hit.points), lang, count=formats.points(hit.points, lang))
        cells += [
            html.Td(points, className="num", role="gridcell"),
            html.Td(proposal(portfolio, hit.decision, lang), className="gapl nowrap", role="gridcell"),
        ]
    return html.Tr(cells, role="row", **{"data-client": hit.client_id})
