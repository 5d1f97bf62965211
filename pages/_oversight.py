"""The stop switch and the answers to proposed marks: what managers do, and what is kept of it."""

import logging

from dash import html
from dash.development.base_component import Component

from components import act, formats, oversight, proposed_marks
from components.act import Act
from components.i18n import t
from components.oversight import STOP, Answered, Asked
from components.proposed_marks import Proposed
from data.ledger import approvals, proposals, stops
from data.ledger.approvals import Answered as AlreadyAnswered
from data.ledger.approvals import UnknownProposal
from data.ledger.drafts import EntryInvalid, SameAccount
from data.ledger.errors import LedgerUnavailable
from data.portfolios import Portfolio
from model import in_force, service
from model.artifact import Model
from pages import _acts
from pages._acts import Faulty
from web.clock import local
from web.identity import MANAGER, require

log = logging.getLogger(__name__)

Shown = tuple[bool, Component | None, Component | None]


def switch(portfolio: Portfolio, lang: str) -> Component | None:
    """Return the stop switch, for managers only."""
    if not _acts.may(MANAGER):
        return None
    stop = stops.stopped(portfolio.id)
    if stop is None:
        return oversight.switch(portfolio.id, {}, lang)
    return oversight.stopped(portfolio.id, stop.account, local(stop.at), stop.reason, {}, lang)


def switched(one: Act, words: object) -> Shown:
    """Stop a portfolio or put it back in service; return form hidden, fault, what was done."""
    user, lang = require(MANAGER), one.lang
    try:
        reason = _acts.words_of(words, lang)
        if not reason:
            raise Faulty(t("stop.empty", lang))
        if one.name == STOP:
            stops.stop(one.portfolio, user.name, reason)
        else:
            stops.resume(one.portfolio, user.name, reason)
    except Faulty as fault:
        return False, act.bad(fault.text), None
    except EntryInvalid:
        return False, act.bad(t("stop.empty", lang)), None
    except LedgerUnavailable as error:
        return False, _acts.silent(error, lang), None
    service.forget()
    return True, None, oversight.switched("done" if one.name == STOP else "resumed", lang)


def listed(
    portfolio: Portfolio, model: Model, lang: str, told: Component | None = None
) -> list[Component | None]:
    """Return the marks proposed and their answers, under what is said of the last act."""
    try:
        given = approvals.answers(portfolio.id)
        found = [one for one in proposals.pending(portfolio.id) if one.id not in given]
        answered = answers(portfolio, model, lang)
    except LedgerUnavailable as error:
        log.error("the ledger did not list its proposals: %s", type(error).__name__)
        return [told or proposed_marks.fault("unread", lang)]
    shown = [
        Proposed(
            day=one.created.date().isoformat(),
            mark=model.scale.at_probability(one.threshold),
            in_force=model.scale.at_probability(one.in_force),
            ratio=one.costs["false_negative"] / one.costs["false_positive"],
            by_amount="by_amount" in one.costs,
            note=one.note,
            version=one.model_version,
        )
        for one in found
    ]
    return [*proposed_marks.proposals(portfolio, shown, lang, told), *answered]


def answers(portfolio: Portfolio, model: Model, lang: str) -> list[Component]:
    """Return the proposals that wait for an answer, each with its form, and the answers given."""
    user = _acts.name()
    given = approvals.answers(portfolio.id)
    waiting = [one for one in proposals.pending(portfolio.id) if one.id not in given]
    asked = [
        Asked(
            one.id,
            local(one.created),
            model.scale.at_probability(one.threshold),
            one.model_version,
            "own" if one.author == user else "other" if one.model_version != model.version else "",
        )
        for one in waiting
    ]
    told = [
        Answered(local(one.at), one.account, one.approved, one.reason)
        for one in sorted(given.values(), key=lambda one: one.at, reverse=True)
    ]
    return oversight.answers(portfolio.id, asked, told, lang)


def answer(
    portfolio: Portfolio, model: Model, proposal: object, approve: bool, words: object, lang: str
) -> tuple[bool, Component]:
    """Approve or refuse a proposed mark; return form hidden, and what became of it."""
    user = require(MANAGER)
    number = int(proposal) if isinstance(proposal, str) and proposal.isdecimal() and len(proposal) < 10 else 0
    try:
        reason = _acts.words_of(words, lang)
        if not reason:
            raise Faulty(t("approvals.empty", lang))
        found = next((one for one in proposals.all(portfolio.id) if one.id == number), None)
        if found is None:
            raise Faulty(t("approvals.answered", lang))
        if approve and found.model_version != model.version:
            raise Faulty(t("approvals.other", lang, version=found.model_version))
        approvals.answer(number, user.name, approve, reason)
    except Faulty as fault:
        return False, act.bad(fault.text)
    except SameAccount:
        return False, act.bad(t("approvals.own", lang))
    except (AlreadyAnswered, UnknownProposal):
        return False, act.bad(t("approvals.answered", lang))
    except EntryInvalid:
        return False, act.bad(t("approvals.empty", lang))
    except LedgerUnavailable as error:
        return False, _acts.silent(error, lang)
    in_force.forget()  # this worker follows at once, the others within seconds
    mark = formats.points(model.scale.at_probability(found.threshold), lang)
    said = t("approvals.approved", lang, mark=mark) if approve else t("approvals.refused", lang)
    return True, html.P(html.B(said), role="status")
