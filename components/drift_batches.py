"""The score of a batch, the batches over time, and the detailed report, on the Drift page."""

import datetime as dt
from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components import formats
from components.charts import drift_score
from components.charts.drift_score import Stop
from components.drift_state import index, named, share, tag
from components.figure import Table, figure, graph
from components.i18n import own, t
from components.links import DRIFT, address, link
from components.sheet import sheet
from data.portfolios import Portfolio
from model.drift_results import BatchVerdict, ReportAbout

STOPS = 12  # batches drawn


def score(portfolio: Portfolio, verdict: BatchVerdict, mark: float, lang: str) -> Component | None:
    """Return the sheet of the points, at training and in the batch; ``mark`` is the pass mark."""
    found = verdict.score
    if found is None:
        return None
    words = {
        "x": t("drift.score.x", lang),
        "y": own(portfolio, "drift.score.y", lang),
        "mark": t("drift.score.mark", lang, mark=formats.points(mark, lang)),
    }
    state = "moved" if found.state != "stable" else "same"
    reading = own(
        portfolio,
        f"drift.score.{state}",
        lang,
        index=index(found.psi, lang),
        limit=formats.number(found.limit, lang, 2),
    )
    drawing = graph(drift_score.histogram(found.shape, mark, words), reading, 280)
    edges = found.shape.edges
    rows = [
        [
            t("drift.between", lang, low=formats.points(low, lang), high=formats.points(high, lang)),
            (share(before, lang), before),
            (share(after, lang), after),
        ]
        for low, high, before, after in zip(
            edges, edges[1:], found.shape.before, found.shape.after, strict=False
        )
    ]
    head = [
        (t("drift.score.x", lang), False),
        (t("drift.key.before", lang), True),
        (named(portfolio, verdict, lang), True),
    ]
    legend = html.Span(
        [
            html.Span([html.Span(className="key bar"), t("drift.key.before", lang)], className="note tag"),
            html.Span(
                [html.Span(className="key line"), named(portfolio, verdict, lang)], className="note tag"
            ),
        ],
        className="drift-legend",
    )
    return sheet(
        "drift-score",
        own(portfolio, "drift.score.title", lang),
        figure("drift-score", drawing, reading, Table(head, rows), lang),
        aside=legend,
    )


def history(
    portfolio: Portfolio,
    known: Sequence[BatchVerdict],
    shown: BatchVerdict,
    reports: Sequence[str],
    lang: str,
) -> Component:
    """Return the sheet of the batches judged; ``reports`` are the ids of those with a report."""
    # An index is against what one model learnt from: those of two models do not go on one line.
    alike = [one for one in known if one.score is not None and one.model_version == shown.model_version]
    scored = alike[-STOPS:]
    rows = [_row(portfolio, one, one.id == shown.id, one.id in reports, lang) for one in reversed(known)]
    names = ("day", "batch", "files", "score", "refused", "model", "report", "state")
    numbers = ("files", "score", "refused", "model")
    head = html.Tr(
        [
            html.Th(
                own(portfolio, f"drift.history.{name}", lang),
                scope="col",
                className="num" if name in numbers else "gapl" if name in ("report", "state") else "",
            )
            for name in names
        ]
    )
    listed = html.Div(
        html.Table([html.Thead(head), html.Tbody(rows)], className="drift-batches"),
        className="wide",
        tabIndex=0,
    )
    drawn = _over_time(portfolio, scored, shown, lang) if len(scored) > 1 else None
    return sheet("drift-history", t("drift.history.title", lang), drawn, listed)


def _over_time(
    portfolio: Portfolio, scored: Sequence[BatchVerdict], shown: BatchVerdict, lang: str
) -> Component:
    limits = shown.limits
    stops = [
        Stop(
            _when(one.day, lang),
            one.score.psi,
            t("drift.history.higher", lang, index=index(one.score.psi, lang)),
            one.id == shown.id,
        )
        for one in scored
    ]
    words = {
        name: own(portfolio, f"drift.history.{name}", lang, limit=formats.number(value, lang, 2))
        for name, value in (("watch", limits.psi_watch), ("act", limits.psi_act))
    }
    reading = _trend(scored, lang)
    drawing = graph(drift_score.over_batches(stops, limits.psi_watch, limits.psi_act, words), reading, 250)
    head = [
        (own(portfolio, f"drift.history.{name}", lang), name not in ("day", "batch"))
        for name in ("day", "batch", "score")
    ]
    rows = [
        [
            formats.date(one.day, lang),
            named(portfolio, one, lang),
            (formats.number(one.score.psi, lang, 3), one.score.psi),
        ]
        for one in scored
    ]
    return figure("drift-history", drawing, reading, Table(head, rows), lang)


def _trend(scored: Sequence[BatchVerdict], lang: str) -> str:
    """Return how the index of the score has gone: how long it has risen, and where it stands."""
    found = [one.score.psi for one in scored]
    rises = 0
    while rises < len(found) - 1 and found[-1 - rises] > found[-2 - rises]:
        rises += 1
    last, limit = found[-1], scored[-1].score.limit
    first = found[-1 - rises]
    way = "rising" if rises >= 2 and last - first >= 0.01 else "level"
    told = t(
        f"drift.trend.{way}",
        lang,
        count=rises,
        total=len(found),
        first=index(first, lang),
        last=index(last, lang),
        least=index(min(found), lang),
        most=index(max(found), lang),
    )
    return f"{told} {t('drift.trend.beyond' if last >= limit else 'drift.trend.within', lang)}"


def _when(day: str, lang: str) -> str:
    """Return a day as the axis names it: ``20 nov.``."""
    date = dt.date.fromisoformat(day)
    return t("drift.when", lang, day=date.day, month=t(f"drift.month.{date.month}", lang))


def _row(portfolio: Portfolio, one: BatchVerdict, is_shown: bool, has_report: bool, lang: str) -> Component:
    there = address(DRIFT, portfolio=portfolio.id, lang=lang, batch=one.id)
    name = html.B(named(portfolio, one, lang)) if is_shown else link(named(portfolio, one, lang), there)
    refused = "" if one.score is None else share(one.score.refused_after, lang)
    psi = "" if one.score is None else index(one.score.psi, lang)
    return html.Tr(
        [
            html.Td(formats.date(one.day, lang)),
            html.Td(name),
            html.Td(formats.number(one.rows, lang), className="num"),
            html.Td(psi, className="num"),
            html.Td(refused, className="num"),
            html.Td(one.model_version, className="num"),
            html.Td(
                own(portfolio, f"drift.history.{'there' if has_report else 'none'}", lang), className="gapl"
            ),
            html.Td(tag(portfolio, one.state, lang), className="gapl"),
        ],
        className="pick" if is_shown else "",
    )


def report(
    portfolio: Portfolio,
    verdict: BatchVerdict,
    about: ReportAbout | None,
    addresses: dict[str, str],
    place: Component,
    lang: str,
) -> Component:
    """Return the sheet of Evidently's report.

    Parameters
    ----------
    addresses : where the report lies: ``html``, ``download``, ``json``
    place : where it appears; until then it holds the button that asks for it
    """
    title = t("drift.report.title", lang)
    if about is None:
        reason = "few" if verdict.score is None else "none"
        return sheet(
            "drift-report", title, html.P(own(portfolio, f"drift.report.{reason}", lang), className="read")
        )
    made = t("drift.report.made", lang, day=formats.date(about.made, lang))
    size = t("drift.report.size", lang, size=formats.number(about.size / 1e6, lang, 1))
    everything = about.agreed == about.compared
    count = {"agreed": formats.number(about.agreed, lang), "compared": formats.number(about.compared, lang)}
    sample = "thinned" if about.thinned else "whole"
    return sheet(
        "drift-report",
        title,
        html.P(
            own(portfolio, f"drift.report.{'agrees' if everything else 'differs'}", lang, **count),
            className="reading",
        ),
        html.P(
            own(
                portfolio,
                f"drift.report.{sample}",
                lang,
                columns=about.columns,
                values=formats.number(about.values, lang),
            ),
            className="note drift-note",
        ),
        html.Div(
            [
                html.Header(
                    [
                        html.Span(made),
                        html.Span(className="spring"),
                        html.A(
                            t("drift.report.wide", lang),
                            href=addresses["html"],
                            target="_blank",
                            rel="noopener",
                        ),
                    ]
                ),
                html.Div(place, className="body"),
            ],
            className="frame",
        ),
        aside=html.Span(
            [
                html.A(
                    f"{t('drift.report.html', lang)} ({size})",
                    href=addresses["download"],
                    className="tabletool",
                ),
                html.A(t("drift.report.json", lang), href=addresses["json"], className="tabletool"),
            ],
            className="drift-legend",
        ),
    )


def frame(source: str, lang: str) -> Component:
    """Return the report itself, shut in a frame that can do nothing to the page."""
    return html.Iframe(
        src=source, title=t("drift.report.frame", lang), className="drift-frame", sandbox="allow-scripts"
    )


def gone(lang: str) -> Component:
    """Return what stands in the report's place when it is no longer there."""
    return html.P(t("drift.report.gone", lang), className="warn")
