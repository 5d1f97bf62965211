"""Which rows a comparison learns from and which it judges on. Training only.

Rows set aside by ``[split]`` are judged on and never learnt from; without such rows, everything is out
of fold. Folds never part a group. Segments are told by the raw value, as in service.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data import bank, portfolios
from data.portfolios import Portfolio
from model import segments, split
from model.fitting import MINIMUM_POSITIVES, slices
from model.matrix import Encoding
from model.population import Population, prepare
from model.table import Table, build
from model.train import NotEnoughData
from model.validation import FOLDS

# Rows that choose among algorithms and settings: with more, the choice is no surer but takes longer.
MOST = 40_000
CHOOSING = 3  # folds that choose, where other rows judge
EVERYONE = "all"


@dataclass(frozen=True)
class Part:
    """A population that gets a model of its own: everyone, or ``low <= column < high``.

    ``learn`` and ``judge`` are numbers of rows of the table; ``choose`` those of ``learn`` that choose.
    They are the same rows when nothing is set aside.
    """

    name: str
    column: str | None
    low: float | None
    high: float | None
    learn: np.ndarray
    choose: np.ndarray
    judge: np.ndarray


@dataclass(frozen=True)
class Rows:
    """Labelled rows as numbers, and how they are divided.

    Attributes
    ----------
    table : learnt rows and judged rows; categories are those of the learnt rows
    fold : array of int, shape (rows,): of the learnt rows, one of ``folds``; -1 for those set aside
    group : array of int, shape (rows,): rows of one number belong together
    parts : everyone first, then the segments
    left_out : names of segments with too few rows to learn from or to judge on
    aside : the column and its values that set rows aside, or None
    """

    portfolio: Portfolio
    table: Table
    fold: np.ndarray
    folds: int
    group: np.ndarray
    parts: tuple[Part, ...]
    left_out: tuple[str, ...]
    aside: dict | None
    source: bank.BankMeta


def read(portfolio_id: str, seed: int) -> Rows:
    """Return the labelled rows of a portfolio's bank, divided.

    Raises
    ------
    NotEnoughData
        When there are too few rows of one outcome to learn from or to judge on.
    """
    portfolio, source = portfolios.load(portfolio_id), bank.open_bank(portfolio_id)
    return divided(portfolio, labelled(prepare(portfolio, source.frame())), source.meta, seed)


def labelled(population: Population) -> Population:
    """Return the rows whose outcome is known."""
    if population.outcome is None:
        raise NotEnoughData("the bank has no outcomes; load labelled rows first")
    return population.take(np.flatnonzero(~np.isnan(population.outcome)))


def divided(portfolio: Portfolio, population: Population, source: bank.BankMeta, seed: int) -> Rows:
    """Divide labelled rows into what is learnt from and what is judged on (see :class:`Rows`)."""
    aside = split.aside(portfolio, population.frame)
    if not aside.any() and len(aside) > MOST:
        some = np.sort(np.random.default_rng(seed).choice(len(aside), MOST, replace=False))
        population, aside = population.take(some), aside[some]
    learn, judge = np.flatnonzero(~aside), np.flatnonzero(aside if aside.any() else ~aside)
    encoding = Encoding.learn(population.frame[learn], portfolio.inputs)
    table = build(portfolio, population, encoding)
    group = np.arange(len(aside)) if table.group is None else table.group
    fold, folds = np.full(len(aside), -1), CHOOSING if aside.any() else FOLDS
    fold[learn] = slices(table.outcome[learn], folds, seed, group[learn])
    generator, parts, small = np.random.default_rng(seed), [], []
    for name, about, inside in _populations(portfolio, population):
        own = learn[inside[learn]]
        choose = own if len(own) <= MOST else np.sort(generator.choice(own, MOST, replace=False))
        part = Part(name, *about, own, choose, judge[inside[judge]])
        if _rarer(table.outcome[part.learn]) < MINIMUM_POSITIVES or _rarer(table.outcome[part.judge]) < 2:
            small.append(name)
        else:
            parts.append(part)
    if EVERYONE in small:
        raise NotEnoughData(
            f"{len(learn)} rows to learn from and {len(judge)} to judge on: at least {MINIMUM_POSITIVES} of "
            "each outcome are needed; load more labelled rows"
        )
    told = split.told(portfolio) if aside.any() else None
    return Rows(portfolio, table, fold, folds, group, tuple(parts), tuple(small), told, source)


def _populations(
    portfolio: Portfolio, population: Population
) -> Iterator[tuple[str, tuple[str | None, float | None, float | None], np.ndarray]]:
    """Yield name, column with bounds and mask: everyone, then each segment."""
    yield EVERYONE, (None, None, None), np.ones(len(population.ids), dtype=bool)
    masks = segments.masks(portfolio, population.frame)
    for one in segments.of(portfolio):
        yield one.name, (one.column, one.low, one.high), masks[one.name]


def _rarer(outcome: np.ndarray) -> int:
    return int(min(outcome.sum(), len(outcome) - outcome.sum()))
