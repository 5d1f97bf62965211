"""A labelled population as the matrix that fitting works on. Never imported by the web process."""

from dataclasses import dataclass

import numpy as np

from data.portfolios import Portfolio
from model.matrix import Encoding
from model.population import Population
from model.split import groups
from model.stages import BASE_FAMILY


@dataclass(frozen=True)
class Table:
    """All that fitting needs of a population.

    Attributes
    ----------
    matrix : array of float64, shape (rows, inputs)
    outcome : array of {0, 1}, shape (rows,)
    covered : family -> array of bool, shape (rows,)
    families : family -> names of its inputs, in the order of the stages
    inputs : names of the columns of ``matrix``
    categorical : names of the inputs whose numbers are codes
    monotone : sign by input name (+1: the positive class becomes likelier)
    group : array of int, shape (rows,), alike for rows that no slice may part; None where all may
    """

    matrix: np.ndarray
    outcome: np.ndarray
    covered: dict[str, np.ndarray]
    families: dict[str, tuple[str, ...]]
    inputs: tuple[str, ...]
    categorical: frozenset[str]
    monotone: dict[str, int]
    group: np.ndarray | None = None

    def take(self, rows: np.ndarray) -> "Table":
        """Return the table of these rows only."""
        covered = {family: mask[rows] for family, mask in self.covered.items()}
        return Table(
            self.matrix[rows], self.outcome[rows], covered, self.families, self.inputs, self.categorical,
            self.monotone, None if self.group is None else self.group[rows],
        )  # fmt: skip


def families(portfolio: Portfolio) -> dict[str, tuple[str, ...]]:
    """Return the inputs of each stage, the application first, then the histories in their order."""
    order = (BASE_FAMILY, *portfolio.families)
    return {
        family: tuple(name for name in portfolio.inputs if portfolio.columns[name].family == family)
        for family in order
    }


def build(portfolio: Portfolio, population: Population, encoding: Encoding) -> Table:
    """Return what fitting needs of a labelled population."""
    categorical = {name for name in encoding.categories if portfolio.columns[name].kind == "category"}
    return Table(
        matrix=encoding.encode(population.frame),
        outcome=population.outcome,
        covered=population.covered,
        families=families(portfolio),
        inputs=encoding.inputs,
        categorical=frozenset(categorical),
        monotone={name: portfolio.columns[name].monotone for name in encoding.inputs},
        group=groups(portfolio, population.frame),
    )
