"""What people and systems do about a file: assess, decide, contest, review. The same by page and by API.

Every act is an entry of the ledger, written before anything of it is answered; if it can't be
written, nothing was done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from data import portfolios
from data.ledger import entries, register
from data.ledger.drafts import FIRST, Author, Draft
from data.ledger.entries import Entry
from data.ledger.register import Filters, Row
from data.portfolios import Portfolio
from model import artifact, assess, recourse, service, whatif
from model.results import STRICTER, Assessment, Decision, Recourse, Value
from web import records
from web.errors import Refused
from web.identity import User

UNNAMED = "-"


def author(user: User) -> Author:
    """Return who asks as the ledger names them."""
    return Author(user.name, tuple(sorted(user.roles)), user.channel)


def keep_assessments(
    found: Sequence[Assessment], lang: str, user: User, ways: Recourse | None = None
) -> list[Entry]:
    """Keep assessments that a system asked for, all or none, each with what is answered of it.

    With ``ways``, what would change the only one.
    """
    if not found:
        return []
    portfolio, model = portfolios.load(found[0].portfolio), artifact.champion(found[0].portfolio)
    drafts = [records.draft_of(portfolio, model, one, lang, recourse=ways, brief=True) for one in found]
    # A record sent without a number is nobody's that we know.
    named = [replace(draft, client_id=draft.client_id or UNNAMED) for draft in drafts]
    return entries.add(named, author(user))


def last_decision(portfolio_id: str, client_id: str) -> Row | None:
    """Return the last decision on a file."""
    asked = Filters(portfolio_id, kinds=("decision",), search=client_id)
    found, _ = register.page(asked, limit=1)
    return found[0] if found else None


def waits(last: Row | None) -> Literal["", "contest", "review"]:
    """Say whom a decided file waits for: nobody, or another person, for a contest or a review."""
    if last is None:
        return ""
    if last.contested:
        return "contest"
    return "review" if last.decided == "review" and last.reviewed is None else ""


def decide(
    portfolio_id: str,
    client_id: str,
    decided: Decision,
    motive: str,
    lang: str,
    user: User,
    *,
    key: str | None = None,
    asked: Mapping[str, Any] | None = None,
) -> Entry:
    """Keep a decision on a client of the bank, assessed again at this very moment.

    Parameters
    ----------
    motive : why; obligatory when the decision is another than what is proposed
    key, asked : makes the act happen once, see :func:`data.ledger.entries.add`

    Raises
    ------
    Refused
        422 without a motive that is needed; 409 when the file waits for another person.
    data.bank.UnknownClient, model.artifact.ModelMissing, model.service.ModelStopped
    data.ledger.errors.LedgerUnavailable
        When it could not be kept: nothing was decided.
    """
    if key is not None and asked is not None:
        known = entries.answered(author(user), key, asked)
        if known:
            return known[0]
    portfolio = portfolios.load(portfolio_id)
    if waits(last_decision(portfolio_id, client_id)):
        raise Refused(409, "file_waits")
    draft = _draft(portfolio, client_id, decided, motive, lang)
    return entries.add([draft], author(user), key=key, asked=asked)[0]


def _draft(portfolio: Portfolio, client_id: str, decided: Decision, motive: str, lang: str) -> Draft:
    model, found = service.speaking(portfolio.id), assess.assess(portfolio.id, client_id)
    if decided != found.proposal and not motive.strip():
        raise Refused(422, "motive_needed")
    ways = None if found.proposal == STRICTER[0] else recourse.recourse(portfolio.id, client_id)
    return records.draft_of(portfolio, model, found, lang, decided, motive.strip(), ways)


def contest(
    decision: Entry, statement: str, corrections: Mapping[str, Value], lang: str, user: User
) -> list[Entry]:
    """Keep what the client says against a decision and, with corrected values, what they would give.

    Raises
    ------
    model.results.InvalidRecord
        When a corrected value cannot be.
    """
    own = {"portfolio": decision.portfolio, "client_id": decision.client_id, "about": decision.id}
    said = {"statement": statement.strip(), "corrections": dict(corrections), "language": lang}
    drafts = [Draft("contest", content=said, language=lang, **own)]
    if corrections:
        tried = whatif.attempt(decision.portfolio, decision.client_id, corrections)
        portfolio, model = portfolios.load(decision.portfolio), artifact.champion(decision.portfolio)
        again = records.draft_of(portfolio, model, tried.after, lang)
        content = {**again.content, "corrections": dict(corrections), "moved": dict(tried.moved)}
        drafts.append(
            Draft(
                "rescoring",
                content=content,
                points=again.points,
                proposed=again.proposed,
                model_version=again.model_version,
                language=lang,
                **own,
            )
        )
    return entries.add(drafts, author(user))


def review(decision: Entry, decided: Decision, reasons: str, lang: str, user: User) -> Entry:
    """Keep the outcome of a review, by another person than who decided.

    Raises
    ------
    Refused
        409, when nothing waits for a review.
    data.ledger.drafts.SameAccount
        When who reviews is who decided.
    """
    row = register.page(Filters(kinds=FIRST, search=decision.id), limit=1)[0][0]
    if not waits(row):
        raise Refused(409, "nothing_waits")
    content = {"reasons": reasons.strip(), "decided": decided, "before": row.final, "language": lang}
    draft = Draft(
        "review",
        decision.portfolio,
        decision.client_id,
        content,
        about=decision.id,
        decided=decided,
        language=lang,
    )
    return entries.add([draft], author(user))[0]
