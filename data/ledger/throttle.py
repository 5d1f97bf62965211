"""How often a login may be tried: counted in the ledger, so that restarts and workers share one count."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select, text, update

from data.ledger import store
from data.ledger.tables import login_failures

WAIT = timedelta(minutes=15)
_LOCK = 0x4C494D4C  # any number of its own: counts are made in turn (SQLite has one writer anyway)


class TooManyTries(PermissionError):
    """No more tries for now; ``wait`` is for how long."""

    def __init__(self, wait: timedelta):
        self.wait = wait
        super().__init__("too many tries")


def take(limits: Mapping[str, int]) -> int:
    """Count a try against every key, before it is made, and return how many are left after it.

    Counted first, so that tries made all at once are no more than tries made in turn. A count
    lapses ``WAIT`` after the last try that was counted.

    Parameters
    ----------
    limits : most tries by key; a key is a name or an address, hashed

    Raises
    ------
    TooManyTries
        When a key has none left; nothing is counted then.
    """
    now = datetime.now(UTC)
    with store.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        connection.execute(delete(login_failures).where(login_failures.c.until <= now))
        asked = select(login_failures).where(login_failures.c.key.in_(limits))
        known = {row["key"]: row for row in connection.execute(asked).mappings()}
        waits = [row["until"] - now for key, row in known.items() if row["count"] >= limits[key]]
        if waits:
            raise TooManyTries(max(waits))
        for key in limits:
            if key in known:
                counted = update(login_failures).where(login_failures.c.key == key)
                connection.execute(counted.values(count=login_failures.c.count + 1, until=now + WAIT))
            else:
                connection.execute(insert(login_failures).values(key=key, count=1, until=now + WAIT))
    return min(limit - (known[key]["count"] if key in known else 0) - 1 for key, limit in limits.items())


def give_back(key: str, *, whole: bool = False) -> None:
    """Take back one try of a key whose login succeeded, or its ``whole`` count."""
    with store.writing() as connection:
        if whole:
            connection.execute(delete(login_failures).where(login_failures.c.key == key))
        else:
            less = update(login_failures).where(login_failures.c.key == key, login_failures.c.count > 0)
            connection.execute(less.values(count=login_failures.c.count - 1))
