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
from model import ranking
from model.artifact import Model, champion
from model.assess import assess_frame
from model.population import prepare, score
from model.ranking import Ranking

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


@dataclass(frozen=True)
class Campaign:
    """What to rank scored files by: the cost of a contact and the budget, where they are known."""

    contact_cost: float | None = None
    budget: float | None = None


def score_file(
    portfolio_id: str,
    source: Path,
    target: Path,
    campaign: Campaign | None = None,
    each: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Score every client of ``source`` into ``target`` (.csv, .parquet or .json); return how many.

    Each row holds the id, probability, points, decision and the reasons as
    ``input.direction=points``, separated by spaces, then the likeliest offers where the portfolio
    makes some. With a ``campaign`` the best come first, and each row says where it stands
    (:class:`model.ranking.Ranking`). The file appears whole or not at all.

    Raises
    ------
    ValueError
        When the ending of ``target`` is another, or a budget comes without the cost of a contact.
    """
    writers = {
        ".csv": pl.DataFrame.write_csv,
        ".parquet": pl.DataFrame.write_parquet,
        ".json": pl.DataFrame.write_json,
    }
    if target.suffix not in writers:
        raise ValueError(f"{target}: the ending must be one of {', '.join(writers)}")
    portfolio = portfolios.load(portfolio_id)
    if campaign is not None:  # before anything is read
        ranking.best_first(portfolio, [], [], 0.0, campaign.contact_cost, campaign.budget)
    rows: list[dict] = []
    mark = 0.0
    with loaded(portfolio, source) as bank:
        frame = bank.frame()
        for part in frame.iter_slices(CHUNK):
            found = assess_frame(portfolio_id, part)
            rows += [ranking.row(portfolio, one) for one in found]
            mark = found[-1].pass_mark
            each(len(rows), len(frame))
    fresh = target.with_name(target.name + ".part")
    writers[target.suffix](ranking.frame(portfolio, rows, _ranked(portfolio, rows, mark, campaign)), fresh)
    fresh.replace(target)
    return len(rows)


def _ranked(
    portfolio: Portfolio, rows: list[dict], mark: float, campaign: Campaign | None
) -> list[tuple[int, Ranking]] | None:
    if campaign is None:
        return None
    said, points = ([row[name] for row in rows] for name in ("probability", "points"))
    return ranking.best_first(portfolio, said, points, mark, campaign.contact_cost, campaign.budget)
