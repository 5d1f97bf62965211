"""Portfolios made by one command, trained once, and the application on them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import config
from data import portfolios
from data.bank import open_bank
from tests.portfolios import own_files

OWN = ("prets", "answers")


@pytest.fixture(scope="session")
def store(tmp_path_factory) -> Path:
    """A store with two portfolios made from flat files, each with a model in service."""
    folder, files = tmp_path_factory.mktemp("own"), tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch:
        own_files.use(patch, folder)
        own_files.made(own_files.loans(files), own_files.answers(files))
    _forget()
    return folder


@pytest.fixture(autouse=True)
def _own_portfolios(store, monkeypatch) -> Iterator[None]:
    own_files.use(monkeypatch, store)
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    config.settings.cache_clear()
    portfolios.forget()


@pytest.fixture(params=OWN)
def own(request) -> str:
    """The id of a portfolio made by command."""
    return request.param


@pytest.fixture
def ids(own) -> list[str]:
    """Forty of its files, spread over it."""
    found, total = open_bank(own).search("", limit=10_000)
    return found[:: total // 40][:40]
