"""The data commands as a user types them."""

import json
import stat

import pytest
from ledgers import decide
from sqlalchemy import text
from typer.testing import CliRunner

import config
from data import portfolios
from data.__main__ import app
from data.bank import Bank
from data.ledger import entries, store, verify
from data.ledger.address import address


@pytest.fixture
def run(tmp_path, portfolio, monkeypatch):
    """Run a command on a store of its own, with the corner bank among the portfolios."""
    monkeypatch.setenv("STORE_DIR", str(tmp_path / "store"))
    monkeypatch.setattr(portfolios, "FOLDER", portfolio.folder.parent)
    config.settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, [str(word) for word in words])
    config.settings.cache_clear()


def test_load_builds_the_bank_and_says_what_is_in_it(run, files, place):
    done = run("load", "corner_bank", files)
    assert done.exit_code == 0
    assert done.stdout == (
        f"{place}: 5 clients, 4 with a known outcome, history from loan, loan_month, card\n"
    )


def test_load_can_mark_the_clients_as_made_up(run, files, place, portfolio):
    assert "5 made-up clients" in run("load", "corner_bank", files, "--synthetic").stdout
    assert Bank(portfolio, place).meta.synthetic


def test_load_encrypts_when_there_is_a_key(run, files, place, portfolio, monkeypatch):
    monkeypatch.setenv("BANK_KEY", "secret")
    config.settings.cache_clear()
    assert run("load", "corner_bank", files).stdout.endswith(", encrypted\n")
    assert Bank(portfolio, place, "secret").meta.clients == 5


def test_backup_and_restore_go_there_and_back(run, files, place, portfolio, tmp_path):
    run("load", "corner_bank", files)
    assert run("backup", tmp_path / "safe").stdout == f"1 files kept in {tmp_path / 'safe'}\n"
    place.unlink()
    assert run("restore", tmp_path / "safe").stdout == f"1 files restored to {tmp_path / 'store'}\n"
    assert Bank(portfolio, place).meta.clients == 5


def test_diagram_is_printed(run):
    assert run("diagram", "corner_bank").stdout.startswith("erDiagram\n    client ||--o{ loan")


@pytest.mark.parametrize(
    "command",
    [
        "load",
        "demo",
        "backup",
        "restore",
        "diagram",
        "verify-ledger",
        "export-client",
        "erase-client",
        "purge",
    ],
)
def test_help_explains_each_command(run, command):
    done = run(command, "--help")
    assert done.exit_code == 0
    assert "Usage" in done.stdout


class TestBadInput:
    def said(self, done):
        """The lines on standard error, which must be all there is."""
        assert done.exit_code == 2
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        return [line for line in done.stderr.splitlines() if line.startswith("error: ")]

    def test_a_portfolio_that_is_not_known(self, run, files):
        known = "error: unknown portfolio 'corner_shop'; known: corner_bank"
        assert self.said(run("load", "corner_shop", files)) == [known]
        assert self.said(run("demo", "corner_shop")) == [known]
        assert self.said(run("diagram", "corner_shop")) == [known]

    def test_one_line_per_fault_in_the_files(self, run, files):
        text = (files / "loan.csv").read_text().replace("-30", "thirty").replace("6,11", "6,404")
        (files / "loan.csv").write_text(text)
        assert self.said(run("load", "corner_bank", files)) == [
            "error: loan.csv line 2: opened is 'thirty', a whole number is expected (1 such row)",
            "error: loan: orphan rows, whose id client does not have (1, for example 404); "
            "add those or remove the rows",
        ]

    def test_a_portfolio_without_a_demo(self, run):
        (line,) = self.said(run("demo", "corner_bank"))
        assert "load real rows instead" in line

    def test_a_demo_does_not_replace_real_clients_unasked(self, run, files, portfolio, place):
        run("load", "corner_bank", files)
        (line,) = self.said(run("demo", "corner_bank"))
        assert "may hold real clients; back it up and give --replace" in line
        assert Bank(portfolio, place).meta.clients == 5

    def test_a_folder_that_is_no_backup(self, run, tmp_path):
        (line,) = self.said(run("restore", tmp_path))
        assert "no manifest.json here" in line

    def test_nothing_to_back_up(self, run, tmp_path):
        (line,) = self.said(run("backup", tmp_path / "safe"))
        assert "neither banks nor models" in line

    def test_a_place_that_cannot_be_written(self, run, files, tmp_path):
        (tmp_path / "store").write_text("a file where the store should be")
        assert len(self.said(run("load", "corner_bank", files))) == 1

    def test_a_setting_that_is_wrong(self, run, files, monkeypatch):
        monkeypatch.setenv("PORT", "many")
        config.settings.cache_clear()
        (line,) = self.said(run("load", "corner_bank", files))
        assert line.startswith("error: port: ")

    @pytest.mark.parametrize("words", [(), ("load",), ("demo", "corner_bank", "--clients", "none"), ("fly",)])
    def test_words_that_make_no_command(self, run, words):
        assert run(*words).exit_code == 2


class TestTheLedger:
    @pytest.fixture(autouse=True)
    def decided(self, run):
        decide(portfolio="corner_bank")
        decide("100003", portfolio="corner_bank")

    @pytest.fixture(autouse=True)
    def closed(self, run):
        yield
        store._engines.pop(address(config.settings())).dispose()

    def test_is_verified(self, run):
        done = run("verify-ledger")
        assert done.exit_code == 0
        assert done.stdout == f"2 entries, each as it was written; last hash {verify.head().hash}\n"

    def test_that_was_edited_is_named_and_ends_with_2(self, run):
        with store.writing() as connection:
            connection.execute(text("DROP TRIGGER entries_no_update"))
            connection.execute(text("UPDATE entries SET decided = 'accept' WHERE number = 1"))
        done = run("verify-ledger")
        assert done.exit_code == 2
        assert "row 1 (D-0000001) was edited after it was written" in done.stderr
        assert "the trigger entries_no_update is gone" in done.stderr

    def test_is_verified_against_a_backup(self, run, tmp_path):
        run("backup", tmp_path / "safe")
        assert run("verify-ledger", "--expect", tmp_path / "safe").exit_code == 0
        with store.writing() as connection:
            for name in ("entries_no_delete", "entry_contents_no_delete"):
                connection.execute(text(f"DROP TRIGGER {name}"))
            connection.execute(text("DELETE FROM entry_contents WHERE number = 2"))
            connection.execute(text("DELETE FROM entries WHERE number = 2"))
        done = run("verify-ledger", "--expect", tmp_path / "safe")
        assert done.exit_code == 2
        assert "the chain was cut short, or written anew" in done.stderr

    def test_gives_out_a_client_as_json_and_csv(self, run, tmp_path):
        for name in ("client.json", "client.csv"):
            assert run("export-client", "corner_bank", "100002", tmp_path / name).stdout.endswith(
                "1 entries\n"
            )
            assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
        assert json.loads((tmp_path / "client.json").read_text())["entries"][0]["id"] == "D-0000001"
        assert (
            (tmp_path / "client.csv").read_text(encoding="utf-8-sig").startswith("entry,kind,at,field,value")
        )

    def test_writes_over_no_file(self, run, tmp_path):
        (tmp_path / "mine.json").write_text("keep")
        assert run("export-client", "corner_bank", "100002", tmp_path / "mine.json").exit_code == 2
        assert run("export-client", "corner_bank", "100002", tmp_path / "x.pdf").exit_code == 2
        assert (tmp_path / "mine.json").read_text() == "keep"

    def test_erases_a_client_when_told_so_twice(self, run):
        assert run("erase-client", "corner_bank", "100002").exit_code == 1
        assert entries.get("D-0000001").content
        assert run("erase-client", "corner_bank", "100002", "--yes").stdout == "1 entries erased\n"
        assert entries.get("D-0000001").content is None
        assert run("verify-ledger").exit_code == 0

    def test_is_purged_by_the_settings(self, run):
        assert run("purge").stdout == "0 entries erased, 0 events removed\n"

    def test_of_an_unknown_portfolio_is_told_in_one_line(self, run):
        done = run("erase-client", "nowhere", "1", "--yes")
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
