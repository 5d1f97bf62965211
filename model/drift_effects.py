"""What the inputs did to the mean score between training and a batch.

A file's points are the average file's plus its contributions, exactly (``model.explain``), so the
mean points of two populations differ by the differences of their mean contributions. They are
worked out on a sample of each, drawn evenly along the score so that it stands for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.artifact import Model
from model.drift_results import ColumnDrift
from model.drift_sides import Side
from model.explain import contributions
from model.stages import BASE_FAMILY

SAMPLE = 1_500


@dataclass(frozen=True)
class Effects:
    """Change of the mean points by input, on ``sample`` files of each side."""

    points: Mapping[str, float]
    sample: int

    @property
    def explained(self) -> float:
        """What the inputs account for together."""
        return sum(self.points.values())

    def told(self, column: ColumnDrift) -> ColumnDrift:
        """Return a column with what it did to the mean score."""
        return replace(column, points=round(self.points.get(column.name, 0.0), 3))


def effects(model: Model, before: Side, after: Side) -> Effects:
    """Return what each input did to the mean score between two sides."""
    sample = min(before.rows, after.rows, SAMPLE)
    means = [_mean_contributions(model, side, sample) for side in (before, after)]
    change = means[1] - means[0]
    return Effects({name: float(change[i]) for i, name in enumerate(model.encoding.inputs)}, sample)


def _mean_contributions(model: Model, side: Side, sample: int) -> np.ndarray:
    """Return the mean points that each input moves, shape ``(inputs,)``."""
    ranks = ((np.arange(sample) + 0.5) * side.rows / sample).astype(int)
    rows = np.argsort(side.points, kind="stable")[ranks]
    matrix = side.values[:, rows].T.astype(np.float64)
    for name, known in side.categories.items():  # the model reads what it never saw as missing
        place = side.inputs.index(name)
        matrix[matrix[:, place] >= len(known), place] = np.nan
    total = np.zeros(len(side.inputs))
    # Of one type even when there is none: a portfolio of one table has no history to cover.
    masks = np.array([mask[rows] for mask in side.covered.values()], dtype=bool)
    cover = masks.T.reshape(sample, len(side.covered))
    for combination in np.unique(cover, axis=0):
        present = {BASE_FAMILY, *np.array(list(side.covered), dtype=object)[combination]}
        stages = [stage for stage in model.stages if stage.family in present]
        some = (cover == combination).all(axis=1)
        moved, _ = contributions(stages, model.calibration, model.scale, matrix[some])
        total += moved[:, :-1].sum(axis=0)
    return total / sample
