"""The clients that a chain of filters keeps, and whether they may be shown.

A chain must not isolate a person, by subtraction neither. A selection is shown when

1. it keeps at least :data:`~model.disclosure.LEAST` clients;
2. each step or category that a filter lets through is empty, or holds that many of those kept;
3. without any of its filters, or any several of them, it would keep as many clients, or at least
   that many more.

Then any two selections that are shown, one of which is contained in the other by its filters,
differ by nobody or by thirty clients or more. To see it, go from the wider to the narrower one
filter at a time. Tightening a filter that both have drops steps of the wider one, each empty or
of thirty by 2. When all those were empty, the wider one is the narrower without some of its
filters, which is 3.

What is hidden does not say by which rule, for that would be telling.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from model.bins import MISSING, Bins
from model.crowd import Crowd, tally
from model.disclosure import LEAST

MOST_FILTERS = 6


@dataclass(frozen=True, slots=True)
class Filter:
    """The steps of one input that are kept (categories are steps), and whether missing values are."""

    feature: str
    steps: frozenset[int]
    missing: bool = False


@dataclass(frozen=True)
class Selection:
    """The clients kept: their rows, None when all are."""

    filters: tuple[Filter, ...]
    rows: np.ndarray | None
    size: int
    shown: bool


def sound(bins: Mapping[str, Bins], asked: Iterable[Filter]) -> tuple[Filter, ...]:
    """Return the filters that mean something, at most :data:`MOST_FILTERS`, one an input.

    Unknown inputs and steps are left out, and so is a filter that keeps nothing or everybody.
    """
    found: dict[str, Filter] = {}
    for one in asked:
        if one.feature not in bins or one.feature in found:
            continue
        known = bins[one.feature]
        steps = frozenset(range(len(known.steps))) & one.steps
        missing = one.missing and known.missing
        everyone = len(steps) == len(known.steps) and (missing or not known.missing)
        if (steps or missing) and not everyone:
            found[one.feature] = Filter(one.feature, steps, missing)
    return tuple(found.values())[:MOST_FILTERS]


def select(crowd: Crowd, asked: Iterable[Filter]) -> Selection:
    """Return the clients that pass every filter."""
    filters = sound(crowd.bins, asked)
    if not filters:
        return Selection((), None, crowd.size, crowd.size >= LEAST)
    failed = np.zeros(crowd.size, dtype=np.uint8)
    for number, one in enumerate(filters):
        passes = _passes(crowd.bins[one.feature], crowd.coded(one.feature), one)
        np.logical_not(passes, out=passes)
        failed |= passes.view(np.uint8) * np.uint8(1 << number)
    rows = np.flatnonzero(failed == 0)
    shown = (
        len(rows) >= LEAST
        and _apart(tally(failed)[: 1 << len(filters)])
        and all(_steps_full(crowd, rows, one) for one in filters)
    )
    return Selection(filters, rows, len(rows), shown)


def _passes(bins: Bins, codes: np.ndarray, one: Filter) -> np.ndarray:
    """Return the mask of one filter. Runs of bins are compared: far quicker than looking up each."""
    passes = np.zeros(len(codes), dtype=bool)
    for first, last in _runs(one.steps):
        start = bins.steps[first]
        end = bins.steps[last + 1] if last + 1 < len(bins.steps) else bins.size
        inside = codes < end
        if start:
            inside &= codes >= start
        passes |= inside
    if one.missing:
        passes |= codes == MISSING
    return passes


def _runs(steps: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and last of each run of consecutive numbers."""
    runs: list[tuple[int, int]] = []
    for step in sorted(steps):
        if runs and runs[-1][1] == step - 1:
            runs[-1] = (runs[-1][0], step)
        else:
            runs.append((step, step))
    return runs


def _apart(patterns: np.ndarray) -> bool:
    """Say whether leaving out any set of filters adds nobody or thirty clients (rule 3).

    ``patterns[p]`` counts the clients who fail exactly the filters that are the bits of ``p``.
    """
    numbers = np.arange(len(patterns))
    for dropped in range(1, len(patterns)):
        added = int(patterns[(numbers & ~dropped) == 0].sum()) - int(patterns[0])
        if 0 < added < LEAST:
            return False
    return True


def _steps_full(crowd: Crowd, rows: np.ndarray, one: Filter) -> bool:
    """Say whether each step that a filter lets through is empty or holds thirty of those kept (rule 2)."""
    bins = crowd.bins[one.feature]
    counts = crowd.counts(one.feature, rows)
    each = np.append(np.add.reduceat(counts[: bins.size], bins.steps), counts[MISSING])
    return not ((each > 0) & (each < LEAST)).any()


def written(bins: Mapping[str, Bins], one: Filter) -> str:
    """Return a filter as a text for an address, in values that outlive a new training.

    ``100000..400000`` (either end may be open), or values separated by ``|``; ``,none`` keeps
    missing values too.
    """
    known = bins[one.feature]
    if known.is_category:
        parts = "|".join(str(known.values[step][0]) for step in sorted(one.steps))
    else:
        parts = "|".join(_span(known, *run) for run in _runs(one.steps))
    return parts + (",none" if one.missing else "")


def read(bins: Mapping[str, Bins], feature: str, text: str) -> Filter | None:
    """Return the filter that a text of :func:`written` tells, its ends moved to the nearest steps.

    None when there is no such input or the text tells nothing.
    """
    known = bins.get(feature)
    if known is None:
        return None
    missing = text == "none" or text.endswith(",none")
    parts = text.removesuffix("none").removesuffix(",").split("|")
    steps: set[int] = set()
    for part in filter(None, parts):
        steps |= _category(known, part) if known.is_category else _range(known, part)
    return Filter(feature, frozenset(steps), missing) if steps or missing else None


def _span(bins: Bins, first: int, last: int) -> str:
    low = f"{_start(bins, first):g}" if first else ""
    high = f"{_start(bins, last + 1):g}" if last + 1 < len(bins.steps) else ""
    return f"{low}..{high}"


def _start(bins: Bins, step: int) -> float:
    """Return the value at which a step begins."""
    return bins.edges[bins.steps[step] - 1]


def _category(bins: Bins, text: str) -> set[int]:
    return {step for step, held in enumerate(bins.values) if text in map(str, held)}


def _range(bins: Bins, text: str) -> set[int]:
    ends = text.split("..")
    try:
        low, high = (float(end) if end else None for end in ends)
    except ValueError:
        return set()
    starts = np.array([_start(bins, step) for step in range(1, len(bins.steps))])

    def nearest(value: float | None, otherwise: int) -> int:
        if value is None or not len(starts) or not np.isfinite(value):
            return otherwise
        return int(np.argmin(np.abs(starts - value))) + 1

    first = nearest(low, 0)
    return set(range(first, max(nearest(high, len(bins.steps)), first + 1)))
