"""The corner bank's portfolio and files, made afresh for each test."""

from pathlib import Path

import pytest
from corner_bank import make_files, make_portfolio

from data.load import load_folder


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
