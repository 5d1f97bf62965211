"""What the model is worth on real rows: ``python -m benchmarks --only quality``.

Cross-validated with several seeds, each with folds and fits of its own. Compared models share the
folds, so that a gain is the mean of the differences fold by fold. Rows are loaded into a temporary
store, which is removed at the end.
"""

import gc
import json
import logging
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table as Printed

from config import settings
from data import bank, portfolios
from data.load import load_folder
from model import calibration, cost, metrics
from model.calibration import probability
from model.cost import Costs
from model.delong import auc_difference
from model.recipe import DEFAULT, Overrides, Recipe
from model.stages import BASE_FAMILY
from model.table import Table
from model.train import MANY_ROWS, SEED, learnable
from model.validation import FOLDS, CrossValidation, calibrated_apart, cross_validate

log = logging.getLogger("benchmarks")
PORTFOLIO, SEEDS = "home_credit", (SEED, SEED + 1_000, SEED + 2_000)
FREE = Recipe({BASE_FAMILY: Overrides(monotone=False)})
_Z = 1.959964


@dataclass(frozen=True)
class Finding:
    """A figure, what was asked of it, and how sure it is."""

    what: str
    value: float
    note: str = ""
    at_least: float = -np.inf
    at_most: float = np.inf

    @property
    def goal(self) -> str:
        low = "" if np.isinf(self.at_least) else f">= {self.at_least:g}"
        high = "" if np.isinf(self.at_most) else f"<= {self.at_most:g}"
        return ", ".join(part for part in (low, high) if part)

    @property
    def met(self) -> str:
        if not self.goal:
            return ""
        return "yes" if self.at_least <= self.value <= self.at_most else "NO"


def main() -> None:
    """Measure, print the table and, given a path, write it as JSON too."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    source = settings().real_data_dir
    if source is None:
        log.warning("skipped: REAL_DATA_DIR is not set")
        return
    folder = source.resolve() / PORTFOLIO
    found = measure(folder)
    printed = Printed("what", "value", "goal", "met", "how sure")
    for one in found:
        printed.add_row(one.what, f"{one.value:.4f}", one.goal, one.met, one.note)
    console = Console()
    (console if console.is_terminal else Console(width=180)).print(printed)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps([asdict(one) for one in found], indent=1), encoding="utf-8")


def measure(folder: Path, seeds: Sequence[int] = SEEDS) -> list[Finding]:
    """Return every figure, from the folders of real rows ``wide``, ``mixed``, ``history`` and ``deep``."""
    mixed = _rows(folder / "mixed")
    _check_same(mixed, _rows(folder / "wide"))
    runs = _runs(mixed, seeds, "mixed, every stage")
    found = _of_all(mixed, runs, seeds) + _of_mixed(mixed, runs, seeds)
    for name in ("history", "deep"):
        table = _rows(folder / name)
        runs = _runs(table, seeds, f"{name}, every stage")
        before = [replace(run, raw=_before_histories(run)) for run in runs]
        found.append(_gain(f"{name}: AUC that the child tables add", table.outcome, before, runs, above=0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return [*found, Finding("peak of memory, GB", peak, at_most=4)]


def _check_same(mixed: Table, wide: Table) -> None:
    """Raise unless ``mixed`` is ``wide`` with histories: its application stages answer for both."""
    at = [mixed.inputs.index(name) for name in mixed.families[BASE_FAMILY]]
    same = wide.inputs == mixed.inputs and np.array_equal(wide.outcome, mixed.outcome)
    if not (same and np.array_equal(wide.matrix[:, at], mixed.matrix[:, at], equal_nan=True)):
        raise ValueError("mixed does not hold the clients of wide in their order")


def _of_all(table: Table, runs: Sequence[CrossValidation], seeds: Sequence[int]) -> list[Finding]:
    """Return the figures of the application alone, with and without monotone constraints."""
    runs = [replace(run, raw=_before_histories(run), without={}) for run in runs]
    alone = replace(table, families={BASE_FAMILY: table.families[BASE_FAMILY]})
    free = _runs(alone, seeds, "wide, directions free", FREE)
    price = Costs(**portfolios.load(PORTFOLIO).settings["costs"])
    odds = [calibrated_apart(run, table.outcome) for run in runs]
    prices = [
        cost.per_file(probability(one), table.outcome, price.theoretical_threshold, price) for one in odds
    ]
    slopes = [calibration.fit(run.raw, table.outcome).slope for run in runs]
    return [
        Finding("inputs, histories included", len(table.inputs), at_most=150),
        _area("wide: AUC", table.outcome, runs, 0.753),
        Finding("wide: cost per file at 1/11", np.mean(prices), _spread(prices), at_most=0.534),
        Finding("wide: calibration slope", np.mean(slopes), _spread(slopes), 0.95, 1.05),
        _gain("wide: AUC that free directions would add", table.outcome, runs, free, below=0.002),
    ]


def _of_mixed(table: Table, runs: Sequence[CrossValidation], seeds: Sequence[int]) -> list[Finding]:
    """Return the figures of the chain on clients with histories, against one model of their own."""
    told = [("mixed, clients with histories", "bureau"), ("mixed, clients with past requests", "previous")]
    found = [_area("mixed: AUC of all clients", table.outcome, runs)]
    for (what, family), goal in zip(told, (0.771, None), strict=True):
        rows = np.flatnonzero(table.covered[family])
        part, own = table.take(rows), _one_stage(table.take(rows))
        alone = _runs(own, seeds, f"{what}: one model on their rows", folds=[run.fold[rows] for run in runs])
        chain = [_some(run, run.raw, rows) for run in runs]
        before = [_some(run, _before_histories(run), rows) for run in runs]
        found += [
            _area(f"{what} ({len(rows):,}): AUC", part.outcome, chain, goal),
            _area("  of the application stage, learnt from all", part.outcome, before),
            _area("  of one model on their rows alone", part.outcome, alone),
            _gain("  that the histories add", part.outcome, before, chain, above=0),
            _gain("  over one model on their rows alone", part.outcome, alone, chain, above=0),
        ]
    uncovered = ~np.any(list(table.covered.values()), axis=0)
    moved = max(float(np.abs(run.raw - _before_histories(run))[uncovered].max()) for run in runs)
    return [*found, Finding("mixed: most that histories move anyone without them", moved, at_most=0)]


def _rows(folder: Path) -> Table:
    """Load a folder into a temporary store and return what fitting needs of its labelled rows."""
    log.info("loading %s", folder.name)
    portfolio = portfolios.load(PORTFOLIO)
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "bank.duckdb"
        load_folder(portfolio, folder, path, progress=False)
        return learnable(portfolio, bank.Bank(portfolio, path).frame())[2]


def _runs(
    table: Table,
    seeds: Sequence[int],
    what: str,
    recipe: Recipe = DEFAULT,
    folds: Sequence[np.ndarray] | None = None,
) -> list[CrossValidation]:
    return [
        cross_validate(
            table,
            seed=seed,
            threads=(os.cpu_count() or 1) if len(table.outcome) > MANY_ROWS else 1,
            each=_progress(f"{what}, seed {seed}"),
            recipe=recipe,
            fold=None if folds is None else folds[number],
        )
        for number, seed in enumerate(seeds)
    ]


def _progress(what: str) -> Callable[[str], None]:
    done = []

    def each(family: str) -> None:
        done.append(family)
        if family == BASE_FAMILY:
            gc.collect()
            log.info("%s: fold %d of %d", what, done.count(BASE_FAMILY), FOLDS)

    return each


def _one_stage(table: Table) -> Table:
    """Return the table with all inputs in one stage."""
    return replace(table, families={BASE_FAMILY: table.inputs})


def _before_histories(run: CrossValidation) -> np.ndarray:
    """Return what the application stage alone says: a fold's first history starts from it."""
    said = run.raw.copy()
    for family in reversed([name for name in run.without if name != BASE_FAMILY]):
        told = ~np.isnan(run.without[family])
        said[told] = run.without[family][told]
    return said


def _some(run: CrossValidation, raw: np.ndarray, rows: np.ndarray) -> CrossValidation:
    return replace(run, fold=run.fold[rows], raw=raw[rows], without={})


def _area(
    what: str, outcome: np.ndarray, runs: Sequence[CrossValidation], goal: float | None = None
) -> Finding:
    areas = [metrics.auc(outcome, run.raw) for run in runs]
    return Finding(what, float(np.mean(areas)), _spread(areas), -np.inf if goal is None else goal)


def _gain(
    what: str,
    outcome: np.ndarray,
    before: Sequence[CrossValidation],
    after: Sequence[CrossValidation],
    above: float = -np.inf,
    below: float = np.inf,
) -> Finding:
    """Return the mean difference in AUC over seeds and folds.

    Two errors are told: over folds and seeds, whose training rows overlap (too small, then), and
    DeLong's for other clients of the same kind.
    """
    each = [
        metrics.auc(outcome[one.fold == number], other.raw[one.fold == number])
        - metrics.auc(outcome[one.fold == number], one.raw[one.fold == number])
        for one, other in zip(before, after, strict=True)
        for number in range(FOLDS)
    ]
    wide = [auc_difference(outcome, one.raw, other.raw) for one, other in zip(before, after, strict=True)]
    clients = np.mean([(one.high - one.low) / (2 * _Z) for one in wide])
    note = (
        f"error {np.std(each, ddof=1) / np.sqrt(len(each)):.4f} over folds and seeds, {clients:.4f} over "
        f"clients; better in {sum(gain > 0 for gain in each)} of {len(each)} folds"
    )
    return Finding(what, float(np.mean(each)), note, above, below)


def _spread(values: Sequence[float]) -> str:
    each = ", ".join(f"{value:.4f}" for value in values)
    return f"{len(values)} seeds: {each}; sd {np.std(values, ddof=1):.4f}"


if __name__ == "__main__":
    main()
