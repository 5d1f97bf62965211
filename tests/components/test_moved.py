"""What does not follow an approved mark is said, in both languages, and nothing where none was approved."""

from dataclasses import replace

import pytest
from seen import text

from components import moved, said
from components.i18n import LANGUAGES
from data import portfolios
from model.assess import assess

PORTFOLIO = portfolios.load("home_credit")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", ["performance", "fairness"])
def test_an_approved_mark_is_told_with_what_stays(page, lang):
    told = text(moved.note(PORTFOLIO, page, 600.0, 608.2, "2026-11-21T10:00:00+00:00", lang))
    assert "600" in told
    assert "608" in told
    assert "2026" in told


def test_nothing_is_told_where_none_was_approved():
    assert moved.note(PORTFOLIO, "performance", 600.0, 600.0, None, "fr") is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reasons_say_that_their_group_is_that_of_training(store, clients, lang):
    portfolio, found = portfolios.load("home_credit"), assess("home_credit", clients[0])
    band = (found.pass_mark, found.pass_mark + 10)
    as_trained = said.reasons(portfolio, found, band, lang).sum
    shifted = said.reasons(portfolio, replace(found, pass_mark=found.pass_mark + 8), band, lang).sum
    assert shifted.startswith(as_trained)
    assert str(round(found.pass_mark) + 8) in shifted[len(as_trained) :]
