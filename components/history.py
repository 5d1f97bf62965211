"""The history of a client: one table after the other, closed until asked for."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats
from components.charts import timeline
from components.i18n import t, typeset
from components.sheet import sheet, unfold
from data.portfolios import Portfolio
from model.results import Value

FIRST_ROWS = 12
LIMIT = 200  # rows read of one table; more are announced, not shown


def toggle_id(portfolio: str, client: str, table: str, lang: str) -> dict[str, str]:
    """Return the id of what opens a table; a click on it asks for the rows."""
    return {"part": "history-toggle", "portfolio": portfolio, "client": client, "table": table, "lang": lang}


def rows_id(portfolio: str, client: str, table: str, lang: str) -> dict[str, str]:
    """Return the id of the place where a table's rows go."""
    return toggle_id(portfolio, client, table, lang) | {"part": "history-rows"}


def section(
    portfolio: Portfolio,
    client_id: str,
    record: Mapping[str, Value],
    present: Sequence[str],
    lang: str,
) -> Component | None:
    """Return the sheet of the history, without its rows.

    ``record`` says which families were collected for this client, ``present`` which tables
    the bank holds. None for a portfolio without history.
    """
    described = [entry["table"] for entry in portfolio.settings.get("history", ())]
    if not described:
        return None
    return sheet(
        "history",
        t("history.title", lang),
        *(_table(portfolio, client_id, table, record, present, lang) for table in described),
        aside=html.Span(t("history.hint", lang), className="note"),
    )


def rows(portfolio: Portfolio, table: str, found: Sequence[Mapping], lang: str) -> list[Component]:
    """Return what stands under an opened table: reading, timeline, rows."""
    entry = {entry["table"]: entry for entry in portfolio.settings["history"]}[table]
    if not found:
        return [html.P(t("history.no_rows", lang), className="empty")]
    first, others = found[:FIRST_ROWS], found[FIRST_ROWS:]
    name = typeset(portfolio.words(lang)["tables"].get(table, table), lang)
    shown = [*_timeline(portfolio, entry, found, lang), _rows(portfolio, entry, first, name, lang)]
    if others:
        label = t("history.others", lang, count=len(others))
        shown.append(unfold(label, _rows(portfolio, entry, others, label, lang)))
    if len(found) >= LIMIT:
        shown.append(html.P(t("history.limit", lang, count=LIMIT), className="note"))
    return shown


def _table(portfolio, client_id, table, record, present, lang) -> Component:
    name = typeset(portfolio.words(lang)["tables"].get(table, table), lang)
    family = next((f for f, told in portfolio.families.items() if table in told["tables"]), None)
    if reason := _why_not(portfolio, table, family, record, present, lang):
        return html.Div([html.B(name), html.Span(reason, className="note")], className="shut")
    ids = (portfolio.id, client_id, table, lang)
    return html.Details(
        [
            html.Summary(name, id=toggle_id(*ids)),
            html.Div(id=rows_id(*ids), className="history-rows", **{"aria-live": "polite"}),
        ],
        className="history-table",
    )


def _why_not(portfolio, table, family, record, present, lang) -> str:
    """Return why a table cannot be opened for this client; empty when it can."""
    if family and not record.get(f"covered_{family}", True):
        told = portfolio.words(lang).get("not_collected", {}).get(family)
        return typeset(told, lang) if told else t("history.not_collected", lang)
    return "" if table in present else t("history.not_collected", lang)


def _timeline(portfolio: Portfolio, entry: Mapping, found: Sequence[Mapping], lang: str) -> list[Component]:
    described = entry.get("timeline")
    if not described:
        return []

    def name_of(row: Mapping) -> str:
        column = described.get("name")
        return formats.category(portfolio, column, row.get(column), lang) if column else ""

    spans = timeline.spans(found, described, name_of)
    if not spans:
        return []
    draw = timeline.bars if "end" in described else timeline.strokes
    return [html.P(timeline.reading(spans, lang), className="reading"), draw(spans, lang)]


def _rows(portfolio: Portfolio, entry: Mapping, found: Sequence[Mapping], label: str, lang: str) -> Component:
    names = portfolio.words(lang).get("table_columns", {}).get(entry["table"], {})
    columns = entry["columns"]
    head = [html.Th(typeset(names.get(c[0], c[0]), lang), className=_align(c)) for c in columns]
    body = [
        html.Tr([html.Td(_cell(portfolio, c, row, entry, lang), className=_align(c)) for c in columns])
        for row in found
    ]
    return html.Div(
        html.Table([html.Thead(html.Tr(head)), html.Tbody(body)]),
        className="wide",
        tabIndex=0,
        role="region",
        **{"aria-label": label},
    )


def _align(column: Sequence[str]) -> str:
    if column[1] in ("category", "flag"):
        return ""
    return "num when" if column[1].endswith("_when") else "num"


def _cell(portfolio: Portfolio, column: Sequence[str], row: Mapping, entry: Mapping, lang: str):
    """Return one cell. A column is its name, its unit, and for ``days_late`` the date due."""
    name, unit, *due = column
    raw = row.get(name)
    if raw == entry.get("unknown"):
        raw = None
    if unit == "category":
        text = formats.category(portfolio, name, raw, lang)
    elif due:
        given = (raw, row.get(due[0]))
        gap = None if any(formats.is_missing(v) for v in given) else float(given[0]) - float(given[1])
        text = formats.quantity(gap, "days", "days_late", lang)
    else:
        kind = "flag" if unit == "flag" else "number"
        text = formats.quantity(raw, kind, unit, lang, currency=portfolio.settings.get("currency", ""))
    return html.Span(text, className="absent") if text == t("value.missing", lang) else text
