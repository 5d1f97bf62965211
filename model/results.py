"""What the model says, as plain frozen data that pages, API and letters share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Decision = Literal["accept", "review", "refuse"]
Direction = Literal["takes", "adds"]
Value = float | str | None
STRICTER: tuple[Decision, ...] = ("accept", "review", "refuse")


@dataclass(frozen=True, slots=True)
class Contribution:
    """Points that one input moves, from the average file to this one (unrounded)."""

    feature: str
    theme: str
    value: Value
    points: float


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that moved this file, told by ``feature``.

    ``points`` sums the contributions of ``features`` (the inputs that ``feature`` speaks
    for). ``reference`` is the median (or commonest category) among files accepted just
    above the pass mark, and ``standing`` says where the value lies against it.
    """

    code: str
    feature: str
    direction: Direction
    points: float
    value: Value
    reference: Value
    standing: Literal["below", "near", "above", "missing"]
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Warning:
    """Something to check before deciding.

    ``code`` is ``missing`` (an important input is not provided), ``out_of_range``
    (outside what the model learnt from: ``detail`` holds ``low`` and ``high``),
    ``impossible`` (outside the bounds of ``columns.csv``), ``unseen`` (a category
    unknown to the model) or ``not_collected`` (``field`` is then a history family).
    """

    field: str
    code: Literal["missing", "out_of_range", "impossible", "unseen", "not_collected"]
    value: Value
    detail: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PolicyReason:
    """A rule of the lender that a file falls under: its value lies ``side`` the ``limit``.

    ``decision`` is the best that the rule leaves, whatever the points.
    """

    code: str
    feature: str
    value: float
    limit: float
    side: Literal["above", "below"]
    decision: Decision


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer and its share, from 0 to 1, among those who accept."""

    code: str
    share: float


@dataclass(frozen=True, slots=True)
class Offers:
    """The likeliest offers of a file, should it be accepted; ``others`` counts those not in ``top``.

    They take ``others_share`` together, the likeliest named one ``most_of_others``, the rare ``rare_share``.
    """

    top: tuple[Offer, ...]
    others: int
    others_share: float
    most_of_others: float
    rare_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a mark reaches of ``of_contacts`` files, and of the ``of_accepted`` that were accepted."""

    contacts: int
    accepted: int
    of_contacts: int
    of_accepted: int

    @property
    def conversion(self) -> float | None:
        """Share of the contacts that is accepted; None without a contact."""
        return self.accepted / self.contacts if self.contacts else None

    @property
    def avoided(self) -> int:
        return self.of_contacts - self.contacts

    @property
    def lost(self) -> int:
        return self.of_accepted - self.accepted

    def saved(self, contact_cost: float) -> float:
        """Return what the contacts avoided would have cost, whatever acceptances lost would have brought."""
        return self.avoided * contact_cost


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything said about one file.

    ``points`` equals ``base_points`` plus the sum of the contributions, checked to 1e-6.
    ``probability`` and ``threshold`` are those of the positive class; ``pass_mark``,
    ``grey_low`` and ``grey_high`` are the threshold and the grey zone in points.
    ``record`` holds what was given or stored, ``features`` what the model read. ``decision`` is
    the model's; ``policy`` holds the rules of the lender that the file falls under besides.
    """

    client_id: str | None
    portfolio: str
    model_version: str
    probability: float
    points: float
    threshold: float
    pass_mark: float
    grey_low: float
    grey_high: float
    decision: Decision
    base_points: float
    contributions: tuple[Contribution, ...]
    reasons: tuple[Reason, ...]
    warnings: tuple[Warning, ...]
    record: Mapping[str, Value] = field(repr=False)
    features: Mapping[str, Value] = field(repr=False)
    families: tuple[str, ...] = ()
    decision_id: str | None = None
    policy: tuple[PolicyReason, ...] = ()
    offers: Offers | None = None

    @property
    def proposal(self) -> Decision:
        """What is proposed once the lender's rules were applied: the strictest of all."""
        return max((self.decision, *(rule.decision for rule in self.policy)), key=STRICTER.index)


@dataclass(frozen=True, slots=True)
class Glance:
    """The little that a list of clients shows of each; ``decision`` is what is proposed, rules applied."""

    client_id: str
    points: float
    decision: Decision
    record: Mapping[str, Value] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One value of the record changed: ``before`` is the file's own."""

    feature: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Lever:
    """One input that may be changed in this file, from ``low`` to ``high`` by ``step``."""

    feature: str
    value: float
    low: float
    high: float
    step: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes that lead to another decision, checked by the assessment itself.

    ``effort`` is what the changes ask of the client (see ``model.recourse``): the least is
    proposed first.
    """

    changes: tuple[Change, ...]
    points: float
    probability: float
    decision: Decision
    effort: float


@dataclass(frozen=True, slots=True)
class Recourse:
    """What would change the decision of a file, within the limits of its levers.

    ``tried`` counts the combinations that were scored. No proposal on a file that is not
    accepted means that there is nothing within these limits.
    """

    client_id: str | None
    portfolio: str
    points: float
    decision: Decision
    proposals: tuple[Proposal, ...]
    levers: tuple[Lever, ...]
    tried: int


@dataclass(frozen=True, slots=True)
class Cells:
    """What a mark does to 1,000 files (or to 1,000 of the amount): flagged or not, rightly or not."""

    true_positive: float
    false_positive: float
    true_negative: float
    false_negative: float

    @property
    def flagged(self) -> float:
        return self.true_positive + self.false_positive

    @property
    def passed(self) -> float:
        return self.true_negative + self.false_negative

    def cost(self, ratio: float) -> float:
        """Return the cost of the 1,000, in wrongly flagged negatives."""
        return ratio * self.false_negative + self.false_positive


@dataclass(frozen=True, slots=True)
class CostAnswer:
    """What the cost desk says when a missed positive costs ``ratio`` wrongly flagged negatives.

    Attributes
    ----------
    by_amount : whether files weigh by their amount
    marks : whole points
    cost, low, high : cost per 1,000 at each mark, and its 95 % interval
    tuned : the whole mark with the lowest cost; ``interval`` is where 95 % of the draws put it
    theoretical : the whole mark nearest to the one that would be best if probabilities were exact
    now, then : what the mark in force and the tuned one do
    saved, saved_low, saved_high : what going from the first to the second saves per 1,000, with its
        95 % interval; ``tuned`` is judged on the files that chose it, which flatters
    """

    ratio: float
    by_amount: bool
    marks: Sequence[int]
    cost: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    in_force: int
    tuned: int
    interval: tuple[int, int]
    theoretical: int
    now: Cells
    then: Cells
    saved: float
    saved_low: float
    saved_high: float


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a record that was sent: ``value`` in ``field`` against ``expected``."""

    field: str
    code: Literal["unknown_field", "wrong_type", "impossible", "unknown_category"]
    value: object
    expected: object


class InvalidRecord(ValueError):
    """A record cannot be assessed; ``faults`` says why, field by field."""

    def __init__(self, faults: tuple[Fault, ...]):
        self.faults = faults
        super().__init__("; ".join(f"{f.field}: {f.code} (expected {f.expected})" for f in faults))


class InvalidRecords(ValueError):
    """Some records of a list cannot be assessed; ``by_index`` holds the faults of each."""

    def __init__(self, by_index: Mapping[int, tuple[Fault, ...]]):
        self.by_index = by_index
        super().__init__(f"{len(by_index)} of the records cannot be assessed")
