"""What managers conclude of a portfolio, in writing: of its fairness, of a batch that drifts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from data.ledger import chain, store
from data.ledger.drafts import Author, Draft, row, said
from data.ledger.entries import read_entry, selection
from data.ledger.tables import entries

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Note:
    """A note: what it is about, who wrote it, when, and their words."""

    id: str
    at: datetime
    about: str
    account: str
    text: str


def add(portfolio: str, about: str, account: str, text: str) -> Note:
    """Keep a note; the same words by the same person, one after the other, are one note.

    Parameters
    ----------
    about : what the note concerns, in at most 20 characters (``fairness:3``, ``drift:12``)

    Raises
    ------
    data.ledger.drafts.EntryInvalid
        When the text is empty or too long.
    data.ledger.errors.LedgerUnavailable
        When it could not be kept.
    """
    told = {"text": said("text", text, LONGEST)}
    made = row(Draft("note", portfolio, "", told, about=about), Author(account, ("manager",), "page"))
    with store.writing() as connection:
        chain.lock(connection)
        before = _of(connection, portfolio, about)
        if before and (before[-1].account, before[-1].text) == (account, told["text"]):
            return before[-1]
        chain.append(connection, [made])
        return _of(connection, portfolio, about)[-1]


def of(portfolio: str, about: str) -> list[Note]:
    """Return the notes about one thing, in order."""
    with store.reading() as connection:
        return _of(connection, portfolio, about)


def _of(connection: Connection, portfolio: str, about: str) -> list[Note]:
    mine = (entries.c.kind == "note", entries.c.portfolio == portfolio, entries.c.about == about)
    found = [read_entry(one) for one in connection.execute(selection().where(*mine)).mappings()]
    return [Note(one.id, one.at, about, one.account, (one.content or {}).get("text", "")) for one in found]
