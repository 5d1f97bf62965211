"""One chain of entries: nobody changes what is in it, and many who write at once make no fork."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ledgers import MANAGER, count, decide, own_ledger
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import config
from data.ledger import entries, erasure, events, store, verify
from data.ledger.errors import LedgerUnavailable


class TestNobody:
    """Whatever the program that connects to the database."""

    @pytest.mark.parametrize(
        "act",
        [
            "UPDATE entries SET decided = 'accept'",
            "DELETE FROM entries",
            "UPDATE entry_contents SET content = '{}'",
            "UPDATE entry_contents SET client_id = '1'",
            "DELETE FROM entry_contents",
            "DELETE FROM erasures",
            "UPDATE erasures SET \"by\" = 1",
            'INSERT INTO erasures (number, "by") VALUES (1, 1)',
        ],
    )  # fmt: skip
    def test_changes_or_removes_an_entry(self, ledger, act):
        decide("100009")
        erasure.erase_client("home_credit", "100009", MANAGER)
        kept = decide()
        refused = pytest.raises((LedgerUnavailable, DBAPIError))
        with refused, store.writing() as connection:
            connection.execute(text(act))
        assert entries.get(kept.id) == kept
        assert verify.verify() == []

    @pytest.mark.parametrize("table_name", ["entries", "entry_contents", "erasures"])
    def test_replaces_a_row_of_sqlite(self, sqlite, table_name):
        decide()
        erasure.erase_client("home_credit", "100002", MANAGER)
        refused = pytest.raises((LedgerUnavailable, DBAPIError), match="never changed")
        with refused, store.writing() as connection:
            connection.execute(text(f"INSERT OR REPLACE INTO {table_name} SELECT * FROM {table_name}"))
        assert verify.verify() == []

    def test_empties_a_table_of_postgresql(self, tmp_path):
        with own_ledger("postgresql", tmp_path):
            kept = decide()
            for name in ("entries", "entry_contents", "erasures"):
                with pytest.raises(LedgerUnavailable, match="never changed"), store.writing() as connection:
                    connection.execute(text(f"TRUNCATE {name} CASCADE"))
            assert entries.get(kept.id) == kept

    def test_removes_an_event_before_six_months(self, ledger):
        events.add("login", "demo-advisor", "x")
        refused = pytest.raises((LedgerUnavailable, DBAPIError), match="six months")
        with refused, store.writing() as connection:
            connection.execute(text("DELETE FROM events"))


PROGRAM = """
import sys
from ledgers import MACHINE, decision
from data.ledger import entries
for turn in range(int(sys.argv[2])):
    print(entries.add([decision(str(turn))] * 2, MACHINE, key=f"{sys.argv[1]}-{turn}")[0].id, flush=True)
"""


def test_writers_in_several_processes_and_threads_make_one_chain(ledger):
    root, turns = Path(config.__file__).parent, 12
    store.engine()
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(number), str(turns)],
            cwd=root, stdout=subprocess.PIPE, text=True, env=_environment(root),
        )
        for number in range(3)
    ]  # fmt: skip
    with ThreadPoolExecutor(4) as pool:
        mine = list(pool.map(lambda turn: decide(str(turn)).id, range(24)))
    theirs = [line for process in started for line in process.communicate(timeout=100)[0].split()]
    assert all(process.returncode == 0 for process in started)
    assert len(theirs) == 3 * turns
    assert len({*mine, *theirs}) == 24 + 3 * turns  # each answer once
    assert all(entries.get(one) for one in (*mine, *theirs))
    assert count() == verify.head().number == 24 + 2 * 3 * turns  # no gap
    assert verify.verify() == []  # no fork


def _environment(root: Path) -> dict[str, str]:
    return dict(os.environ) | {"PYTHONPATH": f"{root}:{root / 'tests'}"}
