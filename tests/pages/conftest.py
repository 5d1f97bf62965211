"""What tests of pages share: an empty ledger, who acts, what was decided, and a screen to try values on."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from acting import acting, deciding

from data.ledger import entries
from data.ledger.entries import Entry
from model.artifact import champion
from model.assess import assess, glance
from model.recourse import recourse
from tests.conftest import use_store
from tests.pages.deciding_support import ADA, PORTFOLIO
from tests.pages.simulation_support import Screen
from tests.seen import show
from web import records
from web.identity import User


@pytest.fixture
def ledger(store, tmp_path) -> Iterator[Path]:
    """Keep what is decided in an empty ledger, in a store whose models may be changed."""
    with deciding(store, tmp_path):
        yield tmp_path


@pytest.fixture
def advisor(server) -> Iterator[User]:
    """Be Ada, who advises."""
    with acting(server, "ada", "advisor") as user:
        yield user


@pytest.fixture
def decide(server):
    """The panel that decides."""
    return sys.modules["pages._decide"]


@pytest.fixture
def decided(ledger, clients) -> Entry:
    """A refusal by Ada, as it was kept."""
    found = assess(PORTFOLIO.id, clients[3])
    draft = records.draft_of(PORTFOLIO, champion(PORTFOLIO.id), found, "fr", "refuse", "<b>Trop</b> lourd.")
    (entry,) = entries.add([draft], ADA)
    return entry


@pytest.fixture
def screen(server, client) -> Callable[..., Screen]:
    """Open the simulation of a file, as a browser holds it."""
    page = sys.modules["pages.simulation"]
    return lambda number, lang="fr", **more: Screen(client, show(page, number, lang, **more))


@pytest.fixture(scope="session")
def refused(store, clients) -> str:
    """A file that is refused, though there is something that would change it."""
    use_store(store)
    found = [one.client_id for one in glance(PORTFOLIO.id, clients) if one.decision == "refuse"]
    return next(one for one in found if recourse(PORTFOLIO.id, one).proposals)
