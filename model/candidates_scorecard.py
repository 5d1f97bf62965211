"""A points scorecard by OptBinning. Never imported by the web process; slow to import."""

import logging

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from model.scale import Scale

# CVXPY, which OptBinning imports, complains of a solver that is not used here.
logging.getLogger("__cvxpy__").addFilter(lambda record: "HIGHS" not in record.getMessage())

from optbinning import BinningProcess, Scorecard  # noqa: E402  (the filter has to stand first)

MOST_INPUTS = 40


class Points(ClassifierMixin, BaseEstimator):
    """A scorecard: inputs cut into bins, the telling ones kept, points for each bin.

    A missing value is a bin of its own. Risk rises or falls along the bins of a number, never both.
    """

    def __init__(self, names: tuple[str, ...], codes: tuple[int, ...], scale: Scale):
        self.names = names
        self.codes = codes
        self.scale = scale

    def fit(self, matrix: np.ndarray, outcome: np.ndarray) -> "Points":
        """Fit on rows ``matrix`` of shape ``(rows, inputs)`` with outcomes 0 or 1."""
        self.classes_ = np.array([0, 1])
        categories = [self.names[place] for place in self.codes]
        bins = BinningProcess(
            list(self.names),
            categorical_variables=categories,
            max_n_prebins=10,
            selection_criteria={"iv": {"min": 0.01, "max": 10, "strategy": "highest", "top": MOST_INPUTS}},
            binning_fit_params={
                name: {"monotonic_trend": "auto_asc_desc"} for name in self.names if name not in categories
            },
        )
        self.card_ = Scorecard(
            bins,
            LogisticRegression(C=1.0, max_iter=300),
            scaling_method="pdo_odds",
            scaling_method_params={
                "pdo": self.scale.points_to_double,
                "odds": self.scale.anchor_odds,
                "scorecard_points": self.scale.anchor_points,
            },
        )
        self.card_.fit(self._frame(matrix), outcome, metric_missing="empirical")
        return self

    def predict_proba(self, matrix: np.ndarray) -> np.ndarray:
        """Return the probability of each outcome, shape ``(rows, 2)``."""
        return self.card_.predict_proba(self._frame(matrix))

    def _frame(self, matrix: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(matrix, columns=list(self.names))
