"""Erasing: what was said of a client goes, the chain stays; what is kept can be given out first."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import ADVISOR, MACHINE, MANAGER, about, decide, decision
from sqlalchemy import select, text, update

from data.ledger import chain, entries, erasure, events, register, stops, store, verify
from data.ledger.erasure import months_before
from data.ledger.tables import entry_contents, entry_keys
from data.ledger.tables import events as noted

# So that a test can make an event old.
UNGUARD = {
    "sqlite": ("DROP TRIGGER events_no_update",),
    "postgresql": ("ALTER TABLE events DISABLE TRIGGER events_append_only",),
}


def written(monkeypatch, day: str) -> None:
    """Have the entries that follow be written on another day."""
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    usual = chain.written_moment
    monkeypatch.setattr(chain, "written_moment", lambda _: usual(moment))


def csv_of(client: str) -> csv.DictReader:
    return csv.DictReader(io.StringIO(erasure.as_csv(erasure.export_client("home_credit", client))))


def bytes_of(sqlite) -> bytes:
    return b"".join(path.read_bytes() for path in sqlite.parent.glob("ledger.sqlite*"))


class TestErasingAClient:
    def test_removes_what_was_said_and_whose_file_it_was(self, ledger):
        first, other = decide(), decide("100003")
        about(first, "contest")
        assert erasure.erase_client("home_credit", "100002", MANAGER) == 2
        thread = entries.thread(first.id)
        assert [(one.client_id, one.content) for one in thread] == [("", None)] * 2
        assert all(one.erased for one in thread)
        assert entries.get(other.id) == other
        assert erasure.export_client("home_credit", "100002")["entries"] == []

    def test_is_itself_an_entry_that_names_numbers_and_nobody(self, ledger):
        decide()
        erasure.erase_client("home_credit", "100002", MANAGER)
        said = entries.get("E-0000002")
        assert (said.kind, said.account, said.client_id) == ("erasure", "demo-manager", "")
        assert said.content == {"cause": "request", "entries": [1]}

    def test_leaves_a_chain_that_holds(self, ledger):
        noted_head = decide() and verify.head().hash
        erasure.erase_client("home_credit", "100002", MANAGER)
        decide("100003")
        assert verify.verify(noted_head) == []

    def test_of_the_same_number_elsewhere_is_another_client(self, ledger):
        kept = decide(portfolio="prospects")
        assert erasure.erase_client("home_credit", "100002", MANAGER) == 0
        assert entries.get(kept.id) == kept
        assert verify.head().number == 1  # nothing was entered for nothing

    def test_takes_the_key_along_under_which_it_was_asked(self, ledger):
        entries.add([decision(), decision("100003")], MACHINE, key="both")
        entries.add([decision("100003")], MACHINE, key="other")
        erasure.erase_client("home_credit", "100002", MANAGER)
        with store.reading() as connection:
            assert connection.execute(select(entry_keys.c.key)).scalars().all() == ["other"]

    def test_leaves_the_figures_of_the_register(self, ledger):
        decide(decided="accept")
        erasure.erase_client("home_credit", "100002", MANAGER)
        (row,), total = register.page(register.Filters())
        assert (row.is_erased, row.client_id, row.decided, total) == (True, "", "accept", 1)
        assert register.figures().changed == 1

    def test_leaves_no_byte_of_it_in_the_file(self, sqlite):
        decide("4711-0815", content={"motive": "remarkable-word"})
        assert b"remarkable-word" in bytes_of(sqlite)
        erasure.erase_client("home_credit", "4711-0815", MANAGER)
        assert b"remarkable-word" not in bytes_of(sqlite)
        assert b"4711-0815" not in bytes_of(sqlite)


class TestAnExport:
    def test_holds_every_entry_of_the_client_whole(self, ledger):
        first = decide()
        said = about(first, "contest")
        decide("100003")
        found = json.loads(json.dumps(erasure.export_client("home_credit", "100002")))
        assert [one["id"] for one in found["entries"]] == [first.id, said.id]
        assert found["entries"][0]["content"] == first.content
        assert found["entries"][0]["points"] == 571.2

    def test_says_when_the_file_was_looked_at_and_not_by_whom(self, ledger):
        events.add(events.VIEW, "someone", "home_credit/100002")
        events.add(events.VIEW, "someone", "home_credit/1000021")
        found = erasure.export_client("home_credit", "100002")
        assert len(found["views"]) == 1
        assert "someone" not in json.dumps(found)

    def test_as_csv_holds_each_value_on_a_line(self, sqlite):
        decide()
        lines = list(
            csv.DictReader(io.StringIO(erasure.as_csv(erasure.export_client("home_credit", "100002"))))
        )
        told = {line["field"]: line["value"] for line in lines}
        assert told["content.reasons.0.text"] == "L'« à-coup » d'août 😀"
        assert told["content.reasons.0.points"] == "-12.25"
        assert told["decided"] == "refuse"
        assert {line["entry"] for line in lines} == {"D-0000001"}

    def test_as_csv_gives_a_spreadsheet_no_formula(self, sqlite):
        decide(content={"motive": "=1+1", "said": "@SUM(A1)", "-": "+1"})
        told = {line["field"]: line["value"] for line in csv_of("100002")}
        assert [told[f"content.{name}"] for name in ("motive", "said", "-")] == ["'=1+1", "'@SUM(A1)", "'+1"]


class TestAPurge:
    def test_erases_what_is_older_than_it_is_kept(self, ledger, monkeypatch):
        written(monkeypatch, "2020-01-01")
        old = decide()
        about(old, "letter")
        monkeypatch.undo()
        new = decide("100003")
        assert erasure.purge(25, 12, MANAGER).entries == 2
        assert entries.get(old.id).content is None
        assert entries.get(new.id) == new
        assert entries.get("E-0000004").content == {"cause": "retention", "entries": [1, 2]}
        assert verify.verify() == []
        assert erasure.purge(25, 12, MANAGER).entries == 0

    def test_counts_from_the_last_act(self, ledger, monkeypatch):
        written(monkeypatch, "2020-01-01")
        first = decide()
        monkeypatch.undo()
        about(first, "letter")
        assert erasure.purge(25, 12, MANAGER).entries == 0

    def test_keeps_what_waits_for_a_review(self, ledger, monkeypatch):
        written(monkeypatch, "2020-01-01")
        waiting, heard = decide(), decide("100003")
        about(waiting, "contest")
        about(heard, "contest")
        about(heard, "review", decided="accept")
        monkeypatch.undo()
        assert erasure.purge(25, 12, MANAGER).entries == 3
        assert entries.get(waiting.id) == waiting
        assert entries.get(heard.id).content is None

    def test_leaves_the_acts_that_are_about_nobody(self, ledger, monkeypatch):
        written(monkeypatch, "2020-01-01")
        stops.stop("home_credit", "demo-manager", "Incident")
        monkeypatch.undo()
        assert erasure.purge(25, 12, MANAGER).entries == 0
        assert stops.stopped("home_credit").reason == "Incident"

    def test_goes_on_until_all_is_done(self, sqlite, monkeypatch):
        monkeypatch.setattr(erasure, "AT_A_TIME", 3)
        written(monkeypatch, "2020-01-01")
        entries.add([decision(str(n)) for n in range(8)], ADVISOR)
        monkeypatch.undo()
        monkeypatch.setattr(erasure, "AT_A_TIME", 3)
        assert erasure.purge(25, 12, MANAGER).entries == 8
        assert verify.verify() == []
        with store.reading() as connection:
            kept = connection.execute(select(entry_contents.c.number)).scalars().all()
        assert kept == [9, 10, 11]  # the erasures

    def test_removes_old_events_and_no_young_ones(self, ledger):
        events.add(events.LOGIN, "old")
        events.add(events.LOGIN, "new")
        with store.writing() as connection:
            for act in UNGUARD[ledger]:
                connection.execute(text(act))
            past = datetime(2020, 1, 1, tzinfo=UTC)
            connection.execute(update(noted).where(noted.c.account == "old").values(at=past))
        assert erasure.purge(25, 6, MANAGER).events == 1
        assert [one.account for one in events.page()] == ["new"]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-11-21", 25, "2024-10-21"),
        ("2026-12-31", 6, "2026-06-30"),
    ],
)
def test_months_are_those_of_the_calendar(day, months, before):
    found = months_before(datetime.fromisoformat(day).replace(tzinfo=UTC), months)
    assert found.date().isoformat() == before


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(1, 200))
def test_months_before_lie_that_many_months_before(moment, months):
    found = months_before(moment, months)
    assert (moment.year - found.year) * 12 + moment.month - found.month == months
    assert found.day == moment.day or found.day >= 28
