"""Six other ways to learn which offer is taken, on the same folds and judged on the same rows.

Training only. Each learns from a fold's training rows alone, encoders and scalers included, and is
calibrated by one temperature on rows that it did not see, as what serves is.
"""

import time
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from data import bank, portfolios
from model import offers_judged, split, validation
from model.candidates_prepared import for_sums
from model.fitting import slices
from model.offers import raw_scores, softmax
from model.offers_told import BASELINE, FORMAT, SERVED
from model.offers_training import (
    Offered,
    Sample,
    apart,
    fit,
    fit_temperature,
    gather,
    most_frequent,
)
from model.train import learnable

ROWS = 6_000
_SUREST = 1e-6  # a forest may give 0, whose logarithm is not a number
_INNER = 5  # a fifth of what is learnt from says when to stop


class NoOffers(ValueError):
    """The portfolio makes no offers, or too few were taken."""


Learnt = Callable[[np.ndarray], np.ndarray]
Rival = Callable[[Offered, Sample, int], Learnt]


def compare(
    portfolio_id: str, *, rows: int = ROWS, seed: int = 42, each: Callable[[str], None] = lambda step: None
) -> dict:
    """Compare ways to learn the offers of a portfolio's bank.

    Parameters
    ----------
    rows : how many accepted files are learnt from at most, and on how many the rivals are judged
    each : called with the name of each rival as it is done

    Returns
    -------
    dict
        What :mod:`model.offers_told` keeps and prints.

    Raises
    ------
    NoOffers
        When there is nothing to compare.
    """
    portfolio = portfolios.load(portfolio_id)
    if "offers" not in portfolio.settings:
        raise NoOffers(f"{portfolio_id}: portfolio.toml has no [offers]")
    source = bank.open_bank(portfolio_id)
    frame = source.frame()
    population, encoding, data = learnable(portfolio, frame)
    fold = slices(data.outcome, validation.FOLDS, seed, data.group)
    whole = gather(portfolio, population, encoding, fold, frame)
    found = _fewer(whole, rows, seed)
    if len(found.classes) < 2 or not len(found.test.taken):
        raise NoOffers(f"{portfolio_id}: fewer than two offers have enough examples, or nothing judges them")
    answers = {}
    for name, rival in RIVALS.items():
        answers[name] = _answer(found, rival, seed)
        each(name)
    shown = portfolio.settings["offers"]["shown"]
    told = [_described(found, name, answers, shown) for name in RIVALS]
    return {
        "format": FORMAT,
        "portfolio": portfolio_id,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": seed,
        "data": {"fingerprint": source.meta.fingerprint, "synthetic": source.meta.synthetic},
        "classes": list(found.classes),
        "rare": found.rare,
        "learnt": {"rows": len(found.learnt.taken), "of": len(whole.learnt.taken)},
        "judged": {"rows": len(found.test.taken), "of": len(whole.test.taken)}
        | (split.told(portfolio) if "split" in portfolio.settings else {}),
        "rivals": [*told, _baseline(found, shown)],
    }


def _fewer(whole: Offered, rows: int, seed: int) -> Offered:
    """Return so many rows at most of each kind, drawn once for all rivals."""
    generator = np.random.default_rng(seed)

    def some(sample: Sample) -> Sample:
        kept = generator.permutation(len(sample.taken))[:rows]
        return sample.take(np.sort(kept))

    return Offered(whole.classes, whole.rare, whole.codes, some(whole.learnt), some(whole.test))


def _answer(found: Offered, rival: Rival, seed: int) -> Mapping:
    """Return what a rival says of every fold and of the rows that judge, and how long one fit takes."""
    rows = found.learnt
    raw = np.empty((len(rows.taken), len(found.classes)))
    for number in np.unique(rows.fold):
        outside = rows.fold == number
        raw[outside] = rival(found, rows.take(~outside), seed + int(number))(rows.matrix[outside])
    begun = time.perf_counter()
    final = rival(found, rows, seed)
    seconds = time.perf_counter() - begun
    temperature = fit_temperature(raw, rows.taken)
    return {
        "folds": apart(raw, rows),
        "test": softmax(final(found.test.matrix), temperature),
        "temperature": temperature,
        "seconds": seconds,
    }


def _described(found: Offered, name: str, answers: Mapping[str, Mapping], shown: int) -> dict:
    mine, served = answers[name], answers[SERVED]
    about = {"name": name, "seconds": mine["seconds"], "temperature": mine["temperature"]}
    for part, rows in (("folds", found.learnt), ("test", found.test)):
        about[part] = offers_judged.judged(rows.taken, mine[part], found.classes, shown)
    against = offers_judged.gained(found.test.taken, served["test"], mine["test"])
    return about | {"served_gains": None if name == SERVED else against}


def _baseline(found: Offered, shown: int) -> dict:
    parts = {
        part: offers_judged.judged(rows.taken, most_frequent(found, rows), found.classes, shown)
        for part, rows in (("folds", found.learnt), ("test", found.test))
    }
    return {"name": BASELINE, "seconds": None, "temperature": None, "served_gains": None} | parts


def _served(found: Offered, rows: Sample, seed: int) -> Learnt:
    """Fit as training does; an inner fifth, drawn here, says when to stop."""
    part = np.random.default_rng(seed).permutation(len(rows.taken)) % _INNER
    tried = fit(found, rows.take(part > 0), seed, 1, judge=rows.take(part == 0))
    booster = fit(found, rows, seed, 1, tried.best_iteration)
    return lambda matrix: raw_scores(booster, matrix)


def _estimated(make: Callable[[Offered, int], ClassifierMixin], prepared: bool = True) -> Rival:
    """Return a rival from an estimator of scikit-learn, which reads one column per category."""

    def learn(found: Offered, rows: Sample, seed: int) -> Learnt:
        estimator = make(found, seed)
        if prepared:
            estimator = make_pipeline(for_sums(rows.matrix.shape[1], found.codes, seed), estimator)
        with warnings.catch_warnings():
            # What stops before it has settled is judged as it stands.
            warnings.simplefilter("ignore", ConvergenceWarning)
            estimator.fit(rows.matrix, rows.taken)
        return lambda matrix: _scores(estimator, matrix, len(found.classes))

    return learn


def _scores(estimator: ClassifierMixin, matrix: np.ndarray, classes: int) -> np.ndarray:
    """Return scores of every class, also of those that the estimator never saw."""
    if hasattr(estimator, "predict_proba"):
        said = np.log(np.clip(estimator.predict_proba(matrix), _SUREST, 1.0))
    else:
        said = estimator.decision_function(matrix)
        said = np.column_stack([-said, said]) if said.ndim == 1 else said
    scores = np.full((len(matrix), classes), min(np.log(_SUREST), float(said.min())))
    scores[:, estimator.classes_] = said
    return scores


RIVALS: Mapping[str, Rival] = {
    SERVED: _served,
    "histogram": _estimated(
        lambda found, seed: HistGradientBoostingClassifier(
            learning_rate=0.1,
            max_iter=60,
            max_leaf_nodes=4,
            # Without it the leaves of rare offers, which hold next to no curvature, run away.
            l2_regularization=50.0,
            categorical_features=list(found.codes),
            early_stopping=False,
            random_state=seed,
        ),
        prepared=False,
    ),
    "forest": _estimated(
        lambda found, seed: RandomForestClassifier(200, min_samples_leaf=5, random_state=seed)
    ),
    "logistic": _estimated(lambda found, seed: LogisticRegression(max_iter=300)),
    "svm": _estimated(lambda found, seed: LinearSVC(C=0.1, random_state=seed)),
    "neighbours": _estimated(lambda found, seed: KNeighborsClassifier(50)),
    "network": _estimated(
        lambda found, seed: MLPClassifier((64,), early_stopping=True, max_iter=60, random_state=seed)
    ),
}
