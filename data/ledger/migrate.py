"""Bringing the tables of the ledger up to date; Alembic is loaded only when there is something to do."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from data.ledger.errors import LedgerNewer
from data.ledger.tables import HEAD

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number, the same in every process: it names the lock that migrations take in PostgreSQL.
_LOCK = 0x4C494D50

Writing = Callable[[Engine], AbstractContextManager[Connection]]


def bring_up_to_date(engine: Engine, writing: Writing) -> None:
    """Create or change the tables as this version needs them, all or nothing.

    Several processes may ask at once: one does it, holding the write lock of SQLite or an
    advisory lock of PostgreSQL, and the others find it done.

    Raises
    ------
    LedgerNewer
        When the ledger is ahead of this version.
    """
    with engine.connect() as connection:
        if version(connection) == HEAD:
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            # Waiting for another process that migrates, and changing a long table, take their time.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        _upgrade(connection)


def version(connection: Connection) -> str:
    """Return the version of the tables, empty when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    found = version(connection)
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise LedgerNewer(
            f"the ledger is at version {found}, unknown to this Limpide; run the one that made it"
        ) from error
