"""Learning which offer is taken, from files that were accepted. Never imported by the web process."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from data.portfolios import Portfolio
from model import booster as lgb
from model import offers_judged, split
from model.matrix import Encoding
from model.offers import ABOUT, BOOSTER, OTHER, raw_scores, softmax
from model.population import Population, prepare
from model.trained import Trained

ROUNDS, PATIENCE = 200, 10
FEWEST_CLASSES = 2
_TEMPERATURES = np.exp(np.linspace(np.log(0.25), np.log(4.0), 161))
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sample:
    """Accepted files whose offer is known.

    Attributes
    ----------
    matrix : array of float64, shape (rows, inputs)
    taken : array of int, shape (rows,)
        Place of the class taken.
    group : array of str, shape (rows,)
        Value that the baseline knows (the range proposed, say); all alike without one.
    fold : array of int, shape (rows,)
        Fold of each row; -1 for the rows that only judge.
    """

    matrix: np.ndarray
    taken: np.ndarray
    group: np.ndarray
    fold: np.ndarray

    def take(self, rows: np.ndarray) -> "Sample":
        """Return the sample of these rows only."""
        return Sample(self.matrix[rows], self.taken[rows], self.group[rows], self.fold[rows])


@dataclass(frozen=True)
class Offered:
    """What there is to learn: the classes, the accepted files of training and those of the test rows."""

    classes: tuple[str, ...]
    rare: int
    codes: tuple[int, ...]
    learnt: Sample
    test: Sample


def describe(trained: Trained, frame: pl.DataFrame, each: Callable[[str], None]) -> dict:
    """Learn the offers of a portfolio that has some and return the files of the artifact.

    Parameters
    ----------
    frame : the bank's frame, where the rows that judge stand too

    Returns
    -------
    name -> content
        Nothing when the portfolio makes no offers, or fewer than two have enough examples.
    """
    if "offers" not in trained.portfolio.settings:
        return {}
    found = gather(
        trained.portfolio, trained.population, trained.encoding, trained.training.result.fold, frame
    )
    if sum(code != OTHER for code in found.classes) < FEWEST_CLASSES:
        log.warning("offers: fewer than two have enough examples; none is told")
        return {}
    raw, rounds = answer_folds(found, trained.seed, trained.threads)
    each("offers folds")
    temperature = fit_temperature(raw, found.learnt.taken)
    booster = fit(found, found.learnt, trained.seed, trained.threads, rounds)
    each("offers final")
    shown = trained.portfolio.settings["offers"]["shown"]
    about = {
        "classes": list(found.classes),
        "rare": found.rare,
        "temperature": temperature,
        "shown": shown,
        "rounds": rounds,
        "folds": account(found, found.learnt, apart(raw, found.learnt), shown),
        "test": None,
    }
    if len(found.test.taken):
        shares = softmax(raw_scores(booster, found.test.matrix, trained.threads), temperature)
        about["test"] = account(found, found.test, shares, shown)
    return {BOOSTER: lgb.text(booster).encode(), ABOUT: about}


def gather(
    portfolio: Portfolio, population: Population, encoding: Encoding, fold: np.ndarray, frame: pl.DataFrame
) -> Offered:
    """Return the accepted files of training, in the model's own folds, and those that judge.

    Parameters
    ----------
    population : who is learnt from
    fold : array of int, shape (rows,), of the population
    frame : the bank's frame, where those that judge stand too
    """
    told = portfolio.settings["offers"]
    kept = _accepted(portfolio, population)  # what judges is not among them
    offers = population.frame[told["column"]].to_numpy()[kept].astype(str)
    codes, counts = np.unique(offers, return_counts=True)
    order = np.lexsort((codes, -counts))
    often = [str(codes[place]) for place in order if counts[place] >= told["rare_below"]]
    rare = len(codes) - len(often)
    classes = (*often, OTHER) if rare else tuple(often)
    learnt = _sample(portfolio, population, encoding, classes, kept, fold)
    everyone = prepare(portfolio, frame)
    judging = np.flatnonzero(split.aside(portfolio, everyone.frame))
    aside = everyone.take(judging)
    test = _sample(portfolio, aside, encoding, classes, _accepted(portfolio, aside), None)
    places = tuple(
        place
        for place, name in enumerate(encoding.inputs)
        if name in encoding.categories and portfolio.columns[name].kind == "category"
    )
    return Offered(classes, rare, places, learnt, test)


def _accepted(portfolio: Portfolio, population: Population) -> np.ndarray:
    offers = population.frame[portfolio.settings["offers"]["column"]]
    return np.flatnonzero((population.outcome == 1) & offers.is_not_null().to_numpy())


def _sample(
    portfolio: Portfolio,
    population: Population,
    encoding: Encoding,
    classes: tuple[str, ...],
    rows: np.ndarray,
    fold: np.ndarray | None,
) -> Sample:
    settings, there = portfolio.settings["offers"], population.take(rows)
    place = {code: number for number, code in enumerate(classes)}
    offers = there.frame[settings["column"]].to_list()
    taken = np.array([place.get(code, place.get(OTHER, -1)) for code in offers], dtype=np.intp)
    known = taken >= 0  # where no offer is rare in training, one may still be new afterwards
    by = settings.get("baseline")
    group = np.array(there.frame[by].fill_null("").to_list() if by else [""] * len(rows), dtype=str)
    folds = np.full(len(rows), -1) if fold is None else fold[rows]
    return Sample(encoding.encode(there.frame), taken, group, folds).take(known)


def fit(
    found: Offered,
    rows: Sample,
    seed: int,
    threads: int,
    rounds: int = ROUNDS,
    judge: Sample | None = None,
) -> "lgb.lightgbm.Booster":
    """Fit one booster of many classes; with a ``judge``, until its log-loss gets no better."""
    parameters = {
        "objective": "multiclass",
        "metric": "multi_logloss",
        "num_class": len(found.classes),
        "learning_rate": 0.1,
        "num_leaves": 4,
        "min_child_samples": 50,
        "lambda_l2": 5.0,
        "cat_smooth": 50.0,
        "cat_l2": 100.0,
        "min_data_per_group": 50,
        "max_cat_threshold": 16,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
        "seed": seed,
        "num_threads": threads,
    }
    dataset = lgb.lightgbm.Dataset
    train = dataset(rows.matrix, rows.taken, categorical_feature=list(found.codes), params=parameters)
    if judge is None:
        return lgb.lightgbm.train(parameters, train, rounds)
    held_out = dataset(judge.matrix, judge.taken, reference=train, params=parameters)
    stop = lgb.lightgbm.early_stopping(PATIENCE, verbose=False)
    return lgb.lightgbm.train(parameters, train, rounds, valid_sets=[held_out], callbacks=[stop])


def answer_folds(found: Offered, seed: int, threads: int) -> tuple[np.ndarray, int]:
    """Return raw scores of each row by a booster that did not learn from it, and how many rounds it took.

    Each fold stops its own booster: what it says of the fold is better by that one choice. The test
    rows choose nothing.
    """
    rows, used = found.learnt, []
    raw = np.empty((len(rows.taken), len(found.classes)))
    for number in np.unique(rows.fold):
        outside = rows.fold == number
        booster = fit(found, rows.take(~outside), seed + int(number), threads, judge=rows.take(outside))
        used.append(booster.best_iteration)
        raw[outside] = raw_scores(booster, rows.matrix[outside], threads, booster.best_iteration)
    return raw, max(round(float(np.mean(used))), 1)


def fit_temperature(raw: np.ndarray, taken: np.ndarray) -> float:
    """Return the temperature with the lowest log-loss on held-out raw scores."""
    found = [offers_judged.losses(taken, softmax(raw, one)).mean() for one in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(found))])


def apart(raw: np.ndarray, rows: Sample) -> np.ndarray:
    """Return shares of each fold at the temperature of the others."""
    shares = np.empty_like(raw)
    for number in np.unique(rows.fold):
        outside = rows.fold == number
        shares[outside] = softmax(raw[outside], fit_temperature(raw[~outside], rows.taken[~outside]))
    return shares


def account(found: Offered, rows: Sample, shares: np.ndarray, shown: int) -> dict[str, Mapping]:
    """Return what shares are worth on ``rows``, beside always the most frequent of the group."""
    plain = most_frequent(found, rows)
    return {
        "model": offers_judged.judged(rows.taken, shares, found.classes, shown),
        "baseline": offers_judged.judged(rows.taken, plain, found.classes, shown),
        "gain": offers_judged.gained(rows.taken, shares, plain),
    }


def most_frequent(found: Offered, rows: Sample) -> np.ndarray:
    """Return the shares of the classes in each row's group, as the rows learnt from had them.

    A fold is answered from the others. Each group counts the whole once more, so that nothing is 0.
    """
    shares = np.empty((len(rows.taken), len(found.classes)))
    for number in np.unique(rows.fold):
        outside = rows.fold == number
        known = found.learnt.take(found.learnt.fold != number)
        whole = (np.bincount(known.taken, minlength=len(found.classes)) + 1.0) / len(known.taken)
        whole /= whole.sum()
        for group in np.unique(rows.group[outside]):
            counts = np.bincount(known.taken[known.group == group], minlength=len(found.classes)) + whole
            shares[outside & (rows.group == group)] = counts / counts.sum()
    return shares
