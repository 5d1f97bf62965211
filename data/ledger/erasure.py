"""What is kept about one client: given out whole, erased on request, erased when its time is over.

Erased is the content, and with it the client's number; the row of the chain stays, says when and
by which entry it was erased, and leads to nobody.
"""

from dataclasses import dataclass
from typing import Any

from data.ledger.drafts import Author


@dataclass(frozen=True, slots=True)
class Purged:
    """How many entries lost their content, and how many events were removed."""

    entries: int
    events: int


def export_client(portfolio: str, client_id: str) -> dict[str, Any]:
    """Return everything that the ledger holds about a client, as JSON can hold it.

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
    """


def export_csv(portfolio: str, client_id: str) -> str:
    """Return the same as CSV: one line per value, with the entry that holds it."""


def erase_client(portfolio: str, client_id: str, author: Author) -> int:
    """Erase what every entry about a client says; return how many did.

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
        When nothing was erased.
    """


def purge(months: int, event_months: int, author: Author) -> Purged:
    """Erase the decisions whose last act (letter, review ...) is older than ``months``.

    A decision that was contested and not yet reviewed is kept. Events older than
    ``event_months`` are removed.
    """
