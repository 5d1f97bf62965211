"""A model that was just fitted, for what is measured besides. Training only."""

from dataclasses import dataclass

from data.portfolios import Portfolio
from model.account import Training
from model.matrix import Encoding
from model.population import Population
from model.recipe import DEFAULT, Recipe
from model.stages import Stage
from model.table import Table


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
