"""The letter about a decision: made from what was kept, read again as it was made."""

import pytest

from data import portfolios
from data.ledger import entries
from model import assess
from web import acts, letter_routes
from web.identity import User
from web.letter import of_content
from web.letter_records import NothingToTell, told_of

PORTFOLIO = "home_credit"
ADVISOR = User("demo-advisor", frozenset({"advisor"}), True, "page")
MANAGER = User("demo-manager", frozenset({"manager"}), True, "page")


@pytest.fixture(autouse=True)
def own_ledger(server, tmp_path, monkeypatch):
    """A ledger of its own for each test."""
    import config

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/ledger.sqlite")
    config.settings.cache_clear()


@pytest.fixture
def refused(clients) -> str:
    return next(one for one in clients if assess.assess(PORTFOLIO, one).proposal == "refuse")


def decide(client_id: str, decided: str = "refuse", motive: str = "") -> str:
    return acts.decide(PORTFOLIO, client_id, decided, motive, "fr", ADVISOR).id


def test_a_letter_tells_the_points_and_reasons_that_were_kept(client, refused):
    decision = decide(refused)
    made = letter_routes.make(decision, "fr", ADVISOR)
    kept = entries.get(decision)
    page = client.get(letter_routes.address(made.id)).text
    assert decision in page
    assert f"{round(kept.points)}" in page
    first = next(
        line for line in kept.content["texts"]["fr"]["reasons"]["lines"] if line["direction"] == "takes"
    )
    assert first["before"] in page


def test_it_names_nothing_that_is_protected(client, refused):
    made = letter_routes.make(decide(refused), "fr", ADVISOR)
    told = of_content(made.content["letter"])
    rows = [row[0] for part in told.annex for row in part.rows]
    protected = [c.label("fr") for c in portfolios.load(PORTFOLIO).columns.values() if c.role == "protected"]
    assert rows
    assert not set(rows) & set(protected)


def test_it_stays_as_it_was_made_when_the_review_comes_to_another_decision(client, refused):
    decision = decide(refused)
    first = letter_routes.make(decision, "fr", ADVISOR)
    before = client.get(letter_routes.address(first.id)).data
    acts.contest(entries.get(decision), "Mes relevés sont joints.", {}, "fr", ADVISOR)
    acts.review(entries.get(decision), "accept", "Relevés vus.", "fr", MANAGER)
    second = letter_routes.make(decision, "en", MANAGER)
    assert client.get(letter_routes.address(first.id)).data == before
    page = client.get(letter_routes.address(second.id)).text
    assert "After review, your" in page
    assert "is accepted" in page
    assert "Relevés vus." in page


def test_a_review_that_knew_corrected_values_tells_what_they_gave(refused):
    decision = decide(refused)
    record = {"AMT_INCOME_TOTAL": 400_000.0}
    acts.contest(entries.get(decision), "Mon revenu est plus élevé.", record, "fr", ADVISOR)
    corrected = next(one for one in entries.thread(decision) if one.kind == "rescoring")
    acts.review(entries.get(decision), "accept", "Attestation vue.", "fr", MANAGER)
    told = told_of(entries.thread(decision), "fr")
    assert told.review.points == round(corrected.points)
    assert "Revenu déclaré" in told.review.corrected
    assert told.contrary is (corrected.proposed == "refuse")


@pytest.mark.parametrize("followed", [True, False])
def test_reasons_are_told_where_the_person_did_not_simply_follow(refused, followed):
    decision = decide(refused, "refuse" if followed else "accept", "Pièces vues.")
    assert told_of(entries.thread(decision), "fr").motive == ("" if followed else "Pièces vues.")


def test_the_reasons_of_a_colleague_stand_for_those_who_passed_the_file_on(refused):
    decision = decide(refused, "review", "Je ne sais pas.")
    acts.review(entries.get(decision), "refuse", "Dettes en cours.", "fr", MANAGER)
    assert told_of(entries.thread(decision), "fr").motive == "Dettes en cours."


def test_html_in_a_motive_is_shown_as_text(client, refused):
    made = letter_routes.make(decide(refused, "accept", "<script>alert(1)</script>"), "fr", ADVISOR)
    page = client.get(letter_routes.address(made.id)).text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_as_a_pdf_it_is_a_file_of_its_own_number(client, refused):
    made = letter_routes.make(decide(refused), "fr", ADVISOR)
    answer = client.get(letter_routes.address(made.id, as_pdf=True))
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="limpide-{made.id}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_asked_for_twice_with_a_key_it_is_made_once(refused):
    decision = decide(refused)
    made = [letter_routes.make(decision, "fr", ADVISOR, "k" * 32).id for _ in range(2)]
    assert made[0] == made[1]


def test_what_waits_for_a_person_has_no_letter(clients):
    review = next(one for one in clients if assess.assess(PORTFOLIO, one).proposal == "review")
    with pytest.raises(NothingToTell):
        told_of(entries.thread(decide(review, "review")), "fr")


def test_what_is_contested_has_no_further_letter_until_it_is_reviewed(refused):
    decision = decide(refused)
    acts.contest(entries.get(decision), "Non.", {}, "fr", ADVISOR)
    with pytest.raises(NothingToTell):
        letter_routes.make(decision, "fr", ADVISOR)


def test_a_decision_is_no_letter(client, refused):
    assert client.get(letter_routes.address(decide(refused))).status_code == 404
    assert client.get("/letters/..%2f..%2fetc%2fpasswd").status_code == 404
