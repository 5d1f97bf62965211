"""Traits of rows that belong to clients: what a client's rows share, and how rows differ.

Each row's normal score is split into an effect of the client (common to all their rows) and
a part of its own. The share of the first, and the dependence within each of the two parts,
are measured by analysis of variance. Client effects then join the client's own traits in
one correlation matrix, so that a careful payer also has better scores elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from data.demo import copula
from data.demo.traits import CONTINUOUS, Scored, Trait, measure

_LEAST, _MOST, _FAINT = 0.02, 0.7, 0.06


@dataclass(frozen=True)
class NestedLaw:
    """How the rows of a table are drawn: summaries, client shares, dependence between rows' own parts."""

    summaries: Mapping[str, Mapping]
    shares: Mapping[str, float]
    within: np.ndarray

    @cached_property
    def root(self) -> np.ndarray:
        """Matrix that makes independent normal rows depend on one another as measured."""
        return copula.root(self.within)

    @classmethod
    def read(cls, kept: Mapping) -> "NestedLaw":
        """Read what :func:`measure_rows` summarised."""
        return cls(kept["traits"], kept["shares"], copula.unpack(kept["within"], len(kept["traits"])))

    def scores(
        self, effects: Mapping[str, np.ndarray], owner: np.ndarray, rng: np.random.Generator
    ) -> dict[str, np.ndarray]:
        """Return normal scores of each trait for rows whose clients have these effects.

        Scores are normal over rows, so effects are standardised over rows: where clients
        with many rows differ from those with few, their effects weigh more.
        """
        own = rng.normal(size=(len(owner), len(self.summaries))) @ self.root
        result = {}
        for place, name in enumerate(self.summaries):
            common = effects[name][owner]
            common = (common - common.mean()) / max(common.std(), 0.1) if len(owner) else common
            share = self.shares[name]
            result[name] = np.sqrt(share) * common + np.sqrt(1 - share) * own[:, place]
        return result


@dataclass(frozen=True)
class MeasuredRows:
    """What the profile keeps of a table's rows, and each client's mean scores for the matrix of clients."""

    kept: dict
    means: dict[str, Scored]
    between: np.ndarray


def measure_rows(
    specified: Sequence[Trait], frame: pl.DataFrame, owner: str, clients: pl.Series
) -> MeasuredRows:
    """Measure the traits of rows; ``clients`` gives the order of the means (NaN without rows)."""
    measured = {trait.name: measure(trait, frame, people=owner) for trait in specified}
    scores = np.column_stack([scored.scores for scored in measured.values()])
    linear = np.array([max(scored.hermite[0], 0.2) for scored in measured.values()])
    codes = frame[owner].rank("dense").to_numpy().astype(int) - 1
    means, within, between = _variance(scores, codes)
    shares = np.clip(np.diag(between) / linear**2, _LEAST, _MOST)
    faint = shares < _FAINT
    effects = _effects(
        means, np.maximum(np.diag(between), _LEAST * linear**2), _places(frame[owner], clients)
    )
    kept = {
        "traits": {name: scored.summary for name, scored in measured.items()},
        "shares": {name: round(float(share), 3) for name, share in zip(measured, shares, strict=True)},
        "within": copula.pack(copula.nearest_correlation(_scaled(within, linear * np.sqrt(1 - shares)))),
    }
    # An effect hardly there cannot be tied to others: its correlations would be noise.
    between = np.where(faint[:, None] | faint[None, :], 0.0, between)
    return MeasuredRows(
        kept, dict(zip(measured, effects, strict=True)), _scaled(between, linear * np.sqrt(shares))
    )


def _places(owner: pl.Series, clients: pl.Series) -> np.ndarray:
    """Return where each client stands among the sorted owners of rows, -1 for those without."""
    owners = owner.unique().sort().to_frame("id").with_row_index("place")
    found = clients.to_frame("id").join(owners, on="id", how="left", maintain_order="left")["place"]
    return found.cast(pl.Int64).fill_null(-1).to_numpy()


def _effects(means: np.ndarray, common: np.ndarray, places: np.ndarray) -> list[Scored]:
    """Return the clients' mean scores, with the share of their variance that is not chance."""
    reliability = np.clip(common / np.nanvar(means, axis=0), 0.05, 1.0)
    columns = np.where(places[:, None] >= 0, means[places], np.nan).T
    return [Scored(mean, CONTINUOUS, {}, float(r)) for mean, r in zip(columns, reliability, strict=True)]


def _variance(scores: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return client means, and the covariances within and between clients, pair by pair."""
    known = ~np.isnan(scores)
    filled = np.where(known, scores, 0.0)
    clients = codes.max() + 1
    counts = np.column_stack([np.bincount(codes, known[:, j], clients) for j in range(scores.shape[1])])
    sums = np.column_stack([np.bincount(codes, filled[:, j], clients) for j in range(scores.shape[1])])
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    inside = np.where(known, scores - np.nan_to_num(means)[codes], 0.0)
    total = np.where(known, scores - np.nanmean(scores, axis=0), 0.0)
    pairs = known.astype(float).T @ known
    several = (known & (counts[codes] > 1)).astype(float)
    freedom = several.T @ several - (counts > 1).astype(float).T @ (counts > 1)
    within = (inside.T @ inside) / np.maximum(freedom, 1.0)
    between = (total.T @ total) / np.maximum(pairs, 1.0) - within
    return means, within, between


def _scaled(covariance: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    result = np.clip(covariance / np.outer(deviation, deviation), -0.85, 0.85)
    np.fill_diagonal(result, 1.0)
    return result
