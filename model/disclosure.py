"""What may be said of a group without pointing at a person.

Three rules, and every figure of a comparison goes through them:

- nothing is said of a group of fewer than :data:`LEAST` files;
- a number of files is a multiple of :data:`COUNT_STEP`. Two counts of twenty leave between them
  an interval that reaches nought or thirty and more, whatever the two groups are, so that
  subtracting one from the other never proves that a group of 1 to 29 files exists;
- a share is rounded to a step that stands for at least :data:`COUNT_STEP` files, and a number of
  outcomes to :data:`OUTCOME_STEP`.
"""

import math
from dataclasses import dataclass

LEAST = 30
COUNT_STEP = 20
OUTCOME_STEP = 5
SHARE_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
_Z = 1.959963984540054  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Rate:
    """How often the positive class was the outcome in a group, as it is shown.

    ``count`` is the rounded number of files; ``value``, ``low`` and ``high`` are shares, the
    last two the 95 % interval.
    """

    count: int
    value: float
    low: float
    high: float


def count(files: int) -> int | None:
    """Return a number of files as it may be shown, None for a group that must be hidden."""
    return None if files < LEAST else round(files / COUNT_STEP) * COUNT_STEP


def may_split(part: int, whole: int) -> bool:
    """Say whether a part of a group may be shown beside the whole: neither it nor the rest is small."""
    return part >= LEAST and (part == whole or whole - part >= LEAST)


def share(part: int, whole: int) -> float:
    """Return a share as it may be shown: its steps stand for twenty files (under forty, for half)."""
    step = next((step for step in SHARE_STEPS if step * whole >= COUNT_STEP), SHARE_STEPS[-1])
    return min(1.0, round(round(part / whole / step) * step, 2))


def rate(positive: int, files: int) -> Rate | None:
    """Return the frequency of the positive class with its interval, None for a hidden group."""
    shown = count(files)
    if shown is None:
        return None
    outcomes = min(round(positive / OUTCOME_STEP) * OUTCOME_STEP, shown)
    return Rate(shown, outcomes / shown, *wilson(outcomes, shown))


def wilson(positive: int, files: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a proportion (Wilson 1927; Brown, Cai and DasGupta 2001)."""
    p, z = positive / files, _Z
    middle = p + z * z / (2 * files)
    margin = z * math.sqrt(p * (1 - p) / files + z * z / (4 * files * files))
    scale = 1 + z * z / files
    return max(0.0, (middle - margin) / scale), min(1.0, (middle + margin) / scale)
