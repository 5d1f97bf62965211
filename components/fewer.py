"""How few inputs would do, from every column of the source to a handful."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats, i18n, stability
from components.charts import intervals
from components.figure import Table, figure
from components.i18n import t
from components.sheet import sheet
from data.portfolios import Portfolio

_KEYS = ("inputs", "always", "auc", "chart", "cost", "lost", "lost_cost")


def section(portfolio: Portfolio, card: Mapping, held: Mapping, lang: str) -> Component:
    """Return the sheet; ``held`` is what :func:`model.fewer.path` returned."""
    own = held["own"]
    steps = sorted([*held["steps"], own], key=lambda one: -one["inputs"])
    span = _span([one["auc"] for one in steps], own["auc"]["value"])
    marks = (span.low, (span.low + span.high) / 2, span.high)
    scale = intervals.scale(tuple(formats.number(value, lang, 2) for value in marks))
    heads = {
        key: scale if key == "chart" else i18n.own(portfolio, f"evidence.fewer.{key}", lang) for key in _KEYS
    }
    head = [html.Th(heads[key], className=_class(key), scope="col") for key in _KEYS]
    body, rows, pick = [], [], None
    for one in steps:
        cells = _cells(portfolio, card, one, own, lang)
        chart = intervals.lane(span, **one["auc"])
        shown = [chart if key == "chart" else _shown(cells[key]) for key in _KEYS]
        tds = [html.Td(cell, className=_class(key)) for key, cell in zip(_KEYS, shown, strict=True)]
        body.append(html.Tr(tds, className="pick" if one is own else ""))
        pick = len(rows) if one is own else pick
        rows.append([cells[key] for key in _KEYS if key != "chart"])
    drawn = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="candidates")
    table = Table([(heads[key], key != "inputs") for key in _KEYS if key != "chart"], rows, pick)
    return sheet(
        "fewer",
        t("evidence.fewer", lang),
        figure(
            "fewer",
            html.Div(drawn, className="wide", tabIndex=0),
            _reading(held, lang),
            table,
            lang,
            image=False,
        ),
        html.P(i18n.own(portfolio, "evidence.fewer.note", lang), className="note"),
    )


def _cells(portfolio: Portfolio, card: Mapping, one: Mapping, own: Mapping, lang: str) -> dict:
    inputs = formats.number(one["inputs"], lang)
    if one is own:
        name = t("evidence.fewer.own", lang, inputs=inputs, version=card["version"])
    else:
        kind = "every" if "always" not in one else f"best_of_{one['among']}"
        name = i18n.own(portfolio, f"evidence.fewer.{kind}", lang, inputs=inputs)
    lost, cost = (one.get("lost") or {}).get("auc"), (one.get("lost") or {}).get("saved_per_file")
    return {
        "inputs": name,
        "always": _number(one.get("always"), lang, 0),
        "auc": _number(one["auc"]["value"], lang, 3),
        "cost": _number(one["cost_per_file"]["value"], lang, 3),
        "lost": _number(lost and lost["value"], lang, 4, signed=True),
        "lost_cost": _number(cost and 1000 * cost["value"], lang, 1, signed=True),
    }


def _number(value: float | None, lang: str, decimals: int, *, signed: bool = False):
    """Return a figure as shown and exact; nothing where it does not apply."""
    return "" if value is None else (formats.number(value, lang, decimals, signed=signed), float(value))


def _shown(cell) -> str:
    return cell[0] if isinstance(cell, tuple) else cell


def _reading(held: Mapping, lang: str) -> str:
    """Say how few of its inputs would do, or what the first left out cost."""
    own = held["own"]["inputs"]
    steps = [one for one in held["steps"] if one.get("among") == "own"]
    enough = [one for one in steps if one["lost"]["auc"]["low"] <= 0]
    if not steps:
        return t("evidence.fewer.none", lang)
    one = min(enough, key=lambda one: one["inputs"]) if enough else steps[0]
    lost = one["lost"]["auc"]
    return t(
        "evidence.fewer.enough" if enough else "evidence.fewer.needed",
        lang,
        inputs=formats.number(one["inputs"], lang),
        own=formats.number(own, lang),
        lost=formats.number(lost["value"], lang, 4),
        between=stability.between(lost, lang, 4, signed=True),
    )


def _span(found: Sequence[Mapping], own: float) -> intervals.Span:
    low = 0.02 * int(50 * min(one["low"] for one in found))
    return intervals.Span(low, min(1.0, 0.02 * (int(50 * max(one["high"] for one in found)) + 1)), own)


def _class(key: str) -> str:
    return {"inputs": "", "chart": "gapl chart"}.get(key, "num")
