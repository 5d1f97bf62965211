"""How the model ranks, announces and holds in each segment: its curves, with their readings."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats, group_names, i18n
from components.charts import curves, intervals, reliability
from components.figure import Table, figure, graph
from components.i18n import own, t, typeset
from components.sheet import sheet
from data.portfolios import Portfolio

HEIGHT = 300
_CURVE_ROWS = (10, 20, 30, 40, 50, 60, 70, 80, 90)


def points(
    portfolio: Portfolio, held: Mapping, per: Mapping[str, float], mark: float, lang: str
) -> Component:
    """Return how the points of both outcomes lie around the mark.

    ``held`` is the histogram of ``curves.json``; ``per`` counts 1,000 files at the mark in force.
    """
    words, good = portfolio.words(lang), portfolio.settings["positive_is_good"]
    above, below = ("positive", "negative") if good else ("negative", "positive")
    shown = formats.points(mark, lang)
    labels = {"mark": t("performance.mark", lang, mark=shown)}
    for side, kind in (("above", above), ("below", below)):
        flagged = per[f"{'true' if kind == 'positive' else 'false'}_positive"]
        passed = per[f"{'true' if kind == 'negative' else 'false'}_negative"]
        under = (passed if good else flagged) / (flagged + passed)
        labels[side] = "<br>".join(
            [
                f"<b>{_capital(words['outcome'][f'{kind}_many'])}</b>",
                i18n.own_plural(
                    portfolio,
                    "performance.files",
                    sum(held[kind]),
                    lang,
                    count=formats.number(sum(held[kind]), lang),
                ),
                t("performance.under_mark", lang, share=formats.percent(under, lang)),
            ]
        )
    reading = typeset(words["desk"]["points"], lang).format(
        good=formats.points(held[f"{above}_median"], lang), bad=formats.points(held[f"{below}_median"], lang)
    )
    drawn = curves.by_outcome(held["edges"], held[above], held[below], mark, labels, above_is_good=True)
    rows = [
        [
            t("performance.span", lang, low=formats.points(low, lang), high=formats.points(high, lang)),
            (formats.number(one, lang), one),
            (formats.number(other, lang), other),
        ]
        for low, high, one, other in zip(
            held["edges"], held["edges"][1:], held[above], held[below], strict=False
        )
    ]
    head = [
        (t("performance.points", lang), False),
        *((_capital(words["outcome"][f"{kind}_many"]), True) for kind in (above, below)),
    ]
    return sheet(
        "points",
        t("performance.points.title", lang),
        figure("points", graph(drawn, reading, HEIGHT), reading, Table(head, rows), lang),
        html.P(t("performance.points.note", lang), className="note"),
        width="c6",
    )


def calibration(portfolio: Portfolio, bins: Sequence[Mapping], slope: float, lang: str) -> Component:
    """Return what was announced against what happened, tenth by tenth."""
    inside = sum(one["low"] <= one["predicted"] <= one["high"] for one in bins)
    worst = max(bins, key=lambda one: one["predicted"])
    words = portfolio.words(lang)["desk"]
    reading = typeset(words["calibration"], lang).format(
        expected=formats.number(100 * worst["predicted"], lang),
        observed=formats.number(100 * worst["observed"], lang),
        inside=inside,
        all=len(bins),
    )
    labels = {
        "x": typeset(words["expected_axis"], lang),
        "y": typeset(words["observed_axis"], lang),
        "same": t("performance.same", lang),
    }
    rows = [
        [
            i18n.own_plural(
                portfolio, "performance.files", one["rows"], lang, count=formats.number(one["rows"], lang)
            ),
            *(
                (formats.number(100 * one[key], lang, 1), 100 * one[key])
                for key in ("predicted", "observed", "low", "high")
            ),
        ]
        for one in bins
    ]
    keys = ("group", "expected", "observed", "low", "high")
    head = [(t(f"performance.calibration.{key}", lang), key != "group") for key in keys]
    note = own(
        portfolio,
        "performance.calibration.note",
        lang,
        groups=len(bins),
        rows=formats.number(bins[0]["rows"], lang),
        slope=formats.number(slope, lang, 2),
    )
    return sheet(
        "calibration",
        t("performance.calibration", lang),
        figure(
            "calibration",
            graph(reliability.draw(bins, labels), reading, HEIGHT),
            reading,
            Table(head, rows),
            lang,
        ),
        html.P(note, className="note"),
        width="c6",
    )


def ranking(portfolio: Portfolio, held: Mapping, card: Mapping, lang: str) -> Component:
    """Return the ROC, precision-recall and CAP curves side by side."""
    per, metrics = card["per_1000"], card["metrics"]
    share = card["data"]["positives"] / card["data"]["rows"]
    flagged = (per["true_positive"] + per["false_positive"]) / 1000
    caught = per["true_positive"] / (per["true_positive"] + per["false_negative"])
    false = per["false_positive"] / (per["false_positive"] + per["true_negative"])
    precise = per["true_positive"] / 1000 / flagged if flagged else share
    top = min(1.0, 1.1 * max(held["precision_recall"]["y"][1:]))
    drawn = (
        ("roc", (false, caught), (0.0, 1.0), 1.0),
        ("precision_recall", (caught, precise), (share, share), top),
        ("cap", (flagged, caught), (0.0, 1.0), 1.0),
    )
    said = {
        "auc": formats.number(metrics["auc"]["value"], lang, 3),
        "average": formats.number(metrics["average_precision"]["value"], lang, 3),
        "gini": formats.number(metrics["gini"]["value"], lang, 3),
        "caught": formats.per_hundred(caught, lang),
        "false": formats.per_hundred(false, lang),
        "precise": formats.per_hundred(precise, lang),
        "flagged": formats.per_hundred(flagged, lang),
        "share": formats.per_hundred(share, lang),
    }
    return sheet(
        "ranking",
        i18n.own(portfolio, "performance.ranking", lang),
        html.Div(
            [
                _curve(portfolio, name, held[name], dot, chance, top, said, lang)
                for name, dot, chance, top in drawn
            ],
            className="three",
        ),
    )


def _curve(portfolio: Portfolio, name: str, held: Mapping, dot, chance, top: float, said: Mapping, lang: str):
    words = portfolio.words(lang)["desk"]["curves"][name]
    labels = {axis: typeset(words[axis], lang) for axis in ("x", "y")}
    reading = typeset(words["reading"], lang).format(**said)
    drawn = curves.curve(
        held["x"], held["y"], dot, chance, labels | {"dot": t("performance.here", lang)}, top
    )
    rows = [
        [
            (formats.percent(x, lang), 100 * x),
            (formats.percent(y, lang, 1), 100 * y),
        ]
        for x, y in zip(held["x"], held["y"], strict=True)
        if round(100 * x) in _CURVE_ROWS
    ]
    table = Table([(labels["x"], True), (labels["y"], True)], rows)
    return html.Div(
        [
            html.H3(t(f"performance.curve.{name}", lang)),
            figure(name, graph(drawn, reading, 280), reading, table, lang),
        ]
    )


def segments(portfolio: Portfolio, held: Sequence[Mapping], card: Mapping, lang: str) -> Component | None:
    """Return what the model is worth in each segment that the portfolio declares."""
    if not held:
        return None
    known = [one["auc"] for family in held for one in family["groups"] if one["auc"]]
    span = _around(known, card["metrics"]["auc"]["value"])
    words = portfolio.words(lang)["desk"]
    keys = ("group", "files", "chart", "auc", "flagged", "expected", "observed", "cost")
    own = {key: typeset(words["segment"][key], lang) for key in ("flagged", "expected", "observed")}
    heads = {
        key: own.get(key) or i18n.own(portfolio, f"performance.segment.{key}", lang)
        for key in keys
        if key != "chart"
    }
    middle = (span.low + span.high) / 2
    scale = intervals.scale(tuple(formats.number(value, lang, 2) for value in (span.low, middle, span.high)))
    head = [
        html.Th(scale if key == "chart" else heads[key], className=_class(key), scope="col") for key in keys
    ]
    body, rows = [], []
    for family in held:
        title = group_names.title(portfolio, family, lang)
        body.append(html.Tr([html.Th(title, colSpan=len(keys), scope="rowgroup")], className="head"))
        for one in family["groups"]:
            name = group_names.name(portfolio, family["column"], one["group"], lang)
            cells = _segment(one, lang)
            chart = intervals.lane(span, **one["auc"]) if one["auc"] else None
            body.append(
                html.Tr(
                    [
                        html.Td(name),
                        html.Td(cells[0][0], className="num"),
                        html.Td(chart, className="gapl chart"),
                    ]
                    + [html.Td(_or_masked(shown, lang), className="num") for shown, _ in cells[1:]]
                )
            )
            rows.append(
                [f"{title}, {name}", *((shown or t("groups.masked", lang), exact) for shown, exact in cells)]
            )
    drawn = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="groups segments")
    table = Table(
        [(heads["group"], False), *((heads[key], True) for key in keys if key not in ("group", "chart"))],
        rows,
    )
    return sheet(
        "segments",
        t("performance.segments", lang),
        figure(
            "segments",
            html.Div(drawn, className="wide", tabIndex=0),
            _weakest(portfolio, held, lang),
            table,
            lang,
            image=False,
        ),
        html.P(i18n.own(portfolio, "performance.segments.note", lang), className="note"),
    )


def _around(known: Sequence[Mapping], everyone: float) -> intervals.Span:
    """Return the scale of the AUCs: the tenths around them all."""
    low = min([everyone, *(area["low"] for area in known)])
    high = max([everyone, *(area["high"] for area in known)])
    return intervals.Span(int(10 * low) / 10, min(1.0, (int(10 * high) + 1) / 10), everyone)


def _segment(one: Mapping, lang: str) -> list[tuple[str | None, float | None]]:
    """Return the figures of a segment, shown and exact, both None where they must be hidden."""

    def shown(value: float | None, decimals: int, times: float = 1) -> tuple[str | None, float | None]:
        return (
            (None, None) if value is None else (formats.number(times * value, lang, decimals), times * value)
        )

    return [
        (formats.number(one["rows"], lang), one["rows"]),
        shown(one["auc"] and one["auc"]["value"], 3),
        shown(one["flagged"], 1, 100),
        shown(one["expected"], 1, 100),
        shown(one["observed"], 1, 100),
        shown(one["cost_per_file"], 3),
    ]


def _weakest(portfolio: Portfolio, held: Sequence[Mapping], lang: str) -> str:
    known = [(family, one) for family in held for one in family["groups"] if one["auc"]]
    if not known:
        return i18n.own(portfolio, "performance.segments.none", lang)
    family, weakest = min(known, key=lambda pair: pair[1]["auc"]["value"])
    return t(
        "performance.segments.reading",
        lang,
        title=group_names.title(portfolio, family, lang),
        group=group_names.name(portfolio, family["column"], weakest["group"], lang),
        **{key: formats.number(weakest["auc"][key], lang, 3) for key in ("value", "low", "high")},
    )


def _or_masked(shown: str | None, lang: str):
    return shown if shown is not None else html.Span(t("groups.masked", lang), className="absent")


def _class(key: str) -> str:
    return {"group": "", "chart": "gapl"}.get(key, "num")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
