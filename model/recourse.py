"""What would change the decision of a file: the least that could be asked of the client.

Only levers may move: the inputs that ``columns.csv`` calls actionable, in the direction it says,
by its steps and within its limits. Nothing that is past, protected or said by others is one.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from data import portfolios
from data.portfolios import Column, Portfolio
from model.artifact import Model, champion
from model.assess import assess, assess_record
from model.recourse_search import BETTER, Found, Trials, round_up, search
from model.results import Assessment, Change, Lever, Proposal, Recourse, Value
from model.stages import BASE_FAMILY

MOST = 3  # proposals
REACH = 0.5  # most that a value may move, as a share of itself
DISTINCT = 0.05  # least by which two proposals of the same decision differ, as a share of a value

Verify = Callable[[Mapping[str, Value]], Assessment]


def recourse(portfolio_id: str, client_id: str) -> Recourse:
    """Return what would change the decision of a client of the bank (see :func:`recourse_record`).

    Raises
    ------
    UnknownPortfolio, BankMissing, UnknownClient, ModelMissing
        When one of them is not there.
    """
    base = assess(portfolio_id, client_id)
    return _recourse(base, lambda changes: assess(portfolio_id, client_id, changes))


def recourse_record(portfolio_id: str, record: Mapping[str, Value], client_id: str | None = None) -> Recourse:
    """Return up to three ways to a better decision for a record, the least effort first.

    A proposal changes one or two levers. Its effort is the sum, over the inputs it changes, of the
    share of the file's own value that moves and of a fixed 0.05. No value moves by more than half
    of itself. Every input that follows stays within its ordinary range (all but one file in a
    thousand at each end), or no further out than the file has it, and no made input moves the way
    that credit sense calls risky: no proposal asks for an instalment heavier against the income,
    or a credit larger against the price of the goods, than the file does. Each proposal was
    assessed like any file. When acceptance is possible, one proposal at least reaches it.

    Raises
    ------
    UnknownPortfolio, ModelMissing
    InvalidRecord
        With every fault of the record (see ``model.assess.assess_record``).
    """
    base = assess_record(portfolio_id, record, client_id)
    return _recourse(base, lambda changes: assess_record(portfolio_id, {**record, **changes}, client_id))


def _recourse(base: Assessment, verify: Verify) -> Recourse:
    portfolio, model = portfolios.load(base.portfolio), champion(base.portfolio)
    levers = levers_of(portfolio, model, base)
    proposals: list[Proposal] = []
    tried = 0
    if levers and base.decision != BETTER[-1]:
        trials = Trials(portfolio, model, base, levers)
        found = search(trials, levers, BETTER.index(base.decision))
        tried = len(trials)
        proposals = [_proposal(levers, one, verify) for one in choose(found, trials.own)]
    return Recourse(
        client_id=base.client_id,
        portfolio=base.portfolio,
        points=base.points,
        decision=base.proposal,
        proposals=tuple(p for p in proposals if BETTER.index(p.decision) > BETTER.index(base.proposal)),
        levers=levers,
        tried=tried,
    )


def levers_of(portfolio: Portfolio, model: Model, base: Assessment) -> tuple[Lever, ...]:
    """Return the inputs of a file that may be changed, each with the limits that hold for it."""
    # Models of segments read what the application stage would.
    read = {BASE_FAMILY, *base.families} & ({stage.family for stage in model.stages} | {BASE_FAMILY})
    columns = [
        c for c in portfolio.columns.values() if c.actionable and c.role == "input" and c.family in read
    ]
    found = (_lever(column, base.record.get(column.name)) for column in columns)
    return tuple(lever for lever in found if lever)


def _lever(column: Column, value: Value) -> Lever | None:
    """Return the lever of a column, or None when the file has no value or no room to move it."""
    if not isinstance(value, int | float) or not value or not column.step:
        return None
    room = REACH * abs(value)
    low = value - room if column.actionable in (-1, 2) else value
    high = value + room if column.actionable in (1, 2) else value
    low = max(low, -math.inf if column.limit_low is None else column.limit_low)
    high = min(high, math.inf if column.limit_high is None else column.limit_high)
    # What is proposed is a round number: limits told to the client are some too.
    low = low if low == value else round_up(low, column.step)
    high = high if high == value else -round_up(-high, column.step)
    return Lever(column.name, float(value), low, high, column.step) if low < high else None


def choose(found: Sequence[Found], own: Sequence[float]) -> list[Found]:
    """Return up to three distinct trials of those found, the least effort first.

    The least effort of all is always among them, and so is the least that reaches the best
    decision found.
    """
    chosen: list[Found] = []
    best = max((one.rank for one in found), default=None)
    summit = next((one for one in found if one.rank == best), None)
    for one in found:
        room = MOST if one is summit or summit in chosen else MOST - 1
        if len(chosen) < room and all(_distinct(one, other, own) for other in chosen):
            chosen.append(one)
    return chosen


def _distinct(one: Found, other: Found, own: Sequence[float]) -> bool:
    """Say whether two trials differ for the client: in what they reach, or clearly in an amount."""
    return one.rank != other.rank or any(
        abs(a - b) > DISTINCT * abs(mine) for a, b, mine in zip(one.values, other.values, own, strict=True)
    )


def _proposal(levers: Sequence[Lever], found: Found, verify: Verify) -> Proposal:
    """Return a trial as a proposal, its points those of the assessment itself."""
    changes = tuple(
        Change(levers[place].feature, levers[place].value, found.values[place]) for place in found.places
    )
    checked = verify({change.feature: change.after for change in changes})
    return Proposal(changes, checked.points, checked.probability, checked.proposal, found.effort)
