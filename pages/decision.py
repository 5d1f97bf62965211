"""A decision reopened: the screen as it was that day, then what has happened since and may be done."""

import dash
from dash import ALL, MATCH, Input, Output, State, callback, ctx, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import checks, facts, letter, offers, reasons, reopened, states, verdict
from components.charts.ruler import Ruler
from components.i18n import LANGUAGES, own, t
from components.links import DECISION, DECISIONS, HOME, address, link
from components.moments import day, hour
from components.offers_said import named as named_offer
from components.reader import named
from components.sheet import heading, sheet
from components.shell import Place, page
from components.sign import sign
from data import banks
from data.ledger.entries import Entry, UnknownEntry
from data.ledger.errors import LedgerUnavailable
from data.ledger.register import DECISIONS as KINDS
from data.portfolios import Portfolio
from pages import _acts, _letter, _rescore, _thread, _thread_acts, _trial
from pages._thread import CONTEST, REVISE, Story
from web import records
from web.clock import local
from web.records import Erased, Shown
from web.session import language

dash.register_page(
    __name__,
    path_template=DECISION,
    name="decision",
    title="Limpide",
    order=95,
    roles=("advisor", "manager"),
)


def layout(entry: str | None = None, lang: str | None = None, **_) -> Component:
    """Return a decision as it was shown, with its thread, or say that there is none."""
    lang = lang if lang in LANGUAGES else language()
    known = banks.present()
    nowhere = Place(HOME, lang, next(iter(known), ""), banks=known)
    if not isinstance(entry, str) or not entry:
        return page(nowhere, t("not_found.heading", lang), *states.not_found(lang))
    try:
        story = Story.of(entry.strip().upper()[:20])
        if story.decision.kind not in KINDS:
            raise UnknownEntry(entry)
    except UnknownEntry:
        said = html.P(t("reopened.unknown", lang, number=entry[:20]), className="read")
        title = t("not_found.heading", lang)
        return page(nowhere, title, heading(title), sheet("unknown", t("page.decision", lang), said))
    except LedgerUnavailable:
        said = html.P(t("register.silent", lang), className="read")
        return page(nowhere, t("page.decision", lang), heading(entry[:20]), html.Div(said, className="error"))
    return _page(story, Place(DECISION, lang, story.decision.portfolio, None, known), lang)


def _page(story: Story, place: Place, lang: str) -> Component:
    decision = story.decision
    place = Place(
        DECISION, lang, decision.portfolio, decision.client_id or None, place.banks, entry=decision.id
    )
    title = f"{t('page.decision', lang)} {decision.id}"
    try:
        shown = records.restore(decision, lang)
    except Erased:
        parts = [heading(decision.id), reopened.erased(lang)]
    else:
        parts = _as_shown(story, shown, lang)
    return page(place, title, *parts, _thread.section(story, lang), _letter.section(story, lang))


def _as_shown(story: Story, shown: Shown, lang: str) -> list[Component | None]:
    """Return the sections of that day, drawn from what was kept."""
    decision = story.decision
    at = local(decision.at)
    other = shown.shown_in if shown.shown_in != lang else ""
    version = shown.model["version"] if shown.model else None
    mark = shown.score["pass_mark"] if shown.score else None
    to = address(DECISIONS, portfolio=decision.portfolio, lang=lang)
    title = own(story.portfolio, "file.title", lang, client=shown.client_id)
    back = link(t("reopened.back", lang), to, className="btn small")
    return [
        facts.strip_drawn(title, shown.strip, shown.bare, lang, back),
        reopened.notice(story.portfolio, at, version, mark, other, lang),
        *_proposal(story.portfolio, shown, lang),
        html.Div(
            [_checks(shown, lang), _decided(story.portfolio, decision, shown, lang)], className="grid even"
        ),
        reopened.recourse(story.portfolio, shown.recourse, lang),
        reopened.read(story.portfolio, shown.read, decision.content["sources"]["received"], lang),
    ]


def _proposal(portfolio: Portfolio, shown: Shown, lang: str) -> list[Component | None]:
    if shown.verdict is None or shown.score is None or shown.scale is None:
        return [reopened.manual(portfolio, lang)]
    scale = Ruler(
        points=shown.score["points"],
        pass_mark=shown.score["pass_mark"],
        grey_low=shown.score["grey_low"],
        grey_high=shown.score["grey_high"],
        anchor=shown.scale.anchor_points,
        step=shown.scale.points_to_double,
        rate=shown.scale.probability,
    )
    likely = offers.section(shown.offers, [], lang) if shown.offers else None
    return [verdict.drawn(portfolio, shown.verdict, scale, lang), likely, reasons.drawn(shown.reasons, lang)]


def _checks(shown: Shown, lang: str) -> Component:
    if shown.verdict is None:
        return checks.declared_drawn(shown.checks.declared, lang, "c7")
    return checks.drawn(shown.checks, lang, "c7")


def _decided(portfolio: Portfolio, decision: Entry, shown: Shown, lang: str) -> Component:
    at = local(decision.at)
    if decision.proposed is None:
        proposed: Component | str = t("decide.no_proposal", lang)
    else:
        proposed = html.Span([sign(decision.proposed), shown.wordings[decision.proposed]], className="tag")
    done = t("register.computed", lang) if decision.decided is None else shown.done[decision.decided]
    pairs = [
        (t("register.number", lang), decision.id),
        (t("register.date", lang), f"{day(at, lang)}, {hour(at, lang)}"),
        (t("register.by", lang), named(decision.account, lang)),
        (own(portfolio, "decide.proposed", lang), proposed),
        (t("register.decision", lang), html.B(done)),
    ]
    if shown.offer:
        told = {line.code: line.told for line in shown.offers.lines} if shown.offers else {}
        offer = named_offer(shown.offer, told.get(shown.offer, ""), lang)
        pairs.append((t("offers.decided", lang), html.B(offer)))
    return reopened.decision(pairs, shown.motive, "c5", lang)


def _id(act: str, part: str) -> dict:
    return {"part": f"act-{part}", "act": act, "portfolio": MATCH, "about": MATCH, "lang": MATCH}


@callback(
    Output(_id(CONTEST, "form"), "hidden"),
    Output(_id(CONTEST, "fault"), "children"),
    Output(_id(CONTEST, "done"), "children"),
    Input(_id(CONTEST, "save"), "n_clicks"),
    State(_id(CONTEST, "words"), "value"),
    State(_id(CONTEST, "shown"), "data"),
    prevent_initial_call=True,
)
def contest(_save, words, shown):
    """Keep what the client says against a decision."""
    _, act, _ = _acts.asked(CONTEST)
    return _thread_acts.contest(act, words, shown)


@callback(
    Output(_id(REVISE, "form"), "hidden"),
    Output(_id(REVISE, "second"), "hidden"),
    Output(_id(REVISE, "fault"), "children"),
    Output(_id(REVISE, "told"), "children"),
    Output(_id(REVISE, "failed"), "children"),
    Output(_id(REVISE, "done"), "children"),
    Input(_id(REVISE, "review"), "n_clicks"),
    Input(_id(REVISE, "save"), "n_clicks"),
    Input(_id(REVISE, "back"), "n_clicks"),
    State(_id(REVISE, "choice"), "value"),
    State(_id(REVISE, "words"), "value"),
    State(_id(REVISE, "shown"), "data"),
    prevent_initial_call=True,
)
def revise(_review, _save, _back, choice, words, shown):
    """Show the summary of a review, go back to its form, or record it."""
    step, act, _ = _acts.asked(REVISE)
    return _thread_acts.revise(step, act, choice, words, shown).outputs()


@callback(
    Output(_id(letter.NAME, "done"), "children"),
    Input(_id(letter.NAME, "save"), "n_clicks"),
    State(_id(letter.NAME, "choice"), "value"),
    State(_id(letter.NAME, "shown"), "data"),
    prevent_initial_call=True,
)
def write(_save, choice, shown):
    """Make the letter about a decision, in the language chosen."""
    _, act, _ = _acts.asked(letter.NAME)
    return _letter.make(act, choice, shown)


def _correct(part: str, **more: object) -> dict:
    return {"part": f"rescore-{part}", "decision": MATCH, "lang": MATCH, **more}


_FIELDS, _BOXES = _correct("try", feature=ALL, field=ALL), _correct("missing", feature=ALL)


@callback(
    Output(_correct("choice"), "children"),
    Input(_correct("open"), "n_clicks"),
    prevent_initial_call=True,
)
def open_choice(_clicks):
    """List what may be corrected."""
    return _rescore.opened(*_rescore.place_of(ctx.triggered_id))


@callback(
    Output(_correct("rows"), "children"),
    Input(_correct("pick", of=ALL), "value"),
    State(_FIELDS, "value"),
    State(_BOXES, "value"),
    prevent_initial_call=True,
)
def add_row(picked, _fields, _boxes):
    """Add a row for what was chosen to be corrected; the others keep what they hold."""
    if not any(picked or ()):
        raise PreventUpdate
    return _rescore.rows(*_rescore.place_of(ctx.triggered_id), _trial.typed(*ctx.states_list), picked)


@callback(
    Output(_correct("result"), "children"),
    Input(_correct("compute"), "n_clicks"),
    Input(_correct("keep", of=ALL), "n_clicks"),
    State(_FIELDS, "value"),
    State(_BOXES, "value"),
    prevent_initial_call=True,
)
def compute(_compute, kept, _fields, _boxes):
    """Assess the file with the values on screen, or keep that calculation with the decision."""
    asked = ctx.triggered_id
    if not isinstance(asked, dict):
        raise PreventUpdate
    decision, lang = _rescore.place_of(asked)
    typed = _trial.typed(*ctx.states_list)
    if asked.get("part") != "rescore-keep":
        return _rescore.computed(decision, lang, typed)
    if not any(kept or ()):
        raise PreventUpdate  # the button has just been drawn
    return _rescore.kept(decision, lang, typed)
