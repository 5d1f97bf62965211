"""What each group of inputs brings: the model without it, or with one more."""

import math
from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats, stability
from components.charts import intervals
from components.figure import Table, figure
from components.i18n import own, t, typeset
from components.sheet import sheet
from data.portfolios import Portfolio

_KEYS = ("name", "inputs", "rows", "chart", "auc", "saved")


def section(portfolio: Portfolio, held: Mapping[str, Sequence], noise: float | None, lang: str) -> Component:
    """Return the sheet.

    Parameters
    ----------
    held : ``families``, ``themes`` and ``protected``, those that were measured
    noise : standard deviation of the AUC from one seed to another, when known
    """
    span = _span([one["auc"] for group in held.values() for one in group])
    marks = (span.low, (span.low + span.high) / 2, span.high)
    scale = intervals.scale(tuple(formats.number(value, lang, 3, signed=True) for value in marks))
    heads = {
        key: scale if key == "chart" else own(portfolio, f"evidence.groups.{key}", lang) for key in _KEYS
    }
    head = [html.Th(heads[key], className=_class(key), scope="col") for key in _KEYS]
    body, rows = [], []
    for kind, group in held.items():
        title = own(portfolio, f"evidence.groups.{kind}", lang)
        body.append(html.Tr([html.Th(title, colSpan=len(_KEYS), scope="rowgroup")], className="head"))
        for one in sorted(group, key=lambda one: -one["auc"]["value"]):
            cells = _cells(portfolio, kind, one, lang)
            body.append(html.Tr([_td(key, cells, span, one) for key in _KEYS]))
            between = stability.between(one["auc"], lang, 4, signed=True)
            rows.append([f"{title}: {cells['name']}", *cells["figures"], between])
    drawn = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="groups segments")
    columns = [(heads[key], key != "name") for key in _KEYS if key != "chart"]
    table = Table([*columns, (t("evidence.interval", lang), True)], rows)
    return sheet(
        "brought",
        t("evidence.groups", lang),
        figure(
            "brought",
            html.Div(drawn, className="wide", tabIndex=0),
            _reading(portfolio, held, lang),
            table,
            lang,
            image=False,
        ),
        html.P(_note(portfolio, noise, lang), className="note"),
    )


def _td(key: str, cells: Mapping, span: intervals.Span, one: Mapping) -> Component:
    if key == "chart":
        return html.Td(intervals.lane(span, **one["auc"]), className=_class(key))
    shown = cells["name"] if key == "name" else cells["figures"][_FIGURES.index(key)][0]
    return html.Td(shown, className=_class(key))


_FIGURES = ("inputs", "rows", "auc", "saved")


def _cells(portfolio: Portfolio, kind: str, one: Mapping, lang: str) -> dict:
    saved = 1000 * one["saved_per_file"]["value"]
    return {
        "name": _name(portfolio, kind, one["name"], lang),
        "figures": [
            (formats.number(one["inputs"], lang), one["inputs"]),
            (formats.number(one["rows"], lang), one["rows"]),
            (formats.number(one["auc"]["value"], lang, 4, signed=True), one["auc"]["value"]),
            (formats.number(saved, lang, 1, signed=True), saved),
        ],
    }


def _name(portfolio: Portfolio, kind: str, name: str, lang: str) -> str:
    if kind == "protected":
        return portfolio.columns[name].label(lang)
    return typeset(portfolio.words(lang)[kind].get(name, name), lang)


def _reading(portfolio: Portfolio, held: Mapping[str, Sequence], lang: str) -> str:
    left_out = [(kind, one) for kind in ("families", "themes") for one in held.get(kind, ())]
    if not left_out:
        return t("evidence.groups.none", lang)
    kind, best = max(left_out, key=lambda pair: pair[1]["auc"]["value"])
    unsure = sum(one["auc"]["low"] <= 0 for _, one in left_out)
    return t(
        "evidence.groups.reading",
        lang,
        name=_name(portfolio, kind, best["name"], lang),
        gain=formats.number(best["auc"]["value"], lang, 3, signed=True),
        unsure=formats.number(unsure, lang),
        all=formats.number(len(left_out), lang),
    )


def _note(portfolio: Portfolio, noise: float | None, lang: str) -> str:
    told = own(portfolio, "evidence.groups.note", lang)
    if noise is None:
        return told
    return f"{told} {t('evidence.groups.noise', lang, sd=formats.number(noise, lang, 4))}"


def _span(found: Sequence[Mapping]) -> intervals.Span:
    """Return the hundredths around every interval, nought marked."""
    low = math.floor(100 * min(0.0, *(one["low"] for one in found))) / 100
    return intervals.Span(low, math.floor(100 * max(0.0, *(one["high"] for one in found)) + 1) / 100, 0.0)


def _class(key: str) -> str:
    return {"name": "", "chart": "gapl chart"}.get(key, "num")
