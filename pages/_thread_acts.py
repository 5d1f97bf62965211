"""What is done about a decision: a contest, a review by another person, a request for a document."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components import act
from components.act import Act
from components.decide import word
from components.i18n import own, t
from components.links import DECISION, address
from components.moments import day
from data import portfolios
from data.ledger import entries, waiting
from data.ledger.drafts import Draft, EntryInvalid, SameAccount
from data.ledger.entries import KeyReused
from data.ledger.errors import LedgerUnavailable
from data.ledger.waiting import FileWaits, NothingWaits
from pages import _acts, _thread
from pages._acts import Answer, Faulty
from pages._thread import Story
from web.clock import local
from web.identity import ADVISOR, MANAGER, require


def contest(one: Act, words: object, shown: object) -> tuple[bool, Component | None, Component | None]:
    """Keep what the client says against a decision; return form hidden, fault, what was done."""
    user, lang = require(ADVISOR), one.lang
    try:
        statement = _acts.words_of(words, lang)
        if not statement:
            raise Faulty(own(portfolios.load(one.portfolio), "contest.empty", lang))
        author, key = _acts.author(user), _acts.key_of(shown)
        asked = {"about": one.about, "statement": statement}
        if entries.answered(author, key, asked) is None:
            story = Story.of(one.about)
            if story.waiting_since is not None:
                raise Faulty(t("contest.waits", lang))
            said = {"statement": statement, "corrections": {}, "language": lang}
            entries.add([_about(story, "contest", said, lang)], author, key, asked)
        due = Story.of(one.about).due
    except Faulty as fault:
        return False, act.bad(fault.text), None
    except LedgerUnavailable as error:
        return False, _acts.silent(error, lang), None
    except (KeyReused, EntryInvalid, FileWaits):
        return False, act.refused(t("act.again", lang)), None
    return True, None, _recorded(t("contest.recorded", lang, date=day(local(due), lang)), one)


def revise(name: str, one: Act, choice: object, words: object, shown: object) -> Answer:
    """Return what follows a press in a review: its summary, its form, or what was recorded."""
    user, lang = require(MANAGER), one.lang
    if name == "back":
        return Answer()
    story = Story.of(one.about)
    try:
        if user.name == story.decision.account:
            raise Faulty(t("revise.same", lang))
        picked, reasons = _read(choice, words, lang)
    except Faulty as fault:
        return Answer(fault=act.bad(fault.text))
    told = _summary(story, picked, reasons, lang)
    if name == "review":
        return Answer(form=False, told=told)
    key = {"key": _acts.key_of(shown)}
    try:
        asked = {"about": one.about, "picked": picked, "reasons": reasons}
        known = entries.answered(_acts.author(user), key["key"], asked)
        if known is None:
            made, waits = _review(story, picked, reasons, lang), waiting.decision_waits(one.about)
            entries.add([made], _acts.author(user), key["key"], asked, waits)
    except NothingWaits:
        return Answer(form=False, told=told, failed=act.refused(own(story.portfolio, "revise.closed", lang)))
    except LedgerUnavailable as error:
        return Answer(form=False, told=told, failed=_acts.silent(error, lang))
    except SameAccount:
        return Answer(form=False, told=told, failed=act.refused(t("revise.same", lang)))
    except (KeyReused, EntryInvalid):
        return Answer(form=False, told=told, failed=act.refused(t("act.again", lang)))
    said = own(story.portfolio, "revise.requested" if picked == "request" else "revise.recorded", lang)
    return Answer(form=False, done=_recorded(said, one))


def _read(choice: object, words: object, lang: str) -> tuple[str, str]:
    reasons = _acts.words_of(words, lang)
    if choice not in (*_thread.SETTLED, "request"):
        raise Faulty(t("revise.choose", lang))
    if not reasons:
        raise Faulty(t("revise.empty", lang))
    return choice, reasons


def _summary(story: Story, picked: str, reasons: str, lang: str) -> list[Component]:
    before = story.final
    standing = t("register.computed", lang) if before is None else word(story.portfolio, "done", before, lang)
    pairs = [
        (t("revise.before", lang), standing),
        (t("revise.outcome", lang), html.B(_thread.outcome(story, picked, lang))),
    ]
    return act.summary(pairs, t("revise.reasons", lang), reasons)


def _review(story: Story, picked: str, reasons: str, lang: str) -> Draft:
    if picked == "request":
        return _about(story, "request", {"reasons": reasons, "language": lang}, lang)
    content = {"reasons": reasons, "decided": picked, "before": story.final, "language": lang}
    return _about(story, "review", content, lang, decided=picked)


def _about(story: Story, kind: str, content: Mapping, lang: str, **told: object) -> Draft:
    one = story.decision
    return Draft(kind, one.portfolio, one.client_id, content, about=one.id, language=lang, **told)


def _recorded(said: str, one: Act) -> Component:
    # A full load: the address stays the same.
    again = html.A(t("thread.reload", one.lang), href=address(DECISION, entry=one.about, lang=one.lang))
    return html.Div(html.P([html.B(said), " ", again]), role="status", className="recorded")
