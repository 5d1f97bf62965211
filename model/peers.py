"""The three groups that a file is compared with, and where it stands in each.

Everyone that the filters keep; those of them that are most like the file; those of them that were
accepted just above the pass mark. Every number that leaves here went through ``disclosure``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from model import disclosure
from model.bins import MISSING, Bins
from model.crowd import Crowd
from model.disclosure import Rate
from model.likeness import most_similar
from model.results import Value
from model.selection import Selection

GROUPS = ("all", "similar", "accepted")
SIZES = (100, 200, 500, 1000)  # multiples of the step that counts are shown in
USUAL_SIZE = 500
HEIGHT = 40  # the tallest bar of a strip


@dataclass(frozen=True)
class Group:
    """Clients compared with the file. ``rows`` is None for everyone; ``size`` is 0 when hidden."""

    name: str
    rows: np.ndarray | None
    size: int

    @property
    def shown(self) -> bool:
        return self.size > 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a value lies in a group.

    ``below`` and ``above`` are the shares of the known values that are less and more than it;
    ``same``, of a category or a missing value, the share of the group that has it too.
    """

    below: float | None = None
    above: float | None = None
    same: float | None = None

    @property
    def rarity(self) -> float:
        """Return the share of the group that has as much or more of it on its side, or has it too."""
        if self.same is not None:
            return self.same
        return 1.0 if self.below is None else 1 - max(self.below, self.above)


@dataclass(frozen=True, slots=True)
class Spread:
    """One input in one group.

    Attributes
    ----------
    bars : heights of its bins, 0 to :data:`HEIGHT`
    middle : the median, told from the bins; of a category, its commonest bin; None when unknown
    missing : share of the group without a value
    standing : where this file's value lies
    """

    bars: tuple[int, ...]
    middle: float | None
    missing: float
    standing: Standing


@dataclass(frozen=True)
class Comparison:
    """A file among its peers. ``own`` holds its features as a column of the population would."""

    crowd: Crowd
    selection: Selection
    features: Mapping[str, Value]
    own: np.ndarray
    groups: Mapping[str, Group]
    _known: dict = field(default_factory=dict, repr=False, compare=False)

    def counts(self, feature: str, name: str) -> np.ndarray:
        """Return how many of a group are in each bin, shape (256,). Not to be shown as they are."""
        key = feature, name
        if key not in self._known:
            self._known[key] = self.crowd.counts(feature, self.groups[name].rows)
        return self._known[key]

    def outcome(self, name: str) -> Rate | None:
        """Return how the files of a group turned out, None when it is hidden."""
        group = self.groups[name]
        if not group.shown:
            return None
        positive = self.crowd.positive if group.rows is None else self.crowd.positive[group.rows]
        return disclosure.rate(int(np.count_nonzero(positive)), group.size)

    def spread(self, feature: str, name: str) -> Spread | None:
        """Return an input in a group, None when the group is hidden."""
        group = self.groups[name]
        if not group.shown:
            return None
        bins, counts = self.crowd.bins[feature], self.counts(feature, name)
        known = int(counts[: bins.size].sum())
        return Spread(
            bars=_bars(counts[: bins.size], bool(bins.ends) or bins.is_category),
            middle=_middle(bins, counts[: bins.size]) if known >= disclosure.LEAST else None,
            missing=disclosure.share(int(counts[MISSING]), group.size),
            standing=self.standing(feature, name),
        )

    def standing(self, feature: str, name: str) -> Standing:
        """Return where this file's value lies in a group that is shown."""
        group, bins = self.groups[name], self.crowd.bins[feature]
        own = bins.of(self.features.get(feature))
        counts = self.counts(feature, name)
        if own == MISSING or bins.is_category:
            return Standing(same=disclosure.share(int(counts[own]), group.size))
        known = int(counts[: bins.size].sum())
        if known < disclosure.LEAST:
            return Standing()
        mine = self.own[self.crowd.place[feature]]
        below, above = self.crowd.beside(feature, mine, counts, group.rows)
        return Standing(disclosure.share(below, known), disclosure.share(above, known))

    def rates(self, feature: str) -> list[Rate | None]:
        """Return the outcome of each step of an input among all those kept, then of missing values.

        Nothing is said of a step that few people are in.
        """
        bins, group = self.crowd.bins[feature], self.groups["all"]
        if not group.shown:
            return [None] * (len(bins.steps) + 1)
        if feature not in self._known:
            wrong = np.bincount(self.crowd.coded(feature)[self._positive_rows], minlength=MISSING + 1)
            each, bad = (
                np.append(np.add.reduceat(counts[: bins.size], bins.steps), counts[MISSING])
                for counts in (self.counts(feature, "all"), wrong)
            )
            pairs = zip(bad, each, strict=True)
            self._known[feature] = [disclosure.rate(int(b), int(n)) for b, n in pairs]
        return self._known[feature]

    def near(self, feature: str) -> Rate | None:
        """Return the outcome of those whose value is in the same step as this file's."""
        bins = self.crowd.bins[feature]
        own = bins.of(self.features.get(feature))
        return self.rates(feature)[-1 if own == MISSING else bins.step_of(own)]

    @cached_property
    def _positive_rows(self) -> np.ndarray:
        """Return the rows kept whose outcome was the positive class."""
        rows, positive = self.groups["all"].rows, self.crowd.positive
        return np.flatnonzero(positive) if rows is None else rows[positive[rows]]


def compare(
    crowd: Crowd,
    features: Mapping[str, Value],
    selection: Selection,
    band: tuple[float, float],
    size: int = USUAL_SIZE,
) -> Comparison:
    """Compare a file with a selection.

    Parameters
    ----------
    band : points from the first up to but without the second were accepted just above the mark
    size : how many similar files, one of :data:`SIZES`; fewer when the selection is small
    """
    own = crowd.own(features)
    everyone = Group("all", selection.rows, selection.size if selection.shown else 0)
    similar = accepted = None
    if selection.shown:
        offered = [n for n in SIZES if n <= size and disclosure.may_split(n, selection.size)]
        if offered:
            similar = most_similar(crowd, features, own, everyone.rows, offered[-1])
        accepted = _accepted(crowd, selection, band)
    groups = (
        everyone,
        *(
            Group(name, rows, 0 if rows is None else len(rows))
            for name, rows in (("similar", similar), ("accepted", accepted))
        ),
    )
    return Comparison(crowd, selection, features, own, {group.name: group for group in groups})


def _accepted(crowd: Crowd, selection: Selection, band: tuple[float, float]) -> np.ndarray | None:
    """Return the clients kept whose points were just above the mark, None when they are too few."""
    points = crowd.points if selection.rows is None else crowd.points[selection.rows]
    rows = np.flatnonzero((points >= band[0]) & (points < band[1]))
    rows = rows if selection.rows is None else selection.rows[rows]
    return rows if disclosure.may_split(len(rows), selection.size) else None


def _bars(counts: np.ndarray, apart: bool) -> tuple[int, ...]:
    """Return bin counts as heights; those of a small group are smoothed over their neighbours."""
    heights = counts.astype(float)
    total = counts.sum()
    if not apart and len(heights) > 4:
        for _ in range(2 if total < 400 else 1 if total < 2000 else 0):
            padded = np.concatenate([heights[:1], heights, heights[-1:]])
            heights = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    top = heights.max(initial=0)
    return tuple(int(h) for h in np.ceil(heights * HEIGHT / top)) if top else (0,) * len(heights)


def _middle(bins: Bins, counts: np.ndarray) -> float | None:
    """Return the median told from the bins, so that it is nobody's own value.

    Of a category, the number of the commonest bin. None when it falls in an open bin without
    a value to tell.
    """
    if bins.is_category:
        return float(np.argmax(counts))
    total = np.cumsum(counts)
    number = int(np.searchsorted(total, total[-1] / 2))
    if bins.ends:
        low, high = bins.ends[number]
        return low if low is not None else high
    if not bins.edges:
        return None
    if number in (0, len(counts) - 1):
        return bins.edges[0] if number == 0 else bins.edges[-1]
    low, high = bins.edges[number - 1], bins.edges[number]
    before = total[number - 1]
    return low + (high - low) * float((total[-1] / 2 - before) / (total[number] - before))
