"""The corner bank's portfolio and files, and ledgers, made afresh for each test."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from ledgers import DATABASES, own_ledger

import config
from data.load import LoadError, load_folder
from tests.data.corner_bank import make_files, make_portfolio, write_csv
from tests.data.flat_support import Maker


@pytest.fixture
def portfolio(tmp_path):
    """A bank on the corner: five clients, their loans month by month, their cards."""
    return make_portfolio(tmp_path / "corner_bank")


@pytest.fixture
def files(tmp_path) -> Path:
    """A folder with the CSV files of the corner bank."""
    return make_files(tmp_path / "files")


@pytest.fixture
def place(tmp_path) -> Path:
    """Where the bank goes."""
    return tmp_path / "store" / "banks" / "corner_bank.duckdb"


@pytest.fixture
def load(portfolio, files, place):
    """Load the folder of files into the bank's place."""
    return lambda folder=files, **options: load_folder(portfolio, folder, place, progress=False, **options)


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


@pytest.fixture
def maker(tmp_path, monkeypatch) -> Maker:
    """Make portfolios of flat files, on a store and in a folder of their own."""
    monkeypatch.setenv("STORE_DIR", str(tmp_path / "store"))
    monkeypatch.setenv("PORTFOLIOS_DIR", str(tmp_path / "portfolios"))
    config.settings.cache_clear()
    return Maker(tmp_path)


@pytest.fixture(params=DATABASES)
def ledger(request, tmp_path) -> Iterator[str]:
    """An empty ledger in each kind of database; which one it is."""
    with own_ledger(request.param, tmp_path):
        yield request.param


@pytest.fixture
def sqlite(tmp_path) -> Iterator[Path]:
    """An empty ledger in SQLite; its file."""
    with own_ledger("sqlite", tmp_path):
        yield tmp_path / "ledger.sqlite"
