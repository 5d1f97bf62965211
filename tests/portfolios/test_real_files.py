"""Three public files become portfolios by one command each, and pass what those built in pass."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import config
from benchmarks.portfolios import real
from components.i18n import LANGUAGES
from data import portfolios
from data.bank import open_bank
from model.artifact import champion
from tests.portfolios import own_files
from tests.portfolios.checks import OF_A_FILE, OF_THE_MODEL, agrees, reads_well, shown

pytestmark = pytest.mark.slow
FILES = ("german_credit", "give_me_some_credit", "bank_marketing")
AUC = {"german_credit": 0.75, "give_me_some_credit": 0.84, "bank_marketing": 0.78}
MOST = 30_000  # lines of the longest file: the whole of it is for ``benchmarks --only portfolios``


@pytest.fixture(scope="module", params=FILES)
def made(request, real_data, tmp_path_factory) -> Iterator[str]:
    """One of the files, made a portfolio and trained in a store of its own."""
    folder = tmp_path_factory.mktemp(request.param)
    (asked,) = (one for one in real(real_data / "other") if one.name == request.param)
    with pytest.MonkeyPatch.context() as patch:
        own_files.use(patch, folder)
        own_files.made(replace(asked, file=_short(asked.file, folder)))
        yield request.param
    config.settings.cache_clear()
    portfolios.forget()


@pytest.fixture(autouse=True)
def _own_portfolios(made):
    """The store of each file stays in force for all its tests, in place of the synthetic one."""


@pytest.fixture
def server(made):
    """The application, on the store of the file."""
    import app

    return app.server


def _short(file: Path, folder: Path) -> Path:
    rows = pl.read_parquet(file)
    if len(rows) <= MOST:
        return file
    rows.sample(MOST, seed=1).write_parquet(folder / file.name)
    return folder / file.name


@pytest.fixture
def spread(made) -> list[str]:
    """The ids of 200 files, spread over the bank."""
    found, total = open_bank(made).search("", limit=1_000_000)
    return found[:: max(total // 200, 1)][:200]


def test_page_api_and_scoring_say_the_same_of_200_files(server, made, spread):
    assert len(spread) == 200
    agrees(server, made, spread)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_reads_well(server, made, spread, lang):
    for page in OF_A_FILE:
        for client in (*spread[::50], None, "nobody"):
            reads_well(made, shown(page, made, lang, client))
    for page in OF_THE_MODEL:
        reads_well(made, shown(page, made, lang))


def test_every_address_of_the_api_answers(server, made, spread):
    visitor = server.test_client()
    for rest in ("clients", "model", "drift", f"clients/{spread[0]}", f"clients/{spread[0]}/recourse"):
        assert visitor.get(f"/api/v1/{made}/{rest}?lang=en").status_code == 200


def test_the_model_ranks_as_well_as_such_data_allow(made):
    assert champion(made).card["metrics"]["auc"]["value"] > AUC[made]
