"""The stop switch: a portfolio in which no proposal of the model is given, by whom and since when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from data.ledger import chain, store
from data.ledger.drafts import Author, Draft, row, said
from data.ledger.entries import Entry, read_entry, selection
from data.ledger.tables import entries

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Stop:
    """A portfolio stopped: files are assessed by people only."""

    id: str
    at: datetime
    portfolio: str
    account: str
    reason: str


def stop(portfolio: str, account: str, reason: str) -> Stop:
    """Stop a portfolio, and return the stop; one that is stopped already stays as it is.

    Raises
    ------
    data.ledger.drafts.EntryInvalid
        When the reason is empty or too long.
    data.ledger.errors.LedgerUnavailable
        When it could not be kept.
    """
    made = _row("stop", portfolio, account, reason)
    with store.writing() as connection:
        chain.lock(connection)
        if _standing(connection, portfolio) is None:
            chain.append(connection, [made])
        return _standing(connection, portfolio)


def resume(portfolio: str, account: str, reason: str) -> bool:
    """Put a portfolio back in service; return whether it was stopped."""
    made = _row("resume", portfolio, account, reason)
    with store.writing() as connection:
        chain.lock(connection)
        if _standing(connection, portfolio) is None:
            return False
        chain.append(connection, [made])
        return True


def stopped(portfolio: str) -> Stop | None:
    """Return the stop in force, None when the model serves the portfolio.

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
        When nobody can tell: give no decision then.
    """
    with store.reading() as connection:
        return _standing(connection, portfolio)


def history(portfolio: str) -> list[Entry]:
    """Return every stop and resumption of a portfolio, the latest first."""
    asked = selection().where(entries.c.portfolio == portfolio, entries.c.kind.in_(("stop", "resume")))
    with store.reading() as connection:
        return [read_entry(found) for found in connection.execute(asked).mappings()][::-1]


def _standing(connection: Connection, portfolio: str) -> Stop | None:
    acts = (entries.c.portfolio == portfolio, entries.c.kind.in_(("stop", "resume")))
    asked = selection().where(*acts).order_by(None).order_by(entries.c.number.desc()).limit(1)
    found = connection.execute(asked).mappings().first()
    if found is None or found["kind"] == "resume":
        return None
    last = read_entry(found)
    return Stop(last.id, last.at, last.portfolio, last.account, (last.content or {}).get("reason", ""))


def _row(kind: str, portfolio: str, account: str, reason: str) -> dict:
    told = {"reason": said("reason", reason, LONGEST_REASON)}
    return row(Draft(kind, portfolio, "", told), Author(account, ("manager",), "page"))
