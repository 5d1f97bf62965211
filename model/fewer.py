"""How few inputs would do: the best by gain, chosen within each fold. Training only."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

import numpy as np

from data import bank
from data.portfolios import Portfolio
from model import split
from model.delong import auc_interval
from model.matrix import Encoding
from model.population import prepare
from model.refit import costs, keep, mean_interval, paired, parts_of, refit, said
from model.stages import Stage
from model.table import Table, build
from model.trained import Trained
from model.validation import FOLDS

LARGEST = 150  # as many inputs as a model may read
SIZES = (100, 60, 25)
ALIKE = 0.97
COMPARED_ROWS = 4_000


def path(trained: Trained, each: Callable[[str], None] = lambda step: None) -> dict:
    """Let the model read every column of the source but the protected, then ever fewer.

    In each fold the columns are ranked by their gain in a model fitted on what that fold learns
    from; of two near-copies there (rank correlation above ``ALIKE``) the first stays. The files
    held out play no part in the choice. The ``LARGEST`` are chosen among every column, the fewer
    among the inputs of the trained model.

    Returns
    -------
    dict
        ``own``, the trained model, and ``steps`` from every column to the fewest, each with its
        number of ``inputs``, ``auc``, ``cost_per_file`` and, for steps, ``lost``: what the trained
        model is better by (see :func:`model.refit.paired`); and for those chosen, ``among`` which
        (``every`` or ``own``) and ``always``: how many of the inputs every fold chose.
    """
    outcome, like, pool = trained.data.outcome, trained.training.result, everything(trained)
    own = said(like, outcome)
    whole, fitted = refit(trained, parts_of(pool, like), "every column", each)
    steps = [_worth(trained, len(pool.inputs), said(whole, outcome), own)]
    steps += _chosen(trained, pool, fitted, (LARGEST,), own, "every", each)
    _, fitted = refit(trained, parts_of(trained.data, like), "as trained", each, rounds=like.rounds)
    steps += _chosen(trained, trained.data, fitted, SIZES, own, "own", each)
    inputs = {name for stage in trained.stages for name in stage.inputs}
    return {"own": _worth(trained, len(inputs), own), "steps": steps}


def _chosen(
    trained: Trained,
    pool: Table,
    fitted: Sequence[Sequence[Stage]],
    sizes: Sequence[int],
    own: np.ndarray,
    among: str,
    each: Callable[[str], None],
) -> list[dict]:
    """Return what the best inputs of ``pool`` are worth, so many as each of ``sizes``."""
    outcome, fold, steps = trained.data.outcome, trained.training.result.fold, []
    inside = [np.flatnonzero(fold != number) for number in range(FOLDS)]
    ranked = [distinct(pool, ranking(fitted[number]), inside[number]) for number in range(FOLDS)]
    for size in (size for size in sizes if size < min(map(len, ranked))):
        chosen = [frozenset(names[:size]) for names in ranked]
        found, _ = refit(trained, _reading(trained, pool, chosen), f"{size} inputs", each)
        told = {"among": among, "always": len(frozenset.intersection(*chosen))}
        steps.append(_worth(trained, size, said(found, outcome), own) | told)
    return steps


def everything(trained: Trained) -> Table:
    """Return the table of the same files with every column but the protected among the inputs.

    Raises
    ------
    ValueError
        When the bank no longer holds the files of the trained model.
    """
    portfolio = _wider(trained.portfolio)
    everyone = prepare(portfolio, bank.open_bank(portfolio.id).frame())
    encoding = Encoding.learn(everyone.frame, portfolio.inputs)
    learnt = ~np.isnan(everyone.outcome) & ~split.aside(portfolio, everyone.frame)
    population = everyone.take(np.flatnonzero(learnt))
    if population.ids != trained.population.ids:
        raise ValueError(f"the bank of {portfolio.id} has changed since the model was fitted; train again")
    return build(portfolio, population, encoding)


def _wider(portfolio: Portfolio) -> Portfolio:
    columns = {
        name: replace(column, role="input") if column.role == "material" else column
        for name, column in portfolio.columns.items()
    }
    return replace(portfolio, columns=columns)


def ranking(stages: Sequence[Stage]) -> list[str]:
    """Return the inputs that the stages use, the greatest gain in log-loss first."""
    gains: dict[str, float] = {}
    for stage in stages:
        for name, gain in zip(stage.inputs, stage.booster.feature_importance("gain"), strict=True):
            gains[name] = gains.get(name, 0.0) + float(gain)
    return [name for name in sorted(gains, key=gains.get, reverse=True) if gains[name] > 0]


def distinct(table: Table, names: Sequence[str], rows: np.ndarray) -> list[str]:
    """Return ``names`` without the near-copies of one that comes before, judged on ``rows``."""
    place = {name: index for index, name in enumerate(table.inputs)}
    rows = rows[:: max(1, len(rows) // COMPARED_ROWS)]
    kept: list[str] = []
    scores = np.empty((len(rows), len(names)))  # of those kept, in their order
    for name in names:
        # Codes have no order: a category is nobody's copy.
        own = _ranks(table.matrix[rows, place[name]]) if name not in table.categorical else np.nan
        if name not in table.categorical and _alikeness(own, scores[:, : len(kept)]).max(initial=0.0) > ALIKE:
            continue
        scores[:, len(kept)] = own
        kept.append(name)
    return kept


def _ranks(column: np.ndarray) -> np.ndarray:
    """Return the mean ranks of a column; missing stays missing."""
    ranks, known = np.full(len(column), np.nan), ~np.isnan(column)
    _, inverse, counts = np.unique(column[known], return_inverse=True, return_counts=True)
    ranks[known] = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return ranks


def _alikeness(own: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the absolute correlation with each column over the rows that both have, or 0.

    Two columns that are missing in different rows (more than one in a hundred) are no copies.
    """
    known, theirs = ~np.isnan(own), ~np.isnan(others)
    both = theirs & known[:, None]
    rows = both.sum(axis=0)
    x = np.where(both, own[:, None], 0.0)
    y = np.where(both, others, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        x = np.where(both, x - x.sum(axis=0) / rows, 0.0)
        y = np.where(both, y - y.sum(axis=0) / rows, 0.0)
        found = np.abs((x * y).sum(axis=0) / np.sqrt((x * x).sum(axis=0) * (y * y).sum(axis=0)))
    apart = (theirs != known[:, None]).mean(axis=0) > 0.01
    return np.where(apart | ~np.isfinite(found), 0.0, found)


def _reading(trained: Trained, pool: Table, chosen: Sequence[frozenset[str]]):
    def parts(number: int) -> tuple[Table, Table]:
        return parts_of(keep(pool, chosen[number]), trained.training.result)(number)

    return parts


def _worth(trained: Trained, inputs: int, p: np.ndarray, own: np.ndarray | None = None) -> dict:
    outcome = trained.data.outcome
    told = {
        "inputs": inputs,
        "auc": asdict(auc_interval(outcome, p)),
        "cost_per_file": asdict(mean_interval(costs(trained, outcome, p))),
    }
    return told if own is None else told | {"lost": paired(trained, p, own)}
