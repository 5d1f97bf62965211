"""The profile of the Home Credit schema, measured on folders of real rows."""

import logging
from pathlib import Path

import numpy as np
import polars as pl

from data.demo import copula, scorecard
from data.demo.nested import MeasuredRows, measure_rows
from data.demo.traits import Scored, Trait, measure
from data.portfolios.home_credit.demo import applicant_traits, bureau_traits, card_traits, previous_traits
from data.portfolios.home_credit.demo.schemas import BUILDING

LOG = logging.getLogger(__name__)
_ID = "SK_ID_CURR"
# Past conduct that weighs on the outcome beyond what the application says.
CONDUCT = (
    "bureau:opened", "bureau:state", "bureau:burden", "bureau:late_once", "previous:status",
    "previous:decided", "previous:asked", "previous:down", "previous:late_once", "card_use", "card_draws",
)  # fmt: skip


def measure_folder(folder: Path) -> dict:
    """Return the profile of the real rows under ``folder`` (``wide``, ``history``, ``deep``, ``sample``)."""
    applications = pl.read_parquet(folder / "wide" / "application_train.parquet")
    target, clients = applications["TARGET"].to_numpy(), applications[_ID]
    large = applicant_traits.large_organisations(applications)
    frame = applicant_traits.traits(applications, large).with_columns(risk=applications["TARGET"])
    LOG.info("measuring %d applications", len(frame))
    applicant = {trait.name: measure(trait, frame) for trait in applicant_traits.specification(frame)}
    card = _cards(folder, clients)
    counts = {"bureau:count": _count(folder, "history", "bureau", clients)}
    counts |= {"previous:count": _count(folder, "deep", "previous_application", clients)}
    LOG.info("measuring loans and earlier applications")
    bureau, previous = _bureau(folder, clients), _previous(folder, clients)
    single = applicant | card | counts
    effects = {f"bureau:{k}": v for k, v in bureau.means.items()}
    effects |= {f"previous:{k}": v for k, v in previous.means.items()}
    blocks = {len(single): bureau.between, len(single) + len(bureau.means): previous.between}
    points = scorecard.fit(frame.select(list(applicant)), target)
    LOG.info("measuring dependence between %d traits", len(single) + len(effects))
    return {
        "large_organisations": large,
        "building_ratios": _building_ratios(applications),
        "single": {name: scored.summary for name, scored in single.items()},
        "order": [*single, *effects],
        "correlation": copula.pack(copula.latent_correlation([*single.values(), *effects.values()], blocks)),
        "bureau": bureau.kept,
        "previous": previous.kept,
        "delay": _delay(folder),
        "lateness": _steps(pl.read_parquet(folder / "history" / "bureau_balance.parquet")),
        "scorecard": points,
        "conduct": _conduct(single | effects, scorecard.points(points, frame), target),
    }


def _building_ratios(applications: pl.DataFrame) -> dict[str, dict]:
    """Ratios of the mode and the median of each figure of a building to its average."""
    ratios = applications.select(
        (pl.col(f"{name}_{kind}") / pl.when(pl.col(f"{name}_AVG") > 0).then(pl.col(f"{name}_AVG")))
        .clip(0, 3)
        .alias(f"{name}_{kind}")
        for kind in ("MODE", "MEDI")
        for name in BUILDING
    )
    return {name: measure(Trait(name), ratios).summary for name in ratios.columns}


def _count(folder: Path, part: str, table: str, clients: pl.Series) -> Scored:
    """Number of rows per client; missing for those whose history was not collected."""
    collected = pl.read_parquet(folder / part / "application_train.parquet", columns=[_ID])
    sizes = pl.scan_parquet(folder / part / f"{table}.parquet").group_by(_ID).len().collect()
    known = collected.join(sizes, on=_ID, how="left").with_columns(
        pl.col("len").fill_null(0).cast(pl.Float64)
    )
    frame = clients.to_frame().join(known, on=_ID, how="left", maintain_order="left")
    return measure(Trait("len"), frame)


def _bureau(folder: Path, clients: pl.Series) -> MeasuredRows:
    loans = pl.read_parquet(folder / "history" / "bureau.parquet")
    months = pl.read_parquet(folder / "history" / "bureau_balance.parquet")
    return measure_rows(bureau_traits.specification(), bureau_traits.traits(loans, months), _ID, clients)


def _previous(folder: Path, clients: pl.Series) -> MeasuredRows:
    earlier = pl.read_parquet(folder / "deep" / "previous_application.parquet")
    earlier = earlier.filter(pl.col("NAME_CONTRACT_TYPE") != "XNA")
    months = pl.read_parquet(folder / "deep" / "POS_CASH_balance.parquet")
    frame = previous_traits.traits(earlier, months)
    return measure_rows(previous_traits.specification(frame), frame, _ID, clients)


def _cards(folder: Path, clients: pl.Series) -> dict[str, Scored]:
    months = pl.read_parquet(folder / "history" / "credit_card_balance.parquet")
    frame = clients.to_frame().join(card_traits.traits(months), on=_ID, how="left", maintain_order="left")
    return {trait.name: measure(trait, frame) for trait in card_traits.specification()}


def _delay(folder: Path) -> dict:
    """Days between due date and payment of ordinary loans, of clients who repaid.

    The folder ``sample`` was chosen to hold many of the others.
    """
    repaid = pl.read_parquet(folder / "sample" / "application_train.parquet").filter(pl.col("TARGET") == 0)
    paid = pl.read_parquet(folder / "sample" / "installments_payments.parquet").filter(
        pl.col("NUM_INSTALMENT_VERSION") > 0
    )
    delay = (pl.col("DAYS_ENTRY_PAYMENT") - pl.col("DAYS_INSTALMENT")).alias("delay")
    frame = paid.join(repaid.select(_ID), on=_ID).with_columns(delay).drop_nulls("delay")
    by_client = measure_rows((Trait("delay"),), frame, _ID, repaid[_ID]).kept
    by_loan = measure_rows((Trait("delay"),), frame, "SK_ID_PREV", frame["SK_ID_PREV"].unique()).kept
    share = by_client["shares"]["delay"]
    return {
        "delay": by_client["traits"]["delay"],
        "client_share": share,
        "loan_share": round(by_loan["shares"]["delay"] - share, 3),
    }


def _steps(months: pl.DataFrame) -> list[list[float]]:
    """How lateness moves from month to month, among loans ever late: shares of 0 to 5 after 0 to 5."""
    known = months.filter(pl.col("STATUS").is_in(list("012345"))).with_columns(
        pl.col("STATUS").cast(pl.Int64)
    )
    late = known.filter((pl.col("STATUS") > 0).any().over("SK_ID_BUREAU")).sort(
        "SK_ID_BUREAU", "MONTHS_BALANCE"
    )
    pairs = late.with_columns(after=pl.col("STATUS").shift(-1).over("SK_ID_BUREAU")).drop_nulls("after")
    table = np.zeros((6, 6))
    for before, after, size in pairs.group_by("STATUS", "after").len().rows():
        table[before, after] = size
    return [[round(float(v), 4) for v in row / row.sum()] for row in table]


def _conduct(scored: dict[str, Scored], points: np.ndarray, target: np.ndarray) -> dict[str, float]:
    """Weights of past conduct on the log-odds, beside the points of the application."""
    columns = []
    for name in CONDUCT:
        scores, reliability = scored[name].scores, scored[name].reliability
        columns.append(np.nan_to_num(scores / np.nanstd(scores) * np.sqrt(reliability)))
    collected = ~np.isnan(scored["bureau:count"].scores)
    start = np.log(target.mean() / (1 - target.mean()))
    weights = scorecard.logistic(
        np.column_stack(columns)[collected], target[collected], 60.0, points[collected] + start
    )
    return {name: round(float(weight), 3) for name, weight in zip(CONDUCT, weights[1:], strict=True)}
