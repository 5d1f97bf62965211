"""What moved between a file and a trial of it: values, points, balance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import own, t, typeset
from components.sheet import sheet
from data.portfolios import Portfolio
from model.results import Assessment, Value


@dataclass(frozen=True)
class Moved:
    """Something that the model reads and that is no longer the same: before, after, points.

    ``feature`` names it and gives its values; the points are those of everything it speaks for.
    """

    feature: str
    before: Value
    after: Value
    points: int


@dataclass(frozen=True)
class Movement:
    """What moved, the largest first; ``rest`` are the points of everything else, as a sum."""

    rows: Sequence[Moved]
    rest: int


def movement(portfolio: Portfolio, before: Assessment, after: Assessment) -> Movement:
    """Return what moved between two assessments of a file, in whole points that add up.

    Inputs that one speaks for (``told_by``) are one row. A row is shown for what is no longer the
    same and moves a point; what moves less, or only because of it, makes the rest.
    """
    old = {c.feature: c.points for c in before.contributions}
    moved = {c.feature: c.points - old[c.feature] for c in after.contributions}
    groups: dict[str, list[str]] = {}
    for name in moved:
        groups.setdefault(portfolio.columns[name].told_by, []).append(name)
    first, then = _known(before), _known(after)
    told = {
        speaker: named
        for speaker, names in groups.items()
        if (named := _speaker(speaker, names, moved, first, then))
    }
    sums = {speaker: sum(moved[name] for name in groups[speaker]) for speaker in told}
    total = round(after.points) - round(before.points)
    rest = after.points - before.points - sum(sums.values())
    *shown, others = formats.round_to_sum([*sums.values(), rest], total)
    rows = [
        Moved(named, first.get(named), then.get(named), points)
        for named, points in zip(told.values(), shown, strict=True)
    ]
    sizes = dict(zip(rows, map(abs, sums.values()), strict=True))
    order = sorted(rows, key=lambda row: -sizes[row])
    return Movement([row for row in order if row.points] or order[:1], others)


def _known(assessment: Assessment) -> dict[str, Value]:
    return {**assessment.record, **assessment.features}


def _speaker(
    speaker: str,
    names: Sequence[str],
    moved: Mapping[str, float],
    first: Mapping[str, Value],
    then: Mapping[str, Value],
) -> str | None:
    """Return which of a group is not what it was: the speaker if it can, else the weightiest."""
    changed = [name for name in names if first.get(name) != then.get(name)]
    if not changed:
        return None
    return speaker if speaker in changed else max(changed, key=lambda name: abs(moved[name]))


def parts(portfolio: Portfolio, before: Assessment, after: Assessment, lang: str) -> list[Component]:
    """Return the inside of the sheet of what moved."""
    if after is before:
        of = "file" if before.client_id else "blank"
        return [html.P(own(portfolio, f"simulation.moved.none.{of}", lang))]
    found = movement(portfolio, before, after)
    balance = round(before.points)
    edges = [balance]
    for row in found.rows:
        edges.append(edges[-1] + row.points)
    edges.append(edges[-1] + found.rest)
    low = min([*edges, round(after.pass_mark)])
    high = max([*edges, round(after.pass_mark)])
    place = _Places(low, max(high - low, 1), round(after.pass_mark))
    subject = "file" if before.client_id else "blank"
    body = [_plain_row(own(portfolio, f"simulation.start.{subject}", lang), "", balance, "theme", lang)]
    for row, start in zip(found.rows, edges, strict=False):
        body.append(_moved_row(portfolio, row, start, place, lang))
    if found.rest:
        body.append(_rest_row(found.rest, edges[-2], place, lang))
    total = formats.number(edges[-1] - balance, lang, signed=True)
    body.append(_plain_row(t("simulation.end", lang), total, edges[-1], "total", lang))
    heads = [
        html.Th(t("simulation.head.info", lang)),
        html.Th(
            t("ruler.pass_mark", lang, points=formats.points(after.pass_mark, lang)), className="mark-head"
        ),
        html.Th(t("simulation.head.points", lang), className="num"),
        html.Th(t("simulation.head.balance", lang), className="num"),
    ]
    note = t("simulation.moved.rest" if not found.rest else "simulation.moved.with_rest", lang)
    return [
        html.Table([html.Thead(html.Tr(heads)), html.Tbody(body)], className="moved"),
        html.P([note, " ", t("simulation.moved.twice", lang)], className="note foot"),
    ]


@dataclass(frozen=True)
class _Places:
    """Where balances stand in the drawing of a row, from 0 to 100."""

    low: int
    width: int
    mark: int

    def at(self, points: int) -> float:
        return 100 * (points - self.low) / self.width


def _bar(start: int, points: int, place: _Places) -> Component:
    left, right = sorted((place.at(start), place.at(start + points)))
    bar = html.Span(
        className=f"step {'f' if points > 0 else 'u'}",
        style={"left": f"{left:.1f}%", "width": f"{right - left:.1f}%"},
    )
    mark = html.Span(className="pass", style={"left": f"{place.at(place.mark):.1f}%"})
    return html.Td(html.Div([mark, bar if points else None]), className="chart", **{"aria-hidden": "true"})


def _points_cell(points: int, lang: str) -> Component:
    colour = "fav" if points > 0 else "unf" if points < 0 else ""
    return html.Td(html.B(formats.number(points, lang, signed=True)), className=f"num {colour}".strip())


def _plain_row(name: str, moved: str, balance: int, style: str, lang: str) -> Component:
    cells = [html.Td(name), html.Td(), html.Td(moved, className="num")]
    return html.Tr([*cells, html.Td(formats.points(balance, lang), className="num")], className=style)


def _moved_row(portfolio: Portfolio, row: Moved, start: int, place: _Places, lang: str) -> Component:
    column = portfolio.columns[row.feature]
    before, after = (formats.value(portfolio, row.feature, value, lang) for value in (row.before, row.after))
    if before == after:
        said = t("simulation.almost", lang, value=before)
    else:
        said = t("simulation.from_to", lang, before=before, after=after)
    if column.source == "made":
        said = f"{said}, {t('simulation.made', lang)}"
    name = [typeset(column.label(lang), lang), html.Br(), html.Span(said, className="note")]
    return html.Tr(
        [
            html.Td(name),
            _bar(start, row.points, place),
            _points_cell(row.points, lang),
            html.Td(formats.points(start + row.points, lang), className="num"),
        ]
    )


def _rest_row(rest: int, start: int, place: _Places, lang: str) -> Component:
    return html.Tr(
        [
            html.Td(t("simulation.others", lang)),
            _bar(start, rest, place),
            _points_cell(rest, lang),
            html.Td(formats.points(start + rest, lang), className="num"),
        ]
    )


def section(inside: list[Component], ident: dict, lang: str) -> Component:
    """Return the sheet of what moved, around a place that a callback fills."""
    return sheet("moved", t("simulation.moved", lang), html.Div(inside, id=ident))
