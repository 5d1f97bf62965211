"""Decisions by the API: kept before they are answered, once, and read again as they were."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from data.ledger import entries, store, verify
from data.ledger.errors import LedgerUnavailable
from data.ledger.waiting import NothingWaits
from model import artifact, assess
from web import acts, schemas, schemas_decisions
from web.identity import User

DECISIONS = "/api/v1/decisions"
PORTFOLIO = "home_credit"


@pytest.fixture(autouse=True)
def own_ledger(server, tmp_path, monkeypatch):
    """A ledger of its own for each test."""
    import config

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/ledger.sqlite")
    config.settings.cache_clear()


@pytest.fixture
def visitor(client):
    return client


def of_kind(clients: list[str], wanted: str) -> str:
    return next(one for one in clients if assess.assess(PORTFOLIO, one).proposal == wanted)


@pytest.fixture
def refused(clients) -> str:
    return of_kind(clients, "refuse")


def decide(visitor, client_id: str, decided: str = "refuse", key: str = "", **fields):
    body = {"portfolio": PORTFOLIO, "client_id": client_id, "decided": decided} | fields
    headers = {"Idempotency-Key": key} if key else {}
    return visitor.post(DECISIONS, json=body, headers=headers)


def as_other(visitor):
    """Become another person of the demo."""
    with visitor.session_transaction() as session:
        session["demo"] = "demo-reviewer"


class TestADecision:
    def test_is_answered_as_it_was_kept(self, visitor, refused):
        answer = decide(visitor, refused)
        assert answer.status_code == 200
        told = schemas_decisions.DecisionRead.model_validate(answer.json)
        kept = entries.get(told.id)
        assert (kept.client_id, kept.decided, kept.points) == (refused, "refuse", told.points)
        assert told.reasons
        assert visitor.get(f"{DECISIONS}/{told.id}").json == answer.json

    def test_against_the_proposal_needs_a_motive(self, visitor, refused):
        answer = decide(visitor, refused, "accept")
        assert answer.status_code == 422
        assert answer.json["error"]["code"] == "motive_needed"
        assert visitor.get(DECISIONS).json["total"] == 0
        assert decide(visitor, refused, "accept", motive="Pièces vues.").json["motive"] == "Pièces vues."

    def test_with_a_key_happens_once(self, visitor, refused):
        first, again = (decide(visitor, refused, key="k1") for _ in range(2))
        assert first.json == again.json
        assert visitor.get(DECISIONS).json["total"] == 1

    def test_with_a_key_used_for_another_is_409(self, visitor, clients, refused):
        decide(visitor, refused, key="k1")
        other = next(one for one in clients if one != refused)
        answer = decide(visitor, other, "review", key="k1", motive="Autre.")
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "key_reused")

    def test_of_an_unknown_client_is_404(self, visitor):
        assert decide(visitor, "nobody").status_code == 404

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"client_id": "1", "decided": "refuse"}, "portfolio"),
            ({"portfolio": PORTFOLIO, "client_id": "1", "decided": "perhaps"}, "decided"),
            ({"portfolio": PORTFOLIO, "client_id": 1, "decided": "refuse"}, "client_id"),
            ({"portfolio": PORTFOLIO, "client_id": "1", "decided": "refuse", "why": ""}, "why"),
            ([], ""),
        ],
    )
    def test_that_is_malformed_names_the_field(self, visitor, body, field):
        answer = visitor.post(DECISIONS, json=body)
        assert answer.status_code == 422
        assert schemas.Error.model_validate(answer.json).error.details[0].field == field

    def test_that_cannot_be_kept_is_not_given(self, visitor, refused, monkeypatch):
        def silent(*_, **__):
            raise LedgerUnavailable("disk full")

        monkeypatch.setattr(entries, "add", silent)
        answer = decide(visitor, refused)
        assert (answer.status_code, answer.json["error"]["code"]) == (503, "ledger_unavailable")
        assert "points" not in answer.text.replace("web", "")

    def test_unchanged_is_not_sent_twice(self, visitor, refused):
        told = decide(visitor, refused).json
        first = visitor.get(f"{DECISIONS}/{told['id']}")
        again = visitor.get(f"{DECISIONS}/{told['id']}", headers={"If-None-Match": first.headers["ETag"]})
        assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "no-store"
        assert (again.status_code, again.data) == (304, b"")

    def test_stays_as_shown_whatever_model_is_in_service(self, visitor, refused, monkeypatch):
        told = decide(visitor, refused).json
        monkeypatch.setattr(artifact, "champion", None)
        assert visitor.get(f"{DECISIONS}/{told['id']}").json == told


class TestAnAssessment:
    def test_by_the_api_is_in_the_register(self, visitor, refused):
        told = visitor.get(f"/api/v1/{PORTFOLIO}/clients/{refused}/assessment").json
        listed = visitor.get(f"{DECISIONS}?kind=assessment").json["decisions"]
        assert [one["id"] for one in listed] == [told["decision_id"]]
        assert listed[0]["points"] == told["points"]

    def test_of_records_without_number_is_kept_too(self, visitor):
        told = visitor.post(f"/api/v1/{PORTFOLIO}/assessments", json=[{"AMT_CREDIT": 1000.0}] * 3).json
        assert len({one["decision_id"] for one in told}) == 3
        assert visitor.get(DECISIONS).json["total"] == 3

    def test_is_kept_with_what_would_change_it(self, visitor, refused):
        told = visitor.get(f"/api/v1/{PORTFOLIO}/clients/{refused}/recourse?lang=fr").json
        (listed,) = visitor.get(f"{DECISIONS}?kind=assessment").json["decisions"]
        kept = entries.get(listed["id"])
        assert (kept.client_id, kept.points) == (refused, told["points"])
        assert [one["effort"] for one in kept.content["recourse"]["proposals"]] == [
            one["effort"] for one in told["proposals"]
        ]

    @pytest.mark.parametrize("asked", ["assessment", "recourse"])
    def test_that_cannot_be_kept_is_not_given(self, visitor, refused, monkeypatch, asked):
        def silent(*_, **__):
            raise LedgerUnavailable("locked")

        monkeypatch.setattr(entries, "add", silent)
        answer = visitor.get(f"/api/v1/{PORTFOLIO}/clients/{refused}/{asked}")
        assert answer.status_code == 503
        assert not {"probability", "points", "proposals"} & set(answer.json)


class TestAContest:
    def test_with_a_correction_shows_what_it_would_give(self, visitor, refused):
        told = decide(visitor, refused).json
        body = {"statement": "Mon revenu est plus haut.", "corrections": {"AMT_INCOME_TOTAL": 900_000.0}}
        answer = visitor.post(f"{DECISIONS}/{told['id']}/contests", json=body).json
        assert [event["kind"] for event in answer["events"]] == ["contest", "rescoring"]
        again = assess.assess(PORTFOLIO, refused, {"AMT_INCOME_TOTAL": 900_000.0})
        assert answer["events"][1]["points"] == again.points
        assert answer["contested"]

    def test_with_an_impossible_value_keeps_nothing(self, visitor, refused):
        told = decide(visitor, refused).json
        body = {"statement": "Non.", "corrections": {"AMT_INCOME_TOTAL": "beaucoup"}}
        answer = visitor.post(f"{DECISIONS}/{told['id']}/contests", json=body)
        assert answer.status_code == 422
        assert answer.json["error"]["details"][0]["field"] == "AMT_INCOME_TOTAL"
        assert visitor.get(f"{DECISIONS}/{told['id']}").json["events"] == []

    def test_keeps_the_file_waiting_until_it_is_reviewed(self, visitor, refused):
        told = decide(visitor, refused).json
        visitor.post(f"{DECISIONS}/{told['id']}/contests", json={"statement": "Non."})
        assert decide(visitor, refused).json["error"]["code"] == "file_waits"

    def test_comes_once_until_it_is_heard(self, visitor, refused):
        told = decide(visitor, refused).json
        address = f"{DECISIONS}/{told['id']}/contests"
        first = visitor.post(address, json={"statement": "Non."}, headers={"Idempotency-Key": "c1"})
        again = visitor.post(address, json={"statement": "Non."}, headers={"Idempotency-Key": "c1"})
        other = visitor.post(address, json={"statement": "Encore."})
        assert first.json == again.json
        assert (other.status_code, other.json["error"]["code"]) == (409, "file_waits")
        assert len(visitor.get(f"{DECISIONS}/{told['id']}").json["events"]) == 1


class TestAReview:
    @pytest.fixture
    def contested(self, visitor, refused) -> str:
        told = decide(visitor, refused).json
        visitor.post(f"{DECISIONS}/{told['id']}/contests", json={"statement": "Non."})
        return f"{DECISIONS}/{told['id']}/reviews"

    def test_by_who_decided_is_refused(self, visitor, contested):
        answer = visitor.post(contested, json={"decided": "accept", "reasons": "Relevés vus."})
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "same_account")

    def test_by_another_changes_the_decision(self, visitor, contested):
        as_other(visitor)
        told = visitor.post(contested, json={"decided": "accept", "reasons": "Relevés vus."}).json
        assert (told["decided"], told["final"], told["contested"]) == ("refuse", "accept", None)
        assert told["events"][-1]["text"] == "Relevés vus."
        assert visitor.get(f"{DECISIONS}?state=overturned").json["total"] == 1

    def test_of_what_nobody_contests_is_409(self, visitor, refused):
        told = decide(visitor, refused).json
        as_other(visitor)
        answer = visitor.post(
            f"{DECISIONS}/{told['id']}/reviews", json={"decided": "accept", "reasons": "Vu."}
        )
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "nothing_waits")

    def test_of_two_at_once_counts_once(self, visitor, contested):
        decision = entries.get(contested.split("/")[-2])
        reviewer = User("demo-reviewer", frozenset({"manager"}), True, "api")

        def answer(outcome: str) -> str:
            try:
                return acts.review(decision, outcome, "Vu.", "fr", reviewer).kind
            except NothingWaits:
                return "late"

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(answer, ("accept", "refuse"))) == ["late", "review"]


class TestTheRegister:
    def test_is_read_page_by_page(self, visitor, clients):
        for client_id in clients[:5]:
            visitor.get(f"/api/v1/{PORTFOLIO}/clients/{client_id}/assessment")
        first = visitor.get(f"{DECISIONS}?limit=3").json
        second = visitor.get(f"{DECISIONS}?limit=3&after={first['next']}").json
        seen = [one["client_id"] for one in (*first["decisions"], *second["decisions"])]
        assert seen == clients[:5][::-1]
        assert (first["total"], second["next"]) == (5, None)

    def test_takes_sql_for_text(self, visitor, refused):
        decide(visitor, refused)
        for asked in ("client_id=' OR 1=1 --", "portfolio='; DROP TABLE entries; --"):
            assert visitor.get(f"{DECISIONS}?{asked}").json["total"] == 0
        assert visitor.get(f"{DECISIONS}/'%20OR%201=1").status_code == 404
        assert verify.verify() == []

    def test_has_no_decision_of_an_unknown_number(self, visitor):
        assert visitor.get(f"{DECISIONS}/D-0000099").json["error"]["code"] == "unknown_decision"


def test_what_was_kept_by_the_api_verifies(visitor, clients):
    for client_id in clients[:10]:
        visitor.get(f"/api/v1/{PORTFOLIO}/clients/{client_id}/assessment")
    assert store.engine()
    assert verify.verify() == []
