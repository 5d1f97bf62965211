"""The groups that a portfolio declares and the manager's pages count apart.

A group is told by what it holds, never by words: ``values`` (categories, None for "not provided")
or a band from ``low`` up to, but without, ``high``. Pages put words on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from data.portfolios import Portfolio
from model.disclosure import LEAST

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Group:
    """Some of the files: ``rows`` is a mask of shape ``(rows,)``.

    ``low`` and ``high`` are in years for a column told in days before the application, else in
    the unit of the column; None leaves that side open.
    """

    rows: np.ndarray
    values: tuple[str | None, ...] = ()
    low: float | None = None
    high: float | None = None
    is_band: bool = False

    @property
    def size(self) -> int:
        return int(self.rows.sum())

    def named(self) -> dict:
        """Return what tells the group, ready for JSON."""
        told = {"values": list(self.values)}
        return told | ({"low": self.low, "high": self.high} if self.is_band else {})


def shown_on(portfolio: Portfolio, page: str) -> tuple[str, ...]:
    """Return the names of the groupings that a page shows, in their order."""
    return tuple(portfolio.settings.get("grouped", {}).get(page, ()))


def split(portfolio: Portfolio, name: str, frame: pl.DataFrame) -> list[Group]:
    """Split the files of ``frame`` into the groups of the grouping ``name``, none too small.

    A group of fewer than ``disclosure.LEAST`` files joins its smaller neighbour (a band) or the
    next smallest (a category), so that no figure of so few people can be found, not even by
    subtracting the others from the whole.
    """
    declared = portfolio.settings["groups"][name]
    column = frame[declared["column"]]
    if column.dtype == pl.String:
        return _joined(_categories(column))
    numbers = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    if portfolio.columns[declared["column"]].unit == "days_ago":
        numbers = -numbers / DAYS_PER_YEAR
    return _joined(_bands(numbers, _edges(numbers, declared)))


def _edges(numbers: np.ndarray, declared: Mapping) -> list[float]:
    if "edges" in declared:
        return [float(edge) for edge in declared["edges"]]
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return []
    edges = np.quantile(known, np.arange(1, declared["parts"]) / declared["parts"])
    # Between two whole numbers a band opens at the higher one, which its name tells.
    return sorted(set((np.ceil(edges) if (known % 1 == 0).all() else edges).tolist()))


def _categories(column: pl.Series) -> list[Group]:
    """Return one group per category, the largest first."""
    values = column.to_numpy()
    found = [Group(values == value, (value,)) for value in column.drop_nulls().unique().sort().to_list()]
    found = sorted(found, key=lambda group: -group.size)
    return found + _absent(column.is_null().to_numpy())


def _bands(numbers: np.ndarray, edges: Sequence[float]) -> list[Group]:
    """Return one group per band, from the lowest; an edge belongs to the band that it opens."""
    place = np.searchsorted(edges, numbers, side="right")
    absent = np.isnan(numbers)
    found = [
        Group(
            (place == index) & ~absent,
            low=edges[index - 1] if index else None,
            high=edges[index] if index < len(edges) else None,
            is_band=True,
        )
        for index in range(len(edges) + 1)
    ]
    return [group for group in found if group.size] + _absent(absent)


def _absent(rows: np.ndarray) -> list[Group]:
    return [Group(rows, (None,))] if rows.any() else []


def _joined(groups: list[Group]) -> list[Group]:
    """Join groups until none is smaller than may be shown, or only one is left."""
    groups = list(groups)
    while len(groups) > 1:
        small = min(range(len(groups)), key=lambda place: groups[place].size)
        if groups[small].size >= LEAST:
            break
        host = _host(groups, small)
        keep, gone = sorted((small, host))
        groups[keep] = _union(groups[host], groups[small])
        del groups[gone]
    return groups


def _host(groups: Sequence[Group], small: int) -> int:
    """Return the place of the group that takes in the one at ``small``."""
    if groups[small].is_band:
        beside = [p for p in (small - 1, small + 1) if 0 <= p < len(groups) and groups[p].is_band]
        if beside:
            return min(beside, key=lambda place: groups[place].size)
    others = [place for place in range(len(groups)) if place != small]
    return min(others, key=lambda place: groups[place].size)


def _union(host: Group, guest: Group) -> Group:
    both = host.rows | guest.rows
    values = (*host.values, *guest.values)
    if not (host.is_band and guest.is_band):
        band = host if host.is_band else guest
        return Group(both, values, band.low, band.high, host.is_band or guest.is_band)
    first, last = sorted((host, guest), key=lambda group: -np.inf if group.low is None else group.low)
    return replace(first, rows=both, values=values, high=last.high)
