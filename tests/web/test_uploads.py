"""Sending a batch: what is taken, what is turned away with a clear word, and the check that follows."""

import errno
import io
import sqlite3
import zipfile
from pathlib import Path

import pytest
from ledgers import own_ledger
from tests_support import until

import config
from data.ledger import jobs as ledger
from data.ledger import store as ledger_store
from model import jobs
from web import uploads

CSV = b"ID,X\n1,2\n"
SENT = "/uploads/home_credit/drift?lang=en"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A store with a model to compare with, as far as the door looks, and a ledger."""
    monkeypatch.setenv("UPLOAD_LIMIT_MB", "1")
    with own_ledger("sqlite", tmp_path):
        champion = tmp_path / "models" / "home_credit" / "champion"
        champion.parent.mkdir(parents=True)
        champion.write_text("1")
        yield tmp_path
        until(lambda: not jobs._watched)


@pytest.fixture
def sleeping(monkeypatch):
    """Have every job report a step and wait."""
    program = (
        "import sys, time\nfrom model.reporting import reported\n"
        "with reported(sys.argv[1]) as report: report('reading', 1200, 3214); time.sleep(60)"
    )
    monkeypatch.setitem(jobs.COMMANDS, "drift", lambda portfolio, file, number: ["-c", program, number])


def send(visitor, body: bytes = CSV, path: str = SENT, **headers: str):
    return visitor.post(path, data=body, headers={"X-File-Name": "lot.csv"} | headers)


def now(visitor, portfolio: str = "home_credit", lang: str = "fr") -> dict:
    found = visitor.get(f"/jobs/current?portfolio={portfolio}&lang={lang}").json["job"]
    return found | {"text": found["text"].replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")}


def cancelled(visitor, job: dict) -> None:
    assert visitor.post(f"/jobs/{job['id']}/cancel").status_code == 200
    until(lambda: now(visitor)["over"])


def is_refused(answer, status: int, code: str, place: Path) -> None:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    assert answer.json["error"]["message"]
    assert list((place / "jobs").glob("*")) == []
    assert not ledger.under_way()


class TestABatch:
    def test_is_received_and_its_check_followed_and_cancelled(self, visitor, place, sleeping):
        answer = send(visitor)
        assert answer.status_code == 202
        job = answer.json["job"]
        until(lambda: now(visitor)["done"])
        found = now(visitor)
        assert found["text"] == "Lecture du lot : 1 200 sur 3 214"
        assert found["said"] == "Lecture du lot"
        assert now(visitor, lang="en")["text"] == "Reading the batch: 1,200 of 3,214"
        cancelled(visitor, job)
        assert now(visitor)["text"] == "Le contrôle est annulé. Rien n'est gardé de ce lot."
        until(lambda: not list((place / "jobs").iterdir()))

    def test_sent_while_another_is_checked_is_refused_and_not_kept(self, visitor, place, sleeping):
        job = send(visitor).json["job"]
        answer = send(visitor)
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "job_running")
        assert len(list((place / "jobs").iterdir())) == 1
        cancelled(visitor, job)

    def test_that_loses_the_race_for_the_slot_is_refused_and_not_kept(self, visitor, place, monkeypatch):
        monkeypatch.setattr(jobs, "is_busy", lambda: False)
        first = ledger.add("drift", "home_credit", "another/boot", "/x")
        answer = send(visitor)
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "job_running")
        assert list((place / "jobs").iterdir()) == []
        ledger.end(first.id, ledger.CANCELLED)

    def test_of_another_portfolio_is_told_without_its_figures(self, visitor, place, sleeping):
        job = send(visitor).json["job"]
        until(lambda: now(visitor)["done"])
        assert now(visitor, "prospects")["text"].startswith("Le lot d'un autre portefeuille")
        cancelled(visitor, job)

    def test_that_does_not_arrive_whole_is_not_kept(self, visitor, place):
        answer = visitor.post(SENT, data=CSV, environ_overrides={"CONTENT_LENGTH": "5000"})
        is_refused(answer, 400, "bad_request", place)


class TestIsTurnedAway:
    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            (b"", 422, "upload_empty"),
            (b"\x89PNG\0", 415, "upload_unknown"),
            (b"PAR1" + b"x" * 50, 422, "upload_damaged"),
            (b"x" * 1_000_001, 413, "upload_too_large"),
        ],
    )
    def test_what_is_no_batch(self, visitor, place, body, status, code):
        is_refused(send(visitor, body), status, code, place)

    def test_a_zip_bomb(self, visitor, place):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as files:
            files.writestr("a.csv", b"0" * 9_000_000)
        assert len(made.getvalue()) < 20_000
        answer = send(visitor, made.getvalue())
        is_refused(answer, 413, "upload_unpacks_too_large", place)
        assert "8 MB" in answer.json["error"]["message"]

    def test_200_megabytes_before_they_are_sent(self, visitor, place):
        answer = visitor.post(SENT, data=CSV, environ_overrides={"CONTENT_LENGTH": "200000000"})
        is_refused(answer, 413, "upload_too_large", place)
        assert "1 MB" in answer.json["error"]["message"]

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
            {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
        ],
    )
    def test_whatever_another_site_has_a_browser_send(self, visitor, place, headers):
        is_refused(send(visitor, **headers), 403, "other_origin", place)
        answer = visitor.post("/jobs/0123456789abcdef/cancel", headers=headers)
        assert answer.status_code == 403

    @pytest.mark.parametrize(
        "headers", [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}]
    )
    def test_but_not_what_our_pages_and_programs_send(self, visitor, place, headers):
        is_refused(send(visitor, b"", **headers), 422, "upload_empty", place)

    def test_any_file_when_sending_is_switched_off(self, visitor, place, monkeypatch):
        monkeypatch.setenv("UPLOAD_LIMIT_MB", "0")
        config.settings.cache_clear()
        is_refused(send(visitor), 403, "upload_off", place)
        assert visitor.get("/jobs/current?portfolio=home_credit").json["limit"] == 0

    def test_a_file_for_a_portfolio_without_a_model(self, visitor, place):
        (place / "models" / "home_credit" / "champion").unlink()
        is_refused(send(visitor), 503, "model_missing", place)

    def test_a_portfolio_that_does_not_exist(self, visitor, place):
        is_refused(send(visitor, path="/uploads/nothing/drift"), 404, "unknown_portfolio", place)
        assert visitor.get("/jobs/current?portfolio=nothing").status_code == 404
        assert visitor.get("/jobs/current").status_code == 404

    def test_any_other_method(self, visitor, place):
        assert visitor.get(SENT, headers={"Accept": "application/json"}).status_code == 405


class TestInTrouble:
    def test_a_full_disk_is_said_and_nothing_kept(self, visitor, place, monkeypatch):
        def full(*_, **__):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(uploads, "receive", full)
        is_refused(send(visitor), 503, "disk_full", place)

    def test_a_locked_ledger_is_said_and_nothing_kept(self, visitor, place, monkeypatch):
        monkeypatch.setattr(ledger_store, "BUSY_SECONDS", 0.1)
        assert visitor.get("/jobs/current?portfolio=home_credit").json["job"] is None
        other = sqlite3.connect(place / "ledger.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answer = send(visitor)
        other.execute("ROLLBACK")
        other.close()
        is_refused(answer, 503, "ledger_unavailable", place)

    def test_a_ledger_that_is_no_database_is_said_on_every_address(self, visitor, place):
        (place / "ledger.sqlite").write_bytes(b"no database" * 1_000)
        for answer in (send(visitor), visitor.get("/jobs/current?portfolio=home_credit")):
            assert answer.json["error"]["code"] == "ledger_unavailable"

    @pytest.mark.parametrize(
        "reason", ["memory", "interrupted", "disk_full", "too_long", "no_model", "unexpected"]
    )
    def test_each_end_has_its_words(self, visitor, place, reason):
        job = ledger.add("drift", "home_credit", "here/1", "/x")
        ledger.end(job.id, ledger.FAILED, reason=reason, result="KeyError model/drift.py:1 read")
        found = now(visitor)
        assert found["text"].startswith("Le lot n'est pas contrôlé, et rien n'en est gardé. ")
        assert "KeyError" not in repr(found)
        assert (job.id in found["text"]) == (reason == "unexpected")

    def test_an_end_over_the_report_says_that_the_verdict_stays(self, visitor, place):
        job = ledger.add("drift", "home_credit", "here/1", "/x")
        ledger.progress(job.id, "report", 0, 0)
        ledger.end(job.id, ledger.FAILED, reason="memory")
        found = now(visitor)
        assert found["text"].startswith("Le verdict est rendu. Seul le rapport détaillé manque.")
        assert found["has_verdict"]

    def test_faults_are_sentences_in_both_languages(self, visitor, place):
        job = ledger.add("drift", "home_credit", "here/1", "/x")
        faults = [
            {"code": "wrong_value", "file": "lot.csv", "line": 1200, "column": "X", "count": 3},
            {"code": "other"},
            {"code": "of a later version"},
            {"code": "twice"},
        ]
        ledger.end(job.id, ledger.FAILED, reason="invalid", faults=faults)
        found = now(visitor, lang="en")["faults"]
        assert found[0] == "lot.csv, line 1,200: X does not hold a number (3 times in all)."
        assert found[1] == found[2] == found[3]
        assert now(visitor)["faults"][0].startswith("lot.csv, ligne")


def test_no_name_of_a_file_reaches_the_log(visitor, place, logged):
    send(visitor, b"", **{"X-File-Name": "Dupont%20Jean.csv"})
    assert "Dupont" not in logged.text


def test_a_real_batch_is_checked_from_beginning_to_end(client, store, clients):
    """Twenty files are too few to judge: the check says so, which takes no report."""
    from data.bank import open_bank
    from data.portfolios import load

    portfolio = load("home_credit")
    known = open_bank("home_credit").records(clients[:20])
    wanted = {portfolio.id_column, *portfolio.given}
    given = known.select(name for name in known.columns if name in wanted)
    job = send(client, given.write_csv().encode()).json["job"]
    until(lambda: client.get("/jobs/current?portfolio=home_credit").json["job"]["over"], seconds=90)
    found = client.get("/jobs/current?portfolio=home_credit&lang=en").json["job"]
    assert (found["id"], found["state"], found["faults"]) == (job["id"], "done", [])
    assert (store / "drift" / "home_credit" / found["result"] / "verdict.json").is_file()
