"""The population that a file is compared with: the labelled clients known at training.

It lies beside the model, one column after the other, and is mapped rather than read: the memory
taken is that of the columns looked at. Three arrays hold the same clients in the same order:
values (float32), the bin of each value (uint8) and, for the inputs that likeness is measured on,
its rank in 64 steps (int8). No identifier is kept.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from data.portfolios import Portfolio
from model.artifact import Model, ModelDamaged, checked
from model.bins import MISSING, Bins, learn

VALUES, CODES, RANKS, ABOUT = (
    "population.npy",
    "population_codes.npy",
    "population_ranks.npy",
    "population.json",
)
POINTS, OUTCOME = "points", "outcome"
NEAR_INPUTS = 12
_MANY = 60_000  # bytes from which counting pairs is quicker
TOP_RANK = 63
UNKNOWN_RANK = 127  # further from every rank than any two are apart


@dataclass(frozen=True)
class Near:
    """One input of the distance between files.

    A category is the same or not. A number is its place among the population: ``cuts`` are
    quantiles and ``ranks`` the middle rank, 0 to 63, of what lies between them.
    """

    feature: str
    cuts: tuple[float, ...] = ()
    ranks: tuple[int, ...] = ()

    @property
    def is_category(self) -> bool:
        return not self.ranks

    def rank(self, value: float | str | None, bins: Bins) -> int:
        """Return the rank of one decoded value."""
        number = bins.of(value)
        if number == MISSING:
            return UNKNOWN_RANK
        if self.is_category:
            return min(number, UNKNOWN_RANK - 1)
        return self.ranks[int(np.searchsorted(self.cuts, np.float32(value), side="right"))]


@dataclass(frozen=True)
class Crowd:
    """The population of a model.

    Attributes
    ----------
    inputs : names of the rows of ``codes``, and of the first rows of ``values``
    values : array of float32, shape (inputs + 2, clients): inputs (codes for text), points, outcome
    codes : array of uint8, shape (inputs, clients)
    ranks : array of int8, shape (len(near), clients)
    """

    inputs: tuple[str, ...]
    categories: Mapping[str, Sequence[str]]
    bins: Mapping[str, Bins] = field(repr=False)
    near: tuple[Near, ...] = field(repr=False)
    values: np.ndarray = field(repr=False)
    codes: np.ndarray = field(repr=False)
    ranks: np.ndarray = field(repr=False)

    @property
    def size(self) -> int:
        return self.codes.shape[1]

    @cached_property
    def place(self) -> Mapping[str, int]:
        return {name: number for number, name in enumerate(self.inputs)}

    @cached_property
    def positive(self) -> np.ndarray:
        """Whether each client turned out to be of the positive class."""
        return self.values[-1] == 1

    @property
    def points(self) -> np.ndarray:
        """Points that the model would have given each client without having seen it."""
        return self.values[-2]

    def column(self, name: str) -> np.ndarray:
        """Return the values of an input, shape (clients,)."""
        return self.values[self.place[name]]

    def coded(self, name: str) -> np.ndarray:
        """Return the bin of each client for an input, shape (clients,)."""
        return self.codes[self.place[name]]

    @cached_property
    def whole(self) -> dict[str, np.ndarray]:
        """Bins of the whole population by input, filled as they are asked for."""
        return {}

    def counts(self, name: str, rows: np.ndarray | None = None) -> np.ndarray:
        """Return how many clients are in each bin, shape (256,); of all when ``rows`` is None."""
        if rows is not None:
            return tally(self.coded(name).take(rows))
        if name not in self.whole:
            self.whole[name] = tally(self.coded(name))
        return self.whole[name]

    def beside(self, name: str, value: float, counts: np.ndarray, rows: np.ndarray | None) -> tuple[int, int]:
        """Return how many known values are less and how many more than one, exactly.

        ``counts`` are those of :meth:`counts` for the same rows: only the values in the bin of
        this one are looked at.
        """
        bins, codes = self.bins[name], self.coded(name)
        number = bins.of(float(value))
        same = np.flatnonzero((codes if rows is None else codes.take(rows)) == number)
        places = same if rows is None else rows[same]
        near = self.column(name)[places]
        below, above = counts[:number].sum(), counts[number + 1 : bins.size].sum()
        return int(below + np.count_nonzero(near < value)), int(above + np.count_nonzero(near > value))

    def own(self, features: Mapping) -> np.ndarray:
        """Return a file's features as a column of ``values`` would hold them, shape (inputs,)."""
        return np.array([self._coded(name, features.get(name)) for name in self.inputs], dtype=np.float32)

    def _coded(self, name: str, value: float | str | None) -> float:
        if name in self.categories:
            known = self.categories[name]
            return known.index(value) if value in known else np.nan
        return np.nan if value is None else float(value)


def tally(codes: np.ndarray) -> np.ndarray:
    """Return how often each byte occurs, shape (256,): ``np.bincount``, two bytes at a time when many."""
    if len(codes) < _MANY or not codes.flags.c_contiguous:
        return np.bincount(codes, minlength=MISSING + 1)
    pairs = np.bincount(codes[: len(codes) & ~1].view(np.uint16), minlength=1 << 16).reshape(256, 256)
    counts = pairs.sum(axis=0) + pairs.sum(axis=1)
    if len(codes) & 1:
        counts[codes[-1]] += 1
    return counts


def files_of(
    portfolio: Portfolio,
    inputs: Sequence[str],
    categories: Mapping[str, Sequence[str]],
    matrix: np.ndarray,
    points: np.ndarray,
    outcome: np.ndarray,
    weights: Mapping[str, float],
) -> dict[str, object]:
    """Return the files of the artifact that :func:`crowd` reads.

    Parameters
    ----------
    matrix : array of float, shape (clients, inputs)
    weights : usual weight of each input in points; the inputs that tell most measure likeness
    """
    found = [
        learn(portfolio.columns[name], matrix[:, i], categories.get(name, ()))
        for i, name in enumerate(inputs)
    ]
    codes = np.stack([codes for _, codes in found])
    chosen = leads(portfolio, weights)[:NEAR_INPUTS]
    places = [list(inputs).index(name) for name in chosen]
    near = [_near(name, found[i][0], matrix[:, i]) for name, i in zip(chosen, places, strict=True)]
    ranks = [_ranks(one, codes[i], matrix[:, i]) for one, i in zip(near, places, strict=True)]
    return {
        VALUES: np.ascontiguousarray(np.vstack([matrix.T, points, outcome]), dtype=np.float32),
        CODES: codes,
        RANKS: np.stack(ranks),
        ABOUT: {
            "columns": [*inputs, POINTS, OUTCOME],
            "categories": {name: list(values) for name, values in categories.items()},
            "bins": {name: bins.to_json() for name, (bins, _) in zip(inputs, found, strict=True)},
            "near": [{"feature": n.feature, "cuts": list(n.cuts), "ranks": list(n.ranks)} for n in near],
        },
    }


def leads(portfolio: Portfolio, weights: Mapping[str, float]) -> list[str]:
    """Return the inputs that speak for others, those whose group weighs most first.

    Four transforms of one score would count four times if each counted for itself.
    """
    total: dict[str, float] = {}
    for name, weight in weights.items():
        lead = portfolio.columns[name].told_by
        total[lead if lead in weights else name] = total.get(lead if lead in weights else name, 0.0) + weight
    return sorted(total, key=total.get, reverse=True)


def _near(name: str, bins: Bins, values: np.ndarray) -> Near:
    if bins.is_category:
        return Near(name)
    known = values[~np.isnan(values)].astype(np.float32)
    if not len(known):
        return Near(name, (), (0,))
    shares = np.arange(1, TOP_RANK + 1) / (TOP_RANK + 1)
    cuts = np.unique(np.quantile(known, shares, method="inverted_cdf"))
    counts = np.bincount(np.searchsorted(cuts, known, side="right"), minlength=len(cuts) + 1)
    middle = (np.cumsum(counts) - counts / 2) / len(known)
    ranks = np.round(middle * TOP_RANK).astype(int)
    return Near(name, tuple(float(cut) for cut in cuts), tuple(int(rank) for rank in ranks))


def _ranks(near: Near, codes: np.ndarray, values: np.ndarray) -> np.ndarray:
    if near.is_category:
        ranks = np.minimum(codes, UNKNOWN_RANK - 1).astype(np.int8)
    else:
        cuts = np.array(near.cuts, dtype=np.float32)
        found = np.searchsorted(cuts, values.astype(np.float32), side="right")
        ranks = np.array(near.ranks, dtype=np.int8)[np.minimum(found, len(near.ranks) - 1)]
    ranks[codes == MISSING] = UNKNOWN_RANK
    return ranks


_cache: dict[Path, Crowd] = {}


def crowd(model: Model) -> Crowd:
    """Return the population of a model, mapped once and again only for another model.

    Raises
    ------
    ModelDamaged
        When its files are not the ones that were saved, or were made by an earlier version.
    """
    if model.folder not in _cache:
        found = _open(model)
        _cache.clear()
        _cache[model.folder] = found
    return _cache[model.folder]


def _open(model: Model) -> Crowd:
    def read(name: str, then: Callable[[Path], object]) -> object:
        return then(checked(model.folder, model.card, name))

    def mapped(path: Path) -> np.ndarray:
        return np.load(path, mmap_mode="r").view(np.ndarray)

    about = read(ABOUT, lambda path: json.loads(path.read_text(encoding="utf-8")))
    if "bins" not in about:
        raise ModelDamaged(f"{model.folder.name}/{ABOUT} was made by an earlier version; train again")
    return Crowd(
        inputs=tuple(about["columns"][:-2]),
        categories=about["categories"],
        bins={name: Bins.from_json(told) for name, told in about["bins"].items()},
        near=tuple(Near(n["feature"], tuple(n["cuts"]), tuple(n["ranks"])) for n in about["near"]),
        values=read(VALUES, mapped),
        codes=read(CODES, mapped),
        ranks=read(RANKS, mapped),
    )
