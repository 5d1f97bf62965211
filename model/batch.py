"""Many files at once: evaluate a labelled folder, or write one scored row per client."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from config import settings
from data import load, portfolios
from data.bank import Bank, BankMeta
from data.portfolios import Portfolio
from model.artifact import Model, champion
from model.assess import assess_frame
from model.population import prepare, score
from model.results import Assessment

CHUNK = 500


class NoOutcome(ValueError):
    """The folder holds no labelled row, so nothing can be measured on it."""


@contextmanager
def loaded(portfolio: Portfolio, source: Path) -> Iterator[Bank]:
    """Read a folder (or flat file) through the loader and checks of a bank, and drop it afterwards."""
    with tempfile.TemporaryDirectory(prefix="limpide-") as place:
        path, key = Path(place) / "batch.duckdb", settings().bank_key.get_secret_value()
        load.load_folder(portfolio, source, path, key=key)
        with closing(Bank(portfolio, path, key)) as bank:
            yield bank


@dataclass(frozen=True)
class Evaluation:
    """How the champion did on labelled files.

    Attributes
    ----------
    figures : name -> value
    outcome, p : array of float, shape (rows,)
    source : what the loader says of the files, fingerprint included
    """

    model: Model
    figures: dict[str, float]
    outcome: np.ndarray
    p: np.ndarray
    source: BankMeta


def evaluate(portfolio_id: str, source: Path) -> dict[str, float]:
    """Return the champion's metrics on a labelled folder or flat file (see :func:`evaluation`)."""
    return evaluation(portfolio_id, source).figures


def evaluation(portfolio_id: str, source: Path) -> Evaluation:
    """Judge the champion on a labelled folder or flat file.

    Raises
    ------
    NoOutcome
        When fewer than two outcomes are there.
    """
    portfolio, model = portfolios.load(portfolio_id), champion(portfolio_id)
    with loaded(portfolio, source) as bank:
        frame, meta = bank.frame(labelled=True), bank.meta
    if frame[portfolio.target].n_unique() < 2:
        raise NoOutcome(f"{source}: needs labelled rows of both outcomes in {portfolio.target}")
    labelled = prepare(portfolio, frame)
    p, _ = score(model, labelled)
    from model import metrics  # scikit-learn, which a host that only serves lacks

    found = metrics.summary(labelled.outcome, p, model.threshold, model.costs)
    names = ("auc", "gini", "ks", "brier", "log_loss", "cost_per_file", "refused_share", "calibration_slope")
    figures = {name: found[name] for name in names} | {"threshold": model.threshold, "rows": len(p)}
    return Evaluation(model, figures, labelled.outcome, p, meta)


def score_file(
    portfolio_id: str, source: Path, target: Path, each: Callable[[int, int], None] = lambda done, of: None
) -> int:
    """Score every client of ``source`` into ``target`` (.csv, .parquet or .json); return how many.

    Each row holds the id, probability, points, decision and the reasons as
    ``input.direction=points``, separated by spaces. The file appears whole or not at all.
    """
    writers = {
        ".csv": pl.DataFrame.write_csv,
        ".parquet": pl.DataFrame.write_parquet,
        ".json": pl.DataFrame.write_json,
    }
    if target.suffix not in writers:
        raise ValueError(f"{target}: the ending must be one of {', '.join(writers)}")
    portfolio = portfolios.load(portfolio_id)
    rows: list[dict] = []
    with loaded(portfolio, source) as bank:
        frame = bank.frame()
        for part in frame.iter_slices(CHUNK):
            rows += [_row(portfolio, assessment) for assessment in assess_frame(portfolio_id, part)]
            each(len(rows), len(frame))
    fresh = target.with_name(target.name + ".part")
    writers[target.suffix](pl.DataFrame(rows), fresh)
    fresh.replace(target)
    return len(rows)


def _row(portfolio: Portfolio, assessment: Assessment) -> dict:
    return {
        portfolio.id_column: assessment.client_id,
        "probability": assessment.probability,
        "points": assessment.points,
        "decision": assessment.decision,
        "reasons": " ".join(f"{reason.code}={reason.points:+.1f}" for reason in assessment.reasons),
    }
