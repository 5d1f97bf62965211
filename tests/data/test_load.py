"""Loading files into a bank: every way they may come, and everything that may be wrong with them."""

import csv
import gzip
import logging
import shutil
import zipfile

import duckdb
import polars as pl
import pytest
from corner_bank import COLUMNS, TABLES, write_csv

from data import portfolios
from data.bank import Bank
from data.load import LoadError, load_folder


@pytest.fixture
def change(files):
    """Change one value of a CSV file: its line (the header is 1), its column, the new text."""

    def apply(name, line, column, value):
        rows = list(csv.reader((files / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
        rows[line - 1][rows[0].index(column)] = value
        write_csv(files / f"{name}.csv", rows)

    return apply


@pytest.fixture
def faults(load):
    """Load and return the faults found."""

    def found(*args):
        with pytest.raises(LoadError) as caught:
            load(*args)
        assert str(caught.value) == "\n".join(caught.value.faults)
        return list(caught.value.faults)

    return found


def frame_of(portfolio, place):
    bank = Bank(portfolio, place)
    frame = bank.frame()
    bank.close()
    return frame


class TestFilesComeIn:
    def test_csv(self, load, portfolio, place):
        meta = load()
        assert (meta.clients, meta.labelled, meta.synthetic) == (5, 4, False)
        assert meta.tables == ("loan", "loan_month", "card")
        assert meta.rows == {"client": 5, "loan": 4, "loan_month": 4, "card": 3}
        assert frame_of(portfolio, place)["town"].to_list() == [
            "Saint-Malo, Bretagne",
            "Lyon",
            "Lyon",
            'L"Isle',
            None,
        ]

    def test_parquet_gzip_zip_and_one_archive_and_give_the_same_bank(self, load, files, tmp_path):
        plain = load()
        forms = {name: tmp_path / name for name in ("parquet", "gzip", "zip", "archive")}
        for folder in forms.values():
            folder.mkdir()
        with zipfile.ZipFile(forms["archive"] / "all.zip", "w") as archive:
            for path in files.iterdir():
                pl.read_csv(path).write_parquet(forms["parquet"] / f"{path.stem}.parquet")
                with gzip.open(forms["gzip"] / f"{path.name}.gz", "wb") as packed:
                    packed.write(path.read_bytes())
                with zipfile.ZipFile(forms["zip"] / f"{path.name}.zip", "w") as packed:
                    packed.write(path, path.name)
                archive.write(path, f"inside/{path.name}")
            archive.writestr("__MACOSX/inside/._loan.csv", "rubbish")
        for folder in (*forms.values(), forms["archive"] / "all.zip"):
            assert load(folder).fingerprint == plain.fingerprint

    def test_whatever_their_order_of_rows_and_columns_their_case_and_their_delimiter(self, load, files):
        plain = load()
        write_csv(files / "loan.csv", [TABLES["loan"][0], *reversed(TABLES["loan"][1:])])
        rows = ["town;DAYS_EMPLOYED;id;bad;children;income"]
        rows += [f"{r[3]};{r[5]};{r[0]};{r[1]};{r[4]};{r[2]}" for r in TABLES["client_train"][1:]]
        text = "\ufeff" + "\r\n".join(rows).replace('L"Isle', '"L""Isle"')
        (files / "client_train.csv").write_text(text, encoding="utf-8")
        assert load().fingerprint == plain.fingerprint

    def test_with_an_index_column_which_is_left_out_with_a_warning(self, load, files, caplog):
        rows = [[at or "", *row] for at, row in enumerate(TABLES["card"])]
        write_csv(files / "card.csv", rows)
        load()
        assert "card.csv: column column 1 is unknown and left out" in caplog.text

    def test_only_labelled_or_only_unlabelled(self, load, files):
        (files / "client_test.csv").unlink()
        assert load().labelled == 4
        for path in files.glob("*.csv"):
            path.unlink()
        write_csv(files / "client_test.csv", TABLES["client_test"])
        assert (load().clients, load().labelled) == (1, 0)

    def test_outcomes_in_the_unlabelled_file_are_not_read(self, load, files):
        write_csv(
            files / "client_test.csv",
            [["id", "bad", "income", "town", "children", "days_employed"], [10, 1, 7, "", 3, 0]],
        )
        assert load().labelled == 4

    def test_nan_and_infinity_become_missing_and_codes_stay(self, load, portfolio, place, files):
        clients = pl.DataFrame(
            {
                "id": [1.0, 2.0, 3.0],
                "bad": [0, 1, 0],
                "income": [float("nan"), float("inf"), 5.0],
                "town": ["", "XNA", None],
                "children": [1.0, 2.0, 3.0],
                "days_employed": [365243.0, float("nan"), -1.0],
            }
        )
        for path in files.iterdir():
            path.unlink()
        clients.write_parquet(files / "client_train.parquet")
        load()
        frame = frame_of(portfolio, place)
        assert frame["income"].to_list() == [None, None, 5.0]
        assert frame["town"].to_list() == [None, "XNA", None]
        assert frame["days_employed"].to_list() == [365243, None, -1]

    def test_the_dictionary_is_decoded_and_renamed(self, load, files, place):
        text = ",Row,Description\n1,income,“net”…\n"
        (files / "words of the publisher.csv").write_text(text, encoding="cp1252")
        load()
        with duckdb.connect(str(place), read_only=True) as connection:
            assert connection.execute("SELECT * FROM dictionary").fetchall() == [("income", "“net”…")]

    def test_a_single_flat_file_of_a_portfolio_with_one_table(self, tmp_path):
        folder = tmp_path / "flat"
        folder.mkdir()
        (folder / "schema.sql").write_text(
            'CREATE TABLE people (who VARCHAR PRIMARY KEY, y VARCHAR, "emp.rate" DOUBLE)'
        )
        settings = 'id = "flat"\nmain_table = "people"\nid_column = "who"\ntarget = "y"\npositive = "yes"\n'
        (folder / "portfolio.toml").write_text(settings)
        (folder / "columns.csv").write_text(COLUMNS.splitlines()[0])
        file = tmp_path / "anything at all.csv"
        write_csv(file, [["who", "y", "emp.rate"], ["b'", "yes", 1.5], ["a", "no", ""], ["é", "", "NA"]])
        portfolio = portfolios.read(folder)
        load_folder(portfolio, file, tmp_path / "flat.duckdb", progress=False)
        bank = Bank(portfolio, tmp_path / "flat.duckdb")
        assert bank.search("") == (["a", "b'", "é"], 3)
        assert [bank.outcome(who) for who in ("b'", "a", "é")] == [1, 0, None]
        assert bank.record("b'") == {"who": "b'", "emp.rate": 1.5}
        assert bank.frame()["y"].to_list() == [0, 1, None]


class TestCoverage:
    def test_an_absent_table_is_not_collected_and_said_so(self, load, files, portfolio, place, caplog):
        (files / "card.csv").unlink()
        assert load().tables == ("loan", "loan_month")
        assert frame_of(portfolio, place)["covered_cards"].to_list() == [False] * 5
        assert "card: no file; taken as not collected" in caplog.text

    def test_an_empty_table_is_collected(self, load, files, portfolio, place):
        write_csv(files / "loan_month.csv", TABLES["loan_month"][:1])
        write_csv(files / "loan.csv", TABLES["loan"][:1])
        load()
        assert frame_of(portfolio, place)["LOANS"].to_list() == [0] * 5

    def test_a_file_says_client_by_client(self, load, files, portfolio, place):
        flags = {2: (True, True), 10: (False, False), 11: (True, False), 30: (True, ""), 103: (False, "")}
        rows = [[client, loan, loan, card] for client, (loan, card) in flags.items()]
        write_csv(files / "coverage.csv", [["id", "loan", "loan_month", "card"], *rows])
        (files / "card.csv").unlink()
        rows[0][3] = False
        write_csv(files / "coverage.csv", [["id", "loan", "loan_month", "card"], *rows])
        load()
        frame = frame_of(portfolio, place)
        assert frame["covered_loans"].to_list() == [True, False, True, True, False]
        assert frame["LOANS"].to_list() == [3, None, 1, 0, None]

    @pytest.mark.parametrize(
        ("rows", "fault"),
        [
            (["2,1,1,1", "10,1,1,1", "11,1,1,1", "30,1,1,1"], "1 clients are not in it (103)"),
            (
                ["2,0,0,1", "10,1,1,1", "11,1,1,1", "30,1,1,1", "103,1,1,1"],
                "1 clients have rows in loan but it is told as not collected (2)",
            ),
        ],
    )
    def test_that_contradicts_the_tables_is_refused(self, files, faults, rows, fault):
        (files / "coverage.csv").write_text("\n".join(["id,loan,loan_month,card", *rows]))
        assert f"coverage.csv: {fault}; correct the one or the other" in faults()

    def test_of_a_table_without_a_file_is_refused(self, files, faults):
        (files / "card.csv").unlink()
        rows = [f"{client},1,1,{int(client < 11)}" for client in (2, 10, 11, 30, 103)]
        (files / "coverage.csv").write_text("\n".join(["id,loan,loan_month,card", *rows]))
        assert faults() == [
            "coverage.csv: card is told as collected for 2 clients (2, 10) but has no file; "
            "correct the one or the other"
        ]

    def test_that_names_a_client_twice_is_refused(self, files, faults):
        rows = [f"{client},1,1,1" for client in (2, 2, 10, 11, 30, 103)]
        (files / "coverage.csv").write_text("\n".join(["id,loan,loan_month,card", *rows]))
        assert faults() == ["coverage: 1 repeated id (2); keep one row of each"]


class TestFaults:
    def test_a_column_is_missing(self, files, faults):
        write_csv(files / "loan.csv", [["loan_id", "id"], [7, 2]])
        assert faults() == ["loan.csv: column opened missing; add what is missing"]

    def test_outcomes_are_missing_from_the_labelled_file(self, files, faults):
        write_csv(files / "client_train.csv", TABLES["client_test"])
        assert faults() == ["client_train.csv: column bad missing; add what is missing"]

    @pytest.mark.parametrize(
        ("name", "line", "column", "value", "fault"),
        [
            ("client_train", 4, "income", "much", "income is 'much', a number is expected"),
            ("client_train", 3, "children", "1.5", "children is '1.5', a whole number is expected"),
            ("client_train", 3, "children", "", "children is empty, a value is expected"),
            ("client_test", 2, "id", "1O", "id is '1O', a whole number is expected"),
            ("loan", 3, "opened", "9" * 20, f"opened is '{'9' * 20}', a whole number is expected"),
        ],
    )
    def test_a_value_is_not_of_its_column(self, change, faults, name, line, column, value, fault):
        change(name, line, column, value)
        assert f"{name}.csv line {line}: {fault} (1 such row)" in faults()

    @pytest.mark.parametrize(
        ("name", "line", "column", "value", "fault"),
        [
            (
                "client_train",
                2,
                "income",
                "-1",
                "client: income > 0 does not hold in 1 row, for example -1.0 (id 11)",
            ),
            (
                "client_train",
                2,
                "bad",
                "2",
                "client: bad IN (0, 1) does not hold in 1 row, for example 2 (id 11)",
            ),
            ("client_train", 2, "id", "2", "client: 1 repeated id (2); keep one row of each"),
            (
                "loan_month",
                3,
                "month",
                "-1",
                "loan_month: 1 repeated loan_id + month (7 / -1); keep one row of each",
            ),
            (
                "card",
                3,
                "id",
                "7",
                "card: 1 orphan rows, whose id client does not have (7); add those or remove the rows",
            ),
        ],
    )
    def test_a_key_or_a_limit_is_not_kept(self, change, faults, name, line, column, value, fault):
        change(name, line, column, value)
        assert fault in faults()

    def test_all_kinds_are_told_at_once(self, change, faults):
        change("client_train", 2, "income", "?")
        change("loan", 2, "opened", "soon")
        change("loan", 3, "opened", "later")
        change("card", 2, "id", "404")
        assert faults() == [
            "client_train.csv line 2: income is '?', a number is expected (1 such row)",
            "loan.csv line 2: opened is 'soon', a whole number is expected (2 such rows)",
            "card: 1 orphan rows, whose id client does not have (404); add those or remove the rows",
        ]

    def test_a_line_has_too_few_values_or_too_many(self, files, faults):
        with (files / "loan.csv").open("a") as file:
            file.write("9,2\n10,2,-3,4\n")
        first, second = faults()
        assert first.startswith("loan.csv line 6: Expected Number of Columns: 3 Found: 2")
        assert second.startswith("loan.csv line 7: Expected Number of Columns: 3 Found: 4")

    def test_a_value_in_parquet_is_wrong(self, files, faults):
        (files / "loan.csv").unlink()
        loans = pl.DataFrame({"loan_id": [1, 2], "id": [2, 2], "opened": ["-3", "three"]})
        loans.write_parquet(files / "loan.parquet")
        assert "loan.parquet row 2: opened is 'three', a whole number is expected (1 such row)" in faults()

    def test_orphans_are_set_aside_only_where_the_portfolio_says_so(self, files, load, caplog):
        with (files / "loan_month.csv").open("a") as file:
            file.write("404,-1,C\n404,-2,C\n")
        assert load().rows["loan_month"] == 4
        assert "loan_month: 2 rows of 6 point at nothing and are set aside" in caplog.text

    def test_a_child_comes_without_its_parent(self, files, faults):
        (files / "loan.csv").unlink()
        assert faults() == ["loan_month.csv: its rows point at loan, which has no file; add it"]

    def test_the_main_table_is_missing(self, files, faults):
        (files / "client_train.csv").unlink()
        (files / "client_test.csv").unlink()
        assert faults() == [
            f"{files}: no file for table client; expected client_train or client_test (.csv, .zip, .parquet)"
        ]

    def test_nothing_is_there(self, tmp_path, faults):
        assert faults(tmp_path / "nowhere") == [f"{tmp_path / 'nowhere'}: no such folder or file"]
        (tmp_path / "empty").mkdir()
        assert faults(tmp_path / "empty")[0].startswith(f"{tmp_path / 'empty'}: no data file here")

    def test_a_table_is_there_twice(self, files, faults):
        shutil.copy(files / "loan.csv", files / "loan.parquet")
        assert faults() == ["loan.csv and loan.parquet hold the same table; keep one of them"]

    def test_a_column_is_there_twice(self, files, faults):
        (files / "loan.csv").write_text("loan_id,id,opened,id\n7,2,-30,2\n")
        assert faults() == ["loan.csv line 1: column id is there twice; keep one"]

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("loan.csv", b"", "loan.csv: the file is empty"),
            ("loan.csv", b"\xff\xfe\x00\x01", "loan.csv: cannot be read"),
            ("loan.parquet", b"PAR1 not really", "loan.parquet: cannot be read"),
            ("loan.zip", b"PK not really", "loan.zip: not a readable zip file"),
            ("loan.csv.gz", b"not gzip", "loan.csv.gz: cannot be read"),
        ],
    )
    def test_a_file_is_broken(self, files, faults, name, content, words):
        (files / "loan.csv").unlink()
        (files / name).write_bytes(content)
        (fault,) = faults()
        assert fault.startswith(words)

    def test_text_is_in_another_encoding(self, files, faults):
        (files / "client_test.csv").write_bytes(
            "id,income,town,children,days_employed\n10,7,Épinal,0,0\n".encode("cp1252")
        )
        assert faults()[0].startswith("client_test.csv")


class TestThePreviousBank:
    def test_stays_and_nothing_is_left_beside_it_when_a_load_fails(self, load, change, place, portfolio):
        before = load().fingerprint
        change("loan", 2, "id", "77")
        with pytest.raises(LoadError):
            load()
        assert list(place.parent.iterdir()) == [place]
        assert Bank(portfolio, place).meta.fingerprint == before

    def test_stays_when_the_load_is_interrupted(self, load, place, portfolio, monkeypatch):
        before = load().fingerprint

        def interrupted(*args):
            raise KeyboardInterrupt

        monkeypatch.setattr("data.load.features.history", interrupted)
        with pytest.raises(KeyboardInterrupt):
            load()
        assert list(place.parent.iterdir()) == [place]
        assert Bank(portfolio, place).meta.fingerprint == before

    def test_is_replaced_by_a_whole_one(self, load, files, place):
        load()
        (files / "client_test.csv").unlink()
        load(synthetic=True)
        assert list(place.parent.iterdir()) == [place]


def test_the_fingerprint_follows_every_value(load, change):
    before = load().fingerprint
    change("loan", 2, "opened", "-31")
    assert load().fingerprint != before


def test_a_log_never_names_a_client(load, caplog):
    caplog.set_level(logging.DEBUG)
    load()
    assert not any(client_id in caplog.text for client_id in ("103", "Lyon"))


class TestRealRows:
    def test_of_every_folder_load_with_their_coverage(self, real_data, tmp_path):
        portfolio = portfolios.load("home_credit")
        path = tmp_path / "home_credit.duckdb"
        expected = {"sample": (233, 233), "history": (11_646, 11_646)}
        for name, counts in expected.items():
            meta = load_folder(portfolio, real_data / "home_credit" / name, path, progress=False)
            assert (meta.clients, meta.labelled) == counts

    @pytest.mark.slow
    def test_of_the_mixed_folder_are_covered_as_it_says(self, real_data, tmp_path):
        portfolio = portfolios.load("home_credit")
        path = tmp_path / "home_credit.duckdb"
        load_folder(portfolio, real_data / "home_credit" / "mixed", path, progress=False)
        frame = frame_of(portfolio, path)
        told = pl.read_parquet(real_data / "home_credit" / "mixed" / "coverage.parquet").sort(
            portfolio.id_column
        )
        for family, about in portfolio.families.items():
            assert frame[f"covered_{family}"].equals(told[about["tables"][0]].alias(f"covered_{family}"))
