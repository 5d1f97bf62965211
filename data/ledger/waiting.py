"""Whom a decided file waits for, and what is not allowed meanwhile: held where nobody writes in between."""

from collections.abc import Callable
from typing import Literal

from sqlalchemy import Connection

from data.ledger import register
from data.ledger.drafts import FIRST
from data.ledger.register import Filters, Row


class FileWaits(ValueError):
    """A decided file waits for another person: nothing more is decided or contested meanwhile."""


class NothingWaits(ValueError):
    """A decision is not contested, or was reviewed already."""


def last_decision(portfolio: str, client: str, connection: Connection | None = None) -> Row | None:
    """Return the last decision on a file."""
    asked = Filters(portfolio, kinds=("decision",), search=client)
    found, _ = register.page(asked, limit=1, connection=connection)
    return found[0] if found else None


def waits(last: Row | None) -> Literal["", "contest", "review"]:
    """Say whom a decided file waits for: nobody, or another person, for a contest or a review."""
    if last is None:
        return ""
    if last.contested:
        return "contest"
    return "review" if last.decided == "review" and last.reviewed is None else ""


def file_is_free(portfolio: str, client: str) -> Callable[[Connection], None]:
    """Return the condition that a file waits for nobody.

    Raises
    ------
    FileWaits
        When called, if it does.
    """

    def check(connection: Connection) -> None:
        if waits(last_decision(portfolio, client, connection)):
            raise FileWaits("the file waits for another person")

    return check


def decision_is_free(decision_id: str) -> Callable[[Connection], None]:
    """Return the condition that a decision waits for nobody: :class:`FileWaits` is raised if it does."""

    def check(connection: Connection) -> None:
        if _waits(decision_id, connection):
            raise FileWaits("the decision waits for another person")

    return check


def decision_waits(decision_id: str) -> Callable[[Connection], None]:
    """Return the condition that a decision waits: :class:`NothingWaits` is raised if it does not."""

    def check(connection: Connection) -> None:
        if not _waits(decision_id, connection):
            raise NothingWaits("nothing waits for a review")

    return check


def _waits(decision_id: str, connection: Connection) -> bool:
    found, _ = register.page(Filters(kinds=FIRST, search=decision_id), limit=1, connection=connection)
    return bool(found) and bool(waits(found[0]))
