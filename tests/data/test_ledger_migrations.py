"""A ledger of the previous version keeps what it holds when brought up to date; waits are bounded."""

import threading
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.config import Config
from ledgers import decide, own_ledger
from sqlalchemy import insert, text

import config
from data.ledger import accounts, chain, events, jobs, migrate, proposals, store, verify
from data.ledger.address import address
from data.ledger.errors import LedgerUnavailable
from data.ledger.tables import HEAD
from data.ledger.tables import jobs as jobs_table
from data.ledger.tables import proposals as proposals_table


@pytest.fixture
def postgresql(tmp_path):
    with own_ledger("postgresql", tmp_path):
        yield


def made_by(version: str) -> None:
    """Make the tables as an earlier version did, with a proposal and a job in them."""
    opened = store.connect(address(config.settings()))
    with opened.execution_options(writes=True).begin() as connection:
        told = Config()
        told.set_main_option("script_location", str(migrate.MIGRATIONS))
        told.attributes["connection"] = connection
        command.upgrade(told, version)
        now = datetime(2026, 11, 1, tzinfo=UTC)
        connection.execute(
            insert(proposals_table).values(
                created=now, portfolio="home_credit", model_version="1", threshold=0.08, in_force=0.09,
                costs={"false_negative": 12}, note="L'« à-coup »", author="manager",
            )
        )  # fmt: skip
        connection.execute(
            insert(jobs_table).values(
                id="a", slot=None, kind="drift", portfolio="home_credit", state="done", step="", done=1,
                total=1, machine="m", pid=None, birth="", folder="", reason="", faults=[], result="b",
                created=now, told=now, ended=now,
            )
        )  # fmt: skip
    opened.dispose()


def test_a_ledger_of_the_previous_version_keeps_what_it_holds(ledger):
    made_by("0001")
    (kept,) = proposals.pending("home_credit")
    assert (kept.note, kept.threshold, kept.author) == ("L'« à-coup »", 0.08, "manager")
    assert jobs.latest("home_credit").result == "b"
    with store.reading() as connection:
        assert migrate.version(connection) == HEAD
    decide()
    assert verify.verify() == []


def test_a_new_ledger_has_every_table(ledger):
    decide()
    events.add(events.LOGIN, "someone")
    assert accounts.all() == []
    assert verify.verify() == []


def ask(statement: str) -> None:
    with store.reading() as connection:
        connection.exec_driver_sql(statement)


class TestPostgreSQL:
    def test_ends_a_statement_that_takes_too_long(self, postgresql, monkeypatch):
        decide()
        with store.engine().connect() as connection:
            found = [
                connection.execute(text(f"SHOW {name}")).scalar()
                for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
            ]
        assert found == ["10s"] * 3
        with pytest.raises(LedgerUnavailable, match="statement timeout"):
            ask("SET LOCAL statement_timeout = '50ms'; SELECT pg_sleep(5)")

    def test_says_so_when_every_connection_is_taken(self, postgresql, monkeypatch):
        monkeypatch.setenv("LEDGER_POOL_SIZE", "1")
        monkeypatch.setattr(store, "_POOL_SECONDS", 0.2)
        config.settings.cache_clear()
        said = pytest.raises(LedgerUnavailable, match="every connection is taken")
        with store.reading(), said, store.reading():
            pass
        decide()

    def test_writes_again_after_its_connections_were_cut(self, postgresql):
        decide()
        with store.reading() as connection:
            mine = connection.execute(text("SELECT pg_backend_pid()")).scalar()
        # Cut while it waits in the pool, as by a restart of the database.
        other = store.connect(address(config.settings()))
        with other.begin() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        other.dispose()
        assert decide().number == 2
        assert verify.verify() == []

    def test_lets_the_next_writer_in_when_one_is_gone_midway(self, postgresql):
        decide()
        held, go = threading.Event(), threading.Event()

        def hold() -> None:
            with store.writing() as connection:
                chain.lock(connection)
                held.pid = connection.execute(text("SELECT pg_backend_pid()")).scalar()
                held.set()
                go.wait(20)
                connection.execute(text("SELECT 1"))

        def lose() -> None:
            with pytest.raises(LedgerUnavailable):
                hold()

        writer = threading.Thread(target=lose)
        writer.start()
        held.wait(20)
        with store.reading() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": held.pid})
        assert decide().number == 2
        go.set()
        writer.join(20)
        assert verify.verify() == []
