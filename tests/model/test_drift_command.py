"""The whole way of a batch, from files to what is kept; and everything that is no batch."""

import gzip
import json
import subprocess
import sys
import zipfile

import polars as pl
import pytest
from drift_support import PORTFOLIO, judged, reported, store_of_its_own
from typer.testing import CliRunner

from config import settings
from data import demo
from model import batches, drift_batch, drift_run
from model.__main__ import app
from model.batches import UnknownBatch

run = CliRunner().invoke


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    """A folder of 400 other synthetic clients, and their application file alone."""
    folder = tmp_path_factory.mktemp("others")
    demo.generate(PORTFOLIO, folder, clients=400, seed=99)
    return folder


@pytest.fixture(autouse=True)
def own(store, tmp_path):
    place = tmp_path / "store"
    place.mkdir()
    with store_of_its_own(store, place):
        yield place


@pytest.fixture
def flat(others, tmp_path):
    """The application file of the others, as CSV, to be spoilt."""
    path = tmp_path / "november.csv"
    pl.read_parquet(others / "application_test.parquet").write_csv(path)
    return path


def drift(*arguments):
    return run(app, ["drift", PORTFOLIO, *map(str, arguments)])


class TestJudging:
    def test_a_folder_of_the_same_kind_is_stable(self, others):
        result = drift(others, "--no-report", "--json", "--name", "November", "--day", "2026-11-20")
        assert result.exit_code == 0, result.output
        told = json.loads(result.stdout)
        assert (told["state"], told["name"], told["day"], told["source"]) == (
            "stable",
            "November",
            "2026-11-20",
            "folder",
        )
        assert batches.read(PORTFOLIO, told["id"]).rows == told["rows"]

    def test_a_flat_file_is_named_after_itself(self, others, tmp_path):
        path = tmp_path / "Novembre 2026.parquet"
        pl.concat(
            [pl.read_parquet(p) for p in others.glob("application_t*.parquet")], how="diagonal"
        ).write_parquet(path)
        result = drift(path, "--no-report", "--json")
        assert result.exit_code == 0, result.output
        told = json.loads(result.stdout)
        assert (told["name"], told["source"]) == ("Novembre 2026", "file")
        assert "coverage" in told["causes"], "no history came with it, and that is said"

    def test_the_banks_own_applications(self):
        result = drift("unlabelled", "--no-report")
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith("stable")
        assert "median points" in result.stdout

    def test_twenty_rows_say_too_few(self, flat):
        pl.read_csv(flat).head(20).write_csv(flat)
        result = drift(flat)
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith("few")
        assert "at least 100 are needed" in result.stdout
        (only,) = batches.batches(PORTFOLIO)
        assert not batches.has_report(PORTFOLIO, only.id)

    def test_halves_of_training_can_be_judged(self):
        assert drift_run.half(PORTFOLIO, 1).state == "stable"
        assert batches.batches(PORTFOLIO) == [], "and are not kept"


def zipped(path, name, content):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def missing_columns(flat):
    pl.read_csv(flat).drop("AMT_CREDIT", "EXT_SOURCE_2").write_csv(flat)
    return flat


def strings_in_numbers(flat):
    text = pl.read_csv(flat, infer_schema=False)
    text.with_columns(pl.lit("much").alias("AMT_CREDIT")).write_csv(flat)
    return flat


def empty(flat):
    flat.write_text("")
    return flat


def only_a_header(flat):
    flat.write_text(flat.read_text().splitlines()[0] + "\n")
    return flat


def of_another_portfolio(flat):
    flat.write_text("age,job,y\n30,admin,no\n")
    return flat


def corrupted_parquet(flat):
    path = flat.with_suffix(".parquet")
    pl.read_csv(flat).write_parquet(path)
    path.write_bytes(path.read_bytes()[:2000] + b"PAR1")
    return path


def parquet_damaged_inside(flat):
    path = flat.with_suffix(".parquet")
    pl.read_csv(flat).write_parquet(path)
    body = bytearray(path.read_bytes())
    body[2000:6000] = bytes(4000)
    path.write_bytes(body)
    return path


def not_parquet_at_all(flat):
    path = flat.with_suffix(".parquet")
    path.write_bytes(b"PAR1" + b"\0" * 100 + b"PAR1")
    return path


def broken_gzip(flat):
    path = flat.with_name("november.csv.gz")
    path.write_bytes(gzip.compress(flat.read_bytes())[:-50])
    return path


def broken_zip(flat):
    path = flat.with_suffix(".zip")
    path.write_bytes(b"PK\x03\x04 and no more")
    return path


def nothing_there(flat):
    return flat.with_name("nowhere.csv")


SPOILT = {
    missing_columns: "AMT_CREDIT",
    strings_in_numbers: "a number is expected",
    empty: "empty",
    only_a_header: "no row",
    of_another_portfolio: "missing",
    corrupted_parquet: "cannot be read",
    parquet_damaged_inside: "cannot be read",
    not_parquet_at_all: "cannot be read",
    broken_gzip: "cannot be read",
    broken_zip: "zip",
    nothing_there: "no such",
}


class TestWhatIsNoBatch:
    def test_is_told_within_the_memory_of_a_job(self, flat, own):
        text = pl.read_csv(flat, infer_schema=False)
        text.select("SK_ID_CURR", *(pl.lit("much").alias(name) for name in text.columns[1:])).write_csv(flat)
        bounds = [str(settings().job_memory_mb), "500", str(flat.parent)]
        launched = ["-m", "model.launch", *bounds, "-m", "model", "drift", PORTFOLIO, str(flat)]
        ended = subprocess.run([sys.executable, *launched], capture_output=True, text=True, timeout=120)
        assert ended.returncode != 0
        assert "AMT_CREDIT is 'much', a number is expected" in ended.stderr

    @pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
    def test_is_refused_in_one_clear_line_and_nothing_is_kept(self, flat, spoil, own):
        result = drift(spoil(flat))
        assert result.exit_code == 2, result.output
        (line,) = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
        assert SPOILT[spoil] in line
        assert "Traceback" not in result.output
        assert not (own / "drift").exists()

    def test_a_file_that_is_too_large_is_refused_before_it_is_read(self, flat, own, monkeypatch):
        monkeypatch.setattr(drift_batch, "MOST_FILE", 10_000)
        result = drift(flat)
        assert result.exit_code == 2
        assert "at most" in result.stderr
        assert not (own / "drift").exists()

    def test_two_hundred_megabytes_are_too_many(self, tmp_path, own):
        path = tmp_path / "large.csv"
        with path.open("wb") as file:
            file.truncate(200_000_000)  # takes no room on the disk
        result = drift(path)
        assert result.exit_code == 2
        assert "200 MB, 150 MB at most" in result.stderr

    @pytest.mark.parametrize("packing", ["zip", "gzip", "parquet", "parquet in zip"])
    def test_a_small_file_that_unpacks_without_end_is_refused(self, tmp_path, own, monkeypatch, packing):
        monkeypatch.setattr(drift_batch, "MOST_FILE", 1_000_000)
        nothing = b"0" * 8_000_000
        table = tmp_path / "application_test.parquet"
        pl.DataFrame({"SK_ID_CURR": pl.Series([1]).new_from_index(0, 2_000_000)}).write_parquet(table)
        made = {
            "zip": lambda: zipped(tmp_path / "b.zip", "application_test.csv", nothing),
            "gzip": lambda: (
                (tmp_path / "b.csv.gz").write_bytes(gzip.compress(nothing)) and tmp_path / "b.csv.gz"
            ),
            "parquet": lambda: table,
            "parquet in zip": lambda: zipped(
                tmp_path / "b.zip", "application_test.parquet", table.read_bytes()
            ),
        }
        path = made[packing]()
        assert path.stat().st_size < 1_000_000
        result = drift(path)
        assert result.exit_code == 2, result.output
        assert "unpacks to more than" in result.stderr
        assert not (own / "drift").exists()

    def test_a_bank_without_unlabelled_files_says_so(self, others, monkeypatch):
        from data.bank import Bank

        whole = Bank.frame
        monkeypatch.setattr(Bank, "frame", lambda self, labelled=None: whole(self, labelled).clear())
        result = drift("unlabelled")
        assert result.exit_code == 2
        assert "nothing to judge" in result.stderr

    def test_without_a_model_the_line_says_how_to_train_one(self, own):
        (own / "models").unlink()
        result = drift("unlabelled")
        assert result.exit_code == 2
        assert "python -m model train home_credit" in result.stderr


class TestWhatIsKept:
    def test_comes_back_in_the_order_of_its_days(self):
        for day in ("2026-11-20", "2026-09-20", "2026-10-20"):
            judged(day, rows=120)
        assert [one.day for one in batches.batches(PORTFOLIO)] == ["2026-09-20", "2026-10-20", "2026-11-20"]

    def test_is_left_out_when_it_cannot_be_read(self, own, caplog):
        kept, spoilt = judged("2026-10-20", rows=120), judged("2026-11-20", rows=120)
        (own / "drift" / PORTFOLIO / spoilt.id / batches.VERDICT).write_text("{")
        assert batches.batches(PORTFOLIO) == [kept]
        assert "cannot be read" in caplog.text

    def test_holds_no_clients_number(self, own):
        from data.bank import open_bank

        verdict = judged("2026-11-20")
        ids, _ = open_bank(PORTFOLIO).search("", limit=3000)
        text = (own / "drift" / PORTFOLIO / verdict.id / batches.VERDICT).read_text()
        assert not any(f'"{client}"' in text for client in ids)

    @pytest.mark.parametrize(
        "number",
        ["..", "../../models/home_credit/1", "", "20261121-074830-099", "x", "\0", "20261121-074830-0990/.."],
    )
    def test_is_never_looked_for_outside_the_store(self, number):
        with pytest.raises(UnknownBatch):
            batches.read(PORTFOLIO, number)
        with pytest.raises(UnknownBatch):
            batches.report_file(PORTFOLIO, number, batches.HTML)
        assert batches.report(PORTFOLIO, number) is None

    def test_tells_of_its_report_once_it_is_made(self):
        verdict = judged("2026-11-20", rows=120)
        assert batches.report(PORTFOLIO, verdict.id) is None
        reported(verdict)
        assert batches.report(PORTFOLIO, verdict.id).compared == len(verdict.columns)

    def test_there_is_nothing_of_a_portfolio_that_was_never_judged(self):
        assert batches.batches(PORTFOLIO) == []
        assert batches.batches("../models") == []
        assert not (settings().store_dir / "drift").exists()
