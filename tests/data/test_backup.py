"""Backups: the bank is destroyed in between, and a copy that changed is never restored."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from ledgers import decide, own_ledger

from data.backup import MANIFEST, BackupError, backup, noted_head, restore
from data.bank import Bank
from data.ledger import verify


@pytest.fixture
def store(load, place):
    """A store with a bank, a model, something half-made and something that can be made again."""
    load()
    store = place.parents[1]
    (store / "models" / "corner_bank" / "1").mkdir(parents=True)
    (store / "models" / "corner_bank" / "champion").write_text("1")
    (store / "models" / "corner_bank" / "1" / "stage_1.txt").write_text("tree")
    (store / "banks" / ".corner_bank-x").mkdir()
    (store / "banks" / ".corner_bank-x" / "bank.duckdb").write_text("half-made")
    (store / "runs.db").write_text("can be made again")
    return store


def test_a_destroyed_bank_comes_back_as_it_was(store, place, portfolio, tmp_path):
    bank = Bank(portfolio, place)
    before = bank.frame(), bank.meta
    bank.close()
    backup(store, tmp_path / "safe")
    place.write_bytes(b"destroyed")
    shutil.rmtree(store / "models")
    restore(tmp_path / "safe", store)
    bank = Bank(portfolio, place)
    assert bank.frame().equals(before[0])
    assert bank.meta == before[1]
    assert (store / "models" / "corner_bank" / "champion").read_text() == "1"


def test_a_whole_store_comes_back_from_nothing(store, tmp_path, place, portfolio):
    kept = backup(store, tmp_path / "safe")
    shutil.rmtree(store)
    assert restore(tmp_path / "safe", store) == kept
    assert Bank(portfolio, place).meta.clients == 5


def test_keeps_banks_and_models_and_nothing_half_made(store, tmp_path):
    kept = backup(store, tmp_path / "safe")
    assert [one.path for one in kept] == [
        "banks/corner_bank.duckdb",
        "models/corner_bank/1/stage_1.txt",
        "models/corner_bank/champion",
    ]


def test_tells_how_far_it_is(store, tmp_path):
    told = []
    backup(store, tmp_path / "safe", lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0
    assert told == sorted(told)


class TestRestoreRefuses:
    @pytest.fixture
    def safe(self, store, tmp_path, place):
        backup(store, tmp_path / "safe")
        place.write_bytes(b"the bank of today")
        return tmp_path / "safe"

    def refused(self, safe, store, place, words):
        with pytest.raises(BackupError, match=words) as caught:
            restore(safe, store)
        assert place.read_bytes() == b"the bank of today"
        assert not list(store.glob(".half-made*"))
        return str(caught.value)

    def test_a_file_of_which_one_byte_changed(self, safe, store, place):
        path = safe / "banks" / "corner_bank.duckdb"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        self.refused(safe, store, place, "changed since the backup was made; nothing was restored")

    def test_a_file_that_is_missing(self, safe, store, place):
        (safe / "models" / "corner_bank" / "champion").unlink()
        self.refused(safe, store, place, "champion: missing from the backup; nothing was restored")

    def test_a_folder_that_is_no_backup(self, safe, store, place, tmp_path):
        self.refused(tmp_path, store, place, f"no {MANIFEST} here")

    @pytest.mark.parametrize("content", ["", "[]", '{"files": [{"path": 1}]}', '{"files": 3}'])
    def test_a_manifest_that_cannot_be_read(self, safe, store, place, content):
        (safe / MANIFEST).write_text(content)
        self.refused(safe, store, place, "not readable")

    @pytest.mark.parametrize("path", ["../outside", "/etc/hosts", "banks/../../outside", "ledger.db"])
    def test_a_manifest_that_points_outside(self, safe, store, place, path):
        manifest = json.loads((safe / MANIFEST).read_text())
        manifest["files"][0]["path"] = path
        (safe / MANIFEST).write_text(json.dumps(manifest))
        self.refused(safe, store, place, "lies outside banks and models")


class TestBackupRefuses:
    def test_a_folder_that_is_not_empty(self, store, tmp_path):
        (tmp_path / "safe").mkdir()
        (tmp_path / "safe" / "mine").write_text("keep")
        with pytest.raises(BackupError, match="not an empty folder"):
            backup(store, tmp_path / "safe")
        assert (tmp_path / "safe" / "mine").read_text() == "keep"

    def test_a_store_with_nothing_in_it(self, tmp_path):
        with pytest.raises(BackupError, match="neither banks nor models"):
            backup(tmp_path / "nowhere", tmp_path / "safe")
        assert not (tmp_path / "safe").exists()


def test_an_encrypted_bank_stays_encrypted(load, place, portfolio, tmp_path):
    load(key="secret")
    backup(place.parents[1], tmp_path / "safe")
    assert b"Saint-Malo" not in (tmp_path / "safe" / "banks" / "corner_bank.duckdb").read_bytes()
    place.unlink()
    restore(tmp_path / "safe", place.parents[1])
    assert Bank(portfolio, place, "secret").meta.clients == 5


class TestTheLedger:
    @pytest.fixture
    def ledger(self, store):
        """A ledger in the store, open and being written to: the latest row is not in its file yet."""
        connection = sqlite3.connect(store / "ledger.sqlite", isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE said (text)")
        connection.execute("INSERT INTO said VALUES ('before the backup')")
        yield connection
        connection.close()

    def said(self, path) -> list[str]:
        with closing(sqlite3.connect(path)) as connection:
            return [text for (text,) in connection.execute("SELECT text FROM said ORDER BY rowid")]

    def test_is_kept_whole_while_it_is_written_to(self, store, ledger, tmp_path):
        ledger.execute("BEGIN IMMEDIATE")
        ledger.execute("INSERT INTO said VALUES ('not yet said')")
        kept = backup(store, tmp_path / "safe")
        ledger.execute("COMMIT")
        assert kept[-1].path == "ledger.sqlite"
        assert self.said(tmp_path / "safe" / "ledger.sqlite") == ["before the backup"]

    def test_comes_back_where_there_is_none(self, store, ledger, tmp_path):
        kept = backup(store, tmp_path / "safe")
        assert restore(tmp_path / "safe", tmp_path / "elsewhere") == kept
        assert self.said(tmp_path / "elsewhere" / "ledger.sqlite") == ["before the backup"]

    def test_in_place_is_never_written_over(self, store, ledger, tmp_path):
        kept = backup(store, tmp_path / "safe")
        ledger.execute("INSERT INTO said VALUES ('since')")
        assert restore(tmp_path / "safe", store) == kept[:-1]
        assert self.said(store / "ledger.sqlite") == ["before the backup", "since"]

    def test_alone_is_worth_a_backup(self, tmp_path):
        with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as connection:
            connection.execute("CREATE TABLE said (text)")
        assert [one.path for one in backup(tmp_path, tmp_path / "safe")] == ["ledger.sqlite"]


class TestTheHeadOfTheChain:
    @pytest.fixture
    def safe(self, tmp_path):
        with own_ledger("sqlite", tmp_path / "store"):
            decide()
            backup(tmp_path / "store", tmp_path / "safe")
            yield tmp_path / "safe"

    def test_is_noted_in_the_backup(self, safe):
        assert noted_head(safe) == verify.head().hash
        assert json.loads((safe / MANIFEST).read_text())["ledger"]["entries"] == 1
        decide()
        assert verify.verify(noted_head(safe)) == []

    def test_is_that_of_the_ledger_restored(self, safe, tmp_path):
        restore(safe, tmp_path / "elsewhere")
        noted = noted_head(safe)
        with own_ledger("sqlite", tmp_path / "elsewhere"):
            assert verify.head().hash == noted
            assert verify.verify(noted) == []

    def test_is_missing_where_there_was_no_entry(self, store, tmp_path):
        backup(store, tmp_path / "safe")
        with pytest.raises(BackupError, match="notes no entry"):
            noted_head(tmp_path / "safe")
