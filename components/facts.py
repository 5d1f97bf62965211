"""Facts about a client: a label and a value, "non fourni" said plainly."""

from collections.abc import Iterable, Mapping

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import t, typeset
from data.portfolios import Portfolio
from model.results import Value

FACT = Mapping[str, str]


def strip(
    portfolio: Portfolio, client_id: str, values: Mapping[str, Value], lang: str, act: Component | None = None
) -> Component:
    """Return the strip that heads every page about a client; ``act`` is a link at its right."""
    named = strip_facts(portfolio, values, lang)
    return strip_drawn(client_id, named, not portfolio.settings.get("currency"), lang, act)


def strip_facts(portfolio: Portfolio, values: Mapping[str, Value], lang: str) -> list[tuple[str, str]]:
    """Return what the strip says of a file, in words."""
    return [pair(portfolio, entry, values, lang) for entry in portfolio.settings["facts"]["strip"]]


def strip_drawn(
    client_id: str, named: Iterable[tuple[str, str]], bare: bool, lang: str, act: Component | None = None
) -> Component:
    """Return the strip from facts that were told; ``bare`` amounts bear no currency."""
    return html.Section(
        [
            html.H1(t("file.title", lang, client=client_id)),
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
    """Return facts as one line of values, for lists: "405 000, prêt personnel"."""
    return ", ".join(pair(portfolio, entry, values, lang)[1] for entry in entries)


def pair(portfolio: Portfolio, entry: str, values: Mapping[str, Value], lang: str) -> tuple[str, str]:
    """Return a fact's label and value.

    ``entry`` is a column, or the name of a fact composed of several columns in the
    portfolio's words (``facts``: a label and a sentence holding the columns' names).
    """
    composed = portfolio.words(lang).get("facts", {}).get(entry)
    if composed is None:
        shown = formats.value(portfolio, entry, values.get(entry), lang)
        return typeset(portfolio.columns[entry].label(lang), lang), shown
    known = {
        name: formats.value(portfolio, name, values.get(name), lang)
        for name in composed["columns"]
        if not formats.is_missing(values.get(name))
    }
    if len(known) == len(composed["columns"]):
        shown = typeset(composed["value"].format(**known), lang)
    else:
        # A part is missing: the others still say something on their own.
        shown = ", ".join(known.values()) or t("value.missing", lang)
    return typeset(composed["label"], lang), shown


def _value(text: str, lang: str) -> Component:
    return html.Dd(html.Span(text, className="absent") if text == t("value.missing", lang) else text)
