"""A decision on a file of a portfolio made by command: kept, told again, written to the client."""

import sys

import pytest

from components.i18n import LANGUAGES
from data import portfolios
from model.assess import assess
from tests.portfolios.checks import reads_well
from tests.seen import plain
from web import acts, letter_routes
from web.identity import User
from web.letter import of_content

ADVISOR = User("demo-advisor", frozenset({"advisor"}), True, "page")
WAYS = ("accept", "refuse")


@pytest.fixture(autouse=True)
def own_ledger(tmp_path, monkeypatch):
    """A ledger of its own for each test."""
    import config

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/ledger.sqlite")
    config.settings.cache_clear()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("decided", WAYS)
def test_a_decision_is_shown_again_as_it_was(server, own, ids, decided, lang):
    kept = acts.decide(own, ids[3], decided, "Pièces vues.", lang, ADVISOR)
    page = sys.modules["pages.decision"].layout(entry=kept.id, lang=lang)
    reads_well(own, page)
    said = plain(page)
    assert ids[3] in said
    assert plain(portfolios.load(own).words(lang)["done"][decided]) in said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("decided", WAYS)
def test_its_letter_tells_the_reasons_by_their_labels(server, own, ids, decided, lang):
    kept = acts.decide(own, ids[3], decided, "Pièces vues.", lang, ADVISOR)
    made = letter_routes.make(kept.id, lang, ADVISOR)
    told = of_content(made.content["letter"])
    page = server.test_client().get(letter_routes.address(made.id))
    assert page.status_code == 200
    assert kept.id in page.text
    assert "{" not in "".join(part.text for part in told.parts)
    portfolio = portfolios.load(own)
    rows = {row[0] for part in told.annex for row in part.rows}
    labels = {portfolio.columns[name].label(lang) for name in portfolio.inputs}
    assert rows <= {plain(label) for label in labels} | labels
    way = "takes" if decided == "refuse" else "adds"
    first = [one for one in assess(own, ids[3]).reasons if one.direction == way]
    if first:
        assert portfolio.columns[first[0].feature].label(lang) in plain(page.text)


def test_a_letter_promises_no_change_where_none_is_declared(server, own, ids):
    kept = acts.decide(own, ids[3], "refuse", "Pièces vues.", "fr", ADVISOR)
    made = letter_routes.make(kept.id, "fr", ADVISOR)
    said = plain(server.test_client().get(letter_routes.address(made.id)).text)
    assert "Ce qui changerait" not in said
    assert "crédit" not in said
