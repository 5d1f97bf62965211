"""What was decided, contested, reviewed and sent: entries of one chain, added and never changed."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, insert, or_, select

from data.ledger import chain, store
from data.ledger.chain import canonical, read_moment
from data.ledger.drafts import (
    LONGEST,
    OWN,
    Author,
    Draft,
    EntryInvalid,
    SameAccount,
    check_text,
    is_kept,
    row,
)
from data.ledger.tables import entries, entry_contents, entry_keys, erasures
from data.ledger.tokens import people_behind

LONGEST_KEY = 128
MOST_DRAFTS = 1_000


class UnknownEntry(LookupError):
    """No entry has that id."""


class KeyReused(ValueError):
    """This key was given before, with another request."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it was kept.

    Attributes
    ----------
    at : when, in UTC, to the microsecond
    client_id : whose file; empty once erased
    content : None once erased
    erased : when it was erased
    """

    number: int
    id: str
    kind: str
    at: datetime
    portfolio: str
    client_id: str
    about: str | None
    account: str
    roles: tuple[str, ...]
    channel: str
    points: float | None
    proposed: str | None
    decided: str | None
    model_version: str | None
    language: str | None
    content: Mapping[str, Any] | None
    erased: datetime | None = None


def add(
    drafts: Sequence[Draft],
    author: Author,
    key: str | None = None,
    asked: Mapping[str, Any] | None = None,
    only_if: Callable[[Connection], None] = lambda connection: None,
) -> list[Entry]:
    """Keep entries, all or none, and return them; only then may their content be shown.

    Parameters
    ----------
    key : given twice by the same account, the second call returns what the first one kept
    asked : what the key stands for, when not the drafts: for instance the body of the request,
        which stays the same when the model that answers it does not
    only_if : raises when the ledger, as it is at this moment, does not allow it; nobody else
        writes in between (see :mod:`data.ledger.waiting`)

    Raises
    ------
    EntryInvalid
        When a draft cannot be kept.
    UnknownEntry
        When ``about`` names no decision or assessment of the same client.
    SameAccount
        When whoever decided would review it.
    KeyReused
        When the key was given before for something else.
    data.ledger.errors.LedgerUnavailable
        When they could not be kept.
    """
    if not 0 < len(drafts) <= MOST_DRAFTS:
        raise EntryInvalid("drafts", f"from 1 to {MOST_DRAFTS:,} are kept at a time")
    if any(draft.kind in OWN for draft in drafts):
        raise EntryInvalid("kind", "entered by the ledger itself")
    rows = [row(draft, author) for draft in drafts]
    request = rows if asked is None else dict(asked)
    with store.writing() as connection:
        chain.lock(connection)
        if key is not None:
            known = _answered(connection, author.account, _key(key), request)
            if known is not None:
                return _load(connection, _between(known))
        only_if(connection)
        for one in rows:
            _check_about(connection, one)
        numbers = chain.append(connection, rows)
        if key is not None:
            _keep_key(connection, author.account, _key(key), request, numbers)
        return _load(connection, _between(numbers))


def answered(author: Author, key: str, asked: Mapping[str, Any]) -> list[Entry] | None:
    """Return what was kept under a key for this very request, None when nothing was yet.

    Raises
    ------
    KeyReused
        When the key was given before for something else.
    """
    with store.reading() as connection:
        known = _answered(connection, author.account, _key(key), dict(asked))
        return None if known is None else _load(connection, _between(known))


def get(entry_id: str) -> Entry:
    """Return an entry by its id.

    Raises
    ------
    UnknownEntry
        When no entry has that id.
    """
    with store.reading() as connection:
        found = _load(connection, entries.c.id == _id(entry_id))
    if not found:
        raise UnknownEntry("no entry has that id")
    return found[0]


def thread(decision_id: str) -> list[Entry]:
    """Return a decision, then all that is about it, in order.

    Raises
    ------
    UnknownEntry
        When no entry has that id.
    """
    asked = _id(decision_id)
    with store.reading() as connection:
        found = _load(connection, or_(entries.c.id == asked, entries.c.about == asked))
    if not found or found[0].id != asked:
        raise UnknownEntry("no entry has that id")
    return found


@cache
def selection() -> Select:
    """Return what an :class:`Entry` is read from, in the order of the chain."""
    erasure = entries.alias("erasure")
    return (
        select(
            *(column for column in entries.c if not column.name.endswith("hash")),
            entry_contents.c.client_id,
            entry_contents.c.content,
            erasure.c.at.label("erased"),
        )
        .outerjoin(entry_contents, entry_contents.c.number == entries.c.number)
        .outerjoin(erasures, erasures.c.number == entries.c.number)
        .outerjoin(erasure, erasure.c.number == erasures.c.by)
        .order_by(entries.c.number)
    )


def read_entry(row: RowMapping) -> Entry:
    """Return an entry from a row of :func:`selection`."""
    told = dict(row) | {
        "at": read_moment(row["at"]),
        "roles": tuple(json.loads(row["roles"])),
        "client_id": row["client_id"] or "",
        "content": None if row["content"] is None else json.loads(row["content"]),
        "erased": row["erased"] and read_moment(row["erased"]),
    }
    return Entry(**told)


def _load(connection: Connection, *conditions: ColumnElement[bool]) -> list[Entry]:
    return [read_entry(row) for row in connection.execute(selection().where(*conditions)).mappings()]


def _between(numbers: Sequence[int]) -> ColumnElement[bool]:
    """Choose entries that were added together: their numbers follow each other."""
    return entries.c.number.between(numbers[0], numbers[-1])


def _answered(connection: Connection, account: str, key: str, request: Any) -> range | None:
    """Return the numbers kept under a key, if any."""
    mine = (entry_keys.c.account == account, entry_keys.c.key == key)
    found = connection.execute(select(entry_keys).where(*mine)).first()
    if found is None:
        return None
    if found.request_hash != _request_hash(found.salt, request):
        raise KeyReused("this key was given before, with another request")
    return range(found.first, found.first + found.count)


def _keep_key(connection: Connection, account: str, key: str, request: Any, numbers: list[int]) -> None:
    salt = secrets.token_hex(16)
    row = {"account": account, "key": key, "salt": salt, "request_hash": _request_hash(salt, request)}
    connection.execute(insert(entry_keys).values(**row, first=numbers[0], count=len(numbers)))


def _request_hash(salt: str, request: Any) -> str:
    return hashlib.sha256((salt + canonical(request)).encode()).hexdigest()


def _check_about(connection: Connection, row: Mapping[str, Any]) -> None:
    """Refuse an entry about a decision that is not there, is another client's, or one's own to review."""
    if row["about"] is None:
        return
    whose = (entries.c.portfolio == row["portfolio"], entry_contents.c.client_id == row["client_id"])
    asked = select(entries.c.account).join(entry_contents, entry_contents.c.number == entries.c.number)
    asked = asked.where(entries.c.id == row["about"], entries.c.about.is_(None), *whose)
    decider = connection.execute(asked).scalar()
    if decider is None:
        raise UnknownEntry("no decision of this client has that id")
    if row["kind"] == "review" and people_behind(connection, decider) & people_behind(
        connection, row["account"]
    ):
        raise SameAccount("whoever decided does not review it, with a token or without")


def _key(key: str) -> str:
    check_text("key", key, LONGEST_KEY, needed=True)
    return key


def _id(given: str) -> str:
    """Return an id that a database can be asked for."""
    return given if isinstance(given, str) and len(given) <= LONGEST["about"] and is_kept(given) else ""
