"""Evidently's report on a batch, with tests chosen to agree with our verdict.

Run in a process of its own: importing Evidently takes seconds and 200 MB. Left to itself it would
contradict us: its PSI cuts both samples in equal widths, its default for numbers is a distance of
another kind, and it drops what is missing before it tests. Here each column is tested by our own
index over the deciles of training (``model.drift_parts``), counted by Evidently on its own rows,
and its missing share and unknown categories are tested beside it, all with the verdict's limits.

The report holds a sample. Each column is thinned on its own to the values at evenly spaced ranks,
missing ones last, so that its distribution stays what it was within one in ``VALUES``; a random
sample of rows would move small shares about. Rows do not stay together: the report tests columns.
"""

import gzip
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import orjson
import pandas as pd

from model import drift_parts as parts
from model.drift import LIMITS
from model.drift_results import BatchVerdict, ColumnDrift, ReportAbout
from model.drift_sides import Side

with warnings.catch_warnings():  # theirs, about their own dependencies
    warnings.simplefilter("ignore")
    from evidently import DataDefinition, Dataset, Report
    from evidently.legacy.calculations.stattests import StatTest, register_stattest
    from evidently.legacy.core import ColumnType
    from evidently.metrics import MissingValueCount, OutListValueCount
    from evidently.presets import DataDriftPreset
    from evidently.tests import gt, lt

VALUES = 5_000  # of a column on either side: enough for a hundredth of PSI, and for 512 MB
SCORE = "points"
UNSEEN = "(never seen at training)"
TEST = "psi_of_training_deciles"
DRIFTED_SHARE = 0.5  # of columns, counted without weights: the default of Evidently for its first line


@dataclass(frozen=True)
class Made:
    """A report: ``html`` gzipped, ``content`` ready for JSON, and what is told of it."""

    html: bytes
    content: Mapping
    about: ReportAbout


@dataclass(frozen=True)
class _Tested:
    """One column as Evidently gets it."""

    name: str
    limit: float
    cells: parts.Cells
    labels: Sequence[str]
    values: tuple[np.ndarray, np.ndarray]
    known: tuple[int, int]
    missing: float

    @property
    def is_text(self) -> bool:
        return bool(self.labels)

    def frame_column(self, side: int) -> np.ndarray:
        """Return the values of a side; categories as their names."""
        if not self.is_text:
            return self.values[side]
        names = np.array([*self.labels, UNSEEN, None], dtype=object)
        codes = np.where(np.isnan(self.values[side]), len(self.labels) + 1, self.values[side])
        return names[codes.astype(int)]

    def index(self, before: pd.Series, after: pd.Series) -> float:
        """Return the stability index of two columns that Evidently holds.

        Each of their values stands for as many as it was thinned from.
        """
        counts = [self.cells.count(np.sort(self._codes(column))) for column in (before, after)]
        return parts.psi(*(some * (all_ / some.sum()) for some, all_ in zip(counts, self.known, strict=True)))

    def _codes(self, column: pd.Series) -> np.ndarray:
        if not self.is_text:
            return column.to_numpy()
        place = {name: code for code, name in enumerate((*self.labels, UNSEEN))}
        return column.map(place).to_numpy(dtype=np.float32)


def make(portfolio_columns: Mapping, verdict: BatchVerdict, before: Side, after: Side) -> Made:
    """Return Evidently's report on the columns that the verdict compares, and on the score.

    Parameters
    ----------
    portfolio_columns : the portfolio's columns by name; each says which history it comes from
    """
    rows = tuple(min(side.rows, VALUES) for side in (before, after))
    tested = {
        column.name: _tested(column, portfolio_columns[column.name].family, before, after, rows)
        for column in verdict.columns
        if column.psi is not None
    }
    tested[SCORE] = _score(verdict, before, after, rows)
    snapshot = _run(tested, rows)
    with tempfile.TemporaryDirectory(prefix="limpide-") as place:
        page = Path(place) / "report.html"
        snapshot.save_html(str(page))
        html = gzip.compress(page.read_bytes(), 6, mtime=0)
    content = snapshot.dict()
    found = column_tests(content)
    about = _about(verdict, before, after, found, len(html))
    return Made(html, {"about": asdict(about), "columns": found, "evidently": _plain(content)}, about)


def column_tests(content: Mapping) -> list[dict]:
    """Return what Evidently says of each column: its index, limit, missing share and tests that failed."""
    found: dict[str, dict] = {}
    for metric in content["metrics"]:
        name, kind = metric["config"].get("column"), metric["config"]["type"].rpartition(":")[2]
        if name is None:
            continue
        told = found.setdefault(name, {"column": name, "failed": []})
        if kind == "ValueDrift":
            told |= {"psi": float(metric["value"]), "limit": float(metric["config"]["threshold"])}
        else:
            told["missing" if kind == "MissingValueCount" else "unseen"] = float(metric["value"]["share"])
    for test in content["tests"]:
        name = test["metric_config"]["params"].get("column")
        if name in found and test["status"] == "FAIL":
            kind = test["metric_config"]["params"]["type"].rpartition(":")[2]
            found[name]["failed"].append(kind)
    return [one | {"drifted": bool(one["failed"])} for one in found.values()]


def _tested(column: ColumnDrift, family: str, before: Side, after: Side, rows: tuple[int, int]) -> _Tested:
    values = [side.column(column.name, family) for side in (before, after)]
    labels = before.categories.get(column.name, ())
    cells = parts.learn(parts.known_values(values[0]), bool(labels))
    thin = tuple(thinned(some, count) for some, count in zip(values, rows, strict=True))
    doubt = parts.chance_of_share(
        column.missing_before,
        column.missing_after,
        len(values[0]),
        len(values[1]),
        parts.FALSE_ALARM / len(before.inputs),
    )
    known = column.known_before, column.known_after
    return _Tested(column.name, column.limit, cells, labels, thin, known, max(LIMITS.missing_watch, doubt))


def _score(verdict: BatchVerdict, before: Side, after: Side, rows: tuple[int, int]) -> _Tested:
    values = [side.points.astype(np.float32) for side in (before, after)]
    cells = parts.learn(parts.known_values(values[0]), False)
    thin = tuple(thinned(some, count) for some, count in zip(values, rows, strict=True))
    known = before.rows, after.rows
    return _Tested(SCORE, verdict.score.limit, cells, (), thin, known, LIMITS.missing_watch)


def thinned(column: np.ndarray, count: int) -> np.ndarray:
    """Return ``count`` values of a column at evenly spaced ranks, missing ones last, in random order."""
    if len(column) == count:
        return column
    ranks = ((np.arange(count) + 0.5) * len(column) / count).astype(int)
    return np.random.default_rng(0).permutation(np.sort(column)[ranks])


def _run(tested: Mapping[str, _Tested], rows: tuple[int, int]):
    """Have Evidently compare the columns; ``rows`` are those of either side."""

    def index(before: pd.Series, after: pd.Series, _kind: str, threshold: float) -> tuple[float, bool]:
        found = tested[before.name].index(before, after)
        return found, found >= threshold

    kinds = [ColumnType.Numerical, ColumnType.Categorical]
    register_stattest(StatTest(TEST, "PSI over the deciles of training", kinds, 0.1), index)
    definition = DataDefinition(
        numerical_columns=[name for name, one in tested.items() if not one.is_text],
        categorical_columns=[name for name, one in tested.items() if one.is_text],
    )
    frames = [pd.DataFrame({name: one.frame_column(side) for name, one in tested.items()}) for side in (0, 1)]
    reference, current = (Dataset.from_pandas(frame, data_definition=definition) for frame in frames)
    preset = DataDriftPreset(
        columns=list(tested),
        method=TEST,
        per_column_threshold={name: one.limit for name, one in tested.items()},
        drift_share=DRIFTED_SHARE,
    )
    checks = [check for one in tested.values() for check in _checks(one)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Report([preset, *checks], include_tests=True).run(current, reference)


def _checks(one: _Tested) -> list:
    """Return the tests of what Evidently's index leaves out: missing shares, unknown categories."""
    usual = float(np.isnan(one.values[0]).mean())
    bounds = [lt(usual + one.missing), gt(usual - one.missing)]
    checks: list = [MissingValueCount(column=one.name, share_tests=bounds)]
    if one.is_text:
        known = [one.labels[int(code)] for code in np.unique(one.values[0][~np.isnan(one.values[0])])]
        within = [lt(LIMITS.unseen_watch)]
        checks.append(OutListValueCount(column=one.name, values=known, share_tests=within))
    return checks


def _about(
    verdict: BatchVerdict, before: Side, after: Side, found: Sequence[Mapping], size: int
) -> ReportAbout:
    said = {one["column"]: one["drifted"] for one in found}
    ours = {column.name: column.state in ("watch", "act") for column in verdict.columns}
    compared = [name for name in said if name in ours]
    return ReportAbout(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        columns=len(said),
        values=VALUES,
        thinned=max(before.rows, after.rows) > VALUES,
        compared=len(compared),
        agreed=sum(said[name] == ours[name] for name in compared),
        size=size,
    )


def _plain(content: Mapping) -> Mapping:
    """Return what Evidently says as plain JSON values: some of its numbers are NumPy's."""
    return orjson.loads(orjson.dumps(content, default=str, option=orjson.OPT_SERIALIZE_NUMPY))
