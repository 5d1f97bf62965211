"""Training: read, cross-validate, calibrate, choose the threshold by cost, explain, save."""

import os
from collections.abc import Callable, Set
from datetime import UTC, datetime

import numpy as np
import polars as pl

from data import bank, portfolios
from data.portfolios import Portfolio
from model import (
    account,
    artifact,
    campaign,
    offers_training,
    provenance,
    segments,
    split,
    validation,
)
from model.account import Training
from model.artifact import Model
from model.extras import measure
from model.fitting import MINIMUM_POSITIVES, fit
from model.matrix import Encoding
from model.population import Population, prepare
from model.recipe import DEFAULT, Recipe
from model.segments import Choice
from model.segments_training import Fitting, Way, choose
from model.table import Table, build
from model.tested import Aside, describe
from model.trained import Trained

SEED = 42
LEAK_AUC = 0.95  # `leak_auc` of portfolio.toml says what is too good for a question of its own
MANY_ROWS = 20_000


class NotEnoughData(ValueError):
    """Too few labelled rows, or too few of one outcome, to learn from."""


def train(
    portfolio_id: str,
    *,
    seed: int = SEED,
    recipe: Recipe = DEFAULT,
    recipe_name: str = "default",
    way: Choice = "auto",
    extras: Set[str] = frozenset(),
    each: Callable[[str], None] = lambda step: None,
) -> tuple[Model, list[str]]:
    """Train a model on the labelled clients of the portfolio's bank and save it.

    The first model of a portfolio goes into service; later ones wait for ``promote``.

    Parameters
    ----------
    recipe : in what the stages are fitted differently; it goes into the card under ``recipe_name``
    way : "pooled" (one model for all), "segments" (each its own), or "auto": segments where they are
        better by more than the interval of what they gain (see :mod:`model.segments`)
    extras : what to measure besides, some of :data:`model.extras.EXTRAS`; each fits models again
    each : called with the name of each step as it is done, for a progress bar

    Returns
    -------
    model : Model
    remarks : list of str
        What whoever trains should look at (a suspiciously good score, for instance).

    Raises
    ------
    NotEnoughData
        When there is nothing to learn from.
    SegmentsUnfit
        When segments were asked for and cannot be had.
    """
    portfolio = portfolios.load(portfolio_id)
    source = bank.open_bank(portfolio_id)
    frame = source.frame()
    population, encoding, data = learnable(portfolio, frame)
    each("read")
    # On few rows threads wait for each other longer than they work.
    threads = (os.cpu_count() or 1) if len(data.outcome) > MANY_ROWS else 1
    training = _cross_validate(portfolio, data, seed, threads, recipe, each)
    rounds = validation.agreed_rounds(training.result.rounds)
    stages, _ = fit(
        data,
        seed=seed,
        threads=threads,
        rounds=rounds,
        recipe=recipe,
        each=lambda name: each(f"final {name}"),
    )
    pooled, judging = Way(training, tuple(stages)), Aside.of(portfolio, set_aside(portfolio, frame), encoding)
    fitting = Fitting(portfolio, seed, threads, recipe, each)
    served, compared = choose(way, fitting, data, pooled, judging)
    card, files = account.describe(
        portfolio, population, data, encoding, served.training, served.stages, threads, each
    )
    # What fits again is measured on the pooled model, which it fits again.
    trained = Trained(
        portfolio, population, data, encoding, training, pooled.stages, card, seed, threads, recipe
    )
    files |= offers_training.describe(trained, frame, each)
    measure(extras, trained, files, each)
    tested = (
        None if judging is None else describe(portfolio, judging, served.training, served.stages, threads)
    )
    each("rows set aside")
    files |= {name: told for name, told in ((segments.FILE, compared), (campaign.FILE, tested)) if told}
    folder = artifact.models_folder(portfolio_id)
    version = artifact.next_version(portfolio_id)
    card |= {
        "version": version,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": seed,
        "recipe": {"used": recipe_name} | recipe.to_dict(),
        "way": way,
        "segments": _some(compared, ("column", "edges", "asked", "served")),
        "test": _some(tested, ("column", "values", "rows", "positives", "metrics")),
        "extras": sorted(extras),
        "code": provenance.fingerprint(portfolio),
        "made_with": provenance.made_with(),
        "given_texts": _texts(portfolio, frame),
        "data": {
            "rows": len(population.ids),
            "positives": int(data.outcome.sum()),
            "fingerprint": source.meta.fingerprint,
            "synthetic": source.meta.synthetic,
            "tables": list(source.meta.tables),
        },
    }
    model = artifact.save(folder / version, card, served.stages, files)
    if not artifact.has_champion(portfolio_id):
        artifact.promote(portfolio_id, version)
    each("saved")
    return model, remarks(card, portfolio.settings.get("leak_auc", LEAK_AUC))


def _some(told: dict | None, names: tuple[str, ...]) -> dict | None:
    return None if told is None else {name: told[name] for name in names}


def learnable(portfolio: Portfolio, frame: pl.DataFrame) -> tuple[Population, Encoding, Table]:
    """Return the clients of a bank's frame that may be learnt from, as people, codes and numbers.

    Their outcome is known and ``[split]`` does not set them aside; the categories are those of all.

    Raises
    ------
    NotEnoughData
        When there is nothing to learn from.
    """
    everyone = prepare(portfolio, frame)
    encoding = Encoding.learn(everyone.frame, portfolio.inputs)
    population = everyone.take(_known(portfolio, everyone, aside=False))
    data = build(portfolio, population, encoding)
    _check(data, int(split.aside(portfolio, everyone.frame).sum()))
    return population, encoding, data


def set_aside(portfolio: Portfolio, frame: pl.DataFrame) -> Population:
    """Return the clients of a bank's frame that only judge, as ``[split]`` says, those of known outcome."""
    everyone = prepare(portfolio, frame)
    return everyone.take(_known(portfolio, everyone, aside=True))


def _known(portfolio: Portfolio, everyone: Population, *, aside: bool) -> np.ndarray:
    judging = split.aside(portfolio, everyone.frame)
    return np.flatnonzero(~np.isnan(_outcome(everyone, portfolio)) & (judging == aside))


def _texts(portfolio: Portfolio, frame: pl.DataFrame) -> dict[str, list[str]]:
    """Return the values found in each text column given with a file, to check new files against."""
    sent = [name for name in portfolio.given if portfolio.columns[name].role != "note"]
    names = [name for name in sent if name in frame.columns and frame.schema[name] == pl.String]
    return {name: sorted(frame[name].drop_nulls().unique().to_list()) for name in names}


def _outcome(population: Population, portfolio: Portfolio) -> np.ndarray:
    if population.outcome is None:
        raise NotEnoughData(f"the bank has no column {portfolio.target}; load labelled rows first")
    return population.outcome


def _check(data: Table, aside: int) -> None:
    positives, rows = int(data.outcome.sum()), len(data.outcome)
    if min(positives, rows - positives) < MINIMUM_POSITIVES:
        judging = f" ([split] sets {aside} others aside)" if aside else ""
        raise NotEnoughData(
            f"{rows} labelled rows with {positives} positives{judging}: at least {MINIMUM_POSITIVES} of each "
            "outcome are needed; load more labelled rows"
        )


def _cross_validate(
    portfolio: Portfolio, data: Table, seed: int, threads: int, recipe: Recipe, each: Callable[[str], None]
) -> Training:
    result = validation.cross_validate(
        data, seed=seed, threads=threads, recipe=recipe, each=lambda family: each(f"fold {family}")
    )
    return account.settled(portfolio, data, result)


def remarks(card: dict, leak_auc: float = LEAK_AUC) -> list[str]:
    """Return what whoever trains should look at before believing the figures."""
    area, slope = card["metrics"]["auc"]["value"], card["metrics"]["calibration_slope"]["value"]
    found = []
    if area > leak_auc and not card["data"]["synthetic"]:
        found.append(f"AUC {area:.3f} is above {leak_auc}: look for a leak before believing it")
    if not 0.9 <= slope <= 1.1:
        found.append(f"calibration slope {slope:.2f}: the raw scores are too sure or too timid")
    if not 0.02 <= (flagged := card["metrics"]["refused_share"]["value"]) <= 0.9:
        found.append(f"{flagged:.0%} of the files are flagged: few rows, or an unusual share of positives")
    return found
