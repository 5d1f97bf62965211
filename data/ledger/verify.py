"""Is the chain what was written? Every row is hashed again, while the ledger goes on being used.

What this cannot show: someone who may do everything in the database, and who writes the whole
chain again from the row they changed. That is why its head is noted elsewhere (``head``, kept in
every backup): the chain that holds that hash is the one it was taken from.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, select, text

from data.ledger import chain, store
from data.ledger.tables import entries, entry_contents, erasures

ROWS = 1_000
MOST_MISSING = 1_000  # a number far off stands for a gap that nobody wants to read row by row

EDITED = "edited"
MISSING = "missing"
REPLACED = "replaced"
CONTENT_EDITED = "content_edited"
CONTENT_MISSING = "content_missing"
CONTENT_ALONE = "content_alone"
ERASED_UNDULY = "erased_unduly"
NOT_ERASED = "not_erased"
HEAD_MISSING = "head_missing"
UNGUARDED = "unguarded"
# What must be there to forbid changes (migrations 0001 and 0002).
GUARDS = {
    "sqlite": (
        *(f"{table}_follow" for table in ("entries", "entry_contents", "erasures")),
        *(f"{table}_no_update" for table in ("entries", "entry_contents", "erasures", "events")),
        *(f"{table}_no_delete" for table in ("entries", "entry_contents", "erasures", "events")),
        *(f"threshold_proposals_no_{act}" for act in ("UPDATE", "DELETE")),
    ),
    "postgresql": (
        *(f"{table}_append_only" for table in ("entries", "entry_contents", "erasures", "events")),
        "threshold_proposals_append_only",
        "entry_contents_no_delete",
        "erasures_follow",
        "events_no_delete",
    ),
}

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the ledger is not what was written.

    Attributes
    ----------
    number : of the row; 0 when it is none in particular
    what : ``edited``; ``missing``; ``replaced`` (it does not follow the row before it);
        ``content_edited``; ``content_missing`` (and no erasure says so); ``content_alone`` (its
        row is gone); ``erased_unduly`` (no erasure entered names it); ``not_erased`` (one does);
        ``head_missing`` (``id`` is the hash expected); ``unguarded`` (``id`` is a trigger that is gone)
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


def verify(expect: str | None = None, progress: Progress = lambda done, total: None) -> list[Break]:
    """Hash every row again and return where the chain breaks, in its order.

    Parameters
    ----------
    expect : a hash noted earlier, which the chain must still hold
    progress : told the rows looked at and the rows in all

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
    """
    with store.reading() as connection, _any_text(connection):
        total, _ = chain.head(connection)
        walk = _Walk(expect)
        for row in _rows(connection):
            walk.step(row)
            progress(walk.number, max(total, walk.number))
        return [
            *_unguarded(connection),
            *sorted([*walk.breaks, *_unduly(connection, walk), *_alone(connection)], key=lambda b: b.number),
            *([] if walk.is_found else [Break(0, expect or "", HEAD_MISSING)]),
        ]


class _Walk:
    """Goes down the chain row by row and keeps what does not hold."""

    def __init__(self, expect: str | None):
        self.number, self.previous = 0, chain.GENESIS
        self.expect, self.is_found = expect, expect in (None, chain.GENESIS)
        self.breaks: list[Break] = []
        self.erased: dict[int, tuple[str, int]] = {}  # number -> id, number of the erasure

    def step(self, row: RowMapping) -> None:
        number = row["number"]
        is_next = number == self.number + 1
        for missing in range(self.number + 1, min(number, self.number + 1 + MOST_MISSING)):
            self.breaks.append(Break(missing, "", MISSING))
        if chain.row_hash(row) != row["hash"]:
            self._note(row, EDITED)
        elif is_next and row["previous_hash"] != self.previous:
            self._note(row, REPLACED)
        if fault := self._content(row):
            self._note(row, fault)
        self.is_found = self.is_found or row["hash"] == self.expect
        self.number, self.previous = number, row["hash"]

    def _content(self, row: RowMapping) -> str | None:
        """Return what is wrong with the content of a row, if anything."""
        if row["salt"] is None:
            if row["by"] is None:
                return CONTENT_MISSING
            self.erased[row["number"]] = row["id"], row["by"]
            return None
        if chain.content_hash(row["salt"], row["client_id"], row["content"]) != row["content_hash"]:
            return CONTENT_EDITED
        return None if row["by"] is None else NOT_ERASED

    def _note(self, row: RowMapping, what: str) -> None:
        self.breaks.append(Break(row["number"], str(row["id"]), what))


def _rows(connection: Connection) -> Iterator[RowMapping]:
    """Give every row with its content and its erasure, some at a time: a writer may add more meanwhile."""
    asked = (
        select(entries, entry_contents.c.salt, entry_contents.c.client_id, entry_contents.c.content)
        .add_columns(erasures.c.by)
        .outerjoin(entry_contents, entry_contents.c.number == entries.c.number)
        .outerjoin(erasures, erasures.c.number == entries.c.number)
        .order_by(entries.c.number)
        .limit(ROWS)
    )
    last: int | None = None
    while True:
        later = asked if last is None else asked.where(entries.c.number > last)
        found = connection.execute(later).mappings().all()
        yield from found
        if not found:
            return
        last = found[-1]["number"]


def _unduly(connection: Connection, walk: _Walk) -> list[Break]:
    """Return the contents that are gone though the entry given as the reason does not name them."""
    named: dict[int, frozenset[int]] = {}
    for by in dict.fromkeys(by for _, by in walk.erased.values()):
        named[by] = _named(connection, by)
    return [
        Break(number, str(entry), ERASED_UNDULY)
        for number, (entry, by) in walk.erased.items()
        if number not in named[by]
    ]


def _named(connection: Connection, by: int) -> frozenset[int]:
    """Return the numbers that an erasure names, none when it is not what was written."""
    asked = (
        select(entries, entry_contents.c.salt, entry_contents.c.client_id, entry_contents.c.content)
        .join(entry_contents, entry_contents.c.number == entries.c.number)
        .where(entries.c.number == by, entries.c.kind == "erasure")
    )
    row = connection.execute(asked).mappings().first()
    if row is None:
        return frozenset()
    if chain.content_hash(row["salt"], row["client_id"], row["content"]) != row["content_hash"]:
        return frozenset()
    return frozenset(json.loads(row["content"])["entries"])


def _alone(connection: Connection) -> list[Break]:
    """Return the contents whose row is gone: the end of the chain was cut off."""
    known = select(entries.c.number).where(entries.c.number == entry_contents.c.number)
    asked = select(entry_contents.c.number).where(~known.exists()).order_by(entry_contents.c.number)
    return [Break(number, "", CONTENT_ALONE) for (number,) in connection.execute(asked.limit(MOST_MISSING))]


def _unguarded(connection: Connection) -> list[Break]:
    """Return the triggers that no longer forbid what they should."""
    dialect = connection.dialect.name
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND NOT tgisinternal "
        "AND tgrelid IN (to_regclass('entries'), to_regclass('entry_contents'), to_regclass('erasures'), "
        "to_regclass('events'), to_regclass('threshold_proposals'))",
    }
    found = {name for (name,) in connection.execute(text(asked[dialect]))}
    return [Break(0, name, UNGUARDED) for name in GUARDS[dialect] if name not in found]


@contextmanager
def _any_text(connection: Connection) -> Iterator[None]:
    """Read even a text that is none: SQLite keeps whatever bytes someone wrote into it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.dbapi_connection
    driver.text_factory = lambda kept: kept.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str
