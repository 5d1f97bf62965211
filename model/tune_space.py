"""What tuning may try: the one place where the search space is declared. Training only.

Signs that the portfolio declares are not in it: they are a promise to the reader, not a setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import optuna

Search = Literal["tpe", "grid", "random"]
Objective = Literal["cost", "auc", "log_loss"]


@dataclass(frozen=True)
class Dimension:
    """One LightGBM parameter and the values it may take.

    ``levels`` is how many of them a grid tries, evenly spaced between the ends; with one, a grid
    leaves the parameter at its default.
    """

    name: str
    low: float
    high: float
    levels: int = 1
    log: bool = True
    whole: bool = False

    def nearest(self, value: float) -> float:
        """Return the value of this dimension that is nearest to ``value``."""
        return self._typed(min(max(value, self.low), self.high))

    def spread(self) -> list[float]:
        """Return the values that a grid tries."""
        space = np.geomspace if self.log else np.linspace
        return [self.nearest(float(value)) for value in space(self.low, self.high, self.levels)]

    def suggest(self, trial: "optuna.Trial") -> float:
        """Return the value that Optuna chooses for a trial."""
        if self.whole:
            return trial.suggest_int(self.name, int(self.low), int(self.high), log=self.log)
        return trial.suggest_float(self.name, self.low, self.high, log=self.log)

    def _typed(self, value: float) -> float:
        return round(value) if self.whole else value


SPACE = (
    Dimension("learning_rate", 0.01, 0.06),
    Dimension("num_leaves", 4, 48, levels=3, whole=True),
    Dimension("feature_fraction", 0.04, 0.5, levels=3),
    Dimension("min_child_samples", 5, 600, levels=2, whole=True),
    Dimension("lambda_l2", 0.5, 120.0, levels=3),
    Dimension("bagging_fraction", 0.5, 1.0, log=False),
    Dimension("cat_smooth", 5.0, 200.0),
    Dimension("cat_l2", 5.0, 400.0),
    Dimension("min_data_per_group", 10, 600, whole=True),
    Dimension("max_cat_threshold", 4, 64, whole=True),
)


def suggest(trial: "optuna.Trial", space: tuple[Dimension, ...] = SPACE) -> dict[str, float]:
    """Return the parameters of a trial, by name."""
    return {one.name: one.suggest(trial) for one in space}


def nearest(defaults: Mapping[str, float], space: tuple[Dimension, ...] = SPACE) -> dict[str, float]:
    """Return the point of the space that is nearest to the defaults: themselves, if they are in it."""
    return {one.name: one.nearest(defaults[one.name]) for one in space}


def grid(
    defaults: Mapping[str, float], seed: int, space: tuple[Dimension, ...] = SPACE
) -> list[dict[str, float]]:
    """Return every point of the grid, in an order that ``seed`` shuffles.

    Shuffled, because a budget may end before the grid does, and should not leave out one corner.
    """
    values = [one.spread() if one.levels > 1 else [one.nearest(defaults[one.name])] for one in space]
    points = [dict(zip((one.name for one in space), point, strict=True)) for point in product(*values)]
    return [points[index] for index in np.random.default_rng(seed).permutation(len(points))]
