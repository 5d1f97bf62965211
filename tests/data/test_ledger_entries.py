"""Entries of the ledger: kept as given, once, and refused when they make no sense."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledgers import ADVISOR, MACHINE, MANAGER, about, count, decide, decision

from data.ledger import accounts, entries, store, tokens
from data.ledger.drafts import EntryInvalid, SameAccount
from data.ledger.entries import Author, Draft, KeyReused, UnknownEntry
from data.ledger.errors import LedgerUnavailable

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
JSON = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)


class TestAnEntry:
    def test_comes_back_as_it_was_given(self, ledger):
        draft = decision()
        (kept,) = entries.add([draft], ADVISOR)
        assert entries.get(kept.id) == kept
        assert all(getattr(kept, name) == getattr(draft, name) for name in Draft.__dataclass_fields__)
        assert (kept.number, kept.id, kept.account, kept.roles, kept.channel) == (
            1, "D-0000001", "demo-advisor", ("advisor",), "page",
        )  # fmt: skip
        assert kept.at.tzinfo is UTC
        assert abs(datetime.now(UTC) - kept.at) < timedelta(minutes=1)

    def test_is_one_of_several_kept_together_or_not_at_all(self, ledger):
        kept = entries.add([decision(str(n)) for n in range(5)], ADVISOR)
        assert [one.number for one in kept] == [1, 2, 3, 4, 5]
        with pytest.raises(EntryInvalid):
            entries.add([decision(), decision(points=float("nan"))], ADVISOR)
        assert count() == 5

    def test_stands_with_all_that_is_about_it(self, ledger):
        first, other = decide(), decide("100003")
        said = [about(first, "contest", ADVISOR), about(first, "review", decided="accept")]
        about(other, "letter")
        assert entries.thread(first.id) == [first, *said]

    @pytest.mark.parametrize("asked", ["D-0000009", "", "x" * 200, "D-\0", "' OR 1=1 --", None, 7])
    def test_that_is_not_there_is_said_unknown(self, ledger, asked):
        decide()
        with pytest.raises(UnknownEntry):
            entries.get(asked)
        with pytest.raises(UnknownEntry):
            entries.thread(asked)

    def test_is_not_the_head_of_a_thread_when_it_is_about_another(self, sqlite):
        letter = about(decide(), "letter")
        assert entries.thread(letter.id) == [letter]

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(JSON)
    def test_holds_whatever_json_holds(self, sqlite, content):
        kept = decide(content={"": content})
        assert entries.get(kept.id).content == {"": content}


class TestWhenTheDatabaseRefuses:
    @pytest.mark.parametrize("where", ["entries", "entry_contents"])
    def test_nothing_is_kept_and_it_is_said(self, sqlite, where):
        decide()
        with store.engine().connect() as connection:
            connection.exec_driver_sql(
                f"CREATE TRIGGER full BEFORE INSERT ON {where} BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
            connection.commit()
        with pytest.raises(LedgerUnavailable):
            decide()
        assert count() == 1


class TestADraftIsRefused:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"kind": "opinion"}, "kind"),
            ({"kind": "erasure", "client_id": ""}, "kind"),
            ({"kind": "stop"}, "kind"),
            ({"kind": "letter"}, "about"),
            ({"about": "D-0000001"}, "about"),
            ({"portfolio": ""}, "portfolio"),
            ({"client_id": " "}, "client_id"),
            ({"client_id": "1\0"}, "client_id"),
            ({"client_id": "x" * 65}, "client_id"),
            ({"client_id": "\ud800"}, "client_id"),
            ({"client_id": 100002}, "client_id"),
            ({"decided": "x" * 17}, "decided"),
            ({"points": "571"}, "points"),
            ({"points": float("inf")}, "points"),
            ({"points": True}, "points"),
            ({"content": {"p": float("nan")}}, "content"),
            ({"content": {"day": datetime.now(UTC)}}, "content"),
            ({"content": {"said": "\ud800"}}, "content"),
            ({"content": {"said": "x" * 1_000_001}}, "content"),
        ],
    )
    def test_by_field(self, sqlite, change, field):
        decide()
        with pytest.raises(EntryInvalid) as caught:
            entries.add([decision(**change)], ADVISOR)
        assert caught.value.field == field
        assert count() == 1

    @pytest.mark.parametrize(
        ("author", "field"),
        [
            (Author("", ("advisor",), "page"), "account"),
            (Author("x" * 129, ("advisor",), "page"), "account"),
            (Author("a", ("advisor",), "telegraph"), "channel"),
            (Author("a", ("x" * 200,), "page"), "roles"),
        ],
    )
    def test_by_author(self, sqlite, author, field):
        with pytest.raises(EntryInvalid) as caught:
            entries.add([decision()], author)
        assert caught.value.field == field

    @pytest.mark.parametrize("number", [0, 1_001])
    def test_when_there_are_none_or_too_many(self, sqlite, number):
        with pytest.raises(EntryInvalid, match="from 1 to 1,000"):
            entries.add([decision()] * number, ADVISOR)

    @pytest.mark.parametrize("change", [{"client_id": "100003"}, {"portfolio": "prospects"}])
    def test_about_the_decision_of_another_client(self, ledger, change):
        first = decide()
        with pytest.raises(UnknownEntry):
            entries.add([decision(kind="contest", about=first.id, **change)], ADVISOR)
        assert count() == 1

    def test_about_what_is_itself_about_something(self, sqlite):
        letter = about(decide(), "letter")
        with pytest.raises(UnknownEntry):
            about(letter, "contest")

    def test_when_whoever_decided_would_review_it(self, ledger):
        mine = decide(author=MANAGER)
        with pytest.raises(SameAccount):
            about(mine, "review", MANAGER, decided="accept")
        assert count() == 1

    def test_when_a_token_and_who_answers_for_it_would_review_each_other(self, ledger):
        accounts.add("mia", ["advisor", "manager"], subject="mia")
        for name, owner in (("one", "mia"), ("two", "mia"), ("nobodys", "")):
            tokens.create(name, ["decide", "review"], owner)
        by = {
            name: Author(name, ("manager",), "api")
            for name in ("mia", "token:one", "token:two", "token:nobodys")
        }
        for decider in ("mia", "token:one", "token:two"):
            mine = decide(author=by[decider])
            for reviewer in ("mia", "token:one", "token:two"):
                with pytest.raises(SameAccount):
                    about(mine, "review", by[reviewer], decided="accept")
            assert about(mine, "review", by["token:nobodys"], decided="accept").account == "token:nobodys"


class TestAKey:
    def test_given_twice_gives_the_same_entries(self, ledger):
        asked = [decision(), decision("100003")]
        first = entries.add(asked, MACHINE, key="k")
        assert entries.add(asked, MACHINE, key="k") == first
        assert count() == 2

    def test_given_for_something_else_is_refused(self, ledger):
        entries.add([decision()], MACHINE, key="k")
        with pytest.raises(KeyReused):
            entries.add([decision(points=571.3)], MACHINE, key="k")
        with pytest.raises(KeyReused):
            entries.add([decision(), decision()], MACHINE, key="k")
        assert count() == 1

    def test_belongs_to_its_account(self, ledger):
        entries.add([decision()], MACHINE, key="k")
        entries.add([decision()], MANAGER, key="k")
        assert count() == 2

    def test_can_stand_for_the_request_rather_than_the_answer(self, ledger):
        asked = {"record": {"income": 1}}
        assert entries.answered(MACHINE, "k", asked) is None
        first = entries.add([decision(model_version="1")], MACHINE, key="k", asked=asked)
        # Another model answers by now: the caller still gets what it was told.
        assert entries.add([decision(model_version="2")], MACHINE, key="k", asked=asked) == first
        assert entries.answered(MACHINE, "k", asked) == first
        with pytest.raises(KeyReused):
            entries.answered(MACHINE, "k", {"record": {"income": 2}})

    @pytest.mark.parametrize("key", ["", "x" * 129, "a\0", 7])
    def test_that_makes_no_sense_is_refused(self, sqlite, key):
        with pytest.raises(EntryInvalid):
            entries.add([decision()], MACHINE, key=key)

    def test_given_by_many_at_once_is_answered_alike(self, ledger):
        store.engine()
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: entries.add([decision()], MACHINE, key="k"), range(12)))
        assert all(answer == answers[0] for answer in answers)
        assert count() == 1
