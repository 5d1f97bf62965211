import json
import re
import sys

import pytest

from components.i18n import LANGUAGES
from model.assess import assess
from tests.conftest import use_store
from tests.seen import attribute, by_class, find, of_kind, plain, show


@pytest.fixture(scope="module")
def page(server):
    return sys.modules["pages.eligibility"]


class TestAFile:
    def test_comes_whole_from_its_layout(self, page, clients):
        said = plain(show(page, clients[0]))
        for heading in ("Proposition du modèle", "Les raisons, dans l'ordre", "À vérifier", "L'historique"):
            assert heading in said

    def test_says_what_the_model_says(self, page, clients):
        found = assess("home_credit", clients[5])
        said = plain(show(page, clients[5]))
        assert f"{round(found.points)} points" in said
        words = {"accept": "Accord proposé", "review": "À examiner", "refuse": "Refus proposé"}
        assert words[found.decision] in said

    def test_has_one_title_and_orders_its_headings(self, page, clients):
        shown = show(page, clients[0])
        assert [plain(h) for h in of_kind(shown, "H1")] == [f"Dossier {clients[0]}"]
        assert attribute(shown, "data-title") == f"Dossier {clients[0]}, éligibilité · Limpide"

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_client_can_be_shown(self, page, clients, lang):
        for client in clients[::8]:
            shown = show(page, client, lang)
            said = plain(shown)
            assert client in said
            assert not re.search(r"\bnan\b|None(?! of)|[{}]", said)
            assert len(json.dumps(shown.to_plotly_json(), default=lambda c: c.to_plotly_json())) < 60_000

    def test_points_shown_add_up_for_every_client(self, page, clients):
        from components.sentences import rounded

        for client in clients[::4]:
            found = assess("home_credit", client)
            shown, rest = rounded(found)
            assert round(found.base_points) + sum(shown) + rest == round(found.points)

    @pytest.mark.parametrize("name", ["Sexe", "Âge", "Situation de famille"])
    def test_protected_facts_are_nowhere(self, page, clients, name):
        for client in clients[::20]:
            labels = [plain(part) for part in of_kind(show(page, client), "Dt")]
            assert name not in labels

    def test_ids_are_unique(self, page, clients):
        ids = [str(part.id) for part in find(show(page, clients[0]), lambda part: hasattr(part, "id"))]
        assert len(ids) == len(set(ids))


class TestHistory:
    def test_every_table_of_every_client_can_be_opened(self, page, portfolio_tables, clients):
        for client in clients[::20]:
            for table in portfolio_tables:
                for lang in LANGUAGES:
                    assert page.table_rows("home_credit", client, table, lang)

    def test_an_unknown_table_is_refused(self, page, clients):
        with pytest.raises(KeyError, match="bureau_balance"):
            page.table_rows("home_credit", clients[0], "bureau_balance", "fr")


@pytest.fixture(scope="module")
def portfolio_tables(store):
    from data import portfolios
    from data.bank import open_bank

    present = open_bank("home_credit").meta.tables
    return [e["table"] for e in portfolios.load("home_credit").settings["history"] if e["table"] in present]


class TestWithoutAFile:
    def test_no_client_offers_the_search(self, page):
        shown = show(page, None)
        assert "Aucun dossier ouvert" in plain(shown)
        assert by_class(shown, "picker-large")

    def test_layout_without_arguments_answers(self, page):
        assert page.layout()

    @pytest.mark.parametrize(
        "typed",
        [
            "999999999",
            "abc",
            "' OR 1=1 --",
            "<script>alert(1)</script>",
            "1e5",
            "-1",
            "0x10",
            "１００００２",
            "9" * 500,
        ],
    )
    def test_an_unknown_number_is_shown_as_typed_with_three_closest(self, page, typed):
        shown = show(page, typed)
        assert "Dossier introuvable" in plain(shown)
        assert typed[:40] in plain(shown)
        (closest,) = by_class(shown, "closest")
        assert len(of_kind(closest, "A")) == 3

    def test_the_closest_begin_like_what_was_typed(self, page, clients):
        typed = clients[10] + "7"
        (closest,) = by_class(show(page, typed), "closest")
        assert plain(of_kind(closest, "A")[0]) == clients[10]

    def test_a_number_given_twice_is_no_number(self, page):
        assert "Aucun dossier ouvert" in plain(show(page, ["1", "2"]))

    @pytest.mark.parametrize("portfolio", ["nowhere", "../home_credit", "home_credit/x", ""])
    def test_an_unknown_portfolio_is_no_page(self, page, portfolio):
        assert page.layout(portfolio=portfolio, client="1", lang="en")

    def test_a_portfolio_without_a_bank_says_how_to_make_one(self, page, store, tmp_path):
        use_store(tmp_path)
        try:
            assert "python -m data demo home_credit" in plain(show(page, "100002"))
        finally:
            use_store(store)

    def test_without_a_model_facts_and_history_stay(self, page, store, tmp_path, clients):
        (tmp_path / "banks").symlink_to(store / "banks")
        use_store(tmp_path)
        try:
            said = plain(show(page, clients[0]))
        finally:
            use_store(store)
        assert "Évaluation manuelle" in said
        assert "La situation déclarée" in said
        assert "L'historique" in said
        assert "Refus proposé" not in said
