"""A small demo bank of prospects, to train on in stores of its own."""

import shutil
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests_support import own_store

from data import demo, load, portfolios
from data.bank import Bank, bank_path
from model.artifact import Model
from model.recipe import Overrides, Recipe
from model.train import train

PORTFOLIO = "prospects"
ENOUGH = 8_000  # clients; with fewer, too few are young for a model of their own
# Few trees: these tests are about who learns from whom, not about good models.
QUICK = Recipe({"application": Overrides({"learning_rate": 0.3})})


def make_bank(folder: Path, tables: Path, clients: int = ENOUGH) -> Path:
    """Fill the bank of a store with made-up prospects; return the store."""
    with own_store(folder):
        demo.generate(PORTFOLIO, tables, clients=clients, seed=3)
        load.load_folder(portfolios.load(PORTFOLIO), tables, bank_path(PORTFOLIO), synthetic=True)
    return folder


def trained_in(store: Path, bank: Path, way: str = "auto") -> Model:
    """Train in another store on the bank of ``bank``, and leave the model in service there."""
    shutil.copytree(bank / "banks", store / "banks")
    with own_store(store):
        return train(PORTFOLIO, seed=5, recipe=QUICK, way=way)[0]


@contextmanager
def outcomes_dealt_again(seed: int):
    """Let banks tell outcomes, and what was taken, dealt again among the rows set aside."""
    about = portfolios.load(PORTFOLIO)
    target, offer = about.target, about.settings["offers"]["column"]
    plain = Bank.frame

    def frame(self, labelled: bool | None = None) -> pl.DataFrame:
        told = plain(self, labelled)
        aside = told[about.settings["split"]["column"]].is_in(about.settings["split"]["test"]).to_numpy()
        rows = np.arange(len(told))
        rows[aside] = np.random.default_rng(seed).permutation(rows[aside])
        return told.with_columns(told[target][rows], told[offer][rows])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bank, "frame", frame)
        yield
