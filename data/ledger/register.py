"""The register of decisions: filtered, page by page, with what became of each; its figures."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    ScalarSelect,
    Select,
    and_,
    case,
    false,
    func,
    not_,
    or_,
    outerjoin,
    select,
)

from data.ledger import store
from data.ledger.chain import read_moment, written_moment
from data.ledger.drafts import asked_for
from data.ledger.tables import entries, entry_contents

MOST_ROWS = 200
# "To be reviewed" proposes neither: whatever is decided then goes against nothing.
PROPOSES = ("accept", "refuse")
# What the register lists unless asked for other kinds: what can be contested.
DECISIONS = ("decision", "assessment")
_MOMENTS = ("letter", "contested", "reviewed")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries are asked for; what is None or empty does not choose.

    Attributes
    ----------
    search : client number in full, or id of an entry
    changed : whether the decision is another than what was proposed
    state : ``contested`` (waits for a review), ``reviewed``, ``upheld``, ``overturned``, ``unsent``
        (settled, and no letter was made since)
    since, until : from this moment on, and before that one
    """

    portfolio: str | None = None
    kinds: Sequence[str] = DECISIONS
    search: str | None = None
    account: str | None = None
    channel: str | None = None
    proposed: str | None = None
    decided: str | None = None
    changed: bool | None = None
    state: str | None = None
    model_version: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of the register, and what became of it.

    Attributes
    ----------
    client_id : empty once erased
    letter : when the last letter was made
    contested : when the contest that waits for a review came in; None when none waits
    reviewed : when it was last reviewed
    final : the decision now: the last review's, else its own
    """

    number: int
    id: str
    kind: str
    at: datetime
    portfolio: str
    client_id: str
    about: str | None
    account: str
    channel: str
    points: float | None
    proposed: str | None
    decided: str | None
    model_version: str | None
    language: str | None
    is_erased: bool
    letter: datetime | None
    contested: datetime | None
    reviewed: datetime | None
    final: str | None

    @property
    def is_changed(self) -> bool:
        """Whether the person decided otherwise than proposed."""
        return self.proposed in PROPOSES and self.decided is not None and self.decided != self.proposed

    @property
    def is_overturned(self) -> bool:
        """Whether a review came to another decision."""
        return self.reviewed is not None and self.final != self.decided


@dataclass(frozen=True, slots=True)
class Figures:
    """What the manager counts, over the decisions since a moment.

    Attributes
    ----------
    decisions, assessments : made by people; computed for systems
    changed : decisions other than what was proposed
    contested, waiting, reviewed, overturned : decisions (or assessments) contested, those that
        still wait, those reviewed, those of which a review came to another decision
    review_days, longest_review_days : days from contest to review, the middle one and the longest
    longest_wait_days : days that the oldest contest has waited
    """

    decisions: int
    assessments: int
    changed: int
    contested: int
    waiting: int
    reviewed: int
    overturned: int
    review_days: float | None
    longest_review_days: float | None
    longest_wait_days: float | None

    @property
    def followed_share(self) -> float | None:
        """Share of the decisions that are what was proposed."""
        return 1 - self.changed / self.decisions if self.decisions else None


def page(
    filters: Filters, after: int | None = None, limit: int = 50, connection: Connection | None = None
) -> tuple[list[Row], int]:
    """Return up to ``limit`` entries, newest first, and how many there are in all.

    Parameters
    ----------
    after : number of the last entry of the page before
    limit : at most ``MOST_ROWS``
    connection : to read within a transaction that is open

    Raises
    ------
    data.ledger.errors.LedgerUnavailable
    """
    chosen = _chosen(filters)
    asked = _rows().where(*chosen).order_by(entries.c.number.desc()).limit(max(1, min(limit, MOST_ROWS)))
    if after is not None:
        asked = asked.where(entries.c.number < after)
    with store.reading() if connection is None else nullcontext(connection) as reads:
        total = reads.execute(_counted(chosen)).scalar()
        return [_row(row) for row in reads.execute(asked).mappings()], total


def queue(portfolio: str | None = None) -> list[Row]:
    """Return what was contested and waits for a review, the oldest contest first."""
    chosen = _chosen(Filters(portfolio, state="contested"))
    with store.reading() as connection:
        found = [_row(row) for row in connection.execute(_rows().where(*chosen)).mappings()]
    return sorted(found, key=lambda row: row.contested)


def figures(portfolio: str | None = None, since: datetime | None = None) -> Figures:
    """Return what the manager counts, over the decisions made since a moment."""
    chosen = _chosen(Filters(portfolio, since=since))
    counted = (
        select(entries.c.kind, func.count(), func.sum(case((_IS_CHANGED, 1), else_=0)))
        .where(*chosen)
        .group_by(entries.c.kind)
    )
    with store.reading() as connection:
        counts = {kind: (number, changed) for kind, number, changed in connection.execute(counted)}
        asked = _rows().where(*chosen, or_(_CONTEST.is_not(None), _REVIEW.is_not(None)))
        acted = [_row(row) for row in connection.execute(asked).mappings()]
        delays = _delays(connection, chosen)
    waits = [_days(row.contested, datetime.now(UTC)) for row in acted if row.contested]
    decisions, changed = counts.get("decision", (0, 0))
    return Figures(
        decisions=decisions,
        assessments=counts.get("assessment", (0, 0))[0],
        changed=int(changed),
        contested=len(acted),
        waiting=len(waits),
        reviewed=sum(row.reviewed is not None for row in acted),
        overturned=sum(row.is_overturned for row in acted),
        review_days=median(delays) if delays else None,
        longest_review_days=max(delays, default=None),
        longest_wait_days=max(waits, default=None),
    )


def _latest(kind: str, column: str) -> ScalarSelect:
    """Return a column of the last entry of a kind about the entry of the row."""
    later = entries.alias(f"last_{kind}_{column}")
    mine = (later.c.about == entries.c.id, later.c.kind == kind)
    asked = select(later.c[column]).where(*mine).order_by(later.c.number.desc()).limit(1)
    return asked.correlate(entries).scalar_subquery()


def _waiting() -> ScalarSelect:
    """Return when the first contest that no review has followed came in."""
    contest = entries.alias("waiting")
    mine = (contest.c.about == entries.c.id, contest.c.kind == "contest")
    unheard = contest.c.number > func.coalesce(_latest("review", "number"), 0)
    asked = select(contest.c.at).where(*mine, unheard).order_by(contest.c.number).limit(1)
    return asked.correlate(entries).scalar_subquery()


_CONTEST, _REVIEW, _WAITING = _latest("contest", "number"), _latest("review", "number"), _waiting()
_FINAL = func.coalesce(_latest("review", "decided"), entries.c.decided)
_IS_CHANGED = and_(
    entries.c.decided.is_not(None),  # a comparison with nothing is neither true nor false
    entries.c.proposed.is_not(None),
    entries.c.proposed.in_(PROPOSES),
    entries.c.decided != entries.c.proposed,
)
_STATES = {
    "contested": _WAITING.is_not(None),
    "reviewed": _REVIEW.is_not(None),
    "upheld": and_(_REVIEW.is_not(None), _FINAL.is_not_distinct_from(entries.c.decided)),
    "overturned": and_(_REVIEW.is_not(None), _FINAL.is_distinct_from(entries.c.decided)),
    # Numbers begin at 1: without a review, any letter will do.
    "unsent": and_(entries.c.kind == "decision", _FINAL.in_(("accept", "refuse")), _WAITING.is_(None),
                   func.coalesce(_latest("letter", "number"), 0) < func.coalesce(_REVIEW, 1)),
}  # fmt: skip


def _rows() -> Select:
    shown = [entries.c[name] for name in Row.__dataclass_fields__ if name in entries.c]
    return select(
        *shown,
        entry_contents.c.client_id,
        _latest("letter", "at").label("letter"),
        _WAITING.label("contested"),
        _latest("review", "at").label("reviewed"),
        _FINAL.label("final"),
    ).outerjoin(entry_contents, entry_contents.c.number == entries.c.number)


def _row(row: RowMapping) -> Row:
    told = dict(row)
    moments = {name: told[name] and read_moment(told[name]) for name in ("at", *_MOMENTS)}
    is_erased = told["client_id"] is None
    return Row(**told | moments | {"client_id": told["client_id"] or "", "is_erased": is_erased})


def _counted(chosen: Sequence[ColumnElement[bool]]) -> Select:
    joined = outerjoin(entries, entry_contents, entry_contents.c.number == entries.c.number)
    return select(func.count()).select_from(joined).where(*chosen)


def _chosen(filters: Filters) -> list[ColumnElement[bool]]:
    """Return what a row must fulfil."""
    chosen = [entries.c.kind.in_(list(filters.kinds))]
    for name in ("portfolio", "account", "channel", "proposed", "decided", "model_version"):
        if asked := getattr(filters, name):
            chosen.append(entries.c[name] == asked_for(asked))
    if filters.search:
        asked = asked_for(filters.search)
        chosen.append(or_(entries.c.id == asked.upper(), entry_contents.c.client_id == asked))
    if filters.changed is not None:
        chosen.append(_IS_CHANGED if filters.changed else not_(_IS_CHANGED))
    if filters.state:
        chosen.append(_STATES.get(filters.state, false()))
    if filters.since is not None:
        chosen.append(entries.c.at >= written_moment(filters.since))
    if filters.until is not None:
        chosen.append(entries.c.at < written_moment(filters.until))
    return chosen


def _delays(connection: Connection, chosen: Sequence[ColumnElement[bool]]) -> list[float]:
    """Return the days from each contest to the first review after it."""
    told = entries.alias("told")
    asked = (
        select(told.c.about, told.c.kind, told.c.at)
        .join(entries, entries.c.id == told.c.about)
        .where(told.c.kind.in_(("contest", "review")), *chosen)
        .order_by(told.c.number)
    )
    found, open_since = [], {}
    for about, kind, at in connection.execute(asked):
        if kind == "contest":
            open_since.setdefault(about, read_moment(at))
        elif about in open_since:
            found.append(_days(open_since.pop(about), read_moment(at)))
    return found


def _days(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() / 86_400
