"""Thresholds that managers propose. A proposal is never edited: what becomes of it is another row."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, String, cast, exists, insert, literal, select

from data.ledger import store
from data.ledger.tables import entries, proposals

LONGEST_NOTE = 2_000
LONGEST_NAME = 64
LONGEST_AUTHOR = 128
# Before the number of a proposal, in the entry that answers it (``data.ledger.approvals``).
ABOUT_PROPOSAL = "P-"


class ProposalInvalid(ValueError):
    """A proposal that cannot be kept; ``field`` names what is wrong with it."""

    def __init__(self, field: str, told: str):
        self.field = field
        super().__init__(f"{field}: {told}")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A threshold proposed, as it was proposed.

    Attributes
    ----------
    created : when, in UTC
    model_version : the model that it was proposed for
    threshold : the probability proposed
    in_force : the probability that decided at that moment
    costs : what the proposal rests on, by name (``false_negative``, ``false_positive`` ...)
    note : why, in the words of the author
    """

    id: int
    created: datetime
    portfolio: str
    model_version: str
    threshold: float
    in_force: float
    costs: Mapping[str, float]
    note: str
    author: str


def add(
    portfolio: str,
    version: str,
    threshold: float,
    in_force: float,
    costs: Mapping[str, float],
    note: str,
    author: str,
) -> Proposal:
    """Keep a proposal and return it with its number.

    Raises
    ------
    ProposalInvalid
        When a threshold is no probability, a cost is not positive, or a text is absent or too long.
    data.ledger.errors.LedgerUnavailable
        When it could not be kept.
    """
    row = {
        "created": datetime.now(UTC).replace(microsecond=0),
        "portfolio": _text("portfolio", portfolio, LONGEST_NAME),
        "model_version": _text("version", version, LONGEST_NAME),
        "threshold": _probability("threshold", threshold),
        "in_force": _probability("in_force", in_force),
        "costs": {name: _cost(name, cost) for name, cost in costs.items()},
        "note": _text("note", note, LONGEST_NOTE, needed=False),
        "author": _text("author", author, LONGEST_AUTHOR),
    }
    with store.writing() as connection:
        number = connection.execute(insert(proposals).values(**row)).inserted_primary_key[0]
    return Proposal(number, **row)


def all(portfolio: str) -> list[Proposal]:
    """Return every proposal of a portfolio, the latest first."""
    return _found(select(proposals).where(proposals.c.portfolio == portfolio))


def pending(portfolio: str, version: str | None = None) -> list[Proposal]:
    """Return the proposals that nobody has answered, the latest first.

    With ``version``, only those made for that version of the model: a threshold chosen for
    another means nothing for this one.
    """
    asked = select(proposals).where(proposals.c.portfolio == portfolio)
    if version is not None:
        asked = asked.where(proposals.c.model_version == version)
    answer = entries.c.about == literal(ABOUT_PROPOSAL) + cast(proposals.c.id, String)
    return _found(asked.where(~exists().where(entries.c.kind == "threshold", answer)))


def _found(asked: Select) -> list[Proposal]:
    with store.reading() as connection:
        rows = connection.execute(asked.order_by(proposals.c.id.desc())).mappings()
        return [Proposal(**row) for row in rows]


def _probability(field: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
        raise ProposalInvalid(field, "a probability between 0 and 1 is expected")
    return float(value)


def _cost(name: str, value: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or value <= 0:
        raise ProposalInvalid("costs", f"{name!r} must be a number above 0")
    return float(value)


def _text(field: str, value: str, longest: int, *, needed: bool = True) -> str:
    # PostgreSQL keeps no NUL.
    text = value.replace("\0", "").strip() if isinstance(value, str) else None
    if text is None or (needed and not text):
        raise ProposalInvalid(field, "a text is expected")
    if len(text) > longest:
        raise ProposalInvalid(field, f"at most {longest} characters are kept")
    return text
