"""The algorithms that ``python -m model compare`` judged, on everyone and on each segment."""

from collections.abc import Callable, Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats
from components.figure import Table, figure
from components.i18n import t
from components.sheet import sheet

Named = Callable[[Mapping], str]
METRICS = ("accuracy", "recall", "precision", "f1", "balanced_accuracy", "auc")


def section(portfolio_id: str, held: Mapping | None, same_data: bool, named: Named, lang: str) -> Component:
    """Return the sheet; ``held`` is what the last comparison found, if there was one."""
    title = t("compared.title", lang)
    if held is None:
        command = html.Code(f"python -m model compare {portfolio_id}")
        return sheet("compared", title, html.P([t("compared.none", lang), " ", command]))
    populations = held["populations"]
    heads = [
        (t("compared.head.name", lang), False),
        *((t(f"compared.metric.{m}", lang), True) for m in METRICS),
    ]
    body: list[Component] = []
    rows: list[list] = []
    for one in populations:
        said = _population(one, named, lang)
        body.append(html.Tr(html.Th(said, colSpan=len(heads), scope="rowgroup"), className="head"))
        for cells in _rows(one, lang):
            body.append(_row(cells))
            rows.append([f"{_capital(named(one))}, {cells[0][0]}", *(cell[:2] for cell in cells[1:])])
    head = [html.Th(text, scope="col", className="num" if number else "") for text, number in heads]
    drawn = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="judged compared-table")
    note = t("compared.note", lang, mark=formats.percent(held["mark"], lang))
    return sheet(
        "compared",
        title,
        None if same_data else html.Div(html.P(t("compared.other", lang)), className="info"),
        figure(
            "compared",
            html.Div(drawn, className="wide", tabIndex=0),
            _reading(populations, named, lang),
            Table(heads, rows),
            lang,
            image=False,
        ),
        html.P(note, className="note"),
    )


def _population(one: Mapping, named: Named, lang: str) -> str:
    return t(
        "compared.population",
        lang,
        name=_capital(named(one)),
        rows=formats.number(one["judged"], lang),
        share=formats.percent(one["positives"] / one["judged"] if one["judged"] else 0, lang, 1),
    )


def _rows(one: Mapping, lang: str) -> list[list[tuple[str, float, bool]]]:
    """Return the algorithms of a population, each figure shown, exact, and whether it is the best."""
    best = {m: max(a["metrics"][m]["value"] for a in one["algorithms"]) for m in METRICS}
    rows = []
    for algorithm in one["algorithms"]:
        cells: list = [(t(f"compared.is.{algorithm['name']}", lang), 0.0, False)]
        for metric in METRICS:
            value = algorithm["metrics"][metric]["value"]
            cells.append((formats.number(value, lang, 3), value, value == best[metric]))
        rows.append(cells)
    return rows


def _row(cells: Sequence[tuple[str, float, bool]]) -> Component:
    return html.Tr(
        [
            html.Td(html.B(shown) if is_best else shown, className="num" if place else "inner")
            for place, (shown, _, is_best) in enumerate(cells)
        ]
    )


def _reading(populations: Sequence[Mapping], named: Named, lang: str) -> str:
    """Return who ranks best of everyone and whether that is proven, then of each segment."""
    first, *segments = populations
    ranked = sorted(first["algorithms"], key=lambda one: -one["metrics"]["auc"]["value"])
    top = ranked[0]["metrics"]["auc"]
    close = [one for one in ranked[1:] if one["metrics"]["auc"]["high"] >= top["low"]]
    told = {
        "name": _lower(t(f"compared.is.{ranked[0]['name']}", lang)),
        "auc": formats.number(top["value"], lang, 3),
    }
    if not close:
        gap = top["value"] - ranked[1]["metrics"]["auc"]["value"] if len(ranked) > 1 else 0.0
        said = [t("compared.best.clear", lang, gap=formats.number(gap, lang, 3), **told)]
    elif len(close) == 1:
        said = [t("compared.best.close.one", lang, **told)]
    else:
        said = [t("compared.best.close", lang, count=_capital(_count(len(close), lang)), **told)]
    for one in segments:
        best = max(one["algorithms"], key=lambda a: a["metrics"]["auc"]["value"])
        said.append(
            t(
                "compared.segment",
                lang,
                segment=_capital(named(one)),
                name=_lower(t(f"compared.is.{best['name']}", lang)),
                auc=formats.number(best["metrics"]["auc"]["value"], lang, 3),
            )
        )
    return " ".join(said)


def _count(count: int, lang: str) -> str:
    return t(f"number.{count}", lang) if 2 <= count <= 8 else str(count)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    # A name that holds capitals further on is a proper one.
    return text[:1].lower() + text[1:] if text[1:].islower() else text
