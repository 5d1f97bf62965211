"""The folds of the cross-validation one by one, and what each history adds."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats
from components.charts import intervals
from components.figure import Table, figure
from components.i18n import own, t, typeset
from data.portfolios import Portfolio


def folds(portfolio: Portfolio, held: Sequence[Mapping], lang: str) -> list[Component]:
    """Return the AUC of each fold, with its files, cost and trees."""
    areas = [fold["auc"] for fold in held]
    ends = {"low": formats.number(min(areas), lang, 3), "high": formats.number(max(areas), lang, 3)}
    head = [
        (t("performance.folds.fold", lang), False),
        (own(portfolio, "performance.folds.rows", lang), True),
        (t("performance.candidates.auc", lang), True),
        (own(portfolio, "performance.candidates.cost", lang), True),
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
        for number, fold in enumerate(held, start=1)
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


def histories(portfolio: Portfolio, held: Mapping, lang: str) -> list[Component]:
    """Return what each history adds to the AUC of the files it was collected for."""
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
    head = [(own(portfolio, f"performance.histories.{key}", lang), key != "name") for key in keys]
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
