"""Opening the ledger: one engine per process, transactions to read and to write.

SQLite: WAL, so that readers never wait for a writer; foreign keys on; a writer waits up to
``BUSY_SECONDS`` for another. A transaction that writes takes the lock when it begins, because
one that would take it midway may be refused without waiting.
"""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from config import settings
from data.ledger import migrate
from data.ledger.address import address
from data.ledger.errors import LedgerUnavailable

BUSY_SECONDS = 5
_CONNECT_SECONDS = 5
_POOL_SECONDS = 5
_RECYCLE_SECONDS = 1_800
# A machine that is gone without a word is noticed within these.
_ALIVE = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}

# Secure delete: what is erased is overwritten, not only forgotten.
_PRAGMAS = ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL", "secure_delete = ON")

log = logging.getLogger(__name__)

_engines: dict[URL, Engine] = {}
_opening = Lock()


@contextmanager
def reading() -> Iterator[Connection]:
    """Give a connection that sees the ledger as it is now.

    Raises
    ------
    LedgerUnavailable
        When the database does not answer.
    """
    with _told(), engine().begin() as connection:
        yield connection


@contextmanager
def writing() -> Iterator[Connection]:
    """Give a connection whose changes are kept together, or not at all.

    Raises
    ------
    LedgerUnavailable
        When the database does not answer, is locked for too long, or its disk is full.
    """
    with _told(), _writing(engine()) as connection:
        yield connection


def engine() -> Engine:
    """Return the engine of the ledger, its tables brought up to date the first time."""
    url = address(settings())
    with _opening:
        if url not in _engines:
            opened = connect(url)
            with _told():
                migrate.bring_up_to_date(opened, _writing)
            _engines[url] = opened
        return _engines[url]


def is_there() -> bool:
    """Say whether there is a ledger to ask, without making one."""
    url = address(settings())
    return url.get_backend_name() != "sqlite" or Path(url.database).exists()


def connect(url: URL) -> Engine:
    """Return an engine for ``url``, without a look at its tables."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    return _postgresql(url)


def overwrite() -> None:
    """Have the database let go of the bytes of what was erased; it is erased even where this fails."""
    opened = engine()
    try:
        if opened.dialect.name == "sqlite":
            connection = opened.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()
        else:
            with opened.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM entry_contents")
                connection.exec_driver_sql("VACUUM entry_keys")
    except (SQLAlchemyError, sqlite3.Error) as error:
        log.warning("the bytes of what was erased are still on the disk: %s", type(error).__name__)


def _postgresql(url: URL) -> Engine:
    chosen = settings()
    made = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=chosen.ledger_pool_size,
        max_overflow=0,
        pool_timeout=_POOL_SECONDS,
        pool_recycle=_RECYCLE_SECONDS,
        # Whoever waited for the lock of the chain must then see what the others wrote.
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": _CONNECT_SECONDS, **_ALIVE},
        hide_parameters=True,
    )

    @event.listens_for(made, "connect")
    def prepare(connection, _record) -> None:
        # Set after connecting: poolers such as PgBouncer refuse options in the connection itself.
        wait = f"{chosen.ledger_timeout_seconds}s"
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(f"SET {name} = '{wait}'")
        connection.commit()

    return made


def _sqlite(url: URL) -> Engine:
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made here, so that only its owner may read it.
    os.close(os.open(path, os.O_CREAT, 0o600))
    made = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    @event.listens_for(made, "connect")
    def prepare(connection, _record) -> None:
        # The driver would begin transactions of its own, late and without the lock.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return made


@contextmanager
def _writing(opened: Engine) -> Iterator[Connection]:
    with opened.execution_options(writes=True).begin() as connection:
        yield connection


@contextmanager
def _told() -> Iterator[None]:
    """Say that the ledger is unavailable in one short line, without the values of the statement."""
    try:
        yield
    except IntegrityError:
        raise  # the caller knows what it asked
    except PoolTimeout:
        raise LedgerUnavailable("the ledger does not answer: every connection is taken") from None
    except DBAPIError as error:
        said = str(error.orig).splitlines() or [type(error.orig).__name__]
        raise LedgerUnavailable(f"the ledger does not answer: {said[0]}") from None
