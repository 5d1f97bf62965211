"""What the model is worth: the mark in force in plain words, then every figure with its margin."""

import math
from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats
from components.figure import Table, figure
from components.i18n import own, t, typeset
from components.rich import bold, fill
from components.sheet import sheet
from components.trust import flagged_wrongly
from data.portfolios import Portfolio

Metrics = Mapping[str, Mapping[str, float]]
# In the order of the table, with the decimals shown.
SHOWN = (
    ("auc", 3),
    ("gini", 3),
    ("ks", 3),
    ("average_precision", 3),
    ("brier", 4),
    ("log_loss", 4),
    ("cost_per_file", 3),
    ("passed_share", None),
)


def measured_on(portfolio: Portfolio, data: Mapping, lang: str) -> list[tuple[str, str]]:
    """Return what the figures are measured on: how many files, and how many of the positive class."""
    ended = t(
        "performance.outcome.value",
        lang,
        count=formats.number(data["positives"], lang),
        ended=typeset(portfolio.words(lang)["outcome"]["positive_many"], lang),
        share=formats.percent(data["positives"] / data["rows"], lang, 1),
    )
    rows = own(portfolio, "performance.measured.value", lang, rows=formats.number(data["rows"], lang))
    return [(t("performance.measured", lang), rows), (own(portfolio, "performance.outcome", lang), ended)]


def today(
    portfolio: Portfolio, card: Mapping, bins: Sequence[Mapping], nobody: float, lang: str
) -> Component:
    """Return what the mark in force does: the price of refusals, and four figures.

    Parameters
    ----------
    card : content of ``artifact.json``
    bins : the reliability curve
    nobody : cost per file when nothing is flagged
    """
    per, metrics = card["per_1000"], card["metrics"]
    ratio = card["costs"]["false_negative"] / card["costs"]["false_positive"]
    inside = sum(one["low"] <= one["predicted"] <= one["high"] for one in bins)
    figures = [
        (
            formats.number(metrics["auc"]["value"], lang, 3),
            t("performance.stat.auc", lang, **_ends(metrics["auc"], 3, lang)),
        ),
        (
            formats.number(metrics["cost_per_file"]["value"], lang, 3),
            own(
                portfolio,
                "performance.stat.cost",
                lang,
                ratio=_ratio(ratio, lang),
                **_ends(metrics["cost_per_file"], 3, lang),
            ),
        ),
        (
            formats.percent(metrics["refused_share"]["value"], lang, 1),
            typeset(portfolio.words(lang)["desk"]["flagged_share"], lang),
        ),
        (
            t("performance.stat.bins.value", lang, inside=inside, all=len(bins)),
            t("performance.stat.bins", lang),
        ),
    ]
    return sheet(
        "today",
        t("performance.today", lang),
        html.Div(
            [_ten(portfolio, per, lang), html.P(_price(portfolio, card, nobody, lang), className="read")],
            className="odds bare",
        ),
        html.Div(
            [html.Div([html.B(value), html.Span(told)]) for value, told in figures], className="stats ruled"
        ),
        _confusion(portfolio, per, lang),
    )


def _ten(portfolio: Portfolio, per: Mapping[str, float], lang: str) -> Component | None:
    """Return ten squares, those that would have turned out well hollow."""
    well = flagged_wrongly(per)
    if well is None:
        return None
    good_is_positive = portfolio.settings["positive_is_good"]
    kinds = ("bad", "good") if good_is_positive else ("good", "bad")
    squares = [html.Span(className=kinds[0] if place < well else kinds[1]) for place in range(10)]
    return html.Div(squares, className="ten", role="img", **{"aria-label": wrongly(portfolio, well, lang)})


def wrongly(portfolio: Portfolio, count: int, lang: str) -> str:
    """Return how many of ten files flagged would have turned out well, as a sentence."""
    forms = portfolio.words(lang)["flagged_wrongly"]
    form = "none" if count == 0 else "one" if count == 1 else "many"
    return typeset(forms[form].format(count=count), lang)


def _price(portfolio: Portfolio, card: Mapping, nobody: float, lang: str) -> list:
    words, per = portfolio.words(lang)["desk"], card["per_1000"]
    well = flagged_wrongly(per)
    caught = per["true_positive"] / (per["true_positive"] + per["false_negative"])
    cost = 1000 * card["metrics"]["cost_per_file"]["value"]
    told = fill(
        typeset(words["price"], lang),
        caught=bold(formats.per_hundred(caught, lang)),
        nobody=formats.number(1000 * nobody, lang),
        cost=formats.number(cost, lang),
    )
    return [*([html.B(wrongly(portfolio, well, lang)), " "] if well is not None else []), *told]


def _confusion(portfolio: Portfolio, per: Mapping[str, float], lang: str) -> Component:
    """Return the confusion matrix in files per 1,000, adding up as shown."""
    words = portfolio.words(lang)
    names = ("true_negative", "false_positive", "false_negative", "true_positive")
    shown = dict(zip(names, formats.round_to_sum([per[name] for name in names], 1000), strict=True))
    heads = [typeset(words["desk"]["rows"][name], lang) for name in ("passed", "flagged")]
    ends = [words["outcome"][name] for name in ("negative_many", "positive_many")]
    pairs = [names[:2], names[2:]]
    reading = typeset(words["desk"]["confusion"], lang).format(
        **{name: formats.number(count, lang) for name, count in shown.items()}
    )
    grid = [html.Span(className="corner"), *(html.Span(head, className="head") for head in heads)]
    for end, pair in zip(ends, pairs, strict=True):
        grid.append(html.Span(_capital(end), className="head row-head"))
        grid += [
            html.Span(
                formats.number(shown[name], lang),
                className="cell right" if name.startswith("true") else "cell wrong",
            )
            for name in pair
        ]
    rows = [
        [_capital(end), *((formats.number(shown[name], lang), per[name]) for name in pair)]
        for end, pair in zip(ends, pairs, strict=True)
    ]
    head = [(own(portfolio, "performance.per_1000", lang), False), *((text, True) for text in heads)]
    drawing = html.Div(grid, className="confusion", role="img", **{"aria-label": reading})
    return html.Div(
        [
            html.H3(own(portfolio, "performance.confusion", lang)),
            figure("confusion", drawing, reading, Table(head, rows), lang, image=False),
        ],
        className="part",
    )


def every_metric(portfolio: Portfolio, card: Mapping, nobody: float, lang: str) -> Component:
    """Return every headline figure with its interval, beside a model that knows nothing."""
    idle = knows_nothing(card["data"]["positives"] / card["data"]["rows"], nobody)
    metrics = with_passed(card["metrics"])
    rows, exact = [], []
    for name, decimals in SHOWN:
        found = metrics[name]
        value, low, high = (_figure(found[key], decimals, lang) for key in ("value", "low", "high"))
        between = t("performance.between", lang, low=low, high=high)
        blank = _figure(idle[name], decimals, lang) if name in idle else ""
        label, meaning = metric_words(portfolio, name, lang)
        told = [label, html.Small(meaning)]
        rows.append([html.Div(told), html.B(value), between, blank])
        exact.append(
            [
                label,
                (value, found["value"]),
                (low, found["low"]),
                (high, found["high"]),
                (blank, idle.get(name)),
            ]
        )
    heads = ("metric", "value", "interval", "idle")
    head = [
        html.Th(t(f"performance.head.{name}", lang), className="" if name == "metric" else "num", scope="col")
        for name in heads
    ]
    body = [
        html.Tr([html.Td(cell, className="" if place == 0 else "num") for place, cell in enumerate(row)])
        for row in rows
    ]
    drawn = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="metrics")
    columns = [("metric", False), ("value", True), ("low", True), ("high", True), ("idle", True)]
    table = Table([(t(f"performance.head.{name}", lang), number) for name, number in columns], exact)
    pairs = portfolio.words(lang)["desk"]["pairs"]
    reading = typeset(pairs.format(count=formats.hundred(metrics["auc"]["value"])), lang)
    return sheet(
        "metrics",
        t("performance.metrics", lang),
        figure("metrics", drawn, reading, table, lang, image=False),
        html.P(
            own(portfolio, "performance.metrics.note", lang, rows=formats.number(card["data"]["rows"], lang)),
            className="note",
        ),
    )


def metric_words(portfolio: Portfolio, name: str, lang: str) -> tuple[str, str]:
    """Return the name of a metric and what it means."""
    if name == "passed_share":
        words = portfolio.words(lang)["desk"]
        return typeset(words[name], lang), typeset(words[f"{name}_told"], lang)
    return own(portfolio, f"performance.metric.{name}", lang), own(
        portfolio, f"performance.metric.{name}.told", lang
    )


def with_passed(metrics: Metrics) -> dict[str, Mapping[str, float]]:
    """Return the metrics with the share that is not flagged, the other side of ``refused_share``."""
    flagged = metrics["refused_share"]
    passed = {"value": 1 - flagged["value"], "low": 1 - flagged["high"], "high": 1 - flagged["low"]}
    return {**metrics, "passed_share": passed}


def knows_nothing(share: float, nobody: float) -> dict[str, float]:
    """Return the figures of a model that gives every file the share of positives."""
    return {
        "auc": 0.5,
        "gini": 0.0,
        "ks": 0.0,
        "average_precision": share,
        "brier": share * (1 - share),
        "log_loss": -share * math.log(share) - (1 - share) * math.log(1 - share),
        "cost_per_file": nobody,
    }


def _figure(value: float, decimals: int | None, lang: str) -> str:
    return formats.percent(value, lang, 1) if decimals is None else formats.number(value, lang, decimals)


def _ends(found: Mapping[str, float], decimals: int, lang: str) -> dict[str, str]:
    return {end: formats.number(found[end], lang, decimals) for end in ("low", "high")}


def _ratio(ratio: float, lang: str) -> str:
    return formats.number(ratio, lang, 0 if float(ratio).is_integer() else 1)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
