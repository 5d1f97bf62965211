"""Is the chain what was written? Every row is hashed again, while the ledger goes on being used.

What this cannot show: someone who may do everything in the database, and who writes the whole
chain again from the row they changed. That is why its head is noted elsewhere (``head``, kept in
every backup): the chain that holds that hash is the one it was taken from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select, text

from data.ledger import chain, store
from data.ledger.tables import entries, entry_contents, erasures

ROWS = 1_000

EDITED = "edited"
MISSING = "missing"
REPLACED = "replaced"
CONTENT_EDITED = "content_edited"
CONTENT_MISSING = "content_missing"
CONTENT_ALONE = "content_alone"
ERASED_UNDULY = "erased_unduly"
HEAD_MISSING = "head_missing"
UNGUARDED = "unguarded"


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the ledger is not what was written.

    Attributes
    ----------
    number : of the row; 0 when it is none in particular
    what : ``edited``; ``missing``; ``replaced`` (it does not follow the row before it);
        ``content_edited``; ``content_missing`` (and no erasure says so); ``content_alone`` (its
        row is gone); ``erased_unduly``; ``head_missing``; ``unguarded`` (a trigger is gone)
    """

    number: int
    id: str
    what: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry: note it elsewhere, and a chain cut short or written anew shows."""

    number: int
    hash: str


def head() -> Head:
    """Return the last entry of the chain.

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
    """
    with store.reading() as connection:
        return Head(*chain.head(connection))


def verify(expect: str | None = None) -> list[Break]:
    """Hash every row again and return where the chain breaks, in its order.

    Parameters
    ----------
    expect : a hash noted earlier, which the chain must still hold

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
    """
