"""Row 9: compare 100 columns of 50,000 files with 50,000 others, beside Evidently's drift preset.

Both are given the same two data frames. Evidently is run as it comes, and once more with the PSI
that it brings, which is its quickest; our report, which has it run our tests, is made besides.
"""

import resource
import time
import warnings

import numpy as np
import pandas as pd

from benchmarks.made_up import clients
from benchmarks.measure import Line, median
from model.drift import compare_column
from model.drift_parts import FALSE_ALARM

ROWS, COLUMNS, ROUNDS = 50_000, 100, 5
WHAT = f"drift of {COLUMNS} columns, {ROWS:,} files against {ROWS:,}"


def measure() -> list[Line]:
    """Return the lines of row 9."""
    before, after = (clients(ROWS, seed)[0].iloc[:, :COLUMNS] for seed in (0, 1))
    taken = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        compared = ours(before, after)
        taken.append(time.perf_counter() - began)
    seconds, peak = median(taken[1:]), _peak()
    theirs = {method: _evidently(before, after, method) for method in (None, "psi")}
    note = f"{compared} columns judged, peak {peak:.0f} MB"
    beside = f"Evidently, its PSI, peak {_peak():.0f} MB"
    return [
        Line("9", WHAT, "s", seconds, theirs[None], "Evidently as it comes", 50, note=note),
        Line("9", WHAT, "s", seconds, theirs["psi"], beside),
    ]


def ours(before: pd.DataFrame, after: pd.DataFrame) -> int:
    """Judge every column, from the frames on; return how many were."""
    verdicts = [
        compare_column(
            name,
            1 / COLUMNS,
            _numbers(before[name]),
            _numbers(after[name]),
            is_text=isinstance(before[name].dtype, pd.CategoricalDtype),
            alarm=FALSE_ALARM / COLUMNS,
        )
        for name in before.columns
    ]
    return sum(one.psi is not None for one in verdicts)


def _numbers(column: pd.Series) -> np.ndarray:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column.to_numpy(np.float32)
    codes = column.cat.codes.to_numpy(np.float32)
    codes[codes < 0] = np.nan
    return codes


def _evidently(before: pd.DataFrame, after: pd.DataFrame, method: str | None) -> float:
    """Return the seconds that Evidently takes, its import left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from evidently import DataDefinition, Dataset, Report
        from evidently.presets import DataDriftPreset

        texts = [name for name in before if isinstance(before[name].dtype, pd.CategoricalDtype)]
        numbers = [name for name in before if name not in texts]
        definition = DataDefinition(numerical_columns=numbers, categorical_columns=texts)
        before, after = (frame.astype(dict.fromkeys(texts, object)) for frame in (before, after))
        began = time.perf_counter()
        reference, current = (Dataset.from_pandas(one, data_definition=definition) for one in (before, after))
        Report([DataDriftPreset(columns=[*before.columns], method=method)]).run(current, reference)
        return time.perf_counter() - began


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
