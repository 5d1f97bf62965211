"""Loading files into a bank: every way they may come, and everything that may be wrong with them."""

import gzip
import logging
import zipfile

import duckdb
import polars as pl
import pytest

from data import portfolios
from data.bank import Bank
from data.load import LoadError, load_folder
from tests.data.corner_bank import COLUMNS, TABLES, write_csv


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

    @pytest.mark.parametrize(("stem", "labelled"), [("client_train", 4), ("client_test", 0)])
    def test_a_single_file_of_the_main_table_under_any_name(self, load, files, tmp_path, stem, labelled):
        for name in (f"{stem}.csv", "november.csv"):
            alone = tmp_path / name
            alone.write_bytes((files / f"{stem}.csv").read_bytes())
            assert load(alone).labelled == labelled


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
            (
                ["2,1,1,1", "10,1,1,1", "11,1,1,1", "30,1,1,1"],
                "clients that are not in it (1, for example 103)",
            ),
            (
                ["2,0,0,1", "10,1,1,1", "11,1,1,1", "30,1,1,1", "103,1,1,1"],
                "clients with rows in loan, which is told as not collected for them (1, for example 2)",
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
            "coverage.csv: clients for whom card is told as collected, which has no file "
            "(2, for example 2, 10); "
            "correct the one or the other"
        ]

    def test_that_names_a_client_twice_is_refused(self, files, faults):
        rows = [f"{client},1,1,1" for client in (2, 2, 10, 11, 30, 103)]
        (files / "coverage.csv").write_text("\n".join(["id,loan,loan_month,card", *rows]))
        assert faults() == ["coverage: repeated id (1, for example 2); keep one row of each"]


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
