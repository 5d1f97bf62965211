"""What people and systems do about a file: assess, decide, contest, review. The same by page and by API.

Every act is an entry of the ledger, written before anything of it is answered; if it can't be
written, nothing was done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from data import portfolios
from data.ledger import entries, register, waiting
from data.ledger.drafts import FIRST, Author, Draft
from data.ledger.entries import Entry
from data.ledger.register import Filters
from data.portfolios import Portfolio
from model import artifact, assess, recourse, whatif
from model.artifact import Model
from model.results import STRICTER, Assessment, Decision, Recourse, Value
from web import offered, records
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
    portfolio = portfolios.load(found[0].portfolio)
    drafts = [
        records.draft_of(portfolio, _model_of(one), one, lang, recourse=ways, brief=True) for one in found
    ]
    # A record sent without a number is nobody's that we know.
    named = [replace(draft, client_id=draft.client_id or UNNAMED) for draft in drafts]
    return entries.add(named, author(user))


def decide(
    portfolio_id: str,
    client_id: str,
    decided: Decision,
    motive: str,
    lang: str,
    user: User,
    *,
    offer: str | None = None,
    key: str | None = None,
    asked: Mapping[str, Any] | None = None,
) -> Entry:
    """Keep a decision on a client of the bank, assessed again at this very moment.

    Parameters
    ----------
    motive : why; obligatory when the decision is another than what is proposed
    offer : what is offered; the likeliest where none is named (see :func:`web.offered.settled`)
    key, asked : makes the act happen once, see :func:`data.ledger.entries.add`

    Raises
    ------
    Refused
        422 without a motive that is needed.
    data.ledger.waiting.FileWaits
        When the file waits for another person.
    data.bank.UnknownClient, model.artifact.ModelMissing, model.service.ModelStopped
    data.ledger.errors.LedgerUnavailable
        When it could not be kept: nothing was decided.
    """
    if key is not None and asked is not None:
        known = entries.answered(author(user), key, asked)
        if known:
            return known[0]
    portfolio = portfolios.load(portfolio_id)
    draft = _draft(portfolio, client_id, decided, motive, lang, offer)
    free = waiting.file_is_free(portfolio_id, client_id)
    return entries.add([draft], author(user), key, asked, free)[0]


def _model_of(found: Assessment) -> Model:
    """Return the model that assessed a file, should another have been promoted just since."""
    model = artifact.champion(found.portfolio)
    if model.version == found.model_version:
        return model
    return artifact.load(artifact.models_folder(found.portfolio) / found.model_version)


def _draft(
    portfolio: Portfolio, client_id: str, decided: Decision, motive: str, lang: str, offer: str | None
) -> Draft:
    found = assess.assess(portfolio.id, client_id)
    model = _model_of(found)
    if decided != found.proposal and not motive.strip():
        raise Refused(422, "motive_needed")
    settled = offered.settled(portfolio, found, decided, offer, motive, lang)
    ways = None if found.proposal == STRICTER[0] else recourse.recourse(portfolio.id, client_id)
    return records.draft_of(portfolio, model, found, lang, decided, motive.strip(), ways, offer=settled)


def contest(
    decision: Entry,
    statement: str,
    corrections: Mapping[str, Value],
    lang: str,
    user: User,
    *,
    key: str | None = None,
) -> list[Entry]:
    """Keep what the client says against a decision and, with corrected values, what they would give.

    ``key`` makes the act happen once.

    Raises
    ------
    data.ledger.waiting.FileWaits
        When the decision waits for another person already.
    model.results.InvalidRecord
        When a corrected value cannot be.
    """
    own = {"portfolio": decision.portfolio, "client_id": decision.client_id, "about": decision.id}
    said = {"statement": statement.strip(), "corrections": dict(corrections), "language": lang}
    drafts = [Draft("contest", content=said, language=lang, **own)]
    if corrections:
        tried = whatif.attempt(decision.portfolio, decision.client_id, corrections)
        portfolio = portfolios.load(decision.portfolio)
        again = records.draft_of(portfolio, _model_of(tried.after), tried.after, lang)
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
    asked = {"act": "contest", "about": decision.id, **said}
    return entries.add(drafts, author(user), key, asked, waiting.decision_is_free(decision.id))


def review(
    decision: Entry, decided: Decision, reasons: str, lang: str, user: User, *, key: str | None = None
) -> Entry:
    """Keep the outcome of a review, by another person than who decided; ``key`` makes it happen once.

    Raises
    ------
    data.ledger.waiting.NothingWaits
        When nothing waits for a review.
    data.ledger.drafts.SameAccount
        When who reviews is who decided.
    """
    row = register.page(Filters(kinds=FIRST, search=decision.id), limit=1)[0][0]
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
    asked = {"act": "review", "about": decision.id, "decided": decided, "reasons": content["reasons"]}
    return entries.add([draft], author(user), key, asked, waiting.decision_waits(decision.id))[0]
