"""What would change a decision, asked through the API and checked through the API."""

import statistics
import time

import pytest
from flask import Flask
from tests_support import own_store

import web
from config import Settings
from data import load, portfolios
from data.bank import bank_path, open_bank
from model.artifact import ModelMissing
from model.assess import glance
from model.train import train
from web import schemas

PORTFOLIO = "home_credit"
CLIENTS = f"/api/v1/{PORTFOLIO}/clients"
ASSESSMENTS = f"/api/v1/{PORTFOLIO}/assessments"
COLUMNS = portfolios.load(PORTFOLIO).columns
RANKS = ("refuse", "review", "accept")
BATCH = 500


def refused(most: int) -> list[str]:
    """Clients of the bank whose refusal is proposed, spread over it."""
    ids, total = open_bank(PORTFOLIO).search("", limit=1_000_000)
    some = ids[:: max(total // (20 * most), 1)]
    found = []
    for start in range(0, len(some), BATCH):
        told = glance(PORTFOLIO, some[start : start + BATCH])
        found += [one.client_id for one in told if one.decision == "refuse"]
    return found[:: max(len(found) // most, 1)][:most]


def asked(visitor, ids) -> tuple[list[dict], list[float]]:
    """Ask for each client's recourse; return the answers and the seconds each took."""
    answers, seconds = [], []
    for client_id in ids:
        began = time.perf_counter()
        answer = visitor.get(f"{CLIENTS}/{client_id}/recourse?lang=fr")
        seconds.append(time.perf_counter() - began)
        assert answer.status_code == 200
        answers.append(schemas.Recourse.model_validate(answer.json, strict=True).model_dump(by_alias=True))
    return answers, seconds


def check(visitor, answers) -> int:
    """Assess every proposal again through the API; return how many there were."""
    sent, expected = [], []
    for answer in answers:
        levers = {lever["field"]: lever for lever in answer["levers"]}
        record = visitor.get(f"{CLIENTS}/{answer['client_id']}").json["record"]
        for proposal in answer["proposals"]:
            changes = {change["field"]: change["to"] for change in proposal["changes"]}
            for name, value in changes.items():
                assert COLUMNS[name].actionable
                assert COLUMNS[name].role == "input"
                assert levers[name]["low"] <= value <= levers[name]["high"]
            sent.append(record | changes)
            expected.append((answer["decision"], proposal))
    for start in range(0, len(sent), BATCH):
        found = visitor.post(ASSESSMENTS, json=sent[start : start + BATCH]).json
        for assessed, (before, proposal) in zip(found, expected[start : start + BATCH], strict=True):
            assert RANKS.index(assessed["proposal"]) > RANKS.index(before)
            assert assessed["proposal"] == proposal["decision"]
            assert assessed["points"] == pytest.approx(proposal["points"], abs=1e-9)
    return len(sent)


@pytest.fixture(scope="module")
def answers(server) -> list[dict]:
    """What the API answers for 40 refused clients of the demo bank."""
    return asked(server.test_client(), refused(40))[0]


class TestOnTheDemo:
    def test_every_proposal_sent_back_changes_the_decision(self, client, answers):
        assert len(answers) == 40
        assert check(client, answers) > 5

    def test_the_least_effort_comes_first(self, answers):
        for answer in answers:
            efforts = [proposal["effort"] for proposal in answer["proposals"]]
            assert efforts == sorted(efforts)

    def test_an_answer_has_the_shape_that_is_documented(self, client, clients):
        found = client.get(f"{CLIENTS}/{clients[0]}/recourse").json
        assert set(found) == set(schemas.Recourse.model_fields)

    def test_is_told_in_the_language_asked(self, client, answers):
        french = next(answer for answer in answers if answer["proposals"])
        english = client.get(f"{CLIENTS}/{french['client_id']}/recourse?lang=en").json
        assert english["text"] != french["text"]
        assert [one["text"] for one in english["proposals"]] != [one["text"] for one in french["proposals"]]
        assert [one["points"] for one in english["proposals"]] == [
            one["points"] for one in french["proposals"]
        ]

    def test_of_an_accepted_file_says_that_nothing_is_to_change(self, client, clients):
        accepted = next(one.client_id for one in glance(PORTFOLIO, clients) if one.decision == "accept")
        found = client.get(f"{CLIENTS}/{accepted}/recourse?lang=en").json
        assert found["proposals"] == []
        assert "nothing to change" in found["text"]


class TestErrors:
    @pytest.mark.parametrize(
        ("path", "status", "code"),
        [
            (f"{CLIENTS}/nobody/recourse", 404, "unknown_client"),
            (f"{CLIENTS}/{'9' * 200}/recourse", 404, "unknown_client"),
            ("/api/v1/nothing/clients/1/recourse", 404, "unknown_portfolio"),
            (f"{CLIENTS}/1/recourse?lang=de", 422, "invalid_query"),
            (f"{CLIENTS}/1/recourse?most=9", 422, "invalid_query"),
        ],
    )
    def test_are_those_of_the_other_addresses(self, client, path, status, code):
        answer = client.get(path)
        assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
        assert schemas.Error.model_validate(answer.json)

    def test_only_get_is_answered(self, client):
        assert client.post(f"{CLIENTS}/1/recourse").status_code == 405

    def test_without_a_model_say_how_to_train_one(self, client, clients, monkeypatch):
        def missing(*_):
            raise ModelMissing("none")

        monkeypatch.setattr("model.assess.speaking", missing)
        answer = client.get(f"{CLIENTS}/{clients[0]}/recourse?lang=en")
        assert answer.status_code == 503
        assert "python -m model train" in answer.json["error"]["message"]


@pytest.fixture(scope="module", params=["deep", "wide"])
def real(request, real_data, tmp_path_factory):
    """The API, without its limit of calls, on a folder of real rows with a model of its own."""
    with own_store(tmp_path_factory.mktemp(request.param)):
        folder = real_data / PORTFOLIO / request.param
        load.load_folder(portfolios.load(PORTFOLIO), folder, bank_path(PORTFOLIO), progress=False)
        train(PORTFOLIO)
        server = Flask("limpide")
        web.install(server, Settings(_env_file=None, api_rate_limit="1000000/minute"))
        yield server.test_client()


@pytest.mark.slow
class TestOnRealRows:
    def test_every_proposal_to_500_refused_clients_changes_the_decision_within_a_second(self, real):
        answers, seconds = asked(real, refused(500))
        assert len(answers) == 500
        assert {answer["decision"] for answer in answers} == {"refuse"}
        assert check(real, answers) > 100
        assert statistics.quantiles(seconds, n=20)[-1] < 1
        share = statistics.mean(bool(answer["proposals"]) for answer in answers)
        assert 0.1 < share < 0.9
