"""A ledger of one's own for a test, in SQLite or in PostgreSQL."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

import config
from data.ledger import store
from data.ledger.address import address


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
        store._engines.pop(address(config.settings())).dispose()
        with admin.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        admin.dispose()
