"""The thread of a decision on screen: its steps, what it waits for, and what may be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components import act, formats, letter, rescore, thread
from components.act import Act
from components.decide import word
from components.i18n import own, t, typeset
from components.moments import day
from components.reader import named
from components.sheet import sheet, unfold
from components.thread import Step, Waiting
from data import portfolios
from data.ledger import entries
from data.ledger.entries import Entry
from data.portfolios import Portfolio
from model.results import Decision
from pages import _acts
from web import audit, letter_routes, records
from web.clock import due, local, now
from web.identity import ADVISOR, MANAGER
from web.record_texts import corrections_text

CONTEST, REVISE = "contest", "revise"
SETTLED = ("accept", "refuse")


@dataclass(frozen=True)
class Story:
    """A decision and all that is about it, in order."""

    entries: Sequence[Entry]

    @classmethod
    def of(cls, decision_id: str) -> "Story":
        """Read the thread of a decision, and note who looked at its file.

        Raises
        ------
        data.ledger.entries.UnknownEntry, data.ledger.errors.LedgerUnavailable
        """
        found = cls(entries.thread(decision_id))
        audit.viewed(found.decision.portfolio, found.decision.client_id)
        return found

    @property
    def decision(self) -> Entry:
        return self.entries[0]

    @property
    def portfolio(self) -> Portfolio:
        return portfolios.load(self.decision.portfolio)

    @property
    def final(self) -> Decision | None:
        """What is decided now: the last review's outcome, else the decision's own."""
        reviewed = self._last("review")
        return reviewed.decided if reviewed else self.decision.decided

    @property
    def waiting_since(self) -> datetime | None:
        """Since when it waits for another person, None when it does not."""
        contest, review = self._last("contest"), self._last("review")
        if contest and (review is None or contest.number > review.number):
            return contest.at
        return self.decision.at if self.decision.decided == "review" and review is None else None

    @property
    def due(self) -> datetime | None:
        """When an answer is due."""
        since = self.waiting_since
        return since and due(since)

    @property
    def is_contested(self) -> bool:
        """Whether it is a contest that waits."""
        return self.waiting_since is not None and self._last("contest") is not None

    def _last(self, kind: str) -> Entry | None:
        return next((one for one in reversed(self.entries) if one.kind == kind), None)


def section(story: Story, lang: str, width: str = "") -> Component:
    """Return the sheet of a thread: its steps, then what may be done."""
    decision = story.decision
    state = ".contested" if story.is_contested else ".asked" if story.waiting_since else ""
    since = story.waiting_since
    waiting = Waiting(local(since), local(story.due)) if since else None
    return sheet(
        "thread",
        own(
            story.portfolio,
            f"thread.title{state}",
            lang,
            client=decision.client_id or t("register.erased", lang),
        ),
        html.P(_note(story, lang), className="note lead"),
        thread.drawn(_steps(story, lang), waiting, now(), lang),
        *_acts_of(story, lang),
        width=width,
    )


def _note(story: Story, lang: str) -> str:
    one = story.decision
    decided = _done(story.portfolio, one.decided, lang)
    told = {"decided": decided, "date": day(local(one.at), lang)}
    if one.points is None or not one.content or not one.content.get("score"):
        return own(story.portfolio, "thread.note.hand", lang, **told)
    mark = formats.points(one.content["score"]["pass_mark"], lang)
    return t("thread.note", lang, points=formats.points(one.points, lang), mark=mark, **told)


def _steps(story: Story, lang: str) -> list[Step]:
    steps, standing = _first(story, lang), story.decision.decided
    for one in story.entries[1:]:
        if one.kind == "review":
            outcome = (
                "settled"
                if standing not in SETTLED
                else "upheld"
                if one.decided == standing
                else "overturned"
            )
            standing = one.decided
            decided = _done(story.portfolio, one.decided, lang)
            told = t(f"thread.review.{outcome}", lang, account=named(one.account, lang), decided=decided)
            steps.append(Step(local(one.at), told, _said(one, "reasons")))
        elif one.kind == "rescoring":
            steps.append(Step(local(one.at), _rescored(story.portfolio, one, lang)))
        elif one.kind in ("contest", "request", "letter"):
            words = {"contest": "statement", "request": "reasons"}.get(one.kind, "")
            told = own(story.portfolio, f"thread.{one.kind}", lang, account=named(one.account, lang))
            steps.append(Step(local(one.at), told, _said(one, words), _letter(one, lang)))
    return steps


def _letter(one: Entry, lang: str) -> Component | None:
    """Return where a letter of the thread is read."""
    if one.kind != "letter" or one.content is None:
        return None
    page, pdf = letter_routes.address(one.id), letter_routes.address(one.id, as_pdf=True)
    return html.Span(letter.links(page, pdf, lang))


def _first(story: Story, lang: str) -> list[Step]:
    """Return what was proposed, then what was decided on it."""
    one, at = story.decision, local(story.decision.at)
    if one.proposed is None:
        told = own(story.portfolio, "thread.by_hand", lang)
    else:
        rules = bool((one.content or {}).get("policy"))
        wording = word(story.portfolio, "do", one.proposed, lang).lower()
        told = own(story.portfolio, "thread.rules" if rules else "thread.proposed", lang, proposal=wording)
    if one.decided is None:
        return [Step(at, t("thread.computed", lang, account=named(one.account, lang))), Step(at, told)]
    done, offer = _done(story.portfolio, one.decided, lang), (one.content or {}).get("offer")
    if offer:
        done = t("offers.thread", lang, decided=done, code=offer)
    decided = t("thread.decided", lang, account=named(one.account, lang), decided=done)
    return [Step(at, told), Step(at, decided, _said(one, "motive"))]


def _rescored(portfolio: Portfolio, one: Entry, lang: str) -> str:
    changes = corrections_text(portfolio, (one.content or {}).get("corrections", {}), lang)
    proposal = typeset(portfolio.words(lang)["decisions"][one.proposed], lang)
    points = formats.points(one.points, lang)
    return t(
        "thread.rescoring",
        lang,
        account=named(one.account, lang),
        changes=changes,
        points=points,
        proposal=proposal,
    )


def _said(one: Entry, name: str) -> str:
    return str((one.content or {}).get(name) or "") if name else ""


def _done(portfolio: Portfolio, decided: Decision | None, lang: str) -> str:
    return t("register.computed", lang) if decided is None else word(portfolio, "done", decided, lang)


def _acts_of(story: Story, lang: str) -> list[Component]:
    """Return what the reader may do about a decision: note a contest, compute again, review it."""
    decision = story.decision
    if decision.content is None:
        return []
    if story.waiting_since is None:
        if not _acts.may(ADVISOR) or story.final == "review":
            return []
        one = Act(CONTEST, decision.portfolio, decision.id, lang)
        body = act.one_step(one, own(story.portfolio, "contest.words", lang), {"key": _acts.key()})
        return [unfold(own(story.portfolio, "contest.open", lang), body)]
    again = unfold(t("rescore.title", lang), rescore.place(decision.id, lang))
    return [again, html.H3(t("revise.title", lang), id="revise-title"), _revise(story, lang)]


def _revise(story: Story, lang: str) -> Component:
    decision = story.decision
    if not _acts.may(MANAGER):
        return html.P(own(story.portfolio, "revise.manager", lang), className="info")
    if _acts.name() == decision.account:
        return html.P(t("revise.same", lang), className="info")
    one = Act(REVISE, decision.portfolio, decision.id, lang)
    choices = [(code, outcome(story, code, lang)) for code in (*outcomes(story), "request")]
    return act.two_steps(one, choices, "revise-title", t("revise.words", lang), {"key": _acts.key()})


def outcomes(story: Story) -> list[Decision]:
    """Return the decisions that a review may come to, what stands first."""
    return sorted(SETTLED, key=lambda code: code != story.final)


def outcome(story: Story, code: str, lang: str) -> str:
    """Return an outcome of a review as a choice says it."""
    if code == "request":
        return own(story.portfolio, "revise.request", lang)
    if story.final not in SETTLED:
        return word(story.portfolio, "do", code, lang)
    do = word(story.portfolio, "do", code, lang).lower()
    return t("revise.keep" if code == story.final else "revise.change", lang, do=do)


def shown_then(story: Story, lang: str) -> records.Shown:
    """Return the file as it was shown when it was decided, in ``lang``."""
    return records.restore(story.decision, lang)
