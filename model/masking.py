"""Which groups may show how their files ended.

Fewer than ``disclosure.LEAST`` outcomes of one kind are never told of a group. Hiding one group
alone would hide nothing, since the whole less the others gives it back: others are hidden with it
until what is left to subtract speaks of enough people and pins no group down.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.disclosure import LEAST
from model.groups import Group


@dataclass(frozen=True, slots=True)
class Ends:
    """How the files of a group ended: favoured or not by the threshold, well or badly."""

    favoured_well: int
    favoured_badly: int
    other_well: int
    other_badly: int

    @property
    def well(self) -> int:
        return self.favoured_well + self.other_well

    @property
    def badly(self) -> int:
        return self.favoured_badly + self.other_badly

    @property
    def favoured(self) -> int:
        return self.favoured_well + self.favoured_badly

    @property
    def other(self) -> int:
        return self.other_well + self.other_badly

    @property
    def rarer(self) -> int:
        """Number of files of the rarer outcome."""
        return min(self.well, self.badly)


def count(
    groups: Sequence[Group], outcome: np.ndarray, p: np.ndarray, threshold: float, positive_is_good: bool
) -> list[Ends]:
    """Count how the files of each group ended."""
    well, favoured = sides(outcome, p, threshold, positive_is_good)
    return [
        Ends(
            favoured_well=int(np.sum(group.rows & favoured & well)),
            favoured_badly=int(np.sum(group.rows & favoured & ~well)),
            other_well=int(np.sum(group.rows & ~favoured & well)),
            other_badly=int(np.sum(group.rows & ~favoured & ~well)),
        )
        for group in groups
    ]


def sides(
    outcome: np.ndarray, p: np.ndarray, threshold: float, positive_is_good: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return which files ended well and which are favoured, as masks of shape ``(rows,)``."""
    return (outcome == 1) == positive_is_good, (p >= threshold) == positive_is_good


def hidden(groups: Sequence[Ends]) -> frozenset[int]:
    """Return the places of the groups whose outcomes must not be shown.

    ``groups`` split the files: their sums are known to the reader, and so is how many of each
    group were favoured, whether its outcomes are hidden or not.
    """
    by_size = sorted(range(len(groups)), key=lambda place: groups[place].rarer)
    masked = [place for place in by_size if groups[place].rarer < LEAST]
    if not masked:
        return frozenset()
    for place in by_size[len(masked) :]:
        if _is_safe([groups[place] for place in masked]):
            break
        masked.append(place)
    return frozenset(masked)


def _is_safe(masked: Sequence[Ends]) -> bool:
    """Say whether the sums over the hidden groups, which the reader can work out, give none away."""
    well, badly = sum(group.well for group in masked), sum(group.badly for group in masked)
    return min(well, badly) >= LEAST and all(_leeway(masked, group) > 0 for group in masked)


def _leeway(masked: Sequence[Ends], group: Ends) -> int:
    """Return between how many numbers of bad ends of ``group`` a reader of the sums must hesitate."""
    sides = (
        (sum(one.favoured_badly for one in masked), sum(one.favoured for one in masked), group.favoured),
        (sum(one.other_badly for one in masked), sum(one.other for one in masked), group.other),
    )
    return sum(min(own, badly) - max(0, badly - (everyone - own)) for badly, everyone, own in sides)
