"""What cross-validation announces is what files that nobody saw bear out."""

import math

import polars as pl
import pytest
from tests_support import own_store

from data import demo, load, portfolios
from data.bank import bank_path
from model import batch
from model.artifact import champion
from model.train import train

PORTFOLIO = "home_credit"

JUDGED = ("auc", "cost_per_file", "brier", "refused_share")
# Four figures are looked at: for 95 % of them all together, each has 98.75 % (Bonferroni).
TOGETHER = 2.498 / 1.960

pytestmark = pytest.mark.slow


def agrees(announced: dict, value: float, other: float) -> bool:
    """Say whether a value lies within the joint interval of two samples.

    ``announced`` has its 95 % interval; ``other`` is how many times wider that of the value is.
    """
    margin = (announced["high"] - announced["low"]) / 2
    return abs(value - announced["value"]) <= TOGETHER * math.hypot(margin, margin * other)


def judged(card: dict, found: dict) -> None:
    wider = math.sqrt(card["data"]["rows"] / found["rows"])
    for name in JUDGED:
        assert agrees(card["metrics"][name], found[name], wider), (name, card["metrics"][name], found[name])


def test_on_clients_of_the_same_source_drawn_apart(store, tmp_path):
    demo.generate(PORTFOLIO, tmp_path / "others", clients=5_000, seed=99)
    judged(champion(PORTFOLIO).card, batch.evaluate(PORTFOLIO, tmp_path / "others"))


def test_an_evaluation_that_disagrees_would_be_seen():
    announced = {"value": 0.75, "low": 0.73, "high": 0.77}
    assert agrees(announced, 0.76, 1)
    assert not agrees(announced, 0.80, 1)


def test_on_real_clients_set_aside(real_data, tmp_path):
    portfolio = portfolios.load(PORTFOLIO)
    source = real_data / PORTFOLIO / "wide" / "application_train.parquet"
    frame = pl.read_parquet(source)
    # By a hash of the id, so that who is set aside depends on nothing else.
    aside = frame[portfolio.id_column].hash(1) % 5 == 0
    for name, rows in (("learnt", ~aside), ("aside", aside)):
        (tmp_path / name).mkdir()
        frame.filter(rows).write_parquet(tmp_path / name / source.name)
    with own_store(tmp_path):
        load.load_folder(portfolio, tmp_path / "learnt", bank_path(PORTFOLIO), progress=False)
        model, _ = train(PORTFOLIO)
        judged(model.card, batch.evaluate(PORTFOLIO, tmp_path / "aside"))
