"""The model in service, as programs read it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from data.ledger.approvals import Approved
from model import artifact, segments
from model.artifact import champion
from web.model_schemas import ModelCard

MODEL = "/api/v1/home_credit/model"


def test_is_the_card_of_the_champion(client):
    answer = client.get(MODEL)
    assert answer.status_code == 200
    found, model = ModelCard.model_validate(answer.json, strict=True), champion("home_credit")
    assert found.model_version == model.version
    assert found.threshold.in_force == model.threshold
    assert found.metrics["auc"].value == model.card["metrics"]["auc"]["value"]
    assert found.metrics["auc"].low < found.metrics["auc"].value < found.metrics["auc"].high
    assert found.approved_by is None
    assert found.set_aside is found.segments is None


def test_of_prospects_tells_the_year_set_aside_and_who_serves(client, prospects):
    found = ModelCard.model_validate(client.get("/api/v1/prospects/model").json, strict=True)
    assert (found.set_aside.column, found.set_aside.values) == ("ANNEE", [2021])
    assert 0 < found.set_aside.positives < found.set_aside.rows
    assert found.set_aside.metrics["auc"].low < found.set_aside.metrics["auc"].high


def test_tells_which_segments_were_compared_and_what_serves(client, monkeypatch):
    told = {"column": "AGE", "edges": [30], "names": ["segment_1", "segment_2"], "served": "pooled"}
    monkeypatch.setattr(segments, "read", lambda model: told)
    assert client.get(MODEL).json["segments"] == {"column": "AGE", "edges": [30], "served": "pooled"}


def test_says_who_approved_the_threshold(client, monkeypatch):
    model = champion("home_credit")
    given = Approved(0.2, "a1", datetime(2026, 1, 2, tzinfo=UTC), "the-manager", 1)
    monkeypatch.setattr(artifact, "champion", lambda _: replace(model, approved=given))
    assert client.get(MODEL).json["approved_by"] == "the-manager"


def test_names_what_it_reads_and_what_it_leaves_out(client):
    found = client.get(MODEL).json
    assert found["excluded"]
    assert not set(found["excluded"]) & set(found["inputs"])


def test_its_confusion_matrix_sums_to_a_thousand(client):
    assert sum(client.get(MODEL).json["per_1000"].values()) == pytest.approx(1000)


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/nothing/model", 404, "unknown_portfolio"),
        (f"{MODEL}?lang=de", 422, "invalid_query"),
        (f"{MODEL}?version=1", 422, "invalid_query"),
    ],
)
def test_refuses_what_it_does_not_know(client, address, status, code):
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.json["error"]["code"] == code


def test_only_reads(client):
    assert client.post(MODEL, json={}).status_code == 405
