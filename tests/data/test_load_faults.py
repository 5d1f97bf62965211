"""Everything that may be wrong with files: told in one line per kind of fault, all at once."""

import shutil

import polars as pl
import pytest

from tests.data.corner_bank import TABLES, write_csv


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
            ("client_train", 2, "id", "2", "client: repeated id (1, for example 2); keep one row of each"),
            (
                "loan_month",
                3,
                "month",
                "-1",
                "loan_month: repeated loan_id + month (1, for example 7 / -1); keep one row of each",
            ),
            (
                "card",
                3,
                "id",
                "7",
                "card: orphan rows, whose id client does not have (1, for example 7); "
                "add those or remove the rows",
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
            "card: orphan rows, whose id client does not have (1, for example 404); "
            "add those or remove the rows",
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
