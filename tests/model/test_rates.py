"""What a value is told beside: the commonest of few just above the mark, and how its like turned out."""

import numpy as np
import pytest

from data import portfolios
from model.artifact import champion
from model.assess import assess
from model.crowd import crowd
from model.rates import rates

PORTFOLIO = portfolios.load("prospects")
FEW = [name for name in PORTFOLIO.inputs if PORTFOLIO.columns[name].is_one_of_few]


@pytest.fixture
def model(prospects):
    return champion(PORTFOLIO.id)


def test_a_month_is_one_of_few_and_an_age_is_not():
    assert "MOIS" in FEW
    assert "AGE" not in FEW


def test_just_above_the_mark_the_commonest_of_few_is_told(model):
    told, people = model.card["reference"], crowd(model)
    near = (people.points >= told["low"]) & (people.points < told["high"])
    for name in FEW:
        values, counts = np.unique(people.column(name)[near], return_counts=True)
        own = people.own({name: told["value"][name]})[people.place[name]]
        assert own in values
        assert counts[values == own] == counts.max()


def test_the_share_told_is_that_of_all_with_the_same_value(model, prospects):
    people = crowd(model)
    found = [assess(PORTFOLIO.id, one) for one in prospects[:40]]
    told = {
        (name, one.features[name]): share for one in found for name, share in rates(model, one)[1].items()
    }
    assert {"MOIS", "AGE"} & {name for name, _ in told} == {"MOIS"}
    for (name, value), share in told.items():
        same = people.column(name) == people.own({name: value})[people.place[name]]
        assert share == people.positive[same].mean()


def test_a_portfolio_told_beside_files_just_above_the_mark_has_none(store, clients):
    found = assess("home_credit", clients[0])
    assert rates(champion("home_credit"), found) is None
