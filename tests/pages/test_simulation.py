"""The simulation of a file and of a blank one: complete, light, and safe against what is forged."""

import json
import sys

import pytest
from dash._utils import to_json

from components.i18n import LANGUAGES
from tests.conftest import use_store
from tests.pages.simulation_support import NAMED, ident, spoken
from tests.seen import attribute, find, of_kind, plain, show


@pytest.fixture(scope="module")
def page(server):
    return sys.modules["pages.simulation"]


class TestTheForm:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_client_can_be_shown_within_the_weight(self, page, clients, lang):
        for client in clients[::20]:
            shown = show(page, client, lang)
            assert client in plain(shown)
            assert len(to_json(shown)) < 60_000

    def test_has_one_title_and_unique_ids(self, page, clients):
        shown = show(page, clients[0])
        assert [plain(head) for head in of_kind(shown, "H1")] == [f"Dossier {clients[0]}"]
        assert attribute(shown, "data-title") == f"Dossier {clients[0]}, simulation · Limpide"
        ids = [str(part.id) for part in find(shown, lambda part: hasattr(part, "id"))]
        assert len(ids) == len(set(ids))

    def test_protected_facts_are_nowhere_even_when_all_is_shown(self, page, clients):
        from pages import _trial

        sheet = _trial.on_screen({"portfolio": "home_credit", "client": clients[0]}, {"lang": "fr"})
        assert not {"CODE_GENDER", "DAYS_BIRTH", "NAME_FAMILY_STATUS"} & set(sheet.form.items)
        drawn = _trial.redrawn(sheet.form, {"part": "simulation-all"}, {}, None, None)
        assert set(drawn) == set(sheet.form.themes())
        labels = [plain(label) for rows in drawn.values() for label in of_kind(rows, "Th")]
        assert not {"Sexe", "Âge", "Situation de famille"} & set(labels)

    def test_layout_without_arguments_answers(self, page):
        assert page.layout()

    def test_without_a_file_a_blank_one_is_offered(self, page):
        said = plain(show(page, None))
        assert "Aucun dossier ouvert" in said
        assert "Ouvrir un dossier vierge" in said

    def test_an_unknown_client_is_searched(self, page):
        assert "Dossier introuvable" in plain(show(page, "999999999"))


class TestABlankFile:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_asks_six_things_and_gives_no_points_yet(self, page, lang):
        shown = show(page, None, lang, blank="1")
        rows = find(shown, lambda part: ident(part).get("part") == "simulation-points")
        assert len(rows) == 6
        assert attribute(shown, "data-title") in ("Dossier vierge · Limpide", "Blank file · Limpide")
        assert "points" in plain(shown)
        assert "blank=1" in json.dumps(shown.to_plotly_json(), default=lambda c: c.to_plotly_json())
        assert "ont pas été réuni" in plain(shown) or "were not collected" in plain(shown)

    def test_is_scored_like_anyone_else_and_says_what_is_missing(self, screen):
        from model.assess import assess_record

        screened = screen(None, blank="1")
        screened.set("AMT_CREDIT", "400 000")
        screened.set("EXT_SOURCE_3", "0,2")
        found = screened.attempt()
        points = round(assess_record("home_credit", {"AMT_CREDIT": 400_000.0, "EXT_SOURCE_3": 0.2}).points)
        assert f"{points} points" in spoken(found["verdict"])
        assert "avec 2 valeurs données" in spoken(found["verdict"])
        assert "informations importantes" in spoken(found["verdict"])

    def test_emptied_again_it_has_no_points(self, screen):
        found = screen(None, blank="1").attempt()
        assert "Rien n'est encore renseigné" in spoken(found["verdict"])
        assert not found["frequency"]

    def test_searches_what_would_change_the_decision_when_asked(self, screen):
        screened = screen(None, blank="1")
        (about,) = screened.parts("about")
        whose = {key: about.id[key] for key in ("portfolio", "client")}
        outputs = [
            {"id": {"part": "simulation-recourse", **whose}, "property": "children"},
            {"id": {"part": "simulation-proposals", **whose}, "property": "data"},
        ]
        (button,) = screened.parts("search")
        changed = json.dumps(button.id, sort_keys=True, separators=(",", ":")) + ".n_clicks"
        told = {}
        for clicks, values in ((0, {}), (1, {}), (1, {"AMT_CREDIT": 400_000.0, "EXT_SOURCE_3": 0.1})):
            screened.store["kept"] = {"values": values}
            clicked = [{"id": button.id, "property": "n_clicks", "value": clicks}]
            answer = screened.send(
                outputs, [screened._data("about"), clicked], [screened._data("kept")], changed
            )
            told[clicks, len(values)] = answer and spoken(next(iter(answer["response"].values()))["children"])
        assert told[0, 0] is None
        assert "Renseignez d'abord" in told[1, 0]
        assert told[1, 2]

    def test_without_a_model_the_page_says_what_it_can(self, page, store, tmp_path):
        (tmp_path / "banks").symlink_to(store / "banks")
        use_store(tmp_path)
        try:
            said = plain(show(page, None, blank="1"))
        finally:
            use_store(store)
        assert "Aucun dossier ouvert" in said
        assert "vierge" not in said


class TestForgedRequests:
    FORGED = (
        {"portfolio": "nowhere", "client": "1"},
        {"portfolio": ["x"], "client": "1"},
        {"portfolio": "home_credit", "client": "0"},
        {"portfolio": None, "client": None},
        {"portfolio": "home_credit", "client": {"a": 1}},
    )

    @pytest.mark.parametrize("whose", FORGED)
    def test_an_id_that_names_nothing_is_no_failure_of_ours(self, screen, clients, whose, caplog):
        screened = screen(clients[0])
        for part in screened.props.values():
            part.id = {**part.id, **whose}
        screened.props = {str(n): part for n, part in enumerate(screened.props.values())}
        outputs = [
            {"id": {"part": f"simulation-{name}", **whose}, "property": prop} for name, prop in NAMED.items()
        ]
        inputs = [screened._values("try"), screened._values("missing"), screened._data("composed")]
        state = [screened._data("kept"), screened._data("about"), screened._data("proposals")]
        changed = json.dumps({**whose, "part": "simulation-composed"}, sort_keys=True) + ".data"
        screened.send(outputs, inputs, state, changed)
        assert "ERROR" not in caplog.text

    @pytest.mark.parametrize(
        "junk",
        [
            None,
            3,
            "x",
            [],
            {"values": 3, "typed": []},
            {"values": {"AMT_CREDIT": []}},
            {"values": {"CODE_GENDER": "F", "AMT_CREDIT": "F"}, "typed": {"AMT_CREDIT": 2}},
        ],
    )
    def test_junk_kept_by_a_browser_changes_nothing(self, screen, clients, junk):
        screened = screen(clients[0])
        for name in ("kept", "proposals", "about"):
            screened.store[name] = junk
        found = screened.attempt()
        assert found["marks"]["rows"] == {}

    def test_a_protected_or_unknown_field_is_not_tried(self, screen, clients):
        screened = screen(clients[0])
        (field,) = screened.parts("try", feature="AMT_CREDIT")
        for name in ("CODE_GENDER", "DAYS_BIRTH", "EXT_MEAN", "TARGET", "nothing"):
            forged = type(field)(id={**field.id, "feature": name}, value="1")
            screened.props[name] = forged
        assert screened.attempt()["kept"]["values"] == {}
