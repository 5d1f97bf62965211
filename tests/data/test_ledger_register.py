"""The register, the queue, the figures; approvals of thresholds and the stop switch."""

from datetime import UTC, datetime, timedelta

import pytest
from ledgers import ADVISOR, MACHINE, MANAGER, about, decide, decision, own_ledger

from data.ledger import approvals, chain, entries, proposals, register, stops
from data.ledger.drafts import EntryInvalid
from data.ledger.register import Filters

COSTS = {"false_negative": 12, "false_positive": 1}


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request, tmp_path):
    with own_ledger(request.param, tmp_path):
        yield request.param


@pytest.fixture
def sqlite(tmp_path):
    with own_ledger("sqlite", tmp_path):
        yield


def ids(filters: Filters, **more) -> list[str]:
    return [row.id for row in register.page(filters, **more)[0]]


class TestTheRegister:
    def test_lists_the_newest_first_page_by_page(self, ledger):
        made = [decide(str(number)).id for number in range(7)]
        first, total = register.page(Filters(), limit=3)
        assert ([row.id for row in first], total) == (made[:3:-1], 7)
        second, _ = register.page(Filters(), after=first[-1].number, limit=3)
        decide("100009")  # a row that comes in between moves nothing
        assert ids(Filters(), after=first[-1].number, limit=3) == [row.id for row in second] == made[3:0:-1]

    def test_gives_no_more_than_it_may(self, sqlite):
        entries.add([decision()] * 300, ADVISOR)
        assert len(ids(Filters(), limit=10_000)) == register.MOST_ROWS
        assert len(ids(Filters(), limit=-1)) == 1

    def test_lists_decisions_and_assessments_unless_asked(self, ledger):
        first, second = decide(), decide(kind="assessment", author=MACHINE, decided=None)
        letter = about(first, "letter")
        stops.stop("home_credit", "demo-manager", "Incident")
        assert ids(Filters()) == [second.id, first.id]
        assert ids(Filters(kinds=("letter",))) == [letter.id]

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"portfolio": "prospects"}, [2]),
            ({"search": "100003"}, [3]),
            ({"search": " d-0000003 "}, [3]),
            ({"search": "10000"}, []),
            ({"search": "\0"}, []),
            ({"search": "' OR 1=1 --"}, []),
            ({"account": "token:core-banking"}, [4]),
            ({"channel": "api"}, [4]),
            ({"proposed": "accept"}, [5]),
            ({"decided": "accept"}, [3]),
            ({"changed": True}, [5, 3]),
            ({"changed": False}, [4, 2, 1]),
            ({"model_version": "2"}, [5]),
            ({"state": "contested"}, [1]),
            ({"state": "reviewed"}, [3, 2]),
            ({"state": "overturned"}, [3]),
            ({"state": "upheld"}, [2]),
            ({"state": "nonsense"}, []),
            ({"portfolio": "home_credit", "changed": True, "model_version": "1"}, [3]),
        ],
    )
    def test_is_filtered(self, ledger, asked, found):
        first = decide("100001")
        second = decide("100002", portfolio="prospects")
        third = decide("100003", decided="accept")
        decide("100004", kind="assessment", author=MACHINE, decided=None)
        decide("100005", proposed="accept", model_version="2")
        about(first, "contest")
        about(second, "review", decided="refuse")
        about(third, "contest")
        about(third, "review", decided="refuse")
        rows, total = register.page(Filters(**asked))
        assert ([row.number for row in rows], total) == (found, len(found))

    def test_lists_what_has_no_letter_yet_once_it_is_settled(self, ledger):
        told, silent, contested = decide("100001"), decide("100002"), decide("100003")
        decide(kind="assessment", author=MACHINE, decided=None)
        about(told, "letter")
        about(contested, "contest")
        assert ids(Filters(state="unsent")) == [silent.id]

    def test_lists_again_what_a_review_decided_after_its_letter(self, ledger):
        told = decide("100001")
        about(told, "letter")
        about(told, "contest")
        about(told, "review", decided="accept")
        assert ids(Filters(state="unsent")) == [told.id]
        about(told, "letter")
        assert ids(Filters(state="unsent")) == []

    def test_is_filtered_by_time(self, ledger):
        one = decide()
        later = one.at + timedelta(microseconds=1)
        assert ids(Filters(since=one.at, until=later)) == [one.id]
        assert ids(Filters(since=later)) == ids(Filters(until=one.at)) == []

    def test_says_what_became_of_each(self, ledger):
        first = decide()
        letter, contest = about(first, "letter"), about(first, "contest")
        about(first, "contest")
        (row,), _ = register.page(Filters())
        assert (row.letter, row.contested, row.reviewed, row.final) == (letter.at, contest.at, None, "refuse")
        review = about(first, "review", decided="accept")
        (row,), _ = register.page(Filters())
        assert (row.contested, row.reviewed, row.final) == (None, review.at, "accept")
        assert row.is_overturned
        assert not row.is_changed


class TestTheQueue:
    def test_holds_what_waits_the_oldest_first(self, ledger):
        first, second, third = decide("1"), decide("2"), decide("3")
        for one in (second, first, third):
            about(one, "contest")
        about(third, "review", decided="refuse")
        assert [row.id for row in register.queue("home_credit")] == [second.id, first.id]
        assert register.queue("prospects") == []

    def test_holds_again_what_is_contested_again(self, ledger):
        one = decide()
        about(one, "contest")
        about(one, "review", decided="refuse")
        again = about(one, "contest")
        (row,) = register.queue()
        assert row.contested == again.at


class TestFigures:
    def test_of_an_empty_ledger_are_none(self, ledger):
        found = register.figures("home_credit")
        assert (found.decisions, found.followed_share, found.review_days) == (0, None, None)

    def test_count_what_people_did(self, ledger, monkeypatch):
        usual, start = chain.written_moment, datetime.now(UTC) - timedelta(days=20)

        def on(days: float) -> None:
            monkeypatch.setattr(chain, "written_moment", lambda _: usual(start + timedelta(days=days)))

        on(0)
        kept = [decide(str(number)) for number in range(4)]
        decide("4", decided="accept")
        decide("5", kind="assessment", author=MACHINE, decided=None)
        decide("6", portfolio="prospects")
        on(2)
        for one in kept[:3]:
            about(one, "contest")
        on(5)
        about(kept[0], "review", decided="accept")
        on(9)
        about(kept[1], "review", decided="refuse")
        found = register.figures("home_credit")
        assert (found.decisions, found.assessments, found.changed) == (5, 1, 1)
        assert found.followed_share == 0.8
        assert (found.contested, found.waiting, found.reviewed, found.overturned) == (3, 1, 2, 1)
        assert found.review_days == pytest.approx(5)
        assert found.longest_review_days == pytest.approx(7)
        assert found.longest_wait_days == pytest.approx(18, abs=0.01)
        assert register.figures("home_credit", start + timedelta(days=1)).decisions == 0


class TestApprovals:
    def propose(self, threshold: float = 0.08, version: str = "1", author: str = "demo-manager"):
        return proposals.add("home_credit", version, threshold, 0.0909, COSTS, "Why", author)

    def test_decide_from_then_on_for_that_version(self, ledger):
        made = self.propose()
        assert approvals.in_force("home_credit", "1") is None
        answer = approvals.answer(made.id, "demo-reviewer", True, " Agreed ")
        found = approvals.in_force("home_credit", "1")
        assert (found.threshold, found.version, found.account) == (0.08, answer.id, "demo-reviewer")
        assert answer.reason == "Agreed"
        assert approvals.in_force("home_credit", "2") is None
        assert approvals.in_force("prospects", "1") is None

    def test_of_several_the_last_decides(self, ledger):
        first, second = self.propose(0.07), self.propose(0.1)
        approvals.answer(second.id, "demo-reviewer", True, "Yes")
        approvals.answer(first.id, "demo-reviewer", True, "Yes")
        assert approvals.in_force("home_credit", "1").threshold == 0.07

    def test_are_refused_to_whoever_proposed(self, ledger):
        made = self.propose()
        with pytest.raises(approvals.SameAccount):
            approvals.answer(made.id, "demo-manager", True, "Mine")
        assert proposals.pending("home_credit") == [made]

    @pytest.mark.parametrize("approve", [True, False])
    def test_are_given_once(self, ledger, approve):
        made, waiting = self.propose(), self.propose()
        approvals.answer(made.id, "demo-reviewer", approve, "Said")
        with pytest.raises(approvals.Answered):
            approvals.answer(made.id, "demo-reviewer", not approve, "Said otherwise")
        assert (approvals.in_force("home_credit", "1") is not None) == approve
        assert proposals.pending("home_credit") == [waiting]
        assert proposals.all("home_credit") == [waiting, made]
        assert approvals.answers("home_credit")[made.id].approved == approve

    def test_need_a_proposal_and_a_reason(self, ledger):
        made = self.propose()
        with pytest.raises(approvals.UnknownProposal):
            approvals.answer(made.id + 1, "demo-reviewer", True, "Yes")
        for reason in ("", " ", "x" * 2_001, None):
            with pytest.raises(EntryInvalid):
                approvals.answer(made.id, "demo-reviewer", True, reason)
        assert approvals.answers("home_credit") == {}


class TestTheStopSwitch:
    def test_stops_one_portfolio_until_it_is_resumed(self, ledger):
        assert stops.stopped("home_credit") is None
        made = stops.stop("home_credit", "demo-manager", "Income was read twice")
        assert stops.stopped("home_credit") == made
        assert (made.account, made.reason) == ("demo-manager", "Income was read twice")
        assert stops.stopped("prospects") is None
        assert stops.resume("home_credit", "demo-reviewer", "Mended")
        assert stops.stopped("home_credit") is None

    def test_pulled_twice_keeps_who_pulled_it_first(self, ledger):
        first = stops.stop("home_credit", "demo-manager", "Incident")
        assert stops.stop("home_credit", "demo-reviewer", "Again") == first
        assert stops.resume("home_credit", "demo-reviewer", "Mended")
        assert not stops.resume("home_credit", "demo-reviewer", "Mended")
        assert [one.kind for one in stops.history("home_credit")] == ["resume", "stop"]

    @pytest.mark.parametrize("reason", ["", "\0", "x" * 2_001, None])
    def test_is_not_pulled_without_a_reason(self, sqlite, reason):
        with pytest.raises(EntryInvalid):
            stops.stop("home_credit", "demo-manager", reason)
        assert stops.stopped("home_credit") is None

    def test_is_not_pulled_by_an_entry_from_outside(self, sqlite):
        with pytest.raises(EntryInvalid):
            entries.add([decision(kind="stop")], MANAGER)
