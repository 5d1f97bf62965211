"""What leaving the protected columns out of the inputs costs. Never imported by the web process."""

from collections.abc import Callable, Collection
from dataclasses import asdict, replace

import numpy as np

from data.portfolios import Portfolio
from model import cost, metrics, validation
from model.calibration import probability
from model.cost import Costs
from model.delong import Interval, auc_difference
from model.fitting import fit
from model.groups import shown_on, split
from model.masking import sides
from model.matrix import Encoding
from model.population import Population
from model.recipe import DEFAULT, Recipe
from model.stages import log_odds
from model.table import Table, build
from model.validation import CrossValidation

_Z = 1.959964


def with_protected(portfolio: Portfolio, names: Collection[str] | None = None) -> Portfolio:
    """Return the portfolio as it would be with its protected columns, or some, among the inputs."""
    columns = {
        name: replace(column, role="input")
        if column.role == "protected" and (names is None or name in names)
        else column
        for name, column in portfolio.columns.items()
    }
    return replace(portfolio, columns=columns)


def cost_of_leaving_out(
    portfolio: Portfolio,
    population: Population,
    like: CrossValidation,
    threshold: float,
    costs: Costs,
    *,
    seed: int,
    threads: int,
    recipe: Recipe = DEFAULT,
    each: Callable[[str], None] = lambda step: None,
) -> dict:
    """Return what the model would be worth with the protected columns in, on the same folds.

    Parameters
    ----------
    like : the cross-validation of the model without them
    threshold : probability from which a file is flagged, the same for both

    Returns
    -------
    dict
        ``columns`` let in; ``without`` and ``with``: AUC, cost per file and, for each grouping,
        the lowest acceptance over the highest; ``auc_gain`` and ``saved_per_file``: the paired
        differences with 95 % intervals.
    """
    wider = with_protected(portfolio)
    data = build(wider, population, Encoding.learn(population.frame, wider.inputs))
    found = _answers(data, like, seed, threads, each, recipe)
    outcome = data.outcome
    pair = {
        name: probability(validation.calibrated_apart(result, outcome))
        for name, result in (("without", like), ("with", found))
    }
    told = {
        name: {
            "auc": metrics.auc(outcome, p),
            "cost_per_file": cost.per_file(p, outcome, threshold, costs),
            "ratios": _ratios(portfolio, population, p, threshold),
        }
        for name, p in pair.items()
    }
    return told | {
        "columns": [name for name in wider.inputs if portfolio.columns[name].role == "protected"],
        "auc_gain": asdict(auc_difference(outcome, pair["without"], pair["with"])),
        "saved_per_file": asdict(_saved(outcome, pair["without"], pair["with"], threshold, costs)),
    }


def _answers(
    data: Table,
    like: CrossValidation,
    seed: int,
    threads: int,
    each: Callable[[str], None],
    recipe: Recipe = DEFAULT,
) -> CrossValidation:
    """Answer out of fold as ``like`` did: same folds, same seeds, as many trees in each stage."""
    raw = np.empty(len(like.fold))
    for number, rounds in enumerate(like.rounds):
        inside, outside = np.flatnonzero(like.fold != number), np.flatnonzero(like.fold == number)
        stages, _ = fit(data.take(inside), seed=seed + number, threads=threads, rounds=rounds, recipe=recipe)
        part = data.take(outside)
        raw[outside] = log_odds(stages, part.matrix, part.covered, threads)
        each(f"with protected inputs, fold {number + 1}")
    return replace(like, raw=raw)


def _saved(
    outcome: np.ndarray, before: np.ndarray, after: np.ndarray, threshold: float, costs: Costs
) -> Interval:
    """Return what a file costs less with ``after`` than with ``before``, paired file by file."""

    def each(p: np.ndarray) -> np.ndarray:
        flagged = p >= threshold
        return np.where(outcome == 1, costs.false_negative * ~flagged, costs.false_positive * flagged)

    saved = each(before) - each(after)
    margin = _Z * saved.std(ddof=1) / np.sqrt(len(saved))
    return Interval(float(saved.mean()), float(saved.mean() - margin), float(saved.mean() + margin))


def _ratios(portfolio: Portfolio, population: Population, p: np.ndarray, threshold: float) -> dict:
    """Return the lowest acceptance rate over the highest in each grouping of the Fairness page."""
    _, favoured = sides(population.outcome, p, threshold, portfolio.settings["positive_is_good"])
    ratios = {}
    for name in shown_on(portfolio, "fairness"):
        shares = [favoured[group.rows].mean() for group in split(portfolio, name, population.frame)]
        ratios[name] = float(min(shares) / max(shares)) if max(shares) else None
    return ratios
