import json
import sys

import pytest
from dash._utils import to_json

from components.form import entry_of
from components.i18n import LANGUAGES
from model.assess import assess, glance
from model.recourse import recourse
from tests.conftest import use_store
from tests.seen import attribute, find, of_kind, plain


@pytest.fixture(scope="module")
def page(server):
    return sys.modules["pages.simulation"]


def show(page, client, lang="fr", **more):
    return page.layout(portfolio="home_credit", client=client, lang=lang, **more)


def ident(part):
    found = getattr(part, "id", None)
    return found if isinstance(found, dict) else {}


NAMED = {
    "verdict": "children",
    "frequency": "children",
    "moved": "children",
    "marks": "data",
    "kept": "data",
}


class Screen:
    """What a browser does with the page: it holds the fields, and sends them."""

    def __init__(self, client, shown):
        self.client, self.props, self.store = client, {}, {}
        self.hold(shown)

    def hold(self, shown):
        for part in find(shown, lambda part: ident(part).get("part", "").startswith("simulation-")):
            self.props[json.dumps(part.id, sort_keys=True)] = part

    def show_all(self, lang="fr"):
        """Draw the rows of every theme, as the button does."""
        from pages import _trial

        (about,) = self.parts("about")
        sheet = _trial.on_screen(about.id, {"lang": lang})
        for rows in _trial.redrawn(sheet.form, {"part": "simulation-all"}, {}, None, None).values():
            self.hold(rows)

    def parts(self, name, **more):
        return [
            p
            for p in self.props.values()
            if more.items() <= p.id.items() and p.id["part"] == f"simulation-{name}"
        ]

    def set(self, feature, value, field="value"):
        (part,) = self.parts("try", feature=feature, field=field)
        part.value = value

    def value(self, feature, field="value"):
        (part,) = self.parts("try", feature=feature, field=field)
        return part.value

    def _values(self, name, prop="value"):
        return [{"id": p.id, "property": prop, "value": getattr(p, prop, None)} for p in self.parts(name)]

    def _data(self, name):
        (part,) = self.parts(name)
        return {"id": part.id, "property": "data", "value": self.store.get(name, getattr(part, "data", None))}

    def send(self, outputs, inputs, state, changed):
        """Post a callback; return the new properties by part, or None when nothing changes."""
        app = sys.modules["app"].app
        first = outputs[0][0] if isinstance(outputs[0], list) else outputs[0]
        key = next(
            k
            for k in app.callback_map
            if k.lstrip(".").startswith('{"client"') and f'"{first["id"]["part"]}"' in k.split("...")[0]
        )
        body = {
            "output": key,
            "outputs": outputs,
            "inputs": inputs,
            "state": state,
            "changedPropIds": [changed],
        }
        answer = self.client.post("/_dash-update-component", json=body)
        if answer.status_code == 204:
            return None
        assert answer.status_code == 200, answer.text
        return answer.json

    def attempt(self):
        """Send the fields; return what came back by part."""
        (about,) = self.parts("about")
        whose = {key: about.id[key] for key in ("portfolio", "client")}
        outputs = [
            {"id": {"part": f"simulation-{name}", **whose}, "property": prop} for name, prop in NAMED.items()
        ]
        inputs = [self._values("try"), self._values("missing"), self._data("composed")]
        state = [self._data("kept"), self._data("about"), self._data("proposals")]
        changed = json.dumps({**whose, "part": "simulation-composed"}, sort_keys=True, separators=(",", ":"))
        answer = self.send(outputs, inputs, state, changed + ".data")
        found = {json.loads(key)["part"]: props for key, props in answer["response"].items()}
        self.store["kept"] = found["simulation-kept"]["data"]
        return {name.removeprefix("simulation-"): next(iter(props.values())) for name, props in found.items()}


@pytest.fixture
def screen(page, client):
    return lambda number, lang="fr", **more: Screen(client, show(page, number, lang, **more))


def spoken(children):
    """Return the text in the JSON of components."""
    if isinstance(children, list):
        return "".join(spoken(one) for one in children)
    if isinstance(children, dict):
        return spoken(children.get("props", {}).get("children"))
    return plain(children)


@pytest.fixture(scope="module")
def refused(store, clients):
    found = [one.client_id for one in glance("home_credit", clients) if one.decision == "refuse"]
    return next(one for one in found if recourse("home_credit", one).proposals)


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


class TestATrial:
    def test_an_edit_undone_is_exactly_the_original(self, screen, clients):
        for client in clients[::4]:
            screened = screen(client)
            before = assess("home_credit", client)
            for number in screened.parts("try", field="value"):
                if getattr(number, "inputmode", None) and number.value:
                    number.value = f" {number.value} "
            from pages import _trial

            sheet = _trial.on_screen({"portfolio": "home_credit", "client": client}, {"lang": "fr"})
            entries = _trial.typed(screened._values("try"), screened._values("missing"))
            tried, bad = _trial.read(sheet, entries, None, None)
            assert tried.after == before
            assert not bad
            assert not tried.changes

    def test_moves_points_row_by_row_and_in_all(self, screen, refused):
        screened = screen(refused)
        screened.set("EXT_SOURCE_2", "0.95", self._field(screened, "EXT_SOURCE_2"))
        found = screened.attempt()
        after = assess("home_credit", refused, {"EXT_SOURCE_2": 0.95})
        before = assess("home_credit", refused)
        assert f"{round(after.points)} points" in spoken(found["verdict"])
        assert "avec 1 valeur changée" in spoken(found["verdict"])
        gap = round(after.points) - round(before.points)
        assert found["marks"]["rows"] == {"EXT_SOURCE_2": [f"+{gap}", "up"]}
        assert f"+{gap}" in spoken(found["moved"])
        assert found["kept"]["values"] == {"EXT_SOURCE_2": 0.95}

    @staticmethod
    def _field(screened, feature):
        (part,) = screened.parts("try", feature=feature)
        return part.id["field"]

    def test_a_fault_is_told_at_its_field_and_the_rest_is_tried(self, screen, refused):
        screened = screen(refused)
        screened.set("AMT_CREDIT", "beaucoup")
        screened.set("AMT_ANNUITY", "12 000")
        found = screened.attempt()
        assert "« beaucoup »" in plain(found["marks"]["bad"]["AMT_CREDIT"])
        assert list(found["marks"]["rows"]) == ["AMT_ANNUITY"]
        assert found["kept"]["typed"]["AMT_CREDIT"]["value"] == "beaucoup"

    def test_not_provided_is_an_answer(self, screen, refused):
        screened = screen(refused)
        (box,) = screened.parts("missing", feature="AMT_CREDIT")
        box.value = True
        found = screened.attempt()
        assert found["kept"]["values"] == {"AMT_CREDIT": None}
        after = assess("home_credit", refused, {"AMT_CREDIT": None})
        assert f"{round(after.points)} points" in spoken(found["verdict"])

    def test_everything_not_provided_is_still_assessed(self, screen, refused):
        screened = screen(refused)
        for box in screened.parts("missing"):
            box.value = True
        found = screened.attempt()
        assert not found["marks"]["bad"]
        assert "points" in spoken(found["verdict"])

    def test_what_the_source_reads_as_not_provided_is_said(self, screen, clients):
        known = (assess("home_credit", client) for client in clients)
        late = next(one for one in known if (one.features["DAYS_LAST_PHONE_CHANGE"] or 0) < -60)
        screened = screen(late.client_id)
        screened.show_all()
        for field in ("years", "months"):
            screened.set("DAYS_LAST_PHONE_CHANGE", "0", field)
        found = screened.attempt()
        assert "non fourni" in plain(found["marks"]["bad"]["DAYS_LAST_PHONE_CHANGE"])

    def test_every_field_of_every_theme_stands_for_the_files_own_value(self, screen, clients):
        for lang in LANGUAGES:
            for client in clients[::50]:
                screened = screen(client, lang)
                screened.show_all(lang)
                found = screened.attempt()
                assert found["kept"]["values"] == {}
                assert not found["marks"]["bad"]

    def test_is_told_in_english_too(self, screen, refused):
        screened = screen(refused, "en")
        screened.set("AMT_CREDIT", "1,200,000")
        found = screened.attempt()
        assert "with 1 value changed" in spoken(found["verdict"])
        assert found["kept"]["values"] == {"AMT_CREDIT": 1_200_000}

    def test_survives_the_language_switch(self, page, screen, refused):
        from pages import _trial

        screened = screen(refused)
        screened.set("AMT_CREDIT", "412345,5")
        screened.set("AMT_ANNUITY", "?")
        kept = screened.attempt()["kept"]
        english = screen(refused, "en")
        sheet = _trial.on_screen({"portfolio": "home_credit", "client": refused}, {"lang": "en"})
        entries = _trial.typed(english._values("try"), english._values("missing"))
        for rows in _trial.redrawn(sheet.form, {"part": "simulation-restore"}, entries, kept, None).values():
            english.hold(rows)
        assert english.value("AMT_CREDIT") in ("412,346", "412,345")
        assert english.value("AMT_ANNUITY") == "?"
        english.store["kept"] = kept
        again = english.attempt()
        assert again["kept"]["values"] == {"AMT_CREDIT": 412_345.5}
        assert "“?”" in again["marks"]["bad"]["AMT_ANNUITY"]

    def test_going_back_to_the_file_draws_only_what_changed(self, screen, refused):
        from pages import _trial

        screened = screen(refused)
        own = screened.value("AMT_CREDIT")
        screened.set("AMT_CREDIT", "1")
        sheet = _trial.on_screen({"portfolio": "home_credit", "client": refused}, {"lang": "fr"})
        entries = _trial.typed(screened._values("try"), screened._values("missing"))
        drawn = _trial.redrawn(sheet.form, {"part": "simulation-reset"}, entries, None, None)
        assert list(drawn) == ["request"]
        screened.hold(drawn["request"])
        assert screened.value("AMT_CREDIT") == own
        assert screened.attempt()["marks"]["rows"] == {}

    def test_more_keeps_what_was_typed(self, screen, refused):
        from pages import _trial

        screened = screen(refused)
        screened.set("AMT_CREDIT", "77 777")
        sheet = _trial.on_screen({"portfolio": "home_credit", "client": refused}, {"lang": "fr"})
        entries = _trial.typed(screened._values("try"), screened._values("missing"))
        pressed = {"part": "simulation-more", "theme": "request"}
        (rows,) = _trial.redrawn(sheet.form, pressed, entries, None, None).values()
        screened.hold(rows)
        assert screened.value("AMT_CREDIT") == "77 777"
        assert screened.value("NAME_CONTRACT_TYPE")


class TestProposals:
    def test_are_found_after_the_page_and_load_into_the_form(self, page, screen, refused):
        from pages import _trial

        screened = screen(refused)
        (about,) = screened.parts("about")
        whose = {key: about.id[key] for key in ("portfolio", "client")}
        outputs = [
            {"id": {"part": "simulation-recourse", **whose}, "property": "children"},
            {"id": {"part": "simulation-proposals", **whose}, "property": "data"},
        ]
        state = [screened._data("kept")]
        changed = json.dumps(about.id, sort_keys=True, separators=(",", ":")) + ".data"
        answer = screened.send(outputs, [screened._data("about"), []], state, changed)["response"]
        found = {json.loads(key)["part"]: props for key, props in answer.items()}
        proposals = found["simulation-proposals"]["data"]
        expected = recourse("home_credit", refused).proposals
        assert len(proposals) == len(expected)
        assert spoken(found["simulation-recourse"]["children"]).count("Essayer") == len(expected)

        screened.store["proposals"] = proposals
        sheet = _trial.on_screen(whose, {"lang": "fr"})
        for place, proposal in enumerate(expected):
            entries = _trial.typed(screened._values("try"), screened._values("missing"))
            pressed = {"part": "simulation-proposal", "index": str(place)}
            for rows in _trial.redrawn(sheet.form, pressed, entries, None, proposals).values():
                screened.hold(rows)
            tried = screened.attempt()
            assert tried["marks"]["used"] == place
            assert tried["kept"]["values"] == {change.feature: change.after for change in proposal.changes}
            assert f"{round(proposal.points)} points" in spoken(tried["verdict"])

    def test_a_file_already_accepted_needs_no_change(self, page, clients):
        from components import proposed
        from pages import _trial

        good = next(one.client_id for one in glance("home_credit", clients) if one.decision == "accept")
        sheet = _trial.on_screen({"portfolio": "home_credit", "client": good}, {"lang": "fr"})
        assert "il n'y a rien à changer" in plain(proposed.parts(sheet.form, recourse("home_credit", good)))

    def test_a_button_just_drawn_presses_nothing(self, screen, refused):
        screened = screen(refused)
        (about,) = screened.parts("about")
        whose = {key: about.id[key] for key in ("portfolio", "client")}
        outputs = [
            [{"id": part.id, "property": "children"} for part in screened.parts("theme")],
            {"id": {"part": "simulation-composed", **whose}, "property": "data"},
        ]
        reset = {"part": "simulation-reset", **whose}
        inputs = [
            {"id": {"part": "simulation-restore", **whose}, "property": "data", "value": None},
            [],
            {"id": reset, "property": "n_clicks", "value": None},
            [],
            {"id": {"part": "simulation-all", **whose}, "property": "n_clicks", "value": None},
        ]
        state = [
            screened._values("try"),
            screened._values("missing"),
            screened._data("about"),
            screened._data("proposals"),
        ]
        changed = json.dumps(reset, sort_keys=True, separators=(",", ":")) + ".n_clicks"
        assert screened.send(outputs, inputs, state, changed) is None
        inputs[2]["value"] = 1
        assert screened.send(outputs, inputs, state, changed)["response"]


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


@pytest.mark.slow
def test_on_real_rows_every_field_stands_for_the_files_own_value(page, real_data, tmp_path, store):
    from data import load, portfolios
    from data.bank import bank_path, open_bank
    from model.artifact import champion
    from model.train import train
    from pages import _trial

    use_store(tmp_path)
    try:
        portfolio = portfolios.load("home_credit")
        folder = real_data / "home_credit" / "sample"
        load.load_folder(portfolio, folder, bank_path("home_credit"), progress=False)
        train("home_credit")
        ids, _ = open_bank("home_credit").search("", limit=100_000)
        for number in ids:
            before = assess("home_credit", number)
            sheet = _trial.sheet_of(portfolio, champion("home_credit"), before, "fr")
            entries = {name: entry_of(sheet.form, name, one.raw) for name, one in sheet.form.items.items()}
            tried, bad = _trial.read(sheet, entries, None, None)
            assert tried.after == before
            assert not tried.changes
            assert not bad
    finally:
        use_store(store)
