"""A small table, and a search on it that takes a second."""

import numpy as np

from model import tune, tune_study
from model.cost import Costs
from model.table import Table

COSTS = Costs(10, 1)
TRIALS = 4


def table(rows: int = 700, seed: int = 0) -> Table:
    """Outcomes driven by one application input and, for most rows, one history input."""
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(rows, 5))
    matrix[:, 2] = generator.integers(0, 4, rows)
    covered = generator.random(rows) < 0.7
    matrix[~covered, 3:] = np.nan
    pull = 1.2 * matrix[:, 0] + np.where(covered, 1.5 * np.nan_to_num(matrix[:, 3]), 0) - 1.5
    outcome = (generator.random(rows) < 1 / (1 + np.exp(-pull))).astype(float)
    names = ("a", "b", "c", "d", "e")
    families = {"application": names[:3], "history": names[3:], "empty": ()}
    return Table(matrix, outcome, {"history": covered}, families, names, frozenset("c"), {"a": 1})


def search(data: Table, **asked) -> tune.Found:
    return tune.search(data, **{"costs": COSTS, "seed": 3, "trials": TRIALS} | asked)


def told(trials: list[tune_study.Trial]) -> list[tuple]:
    """All of the trials but the time they took."""
    return [(t.number, t.pruned, t.parameters, t.value, t.measures, t.trees) for t in trials]
