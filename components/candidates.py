"""What else could have served, as the artifact holds it: candidates, folds, histories."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats
from components.charts import intervals
from components.figure import Table, figure
from components.i18n import t, typeset
from components.sheet import sheet
from data.portfolios import Portfolio


def section(portfolio: Portfolio, card: Mapping, held: Mapping, lang: str) -> Component:
    """Return the sheet of the candidates.

    ``held`` is ``candidates.json``: its ``folds``, what accepting everyone costs and, once
    training measures them, other ``candidates``.
    """
    return sheet(
        "candidates",
        t("performance.candidates", lang),
        _compared(card, held, lang),
        html.Div(
            [
                html.Div(_folds(held["folds"], lang), className="c6"),
                html.Div(_histories(portfolio, card["histories"], lang), className="c6"),
            ],
            className="grid parts",
        ),
        html.H3(t("performance.learning", lang)),
        html.P(t("performance.learning.none", lang)),
    )


def _compared(card: Mapping, held: Mapping, lang: str) -> Component:
    nobody, own = held["accept_everyone"]["cost_per_file"], card["metrics"]["cost_per_file"]
    ratio = card["costs"]["false_negative"] / card["costs"]["false_positive"]
    saved = 1000 * (nobody - own["value"])
    span = intervals.Span(*_ends([nobody, own["low"], own["high"]]), own["value"])
    middle = (span.low + span.high) / 2
    scale = intervals.scale(tuple(formats.number(end, lang, 2) for end in (span.low, middle, span.high)))
    label = t("performance.candidates.champion", lang, version=card["version"])
    champion = [
        html.B(label),
        formats.number(card["metrics"]["auc"]["value"], lang, 3),
        formats.number(own["value"], lang, 3),
        intervals.lane(span, own["value"], own["low"], own["high"]),
        formats.number(saved, lang),
    ]
    idle = [
        t("performance.candidates.nobody", lang),
        formats.number(0.5, lang, 3),
        formats.number(nobody, lang, 3),
        intervals.lane(span, nobody, nobody, nobody),
        formats.number(0, lang),
    ]
    keys = ("name", "auc", "cost", "chart", "saved")
    heads = [scale if key == "chart" else t(f"performance.candidates.{key}", lang) for key in keys]
    head = [html.Th(text, className=_class(key), scope="col") for key, text in zip(keys, heads, strict=True)]
    body = [
        html.Tr(
            [html.Td(cell, className=_class(key)) for key, cell in zip(keys, row, strict=True)],
            className=kind,
        )
        for row, kind in ((idle, ""), (champion, "pick"))
    ]
    drawn = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="candidates")
    area = card["metrics"]["auc"]["value"]
    rows = [
        [idle[0], (idle[1], 0.5), (idle[2], nobody), (idle[4], 0.0)],
        [label, (champion[1], area), (champion[2], own["value"]), (champion[4], saved)],
    ]
    table = Table(
        [(text, key != "name") for key, text in zip(keys, heads, strict=True) if key != "chart"], rows, 1
    )
    reading = t("performance.candidates.reading", lang, saved=formats.number(saved, lang))
    note = t("performance.candidates.note", lang, ratio=formats.number(ratio, lang))
    others = "" if held.get("candidates") else " " + t("performance.candidates.others", lang)
    return html.Div(
        [
            figure(
                "candidates", html.Div(drawn, className="wide", tabIndex=0), reading, table, lang, image=False
            ),
            html.P(note + others, className="note"),
        ]
    )


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """Return the tenths around some values, so that the scale's ends can be read."""
    return int(10 * min(values)) / 10, (int(10 * max(values)) + 1) / 10


def _folds(folds: Sequence[Mapping], lang: str) -> list[Component]:
    areas = [fold["auc"] for fold in folds]
    ends = {"low": formats.number(min(areas), lang, 3), "high": formats.number(max(areas), lang, 3)}
    head = [
        (t("performance.folds.fold", lang), False),
        (t("performance.folds.rows", lang), True),
        (t("performance.candidates.auc", lang), True),
        (t("performance.candidates.cost", lang), True),
        (t("performance.folds.trees", lang), True),
    ]
    rows = [
        [
            str(number),
            (formats.number(fold["rows"], lang), fold["rows"]),
            (formats.number(fold["auc"], lang, 3), fold["auc"]),
            (formats.number(fold["cost_per_file"], lang, 3), fold["cost_per_file"]),
            (formats.number(sum(fold["trees"].values()), lang), sum(fold["trees"].values())),
        ]
        for number, fold in enumerate(folds, start=1)
    ]
    span = intervals.Span(*_close(areas))
    dots = html.Div([intervals.lane(span, area, area, area) for area in areas], className="dots")
    scale = intervals.scale(
        tuple(formats.number(end, lang, 2) for end in (span.low, (span.low + span.high) / 2, span.high))
    )
    reading = t("performance.folds.reading", lang, **ends)
    return [
        html.H3(t("performance.folds", lang)),
        figure(
            "folds",
            html.Div([scale, dots], className="fold-dots"),
            reading,
            Table(head, rows),
            lang,
            image=False,
        ),
    ]


def _close(values: Sequence[float]) -> tuple[float, float]:
    """Return the even hundredths around some values, at least four hundredths apart."""
    low = 0.02 * int(50 * min(values))
    return low, max(low + 0.04, 0.02 * (int(50 * max(values)) + 1))


def _histories(portfolio: Portfolio, held: Mapping, lang: str) -> list[Component]:
    if not held:
        return []
    named = portfolio.words(lang)["families"]
    names = {family: typeset(named.get(family, family), lang) for family in held}
    best = max(held, key=lambda family: held[family]["gain"])
    reading = t(
        "performance.histories.reading",
        lang,
        name=names[best],
        gain=formats.number(held[best]["gain"], lang, 4, signed=True),
    )
    keys = ("name", "rows", "gain", "sd", "better")
    head = [(t(f"performance.histories.{key}", lang), key != "name") for key in keys]
    rows = [
        [
            names[family],
            (formats.number(one["rows"], lang), one["rows"]),
            (formats.number(one["gain"], lang, 4, signed=True), one["gain"]),
            (formats.number(one["gain_sd"], lang, 4), one["gain_sd"]),
            (formats.number(one["folds_better"], lang), one["folds_better"]),
        ]
        for family, one in held.items()
    ]
    most = max(abs(one["gain"]) + 2 * one["gain_sd"] for one in held.values())
    end = next((step for step in (0.005, 0.01, 0.02, 0.05, 0.1) if most <= step), 0.2)
    span = intervals.Span(-end, end, 0.0)
    lanes = [
        html.Div(
            [
                html.Span(names[family]),
                intervals.lane(span, one["gain"], one["gain"] - one["gain_sd"], one["gain"] + one["gain_sd"]),
            ],
            className="lane-row",
        )
        for family, one in held.items()
    ]
    scale = intervals.scale(tuple(formats.number(value, lang, 3, signed=True) for value in (-end, 0, end)))
    head_row = html.Div([html.Span(), scale], className="lane-row")
    drawn = html.Div([head_row, *lanes], className="lane-rows")
    return [
        html.H3(t("performance.histories", lang)),
        figure("histories", drawn, reading, Table(head, rows), lang, image=False),
    ]


def _class(key: str) -> str:
    return {"name": "", "chart": "gapl chart"}.get(key, "num")
