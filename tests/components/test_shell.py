import dash
import pytest

from components import shell, states, trust
from components.links import ELIGIBILITY, HOME
from components.shell import Place
from data import portfolios
from tests.seen import attribute, by_class, find, of_kind, plain

PORTFOLIO = portfolios.load("home_credit")

FILE = Place(ELIGIBILITY, "fr", "home_credit", "204817", {"home_credit": True})


@pytest.fixture
def registry(monkeypatch):
    pages = {
        "pages.home": {"path": "/", "path_template": None, "name": "home"},
        "pages.eligibility": {
            "path": "/none/eligibility",
            "path_template": ELIGIBILITY,
            "name": "eligibility",
            "group": "client",
        },
    }
    monkeypatch.setattr(dash, "page_registry", pages)


def test_a_skip_link_comes_first(registry):
    page = shell.page(FILE, "Dossier 204817, éligibilité")
    assert of_kind(page, "A")[0].href == "#main"
    assert of_kind(page, "Main")[0].id == "main"


def test_the_page_carries_its_title_and_language(registry):
    page = shell.page(FILE, "Dossier 204817, éligibilité")
    assert attribute(page, "data-title") == "Dossier 204817, éligibilité · Limpide"
    assert page.lang == "fr"


def test_synthetic_data_are_announced_on_every_page(registry):
    (banner,) = by_class(shell.page(FILE, ""), "synthetic")
    assert plain(banner).startswith("Données synthétiques.")


def test_real_data_bear_no_banner(registry):
    real = Place(ELIGIBILITY, "fr", "home_credit", "1", {"home_credit": False})
    assert not by_class(shell.page(real, ""), "synthetic")


def test_tabs_are_the_pages_there_are(registry):
    (tabs,) = by_class(shell.page(FILE, ""), "tabs")
    (tab,) = of_kind(tabs, "A")
    assert plain(tab) == "Éligibilité"
    assert tab.href == "/home_credit/eligibility?client=204817&lang=fr"
    assert attribute(tab, "aria-current") == "page"


def test_languages_keep_the_page_and_the_client(registry):
    french, english = [a for a in of_kind(shell.page(FILE, ""), "A") if hasattr(a, "lang")]
    assert attribute(french, "aria-current") == "true"
    assert english.href == "/home_credit/eligibility?client=204817&lang=en"
    assert attribute(english, "aria-current") is None


def test_one_portfolio_needs_no_switch(registry):
    labels = [attribute(nav, "aria-label") for nav in of_kind(shell.page(FILE, ""), "Nav")]
    assert labels == ["Langue", "Pages"]


def test_two_portfolios_stand_side_by_side_and_more_in_a_menu(registry, monkeypatch):
    named = {"home_credit": "Crédit", "one": "Un", "two": "Deux"}
    monkeypatch.setattr(shell, "_name", lambda name, lang: named[name])
    for known, menus in ((2, 0), (3, 1)):
        place = Place(ELIGIBILITY, "fr", "home_credit", "1", dict.fromkeys(list(named)[:known], False))
        (nav,) = find(shell.page(place, ""), lambda p: attribute(p, "aria-label") == "Portefeuille")
        assert len(of_kind(nav, "Details")) == menus
        links = of_kind(nav, "A")
        assert [plain(one) for one in links] == list(named.values())[:known]
        assert [attribute(one, "aria-current") for one in links].count("true") == 1


def test_home_has_its_own_search_and_files_have_the_mastheads(registry):
    assert by_class(shell.page(FILE, ""), "picker-small")
    assert not by_class(
        shell.page(Place(HOME, "fr", "home_credit", banks={"home_credit": True}), ""), "picker"
    )


def test_the_frame_holds_the_places_for_errors_and_news():
    ids = {part.id for part in find(shell.frame(), lambda part: isinstance(getattr(part, "id", None), str))}
    assert {"shell-error", "shell-announce"} <= ids


class TestStates:
    def test_an_unknown_number_is_shown_as_typed_with_the_closest(self):
        said = plain(states.unknown_client("<b>9", PORTFOLIO, ["100007"], None, "fr"))
        assert "Le dossier « <b>9 » n'existe pas" in said
        assert "100007" in said

    def test_no_bank_gives_the_command_that_makes_one(self):
        assert "python -m data demo home_credit" in plain(states.no_bank(PORTFOLIO, "fr"))

    def test_no_model_hides_the_points_and_names_the_state(self):
        said = plain(states.no_model(PORTFOLIO, "204817", "fr"))
        assert said.startswith("Évaluation manuelle")
        assert "Aucun nombre de points n'est affiché pour le dossier 204817." in said

    def test_no_client_offers_the_search(self):
        assert "Aucun dossier ouvert" in plain(states.no_client(PORTFOLIO, None, "fr"))


class TestTrust:
    @pytest.mark.parametrize(
        ("wrong", "right", "said"),
        [
            (160, 40, "Sur 10 dossiers sous le seuil, environ 8 auraient été remboursés."),
            (10, 90, "Sur 10 dossiers sous le seuil, environ 1 aurait été remboursé."),
            (1, 99, "Sur 10 dossiers sous le seuil, moins d'un aurait été remboursé."),
        ],
    )
    def test_says_how_many_refusals_were_in_vain(self, portfolio, wrong, right, said):
        counts = {"false_positive": wrong, "true_positive": right}
        sheet = trust.in_service(portfolio, "7", "2026-03-02T09:00:00+00:00", 600.0, counts, "fr")
        assert "Version 7, depuis le 2 mars 2026. Seuil : 600 points." in plain(sheet)
        assert said in plain(sheet)

    def test_nothing_flagged_needs_no_sentence(self, portfolio):
        counts = {"false_positive": 0, "true_positive": 0}
        assert "Sur 10" not in plain(trust.in_service(portfolio, "7", "2026-03-02", 600.0, counts, "fr"))

    def test_without_a_model_the_command_is_given(self, portfolio):
        assert "python -m model train home_credit" in plain(trust.without_model(portfolio, "en"))
