"""Whether points mean the same in each group, and what leaving protected inputs out costs."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats, group_names
from components.charts import intervals
from components.fairness import exact, measured
from components.figure import Table, figure
from components.i18n import own, t, typeset
from components.sheet import sheet
from data.portfolios import Portfolio


def truth(portfolio: Portfolio, held: Mapping, lang: str) -> Component:
    """Return calibration and ranking in each group."""
    families, words = held["families"], portfolio.words(lang)["fairness"]
    known = [one for family in families for one in family["groups"] if one["observed"]]
    top = max([0.05, *(one["observed"]["high"] for one in known), *(one["expected"] for one in known)])
    end = next(end for end in (0.05, 0.1, 0.2, 0.3, 0.5, 1.0) if top <= end)
    body, rows = [], []
    for family in families:
        title = group_names.title(portfolio, family, lang)
        body.append(html.Tr(html.Td(title, colSpan=6), className="head"))
        for one in family["groups"]:
            name = group_names.name(portfolio, family["column"], one["group"], lang)
            body.append(_row(name, one, intervals.Span(0.0, end, one["expected"]), lang))
            expected = (formats.number(100 * one["expected"], lang, 1), 100 * one["expected"])
            cells = [expected, *exact(one["observed"], lang), *exact(one["auc"], lang, 3, 1)]
            rows.append([f"{title}, {name}", *cells])
    scale = intervals.scale(tuple(formats.number(100 * share, lang) for share in (0, end / 2, end)))
    heads = {key: typeset(words["heads"][key], lang) for key in ("expected", "observed")}
    area = t("performance.metric.auc", lang)
    shown = [
        (t("fairness.group", lang), ""),
        (scale, "gapl"),
        (heads["expected"], "num"),
        (heads["observed"], "num"),
        (area, "num"),
    ]
    head = html.Tr([html.Th(text, className=kind, scope="col") for text, kind in shown])
    drawn = html.Table([html.Thead(head), html.Tbody(body)], className="groups told")
    sides = [(own(portfolio, f"fairness.{side}", lang), True) for side in ("low", "high")]
    columns = [(t("fairness.group", lang), False), (heads["expected"], True)]
    columns += [(heads["observed"], True), *sides, (area, True), *sides]
    return sheet(
        "truth",
        t("fairness.truth", lang),
        figure(
            "truth",
            html.Div(drawn, className="wide", tabIndex=0),
            _reading(portfolio, families, lang),
            Table(columns, rows),
            lang,
            image=False,
        ),
        html.P(typeset(words["truth_note"], lang), className="note"),
    )


def _row(name: str, one: Mapping, span: intervals.Span, lang: str) -> Component:
    observed = one["observed"]
    lane = intervals.lane(span, observed["value"], observed["low"], observed["high"]) if observed else None
    return html.Tr(
        [
            html.Td(name),
            html.Td(lane, className="gapl chart"),
            html.Td(formats.number(100 * one["expected"], lang, 1), className="num"),
            measured(observed, lang),
            measured(one["auc"], lang, decimals=3, times=1),
        ]
    )


def _reading(portfolio: Portfolio, families: Sequence[Mapping], lang: str) -> str:
    known = [(family, one) for family in families for one in family["groups"] if one["observed"]]
    if not known:
        return own(portfolio, "fairness.groups.masked", lang)
    outside = [
        (family, one)
        for family, one in known
        if not one["observed"]["low"] <= one["expected"] <= one["observed"]["high"]
    ]
    told = t("fairness.truth.reading", lang, inside=len(known) - len(outside), all=len(known))
    if not outside:
        return told
    family, worst = max(outside, key=lambda pair: abs(pair[1]["expected"] - pair[1]["observed"]["value"]))
    name = group_names.name(portfolio, family["column"], worst["group"], lang)
    more = t(
        "fairness.truth.outside",
        lang,
        group=name[:1].lower() + name[1:],
        expected=formats.number(100 * worst["expected"], lang, 1),
        observed=formats.number(100 * worst["observed"]["value"], lang, 1),
    )
    return f"{told} {more}"


def left_out(portfolio: Portfolio, held: Mapping | None, widest: Mapping, lang: str) -> Component:
    """Return what leaving the protected inputs out costs, or how to measure it.

    ``widest`` is the grouping whose acceptance differs most.
    """
    if held is None:
        said = html.P(t("fairness.left_out.none", lang), className="reading")
        command = html.Code(f"python -m model train {portfolio.id} --with-protected-cost")
        return sheet("left-out", t("fairness.left_out", lang), said, html.P(command, className="command"))
    labels = [typeset(portfolio.columns[name].label(lang), lang) for name in held["columns"]]
    names = ", ".join(label[:1].lower() + label[1:] for label in labels)
    gain, saved = held["auc_gain"], held["saved_per_file"]
    ratio = own(portfolio, "fairness.left_out.ratio", lang, title=group_names.title(portfolio, widest, lang))
    head = [
        (t("fairness.left_out.read", lang), False),
        (t("performance.metric.auc", lang), True),
        (own(portfolio, "performance.metric.cost_per_file", lang), True),
        (ratio, True),
    ]
    rows = []
    for name, text in (
        ("with", t("fairness.left_out.with", lang)),
        ("without", t("fairness.left_out.without", lang, names=names)),
    ):
        one = held[name]
        share = one["ratios"].get(widest["name"])
        cells = [
            (formats.number(one["auc"], lang, 3), one["auc"]),
            (formats.number(one["cost_per_file"], lang, 3), one["cost_per_file"]),
        ]
        rows.append([text, *cells, (formats.number(share, lang, 2), share) if share is not None else ""])
    drawn = html.Table(
        [
            html.Thead(
                html.Tr(
                    [html.Th(text, className="num" if number else "", scope="col") for text, number in head]
                )
            ),
            html.Tbody(
                [
                    html.Tr(
                        [
                            html.Td(
                                cell[0] if isinstance(cell, tuple) else cell, className="num" if place else ""
                            )
                            for place, cell in enumerate(row)
                        ],
                        className="pick" if row is rows[1] else "",
                    )
                    for row in rows
                ]
            ),
        ],
        className="left-out",
    )
    note = own(
        portfolio,
        "fairness.left_out.note",
        lang,
        auc=_interval(gain, 1, 4, lang),
        cost=_interval(saved, 1000, 1, lang),
    )
    return sheet(
        "left-out",
        t("fairness.left_out", lang),
        figure(
            "left-out", drawn, _cost(portfolio, gain, saved, lang), Table(head, rows, 1), lang, image=False
        ),
        html.P(note, className="note"),
    )


def _cost(portfolio: Portfolio, gain: Mapping, saved: Mapping, lang: str) -> str:
    """Return what it costs, as a sentence: nothing that can be told from chance, or how much."""
    worse, dearer = gain["low"] > 0, saved["low"] > 0
    found = "costs" if worse and dearer else "auc" if worse else "cost" if dearer else "nothing"
    return own(
        portfolio,
        f"fairness.left_out.{found}",
        lang,
        auc=formats.number(gain["value"], lang, 4),
        cost=formats.number(1000 * saved["value"], lang, 1),
    )


def _interval(found: Mapping, times: float, decimals: int, lang: str) -> str:
    value, low, high = (
        formats.number(times * found[key], lang, decimals, signed=True) for key in ("value", "low", "high")
    )
    return t("fairness.left_out.interval", lang, value=value, low=low, high=high)
