import gzip
import json

import pytest
from drift_support import HTML, PORTFOLIO, judged, reported, store_of_its_own

from model import batches

API = f"/api/v1/{PORTFOLIO}/drift"


@pytest.fixture(autouse=True)
def own(store, tmp_path):
    with store_of_its_own(store, tmp_path):
        yield tmp_path


@pytest.fixture
def report(server):
    verdict = judged("2026-11-20", name="November")
    reported(verdict)
    return f"/reports/{PORTFOLIO}/drift/{verdict.id}"


class TestApi:
    def test_has_nothing_to_say_before_any_batch(self, client):
        assert client.get(API).json == {"portfolio": PORTFOLIO, "batches": [], "verdict": None}

    def test_gives_the_verdict_of_the_page(self, client):
        verdict = judged("2026-11-20", name="November", lower=15)
        told = client.get(API).json
        assert told["verdict"] == json.loads(batches.written(verdict))["verdict"]
        page = client.get(f"/{PORTFOLIO}/drift?lang=en")
        assert page.status_code == 200

    def test_lists_the_latest_first_and_gives_the_one_asked_for(self, client):
        october, november = judged("2026-10-20", rows=150), judged("2026-11-20", rows=150)
        reported(october)
        told = client.get(API, query_string={"batch": october.id}).json
        assert [one["id"] for one in told["batches"]] == [november.id, october.id]
        assert told["verdict"]["id"] == october.id
        assert [one["report"] is not None for one in told["batches"]] == [False, True]
        assert client.get(told["batches"][1]["report"]).status_code == 200

    def test_answers_in_the_shape_it_describes(self, client):
        from web.schemas_drift import Drift

        judged("2026-11-20", lower=15)
        Drift.model_validate(client.get(API).json, strict=True)

    @pytest.mark.parametrize("number", ["20200101-000000-0000", "../..", "x" * 32])
    def test_knows_no_batch_that_is_not_there(self, client, number):
        reply = client.get(API, query_string={"batch": number, "lang": "en"})
        assert reply.status_code == 404
        assert reply.json["error"]["code"] == "unknown_batch"

    def test_names_a_parameter_it_does_not_know(self, client):
        reply = client.get(API, query_string={"btch": "1"})
        assert reply.status_code == 422
        assert reply.json["error"]["details"][0]["field"] == "btch"

    def test_knows_no_other_portfolio(self, client):
        assert client.get("/api/v1/nowhere/drift").status_code == 404


class TestReport:
    def test_is_sent_as_it_is_kept_gzipped(self, client, report):
        reply = client.get(report, headers={"Accept-Encoding": "gzip, br"})
        assert reply.status_code == 200
        assert reply.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(reply.data) == HTML
        assert "Accept-Encoding" in reply.headers["Vary"]

    def test_is_unpacked_for_those_who_read_no_gzip(self, client, report):
        reply = client.get(report, headers={"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in reply.headers
        assert reply.data == HTML

    def test_runs_shut_in_and_asks_nobody_for_anything(self, client, report):
        policy = client.get(report).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox allow-scripts" in policy
        assert "frame-ancestors 'self'" in policy
        assert "unsafe-eval" not in policy
        assert "http" not in policy

    def test_is_not_sent_twice(self, client, report):
        first = client.get(report)
        assert first.headers["Cache-Control"] == "private, no-cache"
        again = client.get(report, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert again.data == b""

    def test_can_be_taken_away(self, client, report):
        page, content = (client.get(f"{report}?download={kind}") for kind in ("html", "json"))
        assert page.headers["Content-Disposition"].startswith("attachment")
        assert page.headers["Content-Disposition"].endswith('.html"')
        assert content.mimetype == "application/json"
        assert content.json["about"]["columns"] > 0

    @pytest.mark.parametrize("kind", ["pdf", "../verdict.json", "verdict"])
    def test_is_nothing_else(self, client, report, kind):
        assert client.get(report, query_string={"download": kind}).status_code == 404

    @pytest.mark.parametrize(
        "address",
        [
            f"/reports/{PORTFOLIO}/drift/20200101-000000-0000",
            f"/reports/{PORTFOLIO}/drift/..%2f..%2f..%2fmodels%2fhome_credit%2f1%2fartifact.json",
            f"/reports/{PORTFOLIO}/drift/%2e%2e",
            f"/reports/{PORTFOLIO}/drift/x%00y",
            "/reports/nowhere/drift/20200101-000000-0000",
            "/reports/..%2fbanks/drift/20200101-000000-0000",
        ],
    )
    def test_never_leads_out_of_the_store(self, client, report, address):
        assert client.get(address).status_code == 404

    def test_can_only_be_read(self, client, report):
        assert client.post(report).status_code == 405

    def test_of_a_verdict_alone_is_not_there(self, client):
        verdict = judged("2026-11-20", rows=150)
        assert client.get(f"/reports/{PORTFOLIO}/drift/{verdict.id}").status_code == 404
