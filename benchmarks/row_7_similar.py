"""Row 7: the clients most like one, among 307,511 with 50 inputs, beside scikit-learn's exact search."""

import tracemalloc
from collections.abc import Callable

import numpy as np
from sklearn.neighbors import NearestNeighbors

from benchmarks.crowds import CLIENTS, ROWS
from benchmarks.measure import Line, interleaved, median
from model.crowd import TOP_RANK, Near
from model.likeness import distances, nearest

INPUTS, WANTED = 50, 10
BESIDE = "scikit-learn, NearestNeighbors, brute"
WHAT = f"the {WANTED} most similar of {ROWS} x {INPUTS}, exact"
FEW = f"{WHAT}, one in five kept"
MEGABYTE = 1 << 20


def measure() -> list[Line]:
    """Return the lines of row 7."""
    rng = np.random.default_rng(0)
    ranks = rng.integers(0, TOP_RANK + 1, (INPUTS, CLIENTS), dtype=np.int8)
    near = [Near(str(number), (), (0,)) for number in range(INPUTS)]
    rows = np.flatnonzero(rng.random(CLIENTS) < 0.2)
    own = ranks[:, 12_345].astype(int)
    values = np.ascontiguousarray(ranks.T, dtype=np.float64)
    fitted, filtered = _fit(values), _fit(values[rows])
    one = values[[12_345]]
    works = {
        "ours": lambda: _search(ranks, own, near, None),
        "theirs": lambda: fitted.kneighbors(one),
        "ours, filtered": lambda: _search(ranks, own, near, rows),
        "theirs, filtered": lambda: filtered.kneighbors(one),
        "theirs, fit": lambda: _fit(values[rows]).kneighbors(one),
    }
    ms = {name: median(found) for name, found in interleaved(works, rounds=25).items()}
    ours = _megabytes(works["ours"])
    theirs = _megabytes(lambda: _fit(values).kneighbors(one))
    plain = np.sort(np.abs(ranks.T.astype(int) - own).sum(axis=1))[:WANTED]
    far = distances(ranks, own, near)
    differing = int((np.sort(far[nearest(far, WANTED)]) != plain).sum())
    held = f"beside the values: {ranks.nbytes / MEGABYTE:.0f} MB here, {values.nbytes / MEGABYTE:.0f} there"
    return [
        Line("7", WHAT, "ms", ms["ours"], ms["theirs"], BESIDE, 1),
        Line("7", f"{WHAT}, memory", "MB", ours, theirs, BESIDE, at_most=5, note=held),
        Line("7", FEW, "ms", ms["ours, filtered"], ms["theirs, fit"], f"{BESIDE}, fit included", 1),
        Line("7", FEW, "ms", ms["ours, filtered"], ms["theirs, filtered"], f"{BESIDE}, fitted before"),
        Line("7", "distances that differ from those counted plainly", "", differing, at_most=0),
    ]


def _search(ranks: np.ndarray, own: np.ndarray, near: list[Near], rows: np.ndarray | None) -> np.ndarray:
    return nearest(distances(ranks, own, near, rows), WANTED)


def _fit(values: np.ndarray) -> NearestNeighbors:
    return NearestNeighbors(n_neighbors=WANTED, algorithm="brute", n_jobs=1).fit(values)


def _megabytes(work: Callable[[], object]) -> float:
    """Return the most memory that a work takes beyond what was there."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / MEGABYTE
