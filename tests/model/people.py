"""Made-up populations, small enough to be counted again the plain way."""

from types import SimpleNamespace

import numpy as np

from data.portfolios import Column
from model.bins import Bins
from model.crowd import ABOUT, CODES, RANKS, VALUES, Crowd, Near, files_of

CATEGORIES = {"job": tuple("abcdefgh")}
NAMES = ("amount", "job", "score", "visits", "same")


def column(name: str, kind: str = "number", unit: str = "") -> Column:
    return Column(
        name, kind, "input", "application", "application", "theme", unit, 0, None, None, 0, 0,
        None, None, None, name, name, name,
    )  # fmt: skip


PORTFOLIO = SimpleNamespace(
    columns={
        "amount": column("amount", "amount", "currency"),
        "job": column("job", "category"),
        "score": column("score", "ratio", "of_one"),
        "visits": column("visits"),
        "same": column("same"),
    }
)


def matrix(rows: int, seed: int) -> np.ndarray:
    """Return an amount, a job (rare ones among them), a score, a few visits, and one same number."""
    rng = np.random.default_rng(seed)
    amount = np.round(rng.lognormal(10, 0.8, rows), -2)
    job = np.minimum(rng.geometric(0.4, rows) - 1, 7).astype(float)
    score = np.where(rng.random(rows) < 0.3, np.nan, rng.beta(2, 3, rows) - amount / 1e6)
    visits = rng.poisson(1.2, rows).astype(float)
    visits[rng.random(rows) < 0.01] = np.nan
    return np.column_stack([amount, job, score, visits, np.ones(rows)])


def crowd(rows: int = 1_000, seed: int = 0, values: np.ndarray | None = None) -> Crowd:
    """Return the population as a comparison reads it."""
    values = matrix(rows, seed) if values is None else values
    rng = np.random.default_rng(seed + 1)
    points = rng.normal(600, 30, len(values))
    outcome = (rng.random(len(values)) < 0.2).astype(float)
    weights = {name: 5.0 - place for place, name in enumerate(NAMES)}
    files = files_of(PORTFOLIO, NAMES, CATEGORIES, values, points, outcome, weights)
    about = files[ABOUT]
    return Crowd(
        inputs=NAMES,
        categories=CATEGORIES,
        bins={name: Bins.from_json(told) for name, told in about["bins"].items()},
        near=tuple(Near(n["feature"], tuple(n["cuts"]), tuple(n["ranks"])) for n in about["near"]),
        values=files[VALUES],
        codes=files[CODES],
        ranks=files[RANKS],
    )


def features(found: Crowd, row: int) -> dict:
    """Return the features of one of them, as an assessment holds them."""
    told = {}
    for name in found.inputs:
        value = float(found.column(name)[row])
        known = CATEGORIES.get(name)
        told[name] = None if np.isnan(value) else known[int(value)] if known else value
    return told
