"""A ledger of one's own for a test, in SQLite or in PostgreSQL."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, make_url, select, text
from sqlalchemy.exc import OperationalError

import config
from data.ledger import store
from data.ledger.address import address
from data.ledger.entries import Author, Draft, Entry, add
from data.ledger.tables import entries

# The everyday tests keep the ledger where it is by default; continuous integration proves both.
DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))
ADVISOR = Author("demo-advisor", ("advisor",), "page")
MANAGER = Author("demo-manager", ("advisor", "manager"), "page")
MACHINE = Author("token:core-banking", ("assess",), "api")


@contextmanager
def own_ledger(kind: str, folder: Path) -> Iterator[None]:
    """Use an empty ledger in the store ``folder``; skip the test when PostgreSQL is not there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORE_DIR", str(folder))
        patch.setenv("DATABASE_URL", "")
        config.settings.cache_clear()
        if kind == "sqlite":
            yield
        else:
            with _schema(patch):
                yield
        opened = store._engines.pop(address(config.settings()), None)
        if opened:
            opened.dispose()
    config.settings.cache_clear()


@contextmanager
def _schema(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Use a schema of one's own in the PostgreSQL of ``TEST_DATABASE_URL``."""
    given = config.Settings().test_database_url.get_secret_value()
    if not given:
        pytest.skip("TEST_DATABASE_URL is not set")
    name = f"limpide_{secrets.token_hex(6)}"
    patch.setenv("DATABASE_URL", given)
    config.settings.cache_clear()
    admin = store.connect(address(config.settings()))
    try:
        with admin.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
    except OperationalError as error:
        pytest.skip(f"PostgreSQL does not answer: {str(error.orig).splitlines()[0]}")
    own = make_url(given).update_query_dict({"options": f"-csearch_path={name}"})
    patch.setenv("DATABASE_URL", own.render_as_string(hide_password=False))
    config.settings.cache_clear()
    try:
        yield
    finally:
        opened = store._engines.pop(address(config.settings()), None)
        if opened:
            opened.dispose()
        with admin.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        admin.dispose()


def decision(client: str = "100002", **changes) -> Draft:
    """Return a decision that could have been taken on a client."""
    given = {
        "kind": "decision",
        "portfolio": "home_credit",
        "client_id": client,
        "content": {"reasons": [{"text": "L'« à-coup » d'août 😀", "points": -12.25}], "motive": "=1+1"},
        "points": 571.2,
        "proposed": "refuse",
        "decided": "refuse",
        "model_version": "1",
        "language": "fr",
    }
    return Draft(**given | changes)


def decide(client: str = "100002", author: Author = ADVISOR, **changes) -> Entry:
    """Keep one decision."""
    return add([decision(client, **changes)], author)[0]


def about(entry: Entry, kind: str, author: Author = MANAGER, **changes) -> Entry:
    """Keep an entry about a decision of the same client."""
    given = {"content": {"said": "I earn more"}, "about": entry.id}
    return add([Draft(kind, entry.portfolio, entry.client_id, **given | changes)], author)[0]


def count() -> int:
    """Return how many entries the ledger holds."""
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(entries)).scalar()


@contextmanager
def tampering(patch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """Give a connection on which nothing forbids changes; the module sees them, then they are undone."""
    with store.engine().execution_options(writes=True).connect() as connection, patch.context() as inner:
        transaction = connection.begin()
        if connection.dialect.name == "sqlite":
            asked = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for name in connection.execute(text(asked)).scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        else:
            for table in ("entries", "entry_contents", "erasures", "entry_keys", "threshold_proposals"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            for table, name in _KEYS:
                connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_{name}_entries"))

        @contextmanager
        def seen() -> Iterator[Connection]:
            yield connection

        inner.setattr(store, "reading", seen)
        yield connection
        transaction.rollback()


_KEYS = (
    ("entry_contents", "number"),
    ("erasures", "number"),
    ("erasures", "by"),
    ("entry_keys", "first"),
)
