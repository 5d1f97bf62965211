"""The register of decisions: its figures, its rows, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import formats
from components.decide import word
from components.i18n import own, own_plural, plural, t
from components.links import link
from components.moments import Moment, short
from components.sign import proposal
from data.portfolios import Portfolio
from model.results import Decision

PROPOSES = ("accept", "refuse")  # "to be reviewed" proposes neither


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the register, as it is shown; ``after``: what became of it, ``offer``: what was offered."""

    id: str
    client: str
    at: Moment
    points: float | None
    proposed: Decision | None
    decided: Decision | None
    final: Decision | None
    after: str
    href: str
    picked: bool = False
    offer: str = ""

    @property
    def is_contrary(self) -> bool:
        """Whether the person decided otherwise than was proposed."""
        return self.decided is not None and self.proposed in PROPOSES and self.decided != self.proposed


@dataclass(frozen=True, slots=True)
class Counts:
    """What the manager counts; shares and days are None where there is nothing to count."""

    decisions: int
    followed: float | None
    waiting: int
    oldest_days: float | None
    reviewed: int
    overturned: int
    review_days: float | None


def stats(portfolio: Portfolio, counts: Counts, month: str, lang: str) -> Component:
    """Return the figures of a month."""
    none = t("register.none", lang)
    decimals = 1 if counts.decisions >= 100 else 0  # of fewer, they would be a made-up precision
    followed = none if counts.followed is None else formats.percent(counts.followed, lang, decimals)
    told = [
        (
            formats.number(counts.decisions, lang),
            plural("register.decisions", counts.decisions, lang, month=month),
        ),
        (followed, own(portfolio, "register.followed", lang)),
        (
            formats.number(counts.waiting, lang),
            own_plural(portfolio, "register.waiting", counts.waiting, lang) + _oldest(counts, lang),
        ),
        _overturned(counts, month, lang)
        if counts.reviewed
        else (none, t("register.unreviewed", lang, month=month)),
    ]
    return html.Section(
        html.Div([html.Div([html.B(value), html.Span(label)]) for value, label in told], className="stats"),
        className="sheet",
        id="figures",
        **{"aria-label": t("register.figures", lang)},
    )


def _oldest(counts: Counts, lang: str) -> str:
    if counts.oldest_days is None:
        return ""
    days = int(counts.oldest_days)
    return plural("register.oldest", days, lang) if days else t("register.today", lang)


def _overturned(counts: Counts, month: str, lang: str) -> tuple[str, str]:
    label = plural("register.overturned", counts.reviewed, lang, month=month)
    if counts.review_days is not None:
        days = round(counts.review_days)
        label += " " + (plural("register.delay", days, lang) if days else t("register.delay.today", lang))
    return t("register.of", lang, part=counts.overturned, all=counts.reviewed), label


def views(chosen: str, found: Sequence[tuple[str, str, str]], lang: str) -> Component:
    """Return the ways to look at the register: code, label and address of each."""
    return html.Nav(
        [
            link(label, href, **({"aria-current": "true"} if code == chosen else {}))
            for code, label, href in found
        ],
        className="seg",
        **{"aria-label": t("register.views", lang)},
    )


def table(portfolio: Portfolio, lines: Sequence[Line], now: Moment, lang: str) -> Component:
    """Return the rows, or that there is none."""
    if not lines:
        return html.P(t("register.empty", lang))
    heads = [
        ("date", ""),
        ("file", ""),
        ("points", "num"),
        ("proposal", "gapl"),
        ("decision", ""),
        ("after", ""),
    ]
    head = html.Tr(
        [
            html.Th(own(portfolio, f"register.{key}", lang), scope="col", className=style)
            for key, style in heads
        ]
    )
    rows = [_row(portfolio, line, now, lang) for line in lines]
    inside = html.Table([html.Thead(head), html.Tbody(rows)], className="register")
    return html.Div(
        inside, className="wide", tabIndex=0, role="group", **{"aria-labelledby": "register-title"}
    )


def _row(portfolio: Portfolio, line: Line, now: Moment, lang: str) -> Component:
    client = link(line.client or t("register.erased", lang), line.href)
    decided = (
        t("register.computed", lang) if line.decided is None else word(portfolio, "done", line.decided, lang)
    )
    shown = (
        proposal(portfolio, line.proposed, lang)
        if line.proposed
        else own(portfolio, "register.by_hand", lang)
    )
    points = "" if line.points is None else formats.points(line.points, lang)
    told = _after(portfolio, line, lang)
    return html.Tr(
        [
            html.Td(short(line.at, now, lang), className="nowrap"),
            html.Td(client),
            html.Td(points, className="num"),
            html.Td(shown, className="gapl nowrap"),
            html.Td(_decided(decided, line, lang), className="decided"),
            html.Td(html.B(told) if line.after in ("contested", "asked") else told),
        ],
        className="pick" if line.picked else "",
    )


def _decided(decided: str, line: Line, lang: str) -> list[Component | str]:
    """Return what was decided, what differs from the proposal in bold, and under it what was offered."""
    told = html.B(decided) if line.is_contrary else decided
    return (
        [told, html.Span(t("offers.listed", lang, code=line.offer), className="note offered")]
        if line.offer
        else [told]
    )


def _after(portfolio: Portfolio, line: Line, lang: str) -> str:
    if line.after == "overturned" and line.final:
        return t("register.after.overturned", lang, decided=word(portfolio, "done", line.final, lang).lower())
    if line.after:
        return t(f"register.after.{line.after}", lang)
    return t("register.after.contrary", lang) if line.is_contrary else ""
