"""Who came, who was refused, who looked at which file, who took data away: added, never changed.

An event says who, what and when, and nothing of what was seen. The caller's address is kept as a
keyed hash: the same address can be recognised, not read.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select

from data.ledger import store
from data.ledger.tables import events

LOGIN, FAILED, REFUSED, LOGOUT, VIEW, EXPORT = (
    "login",
    "login_failed",
    "login_refused",
    "logout",
    "view",
    "export",
)
KINDS = (LOGIN, FAILED, REFUSED, LOGOUT, VIEW, EXPORT)
_DAYS_A_MONTH = 31  # a month is never cut short


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody did; ``target`` is a file, a session or what was taken away."""

    id: int
    at: datetime
    kind: str
    account: str
    target: str
    address_hash: str


def add(kind: str, account: str, target: str = "", address_hash: str = "") -> None:
    """Note an event.

    Raises
    ------
    ValueError
        When ``kind`` is none of ``KINDS``.
    data.ledger.errors.LedgerUnavailable
        When it could not be noted.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r}: expected one of {', '.join(KINDS)}")
    row = {
        "at": datetime.now(UTC),
        "kind": kind,
        "account": _plain(account)[:128],
        "target": _plain(target)[:256],
        "address_hash": address_hash[:64],
    }
    with store.writing() as connection:
        connection.execute(insert(events).values(**row))


def _plain(told: str) -> str:
    """Return a text as both databases keep it: no NUL, no half of a character."""
    return told.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def page(
    kind: str | None = None,
    account: str | None = None,
    target: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Event]:
    """Return events, the latest first, as far as each filter that is given; ``before`` is an id."""
    asked = select(events).order_by(events.c.id.desc()).limit(limit)
    for name, wanted in {"kind": kind, "account": account, "target": target}.items():
        if wanted is not None:
            asked = asked.where(events.c[name] == wanted)
    if before is not None:
        asked = asked.where(events.c.id < before)
    with store.reading() as connection:
        return [Event(**row) for row in connection.execute(asked).mappings()]


def has(kind: str, target: str) -> bool:
    """Say whether something of that kind ever happened to a target."""
    with store.reading() as connection:
        asked = select(events.c.id).where(events.c.target == target, events.c.kind == kind).limit(1)
        return connection.execute(asked).first() is not None


def purge(months: int) -> int:
    """Remove events older than a number of months, at least 6; return how many."""
    until = datetime.now(UTC) - timedelta(days=_DAYS_A_MONTH * max(months, 6))
    with store.writing() as connection:
        return connection.execute(delete(events).where(events.c.at < until)).rowcount
