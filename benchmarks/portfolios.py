"""Somebody's own files against plain scikit-learn: ``python -m benchmarks --only portfolios``.

Three public files become portfolios by one command each, in a temporary store. The same rows, inputs
and folds go to what one writes in ten minutes: one-hot columns and gradient boosting, or a logistic
regression; the better of both is the peer.
"""

import logging
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table as Printed

import config
from data import portfolios
from data.bank import open_bank
from data.new_portfolio import Asked, make
from model.table import Table
from model.train import SEED, learnable
from model.validation import cross_validate

log = logging.getLogger("benchmarks")
GOAL = -0.01


@dataclass(frozen=True)
class Found:
    """Mean AUC of five folds: ours, and that of each plain pipeline."""

    portfolio: str
    rows: int
    inputs: int
    ours: float
    plain: Mapping[str, float]

    @property
    def ahead(self) -> float:
        """By how much ours is above the better of the plain ones."""
        return self.ours - max(self.plain.values())


def real(folder: Path) -> Sequence[Asked]:
    """Return what is asked of the three files in ``folder``."""
    return (
        Asked(
            "german_credit", folder / "german_credit.parquet", "creditability", "bad", false_negative=5.0
        ),
        Asked(
            "give_me_some_credit", folder / "give_me_some_credit_train.parquet", "SeriousDlqin2yrs", "1"
        ),
        Asked(
            "bank_marketing",
            folder / "bank_marketing_additional_full.parquet",
            "y",
            "yes",
            is_good=True,
            drop=("duration",),  # the length of the call, known only once the answer is
        ),
    )  # fmt: skip


def main() -> None:
    """Make the portfolios, measure them and print the table."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    source = config.settings().real_data_dir
    if source is None:
        log.warning("skipped: REAL_DATA_DIR is not set")
        return
    asked = real(source.resolve() / "other")
    with tempfile.TemporaryDirectory() as store:
        os.environ |= {"STORE_DIR": store, "PORTFOLIOS_DIR": f"{store}/portfolios"}
        config.settings.cache_clear()
        found = [measure(one) for one in asked]
    printed = Printed("portfolio", "rows", "inputs", "AUC", *found[0].plain, "ahead by", "goal", "met")
    for one in found:
        plain = (f"{value:.4f}" for value in one.plain.values())
        met = "yes" if one.ahead >= GOAL else "NO"
        printed.add_row(
            one.portfolio, f"{one.rows:,}", str(one.inputs), f"{one.ours:.4f}", *plain,
            f"{one.ahead:+.4f}", f">= {GOAL}", met,
        )  # fmt: skip
    console = Console()
    (console if console.is_terminal else Console(width=140)).print(printed)


def measure(asked: Asked) -> Found:
    """Make one portfolio and compare, on the same five folds."""
    for line in make(asked):
        log.info("%s", line)
    portfolio = portfolios.load(asked.name)
    population, _, table = learnable(portfolio, open_bank(asked.name).frame(labelled=True))
    result = cross_validate(table, seed=SEED, threads=os.cpu_count() or 1)
    plain = {name: _plain(name, table, population.frame, result.fold) for name in ("boosting", "logistic")}
    ours = _mean_auc(table.outcome, result.raw, result.fold)
    return Found(asked.name, len(table.outcome), len(table.inputs), ours, plain)


def _plain(name: str, table: Table, frame, fold: np.ndarray) -> float:
    """Return the mean AUC of a pipeline that knows nothing of the portfolio but which are texts."""
    import polars as pl

    given = frame.select(table.inputs)
    texts = [column for column, kind in given.schema.items() if kind == pl.String]
    numbers = [column for column in given.columns if column not in texts]
    rows = given.to_pandas()
    answered = np.empty(len(fold))
    for number in np.unique(fold):
        inside, outside = fold != number, fold == number
        pipeline = _pipeline(name, texts, numbers).fit(rows[inside], table.outcome[inside])
        answered[outside] = pipeline.predict_proba(rows[outside])[:, 1]
    log.info("%s done", name)
    return _mean_auc(table.outcome, answered, fold)


def _pipeline(name: str, texts: Sequence[str], numbers: Sequence[str]):
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    last = HistGradientBoostingClassifier(random_state=0)
    if name == "logistic":
        last = LogisticRegression(max_iter=1_000)
    seen = scaled if name == "logistic" else "passthrough"
    return make_pipeline(ColumnTransformer([("text", one_hot, texts), ("number", seen, numbers)]), last)


def _mean_auc(outcome: np.ndarray, said: np.ndarray, fold: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    return float(np.mean([roc_auc_score(outcome[fold == n], said[fold == n]) for n in np.unique(fold)]))


if __name__ == "__main__":
    main()
