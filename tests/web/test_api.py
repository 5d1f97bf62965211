import pytest

from model import assess
from web import schemas

CLIENTS = "/api/v1/home_credit/clients"
ASSESSMENTS = "/api/v1/home_credit/assessments"


def details(answer, status: int = 422) -> list[dict]:
    """Return the details of a refusal, checked to have the shape of every error."""
    assert answer.status_code == status, answer.text
    return schemas.Error.model_validate(answer.json, strict=True).model_dump(exclude_none=True)["error"][
        "details"
    ]


@pytest.fixture
def record(client, clients) -> dict:
    """The record of a client of the demo bank, as the API gives it."""
    return client.get(f"{CLIENTS}/{clients[0]}").json["record"]


class TestHealth:
    def test_says_that_the_application_answers_and_is_ready(self, client):
        answer = client.get("/health")
        assert answer.status_code == 200
        found = schemas.Health.model_validate(answer.json)
        assert found.ready
        assert found.portfolios[0].bank.synthetic

    @pytest.mark.parametrize("broken", [FileNotFoundError("x"), RuntimeError("x")])
    def test_answers_even_when_nothing_can_be_opened(self, client, monkeypatch, broken):
        def fail(_name):
            raise broken

        monkeypatch.setattr("data.bank.open_bank", fail)
        monkeypatch.setattr("model.artifact.champion", fail)
        answer = client.get("/health")
        assert answer.status_code == 200
        assert answer.json["ready"] is False
        assert {
            part["state"]
            for part in (answer.json["portfolios"][0]["bank"], answer.json["portfolios"][0]["model"])
        } == {"unreadable"}


class TestPortfolios:
    @pytest.mark.parametrize("lang", ["fr", "en"])
    def test_are_named_in_the_language_asked(self, client, lang):
        answer = client.get(f"/api/v1/portfolios?lang={lang}")
        told = schemas.Portfolios.model_validate(answer.json).portfolios
        (found,) = (one for one in told if one.id == "home_credit")
        assert found.name == {"fr": "Crédit à la consommation", "en": "Consumer credit"}[lang]
        assert found.synthetic
        assert found.clients > 2_000

    def test_one_that_does_not_exist_is_404_everywhere(self, client):
        for rest in ("clients", "clients/1", "clients/1/assessment"):
            answer = client.get(f"/api/v1/nothing/{rest}")
            assert answer.status_code == 404
            assert answer.json["error"]["code"] == "unknown_portfolio"
        assert client.post("/api/v1/nothing/assessments", json={}).status_code == 404


class TestClients:
    def test_are_listed_in_order_page_by_page(self, client):
        first = client.get(f"{CLIENTS}?limit=10").json
        assert schemas.Clients.model_validate(first)
        second = client.get(f"{CLIENTS}?limit=5&offset=5").json
        ids = [one["client_id"] for one in first["clients"]]
        assert ids == sorted(ids)
        assert [one["client_id"] for one in second["clients"]] == ids[5:]

    def test_are_found_by_the_start_of_their_number(self, client, clients):
        found = client.get(f"{CLIENTS}?search={clients[3]}").json
        assert clients[3] in [one["client_id"] for one in found["clients"]]
        assert found["total"] < client.get(CLIENTS).json["total"]

    def test_beyond_the_last_are_none(self, client):
        found = client.get(f"{CLIENTS}?offset=1000000000").json
        assert found["clients"] == []
        assert found["total"] > 0

    @pytest.mark.parametrize(
        ("query", "field", "code"),
        [
            ("limit=0", "limit", "impossible"),
            ("limit=1001", "limit", "impossible"),
            ("limit=-1", "limit", "impossible"),
            ("limit=ten", "limit", "wrong_type"),
            ("limit=1e3", "limit", "wrong_type"),
            ("limit=" + "9" * 50, "limit", "impossible"),
            ("offset=-5", "offset", "impossible"),
            ("search=" + "1" * 65, "search", "impossible"),
            ("lang=de", "lang", "impossible"),
            ("page=2", "page", "unknown_field"),
            ("<script>=1", "<script>", "unknown_field"),
        ],
    )
    def test_are_asked_within_bounds(self, client, query, field, code):
        (detail,) = details(client.get(f"{CLIENTS}?{query}"))
        assert (detail["field"], detail["code"]) == (field, code)
        assert detail["expected"]
        assert detail["remedy"]


class TestARecord:
    def test_holds_what_was_given_and_the_summary_of_the_histories(self, client, clients):
        found = schemas.Record.model_validate(client.get(f"{CLIENTS}/{clients[0]}").json)
        assert found.client_id == clients[0]
        assert {"AMT_CREDIT", "BUREAU_COUNT", "covered_bureau"} <= set(found.record)
        assert "TARGET" not in found.record

    def test_sent_back_as_it_is_gives_the_same_assessment(self, client, clients):
        for client_id in clients[:20]:
            path = f"{CLIENTS}/{client_id}"
            kept = client.get(f"{path}/assessment").json
            again = client.post(ASSESSMENTS, json=client.get(path).json["record"]).json
            assert again | {"decision_id": None} == kept | {"decision_id": None}


class TestAnAssessment:
    @pytest.fixture
    def found(self, client, clients) -> dict:
        return client.get(f"{CLIENTS}/{clients[0]}/assessment?lang=en").json

    def test_has_the_shape_that_is_documented(self, found):
        assert schemas.Assessment.model_validate(found, strict=True)
        # Consumer credit makes no offers, and one file is in no list.
        assert set(found) == set(schemas.Assessment.model_fields) - {"offers", "ranking"}

    def test_adds_up(self, found):
        total = found["base_points"] + sum(part["points"] for part in found["contributions"])
        assert total == pytest.approx(found["points"], abs=1e-6)

    def test_is_told_in_the_language_asked(self, client, clients, found):
        french = client.get(f"{CLIENTS}/{clients[0]}/assessment?lang=fr").json
        assert [reason["code"] for reason in french["reasons"]] == [
            reason["code"] for reason in found["reasons"]
        ]
        assert [reason["text"] for reason in french["reasons"]] != [
            reason["text"] for reason in found["reasons"]
        ]
        assert french["points"] == found["points"]

    def test_without_a_language_follows_the_one_preferred(self, client, clients, found):
        path = f"{CLIENTS}/{clients[0]}/assessment"
        told = client.get(path, headers={"Accept-Language": "en"}).json
        assert told | {"decision_id": None} == found | {"decision_id": None}

    def test_holds_no_value_that_json_does_not_know(self, client, clients):
        for client_id in clients[:30]:
            text = client.get(f"{CLIENTS}/{client_id}/assessment").text
            assert "NaN" not in text
            assert "Infinity" not in text

    def test_of_a_bank_without_model_is_503_with_the_remedy(self, client, clients, monkeypatch, tmp_path):
        from model.artifact import ModelMissing

        def missing(*_):
            raise ModelMissing("none")

        monkeypatch.setattr(assess, "speaking", missing)
        answer = client.get(f"{CLIENTS}/{clients[0]}/assessment?lang=en")
        assert answer.status_code == 503
        assert "python -m model train" in answer.json["error"]["message"]


class TestRecordsThatAreSent:
    def test_one_is_answered_by_one(self, client, record):
        assert schemas.Assessment.model_validate(client.post(ASSESSMENTS, json=record).json)

    def test_a_list_is_answered_by_a_list_in_its_order(self, client, clients):
        sent = [client.get(f"{CLIENTS}/{one}").json["record"] for one in clients[:5]]
        found = client.post(ASSESSMENTS, json=sent).json
        assert [one["client_id"] for one in found] == clients[:5]

    def test_few_fields_are_enough_and_the_rest_is_said_to_be_missing(self, client):
        found = client.post(f"{ASSESSMENTS}?lang=en", json={"AMT_CREDIT": 450000, "AMT_ANNUITY": None}).json
        assert found["client_id"] is None
        assert "missing" in {warning["code"] for warning in found["warnings"]}
        assert "not_collected" in {warning["code"] for warning in found["warnings"]}

    def test_their_number_may_be_text_or_whole(self, client):
        for number, kept in ((123, "123"), (123.0, "123"), ("123", "123"), ("A-1", "A-1")):
            answer = client.post(ASSESSMENTS, json={"SK_ID_CURR": number, "AMT_CREDIT": 450000})
            assert answer.json["client_id"] == kept

    @pytest.mark.parametrize("count", [0, 1_001])
    def test_a_list_holds_1_to_1000(self, client, count):
        answer = client.post(f"{ASSESSMENTS}?lang=en", json=[{"AMT_CREDIT": 1}] * count)
        assert answer.status_code == 422
        assert answer.json["error"]["code"] == "list_length"
        assert f"{count:,}" in answer.json["error"]["message"]
        assert "1,000" in answer.json["error"]["message"]

    def test_faults_of_a_list_are_named_with_their_place(self, client, record):
        sent = [record, record | {"AMT_CREDIT": "much"}, record, {"AMT_CREDT": 5}]
        found = details(client.post(f"{ASSESSMENTS}?lang=en", json=sent))
        assert [(detail["index"], detail["field"], detail["code"]) for detail in found] == [
            (1, "AMT_CREDIT", "wrong_type"),
            (3, "AMT_CREDT", "unknown_field"),
        ]
        assert found[1]["remedy"] == "Did you mean AMT_CREDIT?"

    def test_every_fault_of_a_record_is_named_at_once(self, client, record):
        sent = record | {
            "AMT_CREDIT": "much",
            "DAYS_BIRTH": 4_000,
            "NAME_HOUSING_TYPE": "Castle",
            "SHOE_SIZE": 44,
        }
        found = {
            detail["field"]: detail for detail in details(client.post(f"{ASSESSMENTS}?lang=en", json=sent))
        }
        assert {field: detail["code"] for field, detail in found.items()} == {
            "AMT_CREDIT": "wrong_type",
            "DAYS_BIRTH": "impossible",
            "NAME_HOUSING_TYPE": "unknown_category",
            "SHOE_SIZE": "unknown_field",
        }
        assert found["AMT_CREDIT"]["expected"] == "a number"
        assert found["DAYS_BIRTH"]["expected"].startswith("a number from -")
        assert "With parents" in found["NAME_HOUSING_TYPE"]["expected"]

    def test_a_long_list_of_faults_is_cut(self, client):
        assert len(details(client.post(ASSESSMENTS, json=[{"AMT_CREDIT": "x"}] * 1_000))) == 100
