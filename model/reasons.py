"""Which facts moved this file, and which of them are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from data.portfolios import Column, Portfolio
from model.results import Contribution, Direction, Reason, Value
from model.stages import BASE_FAMILY

MOST = 4
LEAST_POINTS = 1.0
# Two values closer than this share of the ordinary range are told as "about the same".
NEAR = 0.02


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs that ``lead`` speaks for: telling each apart would say one thing several times.

    Another member tells when the lead's own value would not convince (a good mean of three
    scores, one of which is very low).
    """

    lead: str
    points: float
    reference_points: float
    members: tuple[Contribution, ...]


def choose(
    portfolio: Portfolio,
    contributions: tuple[Contribution, ...],
    features: Mapping[str, Value],
    reference: Mapping,
    ranges: Mapping[str, list[float]],
    present: frozenset[str],
) -> tuple[Reason, ...]:
    """Return at most four reasons each way, the strongest first, those that take points first.

    A reason moved this file by at least one point, in the same direction when compared with
    the files accepted just above the pass mark (what those share with this one explains
    nothing), and its value differs from theirs the way it should: "12 % (just accepted: 13 %)"
    said of a cost that takes points would only puzzle. The strongest is told in any case, so
    that no side with something to say stays empty.

    Parameters
    ----------
    reference : the card's ``reference``: ``value`` and mean ``points`` of each input in that group
    ranges : ordinary range of each number
    present : inputs of the stages that cover this file
    """
    groups = _groups(portfolio, contributions, reference["points"], present)
    rises = 1 if portfolio.settings["positive_is_good"] else -1
    chosen: list[Reason] = []
    for direction, sign in (("takes", -1), ("adds", 1)):
        moved = sorted((g for g in groups if sign * g.points >= LEAST_POINTS), key=lambda g: -sign * g.points)
        apart = [group for group in moved if sign * (group.points - group.reference_points) > 0]
        told: list[Reason] = []
        for rank, group in enumerate(apart or moved):
            if len(told) == MOST:
                break
            reasons = (
                _reason(group, name, direction, features, reference["value"], ranges)
                for name in _tellers(portfolio, group, sign)
            )
            first = next(reasons)
            convincing = (
                r for r in chain([first], reasons) if _convinces(portfolio.columns[r.feature], r, rises)
            )
            reason = next(convincing, first if rank == 0 else None)
            if reason and not _said_already(reason, told, portfolio):
                told.append(reason)
        chosen += told
    return tuple(chosen)


def _tellers(portfolio: Portfolio, group: Group, sign: int) -> list[str]:
    """Return who may tell a group, the lead first, then whoever moved the points its way.

    Among these, what the client gave is recognised sooner than what was made from it.
    """
    others = [part for part in group.members if part.feature != group.lead and sign * part.points > 0]
    others.sort(key=lambda part: (portfolio.columns[part.feature].source == "made", -sign * part.points))
    lead = [part.feature for part in group.members if part.feature == group.lead]
    return lead + [part.feature for part in others]


def _said_already(reason: Reason, told: list[Reason], portfolio: Portfolio) -> bool:
    """Say whether the same history was already told to hold nothing: once is enough."""
    if reason.standing != "missing":
        return False
    family = portfolio.columns[reason.feature].family
    silent = {portfolio.columns[other.feature].family for other in told if other.standing == "missing"}
    return family != BASE_FAMILY and family in silent


def _convinces(column: Column, reason: Reason, rises: int) -> bool:
    """Say whether the value differs from the reference in the direction that the points moved."""
    if reason.standing in ("near", "missing") or column.monotone == 0:
        return reason.standing != "near"
    higher_is_better = column.monotone * rises > 0
    return (reason.standing == "above") == (higher_is_better == (reason.direction == "adds"))


def _groups(
    portfolio: Portfolio,
    contributions: tuple[Contribution, ...],
    reference_points: Mapping[str, float],
    present: frozenset[str],
) -> list[Group]:
    members: dict[str, list[Contribution]] = {}
    for contribution in contributions:
        if contribution.feature in present:
            lead = portfolio.columns[contribution.feature].told_by
            members.setdefault(lead, []).append(contribution)
    return [
        Group(
            lead=lead,
            points=sum(part.points for part in parts),
            reference_points=sum(reference_points.get(part.feature, 0.0) for part in parts),
            members=tuple(parts),
        )
        for lead, parts in members.items()
    ]


def _reason(
    group: Group,
    teller: str,
    direction: Direction,
    features: Mapping[str, Value],
    reference_values: Mapping[str, Value],
    ranges: Mapping[str, list[float]],
) -> Reason:
    value, usual = features[teller], reference_values.get(teller)
    return Reason(
        code=f"{teller}.{direction}",
        feature=teller,
        direction=direction,
        points=group.points,
        value=value,
        reference=usual,
        standing=_standing(value, usual, ranges.get(teller)),
        features=tuple(part.feature for part in group.members),
    )


def _standing(value: Value, usual: Value, ordinary: list[float] | None) -> str:
    if value is None:
        return "missing"
    if value == usual or usual is None:
        return "near"
    if isinstance(value, str) or isinstance(usual, str):
        return "above"  # another category: it has no order, and its sentence names it
    width = ordinary[1] - ordinary[0] if ordinary else 0.0
    if abs(value - usual) <= NEAR * width:
        return "near"
    return "below" if value < usual else "above"
