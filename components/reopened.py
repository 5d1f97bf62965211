"""A decided file as it was shown that day, drawn from what was kept, whatever serves today."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import own, own_plural, t
from components.moments import Moment, day, hour
from components.sheet import sheet, unfold
from data.portfolios import Portfolio


def notice(
    portfolio: Portfolio,
    at: Moment,
    version: str | None,
    threshold: float | None,
    other_language: str,
    lang: str,
) -> Component:
    """Return what says that this is a page of another day."""
    told = [html.B(t("reopened.fact", lang, date=day(at, lang), hour=hour(at, lang))), " "]
    if version is not None and threshold is not None:
        told.append(t("reopened.model", lang, version=version, mark=formats.points(threshold, lang)))
    else:
        told.append(own(portfolio, "reopened.by_hand", lang))
    if other_language:
        told += [" ", t("reopened.language", lang, language=t(f"reopened.in.{other_language}", lang))]
    return html.Div(html.P(told), className="info reopened", role="note")


def erased(lang: str) -> Component:
    """Return that the content of a decision was erased."""
    return sheet(
        "erased", t("reopened.erased", lang), html.P(t("reopened.erased.then", lang), className="read")
    )


def manual(portfolio: Portfolio, lang: str) -> Component:
    """Return what stands in the verdict's place when the decision had no proposal."""
    return sheet(
        "verdict",
        t("no_model.title", lang),
        html.P(own(portfolio, "reopened.manual", lang), className="read"),
    )


def decision(pairs: Sequence[tuple[str, Component | str]], motive: str, width: str, lang: str) -> Component:
    """Return the sheet of what was decided that day."""
    told = [html.Div([html.Dt(label), html.Dd(value)]) for label, value in pairs]
    words = [html.P(t("reopened.motive", lang), className="note"), html.Blockquote(motive)] if motive else []
    return sheet(
        "decided", t("reopened.decision", lang), html.Dl(told, className="pairs one"), *words, width=width
    )


def recourse(portfolio: Portfolio, told: Mapping[str, Any] | None, lang: str) -> Component | None:
    """Return what would have changed the proposal, as it was told that day."""
    if not told:
        return None
    listed = html.Ul([html.Li(one) for one in told["proposals"]], className="plain-list")
    return sheet(
        "recourse",
        own(portfolio, "decide.changes", lang),
        html.P(told["summary"], className="read"),
        listed if told["proposals"] else None,
        html.P(told["limits"], className="note foot") if told["limits"] else None,
    )


def read(
    portfolio: Portfolio, groups: Sequence[Mapping[str, Any]], received: str, lang: str
) -> Component | None:
    """Return all that was read, source by source: value and points of each; without a model, values alone.

    None where it was not kept in words, as with what is only computed.
    """
    if not groups:
        return None
    count = sum(len(group["lines"]) for group in groups)
    is_read = any(line["points"] is not None for group in groups for line in group["lines"])
    kind = "read" if is_read else "held"
    tables = [
        unfold(f"{group['source']} ({len(group['lines'])})", _table(portfolio, group["lines"], is_read, lang))
        for group in groups
    ]
    said = own_plural(portfolio, f"reopened.{kind}.count", count, lang, date=formats.date(received, lang))
    return sheet("read", own(portfolio, f"reopened.{kind}", lang), html.P(said, className="note"), *tables)


def _table(portfolio: Portfolio, lines: Sequence[Mapping[str, Any]], is_read: bool, lang: str) -> Component:
    heads = [("label", ""), ("value", "num"), *([("points", "num")] if is_read else [])]
    head = html.Tr(
        [
            html.Th(own(portfolio, f"reopened.{key}", lang), scope="col", className=style)
            for key, style in heads
        ]
    )
    absent = html.Span(t("value.missing", lang), className="absent")
    rows = [
        html.Tr(
            [
                html.Td(line["label"]),
                html.Td(absent if line["value"] is None else line["value"], className="num"),
                *([_points(line, lang)] if is_read else []),
            ]
        )
        for line in lines
    ]
    return html.Table([html.Thead(head), html.Tbody(rows)], className="figures kept")


def _points(line: Mapping[str, Any], lang: str) -> Component:
    known = line["points"] is not None
    return html.Td(formats.points(line["points"], lang, signed=True) if known else "", className="num")
