"""The candidates beside the model in service: what each costs, and whether the gap is proved."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import formats, i18n
from components.charts import intervals
from components.figure import Cell, Table, figure, tabulated
from components.i18n import own, plural, t, typeset
from components.sheet import unfold
from data import portfolios
from data.portfolios import Portfolio

CHAMPION = "champion"
PLAIN, CUT_BY_COSTS = "lightgbm", "lightgbm_threshold"
# What the second table shows of each candidate, with its decimals.
_USUAL = {"average_precision": 3, "brier": 4, "f1": 3, "f_beta": 3, "accuracy": 3, "refused": 3, "seconds": 1}


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate in the first table; ``low`` to ``high`` is what its cost may be, beside the model's.

    ``gap`` is its cost less that of the model in service, with its interval; None for the model itself.
    ``rule`` is one that knows nothing of a file: it would crush the others against each other if drawn.
    """

    name: str
    auc: float
    cost: float
    low: float
    high: float
    gap: tuple[float, float, float] | None
    pick: bool = False
    rule: bool = False


def section(portfolio: Portfolio, card: Mapping, held: Mapping, lang: str) -> Component:
    """Return the candidates with their reading, drawn on the scale of costs, and what else is measured."""
    measured = held.get("candidates")
    rows = _rows(card, measured, lang) if measured else _alone(card, held, lang)
    nobody = held["accept_everyone"]["cost_per_file"]
    own = next(row for row in rows if row.pick)
    ends = _ends([end for row in rows if not row.rule for end in (row.low, row.high)])
    span = intervals.Span(*ends, own.cost)
    table = _table(portfolio, rows, nobody, lang)
    reading = (
        _reading(portfolio, card, held, lang) if measured else _saving(portfolio, nobody - own.cost, lang)
    )
    return html.Div(
        [
            figure(
                "candidates", _drawn(portfolio, rows, span, nobody, lang), reading, table, lang, image=False
            ),
            *_notes(portfolio, card, held, lang),
        ]
    )


def name_of(name: str, version: str, lang: str) -> str:
    """Return what a candidate is called."""
    if name == CHAMPION:
        return t("performance.candidates.champion", lang, version=version)
    return t(f"candidates.is.{name}", lang)


def _called(name: str, card: Mapping, lang: str) -> str:
    """Return what a candidate is called in the words of its portfolio."""
    said = portfolios.load(card["portfolio"]).words(lang).get("texts", {}).get(f"candidates.is.{name}")
    return name_of(name, card["version"], lang) if said is None else typeset(said, lang)


def per_1000(cost: float, lang: str) -> str:
    """Return a cost per file as a cost per 1,000 files, without sign."""
    return formats.number(abs(1000 * cost), lang)


def _alone(card: Mapping, held: Mapping, lang: str) -> list[Row]:
    nobody, own = held["accept_everyone"]["cost_per_file"], card["metrics"]["cost_per_file"]
    area = card["metrics"]["auc"]["value"]
    return [
        Row(_called("accept_all", card, lang), 0.5, nobody, nobody, nobody, None),
        Row(
            name_of(CHAMPION, card["version"], lang), area, own["value"], own["low"], own["high"], None, True
        ),
    ]


def _rows(card: Mapping, measured: Sequence[Mapping], lang: str) -> list[Row]:
    own = next(one for one in measured if one["name"] == CHAMPION)["own"]["cost_per_file"]["value"]
    rows = []
    for one in measured:
        name, area = _called(one["name"], card, lang), one["auc"]["value"]
        cost = one["own"]["cost_per_file"]["value"]
        if one["against"] is None:
            rows.append(Row(name, area, cost, cost, cost, None, True))
            continue
        saved = one["against"]["saved_per_file"]
        gap = (-saved["value"], -saved["high"], -saved["low"])
        rows.append(Row(name, area, cost, own + gap[1], own + gap[2], gap, rule=one["kind"] == "rule"))
    return rows


def _drawn(
    portfolio: Portfolio, rows: Sequence[Row], span: intervals.Span, nobody: float, lang: str
) -> Component:
    middle = (span.low + span.high) / 2
    scale = intervals.scale(tuple(formats.number(end, lang, 2) for end in (span.low, middle, span.high)))
    keys = ("name", "auc", "cost", "chart", "saved")
    heads = [
        scale if key == "chart" else i18n.own(portfolio, f"performance.candidates.{key}", lang)
        for key in keys
    ]
    head = [html.Th(text, className=_class(key), scope="col") for key, text in zip(keys, heads, strict=True)]
    body = []
    for row in rows:
        cells = (
            html.B(row.name) if row.pick else row.name,
            formats.number(row.auc, lang, 3),
            formats.number(row.cost, lang, 3),
            _lane(row, span, lang),
            formats.number(1000 * (nobody - row.cost), lang),
        )
        drawn = [html.Td(cell, className=_class(key)) for key, cell in zip(keys, cells, strict=True)]
        body.append(html.Tr(drawn, className="pick" if row.pick else ""))
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="candidates")
    return html.Div(table, className="wide", tabIndex=0)


def _table(portfolio: Portfolio, rows: Sequence[Row], nobody: float, lang: str) -> Table:
    compared = any(row.gap for row in rows)
    keys = ("name", "auc", "cost", "saved", *(("gap", "low", "high") if compared else ()))
    head = [(i18n.own(portfolio, f"performance.candidates.{key}", lang), key != "name") for key in keys[:4]]
    head += [(i18n.own(portfolio, f"candidates.head.{key}", lang), True) for key in keys[4:]]
    cells: list[list[Cell]] = []
    for row in rows:
        saved = 1000 * (nobody - row.cost)
        cells.append(
            [
                row.name,
                (formats.number(row.auc, lang, 3), row.auc),
                (formats.number(row.cost, lang, 3), row.cost),
                (formats.number(saved, lang), saved),
                *((_gaps(row, lang)) if compared else ()),
            ]
        )
    return Table(head, cells, next(place for place, row in enumerate(rows) if row.pick))


def _gaps(row: Row, lang: str) -> list[Cell]:
    if row.gap is None:
        return ["", "", ""]
    return [(formats.number(1000 * value, lang, 1, signed=True), 1000 * value) for value in row.gap]


def _saving(portfolio: Portfolio, saved: float, lang: str) -> str:
    return i18n.own(
        portfolio, "performance.candidates.reading", lang, saved=formats.number(1000 * saved, lang)
    )


def _reading(portfolio: Portfolio, card: Mapping, held: Mapping, lang: str) -> str:
    """Return whether any candidate is cheaper, then the best that a person can read as it stands."""
    found, version = held["conclusion"], card["version"]
    saved = {one["name"]: one["against"]["saved_per_file"] for one in held["candidates"] if one["against"]}
    kind = "cheaper" if found["cheaper"] else "none" if found["alike"] else "dearer"
    count = len(found["cheaper"]) or len(saved)
    said = plural(f"candidates.{kind}", count, lang, version=version)
    readable = found["glass"] == found["closest"]
    named = {"closest_glass" if readable else "closest": found["closest"]}
    if found["glass"] and not readable:
        named["glass"] = found["glass"]
    told = [_gap(portfolio, place, name, saved[name], version, lang) for place, name in named.items()]
    return " ".join([said, *told])


def _gap(
    portfolio: Portfolio, kind: str, name: str, saved: Mapping[str, float], version: str, lang: str
) -> str:
    proved = saved["low"] > 0 or saved["high"] < 0
    gap = i18n.own(
        portfolio,
        "candidates.gap.less" if saved["value"] > 0 else "candidates.gap.more",
        lang,
        amount=per_1000(saved["value"], lang),
    )
    sure = t("candidates.gap.proved" if proved else "candidates.gap.chance", lang)
    return i18n.own(
        portfolio, f"candidates.{kind}", lang, name=name_of(name, version, lang), gap=gap, sure=sure
    )


def _notes(portfolio: Portfolio, card: Mapping, held: Mapping, lang: str) -> list[Component]:
    ratio = formats.number(card["costs"]["false_negative"] / card["costs"]["false_positive"], lang)
    note = own(portfolios.load(card["portfolio"]), "performance.candidates.note", lang, ratio=ratio)
    if not held.get("candidates"):
        return [html.P(f"{note} {t('performance.candidates.others', lang)}", className="note")]
    beta = formats.number(held["beta"], lang, 2)
    note += " " + t("candidates.note", lang)
    if {PLAIN, CUT_BY_COSTS} <= {one["name"] for one in held["candidates"]}:
        tuned, plain = (name_of(name, card["version"], lang) for name in (CUT_BY_COSTS, PLAIN))
        note += " " + t("candidates.same", lang, tuned=tuned, plain=plain)
    return [
        html.P(note, className="note"),
        unfold(
            t("candidates.usual", lang),
            tabulated(_usual(portfolio, card, held["candidates"], beta, lang)),
            html.P(
                i18n.own(portfolio, "candidates.usual.note", lang, beta=beta, ratio=ratio), className="note"
            ),
            html.P(i18n.own(portfolio, "candidates.missing", lang), className="note"),
        ),
    ]


def _usual(portfolio: Portfolio, card: Mapping, measured: Sequence[Mapping], beta: str, lang: str) -> Table:
    head = [(t("performance.candidates.name", lang), False)]
    head += [(i18n.own(portfolio, f"candidates.head.{key}", lang, beta=beta), True) for key in _USUAL]
    rows = []
    for one in measured:
        said = one["recalibrated"] or one["raw"]
        values = (
            one["average_precision"],
            said["brier"],
            *(one["own"][key] for key in ("f1", "f_beta", "accuracy", "refused_share")),
            one["fit_seconds"],
        )
        cells = [
            ("–", None) if value is None else (formats.number(value, lang, decimals), value)
            for value, decimals in zip(values, _USUAL.values(), strict=True)
        ]
        rows.append([_called(one["name"], card, lang), *cells])
    return Table(head, rows, len(rows) - 1)


def _lane(row: Row, span: intervals.Span, lang: str) -> Component:
    if row.rule:
        return html.Span(t("candidates.beyond", lang), className="note")
    return intervals.lane(span, row.cost, row.low, row.high)


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """Return even hundredths around some values, whose middle is a hundredth too."""
    low = math.floor(50 * min(values))
    high = math.floor(50 * max(values)) + 1
    return 0.02 * low, 0.02 * (high + (high - low) % 2)


def _class(key: str) -> str:
    return {"name": "", "chart": "gapl chart"}.get(key, "num")
