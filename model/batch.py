"""Many files at once: evaluate a labelled folder, or write one scored row per client."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import polars as pl

from config import settings
from data import load, portfolios
from data.bank import Bank
from data.portfolios import Portfolio
from model import metrics, reasons
from model.artifact import Model, champion
from model.assess import decide
from model.explain import contributions
from model.population import Population, prepare, score
from model.results import Contribution, Reason
from model.stages import BASE_FAMILY

CHUNK = 500


class NoOutcome(ValueError):
    """The folder holds no labelled row, so nothing can be measured on it."""


@contextmanager
def population_of(portfolio: Portfolio, source: Path) -> Iterator[Population]:
    """Read a folder (or flat file) through the same loader and checks as a bank, then drop it."""
    with tempfile.TemporaryDirectory(prefix="limpide-") as place:
        path, key = Path(place) / "batch.duckdb", settings().bank_key.get_secret_value()
        load.load_folder(portfolio, source, path, key=key)
        with closing(Bank(portfolio, path, key)) as bank:
            yield prepare(portfolio, bank.frame())


def evaluate(portfolio_id: str, source: Path) -> dict[str, float]:
    """Return the champion's metrics on a labelled folder or flat file.

    Raises
    ------
    NoOutcome
        When fewer than two outcomes are there.
    """
    portfolio, model = portfolios.load(portfolio_id), champion(portfolio_id)
    with population_of(portfolio, source) as population:
        known = np.zeros(0) if population.outcome is None else np.flatnonzero(~np.isnan(population.outcome))
        labelled = population.take(known) if len(known) else population
    outcome = labelled.outcome if len(known) else np.zeros(0)
    if len(np.unique(outcome)) < 2:
        raise NoOutcome(f"{source}: needs labelled rows of both outcomes in {portfolio.target}")
    p, _ = score(model, labelled)
    found = metrics.summary(outcome, p, model.threshold, model.costs)
    names = ("auc", "gini", "ks", "brier", "log_loss", "cost_per_file", "refused_share", "calibration_slope")
    return {name: found[name] for name in names} | {"threshold": model.threshold, "rows": len(outcome)}


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
    portfolio, model = portfolios.load(portfolio_id), champion(portfolio_id)
    rows: list[dict] = []
    with population_of(portfolio, source) as population:
        for start in range(0, len(population.ids), CHUNK):
            some = np.arange(start, min(start + CHUNK, len(population.ids)))
            rows += scored_rows(portfolio, model, population.take(some))
            each(len(rows), len(population.ids))
    fresh = target.with_name(target.name + ".part")
    writers[target.suffix](pl.DataFrame(rows), fresh)
    fresh.replace(target)
    return len(rows)


def scored_rows(portfolio: Portfolio, model: Model, population: Population) -> list[dict]:
    """Return one dict per client: id, probability, points, decision, reasons."""
    p, points = score(model, population)
    matrix = model.encoding.encode(population.frame)
    rows = []
    for index, values in enumerate(population.frame.iter_rows(named=True)):
        families = {family for family, mask in population.covered.items() if mask[index]} | {BASE_FAMILY}
        stages = [stage for stage in model.stages if stage.family in families]
        parts, _ = contributions(stages, model.calibration, model.scale, matrix[index : index + 1])
        moved = tuple(
            Contribution(name, portfolio.columns[name].theme, values[name], float(part))
            for name, part in zip(model.encoding.inputs, parts[0, :-1], strict=True)
        )
        present = frozenset(name for stage in stages for name in stage.inputs)
        chosen = reasons.choose(
            portfolio, moved, values, model.card["reference"], model.card["ranges"], present
        )
        rows.append(
            {
                portfolio.id_column: population.ids[index],
                "probability": float(p[index]),
                "points": float(points[index]),
                "decision": decide(model, float(points[index])),
                "reasons": " ".join(map(_short, chosen)),
            }
        )
    return rows


def _short(reason: Reason) -> str:
    return f"{reason.code}={reason.points:+.1f}"
