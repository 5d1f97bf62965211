"""Acts on a file and on its decision, as the buttons of the pages do them."""

import sys

from acting import acting

from components.act import Act
from data import portfolios
from data.ledger import register
from data.ledger.entries import Author
from data.ledger.errors import LedgerUnavailable
from data.ledger.register import Filters
from model.assess import assess
from tests.seen import of_kind

PORTFOLIO = portfolios.load("home_credit")
ADA = Author("ada", ("advisor",), "page")


def module(name):
    """Return a file of the pages, which Dash has loaded."""
    return sys.modules[f"pages.{name}"]


def act(name, entry, lang="fr"):
    return Act(name, PORTFOLIO.id, entry.id, lang)


def contest(server, entry, words="Mes retards viennent d'un changement de banque."):
    """Have Ada write down what the client says against a decision."""
    with acting(server, "ada", "advisor"):
        return module("_thread_acts").contest(act("contest", entry), words, {"key": "c" * 32})


def review(server, entry, name="max", choice="accept", words="Relevés vus.", step="save", key="r" * 32):
    """Have a manager answer what was contested, or what waits for another person."""
    with acting(server, name, "manager", "advisor"):
        return module("_thread_acts").revise(step, act("revise", entry), choice, words, {"key": key})


def shown_on(decide, client):
    """Return what the panel of a file remembers of what it showed."""
    from model.artifact import champion

    panel = decide.panel(PORTFOLIO, champion(PORTFOLIO.id), assess(PORTFOLIO.id, client), "fr")
    (kept,) = of_kind(panel, "Store")
    return kept.data


def press(decide, step, client, choice, words, shown, lang="fr"):
    """Press a button of the panel: ``review``, ``back`` or ``save``."""
    return decide.step(step, Act("decide", PORTFOLIO.id, client, lang), PORTFOLIO, choice, words, shown)


def contrary_to(client):
    """Return the decision that is not the one proposed."""
    return "refuse" if assess(PORTFOLIO.id, client).proposal == "accept" else "accept"


def kept():
    """Count the decisions that were kept."""
    return register.page(Filters(PORTFOLIO.id))[1]


def silent(*_, **__):
    """Stand for a ledger that does not answer."""
    raise LedgerUnavailable("down")
