"""LightGBM as it comes, behind scikit-learn's door. Never imported by the web process.

``lightgbm.LGBMClassifier`` is not there: :mod:`model.booster` imports LightGBM without its
companions, and what is compared here should be the same library as what serves.
"""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from model import booster as lgb

ROUNDS = 100  # LightGBM's own default


class Boosted(ClassifierMixin, BaseEstimator):
    """A booster with LightGBM's default settings: no signs, no shrinkage of ours.

    Parameters
    ----------
    codes : places of the inputs whose numbers stand for categories
    balanced : weigh the rarer outcome so that both weigh the same (``scale_pos_weight``)
    """

    def __init__(self, codes: tuple[int, ...] = (), seed: int = 0, threads: int = 1, balanced: bool = False):
        self.codes = codes
        self.seed = seed
        self.threads = threads
        self.balanced = balanced

    def fit(self, matrix: np.ndarray, outcome: np.ndarray) -> "Boosted":
        """Fit on rows ``matrix`` of shape ``(rows, inputs)`` with outcomes 0 or 1."""
        self.classes_ = np.array([0, 1])
        negatives, positives = np.bincount(outcome, minlength=2)
        parameters = {
            "objective": "binary",
            "seed": self.seed,
            "num_threads": self.threads,
            "scale_pos_weight": negatives / positives if self.balanced else 1.0,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }
        rows = lgb.lightgbm.Dataset(matrix, outcome, categorical_feature=list(self.codes), params=parameters)
        self.booster_ = lgb.lightgbm.train(parameters, rows, ROUNDS)
        return self

    def predict_proba(self, matrix: np.ndarray) -> np.ndarray:
        """Return the probability of each outcome, shape ``(rows, 2)``."""
        p = self.booster_.predict(matrix, num_threads=self.threads)
        return np.column_stack([1 - p, p])

    def predict(self, matrix: np.ndarray) -> np.ndarray:
        """Return 1 where a positive is likelier than not."""
        return (self.predict_proba(matrix)[:, 1] >= 0.5).astype(int)
