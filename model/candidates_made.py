"""The other models that could have served, each as an estimator. Never imported by the web process.

A candidate is made anew for each fold and given that fold's training rows, nothing else: scalers,
imputers, encoders, bins and synthetic rows are its own business, inside :meth:`fit`. It answers
rows whose outcome it is never handed, so resampling before the split cannot even be written.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import make_scorer
from sklearn.model_selection import TunedThresholdClassifierCV
from sklearn.pipeline import make_pipeline

from model import cost
from model.candidates_boosted import Boosted
from model.candidates_prepared import for_distances, for_sums
from model.cost import Costs
from model.scale import Scale
from model.table import Table

_APART = 0.25  # share of a fold's training rows that chooses the cut of the cost-sensitive booster


@dataclass(frozen=True)
class Setting:
    """What a candidate may know before it sees a row.

    ``names`` are the inputs in the order of the matrix, ``codes`` the places of those whose numbers
    stand for categories.
    """

    names: tuple[str, ...]
    codes: tuple[int, ...]
    costs: Costs
    scale: Scale
    seed: int
    threads: int


@dataclass(frozen=True)
class Candidate:
    """A kind of model: its name, its family, how missing values reach it, and how to make one.

    ``kind`` is ``rule``, ``glass`` (read as it stands), ``forest`` or ``boosted``. ``missing`` is
    ``ignored``, ``filled`` (by the training rows' median, and marked in ``marked``), ``binned`` or
    ``native``.
    """

    name: str
    kind: str
    missing: str
    make: Callable[[Setting], BaseEstimator]


def fitted(candidate: Candidate, training: Table, setting: Setting) -> "Fitted":
    """Fit a candidate on the training rows of one fold."""
    known = informative(training.matrix)
    here = Setting(
        tuple(setting.names[place] for place in known),
        tuple(place for place, column in enumerate(known) if column in setting.codes),
        setting.costs,
        setting.scale,
        setting.seed,
        setting.threads,
    )
    estimator = candidate.make(here).fit(training.matrix[:, known], training.outcome.astype(int))
    return Fitted(estimator, known)


@dataclass(frozen=True)
class Fitted:
    """A candidate fitted on the training rows of a fold, and the inputs that told it something."""

    estimator: BaseEstimator
    known: np.ndarray

    def answer(self, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the probability that each row is positive, and whether it would be flagged unasked."""
        part = matrix[:, self.known]
        p = self.estimator.predict_proba(part)[:, 1]
        cut = getattr(self.estimator, "best_threshold_", 0.5)
        return p, p >= cut


def informative(matrix: np.ndarray) -> np.ndarray:
    """Return the columns that hold two different values or more, a missing one counted as a value.

    A history collected for no client of a bank is a block of columns that say nothing.
    """
    gone = np.isnan(matrix)
    low = np.where(gone, np.inf, matrix).min(axis=0)
    high = np.where(gone, -np.inf, matrix).max(axis=0)
    share = gone.mean(axis=0)
    return np.flatnonzero((share < 1) & ((low < high) | (share > 0)))


def _nobody(setting: Setting) -> BaseEstimator:
    return DummyClassifier(strategy="constant", constant=0)


def _stratified(setting: Setting) -> BaseEstimator:
    return DummyClassifier(strategy="stratified", random_state=setting.seed)


def _logistic(setting: Setting) -> BaseEstimator:
    return make_pipeline(
        for_sums(len(setting.names), setting.codes, setting.seed),
        LogisticRegression(C=0.05, max_iter=300, tol=1e-3),
    )


def _scorecard(setting: Setting) -> BaseEstimator:
    from model.candidates_scorecard import Points  # OptBinning takes seconds to import

    return Points(setting.names, setting.codes, setting.scale)


def _forest(setting: Setting) -> BaseEstimator:
    return RandomForestClassifier(
        n_estimators=100,
        max_depth=12,
        min_samples_leaf=30,
        max_samples=0.5,
        random_state=setting.seed,
        n_jobs=setting.threads,
    )


def _plain(setting: Setting) -> BaseEstimator:
    return Boosted(codes=setting.codes, seed=setting.seed, threads=setting.threads)


def _weighted(setting: Setting) -> BaseEstimator:
    return Boosted(codes=setting.codes, seed=setting.seed, threads=setting.threads, balanced=True)


def _smote(setting: Setting) -> BaseEstimator:
    from imblearn.over_sampling import SMOTE, SMOTENC
    from imblearn.pipeline import make_pipeline as make_resampling

    prepared, codes = for_distances(len(setting.names), setting.codes)
    sampler = (
        SMOTENC(categorical_features=list(codes), random_state=setting.seed)
        if codes
        else SMOTE(random_state=setting.seed)
    )
    return make_resampling(
        prepared, sampler, Boosted(codes=codes, seed=setting.seed, threads=setting.threads)
    )


def _cost_sensitive(setting: Setting) -> BaseEstimator:
    """Return a plain booster whose cut is tuned on costs, on a part of the fold's training rows."""

    def spent(outcome: np.ndarray, flagged: np.ndarray) -> float:
        return cost.per_file(flagged.astype(float), outcome, 0.5, setting.costs)

    centre = np.log(setting.costs.false_positive / setting.costs.false_negative)
    return TunedThresholdClassifierCV(
        _plain(setting),
        scoring=make_scorer(spent, greater_is_better=False),
        thresholds=1 / (1 + np.exp(-(centre + np.linspace(-2, 2, 81)))),
        cv=_APART,
        random_state=setting.seed,
    )


CANDIDATES = (
    Candidate("accept_all", "rule", "ignored", _nobody),
    Candidate("stratified", "rule", "ignored", _stratified),
    Candidate("logistic", "glass", "filled", _logistic),
    Candidate("scorecard", "glass", "binned", _scorecard),
    Candidate("forest", "forest", "native", _forest),
    Candidate("lightgbm", "boosted", "native", _plain),
    Candidate("lightgbm_threshold", "boosted", "native", _cost_sensitive),
    Candidate("lightgbm_weighted", "boosted", "native", _weighted),
    Candidate("lightgbm_smote", "boosted", "filled", _smote),
)
