"""One small demo bank for all tests of the demo."""

import polars as pl
import pytest

from data import demo
from data.portfolios.home_credit.demo.schemas import published

CLIENTS, SEED = 4_000, 5


@pytest.fixture(scope="session")
def bank(tmp_path_factory) -> dict[str, pl.DataFrame]:
    """The tables of a demo bank; ``application`` holds labelled and unlabelled clients."""
    folder = tmp_path_factory.mktemp("demo")
    demo.generate("home_credit", folder, CLIENTS, SEED)
    tables = {name: pl.read_parquet(folder / f"{name}.parquet") for name in published()}
    labelled, unlabelled = tables["application_train"], tables["application_test"]
    return tables | {"application": pl.concat([labelled.drop("TARGET"), unlabelled])}


@pytest.fixture(scope="session")
def loans(bank) -> pl.DataFrame:
    """Earlier applications that became ordinary loans."""
    rows = bank["previous_application"].filter(pl.col("DAYS_FIRST_DUE") < 0)
    return rows.filter(pl.col("NAME_CONTRACT_TYPE") != "Revolving loans")
