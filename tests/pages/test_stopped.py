"""A model that is stopped: no points anywhere, and files decided without it."""

import re
import sys

import pytest

from components.i18n import LANGUAGES
from data.bank import open_bank
from data.ledger import entries, register, stops
from data.ledger.register import Filters
from model import service
from tests.pages.deciding_support import PORTFOLIO, kept, press
from tests.seen import by_class, find, of_kind, plain
from web import records

pytestmark = pytest.mark.usefixtures("ledger")
POINTS = re.compile(r"\d+ points?\b")


@pytest.fixture
def page(server):
    return sys.modules["pages.eligibility"]


class TestAStop:
    @pytest.fixture(autouse=True)
    def stopped(self, ledger):
        stops.stop(PORTFOLIO.id, "max", "Une dérive à comprendre.")
        service.forget()
        yield
        service.forget()

    @pytest.mark.parametrize("name", ["eligibility", "interpretation", "comparison", "simulation"])
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_hides_the_points_on_every_page_about_a_client(self, server, advisor, clients, name, lang):
        shown = sys.modules[f"pages.{name}"].layout(portfolio=PORTFOLIO.id, client=clients[0], lang=lang)
        said = plain(shown)
        assert ("Évaluation manuelle" if lang == "fr" else "Manual assessment") in said
        assert "Une dérive à comprendre." in said
        assert not POINTS.search(said)
        assert not by_class(shown, "verdict")
        assert not by_class(shown, "reasons")

    def test_leaves_facts_and_history(self, page, advisor, clients):
        said = plain(page.layout(portfolio=PORTFOLIO.id, client=clients[0], lang="fr"))
        assert "La situation déclarée" in said
        assert "L'historique" in said

    def test_hides_them_on_home_too(self, server, advisor):
        home = sys.modules["pages.home"]
        said = plain(home.layout(portfolio=PORTFOLIO.id, lang="fr"))
        assert "Évaluation manuelle" in said
        assert not re.search(r"\d points\b", said.replace("600 points", ""))

    def test_leaves_no_blank_file_to_score(self, server, advisor):
        simulation = sys.modules["pages.simulation"]
        shown = simulation.layout(portfolio=PORTFOLIO.id, lang="fr", blank="1")
        assert not find(shown, lambda part: getattr(part, "id", None) == "verdict")

    def test_lets_the_advisor_decide_without_a_proposal(self, page, decide, advisor, clients):
        shown = page.layout(portfolio=PORTFOLIO.id, client=clients[0], lang="fr")
        kept_then = [one.data for one in of_kind(shown, "Store") if "by_hand" in (one.data or {})]
        without = press(decide, "save", clients[0], "accept", "", kept_then[0])
        assert "Écrivez vos raisons" in plain(without.fault)
        found = press(decide, "save", clients[0], "accept", "Dossier vu.", kept_then[0])
        (row,), _ = register.page(Filters(PORTFOLIO.id))
        assert found.done is not None
        assert (row.proposed, row.points, row.decided) == (None, None, "accept")
        assert entries.get(row.id).content["by_hand"] == "stopped"
        assert records.restore(entries.get(row.id)).verdict is None

    def test_a_proposal_shown_before_is_not_recorded_after(self, decide, advisor, clients):
        shown = {"points": 600.0, "threshold": 0.09, "version": "1", "proposal": "accept", "key": "0" * 32}
        found = press(decide, "save", clients[0], "accept", "why", shown)
        assert found.fault is not None
        assert kept() == 0

    def test_nothing_is_decided_by_hand_once_the_model_speaks_again(self, decide, advisor, clients):
        stops.resume(PORTFOLIO.id, "max", "Comprise.")
        service.forget()
        found = press(decide, "save", clients[0], "accept", "why", {"by_hand": True, "key": "0" * 32})
        assert found.fault is not None
        assert kept() == 0

    def test_the_api_gives_no_points_either(self, client, clients):
        answer = client.get(f"/api/v1/portfolios/{PORTFOLIO.id}/clients/{clients[0]}")
        assert answer.status_code >= 400
        assert "points" not in answer.text or answer.json.get("error")

    def test_leaves_the_bank_alone(self, clients):
        assert open_bank(PORTFOLIO.id).record(clients[0])
