"""Which facts moved this file, and which of them are told."""

from collections.abc import Mapping
from dataclasses import dataclass

from data.portfolios import Portfolio
from model.results import Contribution, Direction, Reason, Value

MOST = 4
LEAST_POINTS = 1.0
# Two values closer than this share of the ordinary range are told as "about the same".
NEAR = 0.02


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs that one of them, ``lead``, speaks for: telling each apart would say one thing twice."""

    lead: str
    points: float
    reference_points: float
    members: tuple[str, ...]


def choose(
    portfolio: Portfolio,
    contributions: tuple[Contribution, ...],
    features: Mapping[str, Value],
    reference: Mapping,
    ranges: Mapping[str, list[float]],
    present: frozenset[str],
) -> tuple[Reason, ...]:
    """Return at most four reasons each way, the strongest first, those that take points first.

    A reason moved this file by at least one point, and in the same direction when compared
    with the files accepted just above the pass mark: what those files share with this one
    explains nothing. If that leaves no reason on a side, the comparison is waived there.

    Parameters
    ----------
    reference : the card's ``reference``: ``value`` and mean ``points`` of each input in that group
    ranges : ordinary range of each number
    present : inputs of the stages that cover this file
    """
    groups = _groups(portfolio, contributions, reference["points"], present)
    chosen: list[Reason] = []
    for direction, sign in (("takes", -1), ("adds", 1)):
        moved = [group for group in groups if sign * group.points >= LEAST_POINTS]
        apart = [group for group in moved if sign * (group.points - group.reference_points) > 0]
        strongest = sorted(apart or moved, key=lambda group: -sign * group.points)[:MOST]
        chosen += [_reason(group, direction, features, reference["value"], ranges) for group in strongest]
    return tuple(chosen)


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
            members=tuple(part.feature for part in parts),
        )
        for lead, parts in members.items()
    ]


def _reason(
    group: Group,
    direction: Direction,
    features: Mapping[str, Value],
    reference_values: Mapping[str, Value],
    ranges: Mapping[str, list[float]],
) -> Reason:
    value, usual = features[group.lead], reference_values.get(group.lead)
    return Reason(
        code=f"{group.lead}.{direction}",
        feature=group.lead,
        direction=direction,
        points=group.points,
        value=value,
        reference=usual,
        standing=_standing(value, usual, ranges.get(group.lead)),
        features=group.members,
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
