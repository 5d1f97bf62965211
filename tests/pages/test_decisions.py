"""The register of decisions: what it lists, to whom, and what leaves it."""

import csv
import io

import pytest
from acting import acting

from components.i18n import LANGUAGES
from data.ledger import entries, register
from data.ledger.entries import Author
from model.artifact import champion
from model.assess import assess
from tests.pages.deciding_support import PORTFOLIO, contest, module, silent
from tests.seen import find, of_kind, plain, section
from web import records

pytestmark = pytest.mark.usefixtures("ledger")


class TestTheRegister:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_lists_a_decision_with_its_thread_and_what_was_shown(self, server, decided, lang):
        with acting(server, "max", "manager", "advisor"):
            shown = module("decisions").layout(PORTFOLIO.id, lang)
        said = plain(shown)
        assert decided.client_id in said
        assert decided.id in said
        assert "None" not in said.replace("None of", "")
        assert section(shown, "figures")

    def test_what_is_only_computed_says_nothing_of_what_was_read(self, server, clients):
        found = assess(PORTFOLIO.id, clients[2])
        draft = records.draft_of(PORTFOLIO, champion(PORTFOLIO.id), found, "fr", None, "", brief=True)
        (entry,) = entries.add([draft], Author("a-system", ("advisor",), "api"))
        with acting(server, "max", "manager", "advisor"):
            listed = plain(module("decisions").layout(PORTFOLIO.id, "fr"))
            reopened = plain(module("decision").layout(entry.id, "fr"))
        assert entry.id in listed
        assert "Informations lues" not in listed
        assert "Tout ce qui a été lu" not in reopened
        assert "0 information" not in reopened

    def test_counts_its_lines_as_lines(self, server, decided):
        with acting(server, "max", "manager", "advisor"):
            assert "1 ligne sur 1." in plain(module("decisions").layout(PORTFOLIO.id, "fr"))

    def test_shows_figures_and_export_to_managers_only(self, server, decided):
        with acting(server, "ada", "advisor"):
            shown = module("decisions").layout(PORTFOLIO.id, "fr")
        assert not find(shown, lambda part: getattr(part, "id", None) in ("figures", "switch"))
        assert "Exporter" not in plain(shown)

    @pytest.mark.parametrize("asked", ["x", "-1", "9" * 30, "٣", None])
    @pytest.mark.parametrize("view", ["waiting", "contrary", "x", None])
    def test_answers_whatever_the_address_says(self, server, decided, asked, view):
        with acting(server, "max", "manager"):
            assert of_kind(module("decisions").layout(PORTFOLIO.id, "fr", view, asked, "D-' OR 1"), "H1")

    def test_a_silent_ledger_is_told(self, server, monkeypatch):
        monkeypatch.setattr(register, "page", silent)
        with acting(server, "max", "manager"):
            assert "Le registre ne répond pas" in plain(module("decisions").layout(PORTFOLIO.id, "fr"))

    def test_home_lists_what_waits_and_what_was_decided(self, server, decided):
        contest(server, decided)
        with acting(server, "ada", "advisor"):
            said = plain(module("home").layout(PORTFOLIO.id, "fr"))
        assert said.count(decided.client_id) >= 2
        assert "réponse due le" in said

    def test_is_exported_line_by_line_without_what_was_said(self, client, decided):
        answer = client.get(f"/exports/{PORTFOLIO.id}/register.csv")
        (row,) = csv.DictReader(io.StringIO(answer.text))
        assert (row["id"], row["decided"], row["account"]) == (decided.id, "refuse", "ada")
        assert "lourd" not in answer.text

    def test_no_cell_of_the_export_is_a_formula(self, client, clients):
        found = assess(PORTFOLIO.id, clients[0])
        draft = records.draft_of(PORTFOLIO, champion(PORTFOLIO.id), found, "fr", "refuse", "why")
        entries.add([draft], Author("=cmd()", ("advisor",), "page"))
        (row,) = csv.DictReader(io.StringIO(client.get(f"/exports/{PORTFOLIO.id}/register.csv").text))
        assert row["account"] == "'=cmd()"

    def test_an_unknown_portfolio_has_no_export(self, client):
        assert client.get("/exports/nothing/register.csv").status_code == 404
