import json
import re
import sys
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.i18n import LANGUAGES
from data import portfolios
from model.artifact import champion
from model.assess import assess
from model.crowd import crowd
from model.peers import GROUPS, SIZES
from tests.seen import attribute, by_class, find, of_kind, plain, show

MOST = 100_000  # bytes of an answer
FEW = {"AMT_CREDIT": [0, 1], "NAME_CONTRACT_TYPE": [1], "DAYS_EMPLOYED": [6, 7], "EXT_MEAN": [0, 1]}
PROTECTED = [c.name for c in portfolios.load("home_credit").columns.values() if c.role == "protected"]


@pytest.fixture(scope="module")
def page(server):
    return sys.modules["pages.comparison"]


@pytest.fixture(scope="module")
def state(server):
    return sys.modules["pages._comparison_state"]


@pytest.fixture(scope="module")
def population(store):
    return crowd(champion("home_credit"))


def held(state, values=None, keeps=None, size=500, shown=None, across=None, up=None):
    return state.Controls(values or {}, keeps or {}, size, shown, across, up)


def answer(page, client, controls, said=(), lang="fr"):
    place = {"portfolio": "home_credit", "client": client, "lang": lang}
    names = ("count", "where", "became", "pair", "query", "said")
    return SimpleNamespace(**dict(zip(names, page._answer(place, controls, said), strict=True)))


def weigh(component) -> int:
    return len(json.dumps(component, default=lambda part: part.to_plotly_json(), separators=(",", ":")))


class TestAFile:
    def test_comes_whole_from_its_layout(self, page, clients):
        said = plain(show(page, clients[0]))
        for heading in (
            "Comparer avec qui ?",
            "Où se place ce dossier",
            "Ce que sont devenus ces groupes",
            "Deux informations à la fois",
            "Toutes les informations",
        ):
            assert heading in said

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_client_can_be_shown(self, page, clients, lang):
        for client in clients[::8]:
            shown = show(page, client, lang)
            said = plain(shown)
            assert client in said
            assert not re.search(r"\bnan\b|None(?! of)|[{}]|Traceback", said)

    def test_shows_what_moved_this_file_most(self, page, clients):
        assert len(by_class(show(page, clients[0]), "strip")) == 4

    def test_each_drawing_is_light_and_described(self, page, clients):
        shown = show(page, clients[0])
        graphs = of_kind(shown, "Graph")
        assert len(graphs) == 6
        assert all(weigh(graph.figure) <= 3_000 for graph in graphs)
        for drawn in by_class(shown, "drawn"):
            assert len(attribute(drawn, "aria-label")) > 20

    def test_every_figure_has_its_table(self, page, clients):
        for figure in by_class(show(page, clients[0]), "figure"):
            assert by_class(figure, "figures")

    def test_ids_are_unique(self, page, clients):
        ids = [str(part.id) for part in find(show(page, clients[0]), lambda part: hasattr(part, "id"))]
        assert len(ids) == len(set(ids))

    def test_protected_facts_are_nowhere(self, page, clients):
        shown = show(page, clients[0])
        offered = {option["value"] for listed in of_kind(shown, "Dropdown") for option in listed.options}
        assert not offered & set(PROTECTED)

    def test_says_which_clients_are_compared(self, page, clients):
        said = plain(show(page, clients[0]))
        assert "ceux dont l'issue était connue" in said
        assert "arrondis à 20 près" in said

    def test_likeness_says_what_it_is_measured_on(self, page, clients, population):
        (listed,) = by_class(show(page, clients[0]), "likeness")
        assert len(listed.children) == len(population.near)

    @pytest.mark.parametrize("client", [None, "999999999", "' OR 1=1 --"])
    def test_without_a_file_offers_the_search(self, page, client):
        assert by_class(show(page, client), "picker-large")

    def test_layout_without_arguments_answers(self, page):
        assert page.layout()


class TestTheAddress:
    def test_tells_the_filters(self, page, clients):
        query = {
            "f.AMT_CREDIT": "200000..",
            "like": "200",
            "show": "EXT_SOURCE_2,FLAG_OWN_CAR",
            "x": "AMT_CREDIT",
        }
        shown = show(page, clients[0], **query)
        assert "répondent aux filtres" in plain(shown)
        assert len(by_class(shown, "strip")) == 2
        (kept,) = find(shown, lambda part: attribute(part, "data-query"))
        assert "f.AMT_CREDIT=200000.." in attribute(kept, "data-query")

    def test_is_kept_by_the_language_links(self, page, clients):
        links = of_kind(show(page, clients[0], like="200"), "A")
        assert any("like=200" in attribute(link, "href") for link in links)

    def test_tells_nothing_of_this_client(self, page, clients):
        (kept,) = find(show(page, clients[0]), lambda part: attribute(part, "data-query") is not None)
        assert attribute(kept, "data-query") == ""

    def test_the_default_inputs_are_not_told_either(self, page, state, clients, population):
        portfolio, found = portfolios.load("home_credit"), assess("home_credit", clients[0])
        usual = state.usual(portfolio, population, found)
        across, up = state.crossed(state.State(), usual)
        controls = held(state, shown=usual, across=across, up=up)
        assert attribute(answer(page, clients[0], controls).query, "data-query") == ""

    def test_comes_back_the_same(self, state, population):
        query = {"f.AMT_CREDIT": "200000..500000", "f.NAME_CONTRACT_TYPE": "Cash loans", "like": "1000"}
        asked = state.from_query(population, query)
        assert state.from_query(population, asked.query(population.bins)) == asked

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.dictionaries(
            st.sampled_from(["f.AMT_CREDIT", "f.NAME_CONTRACT_TYPE", "f.nowhere", "like", "show", "x", "y"]),
            st.text(max_size=60) | st.lists(st.text(max_size=5), max_size=2),
        )
    )
    def test_anything_in_it_is_read_or_left(self, page, clients, query):
        assert "Comparer avec qui ?" in plain(show(page, clients[0], **query))


class TestAChange:
    def test_is_light_and_says_the_filter(self, page, state, clients):
        values = {"AMT_CREDIT": [2, 9], "NAME_CONTRACT_TYPE": [0], "DAYS_EMPLOYED": [0, 5]}
        found = answer(page, clients[0], held(state, values), ["AMT_CREDIT", "DAYS_EMPLOYED"])
        assert weigh(list(vars(found).values())) < MOST
        assert "répondent aux filtres" in plain(found.count)
        assert all(text != "Pas de filtre" for text in found.said)

    def test_counts_are_rounded(self, page, state, clients):
        for high in range(4, 12):
            said = plain(answer(page, clients[0], held(state, {"AMT_CREDIT": [2, high]})).count)
            number = int(re.match(r"([\d ]+) dossiers", said)[1].replace(" ", ""))
            assert number % 20 == 0

    def test_a_hidden_selection_shows_nothing_and_says_why(self, page, state, clients):
        found = answer(page, clients[0], held(state, FEW))
        assert "Nous n'affichons rien sous 30" in plain(found.count)
        assert not of_kind([found.where, found.became, found.pair], "Graph")

    def test_more_of_the_like_are_looked_for(self, page, state, clients):
        for size in SIZES:
            assert f"ses {size:,} voisins".replace(",", " ") in plain(
                answer(page, clients[0], held(state, size=size)).where
            )

    def test_chosen_inputs_are_shown_in_their_order(self, page, state, clients):
        names = ["FLAG_OWN_CAR", "ORGANIZATION_TYPE", "EXT_SOURCE_1", "REGION_RATING_CLIENT", "BUREAU_COUNT"]
        rows = by_class(answer(page, clients[0], held(state, shown=names)).where, "strip")
        labels = [plain(of_kind(row, "H3")[0]) for row in rows]
        columns = portfolios.load("home_credit").columns
        assert labels == [columns[name].label_fr.replace("’", "'") for name in names]

    def test_none_chosen_shows_what_moved_this_file(self, page, state, clients):
        assert len(by_class(answer(page, clients[0], held(state, shown=[])).where, "strip")) == 4

    def test_the_same_input_twice_makes_no_grid(self, page, state, clients):
        found = answer(page, clients[0], held(state, across="AMT_CREDIT", up="AMT_CREDIT"))
        assert "deux informations différentes" in plain(found.pair)

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_input_can_be_shown_filtered_and_crossed(self, page, state, population, clients, lang):
        names = list(population.inputs)
        for start in range(0, len(names), 8):
            shown = names[start : start + 8]
            controls = held(state, shown=shown, across=shown[0], up=shown[-1])
            said = plain(list(vars(answer(page, clients[3], controls, lang=lang)).values()))
            assert not re.search(r"\bnan\b|None(?! of)|[{}]", said)
        portfolio = portfolios.load("home_credit")
        for name in names:
            assert state.choice(portfolio, population, name, state.State(), lang).said

    def test_the_reading_counts_what_is_shown(self, page, state, clients):
        said = plain(answer(page, clients[0], held(state, shown=["EXT_SOURCE_2"])).where)
        assert re.search(r"Ce dossier s'écarte (peu|de ses 500 voisins sur 1 des 1)", said)

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_whatever_is_sent_is_answered(self, page, state, clients, data):
        anything = st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text(max_size=8)
            | st.sampled_from(["AMT_CREDIT", "CODE_GENDER", "both", "missing"]),
            lambda inner: st.lists(inner, max_size=3),
            max_leaves=4,
        )
        names = st.sampled_from(["AMT_CREDIT", "NAME_CONTRACT_TYPE", "EXT_SOURCE_1", "CODE_GENDER", "x", ""])
        controls = state.Controls(
            data.draw(st.dictionaries(names, anything, max_size=4)),
            data.draw(st.dictionaries(names, anything, max_size=4)),
            data.draw(anything),
            data.draw(anything),
            data.draw(anything),
            data.draw(anything),
        )
        found = answer(page, clients[0], controls, ["AMT_CREDIT", "nowhere"])
        assert plain(found.count)


class TestEveryInput:
    def rows(self, page, state, client, order="rarity", falling=False, values=None):
        place = {"portfolio": "home_credit", "client": client, "lang": "fr"}
        return page._every(place, held(state, values), order, falling)

    def test_the_most_unusual_comes_first(self, page, state, clients, population):
        rows = self.rows(page, state, clients[0])
        assert len(rows) == len(population.inputs)
        told = [int(re.sub(r"\D", "", plain(row.children[-1]))) for row in rows[:-3]]
        assert told == sorted(told)

    def test_each_order_can_be_turned(self, page, state, clients):
        table = sys.modules["pages._comparison_table"]
        for order in table.ORDERS:
            up, down = (plain(self.rows(page, state, clients[0], order, way)[0]) for way in (False, True))
            assert up != down

    def test_a_heading_turns_its_order_and_another_begins_anew(self, server):
        turn = sys.modules["pages._comparison_table"].next_order
        now = {"rarity": "ascending", "feature": "none"}
        assert turn(now, None) == ("rarity", False)
        assert turn(now, "rarity") == ("rarity", True)
        assert turn(now, "feature") == ("feature", False)
        assert turn({"rarity": "descending"}, None) == ("rarity", True)
        assert turn({}, "<script>") == ("rarity", False)

    def test_a_hidden_selection_has_no_rows(self, page, state, clients):
        (row,) = self.rows(page, state, clients[0], values=FEW)
        assert "moins de 30" in plain(row)


class TestMoreFilters:
    def test_are_added_from_the_list(self, page, clients):
        place = {"portfolio": "home_credit", "client": clients[0], "lang": "fr"}
        grown, left, chosen = page._added(place, "NAME_INCOME_TYPE", ["AMT_CREDIT"])
        assert chosen is None
        assert "NAME_INCOME_TYPE" not in [option["value"] for option in left]
        assert "NAME_INCOME_TYPE" in str(grown.to_plotly_json())

    @pytest.mark.parametrize("feature", [*PROTECTED, "nowhere", "AMT_CREDIT"])
    def test_only_inputs_that_are_not_there(self, page, clients, feature):
        from dash.exceptions import PreventUpdate

        place = {"portfolio": "home_credit", "client": clients[0], "lang": "fr"}
        with pytest.raises(PreventUpdate):
            page._added(place, feature, ["AMT_CREDIT"])


def test_the_three_groups_have_their_words():
    from components.i18n import t

    for lang in LANGUAGES:
        assert len({t(f"comparison.group.{group}", lang) for group in GROUPS}) == 3
