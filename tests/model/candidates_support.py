"""A table that candidates learn from in a second, and what they are asked on it."""

import numpy as np

from model.calibration import probability
from model.candidates import answered
from model.candidates_judged import Answers, Judge
from model.candidates_made import CANDIDATES, Setting
from model.cost import Costs
from model.fitting import slices
from model.scale import Scale
from model.table import Table

COSTS, SCALE = Costs(10, 1), Scale(600, 10, 20, -1)


def a_table(rows: int = 900, seed: int = 1) -> Table:
    """Return numbers (some missing), a category, a constant and a block that nobody has."""
    rng = np.random.default_rng(seed)
    signal, noise = rng.normal(size=rows), rng.normal(size=rows)
    kind = rng.integers(0, 4, rows).astype(float)
    outcome = (rng.random(rows) < probability(1.6 * signal + 0.5 * (kind == 2) - 2.4)).astype(float)
    signal[rng.random(rows) < 0.2] = np.nan
    kind[rng.random(rows) < 0.05] = np.nan
    columns = [signal, 1e5 * np.exp(noise), kind, np.full(rows, 7.0), np.full(rows, np.nan)]
    names = ("signal", "amount", "kind", "same", "nobody")
    return Table(
        np.column_stack(columns), outcome, {}, {"application": names}, names, frozenset({"kind"}),
        dict.fromkeys(names, 0),
    )  # fmt: skip


TABLE = a_table()
FOLD = slices(TABLE.outcome, 5, 3)
SETTING = Setting(TABLE.inputs, (2,), COSTS, SCALE, 3, 1)
JUDGE = Judge(TABLE.outcome, FOLD, COSTS)
ONE = {candidate.name: candidate for candidate in CANDIDATES}


def said_by(name: str) -> Answers:
    return answered(ONE[name], TABLE, FOLD, SETTING, lambda step: None)
