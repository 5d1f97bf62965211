"""The API of a portfolio made by command: it answers as it does for those built in."""

from urllib.parse import quote

import pytest

from components.i18n import LANGUAGES
from data import portfolios
from data.bank import open_bank
from tests.seen import plain


@pytest.fixture
def visitor(server):
    return server.test_client()


def file_of(own: str, client: str, rest: str = "") -> str:
    return f"/api/v1/{own}/clients/{quote(client, safe='')}{rest}"


def test_a_record_sent_as_it_is_held_is_assessed_the_same(visitor, own, ids):
    for client in ids[::10]:
        held = visitor.get(file_of(own, client)).json["record"]
        asked = visitor.get(file_of(own, client, "/assessment")).json
        sent = visitor.post(f"/api/v1/{own}/assessments", json=held).json
        assert (sent["points"], sent["decision"]) == (asked["points"], asked["decision"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_address_of_the_portfolio_answers(visitor, own, ids, lang):
    for rest in ("clients", "model", "drift"):
        assert visitor.get(f"/api/v1/{own}/{rest}?lang={lang}").status_code == 200
    for rest in ("", "/assessment", "/recourse"):
        assert visitor.get(file_of(own, ids[0], f"{rest}?lang={lang}")).status_code == 200
    names = {
        one["id"]: one["name"] for one in visitor.get(f"/api/v1/portfolios?lang={lang}").json["portfolios"]
    }
    assert names[own] == portfolios.load(own).words(lang)["name"]


def test_ids_with_blanks_slashes_and_accents_are_found(visitor):
    found = visitor.get("/api/v1/prets/clients?search=A3 0&limit=5").json["clients"]
    assert [one["client_id"] for one in found] == open_bank("prets").search("A3 0", limit=5)[0]
    assert found[0]["client_id"].endswith("/é")
    assert visitor.get(file_of("prets", found[0]["client_id"])).status_code == 200
    unknown = visitor.get(file_of("prets", "A3 0/nobody"))
    assert (unknown.status_code, unknown.json["error"]["code"]) == (404, "unknown_client")


def test_a_reason_is_label_value_and_reference(visitor):
    told = [
        plain(reason["text"])
        for client in open_bank("prets").search("", limit=60)[0]
        for reason in visitor.get(file_of("prets", client, "/assessment?lang=fr")).json["reasons"]
        if reason["feature"] == "Revenu_mensuel"
    ]
    assert told
    assert all(one.startswith(("Revenu mensuel : ", "« Revenu mensuel » : ")) for one in told)
    assert all("(acceptés de justesse : " in one for one in told)


def test_faults_name_the_column_and_the_nearest(visitor):
    sent = {"Logment": "locataire", "Retard_pass": 1, "Revenu_mensuel": "beaucoup"}
    answer = visitor.post("/api/v1/prets/assessments?lang=en", json=sent)
    assert answer.status_code == 422
    faults = {one["field"]: one for one in answer.json["error"]["details"]}
    assert set(faults) == set(sent)
    assert "Logement" in faults["Logment"]["remedy"]


def test_what_cannot_be_changed_is_said_not_to_be_declared(visitor, own, ids):
    found = next(
        client
        for client in ids
        if visitor.get(file_of(own, client, "/assessment")).json["decision"] != "accept"
    )
    told = visitor.get(file_of(own, found, "/recourse?lang=en")).json
    assert told["proposals"] == []
    assert told["text"] == "This portfolio does not say which inputs a client can change."
