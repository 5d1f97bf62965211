"""The interpretation page of any file, in both languages and every unit, and what guards its callback."""

import re
import sys
from dataclasses import replace

import orjson
import pytest

from components.i18n import LANGUAGES, keys
from components.interpretation import UNITS
from data import portfolios
from data.bank import open_bank
from model import artifact
from model import globals as population
from model.artifact import champion
from model.assess import assess
from tests.conftest import use_store
from tests.seen import attribute, by_class, find, of_kind, plain, section, show, written

PORTFOLIO = "home_credit"
FIGURE = 3_000  # bytes


@pytest.fixture(scope="module")
def page(server):
    return sys.modules["pages.interpretation"]


SHEETS = ("statement", "themes", "dependence", "inputs", "spread")


class TestAFile:
    def test_comes_whole_from_its_layout(self, page, clients):
        shown = show(page, clients[0])
        assert all(section(shown, name) for name in SHEETS)
        assert [plain(h) for h in of_kind(shown, "H1")] == [f"Dossier {clients[0]}"]

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_client_can_be_shown(self, page, clients, lang):
        for client in clients[::10]:
            said = plain(show(page, client, lang))
            assert not re.search(r"\bnan\b|None(?! of)|[{}]|SHAP", said)

    def test_says_what_the_verdict_says(self, page, clients):
        for client in clients[::20]:
            found = assess(PORTFOLIO, client)
            (reading, *_) = by_class(section(show(page, client), "statement"), "reading")
            assert f"On arrive à {round(found.points)}" in plain(reading)
            assert f"à {round(found.base_points)} points" in plain(reading)

    def test_each_figure_has_a_reading_a_table_and_ways_to_take_it_away(self, page, clients):
        shown = show(page, clients[0])
        for name in SHEETS:
            assert by_class(section(shown, name), "reading")
            asked = name in ("statement", "inputs")
            found = (
                page.table_of(PORTFOLIO, clients[0], "fr", "points", name) if asked else section(shown, name)
            )
            assert by_class(found, "figures")
            assert find(found, lambda part: attribute(part, "data-take") == "csv")

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_tables_opened_later_have_every_information(self, page, clients, lang):
        wanted = len(assess(PORTFOLIO, clients[0]).contributions)
        (statement,), (inputs,) = (
            of_kind(page.table_of(PORTFOLIO, clients[0], lang, "rate", name), "Tbody")
            for name in ("statement", "inputs")
        )
        assert len(of_kind(inputs, "Tr")) == wanted
        assert len([row for row in of_kind(statement, "Tr") if plain(row.children[1])]) == wanted

    @pytest.mark.parametrize(("lang", "unit", "name"), [("xx", "euros", "nothing"), ("", "", "")])
    def test_an_unknown_table_is_the_statement_s(self, page, clients, lang, unit, name):
        assert page.table_of(PORTFOLIO, clients[0], lang, unit, name)

    def test_drawings_are_described_and_light(self, page, clients):
        for client in clients[::40]:
            graphs = of_kind(show(page, client), "Graph")
            assert len(graphs) == 2
            assert all(len(orjson.dumps(graph.figure)) <= FIGURE for graph in graphs)
        assert all(attribute(part, "aria-label") for part in by_class(show(page, clients[0]), "drawn"))

    def test_ids_are_unique(self, page, clients):
        ids = [str(part.id) for part in find(show(page, clients[0]), lambda part: hasattr(part, "id"))]
        assert len(ids) == len(set(ids))

    def test_protected_facts_are_nowhere(self, page, clients):
        protected = [c for c in portfolios.load(PORTFOLIO).columns.values() if c.role == "protected"]
        (drop, _) = of_kind(show(page, clients[0]), "Select")
        offered = {option["value"] for option in drop.options}
        labels = {option["label"] for option in drop.options}
        assert not offered & {column.name for column in protected}
        assert not labels & {column.label_fr for column in protected}


class TestUnits:
    @pytest.mark.parametrize("unit", UNITS)
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_each_can_be_chosen_and_is_marked(self, page, clients, unit, lang):
        shown = section(show(page, clients[3], lang, unit=unit), "statement")
        (switch,) = by_class(shown, "switch")
        chosen = [link for link in of_kind(switch, "A") if attribute(link, "aria-current")]
        assert len(chosen) == 1
        assert ("unit=" + unit in chosen[0].href) == (unit != "points")

    def test_in_frequency_the_last_balance_is_the_verdict_s(self, page, clients):
        for client in clients[::20]:
            found = assess(PORTFOLIO, client)
            (total,) = by_class(section(show(page, client, "en", unit="rate"), "statement"), "total")
            assert plain(total.children[5]) == f"{100 * found.probability:.1f}"

    def test_in_log_odds_it_is_the_model_s(self, page, clients):
        scale = champion(PORTFOLIO).scale
        for client in clients[::20]:
            found = assess(PORTFOLIO, client)
            (total,) = by_class(section(show(page, client, "en", unit="log_odds"), "statement"), "total")
            shown = float(plain(total.children[5]).replace("−", "-"))
            assert shown == pytest.approx(scale.log_odds(found.points), abs=0.0006)

    def test_only_the_frequency_is_said_to_be_an_approximation(self, page, clients):
        said = {u: plain(section(show(page, clients[0], unit=u), "statement")) for u in UNITS}
        assert [unit for unit, words in said.items() if "approximation" in words] == ["rate"]

    def test_the_language_switch_keeps_the_unit_and_the_choice(self, page, clients):
        shown = show(page, clients[0], unit="rate", feature="DAYS_EMPLOYED", cross="1")
        switch = [link for link in of_kind(shown, "A") if attribute(link, "hrefLang")]
        for link in switch:
            assert "unit=rate" in link.href
            assert "feature=DAYS_EMPLOYED" in link.href

    @pytest.mark.parametrize("unit", ["euros", ["rate"], "", None, "points; drop"])
    def test_an_unknown_one_falls_back_on_points(self, page, clients, unit):
        assert "Solde" in plain(section(show(page, clients[0], unit=unit), "statement"))


class TestSadPaths:
    @pytest.fixture
    def bare(self, clients, monkeypatch):
        """A file whose histories were not collected."""
        bank = type(open_bank(PORTFOLIO))
        known = bank.record
        families = portfolios.load(PORTFOLIO).families

        def record(self, client):
            found = known(self, client)
            gone = {name for family in families for name in portfolios.load(PORTFOLIO).by_source(family)}
            covers = {f"covered_{family}": False for family in families}
            return {n: v for n, v in found.items() if n not in gone} | covers

        monkeypatch.setattr(bank, "record", record)
        return clients[4]

    @pytest.mark.parametrize("unit", UNITS)
    def test_without_histories_the_statement_says_so_and_still_adds_up(self, page, bare, unit):
        shown = show(page, bare, unit=unit)
        said = plain(section(shown, "statement"))
        assert "Les crédits souscrits ailleurs n'ont pas été recherchés." in said
        assert "Ces informations n'ajoutent ni ne retirent de points." in said
        assert "non réuni" in plain(section(shown, "themes"))

    def test_an_information_of_a_history_that_was_not_collected_has_no_dot(self, page, bare):
        result, *_ = page.chosen(PORTFOLIO, bare, "fr", "points", "BUREAU_COUNT", False)
        assert "Elle n'a pas été réunie pour ce dossier." in plain(result)

    def test_a_file_with_nothing_provided_can_be_read(self, page, clients, monkeypatch):
        bank = type(open_bank(PORTFOLIO))
        monkeypatch.setattr(bank, "record", lambda self, client: {})
        shown = show(page, clients[0])
        assert "non fourni" in plain(section(shown, "statement"))
        for feature in population.read(champion(PORTFOLIO)).effects:
            assert page.chosen(PORTFOLIO, clients[0], "fr", "points", feature, True)

    def test_a_model_trained_before_keeps_the_statement_and_says_what_to_do(
        self, page, clients, store, tmp_path, monkeypatch
    ):
        old = champion(PORTFOLIO)
        (tmp_path / "global.json").write_text('{"mean_absolute_points": {}}')
        card = old.card | {"hashes": {"global.json": artifact.digest(tmp_path / "global.json")}}
        before = replace(old, folder=tmp_path, card=card)
        monkeypatch.setattr("pages._client.champion", lambda portfolio: before)
        monkeypatch.setattr(population, "_cache", {})
        shown = show(page, clients[0])
        assert section(shown, "statement")
        assert "python -m model train home_credit" in plain(section(shown, "population"))
        assert not of_kind(shown, "Graph")

    def test_no_client_no_model_and_unknown_file_say_so(self, page, store, tmp_path, clients):
        assert "Aucun dossier ouvert" in plain(show(page, None))
        assert "Dossier introuvable" in plain(show(page, "0"))
        assert page.layout()
        (tmp_path / "banks").symlink_to(store / "banks")
        use_store(tmp_path)
        try:
            assert "Évaluation manuelle" in plain(show(page, clients[0]))
        finally:
            use_store(store)


class TestTheModelTurned:
    def test_statement_and_figures_of_all_turn_together(self, page, clients, monkeypatch):
        """The same file under the same model read the other way round: every sign changes, here and there."""
        client = clients[5]
        kept = champion(PORTFOLIO)
        scale = kept.card["scale"] | {"sign": -kept.card["scale"]["sign"]}
        turned = replace(kept, card=kept.card | {"scale": scale})
        before = assess(PORTFOLIO, client)
        monkeypatch.setattr("model.assess.speaking", lambda portfolio: turned)
        after = assess(PORTFOLIO, client)
        for one, other in zip(before.contributions, after.contributions, strict=True):
            assert other.points == pytest.approx(-one.points, abs=1e-9)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_page_exists_in_both_languages(lang):
    mine = {key for key in keys(lang) if key.startswith("interpretation.")}
    assert mine == {key for key in keys("fr") if key.startswith("interpretation.")}
    assert len(mine) > 80


def test_what_goes_over_the_wire_for_the_first_view_is_small(clients, page):
    """The layout as compressed on the way; the page around it adds 4.1 kB (PERFORMANCE.md, row 12)."""
    brotli = pytest.importorskip("brotli")
    assert len(brotli.compress(written(show(page, clients[0])).encode(), quality=5)) <= 18_000
