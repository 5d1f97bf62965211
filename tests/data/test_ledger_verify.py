"""Tampering shows: whatever someone edits, removes, moves or adds, the row is named."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import DATABASES, MANAGER, about, decide, decision, own_ledger, tampering
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.ledger import approvals, chain, entries, erasure, proposals, stops, store, verify
from data.ledger.drafts import row
from data.ledger.tables import entries as table
from data.ledger.verify import Break


def fill() -> None:
    """Keep ten entries of every kind, two of them erased."""
    first, _, erased = decide(), decide("100003"), decide("100004")  # 1, 2, 3
    about(first, "contest", content={"said": "no"})
    about(first, "review", decided="accept")
    about(erased, "letter")  # 6
    erasure.erase_client("home_credit", "100004", MANAGER)  # 7
    stops.stop("home_credit", "demo-manager", "Incident")
    made = proposals.add("home_credit", "1", 0.08, 0.09, {"false_negative": 1, "false_positive": 1}, "", "a")
    approvals.answer(made.id, "demo-manager", True, "Agreed")
    decide("100005")  # 10


@pytest.fixture(params=DATABASES)
def ledger(request, tmp_path):
    with own_ledger(request.param, tmp_path):
        fill()
        yield request.param


@pytest.fixture(scope="module", params=DATABASES)
def kept(request, tmp_path_factory):
    """A ledger for many tries, each undone."""
    with own_ledger(request.param, tmp_path_factory.mktemp("kept")):
        fill()
        yield request.param


def broken(monkeypatch, *acts: str, expect: str | None = None) -> list[Break]:
    """Return what shows after some acts with every guard out of the way; the acts are undone."""
    with tampering(monkeypatch) as connection:
        for act in acts:
            connection.execute(text(act))
        return [one for one in verify.verify(expect) if one.what != verify.UNGUARDED]


def test_a_ledger_as_it_was_written_holds(ledger):
    assert verify.verify() == []
    assert verify.head() == verify.Head(10, verify.head().hash)


def test_an_empty_ledger_holds(tmp_path):
    with own_ledger("sqlite", tmp_path):
        assert verify.verify() == []
        assert verify.head() == verify.Head(0, chain.GENESIS)
        assert verify.verify(chain.GENESIS) == []


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        (["UPDATE entries SET decided = 'accept' WHERE number = 2"], [(2, "edited")]),
        (["UPDATE entries SET decided = NULL WHERE number = 10"], [(10, "edited")]),
        (["UPDATE entries SET points = 571.3 WHERE number = 1"], [(1, "edited")]),
        (["UPDATE entries SET hash = 'f' WHERE number = 10"], [(10, "edited")]),
        (["UPDATE entry_contents SET content = '{}' WHERE number = 2"], [(2, "content_edited")]),
        (["UPDATE entry_contents SET client_id = '1' WHERE number = 2"], [(2, "content_edited")]),
        (["DELETE FROM entry_contents WHERE number = 2"], [(2, "content_missing")]),
        (["DELETE FROM entry_contents WHERE number = 2", "DELETE FROM entries WHERE number = 2"],
         [(2, "missing")]),
        (["DELETE FROM entries WHERE number = 2"], [(2, "missing"), (2, "content_alone")]),
        (["DELETE FROM entries WHERE number = 10"], [(10, "content_alone")]),
        (["DELETE FROM entries WHERE number IN (4, 5)", "DELETE FROM entry_contents WHERE number IN (4, 5)"],
         [(4, "missing"), (5, "missing")]),
        (["DELETE FROM entries WHERE number = 1", "DELETE FROM entry_contents WHERE number = 1"],
         [(1, "missing")]),
        (["UPDATE entries SET number = 99 WHERE number = 4", "UPDATE entries SET number = 4 WHERE number = 5",
          "UPDATE entries SET number = 5 WHERE number = 99"],
         [(4, "edited"), (4, "content_edited"), (5, "edited"), (5, "content_edited"),
          (6, "replaced")]),
        (["DELETE FROM erasures WHERE number = 3"], [(3, "content_missing")]),
        (["DELETE FROM entry_contents WHERE number = 2", 'INSERT INTO erasures (number, "by") VALUES (2, 7)'],
         [(2, "erased_unduly")]),
        (["DELETE FROM entry_contents WHERE number = 2", 'INSERT INTO erasures (number, "by") VALUES (2, 8)'],
         [(2, "erased_unduly")]),
        (["DELETE FROM entry_contents WHERE number = 7"],
         [(3, "erased_unduly"), (6, "erased_unduly"), (7, "content_missing")]),
        (["INSERT INTO erasures (number, \"by\") VALUES (1, 7)"], [(1, "not_erased")]),
    ],
)  # fmt: skip
def test_each_change_by_hand_is_named(kept, monkeypatch, acts, found):
    assert [(one.number, one.what) for one in broken(monkeypatch, *acts)] == found
    assert verify.verify() == []


def test_a_row_written_again_with_its_hash_does_not_lead_to_the_next(kept, monkeypatch):
    with tampering(monkeypatch) as connection:
        connection.execute(text("UPDATE entries SET decided = 'accept' WHERE number = 2"))
        asked = table.select().where(table.c.number == 2)
        edited = connection.execute(asked).mappings().one()
        connection.execute(table.update().where(table.c.number == 2).values(hash=chain.row_hash(edited)))
        found = [one for one in verify.verify() if one.what != verify.UNGUARDED]
    assert found == [Break(3, "D-0000003", verify.REPLACED)]


def test_a_row_added_by_hand_shows(kept, monkeypatch):
    given = {"number": "11", "id": "'D-0000011'", "previous_hash": "hash", "hash": "'f'"}
    names = [column.name for column in table.c]
    values = ", ".join(given.get(name, name) for name in names)
    act = f"INSERT INTO entries ({', '.join(names)}) SELECT {values} FROM entries WHERE number = 10"
    found = [(one.number, one.what) for one in broken(monkeypatch, act)]
    assert found == [(11, "edited"), (11, "content_missing")]


class TestATailCutOff:
    ACTS = tuple(f"DELETE FROM {name} WHERE number > 8" for name in ("entry_contents", "entries"))

    def test_shows_against_a_head_noted_before(self, kept, monkeypatch):
        noted = verify.head().hash
        assert broken(monkeypatch, *self.ACTS, expect=noted) == [Break(0, noted, verify.HEAD_MISSING)]

    def test_shows_even_when_others_were_added_since(self, ledger, monkeypatch):
        noted = verify.head().hash
        with tampering(monkeypatch) as connection:
            for act in self.ACTS:
                connection.execute(text(act))
            chain.append(connection, [row(decision("100007"), MANAGER)])
            found = [one for one in verify.verify(noted) if one.what != verify.UNGUARDED]
        assert found == [Break(0, noted, verify.HEAD_MISSING)]

    def test_does_not_show_without_one(self, kept, monkeypatch):
        # Why the head is noted elsewhere.
        assert broken(monkeypatch, *self.ACTS) == []

    def test_is_not_claimed_of_a_chain_that_grew(self, ledger):
        noted = verify.head().hash
        decide("100006")
        assert verify.verify(noted) == []


WRONG = st.one_of(
    st.none(),
    st.integers(-5, 2**31 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
)
COLUMNS = [
    *(("entries", column.name) for column in table.c),
    *(("entry_contents", name) for name in ("number", "salt", "client_id", "content")),
    *(("erasures", name) for name in ("number", "by")),
]


def test_any_edit_of_any_column_of_any_row_shows(kept, monkeypatch):
    with tampering(monkeypatch) as connection:

        @settings(max_examples=200, deadline=None)
        @given(place=st.sampled_from(COLUMNS), turn=st.integers(0, 99), value=WRONG)
        def shows(place, turn, value):
            undone = connection.begin_nested()
            try:
                edit(connection, *place, turn, value)
            finally:
                undone.rollback()

        shows()


def edit(connection, name: str, column: str, turn: int, value: object) -> None:
    """Edit one value and see that verification names its row, unless the database refused."""
    numbers = connection.execute(text(f"SELECT number FROM {name} ORDER BY number")).scalars().all()
    number, before = numbers[turn % len(numbers)], _all(connection, name)
    act = text(f'UPDATE {name} SET "{column}" = :value WHERE number = :number')
    try:
        with connection.begin_nested():
            connection.execute(act, {"value": value, "number": number})
    except (DBAPIError, OverflowError):
        return
    found = {one.number for one in verify.verify() if one.what != verify.UNGUARDED}
    if _all(connection, name) == before:
        assert not found
    else:
        assert number in found or (column == "number" and found)


def _all(connection, name: str) -> list[tuple]:
    found = connection.execute(text(f"SELECT * FROM {name} ORDER BY number"))
    return [tuple(map(repr, row)) for row in found]


@pytest.mark.parametrize("value", [b"\xff\xfe", b"accept"])
def test_bytes_that_are_no_text_show(tmp_path, monkeypatch, value):
    with own_ledger("sqlite", tmp_path):
        fill()
        with tampering(monkeypatch) as connection:
            act = "UPDATE entries SET decided = CAST(:value AS TEXT) WHERE number = 1"
            connection.execute(text(act), {"value": value})
            connection.execute(
                text("UPDATE entry_contents SET content = :value WHERE number = 2"), {"value": value}
            )
            found = [one for one in verify.verify() if one.what != verify.UNGUARDED]
        assert found == [Break(1, "D-0000001", "edited"), Break(2, "D-0000002", "content_edited")]


class TestAGuard:
    def test_that_was_taken_away_is_named(self, ledger):
        acts = {
            "sqlite": "DROP TRIGGER entries_no_update",
            "postgresql": "ALTER TABLE entries DISABLE TRIGGER entries_append_only",
        }
        with store.writing() as connection:
            connection.execute(text(acts[ledger]))
        name = {"sqlite": "entries_no_update", "postgresql": "entries_append_only"}[ledger]
        assert verify.verify() == [Break(0, name, verify.UNGUARDED)]


def test_it_is_verified_while_it_is_used(ledger):
    with ThreadPoolExecutor(2) as pool:
        writing = [pool.submit(entries.add, [decision(str(n))], MANAGER) for n in range(30)]
        assert [verify.verify() for _ in range(5)] == [[]] * 5
        assert all(one.result() for one in writing)
    assert verify.verify() == []


def test_the_file_of_sqlite_edited_by_another_program_shows(tmp_path):
    with own_ledger("sqlite", tmp_path):
        fill()
        with sqlite3.connect(tmp_path / "ledger.sqlite") as other:
            other.execute("DROP TRIGGER entries_no_update")
            other.execute("UPDATE entries SET account = 'someone' WHERE number = 2")
        other.close()
        assert verify.verify() == [
            Break(0, "entries_no_update", verify.UNGUARDED),
            Break(2, "D-0000002", verify.EDITED),
        ]


def test_it_tells_how_far_it_is(tmp_path):
    with own_ledger("sqlite", tmp_path):
        fill()
        told = []
        verify.verify(progress=lambda done, total: told.append((done, total)))
        assert told == [(n, 10) for n in range(1, 11)]
