"""A store of one's own on the shared bank and model, and batches judged in it."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests_support import own_store

from data import portfolios
from data.bank import open_bank
from model import batches, drift, drift_sides
from model.artifact import champion
from model.drift_results import BatchVerdict

PORTFOLIO = "home_credit"
HTML = b"<!doctype html><title>Evidently</title>"


@contextmanager
def store_of_its_own(shared: Path, place: Path) -> Iterator[Path]:
    """Use a store that has the bank and the model of ``shared``, and no batch yet."""
    for name in ("banks", "models"):
        (place / name).symlink_to(shared / name)
    with own_store(place) as store:
        yield store


def judged(
    day: str, *, name: str = "", rows: int | None = None, lower: float = 0.0, seed: int = 0
) -> BatchVerdict:
    """Judge and keep some of the bank's unlabelled files, their points lowered by ``lower``."""
    portfolio, model = portfolios.load(PORTFOLIO), champion(PORTFOLIO)
    frame = open_bank(PORTFOLIO).frame(labelled=False)
    frame = frame if rows is None else frame.sample(rows, seed=seed)
    after = drift_sides.batch(portfolio, model, frame)
    after = replace(after, points=after.points - lower)
    about = drift.About(batches.new_id(), name, "file" if name else "bank", day, f"{day}T08:00:00+00:00")
    verdict = drift.judge(portfolio, model, drift_sides.training(portfolio, model), after, about)
    batches.keep(verdict)
    return verdict


def reported(verdict: BatchVerdict, agreed: int | None = None) -> None:
    """Keep a report on a batch, as Evidently's would be kept."""
    compared = len(verdict.columns)
    about = {
        "made": f"{date.fromisoformat(verdict.day)}T09:00:00+00:00",
        "columns": compared + 1,
        "values": 5000,
        "thinned": True,
        "compared": compared,
        "agreed": compared if agreed is None else agreed,
        "size": 1_900_000,
    }
    content = {"about": about, "columns": [], "evidently": {}}
    batches.keep_report(PORTFOLIO, verdict.id, gzip.compress(HTML), content)
