"""The inputs on the Drift page: the five that weigh most, those that moved, and all of them."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats
from components.charts.drift_shapes import distributions, over_time
from components.drift_state import (
    MOVED,
    answer,
    change_of_mean,
    files,
    index,
    label,
    moves,
    named,
    share,
    tag,
    word,
)
from components.figure import Table, figure
from components.i18n import plural, t
from components.sheet import sheet
from data.portfolios import Portfolio
from model.drift_results import BatchVerdict, ColumnDrift, MainInput, Shape

ALL = "drift-inputs"


def main(portfolio: Portfolio, verdict: BatchVerdict, known: Sequence[BatchVerdict], lang: str) -> Component:
    """Return the sheet of the inputs that weigh most; ``known`` are the batches up to this one."""
    by_name = {column.name: column for column in verdict.columns}
    past = [one for one in known if one.model_version == verdict.model_version and one.score is not None]
    rows = [_main_row(portfolio, by_name, one, past, lang) for one in verdict.main if one.name in by_name]
    head = _head(("input", "weight", "shape", "psi", "time", "missing", "state"), lang)
    return sheet(
        "drift-main",
        t("drift.main.title", lang),
        html.Div(
            html.Table([head, html.Tbody(rows)], className="inputs drift-inputs"),
            className="wide",
            tabIndex=0,
        ),
        html.P(_note(portfolio, verdict, by_name, lang), className="note drift-note"),
        aside=_legend(portfolio, verdict, lang),
    )


def moved(portfolio: Portfolio, verdict: BatchVerdict, lang: str) -> Component:
    """Return the sheet of every input beyond its limits, what does most to the score first; and of all."""
    beyond = [column for column in verdict.columns if column.state in MOVED]
    beyond.sort(key=lambda column: -abs(column.points or 0.0))
    head = _head(("input", "moved", "shape", "points", "state"), lang)
    rows = [_moved_row(portfolio, column, lang) for column in beyond]
    table = html.Table([head, html.Tbody(rows)], className="drift-inputs drift-moved")
    drawing = html.Div(table, className="wide", tabIndex=0) if rows else html.Div()
    reading, table = _reading(verdict, beyond, lang), _table(portfolio, verdict, lang)
    return sheet(
        ALL,
        t("drift.moved.title", lang),
        figure("drift-inputs", drawing, reading, table, lang, image=False),
        _score(portfolio, verdict, lang),
    )


def _head(names: Sequence[str], lang: str) -> Component:
    style = {
        "weight": "num",
        "psi": "num",
        "missing": "num",
        "points": "num",
        "shape": "gapl",
        "time": "gapl",
        "state": "gapl",
    }
    return html.Thead(
        html.Tr(
            [
                html.Th(t(f"drift.head.{name}", lang), className=style.get(name, ""), scope="col")
                for name in names
            ]
        )
    )


def _main_row(
    portfolio: Portfolio,
    by_name: Mapping[str, ColumnDrift],
    one: MainInput,
    past: Sequence[BatchVerdict],
    lang: str,
) -> Component:
    column = by_name[one.name]
    name, also = label(portfolio, one.name, lang), _others(by_name, one, lang)
    before, after = (share(value, lang) for value in (column.missing_before, column.missing_after))
    moved_ = {cause: "moved" for cause in column.causes}
    return html.Tr(
        [
            html.Td([html.B(name), html.Small(also) if also else None]),
            html.Td(formats.percent(one.weight, lang), className="num"),
            html.Td(_drawn(portfolio, column, lang), className="gapl"),
            html.Td(_index(column, lang), className=f"num {moved_.get('psi', '')}".strip()),
            html.Td(_over_time(column, past, name, lang), className="gapl"),
            html.Td(
                t("drift.to", lang, before=before, after=after),
                className=f"num {moved_.get('missing', '')}".strip(),
            ),
            html.Td(tag(portfolio, column.state, lang), className="gapl"),
        ]
    )


def _others(by_name: Mapping[str, ColumnDrift], one: MainInput, lang: str) -> str:
    """Return how many inputs an input speaks for besides itself, and how many of them moved."""
    others = [by_name[name] for name in one.inputs if name != one.name and name in by_name]
    if not others:
        return ""
    also = plural("drift.also", len(others), lang)
    moved_ = sum(column.state in MOVED for column in others)
    return plural("drift.also.moved", moved_, lang, also=also) if moved_ else also


def _moved_row(portfolio: Portfolio, column: ColumnDrift, lang: str) -> Component:
    facts = moves(portfolio, column, lang)
    points = "" if column.points is None else formats.number(column.points, lang, 1, signed=True)
    return html.Tr(
        [
            html.Td(html.B(label(portfolio, column.name, lang))),
            html.Td([html.Div(_capital(fact)) for fact in facts]),
            html.Td(_drawn(portfolio, column, lang), className="gapl"),
            html.Td(points, className="num"),
            html.Td(tag(portfolio, column.state, lang), className="gapl"),
        ]
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _index(column: ColumnDrift, lang: str) -> str:
    return t("drift.too_few", lang) if column.psi is None else index(column.psi, lang)


def _drawn(portfolio: Portfolio, column: ColumnDrift, lang: str) -> Component | None:
    if column.shape is None:
        return None
    return distributions(column.shape, _described(portfolio, column, column.shape, lang))


def _described(portfolio: Portfolio, column: ColumnDrift, shape: Shape, lang: str) -> str:
    """Return what a drawing shows, for those who do not see it: where most files lie, before and after."""
    places = [shares.index(max(shares)) for shares in (shape.before, shape.after)]
    cells = [_cell(portfolio, column.name, shape, place, lang) for place in places]
    shares = [
        share(side[place], lang) for side, place in zip((shape.before, shape.after), places, strict=True)
    ]
    return t(
        "drift.shape", lang, before=cells[0], before_share=shares[0], after=cells[1], after_share=shares[1]
    )


def _cell(portfolio: Portfolio, name: str, shape: Shape, place: int, lang: str) -> str:
    if shape.labels:
        return answer(portfolio, name, shape.labels[place], lang)
    ends = sorted(shape.edges[place : place + 2], key=abs)  # days ago count backwards
    low, high = (formats.value(portfolio, name, edge, lang) for edge in ends)
    return t("drift.between", lang, low=low, high=high)


def _over_time(column: ColumnDrift, past: Sequence[BatchVerdict], name: str, lang: str) -> Component | None:
    """Return the index of an input over the batches that the same model was compared with."""
    found = [
        one.psi for batch in past for one in batch.columns if one.name == column.name and one.psi is not None
    ]
    if len(found) < 2:
        return html.Span(t("drift.one_batch", lang), className="note")
    said = t(
        "drift.time",
        lang,
        name=name,
        count=len(found),
        first=index(found[0], lang),
        last=index(found[-1], lang),
    )
    return over_time(found, column.limit, said)


def _legend(portfolio: Portfolio, verdict: BatchVerdict, lang: str) -> Component:
    return html.Span(
        [
            html.Span([html.Span(className="key bar"), t("drift.key.before", lang)], className="note tag"),
            html.Span(
                [html.Span(className="key line"), named(portfolio, verdict, lang)], className="note tag"
            ),
            html.A(t("drift.all", lang, count=_compared(verdict)), href=f"#{ALL}", className="tabletool"),
        ],
        className="drift-legend",
    )


def _compared(verdict: BatchVerdict) -> int:
    return sum(column.state != "empty" for column in verdict.columns)


def _note(portfolio: Portfolio, verdict: BatchVerdict, by_name: dict[str, ColumnDrift], lang: str) -> str:
    """Return how to read the table, with what chance alone may give on so few files."""
    limits = verdict.limits
    limit = max((by_name[one.name].limit for one in verdict.main if one.name in by_name), default=0.0)
    values = {
        "watch": formats.number(limits.psi_watch, lang, 2),
        "act": formats.number(limits.psi_act, lang, 2),
        "missing": formats.number(100 * limits.missing_watch, lang),
        "files": files(portfolio, verdict.rows, lang),
        "limit": formats.number(limit, lang, 2),
    }
    chance = "above" if limit > limits.psi_watch else "below"
    return f"{t('drift.note', lang, **values)} {t(f'drift.note.chance.{chance}', lang, **values)}"


def _score(portfolio: Portfolio, verdict: BatchVerdict, lang: str) -> Component | None:
    """Return how much of the change of the mean score the inputs account for."""
    score = verdict.score
    if score is None or score.explained is None:
        return None
    gap = formats.number(change_of_mean(score), lang, 1, signed=True)
    explained = formats.number(score.explained, lang, 1, signed=True)
    sample = files(portfolio, score.sample, lang)
    return html.P(t("drift.explained", lang, gap=gap, explained=explained, sample=sample), className="note")


def _reading(verdict: BatchVerdict, beyond: Sequence[ColumnDrift], lang: str) -> str:
    count = _compared(verdict)
    weight = share(verdict.weight_watch, lang)
    if not beyond:
        return t("drift.moved.reading.none", lang, total=count)
    return plural("drift.moved.reading", len(beyond), lang, total=count, weight=weight)


def _table(portfolio: Portfolio, verdict: BatchVerdict, lang: str) -> Table:
    names = (
        "input",
        "weight",
        "psi",
        "limit",
        "known_before",
        "known_after",
        "missing_before",
        "missing_after",
        "unseen",
        "points",
        "state",
    )
    head = [(t(f"drift.head.{name}", lang), name not in ("input", "state")) for name in names]
    return Table(head, [_exact(portfolio, column, lang) for column in verdict.columns])


def _exact(portfolio: Portfolio, column: ColumnDrift, lang: str) -> list:
    known = column.psi is not None
    points = column.points
    return [
        label(portfolio, column.name, lang),
        (formats.percent(column.weight, lang, 1), column.weight),
        (formats.number(column.psi, lang, 3), column.psi) if known else "",
        (formats.number(column.limit, lang, 2), column.limit) if known else "",
        (formats.number(column.known_before, lang), column.known_before),
        (formats.number(column.known_after, lang), column.known_after),
        (share(column.missing_before, lang), column.missing_before),
        (share(column.missing_after, lang), column.missing_after),
        (share(column.unseen, lang), column.unseen),
        "" if points is None else (formats.number(points, lang, 2, signed=True), points),
        word(portfolio, column.state, lang),
    ]
