"""One input over many files: its values cut in cells, and the points that it moves in each.

Training only. Nothing that describes fewer than ``LEAST`` files leaves this room.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.evidence import LEAST

CELLS = 16  # of a curve
FEW_VALUES = 12  # a number with no more of them is drawn value by value


@dataclass(frozen=True)
class Input:
    """One input over the files whose stage reads it.

    Attributes
    ----------
    values : array of float, shape (files,)
        Numbers or category codes, NaN where not provided.
    points : array of float, shape (files,)
        What the input moved in each file.
    categories : names of the codes, empty for a number
    """

    name: str
    kind: str
    values: np.ndarray
    points: np.ndarray
    categories: tuple[str, ...]

    @cached_property
    def known(self) -> np.ndarray:
        return ~np.isnan(self.values)

    @cached_property
    def by_value(self) -> bool:
        """Whether each value is a cell of its own, rather than a stretch of a curve."""
        return bool(self.categories) or len(np.unique(self.values[self.known])) <= FEW_VALUES

    def edges(self, wanted: int = CELLS) -> np.ndarray:
        """Return the edges ``[e0, e1), [e1, e2) …`` of the cells.

        Cells of a curve hold equal shares of the files, except that a value which many files
        share (nought, mostly) has a cell of its own. Few files make fewer cells, not empty ones.
        """
        known = self.values[self.known]
        if not len(known):
            return known
        if self.by_value:
            found = np.unique(known)
            return np.append(found, np.nextafter(found[-1], np.inf))
        count = max(1, min(wanted, len(known) // (2 * LEAST)))
        found, times = np.unique(np.quantile(known, np.linspace(0, 1, count + 1)), return_counts=True)
        edges = np.unique(np.append(found, np.nextafter(found[times > 1], np.inf)))
        return np.append(edges[:-1], np.nextafter(found[-1], np.inf))

    def cell(self, edges: np.ndarray) -> np.ndarray:
        """Return the number of the cell of each file, -1 where the value is not provided."""
        return np.where(self.known, np.searchsorted(edges, self.values, side="right") - 1, -1)

    def told(self, value: float) -> float | str:
        """Return a value as the artifact keeps it: the category, or the number shortened."""
        return self.categories[int(value)] if self.categories else short(value)

    def summary(self, edges: np.ndarray, rows: np.ndarray | None = None) -> dict[str, list]:
        """Return the cells that hold at least ``LEAST`` of the files (of ``rows``, a mask).

        ``at`` is the middle value of each, ``low``, ``middle`` and ``high`` the points below which
        a tenth, half and nine tenths of its files lie, ``rows`` its files.
        """
        cell = self.cell(edges)
        if rows is not None:
            cell = np.where(rows, cell, -1)
        found: dict[str, list] = {name: [] for name in ("at", "low", "middle", "high", "rows")}
        for number in np.unique(cell[cell >= 0]):
            inside = cell == number
            if (count := int(inside.sum())) >= LEAST:
                told = (self.told(np.median(self.values[inside])), *band(self.points[inside]), count)
                for name, value in zip(found, told, strict=True):
                    found[name].append(value)
        return found


def band(points: np.ndarray) -> list[float]:
    """Return the points below which a tenth, half and nine tenths of the files lie."""
    return hundredths(np.quantile(points, [0.1, 0.5, 0.9]))


def hundredths(points: np.ndarray) -> list[float]:
    """Return points as the artifact keeps them (nought without a sign)."""
    return [round(float(value), 2) + 0.0 for value in points]


def short(value: float) -> float:
    """Return a number with the digits that an eye can see."""
    return float(f"{value:.4g}")
