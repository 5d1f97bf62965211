"""Facts about a client: a label and a value, "non fourni" said plainly."""

from collections.abc import Iterable, Mapping

from dash import html
from dash.development.base_component import Component

from components.i18n import own, t
from components.said import pair
from data.portfolios import Portfolio
from model.results import Value

__all__ = ["drawn", "line", "pair", "pairs", "strip", "strip_drawn", "strip_facts"]


def strip(
    portfolio: Portfolio, client_id: str, values: Mapping[str, Value], lang: str, act: Component | None = None
) -> Component:
    """Return the strip that heads every page about a client; ``act`` is a link at its right."""
    named = strip_facts(portfolio, values, lang)
    title = own(portfolio, "file.title", lang, client=client_id)
    return strip_drawn(title, named, not portfolio.settings.get("currency"), lang, act)


def strip_facts(portfolio: Portfolio, values: Mapping[str, Value], lang: str) -> list[tuple[str, str]]:
    """Return what the strip says of a file, in words."""
    return [pair(portfolio, entry, values, lang) for entry in portfolio.settings["facts"]["strip"]]


def strip_drawn(
    title: str, named: Iterable[tuple[str, str]], bare: bool, lang: str, act: Component | None = None
) -> Component:
    """Return the strip from facts that were told; ``bare`` amounts bear no currency."""
    return html.Section(
        [
            html.H1(title),
            html.Dl(
                [html.Div([html.Dt(label), _value(text, lang)]) for label, text in named], className="facts"
            ),
            html.P(t("file.no_currency", lang), className="note acts") if bare else None,
            html.Div(act, className="acts act") if act is not None else None,
        ],
        className="file",
    )


def pairs(portfolio: Portfolio, entries: Iterable[str], values: Mapping[str, Value], lang: str) -> Component:
    """Return facts as two columns of labels and values."""
    return drawn([pair(portfolio, entry, values, lang) for entry in entries], lang)


def drawn(named: Iterable[tuple[str, str]], lang: str) -> Component:
    """Return facts that were told as two columns of labels and values."""
    return html.Dl(
        [html.Div([html.Dt(label), _value(text, lang)]) for label, text in named], className="pairs two"
    )


def line(portfolio: Portfolio, entries: Iterable[str], values: Mapping[str, Value], lang: str) -> str:
    """Return facts as one line of values, for lists: "405 000, prêt personnel".

    A bare number would say nothing alone: its label comes with it.
    """
    return ", ".join(
        _listed(portfolio, entry, *pair(portfolio, entry, values, lang), lang) for entry in entries
    )


def _listed(portfolio: Portfolio, entry: str, label: str, shown: str, lang: str) -> str:
    column = portfolio.columns.get(entry)
    is_bare = column is not None and not column.unit and column.kind in ("number", "ratio", "flag")
    return t("facts.named", lang, label=label, value=shown) if is_bare else shown


def _value(text: str, lang: str) -> Component:
    return html.Dd(html.Span(text, className="absent") if text == t("value.missing", lang) else text)
