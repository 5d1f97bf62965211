"""What strangers send: the right status, one clear message, and nothing of it in the log."""

import json
from urllib.parse import quote

import pytest

from data import portfolios
from web import schemas

CLIENTS = "/api/v1/home_credit/clients"
ASSESSMENTS = "/api/v1/home_credit/assessments"

SQL = "'; DROP TABLE application; --"
HTML = "<img src=x onerror=alert(1)>"
STRANGE = [
    SQL,
    HTML,
    "' OR '1'='1",
    "%' OR 1=1 --",
    "100002 UNION SELECT 1",
    "{{7*7}}",
    "../../etc/passwd",
    "\x00",
    "100002\x00",
    "\u202e100002",
    "１００００２",
    "😀",
    "nan",
    "-17171717",
    "1e5",
    "0x10",
    "100002.0",
    " 100002",
    "9" * 40,
    "9" * 2_000,
]


def refused(answer, status: int) -> list[dict]:
    """Return the details of a refusal, checked to have the shape of every error."""
    assert answer.status_code == status, answer.text
    return schemas.Error.model_validate(answer.json, strict=True).model_dump()["error"]["details"]


class TestIdsThatDoNotExist:
    @pytest.mark.parametrize("client_id", STRANGE, ids=ascii)
    @pytest.mark.parametrize("rest", ["", "/assessment"])
    def test_are_404_and_neither_repeated_nor_logged(self, client, logged, client_id, rest):
        answer = client.get(f"{CLIENTS}/{quote(client_id, safe='')}{rest}")
        refused(answer, 404)
        assert client_id not in answer.text
        assert client_id not in logged.text

    @pytest.mark.parametrize("search", [text for text in STRANGE if len(text) <= 64], ids=ascii)
    def test_are_found_nowhere_by_the_search(self, client, logged, search):
        answer = client.get(CLIENTS, query_string={"search": search})
        assert answer.status_code == 200
        assert answer.json["clients"] == []
        assert search not in logged.text


TEXT_FIELDS = [
    column.name
    for column in portfolios.load("home_credit").columns.values()
    if column.kind == "category" and column.source == "application"
]


class TestTextFields:
    @pytest.mark.parametrize(
        "text", [SQL, HTML, "x" * 5_000, "", "\u0000"], ids=["sql", "html", "long", "empty", "nul"]
    )
    @pytest.mark.parametrize("field", TEXT_FIELDS)
    def test_refuse_what_is_no_category_of_theirs(self, client, logged, field, text):
        (detail,) = refused(client.post(ASSESSMENTS, json={field: text, "AMT_CREDIT": 450000}), 422)
        assert (detail["field"], detail["code"]) == (field, "unknown_category")
        assert len(detail["value"]) <= 80
        assert not text or text not in logged.text

    @pytest.mark.parametrize(
        "name", [SQL, HTML, "x" * 5_000, "", "__proto__", "covered_", "covered_x", "\u0000"]
    )
    def test_names_of_fields_are_no_better(self, client, name):
        (detail,) = refused(client.post(ASSESSMENTS, json={name: 1, "AMT_CREDIT": 450000}), 422)
        assert detail["code"] == "unknown_field"
        assert len(detail["field"]) <= 80

    def test_the_target_is_no_field_to_send(self, client):
        (detail,) = refused(client.post(ASSESSMENTS, json={"TARGET": 1, "AMT_CREDIT": 450000}), 422)
        assert detail["code"] == "unknown_field"

    def test_a_made_column_is_no_field_to_send(self, client):
        (detail,) = refused(client.post(ASSESSMENTS, json={"EXT_MEAN": 0.5, "AMT_CREDIT": 450000}), 422)
        assert detail["code"] == "unknown_field"


class TestNumbers:
    @pytest.mark.parametrize(
        "value", ["450000", "", True, False, [450000], {"value": 450000}, [], {}, "1e999", "9" * 400], ids=str
    )
    def test_refuse_what_is_no_finite_number(self, client, value):
        # Texts that are numbers to JSON are put in bare.
        is_bare = isinstance(value, str) and len(value) > 3 and value != "450000"
        body = f'{{"AMT_CREDIT": {value if is_bare else json.dumps(value)}}}'
        (detail,) = refused(client.post(ASSESSMENTS, data=body, content_type="application/json"), 422)
        assert (detail["field"], detail["code"]) == ("AMT_CREDIT", "wrong_type")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("AMT_CREDIT", -1),
            ("AMT_CREDIT", 1e300),
            ("AMT_INCOME_TOTAL", -5),
            ("DAYS_BIRTH", 1),
            ("DAYS_BIRTH", -200 * 365),
            ("CNT_CHILDREN", -1),
            ("CNT_CHILDREN", 500),
            ("EXT_SOURCE_2", 1.5),
            ("EXT_SOURCE_2", -0.1),
        ],
    )
    def test_refuse_the_absurd_with_the_bounds(self, client, field, value):
        (detail,) = refused(client.post(f"{ASSESSMENTS}?lang=en", json={field: value}), 422)
        assert (detail["field"], detail["code"]) == (field, "impossible")
        assert detail["expected"].startswith("a number ")

    @pytest.mark.parametrize("value", ["yes", 1, "true", [True]])
    def test_coverage_is_true_or_false(self, client, value):
        (detail,) = refused(
            client.post(ASSESSMENTS, json={"covered_bureau": value, "AMT_CREDIT": 450000}), 422
        )
        assert (detail["field"], detail["code"]) == ("covered_bureau", "wrong_type")


class TestBodies:
    @pytest.mark.parametrize(
        "body", ["{", "", "nothing", "{'AMT_CREDIT': 1}", '{"AMT_CREDIT": NaN}', "[Infinity]"]
    )
    def test_that_are_not_json_are_400(self, client, body):
        answer = client.post(ASSESSMENTS, data=body, content_type="application/json")
        refused(answer, 400)

    def test_that_name_a_field_twice_are_400_and_say_which(self, client):
        body = '{"AMT_CREDIT": 1, "AMT_CREDIT": 2}'
        (detail,) = refused(client.post(ASSESSMENTS, data=body, content_type="application/json"), 400)
        assert detail["field"] == "AMT_CREDIT"

    @pytest.mark.parametrize(
        "body", [None, 1, "text", True, {}, [1], [[]], [None], [{}], {"SK_ID_CURR": 1}], ids=str
    )
    def test_that_hold_no_record_are_422(self, client, body):
        answer = client.post(ASSESSMENTS, data=json.dumps(body), content_type="application/json")
        (detail,) = refused(answer, 422)
        assert detail["code"] == "wrong_type"

    @pytest.mark.parametrize("client_id", [True, 1.5, 1e20, 10**20, [1], {"a": 1}, "1" * 65, "", " ", "1\0"])
    def test_whose_file_number_is_none_are_422(self, client, client_id):
        (detail,) = refused(client.post(ASSESSMENTS, json={"SK_ID_CURR": client_id, "AMT_CREDIT": 1e5}), 422)
        assert (detail["field"], detail["code"]) == ("SK_ID_CURR", "wrong_type")

    def test_of_another_kind_are_415(self, client):
        refused(client.post(ASSESSMENTS, data={"AMT_CREDIT": 1}), 415)
        refused(client.post(ASSESSMENTS, data="{}", content_type="text/plain"), 415)


def test_no_assessment_writes_the_client_in_the_log(client, clients, logged):
    for client_id in clients[:5]:
        record = client.get(f"{CLIENTS}/{client_id}?lang=en").json["record"]
        client.get(f"{CLIENTS}/{client_id}/assessment")
        client.get(CLIENTS, query_string={"search": client_id})
        client.post(ASSESSMENTS, json=[record])
        client.post(ASSESSMENTS, json=record | {"AMT_CREDIT": client_id})
        client.get(f"/home_credit/eligibility?client={client_id}")
        assert client_id not in logged.text
