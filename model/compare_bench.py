"""Fitting candidates for a comparison and asking them about rows they never saw. Training only."""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from model.calibration import probability
from model.candidates import answered
from model.candidates_made import Candidate, Setting, fitted
from model.compare_judged import Judge
from model.compare_rows import Part, Rows
from model.cost import Costs
from model.scale import Scale


@dataclass(frozen=True)
class Bench:
    """Rows, and how candidates are fitted on them.

    ``workers`` fits go on at once, each with one thread; ``each`` is told every fit that is done.
    """

    rows: Rows
    seed: int
    workers: int
    each: Callable[[str], None] = lambda step: None

    @property
    def costs(self) -> Costs:
        return Costs(**self.rows.portfolio.settings["costs"])

    def judge(self, places: np.ndarray) -> Judge:
        """Return the judge of some rows."""
        return Judge(self.rows.table.outcome[places], self.costs, self.rows.group[places])

    def out_of_fold(self, part: Part, candidate: Candidate) -> tuple[np.ndarray, float]:
        """Return what a candidate says of ``part.choose``, learnt on the other folds, and a fit's seconds."""
        said = answered(
            candidate,
            self.rows.table.take(part.choose),
            self.rows.fold[part.choose],
            self._setting(),
            lambda step: self.each(f"{part.name}: {step}"),
            self.workers,
        )
        return probability(said.raw), said.seconds

    def judged(self, part: Part, candidates: Sequence[Candidate]) -> list[tuple[np.ndarray, float]]:
        """Return what each says of ``part.judge``, learnt on all of ``part.learn``, and its seconds."""
        learnt, asked = self.rows.table.take(part.learn), self.rows.table.matrix[part.judge]

        def one(candidate: Candidate) -> tuple[np.ndarray, float]:
            began = time.perf_counter()
            model = fitted(candidate, learnt, self._setting())
            took = time.perf_counter() - began
            p, _ = model.answer(asked)
            self.each(f"{part.name}: {candidate.name} on rows set aside")
            return p, took

        with ThreadPoolExecutor(self.workers) as pool:
            return list(pool.map(one, candidates))

    def said(self, learn: np.ndarray, ask: np.ndarray, candidate: Candidate) -> np.ndarray:
        """Return what a candidate learnt on some rows says of others."""
        model = fitted(candidate, self.rows.table.take(learn), self._setting())
        return model.answer(self.rows.table.matrix[ask])[0]

    def _setting(self) -> Setting:
        table, about = self.rows.table, self.rows.portfolio.settings
        codes = tuple(place for place, name in enumerate(table.inputs) if name in table.categorical)
        return Setting(table.inputs, codes, self.costs, Scale.of(about), self.seed, threads=1)


def cores() -> int:
    """Return how many fits can go on at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
