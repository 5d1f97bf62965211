"""The cost desk: what any mark would cost at any ratio of costs, from counts by whole point.

No rows: the counts lie in the artifact (``model.curves.by_whole_point``), an answer takes
milliseconds. Drawing the counts again within each outcome is exactly the bootstrap of the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from model.artifact import Model
from model.cost import Costs
from model.measures import measures
from model.results import Cells, CostAnswer
from model.scale import Scale

RATIOS = (1, 50)  # lowest and highest cost of a missed positive, in wrongly flagged negatives: see ratios()
MOST = 10_000  # what is beyond, an address may say, but it is no ratio of costs
DRAWS = 300
PERCENTILES = (2.5, 97.5)


def ratios(usual: float) -> tuple[int, int]:
    """Return the lowest and highest ratio that may be tried, with the portfolio's own well within them."""
    return RATIOS[0], max(RATIOS[1], 2 * round(usual))


def taken(asked: int | None, usual: float) -> float:
    """Return the ratio asked for where it may be tried, else the portfolio's own."""
    lowest, highest = ratios(usual)
    return asked if asked is not None and lowest <= asked <= highest else usual


@dataclass(frozen=True)
class Desk:
    """Counts by whole point, and the mark in force."""

    counts: Mapping
    scale: Scale
    in_force: int

    @cached_property
    def marks(self) -> np.ndarray:
        """Every whole mark that makes a difference, from one that flags nothing to one that flags all."""
        low, keys = self.counts["low"], len(self.counts["negative"]["files"])
        first = low - 1 if self.counts["sign"] < 0 else low
        return np.arange(first, first + keys + 1)

    def cells(self, mark: int, by_amount: bool = False) -> Cells:
        """Return what a whole mark does to 1,000 files, or to 1,000 of the amount."""
        place = int(np.clip(mark - self.marks[0], 0, len(self.marks) - 1))
        sums = {name: self._flagged(self._held(name, by_amount)) for name in ("negative", "positive")}
        totals = {name: float(self._held(name, by_amount).sum()) for name in sums}
        flagged = {name: float(values[place]) for name, values in sums.items()}
        per = 1000 / sum(totals.values())
        return Cells(
            true_positive=per * flagged["positive"],
            false_positive=per * flagged["negative"],
            true_negative=per * (totals["negative"] - flagged["negative"]),
            false_negative=per * (totals["positive"] - flagged["positive"]),
        )

    def figures(self, mark: int, costs: Costs) -> dict[str, dict[str, float]]:
        """Return cost per file and share flagged at a whole mark, with their 95 % intervals."""
        cells, place = self.cells(mark), int(np.clip(mark - self.marks[0], 0, len(self.marks) - 1))
        missed, wrongly, total = (drawn[:, min(place, drawn.shape[1] - 1)] for drawn in self._file_draws)
        caught = self._held("positive", by_amount=False).sum() - missed
        found = {
            "cost_per_file": (
                (costs.false_negative * cells.false_negative + costs.false_positive * cells.false_positive)
                / 1000,
                (costs.false_negative * missed + costs.false_positive * wrongly) / total,
            ),
            "refused_share": (
                (cells.true_positive + cells.false_positive) / 1000,
                (caught + wrongly) / total,
            ),
        }
        return {
            name: {"value": float(value), **dict(zip(("low", "high"), _ends(drawn), strict=True))}
            for name, (value, drawn) in found.items()
        }

    def answer(self, ratio: float, by_amount: bool = False) -> CostAnswer:
        """Return what the desk says when a missed positive costs ``ratio`` wrongly flagged negatives."""
        cost = self._costs(ratio, by_amount)
        drawn = self._drawn_costs(ratio, by_amount)
        theory = round(self.scale.at_probability(1 / (1 + ratio)))
        tuned = self._cheapest(cost, theory)
        low, high = np.percentile(drawn, PERCENTILES, axis=0)
        ends = np.percentile(self.marks[np.argmin(drawn, axis=1)], PERCENTILES)
        here, there = (
            int(np.clip(mark - self.marks[0], 0, len(cost) - 1)) for mark in (self.in_force, tuned)
        )
        saved = drawn[:, here] - drawn[:, there]
        return CostAnswer(
            ratio=ratio,
            by_amount=by_amount,
            marks=self.marks,
            cost=cost,
            low=low,
            high=high,
            in_force=self.in_force,
            tuned=tuned,
            interval=(min(round(ends[0]), tuned), max(round(ends[1]), tuned)),
            theoretical=theory,
            now=self.cells(self.in_force, by_amount),
            then=self.cells(tuned, by_amount),
            saved=float(cost[here] - cost[there]),
            saved_low=float(np.percentile(saved, PERCENTILES[0])),
            saved_high=float(np.percentile(saved, PERCENTILES[1])),
        )

    def _cheapest(self, cost: np.ndarray, theory: int) -> int:
        """Return the mark of the lowest cost; of several, the one nearest to the theoretical mark."""
        best = self.marks[cost <= cost.min() + 1e-9]
        return int(best[np.argmin(np.abs(best - theory))])

    def _held(self, name: str, by_amount: bool) -> np.ndarray:
        return np.asarray(self.counts[name]["weight" if by_amount else "files"], dtype=float)

    def _flagged(self, held: np.ndarray) -> np.ndarray:
        """Return how much of ``held`` (by whole point on the last axis) each mark flags."""
        nothing = np.zeros((*held.shape[:-1], 1))
        if self.counts["sign"] < 0:
            return np.concatenate([nothing, np.cumsum(held, axis=-1)], axis=-1)
        return np.concatenate([np.cumsum(held[..., ::-1], axis=-1)[..., ::-1], nothing], axis=-1)

    def _costs(self, ratio: float, by_amount: bool) -> np.ndarray:
        negative, positive = (self._held(name, by_amount) for name in ("negative", "positive"))
        missed = positive.sum() - self._flagged(positive)
        return 1000 * (ratio * missed + self._flagged(negative)) / (negative.sum() + positive.sum())

    def _drawn_costs(self, ratio: float, by_amount: bool) -> np.ndarray:
        """Return the cost of each mark in each draw, shape ``(draws, marks)``."""
        missed, wrongly, total = self._amount_draws if by_amount else self._file_draws
        return 1000 * (ratio * missed + wrongly) / total

    @cached_property
    def _file_draws(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self._draw(by_amount=False)

    @cached_property
    def _amount_draws(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self._draw(by_amount=True)

    def _draw(self, by_amount: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return, per draw, what each mark misses, what it flags wrongly, and the whole."""
        generator = np.random.default_rng(0)
        drawn = {name: self._drawn(name, generator, by_amount) for name in ("negative", "positive")}
        positive = drawn["positive"].sum(axis=1, keepdims=True)
        whole = positive + drawn["negative"].sum(axis=1, keepdims=True)
        return positive - self._flagged(drawn["positive"]), self._flagged(drawn["negative"]), whole

    def _drawn(self, name: str, generator: np.random.Generator, by_amount: bool) -> np.ndarray:
        """Draw the files of one outcome again, shape ``(draws, points)``, weighed if asked.

        Within a point the sum of the weights drawn is taken as normal, with the mean and the
        spread of the weights there.
        """
        files = np.asarray(self.counts[name]["files"])
        drawn = generator.multinomial(files.sum(), files / files.sum(), size=DRAWS).astype(float)
        if not by_amount:
            return drawn
        there = np.maximum(files, 1)
        mean = np.asarray(self.counts[name]["weight"]) / there
        spread = np.sqrt(np.maximum(np.asarray(self.counts[name]["squares"]) / there - mean**2, 0))
        noise = generator.standard_normal(drawn.shape)
        return np.maximum(drawn * mean + np.sqrt(drawn) * spread * noise, 0)


def _ends(drawn: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(drawn, PERCENTILES)
    return float(low), float(high)


def desk(model: Model) -> Desk:
    """Return the cost desk of a model, the same one while the model stays in service.

    Raises
    ------
    ModelDamaged
        When the artifact lacks the counts, or they were changed.
    """
    counts = measures(model, "curves.json")["counts"]
    place = model.folder, round(model.pass_mark)
    known = _desks.get(place)
    if known is None:
        _desks.clear()
        known = _desks[place] = Desk(counts, model.scale, place[1])
    return known


_desks: dict[tuple[Path, int], Desk] = {}
