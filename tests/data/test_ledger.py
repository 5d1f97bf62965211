"""The ledger: the same in SQLite and in PostgreSQL, kept through failures, and nobody's to change."""

import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from ledgers import own_ledger
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import config
from data.ledger import jobs, migrate, proposals, store
from data.ledger.errors import LedgerNewer, LedgerUnavailable
from data.ledger.tables import HEAD, metadata

COSTS = {"false_negative": 12, "false_positive": 1}


def propose(portfolio: str = "home_credit", version: str = "1", **changes) -> proposals.Proposal:
    given = {
        "threshold": 0.08,
        "in_force": 0.0909,
        "costs": COSTS,
        "note": "Fewer defaults",
        "author": "M. R.",
    }
    return proposals.add(portfolio, version, **given | changes)


class TestProposals:
    def test_come_back_as_they_were_made_the_latest_first(self, ledger):
        made = [propose(threshold=threshold) for threshold in (0.05, 0.1, 1 / 3)]
        assert proposals.all("home_credit") == made[::-1]

    def test_know_when_they_were_made_in_utc(self, ledger):
        propose()
        (found,) = proposals.all("home_credit")
        assert found.created.tzinfo is UTC
        assert abs(datetime.now(UTC) - found.created) < timedelta(minutes=1)

    def test_stay_with_their_portfolio_and_their_model(self, ledger):
        ours, other = propose(), propose(version="2")
        propose(portfolio="prospects")
        assert proposals.all("home_credit") == [other, ours]
        assert proposals.pending("home_credit", "1") == [ours]
        assert proposals.pending("home_credit") == [other, ours]

    def test_keep_every_character_of_a_note(self, ledger):
        said = "L'« à-coup » d'août 😀\u202f; Robert'); DROP TABLE jobs;--"
        assert propose(note=said).note == said
        assert proposals.all("home_credit")[0].note == said

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"threshold": 0}, "threshold"),
            ({"threshold": 1.0}, "threshold"),
            ({"threshold": float("nan")}, "threshold"),
            ({"threshold": "0.1"}, "threshold"),
            ({"threshold": True}, "threshold"),
            ({"in_force": -1}, "in_force"),
            ({"costs": {"false_negative": 0}}, "costs"),
            ({"costs": {"false_negative": float("inf")}}, "costs"),
            ({"costs": {"false_negative": None}}, "costs"),
            ({"note": "x" * (proposals.LONGEST_NOTE + 1)}, "note"),
            ({"note": None}, "note"),
            ({"author": " \0"}, "author"),
            ({"author": "x" * 129}, "author"),
        ],
    )
    def test_that_make_no_sense_are_refused_by_field(self, sqlite, change, field):
        with pytest.raises(proposals.ProposalInvalid) as caught:
            propose(**change)
        assert caught.value.field == field
        assert proposals.all("home_credit") == []

    @pytest.mark.parametrize(
        "act", ["UPDATE threshold_proposals SET threshold = 0.5", "DELETE FROM threshold_proposals"]
    )
    def test_are_never_changed_whatever_the_program(self, ledger, act):
        made = propose()
        refused = pytest.raises((LedgerUnavailable, DBAPIError), match="rows are added, never changed")
        with refused, store.writing() as connection:
            connection.execute(text(act))
        assert proposals.all("home_credit") == [made]


class TestJobs:
    def test_go_from_waiting_to_done(self, ledger):
        job = jobs.add("drift", "home_credit", "here/1", "/x")
        assert jobs.under_way() == [jobs.get(job.id)]
        jobs.began(job.id, "here/1", 42, "777")
        assert jobs.progress(job.id, "reading", 1200, 3214) == jobs.RUNNING
        found = jobs.get(job.id)
        assert (found.step, found.done, found.total, found.pid, found.birth) == (
            "reading",
            1200,
            3214,
            42,
            "777",
        )
        assert jobs.end(job.id, jobs.DONE, result="b")
        found = jobs.latest("home_credit")
        assert (found.state, found.result, found.is_over) == ("done", "b", True)
        assert jobs.under_way() == []

    def test_are_one_at_a_time_for_all_portfolios(self, ledger):
        first = jobs.add("drift", "home_credit", "here/1", "/x")
        with pytest.raises(jobs.JobRunning):
            jobs.add("drift", "prospects", "there/1", "/y")
        jobs.end(first.id, jobs.CANCELLED)
        jobs.add("drift", "prospects", "there/1", "/y")

    def test_that_ask_at_the_same_moment_get_one_slot(self, ledger):
        def ask(_):
            try:
                return jobs.add("drift", "home_credit", "here/1", "/x")
            except jobs.JobRunning:
                return None

        store.engine()
        with ThreadPoolExecutor(6) as pool:
            assert sum(job is not None for job in pool.map(ask, range(12))) == 1

    def test_read_in_their_state_that_they_are_to_stop(self, ledger):
        job = jobs.add("drift", "home_credit", "here/1", "/x")
        jobs.began(job.id, "here/1", 42, "777")
        jobs.stop(job.id)
        assert jobs.progress(job.id, "reading", 1, 2) == jobs.STOPPING
        jobs.began(job.id, "here/1", 42, "777")
        assert jobs.get(job.id).state == jobs.STOPPING

    def test_end_once(self, ledger):
        job = jobs.add("drift", "home_credit", "here/1", "/x")
        assert jobs.end(job.id, jobs.FAILED, reason="memory", faults=[{"code": "empty", "file": "a.csv"}])
        assert not jobs.end(job.id, jobs.DONE, result="b")
        assert not jobs.end(job.id, jobs.FAILED, reason=jobs.INTERRUPTED)
        found = jobs.get(job.id)
        assert (found.state, found.reason, found.faults) == (
            "failed", "memory", [{"code": "empty", "file": "a.csv"}]
        )  # fmt: skip

    def test_found_dead_may_still_learn_why(self, ledger):
        job = jobs.add("drift", "home_credit", "here/1", "/x")
        jobs.end(job.id, jobs.FAILED, reason=jobs.INTERRUPTED)
        assert jobs.end(job.id, jobs.FAILED, reason="memory")
        assert jobs.get(job.id).reason == "memory"

    def test_of_no_known_number_are_said_unknown(self, ledger):
        with pytest.raises(jobs.UnknownJob):
            jobs.get("nothing")


class TestTables:
    def test_are_those_that_the_migrations_make(self, ledger):
        with store.engine().connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []

    def test_head_is_the_latest_migration(self):
        assert ScriptDirectory(str(migrate.MIGRATIONS)).get_current_head() == HEAD

    def test_are_made_once_by_processes_that_start_together(self, sqlite):
        program = "from data.ledger import proposals as p; p.add('p', '1', 0.1, 0.1, {}, '', 'x')"
        root = Path(config.__file__).parent
        started = [
            subprocess.Popen([sys.executable, "-c", program], cwd=root, stderr=subprocess.PIPE)
            for _ in range(3)
        ]
        assert [process.communicate(timeout=60)[1] for process in started] == [b"", b"", b""]
        assert len(proposals.all("p")) == 3

    def test_of_a_later_version_are_left_alone(self, ledger):
        with store.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(LedgerNewer, match="9999"):
            migrate.bring_up_to_date(store.engine(), store._writing)

    def test_can_be_taken_down_again(self, ledger):
        from alembic import command
        from alembic.config import Config

        with store.writing() as connection:
            config_ = Config()
            config_.set_main_option("script_location", str(migrate.MIGRATIONS))
            config_.attributes["connection"] = connection
            command.downgrade(config_, "base")
            command.upgrade(config_, "head")
        assert propose().id == 1


class TestSQLite:
    def test_is_set_for_safety(self, sqlite):
        with store.reading() as connection:
            asked = ("journal_mode", "foreign_keys", "synchronous")
            found = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in asked]
        assert found == ["wal", 1, 2]

    def test_is_readable_by_its_owner_only(self, sqlite):
        propose()
        assert stat.S_IMODE(sqlite.stat().st_mode) == 0o600

    def test_locked_by_another_program_says_so_and_keeps_nothing(self, sqlite, monkeypatch):
        monkeypatch.setattr(store, "BUSY_SECONDS", 0.1)
        propose()
        other = sqlite3.connect(sqlite, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerUnavailable, match="locked"):
            propose(note="lost")
        assert len(proposals.all("home_credit")) == 1  # readers do not wait
        other.execute("ROLLBACK")
        other.close()
        assert len([propose(), *proposals.all("home_credit")]) == 3

    def test_on_a_full_disk_says_so(self, sqlite):
        propose()
        with store.writing() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar()
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(LedgerUnavailable, match="full"):
            [propose(note="x" * 2_000) for _ in range(100)]

    def test_that_is_no_database_says_so(self, sqlite):
        sqlite.write_bytes(b"no database" * 1_000)
        with pytest.raises(LedgerUnavailable):
            propose()


def test_a_database_that_is_away_is_said_in_one_line(tmp_path, monkeypatch):
    with own_ledger("sqlite", tmp_path):
        monkeypatch.setenv("DATABASE_URL", "postgresql://u:hidden-word@127.0.0.1:1/x")
        config.settings.cache_clear()
        with pytest.raises(LedgerUnavailable) as caught:
            proposals.all("home_credit")
    assert "hidden-word" not in str(caught.value)
    assert "\n" not in str(caught.value)
