"""What became of proposed thresholds: a second manager approves or refuses each, once.

An answer is an entry of the chain. The threshold that decides is the last one approved for the
version of the model in service; none, and the model's own decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from data.ledger import chain, store
from data.ledger.drafts import Author, Draft, SameAccount, row, said
from data.ledger.entries import Entry, read_entry, selection
from data.ledger.proposals import ABOUT_PROPOSAL, LONGEST_NOTE, Proposal
from data.ledger.tables import entries, proposals

APPROVED, REFUSED = "approved", "refused"


class UnknownProposal(LookupError):
    """No proposal has that number."""


class Answered(ValueError):
    """The proposal was answered before."""


@dataclass(frozen=True, slots=True)
class Approved:
    """The threshold in force.

    Attributes
    ----------
    threshold : probability of the positive class
    version : id of the approval, under which decisions record the threshold
    proposal : number of the proposal
    """

    threshold: float
    version: str
    at: datetime
    account: str
    proposal: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a proposal."""

    id: str
    at: datetime
    account: str
    approved: bool
    reason: str
    proposal: int


def answer(proposal_id: int, account: str, approve: bool, reason: str) -> Answer:
    """Approve or refuse a proposal, and return the answer; approved, it decides from now on.

    Raises
    ------
    UnknownProposal, SameAccount, Answered
    data.ledger.drafts.EntryInvalid
        When the reason is empty or too long.
    data.ledger.errors.LedgerUnavailable
        When it could not be kept.
    """
    told = said("reason", reason, LONGEST_NOTE)
    with store.writing() as connection:
        chain.lock(connection)
        found = connection.execute(select(proposals).where(proposals.c.id == proposal_id)).mappings().first()
        if found is None:
            raise UnknownProposal("no proposal has that number")
        proposal = Proposal(**found)
        if proposal.author == account:
            raise SameAccount("whoever proposed a threshold does not answer it")
        if _answers(connection, entries.c.about == _about(proposal_id)):
            raise Answered("the proposal was answered before")
        (number,) = chain.append(connection, [_row(proposal, account, approve, told)])
        (made,) = _answers(connection, entries.c.number == number)
        return made


def answers(portfolio: str) -> Mapping[int, Answer]:
    """Return the answers given in a portfolio, by number of the proposal."""
    with store.reading() as connection:
        return {one.proposal: one for one in _answers(connection, entries.c.portfolio == portfolio)}


def in_force(portfolio: str, model_version: str) -> Approved | None:
    """Return the threshold last approved for a version of the model, None when none was."""
    mine = (entries.c.portfolio == portfolio, entries.c.model_version == model_version)
    asked = selection().where(entries.c.kind == "threshold", entries.c.decided == APPROVED, *mine)
    asked = asked.order_by(None).order_by(entries.c.number.desc()).limit(1)
    with store.reading() as connection:
        found = connection.execute(asked).mappings().first()
    if found is None:
        return None
    last = read_entry(found)
    told = last.content or {}
    return Approved(told["threshold"], last.id, last.at, last.account, told["proposal"])


def _answers(connection: Connection, *conditions: ColumnElement[bool]) -> list[Answer]:
    asked = selection().where(entries.c.kind == "threshold", *conditions)
    return [_answer(read_entry(found)) for found in connection.execute(asked).mappings()]


def _answer(entry: Entry) -> Answer:
    told = entry.content or {}
    is_approved = entry.decided == APPROVED
    return Answer(entry.id, entry.at, entry.account, is_approved, told["reason"], told["proposal"])


def _row(proposal: Proposal, account: str, approve: bool, reason: str) -> dict:
    draft = Draft(
        "threshold",
        proposal.portfolio,
        "",
        {
            "proposal": proposal.id,
            "threshold": proposal.threshold,
            "in_force": proposal.in_force,
            "author": proposal.author,
            "reason": reason,
        },
        about=_about(proposal.id),
        decided=APPROVED if approve else REFUSED,
        model_version=proposal.model_version,
    )
    return row(draft, Author(account, ("manager",), "page"))


def _about(proposal_id: int) -> str:
    return f"{ABOUT_PROPOSAL}{proposal_id}"
