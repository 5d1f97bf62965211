"""What a monitor reads: counts and times by template, proposals by portfolio, and nobody's data."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

import config
import web
from config import Settings
from model import batches

ROOT = Path(config.__file__).parent
TOKEN = "a-long-token-for-the-monitor"


def read(visitor, **headers: str) -> dict[str, list]:
    answer = visitor.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    families = text_string_to_metric_families(answer.text)
    return {sample.name: family.samples for family in families for sample in family.samples}


def value(samples: list, name: str, **labels: str) -> float:
    found = [one.value for one in samples if one.name == name and labels.items() <= one.labels.items()]
    return sum(found)


def served(**settings) -> Flask:
    server = Flask("limpide")
    web.install(server, Settings(_env_file=None, **({"secret_key": "k" * 32} | settings)))
    return server


def test_requests_are_counted_by_template_and_status(visitor):
    before = read(visitor).get("limpide_requests_total", [])
    for number in range(3):
        visitor.get(f"/api/v1/nowhere/clients/{number}")
    after = read(visitor)["limpide_requests_total"]
    labels = {"route": "/api/v1/<portfolio>/clients/<path:client_id>", "method": "GET", "status": "404"}
    assert (
        value(after, "limpide_requests_total", **labels) - value(before, "limpide_requests_total", **labels)
        == 3
    )


def test_times_fall_into_buckets_with_the_promise_among_them(visitor):
    visitor.get("/text")
    samples = read(visitor)["limpide_request_seconds_bucket"]
    ours = [one for one in samples if one.labels.get("route") == "/text" and one.name.endswith("_bucket")]
    assert "0.15" in {one.labels["le"] for one in ours}
    assert max(one.value for one in ours) == value(samples, "limpide_request_seconds_count", route="/text")


def test_an_assessment_is_counted_once_with_its_proposal(client, clients):
    def counted(samples, **labels):
        return value(samples.get("limpide_assessments_total", []), "limpide_assessments_total", **labels)

    before = read(client)
    told = client.get(f"/api/v1/home_credit/clients/{clients[0]}/assessment").json
    after = read(client)
    labels = {"portfolio": "home_credit", "decision": told["decision"], "through": "api"}
    assert counted(after, **labels) - counted(before, **labels) == 1
    name = "limpide_score_points_count"
    assert (
        value(after["limpide_score_points_bucket"], name)
        - value(before.get("limpide_score_points_bucket", []), name)
        == 1
    )


def test_nothing_in_it_names_a_client(client, clients):
    client.get(f"/api/v1/home_credit/clients/{clients[0]}/assessment?lang=fr")
    client.get(f"/home_credit/eligibility?client={clients[0]}")
    client.get(f"/{clients[0]}")
    told = client.get("/metrics").text
    assert clients[0] not in told


def test_a_method_of_ones_own_makes_no_series(visitor):
    visitor.open("/text", method="XSECRET")
    assert "XSECRET" not in visitor.get("/metrics").text


def test_the_last_batch_of_a_portfolio_is_there_with_its_verdict(visitor, monkeypatch):
    monkeypatch.setattr(batches, "batches", lambda name: [])
    assert "limpide_batch_verdict{" not in visitor.get("/metrics").text

    class Judged:
        state, rows, day = "watch", 3214, "2026-11-20"

    monkeypatch.setattr(batches, "batches", lambda name: [None, Judged])
    samples = read(visitor)
    of = {"portfolio": "home_credit"}
    assert value(samples["limpide_batch_verdict"], "limpide_batch_verdict", state="watch", **of) == 1
    assert value(samples["limpide_batch_rows"], "limpide_batch_rows", **of) == 3214
    assert value(samples["limpide_batch_day_seconds"], "limpide_batch_day_seconds", **of) == 1795132800


class TestWhoMayRead:
    def test_anyone_in_development(self):
        assert served().test_client().get("/metrics").status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Authorization": "Bearer "}],
    )
    @pytest.mark.parametrize("token", [TOKEN, ""])
    def test_only_who_knows_the_token_in_production(self, headers, token):
        server = served(app_env="production", secret_key="x" * 32, metrics_token=token)
        visitor = server.test_client()
        assert visitor.get("/metrics", headers=headers).status_code == 404
        answer = visitor.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == (200 if token else 404)

    def test_only_who_knows_it_in_development_once_there_is_one(self):
        visitor = served(metrics_token=TOKEN).test_client()
        assert visitor.get("/metrics").status_code == 404
        assert visitor.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_several_workers_count_together(tmp_path):
    """Two processes that share the folder of gunicorn.conf.py: the second tells of both."""
    program = (
        "import sys; from flask import Flask; import web; from config import Settings\n"
        "server = Flask('limpide'); web.install(server, Settings(_env_file=None, secret_key='k' * 32))\n"
        "visitor = server.test_client()\n"
        "[visitor.get('/api/v1/portfolios?lang=xx') for _ in range(5)]\n"
        "print(visitor.get('/metrics').text)"
    )
    asked = [sys.executable, "-c", program]
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        told = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    (line,) = [one for one in told.stdout.splitlines() if "requests_total" in one and "portfolios" in one]
    assert line.endswith(" 10.0")
