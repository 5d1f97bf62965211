"""Reading a bank: one client, a page of ids, child rows, the whole population."""

import json
import random
import subprocess
import sys
import threading
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import config
from data import bank as banks
from data import portfolios
from data.bank import Bank, BankMissing, BankUnreadable, UnknownClient
from data.load import load_folder
from tests.data.corner_bank import make_files, make_portfolio

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    portfolio = make_portfolio(folder / "corner_bank")
    load_folder(portfolio, make_files(folder / "files"), folder / "corner_bank.duckdb", progress=False)
    bank = Bank(portfolio, folder / "corner_bank.duckdb")
    yield bank
    bank.close()


class TestRecord:
    def test_holds_given_columns_history_and_coverage_but_not_the_outcome(self, bank):
        assert bank.record("2") == {
            "id": 2,
            "income": 1500.0,
            "town": "Saint-Malo, Bretagne",
            "children": 2,
            "days_employed": 365243,
            "LOANS": 3.0,
            "covered_loans": True,
            "covered_cards": True,
        }

    def test_says_none_where_nothing_was_given(self, bank):
        record = bank.record("103")
        assert record["income"] is None
        assert record["town"] is None
        assert record["LOANS"] == 0

    def test_equals_the_row_of_the_whole_population(self, bank):
        rows = bank.frame().drop("bad").to_dicts()
        assert [bank.record(str(row["id"])) for row in rows] == rows

    @pytest.mark.parametrize(
        "client_id", ["1", "", "2.0", "02", " 2", "2 OR 1=1", "' OR ''='", "\0", "９", "2\n"]
    )
    def test_knows_no_client_by_another_text(self, bank, client_id):
        with pytest.raises(UnknownClient) as caught:
            bank.record(client_id)
        assert caught.value.client_id == client_id

    def test_does_not_name_the_client_in_the_message(self, bank):
        with pytest.raises(UnknownClient, match="no client of that id") as caught:
            bank.record("98765")
        assert "98765" not in str(caught.value)

    def test_says_the_outcome_when_it_is_known(self, bank):
        assert [bank.outcome(client_id) for client_id in ("2", "11", "10")] == [1, 0, None]


class TestRecords:
    def test_come_in_the_order_asked_without_the_unknown(self, bank):
        found = bank.records(["30", "nobody", "2", "x'--"])
        assert found["id"].to_list() == [30, 2]
        assert found.row(1, named=True) == bank.record("2")

    def test_have_the_types_of_the_whole_population(self, bank):
        assert bank.records([]).schema == bank.frame().drop("bad").schema == bank.records(["103"]).schema


class TestSearch:
    def test_finds_ids_by_their_start(self, bank):
        assert bank.search("1") == (["10", "103", "11"], 3)
        assert bank.search("10") == (["10", "103"], 2)
        assert bank.search("9") == ([], 0)

    def test_gives_one_page_and_the_whole_count(self, bank):
        assert bank.search("", limit=2, offset=1) == (["103", "11"], 5)
        assert bank.search("", limit=2, offset=99) == ([], 5)

    @settings(deadline=None, max_examples=60)
    @given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
    def test_takes_any_text_as_text(self, bank, text):
        found, total = bank.search(text)
        assert all(client_id.startswith(text) for client_id in found)
        assert total == len(found)
        assert bank.meta.clients == 5


class TestChildRows:
    def test_come_newest_first(self, bank):
        assert [row["opened"] for row in bank.child_rows("2", "loan")] == [-1, -30, -900]
        assert bank.child_rows("2", "loan", limit=1) == [{"loan_id": 8, "id": 2, "opened": -1}]

    def test_of_a_grandchild_are_found_through_its_parent(self, bank):
        assert [(row["loan_id"], row["month"]) for row in bank.child_rows("2", "loan_month")] == [
            (7, -1),
            (7, -2),
            (5, -3),
        ]

    def test_are_none_for_a_client_without_any(self, bank):
        assert bank.child_rows("30", "loan") == bank.child_rows("30", "loan_month") == []

    def test_are_refused_for_a_table_that_is_none(self, bank):
        with pytest.raises(
            ValueError, match="'loan; DROP' is not a child table; known: loan, loan_month, card"
        ):
            bank.child_rows("2", "loan; DROP")


class TestFrame:
    def test_is_sorted_by_id_with_outcome_history_and_coverage(self, bank):
        frame = bank.frame()
        assert frame.columns[:2] == ["id", "bad"]
        assert frame["id"].to_list() == [2, 10, 11, 30, 103]
        assert frame["bad"].to_list() == [1, None, 0, 0, 0]
        assert frame["LOANS"].to_list() == [3, 0, 1, 0, 0]

    def test_can_be_only_those_with_or_without_an_outcome(self, bank):
        assert bank.frame(labelled=True)["id"].to_list() == [2, 11, 30, 103]
        assert bank.frame(labelled=False)["id"].to_list() == [10]


class TestOpening:
    @pytest.fixture
    def opened(self, load, portfolio, place, monkeypatch):
        """The bank of a portfolio that the house knows, in a store of its own."""
        load()
        monkeypatch.setattr(banks.portfolios, "load", lambda portfolio_id: portfolio)
        monkeypatch.setattr(banks, "settings", lambda: config.Settings(store_dir=place.parents[1]))
        return banks.open_bank

    def test_reads_the_file_once(self, opened):
        assert opened("corner_bank") is opened("corner_bank")

    def test_sees_a_bank_that_was_swapped_in_while_the_old_one_is_read(self, opened, load, files):
        old = opened("corner_bank")
        text = (files / "client_test.csv").read_text(encoding="utf-8")
        (files / "client_test.csv").write_text(text + "12,800,Lyon,0,-5\n", encoding="utf-8")
        load()
        assert opened("corner_bank").meta.clients == 6
        assert opened("corner_bank").record("12")["income"] == 800
        assert old.meta.clients == 5
        assert old.record("10")["income"] == 700

    def test_opens_again_what_was_closed(self, opened):
        opened("corner_bank").close()
        assert opened("corner_bank").record("2")["children"] == 2

    def test_says_how_to_make_a_bank_that_is_not_there(self, opened, place):
        place.unlink()
        with pytest.raises(BankMissing, match="python -m data demo corner_bank"):
            opened("corner_bank")

    @pytest.mark.parametrize("content", [b"", b"not a bank at all", random.Random(7).randbytes(4096)])
    def test_says_that_a_file_is_no_bank(self, portfolio, place, content):
        place.parent.mkdir(parents=True)
        place.write_bytes(content)
        with pytest.raises(BankUnreadable, match=r"corner_bank\.duckdb: not a "):
            Bank(portfolio, place)

    def test_refuses_a_bank_of_another_version(self, load, portfolio, place, monkeypatch):
        monkeypatch.setattr("data.load.FORMAT", 0)
        load()
        with pytest.raises(BankUnreadable, match="load the data again"):
            Bank(portfolio, place)

    def test_refuses_a_bank_made_with_fewer_features(self, load, portfolio, place):
        load()
        columns = portfolio.folder / "columns.csv"
        text = columns.read_text(encoding="utf-8")
        columns.write_text(text + text.splitlines()[-1].replace("LOANS", "LATE") + "\n", encoding="utf-8")
        with pytest.raises(BankUnreadable, match=r"made before columns\.csv had LATE; load the data again"):
            Bank(portfolios.read(portfolio.folder), place)


def test_many_threads_read_one_bank(bank):
    wanted = {client_id: bank.record(client_id) for client_id in bank.search("")[0]}
    wrong = []

    def read():
        for _ in range(20):
            wrong.extend(
                client_id for client_id, record in wanted.items() if bank.record(client_id) != record
            )
            bank.child_rows("2", "loan_month")

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_nothing_can_be_changed_or_opened_through_a_bank(bank):
    for sql in (
        "DELETE FROM bank.client",
        "SELECT * FROM read_csv('/etc/hostname')",
        "SET memory_limit = '9GB'",
    ):
        with pytest.raises(Exception, match=r"(?i)read-only|disabled|locked"):
            bank._rows(sql)


def test_reading_imports_neither_pandas_nor_pyarrow(load, portfolio, place):
    load()
    program = (
        "import sys, json; from pathlib import Path; from data import portfolios; from data.bank import Bank;"
        f"bank = Bank(portfolios.read(Path({str(portfolio.folder)!r})), Path({str(place)!r}));"
        "bank.record('2'); bank.records(['2']); bank.search('1'); bank.child_rows('2', 'loan'); bank.frame();"
        "print(json.dumps(sorted({'pandas', 'pyarrow', 'sklearn', 'scipy'} & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []


def test_every_real_client_has_the_same_record_alone_and_among_all(real_data, tmp_path):
    portfolio = portfolios.load("home_credit")
    path = tmp_path / "home_credit.duckdb"
    load_folder(portfolio, real_data / "home_credit" / "sample", path, progress=False)
    bank = Bank(portfolio, path)
    frame = bank.frame().drop(portfolio.target)
    ids = frame[portfolio.id_column].cast(pl.String).to_list()
    assert [bank.record(client_id) for client_id in ids] == frame.to_dicts()
    assert bank.records(ids).equals(frame)
