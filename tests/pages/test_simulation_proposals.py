"""What would change the decision: searched after the page, and loaded into the form."""

import json
import sys

import pytest

from model.assess import glance
from model.recourse import recourse
from tests.pages.simulation_support import spoken
from tests.seen import plain


@pytest.fixture(scope="module")
def page(server):
    return sys.modules["pages.simulation"]


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
