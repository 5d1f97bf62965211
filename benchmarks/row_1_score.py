"""Row 1: score one client. A boosted model of 1,000 trees and 200 features, one thread."""

import numpy as np
import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OrdinalEncoder

from benchmarks.made_up import classifier, clients
from benchmarks.measure import Line, interleaved, median
from model import booster as lgb

CHECKED = 500
WHAT = "score one client (1,000 trees, 200 features)"


def measure() -> list[Line]:
    """Return the lines of row 1."""
    frame, matrix, outcome = clients()
    fitted = classifier().fit(frame, outcome)
    pipeline = _pipeline().fit(frame, outcome)
    one, row, booster = frame.iloc[[0]], matrix[[0]], fitted.booster_
    taken = interleaved(
        {
            "ours": lambda: lgb.log_odds(booster, row),
            "classifier": lambda: fitted.predict_proba(one),
            "pipeline": lambda: pipeline.predict_proba(one),
        },
        rounds=300,
    )
    ms = {name: median(values) for name, values in taken.items()}
    differing = _differing(booster, frame[:CHECKED], matrix[:CHECKED])
    return [
        Line("1", WHAT, "ms", ms["ours"], ms["classifier"], "LGBMClassifier.predict_proba(DataFrame)", 25),
        Line("1", WHAT, "ms", ms["ours"], ms["pipeline"], "the same in a scikit-learn Pipeline"),
        Line(
            "1",
            f"scores of {CHECKED} that differ in any bit",
            "",
            differing,
            None,
            "Booster.predict",
            at_most=0,
        ),
    ]


def _pipeline() -> Pipeline:
    prepared = make_column_transformer(
        (SimpleImputer(strategy="median"), make_column_selector(dtype_include="number")),
        (
            OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
            make_column_selector(dtype_include="category"),
        ),
    ).set_output(transform="pandas")
    return make_pipeline(prepared, classifier())


def _differing(booster, frame: pd.DataFrame, matrix: np.ndarray) -> int:
    """Count the clients whose score, one by one, is not that of LightGBM on the whole frame."""
    whole = booster.predict(frame, raw_score=True)
    single = np.concatenate([lgb.log_odds(booster, row[None]) for row in matrix])
    return int((whole.view(np.int64) != single.view(np.int64)).sum())
