"""Other values tried on a file: what it would be assessed at, and what each change moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from data import portfolios
from data.bank import open_bank
from data.portfolios import Portfolio
from model.artifact import champion
from model.assess import assess, assess_record
from model.population import prepare, score
from model.results import Assessment, Value


@dataclass(frozen=True, slots=True)
class Trial:
    """A file before and after ``changes``.

    ``moved`` gives the points of each change; together they make the whole difference. Without
    changes ``after`` is ``before`` itself.
    """

    before: Assessment
    after: Assessment
    changes: Mapping[str, Value]
    moved: Mapping[str, float]


def attempt(
    portfolio_id: str,
    client_id: str | None,
    changes: Mapping[str, Value],
    before: Assessment | None = None,
) -> Trial:
    """Try ``changes`` on a client of the bank, or on an empty file when there is no client.

    ``before`` is the file's own assessment, for a caller that has it.

    Raises
    ------
    UnknownPortfolio, BankMissing, UnknownClient, ModelMissing
    InvalidRecord
        When a change names a field that does not exist or a value that cannot be.
    """
    if before is None:
        before = assess(portfolio_id, client_id) if client_id else assess_record(portfolio_id, {})
    if not changes:
        return Trial(before, before, {}, {})
    after = assess(portfolio_id, client_id, changes) if client_id else assess_record(portfolio_id, changes)
    moved = shares(portfolios.load(portfolio_id), client_id, changes, before.points, after.points)
    return Trial(before, after, dict(changes), moved)


def shares(
    portfolio: Portfolio, client_id: str | None, changes: Mapping[str, Value], before: float, after: float
) -> dict[str, float]:
    """Return the points that each change moves; their sum is ``after - before``.

    Changes act on one another, so what one moves depends on those made before it. Each is given
    the mean of what it moves in the order of ``changes`` and in the reverse order: where changes
    act by pairs at most, this is its Shapley value (Shapley 1953), the mean over all orders.
    """
    names = list(changes)
    if len(names) == 1:
        return {names[0]: after - before}
    forward = [names[: count + 1] for count in range(len(names) - 1)]
    backward = [names[count + 1 :] for count in range(len(names) - 1)]
    points = _points(portfolio, client_id, changes, [*forward, *backward])
    rising = np.diff([before, *points[: len(forward)], after])
    # Without the first ones, taken away one after the other: the reverse order.
    falling = -np.diff([after, *points[len(forward) :], before])
    return {name: float(moved) for name, moved in zip(names, (rising + falling) / 2, strict=True)}


def _points(
    portfolio: Portfolio, client_id: str | None, changes: Mapping[str, Value], subsets: Sequence[list[str]]
) -> np.ndarray:
    """Return the points of the file with each subset of the changes made, all in one go."""
    file = pl.DataFrame({portfolio.id_column: [client_id or ""]})
    if client_id:
        file = open_bank(portfolio.id).records([client_id])
    rows = pl.concat([file] * len(subsets))
    tried = []
    for name, value in changes.items():
        own = file[name][0] if name in file.columns else None
        told = [value if name in subset else own for subset in subsets]
        kind = pl.String if any(isinstance(one, str) for one in told) else pl.Float64
        tried.append(pl.Series(name, told, dtype=kind, strict=False))
    return score(champion(portfolio.id), prepare(portfolio, rows.with_columns(tried)))[1]
