"""LightGBM as this project uses it: NumPy in, NumPy out, one thread unless said."""

import importlib
import os
import re
import sys
from pathlib import Path
from types import ModuleType

import numpy as np


def _lightgbm() -> ModuleType:
    """Import LightGBM without its optional companions.

    LightGBM imports scikit-learn and pandas whenever they are installed, for estimator classes
    that we do not use: 120 MB of resident memory on a host that has 512. Marking a module as
    ``None`` in ``sys.modules`` makes its import fail, which LightGBM takes as "not installed".
    """
    optional = ("pandas", "sklearn", "pyarrow", "dask", "matplotlib", "graphviz")
    hidden = [name for name in optional if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))
    try:
        return importlib.import_module("lightgbm")
    finally:
        for name in hidden:
            del sys.modules[name]


lightgbm = _lightgbm()


def load(path: Path) -> "lightgbm.Booster":
    """Read a booster from LightGBM's text format."""
    return lightgbm.Booster(model_file=os.fspath(path))


def text(booster: "lightgbm.Booster") -> str:
    """Return a booster in LightGBM's text format, the same whatever the threads that fitted it.

    The trees do not depend on them (``deterministic``), but the text tells how many there were.
    """
    return re.sub(
        r"^\[num_threads: \d+\]$", "[num_threads: 0]", booster.model_to_string(), flags=re.MULTILINE
    )


def log_odds(booster: "lightgbm.Booster", matrix: np.ndarray, threads: int = 1) -> np.ndarray:
    """Return the raw score of each row, shape ``(rows,)``, in log-odds.

    One thread by default: a forked worker that starts OpenMP threads hangs, and one row is
    quicker without them.
    """
    return booster.predict(matrix, raw_score=True, num_threads=threads)


def contributions(booster: "lightgbm.Booster", matrix: np.ndarray, threads: int = 1) -> np.ndarray:
    """Return exact TreeSHAP values, shape ``(rows, inputs + 1)``, in log-odds.

    The last column is the average over the training rows. The numbers are those of
    ``shap.TreeExplainer`` (Lundberg et al. 2020, path-dependent), which calls the same code.
    """
    return booster.predict(matrix, pred_contrib=True, num_threads=threads)
