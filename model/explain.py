"""Why this many points: exact contributions, in points, of every input."""

from collections.abc import Sequence

import numpy as np

from model.calibration import Calibration
from model.scale import Scale
from model.stages import Stage

TOLERANCE = 1e-6


class NotAdditive(ArithmeticError):
    """Contributions do not add up to the points: nothing may be shown."""


def contributions(
    stages: Sequence[Stage],
    calibration: Calibration,
    scale: Scale,
    matrix: np.ndarray,
    threads: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Return contributions in points and the points of each row.

    All rows must be covered by all ``stages`` given. TreeSHAP values (log-odds) of each stage
    add up, and calibration and scale are linear, so they stay exact.

    Returns
    -------
    parts : array, shape (rows, inputs + 1)
        Points moved by each input; the last column holds the points of the average file.
    points : array, shape (rows,)

    Raises
    ------
    NotAdditive
        When average and contributions differ from the points by more than 1e-6.
    """
    spread, base, raw = np.zeros(matrix.shape), 0.0, np.zeros(len(matrix))
    for stage in stages:
        values, average = stage.contributions(matrix, threads)
        spread += values
        base += average
        raw += stage.log_odds(matrix, threads)
    per_unit = scale.factor * calibration.slope
    points = scale.points(calibration.apply(raw))
    average_points = scale.points(calibration.apply(base))
    parts = np.column_stack([spread * per_unit, np.full(len(matrix), average_points)])
    gap = np.abs(parts.sum(axis=1) - points).max(initial=0.0)
    if not gap <= TOLERANCE:
        raise NotAdditive(f"contributions miss the points by {gap:.2e}, more than {TOLERANCE:.0e}")
    return parts, points
