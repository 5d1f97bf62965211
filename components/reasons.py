"""The reasons: what takes points away, what adds some, and the sum that it makes."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import plural, t
from components.links import COMPARISON, INTERPRETATION, SIMULATION, address, link
from components.rich import bold
from components.sentences import reason_sentence
from components.sheet import sheet
from data.portfolios import Portfolio
from model.results import Assessment, Reason

LONGEST_BAR = 48  # pixels
_COLOUR = {"takes": "unf", "adds": "fav"}


def section(
    portfolio: Portfolio, assessment: Assessment, reference: tuple[float, float], lang: str
) -> Component:
    """Return the sheet of the reasons.

    ``reference`` gives the points between which files were accepted just above the mark
    (from the first, up to but without the second).
    """
    shown, rest = rounded(assessment)
    sides = {
        side: [
            (r, points) for r, points in zip(assessment.reasons, shown, strict=True) if r.direction == side
        ]
        for side in ("takes", "adds")
    }
    longest = max((abs(points) for points in shown), default=1)
    return sheet(
        "reasons",
        t("reasons.title", lang),
        html.Div(
            [_side(portfolio, side, rows, longest, lang) for side, rows in sides.items()], className="grid"
        ),
        html.P(arithmetic(assessment, shown, rest, reference, lang), className="note foot"),
        _onward(portfolio.id, assessment.client_id, lang),
    )


def _onward(portfolio_id: str, client_id: str | None, lang: str) -> Component:
    """Return the ways on from the reasons, with the same file in hand."""
    pages = {"interpretation": INTERPRETATION, "comparison": COMPARISON, "simulation": SIMULATION}
    return html.Nav(
        [
            link(
                t(f"onward.{name}", lang),
                address(template, portfolio=portfolio_id, client=client_id, lang=lang),
                className="btn small",
            )
            for name, template in pages.items()
        ],
        className="onward",
        **{"aria-label": t("onward.title", lang)},
    )


def rounded(assessment: Assessment) -> tuple[list[int], int]:
    """Return the whole points of each reason, and of all else, that add up to what is shown."""
    reasons = [reason.points for reason in assessment.reasons]
    rest = assessment.points - assessment.base_points - sum(reasons)
    total = round(assessment.points) - round(assessment.base_points)
    *shown, others = formats.round_to_sum([*reasons, rest], total)
    return shown, others


def arithmetic(
    assessment: Assessment, shown: Sequence[int], rest: int, reference: tuple[float, float], lang: str
) -> str:
    """Return the sum in words, from the average file to this one."""
    taken, added = (sum(p for p in shown if p * way > 0) for way in (-1, 1))
    base = formats.points(assessment.base_points, lang)
    parts = [t("reasons.sum.base", lang, points=base)]
    if shown:
        extent = "one" if len(shown) == 1 else "many"
        moved = [
            t(f"reasons.sum.{verb}.{extent}", lang, points=formats.points(abs(amount), lang))
            for verb, amount in (("take", taken), ("add", added))
            if amount
        ]
        subject = plural("reasons.sum.these", len(shown), lang, count=_count(len(shown), lang))
        parts.append(t("reasons.sum.reasons", lang, these=subject, moved=t("value.and", lang).join(moved)))
    way = "none" if rest == 0 else "take" if rest < 0 else "add"
    others = t(f"reasons.sum.rest.{way}", lang, points=formats.points(abs(rest), lang))
    parts.append(others if shown else others[:1].upper() + others[1:])
    parts.append(t("reasons.sum.total", lang, points=formats.points(assessment.points, lang)))
    low, high = formats.points(reference[0], lang), formats.points(reference[1] - 1, lang)
    return " ".join([*parts, t("reasons.reference", lang, low=low, high=high)])


def _side(
    portfolio: Portfolio, side: str, rows: list[tuple[Reason, int]], longest: int, lang: str
) -> Component:
    total = sum(points for _, points in rows)
    tally = html.H3(
        [html.Span(t(f"reasons.{side}", lang)), html.Span(formats.points(total, lang, signed=True))],
        className=f"tally {_COLOUR[side]}",
    )
    if not rows:
        return html.Div([tally, html.P(t(f"reasons.{side}.none", lang), className="nothing")], className="c6")
    listed = [_reason(portfolio, reason, points, longest, lang) for reason, points in rows]
    return html.Div([tally, html.Ol(listed, className="reasons")], className="c6")


def _reason(portfolio: Portfolio, reason: Reason, points: int, longest: int, lang: str) -> Component:
    sentence = reason_sentence(portfolio, reason, lang)
    width = max(2, round(LONGEST_BAR * abs(points) / longest))
    return html.Li(
        [
            html.Span(
                formats.points(points, lang, signed=True), className=f"pts {_COLOUR[reason.direction]}"
            ),
            html.P([sentence.before, bold(sentence.value), sentence.after], className="say"),
            html.Span(className=f"bar {_COLOUR[reason.direction]}", style={"width": width}),
            html.P(sentence.reference, className="ref"),
        ]
    )


def _count(count: int, lang: str) -> str:
    """Return a small number in letters, as a sentence says it."""
    return t(f"number.{count}", lang) if 1 < count <= 8 else str(count)
