"""The algorithms that are compared, and what a search may try of each. Never imported by the web process.

Each is a candidate (see :mod:`model.candidates_made`): made anew for the rows it learns from, with its
scalers, imputers and encoders inside. None weighs the outcomes: the mark decides what counts as said
positive, and weights would only bend the probabilities.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from model.calibration import probability
from model.candidates_made import CANDIDATES, Candidate, Setting
from model.candidates_prepared import for_distances, for_sums
from model.fitting import fit
from model.recipe import Overrides, Recipe
from model.stages import BASE_FAMILY, log_odds
from model.table import Table
from model.tune_space import Dimension

_LISTED = {one.name: one for one in CANDIDATES}


@dataclass(frozen=True)
class Algorithm:
    """A candidate, and the settings that a search may try: by scikit-learn's paths, with the usual values."""

    candidate: Candidate
    space: tuple[Dimension, ...]
    usual: Mapping[str, float]

    @property
    def name(self) -> str:
        return self.candidate.name

    def tuned(self, parameters: Mapping[str, float]) -> Candidate:
        """Return the candidate with other settings."""
        made = self.candidate.make
        return replace(self.candidate, make=lambda setting: made(setting).set_params(**parameters))


class Ours(ClassifierMixin, BaseEstimator):
    """The application stage of this house as an estimator: its settings, its signs, its choice of trees.

    Settings left at None are those of :func:`model.fitting.settings_for`.
    """

    def __init__(
        self,
        setting: Setting,
        monotone: Mapping[str, int],
        learning_rate: float | None = None,
        num_leaves: int | None = None,
        feature_fraction: float | None = None,
        min_child_samples: int | None = None,
        lambda_l2: float | None = None,
    ):
        self.setting = setting
        self.monotone = monotone
        self.learning_rate = learning_rate
        self.num_leaves = num_leaves
        self.feature_fraction = feature_fraction
        self.min_child_samples = min_child_samples
        self.lambda_l2 = lambda_l2

    def fit(self, matrix: np.ndarray, outcome: np.ndarray) -> "Ours":
        """Fit on rows ``matrix`` of shape ``(rows, inputs)`` with outcomes 0 or 1."""
        self.classes_ = np.array([0, 1])
        names, codes = self.setting.names, self.setting.codes
        table = Table(
            matrix, outcome.astype(float), {}, {BASE_FAMILY: names}, names,
            frozenset(names[place] for place in codes), dict(self.monotone),
        )  # fmt: skip
        asked = {name: getattr(self, name) for name in _OURS}
        changed = Overrides({name: value for name, value in asked.items() if value is not None})
        self.stages_, _ = fit(
            table, seed=self.setting.seed, threads=self.setting.threads, recipe=Recipe({BASE_FAMILY: changed})
        )
        return self

    def predict_proba(self, matrix: np.ndarray) -> np.ndarray:
        """Return the probability of each outcome, shape ``(rows, 2)``."""
        p = probability(log_odds(self.stages_, matrix, {}, self.setting.threads))
        return np.column_stack([1 - p, p])

    def predict(self, matrix: np.ndarray) -> np.ndarray:
        """Return 1 where a positive is likelier than not."""
        return (self.predict_proba(matrix)[:, 1] >= 0.5).astype(int)


_OURS = {
    "learning_rate": 0.03,
    "num_leaves": 15,
    "feature_fraction": 0.3,
    "min_child_samples": 100,
    "lambda_l2": 20.0,
}


def algorithms(monotone: Mapping[str, int]) -> tuple[Algorithm, ...]:
    """Return what is compared, in the order of :data:`model.compared.ALGORITHMS`.

    ``monotone`` gives the signs that the portfolio declares; only ours holds them.
    """
    ours = Candidate("lightgbm", "boosted", "native", lambda setting: Ours(setting, monotone))
    return (
        Algorithm(
            _LISTED["logistic"], (Dimension("logisticregression__C", 1e-3, 10.0, levels=5),),
            {"logisticregression__C": 0.05},
        ),
        Algorithm(
            Candidate("svm", "glass", "filled", _svm),
            (Dimension("calibratedclassifiercv__estimator__C", 1e-4, 1.0, levels=5),),
            {"calibratedclassifiercv__estimator__C": 0.01},
        ),
        Algorithm(
            Candidate("tree", "tree", "native", _tree),
            (
                Dimension("max_depth", 3, 24, levels=4, whole=True),
                Dimension("min_samples_leaf", 1, 400, levels=4, whole=True),
            ),
            {"max_depth": 24, "min_samples_leaf": 1},
        ),
        Algorithm(
            _LISTED["forest"],
            (
                Dimension("max_depth", 6, 24, levels=3, whole=True),
                Dimension("min_samples_leaf", 5, 100, levels=2, whole=True),
                Dimension("max_features", 0.15, 1.0, levels=3),
            ),
            {"max_depth": 12, "min_samples_leaf": 30, "max_features": 0.3},
        ),
        Algorithm(
            Candidate("boosting", "boosted", "filled", _boosting),
            (
                Dimension("gradientboostingclassifier__learning_rate", 0.03, 0.3, levels=3),
                Dimension("gradientboostingclassifier__max_depth", 2, 6, levels=3, log=False, whole=True),
                Dimension("gradientboostingclassifier__min_samples_leaf", 1, 200, levels=2, whole=True),
            ),
            {
                "gradientboostingclassifier__learning_rate": 0.1,
                "gradientboostingclassifier__max_depth": 3,
                "gradientboostingclassifier__min_samples_leaf": 1,
            },
        ),
        Algorithm(
            Candidate("xgboost_style", "boosted", "native", _xgboost_style),
            (
                Dimension("learning_rate", 0.03, 0.4, levels=3),
                Dimension("max_depth", 2, 8, levels=3, log=False, whole=True),
                Dimension("l2_regularization", 0.1, 100.0, levels=2),
            ),
            {"learning_rate": 0.3, "max_depth": 6, "l2_regularization": 1.0},
        ),
        Algorithm(
            ours,
            (
                Dimension("learning_rate", 0.02, 0.1),
                Dimension("num_leaves", 4, 48, levels=3, whole=True),
                Dimension("feature_fraction", 0.1, 1.0, levels=3),
                Dimension("min_child_samples", 5, 600, levels=2, whole=True),
                Dimension("lambda_l2", 0.5, 120.0, levels=2),
            ),
            _OURS,
        ),
    )  # fmt: skip


def _svm(setting: Setting) -> BaseEstimator:
    """Return a linear SVM with probabilities by Platt's method (a sigmoid learnt on rows held out in turn).

    Linear, because time for a kernel grows with the square of the rows. Its classes need no margin of
    their own: where the sigmoid passes one half is where it decides.
    """
    return make_pipeline(
        for_sums(len(setting.names), setting.codes, setting.seed),
        CalibratedClassifierCV(
            LinearSVC(C=0.01, dual=False, random_state=setting.seed), method="sigmoid", cv=3, ensemble=False
        ),
    )


def _tree(setting: Setting) -> BaseEstimator:
    """Return a tree as scikit-learn comes: grown until its leaves are pure. A search may stop it earlier."""
    return DecisionTreeClassifier(random_state=setting.seed)


def _boosting(setting: Setting) -> BaseEstimator:
    """Return Friedman's boosting as scikit-learn comes: 100 trees of depth 3; half the rows for each."""
    prepared, _ = for_distances(len(setting.names), setting.codes)
    return make_pipeline(prepared, GradientBoostingClassifier(subsample=0.5, random_state=setting.seed))


def _xgboost_style(setting: Setting) -> BaseEstimator:
    """Return XGBoost's default settings (100 rounds, depth 6, step 0.3, L2 of 1) in scikit-learn.

    Its histogram trees grow by the same second-order gain (Chen and Guestrin 2016, equation 7), so
    that another library would bring another implementation rather than another algorithm.
    """
    return HistGradientBoostingClassifier(
        learning_rate=0.3,
        max_iter=100,
        max_depth=6,
        max_leaf_nodes=None,
        min_samples_leaf=1,
        l2_regularization=1.0,
        early_stopping=False,
        categorical_features=None,
        random_state=setting.seed,
    )
