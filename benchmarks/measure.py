"""Medians of things timed in turn, and the lines of the table."""

import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ABSENT = "not run here: --peers"


@dataclass(frozen=True)
class Line:
    """One line of the table.

    ``at_least`` is the least ratio of the peer's figure to ours, ``at_most`` the most that
    ours may be. A line without either informs; nothing is asked of it.
    """

    row: str
    what: str
    unit: str
    ours: float | None
    peer: float | None = None
    beside: str = ""
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times ours fits in the peer's figure."""
        return self.peer / self.ours if self.peer is not None and self.ours else None

    @property
    def met(self) -> bool | None:
        """Whether every goal of the line is reached; None when there is none, or nothing to judge."""
        if self.ours is None or (self.at_least is not None and self.ratio is None):
            return None
        judged = []
        if self.at_least is not None:
            judged.append(self.ratio >= self.at_least)
        if self.at_most is not None:
            judged.append(self.ours <= self.at_most)
        return all(judged) if judged else None

    @property
    def goal(self) -> str:
        parts = [] if self.at_least is None else [f">= {self.at_least:g} x"]
        if self.at_most is not None:
            parts.append(f"<= {figure(self.at_most)} {self.unit}".rstrip())
        return ", ".join(parts)


def interleaved(
    works: Mapping[str, Callable[[], object]], rounds: int, seconds: float = 30.0
) -> dict[str, list[float]]:
    """Time each work once a round, in turn, and return milliseconds by name.

    A busy moment of the machine falls on all of them alike, and each round has an order of its
    own: what follows its like finds the processor's caches warm. The first round warms up and
    is not counted; no round begins after ``seconds``.
    """
    taken: dict[str, list[float]] = {name: [] for name in works}
    shuffled = random.Random(0)
    end = time.perf_counter() + seconds
    for number in range(rounds + 1):
        if number > 1 and time.perf_counter() > end:
            break
        for name in shuffled.sample(list(works), len(works)):
            work = works[name]
            began = time.perf_counter()
            work()
            if number:
                taken[name].append(1000 * (time.perf_counter() - began))
    return taken


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that ``share`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def figure(value: float | None) -> str:
    """Write a figure with the digits that mean something."""
    if value is None:
        return ""
    if value == 0:
        return "0"
    if abs(value) < 1e-3:
        return f"{value:.0e}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
