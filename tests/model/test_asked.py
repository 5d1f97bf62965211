import pytest

from data import portfolios
from model import asked as asking
from model.artifact import champion
from model.assess import assess

FAMILIES = ("bureau", "previous", "card")


@pytest.fixture(scope="module")
def portfolio(store):
    return portfolios.load("home_credit")


@pytest.fixture(scope="module")
def model(store):
    return champion("home_credit")


def names(portfolio, model, families=FAMILIES):
    return [one.name for one in asking.asked(portfolio, model, families)]


def test_every_input_of_the_model_can_be_moved_by_something_asked(portfolio, model):
    moved = {name for one in asking.asked(portfolio, model, FAMILIES) for name in one.moves}
    assert moved == set(model.encoding.inputs)


def test_nothing_made_and_nothing_protected_is_asked(portfolio, model):
    for name in names(portfolio, model):
        assert portfolio.columns[name].source != "made"
        assert portfolio.columns[name].role in ("input", "material")


def test_what_only_feeds_a_made_input_is_asked_too(portfolio, model):
    asked = {one.name: one.moves for one in asking.asked(portfolio, model, FAMILIES)}
    assert set(asked["CNT_FAM_MEMBERS"]) == {"INCOME_PER_PERSON", "INCOME_AFTER_ANNUITY_PER_PERSON"}
    assert asked["BUREAU_ANNUITY"] == ("BUREAU_EFFORT",)


def test_what_the_model_does_not_read_is_not_asked(portfolio, model):
    asked = names(portfolio, model)
    assert not {"CNT_CHILDREN", "NAME_TYPE_SUITE", "HOUSETYPE_MODE", "TARGET", "SK_ID_CURR"} & set(asked)


def test_histories_that_were_not_collected_are_not_asked(portfolio, model):
    for one in asking.asked(portfolio, model, ("bureau",)):
        assert portfolio.columns[one.name].source in ("application", "bureau")
        assert {portfolio.columns[name].family for name in one.moves} <= {"application", "bureau"}


def test_the_weightiest_come_first(portfolio, model):
    first = names(portfolio, model)[:8]
    assert {"EXT_SOURCE_2", "EXT_SOURCE_3"} <= set(first)
    assert not {"FLAG_DOCUMENT_21", "FLAG_MOBIL"} & set(first)


def test_a_change_moves_only_the_inputs_that_were_found(portfolio, model, clients):
    found = asking.feeds(portfolio, model)
    tried = {"AMT_CREDIT": 333_333.0, "EXT_SOURCE_2": 0.123, "DAYS_EMPLOYED": -777.0, "CNT_FAM_MEMBERS": 7.0}
    for client in clients[::10]:
        before = assess("home_credit", client)
        for name, value in tried.items():
            after = assess("home_credit", client, {name: value})
            moved = {one for one in after.features if after.features[one] != before.features[one]}
            assert moved <= set(found[name])
