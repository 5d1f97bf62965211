"""The search behind ``model.recourse``: which values of the levers reach a better decision.

Every trial is one row of the levers' values. Trials are scored in batches by the features and the
boosters of an assessment, without contributions. Their order is fixed: the same file always gets
the same answer.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import polars as pl

from data import features
from data.portfolios import Portfolio
from model import segments
from model.artifact import Model
from model.assess import decide
from model.results import Assessment, Decision, Lever
from model.segments import PREFIX
from model.stages import BASE_FAMILY

BETTER: tuple[Decision, ...] = ("refuse", "review", "accept")
UNSOUND = -1
PER_CHANGE = 0.05  # effort of changing one input at all, whatever the amount
ALONE = 240  # values tried of one lever by itself, before refining
TOGETHER = 24  # values tried at most of each of two levers together, before refining
PAIRS = 6_000  # trials of two levers at most, all pairs together, before refining
SLIGHT = 0.02  # of two values changed, each moves by more than this share of itself
FINER = 4  # each refinement divides the distance between trials by this

Row = tuple[float, ...]  # one value for each lever
Places = tuple[int, ...]  # places of the levers that are changed


@dataclass(frozen=True, slots=True)
class Found:
    """A trial that reaches a better decision; ``rank`` is the place of it in ``BETTER``."""

    values: Row
    places: Places
    rank: int
    effort: float


class Trials:
    """One file under other values of its levers, each scored once."""

    def __init__(self, portfolio: Portfolio, model: Model, base: Assessment, levers: Sequence[Lever]):
        self.own: Row = tuple(lever.value for lever in levers)
        self._portfolio, self._model = portfolio, model
        self._names = [lever.feature for lever in levers]
        read = (BASE_FAMILY, *base.families)
        self._stages = [s for s in model.stages if s.family in read or s.family.startswith(PREFIX)]
        self._routed = segments.of(portfolio)[0].column if segments.serve(model) else None
        self._file = pl.DataFrame({name: [v] for name, v in base.record.items() if v is not None})
        self._lowest, self._highest = _bounds(portfolio, model, self._matrix(np.array([self.own]))[0])
        self._known: dict[Row, int] = {}

    def __len__(self) -> int:
        return len(self._known)

    def ranks(self, rows: Sequence[Row]) -> list[int]:
        """Return for each row its decision's place in ``BETTER``, or ``UNSOUND``."""
        fresh = [row for row in dict.fromkeys(rows) if row not in self._known]
        if fresh:
            self._known.update(zip(fresh, self._scored(np.array(fresh)), strict=True))
        return [self._known[row] for row in rows]

    def _scored(self, rows: np.ndarray) -> Iterator[int]:
        matrix = self._matrix(rows)
        raw = np.zeros(len(rows))
        covered = self._covered(rows)
        for stage in self._stages:
            inside = covered.get(stage.family, slice(None))
            raw[inside] += stage.log_odds(matrix[inside])
        points = self._model.scale.points(self._model.calibration.apply(raw))
        # Written so that a value that would go missing is outside too.
        inside = (matrix >= self._lowest) & (matrix <= self._highest) | np.isnan(self._lowest)
        for value, sound in zip(points.tolist(), inside.all(axis=1), strict=True):
            yield BETTER.index(decide(self._model, value)) if sound else UNSOUND

    def _covered(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Return the trials of each segment: a trial may lie in another than the file."""
        if self._routed is None:
            return {}
        value = self._file[self._routed][0] if self._routed in self._file.columns else np.nan
        values = np.full(len(rows), float(value))
        if self._routed in self._names:
            values = rows[:, self._names.index(self._routed)]
        return segments.routes(self._portfolio, values)

    def _matrix(self, rows: np.ndarray) -> np.ndarray:
        """Return what the model reads of each trial, shape ``(rows, inputs)``."""
        repeated = self._file[np.zeros(len(rows), dtype=np.int64)]
        changed = repeated.with_columns(
            pl.Series(name, values) for name, values in zip(self._names, rows.T, strict=True)
        )
        return self._model.encoding.encode(features.applicant(self._portfolio, changed))


def _bounds(portfolio: Portfolio, model: Model, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the most that each input may become, shapes ``(inputs,)``.

    A number stays within its ordinary range, or goes no further out than in the file (``own``). A
    made input that credit sense calls risky in one way does not move that way. NaN where the
    file has nothing.
    """
    lowest, highest = np.full(len(own), -np.inf), np.full(len(own), np.inf)
    for place, name in enumerate(model.encoding.inputs):
        column = portfolio.columns[name]
        if name in model.card["ranges"]:
            low, high = model.card["ranges"][name]
            lowest[place], highest[place] = min(low, own[place]), max(high, own[place])
        if column.source == "made" and column.monotone:
            risky = highest if column.monotone * model.scale.sign < 0 else lowest
            risky[place] = own[place]
    return np.where(np.isnan(own), np.nan, lowest), np.where(np.isnan(own), np.nan, highest)


def effort(own: Row, values: Row) -> float:
    """Return what a trial asks: the share of each value that moves, and a fixed part for each."""
    return math.fsum(
        abs(value - mine) / abs(mine) + PER_CHANGE
        for value, mine in zip(values, own, strict=True)
        if value != mine
    )


def search(trials: Trials, levers: Sequence[Lever], current: int) -> list[Found]:
    """Return, for one or two levers, each way they move and each better decision, the least effort.

    First a coarse grid of each set, then finer ones around the best, down to the levers' steps: of
    one lever with up to 240 steps every value is tried, of two the least effort is nearly found.
    Of two levers each moves by more than 2 % and is needed: neither alone, at that value, may be
    proposed instead.

    Parameters
    ----------
    current : place of the file's own decision in ``BETTER``
    """
    spacing = coarse(levers)
    rows = {places: list(_grid(levers, trials.own, places, apart)) for places, apart in spacing.items()}
    best: dict[tuple, Found] = {}
    next_apart: dict[tuple, tuple[int, ...]] = {}
    while rows:
        gained = set()
        for found in _better(trials, rows, current):
            way = tuple(value > mine for value, mine in zip(found.values, trials.own, strict=True))
            key = (found.places, way, found.rank)
            if key not in best or order(found) < order(best[key]):
                best[key] = found
                gained.add(key)
        rows = {}
        for key, found in best.items():
            apart = next_apart.get(key, spacing[found.places])
            # Closer only once the trials around the best find nothing better: the least may lie
            # several trials further along.
            if key in next_apart and key not in gained:
                apart = next_apart[key] = _finer(apart)
            if max(next_apart.setdefault(key, apart)) > 1:
                near = _around(levers, trials.own, found, apart)
                rows.setdefault(found.places, []).extend(near)
    return sorted(best.values(), key=order)


def order(found: Found) -> tuple:
    """Return what ranks trials: the least effort, then the better decision, then a fixed order."""
    return found.effort, -found.rank, found.places, found.values


def _better(trials: Trials, rows: Mapping[Places, Sequence[Row]], current: int) -> Iterator[Found]:
    """Yield the rows that reach a better decision and need each of their changes."""
    # All sets at once: a batch costs more by itself than its rows.
    trials.ranks(
        [part for places, some in rows.items() for row in some for part in _parts(trials, row, places)]
    )
    for places, some in rows.items():
        for row in some:
            whole, *halves = trials.ranks(_parts(trials, row, places))
            if whole > max([current, *halves]):
                yield Found(row, places, whole, effort(trials.own, row))


def _parts(trials: Trials, row: Row, places: Places) -> list[Row]:
    """Return a row and, when it changes two levers, the two rows that change one."""
    if len(places) == 1:
        return [row]
    return [row, *(_with(trials.own, (one,), (row[one],)) for one in places)]


def _with(own: Row, places: Places, values: Sequence[float]) -> Row:
    changed = list(own)
    for place, value in zip(places, values, strict=True):
        changed[place] = value
    return tuple(changed)


def coarse(levers: Sequence[Lever]) -> dict[Places, tuple[int, ...]]:
    """Return each set of levers to try and, in steps, how far apart its first trials are."""
    pairs = list(combinations(range(len(levers)), 2))
    together = min(TOGETHER, math.isqrt(PAIRS // max(len(pairs), 1)))
    wide = [(lever.high - lever.low) / lever.step for lever in levers]
    sets = {(one,): (wide[one] / ALONE,) for one in range(len(levers))}
    sets |= {pair: tuple(wide[one] / together for one in pair) for pair in pairs}
    return {places: tuple(max(1, math.ceil(steps)) for steps in apart) for places, apart in sets.items()}


def _finer(spacing: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(math.ceil(steps / FINER) for steps in spacing)


def _grid(levers: Sequence[Lever], own: Row, places: Places, spacing: tuple[int, ...]) -> Iterator[Row]:
    """Yield the first trials of a set: multiples of so many steps, and the ends of each lever."""
    axes = []
    for one, steps in zip(places, spacing, strict=True):
        every = _counts(levers[one])
        counts = [n for n in every if n % steps == 0 or n in (every[0], every[-1])]
        axes.append(_values(levers[one], counts, SLIGHT if len(places) > 1 else 0.0))
    for values in product(*axes):
        yield _with(own, places, values)


def _around(levers: Sequence[Lever], own: Row, found: Found, spacing: tuple[int, ...]) -> Iterator[Row]:
    """Yield trials between a found one and the trials next to it, a few at least each way."""
    axes = []
    for one, steps, finer in zip(found.places, spacing, _finer(spacing), strict=True):
        here, every = round(found.values[one] / levers[one].step), _counts(levers[one])
        most = max(steps, FINER)
        counts = [n for n in range(here - most, here + most + 1) if n in every and (n - here) % finer == 0]
        axes.append(_values(levers[one], counts, SLIGHT if len(found.places) > 1 else 0.0))
    for values in product(*axes):
        yield _with(own, found.places, values)


def _counts(lever: Lever) -> range:
    """Return how many steps make each value that a lever may take."""
    first, last = exact(lever.low / lever.step), exact(lever.high / lever.step)
    return range(math.ceil(first), math.floor(last) + 1)


def _values(lever: Lever, counts: Sequence[int], least: float) -> list[float]:
    """Return the values of so many steps that move the file's own by more than ``least`` of itself."""
    values = [exact(count * lever.step) for count in counts]
    mine = exact(lever.value)
    return [value for value in values if abs(value - mine) > least * abs(mine)]


def round_up(value: float, step: float) -> float:
    """Return the least multiple of ``step`` that is not under ``value``."""
    return exact(math.ceil(exact(value / step)) * step)


def exact(value: float) -> float:
    """Return a multiple of a decimal step without the noise of binary fractions."""
    return round(value, 9)
