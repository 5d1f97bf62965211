"""Decisions: the register, what waits for another person, the figures of the month, one thread open."""

from collections.abc import Mapping, Sequence

import dash
from dash import MATCH, Input, Output, State, callback, html
from dash.development.base_component import Component

from components import formats, register, states
from components.i18n import LANGUAGES, plural, t
from components.links import DECISION, DECISIONS, HOME, address, link
from components.moments import day
from components.oversight import RESUME, STOP
from components.reader import named
from components.sheet import heading, sheet
from components.shell import Place, page
from data import banks, portfolios
from data.ledger.entries import UnknownEntry
from data.ledger.errors import LedgerUnavailable
from data.ledger.register import Row
from data.portfolios import Portfolio, UnknownPortfolio
from pages import _acts, _oversight, _register, _thread
from pages._register import ALL, CONTRARY, LETTERS, PAGE, VIEWS, WAITING
from pages._thread import Story
from web.clock import local, months_kept, now
from web.identity import MANAGER
from web.records import Shown
from web.session import language

dash.register_page(
    __name__,
    path_template=DECISIONS,
    name="decisions",
    title="Limpide",
    order=90,
    group="decisions",
    roles=("advisor", "manager"),
)


def layout(
    portfolio: str | None = None,
    lang: str | None = None,
    view: str | None = None,
    after: str | None = None,
    decision: str | None = None,
    **_,
) -> Component:
    """Return the register of a portfolio, with the thread of one decision beside it."""
    lang = lang if lang in LANGUAGES else language()
    known = banks.present()
    try:
        chosen = portfolios.load(portfolio or next(iter(known), portfolios.available()[0]))
    except UnknownPortfolio:
        elsewhere = Place(HOME, lang, next(iter(known), ""), banks=known)
        return page(elsewhere, t("not_found.heading", lang), *states.not_found(lang))
    view = view if view in VIEWS else ALL
    number = int(after) if isinstance(after, str) and after.isascii() and after.isdecimal() else None
    number = number if number is not None and number < 2**31 else None
    query = {} if view == ALL else {"view": view}
    query |= {"after": str(number)} if number else {}
    place = Place(DECISIONS, lang, chosen.id, banks=known, query=query)
    title = t("page.decisions", lang)
    try:
        shown = _sections(place, chosen, view, number, decision if isinstance(decision, str) else "")
    except LedgerUnavailable:
        said = html.P(html.B(t("register.silent", lang)), className="read")
        shown = [html.Div(said, className="error", role="alert")]
    return page(place, title, _strip(place, title), *shown)


def _strip(place: Place, title: str) -> Component:
    if not _acts.may(MANAGER):
        return heading(title)
    export = html.A(
        t("register.export", place.lang),
        href=f"/exports/{place.portfolio}/register.csv",
        className="btn small",
        download="",
    )
    return html.Section([html.H1(title), html.Div(export, className="acts act")], className="file")


def _sections(
    place: Place, portfolio: Portfolio, view: str, after: int | None, asked: str
) -> list[Component | None]:
    lang = place.lang
    rows, total = _register.listed(portfolio.id, view, after)
    picked = asked.strip().upper()[:20] or (rows[0].id if rows else "")
    story = _story(picked, portfolio)
    figures = None
    if _acts.may(MANAGER):
        figures = register.stats(portfolio, _register.counts(portfolio.id), _register.month(lang), lang)
    body = [
        register.views(view, _views(place, portfolio), lang),
        register.table(portfolio, _register.lines(rows, place, picked), now(), lang),
        _pager(place, rows, total, view, after),
        html.Div(t("register.final", lang, months=months_kept()), className="info"),
        *(_that_day(story, lang) if story else []),
    ]
    listed = sheet("register", t("register.title", lang), *body, width="c7" if story else "")
    beside = (
        html.Div([listed, _thread.section(story, lang, "c5")], className="grid even") if story else listed
    )
    return [figures, beside, _oversight.switch(portfolio, lang)]


def _story(picked: str, portfolio: Portfolio) -> Story | None:
    """Return the thread that is open; none when there is no such decision in this portfolio."""
    if not picked:
        return None
    try:
        story = Story.of(picked)
    except UnknownEntry:
        return None
    one = story.decision
    return (
        story if one.portfolio == portfolio.id and one.about is None and one.client_id is not None else None
    )


def _views(place: Place, portfolio: Portfolio) -> list[tuple[str, str, str]]:
    waiting = len(_register.waiting(portfolio.id))
    told = {
        ALL: t("register.view.all", place.lang),
        WAITING: t("register.view.waiting", place.lang, count=waiting),
        CONTRARY: t("register.view.contrary", place.lang),
    }
    if portfolio.has_letters:
        letters = _register.letters_to_make(portfolio.id)
        told[LETTERS] = t("register.view.letters", place.lang, count=letters)
    return [
        (code, label, place.address(view=None if code == ALL else code, after=None))
        for code, label in sorted(told.items(), key=lambda view: VIEWS.index(view[0]))
    ]


def _pager(place: Place, rows: Sequence[Row], total: int, view: str, after: int | None) -> Component | None:
    if not rows:
        return None
    lang = place.lang
    count = plural("register.count", len(rows), lang, total=formats.number(total, lang))
    more = view != WAITING and len(rows) == PAGE and total > PAGE
    following = link(t("register.next", lang), place.address(after=str(rows[-1].number))) if more else None
    first = link(t("register.first", lang), place.address(after=None)) if after else None
    return html.P([count, " ", following, " ", first], className="note pager")


def _that_day(story: Story, lang: str) -> list[Component | None]:
    """Return what was shown when the open decision was made, and the way to see it again."""
    one = story.decision
    if one.content is None:
        return [html.P(t("reopened.erased.then", lang), className="note")]
    pairs = _pairs(story, _thread.shown_then(story, lang), one.content, lang)
    told = [html.Div([html.Dt(label), html.Dd(value)]) for label, value in pairs]
    to = address(DECISION, entry=one.id, lang=lang)
    return [
        html.H3(t("register.that_day", lang)),
        html.Dl(told, className="pairs two"),
        html.P(link(t("register.reopen", lang, date=day(local(one.at), lang)), to), className="after"),
    ]


def _pairs(story: Story, shown: Shown, content: Mapping, lang: str) -> list[tuple[str, str]]:
    one, count = story.decision, sum(len(group["lines"]) for group in shown.read)
    told = [
        # What is only computed does not keep in words what was read.
        *([(t("register.read", lang), formats.number(count, lang))] if count else []),
        (t("register.language", lang), t(f"reopened.in.{shown.shown_in}", lang)),
        (t("register.by", lang), named(one.account, lang)),
        (t("register.number", lang), one.id),
    ]
    if shown.score is None:
        return told
    positive = story.portfolio.words(lang)["outcome"]["positive_many"]
    rate = formats.per_hundred(shown.score["probability"], lang)
    return [
        (t("register.threshold", lang), formats.points(shown.score["pass_mark"], lang)),
        (t("register.model", lang), t("register.version", lang, version=content["model"]["version"])),
        (positive[:1].upper() + positive[1:], rate),
        *told,
    ]


def _id(act: str, part: str) -> dict:
    return {"part": f"act-{part}", "act": act, "portfolio": MATCH, "about": MATCH, "lang": MATCH}


@callback(
    Output(_id(STOP, "form"), "hidden"),
    Output(_id(STOP, "fault"), "children"),
    Output(_id(STOP, "done"), "children"),
    Input(_id(STOP, "save"), "n_clicks"),
    State(_id(STOP, "words"), "value"),
    prevent_initial_call=True,
)
def stop(_save, words):
    """Stop the model of a portfolio."""
    return _oversight.switched(_acts.asked(STOP)[1], words)


@callback(
    Output(_id(RESUME, "form"), "hidden"),
    Output(_id(RESUME, "fault"), "children"),
    Output(_id(RESUME, "done"), "children"),
    Input(_id(RESUME, "save"), "n_clicks"),
    State(_id(RESUME, "words"), "value"),
    prevent_initial_call=True,
)
def resume(_save, words):
    """Put the model of a portfolio back in service."""
    return _oversight.switched(_acts.asked(RESUME)[1], words)
