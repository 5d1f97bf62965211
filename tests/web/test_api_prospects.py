import csv
import io
import json
from dataclasses import replace

import orjson
import pytest

from data import portfolios
from data.bank import open_bank
from data.ledger import entries
from model import artifact, ranking
from model.assess import assess, assess_frame
from web import answers, codes, openapi, schemas
from web.errors import Refused

PROSPECTS = "/api/v1/prospects"
ASSESSMENTS = f"{PROSPECTS}/assessments"
RANKING = ["rank", "cumulated_cost", "expected_acceptances", "within_budget", "above_mark"]

pytestmark = pytest.mark.usefixtures("prospects")


def details(answer, status: int = 422) -> list[dict]:
    """Return the details of a refusal, checked to have the shape of every error."""
    assert answer.status_code == status, answer.text
    told = schemas.Error.model_validate(answer.json, strict=True)
    return told.model_dump(exclude_none=True)["error"]["details"]


@pytest.fixture
def records(prospects) -> list[dict]:
    """Thirty proposals as a program would send them: what is known, and their number."""
    portfolio = portfolios.load("prospects")
    wanted = [portfolio.id_column, *(name for name in portfolio.inputs if name in portfolio.given)]
    return open_bank("prospects").records(prospects[:30]).select(wanted).to_dicts()


def rows(answer) -> list[dict]:
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text)))


class TestAnAssessment:
    def test_is_the_one_of_the_door_by_the_portfolio_s_codes(self, client, prospects):
        for number in prospects[:10]:
            said = assess("prospects", number)
            answer = client.get(f"{PROSPECTS}/clients/{number}/assessment?lang=fr").json
            kept = replace(said, decision_id=answer["decision_id"])
            assert answer == orjson.loads(orjson.dumps(answers.assessment(kept, "fr")))
            assert answer["decision"] == {"accept": "contact", "refuse": "leave"}[said.decision]
            assert (answer["offers"] is None) is (answer["decision"] == "leave")

    def test_has_the_shape_that_is_documented(self, client, prospects):
        found = client.get(f"{PROSPECTS}/clients/{prospects[0]}/assessment").json
        assert schemas.Assessment.model_validate(found)
        assert set(found) == set(schemas.Assessment.model_fields) - {"ranking"}

    def test_is_kept_with_its_offers(self, client, prospects):
        said = next(one for one in (assess("prospects", number) for number in prospects) if one.offers)
        answer = client.get(f"{PROSPECTS}/clients/{said.client_id}/assessment").json
        kept = entries.get(answer["decision_id"]).content["offers"]
        assert kept["top"] == answer["offers"]["top"]

    def test_what_would_change_it_speaks_the_same_codes(self, client, prospects):
        left = next(number for number in prospects if assess("prospects", number).decision == "refuse")
        assert client.get(f"{PROSPECTS}/clients/{left}/recourse").json["decision"] == "leave"


class TestTheReportsTwoAddresses:
    """``/predict`` took a form and ``/Marketing`` JSON: one address does both, and says what is wrong."""

    def test_one_record_is_answered_with_its_offers(self, client, records):
        found = client.post(ASSESSMENTS, json=records[0])
        assert found.status_code == 200
        assert schemas.Assessment.model_validate(found.json)

    def test_a_field_by_another_name_is_named(self, client, records):
        record = records[0] | {"AGES": 40}
        (fault,) = details(client.post(f"{ASSESSMENTS}?lang=en", json=record))
        assert (fault["field"], fault["code"], fault["value"]) == ("AGES", "unknown_field", 40)
        assert "AGE" in fault["remedy"]

    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("AGE", "forty", "wrong_type"),
            ("AGE", 140, "impossible"),
            ("MOIS", 13, "impossible"),
            ("GAMME_PROPOSITION", "TRAVEL", "unknown_category"),
            ("GAMME_PROPOSITION", 7, "wrong_type"),
            ("STATUT_ASSURE_RC", True, "wrong_type"),
            ("OFFRE", {"code": 1}, "wrong_type"),
            ("ANNEE", "this year", "wrong_type"),
        ],
    )
    def test_a_wrong_value_is_named_with_what_was_expected(self, client, records, name, value, code):
        (fault,) = details(client.post(ASSESSMENTS, json=records[0] | {name: value}))
        assert (fault["field"], fault["code"]) == (name, code)
        assert fault["expected"]
        assert fault["value"] == (value if not isinstance(value, dict) else "{…}")

    def test_what_is_left_out_is_told_and_not_guessed(self, client, records):
        known = {name: value for name, value in records[0].items() if name != "AGE"}
        warned = client.post(ASSESSMENTS, json=known).json["warnings"]
        assert ("AGE", "missing") in {(one["field"], one["code"]) for one in warned}

    def test_the_outcome_is_no_field(self, client, records):
        (fault,) = details(client.post(ASSESSMENTS, json=records[0] | {"ACCEPTEE": 1}))
        assert fault["code"] == "unknown_field"

    def test_a_form_is_asked_to_be_json(self, client):
        answer = client.post(ASSESSMENTS, data={"AGE": "40"})
        assert answer.status_code == 415
        assert "application/json" in answer.json["error"]["message"]

    def test_in_a_list_the_place_is_told_and_nothing_is_assessed(self, client, records):
        bad = [*records[:3], records[3] | {"AGE": "old"}]
        (fault,) = details(client.post(f"{ASSESSMENTS}?rank=best&budget=100", json=bad))
        assert (fault["index"], fault["field"]) == (3, "AGE")


class TestACampaign:
    def test_without_being_asked_a_list_keeps_its_order(self, client, records):
        found = client.post(ASSESSMENTS, json=records).json
        assert [one["client_id"] for one in found] == [str(one["IDPAL"]) for one in records]
        assert all("ranking" not in one for one in found)

    def test_the_best_come_first_under_the_budget(self, client, records):
        found = client.post(f"{ASSESSMENTS}?rank=best&budget=95&contact_cost=10", json=records).json
        assert all(schemas.Assessment.model_validate(one) for one in found)
        points = [one["points"] for one in found]
        assert points == sorted(points, reverse=True)
        assert [one["ranking"]["rank"] for one in found] == list(range(1, 31))
        assert sum(one["ranking"]["within_budget"] for one in found) == 9
        assert found[8]["ranking"]["cumulated_cost"] == 90
        total = sum(one["probability"] for one in found)
        assert found[-1]["ranking"]["expected_acceptances"] == pytest.approx(total)
        for one in found:
            assert one["ranking"]["above_mark"] is (one["decision"] == "contact")

    def test_the_cost_of_a_contact_is_the_campaign_s_unless_said(self, client, records):
        cost = portfolios.load("prospects").settings["campaign"]["contact_cost"]
        first = client.post(f"{ASSESSMENTS}?budget=1000", json=records).json[0]
        assert first["ranking"]["cumulated_cost"] == cost

    def test_each_is_kept_like_any_other_assessment(self, client, records):
        found = client.post(f"{ASSESSMENTS}?rank=best", json=records[:3]).json
        for one in found:
            kept = entries.get(one["decision_id"])
            assert (kept.client_id, kept.points) == (one["client_id"], one["points"])

    @pytest.mark.parametrize("how", ["format", "accept"])
    def test_as_csv_has_the_rows_that_score_writes(self, client, records, prospects, how):
        asked = f"{ASSESSMENTS}?rank=best&budget=95" + ("&format=csv" if how == "format" else "")
        headers = {"Accept": "text/csv"} if how == "accept" else {}
        told = rows(client.post(asked, json=records, headers=headers))
        portfolio, model = portfolios.load("prospects"), artifact.champion("prospects")
        found = assess_frame("prospects", open_bank("prospects").records(prospects[:30]))
        p, points = [one.probability for one in found], [one.points for one in found]
        standings = ranking.best_first(portfolio, p, points, model.pass_mark, None, 95.0)
        expected = ranking.frame(portfolio, [ranking.row(portfolio, one) for one in found], standings)
        assert told == list(csv.DictReader(io.StringIO(expected.write_csv())))
        assert list(told[0])[-5:] == RANKING

    def test_as_csv_unranked_has_no_rank(self, client, records):
        told = rows(client.post(f"{ASSESSMENTS}?format=csv", json=records))
        assert not set(RANKING) & set(told[0])
        assert [one["IDPAL"] for one in told] == [str(one["IDPAL"]) for one in records]

    def test_json_is_answered_when_both_would_do(self, client, records):
        answer = client.post(ASSESSMENTS, json=records[0], headers={"Accept": "*/*"})
        assert answer.mimetype == "application/json"

    def test_a_number_that_a_spreadsheet_would_compute_is_quoted(self, client, records):
        told = rows(client.post(f"{ASSESSMENTS}?format=csv", json=records[0] | {"IDPAL": "=1+1"}))
        assert told[0]["IDPAL"] == "'=1+1"

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ("rank=worst", "rank"),
            ("budget=much", "budget"),
            ("budget=-1", "budget"),
            ("budget=nan", "budget"),
            ("contact_cost=inf", "contact_cost"),
            ("format=xls", "format"),
            ("bugdet=5", "bugdet"),
        ],
    )
    def test_a_wrong_parameter_is_named(self, client, records, asked, field):
        (fault,) = details(client.post(f"{ASSESSMENTS}?{asked}", json=records[0]))
        assert fault["field"] == field
        assert fault["expected"]

    def test_errors_are_json_whatever_was_asked(self, client):
        answer = client.post(ASSESSMENTS, json={"AGE": "old"}, headers={"Accept": "text/csv"})
        assert details(answer)[0]["field"] == "AGE"


class TestDecisions:
    def test_are_sent_and_read_by_the_codes(self, client, prospects):
        body = {"portfolio": "prospects", "client_id": prospects[0], "decided": "contact", "motive": "Vu."}
        told = client.post("/api/v1/decisions", json=body).json
        assert told["decided"] == told["final"] == "contact"
        assert told["proposed"] in ("contact", "leave")
        sought = client.get("/api/v1/decisions?portfolio=prospects&decided=contact").json["decisions"]
        assert told["id"] in {one["id"] for one in sought}

    @pytest.mark.parametrize("code", ["accept", "review", "perhaps"])
    def test_by_another_code_are_refused_with_those_there_are(self, client, prospects, code):
        body = {"portfolio": "prospects", "client_id": prospects[0], "decided": code}
        (fault,) = details(client.post("/api/v1/decisions", json=body))
        assert fault["field"] == "decided"
        assert "contact, leave" in fault["expected"]


class TestTheOfferOfADecision:
    @pytest.fixture
    def likely(self, prospects):
        """A proposal that the model would contact, with its likeliest offer."""
        found = next(one for one in (assess("prospects", name) for name in prospects) if one.offers)
        return found.client_id, found.offers.top[0].code

    def sent(self, client, client_id, **fields):
        body = {"portfolio": "prospects", "client_id": client_id, "decided": "contact"}
        return client.post("/api/v1/decisions", json=body | fields)

    def test_is_the_likeliest_unless_said(self, client, likely):
        client_id, first = likely
        assert self.sent(client, client_id).json["offer"] == first

    def test_may_be_another_with_a_motive(self, client, likely):
        client_id, first = likely
        other = "K00034" if first != "K00034" else "K00059"
        answer = self.sent(client, client_id, offer=other)
        assert (answer.status_code, answer.json["error"]["code"]) == (422, "motive_needed")
        assert self.sent(client, client_id, offer=other, motive="Demandée.").json["offer"] == other

    def test_is_one_of_the_portfolio(self, client, likely):
        answer = self.sent(client, likely[0], offer="K99999", motive="Demandée.")
        (fault,) = details(answer)
        assert (fault["field"], fault["value"]) == ("offer", "K99999")
        assert likely[1] in fault["expected"]

    def test_goes_with_a_contact_alone(self, client, likely):
        answer = self.sent(client, likely[0], decided="leave", offer=likely[1], motive="Absent.")
        assert (answer.status_code, answer.json["error"]["code"]) == (422, "no_offer")

    def test_stands_in_the_export_by_the_codes(self, client, likely):
        told = self.sent(client, likely[0]).json
        lines = csv.DictReader(io.StringIO(client.get("/exports/prospects/register.csv").text))
        (line,) = [one for one in lines if one["id"] == told["id"]]
        assert (line["decided"], line["offer"]) == ("contact", likely[1])


class TestTheDescription:
    def test_says_what_each_portfolio_answers(self, client):
        shapes = client.get("/api/openapi.json?lang=en").json["components"]["schemas"]
        told = shapes["Assessment"]["properties"]["decision"]
        assert {"accept", "review", "refuse", "contact", "leave"} <= set(told["enum"])
        assert "prospects: contact, leave" in told["description"]
        assert "home_credit: accept, review, refuse" in told["description"]
        assert None in shapes["Decision"]["properties"]["decided"]["enum"]

    def test_tells_of_the_campaign_and_of_csv(self, client):
        document = client.get("/api/openapi.json").json
        operation = document["paths"]["/api/v1/{portfolio}/assessments"]["post"]
        asked = {one["name"]: one["schema"] for one in operation["parameters"]}
        assert asked["rank"] == {"const": "best", "type": "string"}
        assert asked["budget"]["minimum"] == 0
        assert set(operation["responses"]["200"]["content"]) == {"application/json", "text/csv"}
        assert "decisions" not in json.dumps(document["components"]["schemas"]["Assessment"])

    def test_lists_what_may_be_sent_and_not_what_is_made(self):
        fields = openapi.record_schema(portfolios.load("prospects"), "en")["properties"]
        assert "AGE" in fields
        assert not {"ACCEPTEE", "REGION"} & set(fields)


def test_a_code_of_a_portfolio_that_is_gone_is_told_as_it_was_kept():
    assert codes.told("gone", "accept") == "accept"
    assert codes.told("prospects", None) is None


def test_a_code_means_a_decision_of_its_own_portfolio_alone():
    assert codes.meant(portfolios.load("prospects"), "leave", "en") == "refuse"
    with pytest.raises(Refused):
        codes.meant(portfolios.load("home_credit"), "leave", "en")
