"""The points statement: from the average file to this one, theme by theme, as a ledger.

Every number shown is whole in the last decimal of its unit and what is shown adds up: the average
file and the themes make the file's own, the lines of a theme make the theme.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from components import formats
from data.portfolios import Portfolio
from model.results import Assessment, Contribution

SMALL = 0.5  # points under which a theme joins the others, and a line the rest of its theme
MOST_LINES = 12
LEAST_LINES = 3
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Unit:
    """What the statement counts in: ``value`` turns a number of points into it.

    Where it is ``linear`` what moves is exact. Elsewhere only balances are: a move depends on
    what came before it.
    """

    name: str
    value: Callable[[float], float]
    decimals: int = 0
    linear: bool = True

    def __call__(self, points: float) -> float:
        """Return points in units of the last decimal shown."""
        return self.value(points) * 10**self.decimals

    def shown(self, amount: int, lang: str, signed: bool = False) -> str:
        """Return a whole number of last decimals as it is read."""
        return formats.number(amount / 10**self.decimals, lang, self.decimals, signed=signed)


POINTS = Unit("points", float)


@dataclass(frozen=True, slots=True)
class Line:
    """Inside a theme: one input, or several whose ``part`` is then None."""

    part: Contribution | None
    count: int
    start: float
    points: float
    shown: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A theme: what it moves from ``start``, in points, and what is shown of it in the unit."""

    theme: str
    parts: tuple[Contribution, ...]
    start: float
    points: float
    shown: int
    balance: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """The whole: ``base`` and ``total`` are shown balances."""

    base: int
    total: int
    entries: tuple[Entry, ...]


def draw_up(portfolio: Portfolio, assessment: Assessment, unit: Unit) -> Statement:
    """Return the statement of a file: themes by size, the small ones together at the end.

    Inputs of histories that were not collected move nothing and are left out.
    """
    themes = _themes(portfolio, assessment)
    moves = [math.fsum(part.points for part in parts) for _, parts in themes]
    *starts, _ = balances = _balances(assessment.base_points, moves)
    base, total = round(unit(assessment.base_points)), round(unit(assessment.points))
    entries: list[Entry] = []
    reached = base
    for (theme, parts), start, points, shown in zip(
        themes, starts, moves, _shown(unit, base, total, balances), strict=True
    ):
        reached += shown
        entries.append(Entry(theme, parts, start, points, shown, reached, _lines(unit, parts, start, shown)))
    return Statement(base, total, tuple(entries))


def collected(portfolio: Portfolio, assessment: Assessment) -> Iterator[Contribution]:
    """Yield what each input moved, without those of histories that were not collected."""
    absent = set(portfolio.families) - set(assessment.families)
    for part in assessment.contributions:
        if portfolio.columns[part.feature].family not in absent:
            yield part


def _themes(portfolio: Portfolio, assessment: Assessment) -> list[tuple[str, tuple[Contribution, ...]]]:
    found: dict[str, list[Contribution]] = {}
    for part in collected(portfolio, assessment):
        found.setdefault(part.theme, []).append(part)
    size = {theme: abs(math.fsum(part.points for part in parts)) for theme, parts in found.items()}
    small = [theme for theme in found if size[theme] < SMALL]
    if len(small) > 1:
        found[OTHERS] = [part for theme in small for part in found.pop(theme)]
        size[OTHERS] = -1.0  # the last
    order = sorted(found, key=lambda theme: -size[theme])
    return [(theme, tuple(sorted(found[theme], key=lambda part: -abs(part.points)))) for theme in order]


def _balances(first: float, moves: Sequence[float]) -> list[float]:
    """Return the balance before each move, and after the last."""
    return [first + math.fsum(moves[:place]) for place in range(len(moves) + 1)]


def _shown(unit: Unit, first: int, last: int, balances: Sequence[float]) -> list[int]:
    """Return whole moves that lead from one shown balance to another.

    In a linear unit moves are rounded by largest remainder; elsewhere balances are, each for
    itself, since they are what is exact.
    """
    exact = [unit(points) for points in balances]
    if unit.linear:
        return formats.round_to_sum(_differences(exact), last - first)
    return _differences([first, *(round(balance) for balance in exact[1:-1]), last])


def _differences(values: Sequence) -> list:
    return [after - before for before, after in pairwise(values)]


def _lines(unit: Unit, parts: Sequence[Contribution], start: float, shown: int) -> tuple[Line, ...]:
    """Return the lines of a theme: what counts, then all the rest in one."""
    told = sum(abs(part.points) >= SMALL for part in parts)
    kept = min(max(told, LEAST_LINES), MOST_LINES)
    if kept >= len(parts) - 1:
        kept = len(parts)
    moves = [part.points for part in parts[:kept]]
    if kept < len(parts):
        moves.append(math.fsum(part.points for part in parts[kept:]))
    *starts, _ = balances = _balances(start, moves)
    whole = formats.round_to_sum(_differences([unit(points) for points in balances]), shown)
    said = [*parts[:kept], None][: len(moves)]
    return tuple(
        Line(part, 1 if part else len(parts) - kept, before, moved, rounded)
        for part, before, moved, rounded in zip(said, starts, moves, whole, strict=True)
    )
