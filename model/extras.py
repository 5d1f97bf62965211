"""What training can measure besides, on demand, because it fits models many times over. Training only."""

from collections.abc import Callable, Set
from dataclasses import dataclass

from data.portfolios import Portfolio
from model.account import Training
from model.matrix import Encoding
from model.population import Population
from model.protected import cost_of_leaving_out
from model.recipe import DEFAULT, Recipe
from model.stages import Stage
from model.table import Table

Each = Callable[[str], None]


@dataclass(frozen=True)
class Trained:
    """A model that was just fitted, with all that it was fitted and judged on.

    ``card`` is the account so far: metrics, thresholds, costs.
    """

    portfolio: Portfolio
    population: Population
    data: Table
    encoding: Encoding
    training: Training
    stages: tuple[Stage, ...]
    card: dict
    seed: int
    threads: int
    recipe: Recipe = DEFAULT


def _protected(trained: Trained, files: dict, each: Each) -> None:
    """Measure what leaving the protected columns out of the inputs costs."""
    files["fairness.json"]["left_out"] = cost_of_leaving_out(
        trained.portfolio,
        trained.population,
        trained.training.result,
        trained.card["threshold"]["in_force"],
        trained.training.costs,
        seed=trained.seed,
        threads=trained.threads,
        recipe=trained.recipe,
        each=each,
    )


_MEASURES = {"protected": _protected}
EXTRAS = frozenset(_MEASURES)


def measure(wanted: Set[str], trained: Trained, files: dict, each: Each) -> None:
    """Take the measures that are wanted and add what they find to the artifact's ``files``.

    Raises
    ------
    ValueError
        When a measure is not one of ``EXTRAS``.
    """
    if unknown := wanted - EXTRAS:
        raise ValueError(f"extras: {sorted(unknown)} unknown; expected some of {sorted(EXTRAS)}")
    for name in sorted(wanted, reverse=True):
        _MEASURES[name](trained, files, each)
