"""Made-up clients with 200 features, some of them categories, some missing; and their classifier.

Import this before ``model.booster``, which otherwise hides the scikit-learn side of LightGBM.
"""

import lightgbm
import numpy as np
import pandas as pd

FEATURES, CATEGORIES, TREES = 200, 20, 1_000


def clients(rows: int = 5_000, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return the clients as a frame, the same as a matrix of codes, and their outcome."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(rows, FEATURES))
    matrix[:, :CATEGORIES] = rng.integers(0, 8, (rows, CATEGORIES))
    signal = matrix[:, CATEGORIES : CATEGORIES + 20].sum(axis=1) / 4 + (matrix[:, 0] > 5)
    outcome = (rng.random(rows) < 1 / (1 + np.exp(2.5 - signal))).astype(int)
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    frame = pd.DataFrame(matrix, columns=[f"f{number}" for number in range(FEATURES)])
    for name in frame.columns[:CATEGORIES]:
        codes = frame[name].fillna(-1).astype(int)
        frame[name] = pd.Categorical.from_codes(codes, categories=list("abcdefgh"))
    return frame, matrix, outcome


def classifier() -> lightgbm.LGBMClassifier:
    """Return a classifier of 1,000 trees on one thread, not yet fitted."""
    return lightgbm.LGBMClassifier(
        n_estimators=TREES, learning_rate=0.02, num_leaves=31, n_jobs=1, random_state=0, verbose=-1
    )
