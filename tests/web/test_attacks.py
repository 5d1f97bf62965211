"""What somebody with a session of their own might try: forged ids, broken texts, files unseen."""

import json

import dash
import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests_support import enter, opening
from werkzeug.test import TestResponse

from data import portfolios
from data.ledger import entries, events
from data.ledger.drafts import Author, Draft
from model import assess
from model.artifact import champion
from web import access, audit, letter_routes, records
from web.identity import User

ADDRESS = "/_dash-update-component"
PORTFOLIO = "home_credit"
HALF = "\ud800"  # half of a character, as a browser sends it when an emoji is cut


@pytest.fixture(autouse=True)
def _noted_anew():
    audit._noted.clear()


@pytest.fixture
def decided(closed, clients) -> entries.Entry:
    model = champion(PORTFOLIO)
    found = assess.assess(PORTFOLIO, clients[7])
    draft = records.draft_of(portfolios.load(PORTFOLIO), model, found, "fr", "refuse", "why")
    return entries.add([draft], Author("ada", ("advisor",), "page"))[0]


def press(
    server: Flask, visitor: FlaskClient, name: str, ident: dict, pressed: dict | None = None, **values: object
) -> TestResponse:
    """Send a callback whose parts all have the ids of ``ident``, by the button named ``pressed``."""
    output, known = next(
        (key, one) for key, one in server.extensions[access._APP].items() if name in key and "callback" in one
    )

    def one(held):
        named = json.loads(held["id"])
        filled = {key: ident.get(key, value) for key, value in named.items()}
        return {"id": filled, "property": held["property"], "value": values.get(filled["part"])}

    outputs = known["output"] if isinstance(known["output"], list | tuple) else [known["output"]]
    asked = [
        {"id": {key: ident.get(key, value) for key, value in each.component_id.items()},
         "property": each.component_property}
        for each in outputs
    ]  # fmt: skip
    inputs, state = [one(held) for held in known["inputs"]], [one(held) for held in known["state"]]
    by = pressed or inputs[0]["id"]
    return visitor.post(
        ADDRESS,
        json={
            "output": output,
            "outputs": asked if isinstance(known["output"], list | tuple) else asked[0],
            "inputs": inputs,
            "state": state,
            "changedPropIds": [f"{json.dumps(by, sort_keys=True, separators=(',', ':'))}.n_clicks"],
        },
    )


def about(ident: str, act: str) -> dict:
    return {"act": act, "portfolio": PORTFOLIO, "about": ident, "lang": "fr"}


class TestAFile:
    def test_asked_for_by_a_button_with_another_name_is_noted(self, closed, clients):
        """What answers goes by the id of the button, which a forged request tells apart."""
        visitor, (mine, other) = enter(closed, "the-advisor"), clients[11:13]
        place = {"part": "history-rows", "portfolio": PORTFOLIO, "lang": "fr", "table": "bureau"}
        toggle = place | {"part": "history-toggle", "client": other}
        answer = press(closed, visitor, "history-rows", place | {"client": mine}, toggle)
        assert answer.status_code == 200
        assert events.has(events.VIEW, f"{PORTFOLIO}/{other}")

    def test_decided_on_without_its_page_is_noted(self, closed, clients):
        visitor = enter(closed, "the-advisor")
        press(closed, visitor, '"act":"decide"', about(clients[13], "decide"))
        assert events.has(events.VIEW, f"{PORTFOLIO}/{clients[13]}")

    @pytest.mark.parametrize(
        ("path", "search"), [("/decisions/{}", ""), ("/home_credit/decisions", "?decision={}")]
    )
    def test_read_in_what_was_decided_is_noted(self, closed, decided, path, search):
        file = f"{PORTFOLIO}/{decided.client_id}"
        visitor, before = enter(closed, "the-manager"), len(events.page(kind=events.VIEW, target=file))
        sent = opening(path.format(decided.id), search.format(decided.id))
        assert decided.id in visitor.post(ADDRESS, json=sent).text
        assert len(events.page(kind=events.VIEW, target=file)) == before + 1

    def test_read_in_a_letter_is_noted(self, closed, decided):
        user = User("ada", frozenset({"advisor"}), False, "page")
        letter = letter_routes.make(decided.id, "fr", user)
        file = f"{PORTFOLIO}/{decided.client_id}"
        visitor, before = enter(closed, "the-manager"), len(events.page(kind=events.VIEW, target=file))
        assert visitor.get(f"/letters/{letter.id}").status_code == 200
        assert len(events.page(kind=events.VIEW, target=file)) == before + 1

    def test_whose_values_are_corrected_is_noted(self, closed, decided):
        place = {"part": "rescore-choice", "decision": decided.id, "lang": "fr"}
        visitor = enter(closed, "the-manager")
        before = len(events.page(kind=events.VIEW))
        answer = press(closed, visitor, "rescore-choice", place, place | {"part": "rescore-open"})
        assert answer.status_code == 200
        assert len(events.page(kind=events.VIEW)) == before + 1


class TestForged:
    @pytest.mark.parametrize("broken", [HALF, "\0", "x" * 5_000, "../../etc/passwd", "' OR 1=1 --", "<b>"])
    @pytest.mark.parametrize("act", ["decide", "contest", "revise", "letter", "note", "stop"])
    def test_whatever_an_act_is_about_is_answered(self, closed, act, broken, caplog):
        visitor = enter(closed, "the-advisor" if act in ("decide", "contest", "letter") else "the-manager")
        words = {"act-words": "" if act == "stop" else "Vu.", "act-choice": "accept"}
        answer = press(closed, visitor, f'"act":"{act}"', about(broken, act), **words)
        assert answer.status_code < 500
        assert "errors" not in caplog.text

    def test_a_letter_about_what_is_no_decision_is_refused(self, closed, decided, caplog):
        own = {"portfolio": PORTFOLIO, "client_id": decided.client_id, "about": decided.id}
        said = Draft("review", content={"reasons": "why"}, decided="accept", **own)
        (review,) = entries.add([said], Author("max", ("manager",), "page"))
        answer = press(closed, enter(closed, "the-advisor"), '"act":"letter"', about(review.id, "letter"))
        assert answer.status_code == 200
        told = answer.json["sideUpdate"]["shell-error"]["children"]["props"]["children"]
        assert "Aucune décision ne porte ce numéro" in str(told)
        assert "errors" not in caplog.text

    @pytest.mark.parametrize("broken", [HALF, "\0"])
    def test_addresses_with_half_a_character_are_answered(self, closed, broken):
        visitor = enter(closed, "the-manager")
        for page in dash.page_registry.values():
            path = (page["path_template"] or page["path"]).replace("<portfolio>", PORTFOLIO)
            asked = "&".join(f"{name}={broken}" for name in ("client", "decision", "view", "q", "after"))
            sent = opening(path.replace("<entry>", broken), f"?{asked}")
            assert visitor.post(ADDRESS, json=sent).status_code < 500, path
