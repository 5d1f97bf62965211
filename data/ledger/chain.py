"""How one entry follows another: what is hashed, and how entries are added to the chain.

``hash`` is SHA-256 over the row as it stands and the hash of the row before. The content that
could lead to a person is not in the row, only its salted hash is: removed, it leaves a chain
that still holds and a hash from which nothing can be guessed.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, text
from sqlalchemy.exc import IntegrityError

from data.ledger.errors import LedgerUnavailable
from data.ledger.tables import entries, entry_contents

GENESIS = "0" * 64
# Any number, the same in every process: it names the lock that writers of the chain take in PostgreSQL.
_LOCK = 0x4C494D51
# What the hash covers, in this order: every column but the hash itself.
HASHED = tuple(column.name for column in entries.c if column.name != "hash")
# An id begins with the letter of its kind.
LETTERS = {
    "assessment": "A",
    "contest": "C",
    "decision": "D",
    "erasure": "E",
    "letter": "L",
    "note": "N",
    "request": "Q",
    "rescoring": "S",
    "resume": "G",
    "review": "R",
    "stop": "H",
    "threshold": "T",
}


def canonical(value: Any) -> str:
    """Return a value as the JSON text that is kept and hashed: the same value, the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def written_moment(moment: datetime) -> str:
    """Return a moment as entries keep it: in UTC to the microsecond, so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def read_moment(told: str) -> datetime:
    """Return a moment from the text that an entry keeps."""
    return datetime.fromisoformat(told).astimezone(UTC)


def entry_id(kind: str, number: int) -> str:
    """Return the id of an entry, as ``D-0000123``."""
    return f"{LETTERS[kind]}-{number:07d}"


def row_hash(row: Mapping[str, Any] | RowMapping) -> str:
    """Return the hash of a row of ``entries``, from all its columns but that hash."""
    told = json.dumps([row[name] for name in HASHED], ensure_ascii=False, separators=(",", ":"), default=_odd)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def content_hash(salt: str, client_id: str, content: str) -> str:
    """Return the hash of what stands apart from the row: whose file, and what was said."""
    told = json.dumps([salt, client_id, content], ensure_ascii=False, separators=(",", ":"), default=_odd)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _odd(value: object) -> list[str]:
    """Write a value that no entry has, someone's edit, so that it differs from every one that does."""
    return [type(value).__name__, repr(value)]


def lock(connection: Connection) -> None:
    """Wait until no other transaction writes to the chain; SQLite's writers hold its lock already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def head(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the last entry, ``(0, GENESIS)`` when there is none."""
    asked = select(entries.c.number, entries.c.hash).order_by(entries.c.number.desc()).limit(1)
    found = connection.execute(asked).first()
    return (found.number, found.hash) if found else (0, GENESIS)


def append(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Add rows to the chain in the transaction given, which must hold the lock; return their numbers.

    Parameters
    ----------
    rows : the columns of ``entries`` that are not made here, and ``client_id`` and ``content``

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
        When the database refuses them.
    """
    last, previous = head(connection)
    at = written_moment(datetime.now(UTC))
    heads, contents = [], []
    for number, row in enumerate(rows, start=last + 1):
        apart = {"salt": secrets.token_hex(16), "client_id": row["client_id"], "content": row["content"]}
        made = {name: row[name] for name in row if name not in ("client_id", "content")}
        made |= {"number": number, "id": entry_id(row["kind"], number), "at": at}
        made |= {"content_hash": content_hash(**apart), "previous_hash": previous}
        previous = made["hash"] = row_hash(made)
        heads.append(made)
        contents.append({"number": number} | apart)
    if heads:
        try:
            connection.execute(insert(entries), heads)
            connection.execute(insert(entry_contents), contents)
        except IntegrityError:  # the database refuses them, whatever for: nothing was kept
            raise LedgerUnavailable("the ledger refuses the entry") from None
    return [made["number"] for made in heads]
