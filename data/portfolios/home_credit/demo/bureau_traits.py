"""Loans with other lenders as traits: what varies from loan to loan."""

import polars as pl

from data.demo.traits import Trait

STATES = ("Active", "Sold", "Bad debt", "Closed")
NULLABLE = (
    "DAYS_CREDIT_ENDDATE",
    "AMT_CREDIT_SUM_DEBT",
    "AMT_CREDIT_SUM_LIMIT",
    "AMT_CREDIT_MAX_OVERDUE",
    "AMT_ANNUITY",
)
# An amortising debt falls a little slower than time passes.
AMORTISATION = 0.75
_MAIN = ("Consumer credit", "Credit card")
OLD = 1_500  # days: loans older than this are taken together


def main_kind(kind: pl.Expr) -> pl.Expr:
    """Return "Consumer credit", "Credit card" or "others"."""
    return pl.when(kind.is_in(_MAIN)).then(kind).otherwise(pl.lit("others"))


def years(opened: pl.Expr) -> pl.Expr:
    """Return how many full years ago, as text."""
    return (opened / 365.25).floor().cast(pl.Int64).cast(pl.String)


def traits(loans: pl.DataFrame, months: pl.DataFrame) -> pl.DataFrame:
    """Return the traits of each loan; ``months`` are those of ``bureau_balance``."""
    opened = -pl.col("DAYS_CREDIT")
    term = pl.col("DAYS_CREDIT_ENDDATE") - pl.col("DAYS_CREDIT")
    known_term = pl.when(term.is_between(1, 20_000)).then(term)
    kind, active = main_kind(pl.col("CREDIT_TYPE")), pl.col("CREDIT_ACTIVE") == "Active"
    amount = pl.when(pl.col("AMT_CREDIT_SUM") > 0).then(pl.col("AMT_CREDIT_SUM"))
    left = pl.col("DAYS_CREDIT_ENDDATE") / known_term
    expected = pl.when(kind == "Credit card").then(1.0).otherwise(left.clip(0.02, 1) ** AMORTISATION)
    running = active & ((kind == "Credit card") | (pl.col("DAYS_CREDIT_ENDDATE") > 0))
    finish = (pl.col("DAYS_ENDDATE_FACT") - pl.col("DAYS_CREDIT")) / known_term
    reported = [pl.when(pl.col(name).is_null()).then(pl.lit("0")).otherwise(pl.lit("1")) for name in NULLABLE]
    return loans.join(_lateness(months), on="SK_ID_BUREAU", how="left", maintain_order="left").select(
        "SK_ID_CURR",
        kind=pl.col("CREDIT_TYPE"),
        opened=opened,
        amount=pl.col("AMT_CREDIT_SUM"),
        term=known_term,
        state=pl.col("CREDIT_ACTIVE"),
        finish=pl.when(pl.col("CREDIT_ACTIVE") == "Closed").then(finish.clip(0, 6)),
        reported=pl.concat_str(reported),
        burden=pl.when(running).then((pl.col("AMT_CREDIT_SUM_DEBT") / amount / expected).clip(0, 3)),
        overdue_now=_yes(active, pl.col("CREDIT_DAY_OVERDUE") > 0),
        overdue_most=pl.col("AMT_CREDIT_MAX_OVERDUE"),
        annuity=pl.col("AMT_ANNUITY"),
        update=pl.when(pl.col("CREDIT_ACTIVE") == "Closed")
        .then(pl.col("DAYS_CREDIT_UPDATE") - pl.col("DAYS_ENDDATE_FACT"))
        .otherwise(-pl.col("DAYS_CREDIT_UPDATE")),
        prolonged=pl.col("CNT_CREDIT_PROLONG").cast(pl.String),
        late_once="late_once",
        silent="silent",
        main=kind,
        main_state=kind + "|" + pl.col("CREDIT_ACTIVE"),
        main_years=kind + "|" + years(opened),
        lasting=pl.when(kind == "others")
        .then(pl.col("CREDIT_TYPE"))
        .otherwise(kind + "|" + pl.col("CREDIT_ACTIVE") + "|" + years(opened.clip(0, OLD))),
    )


def specification() -> tuple[Trait, ...]:
    """Return how each trait of a loan is measured."""
    return (
        Trait("kind", order_by="amount"),
        Trait("opened"),
        Trait("amount", by="kind"),
        Trait("term", by="lasting"),
        Trait("state", order=STATES, by="main_years"),
        Trait("finish", by="main"),
        Trait("reported", order_by="opened", by="main_state"),
        Trait("burden", by="main"),
        Trait("overdue_now", order=("no", "yes")),
        Trait("overdue_most", by="main"),
        Trait("annuity", by="main_state"),
        Trait("update", by="state"),
        Trait("prolonged", order=("0", "1", "2", "3")),
        Trait("late_once", order=("no", "yes"), by="main"),
        Trait("silent", order=("none", "some", "all"), by="main_state"),
    )


def _yes(where: pl.Expr, condition: pl.Expr) -> pl.Expr:
    return pl.when(where).then(pl.when(condition).then(pl.lit("yes")).otherwise(pl.lit("no")))


def _lateness(months: pl.DataFrame) -> pl.DataFrame:
    """By loan: ever late, and whether its months are reported with a status or as X."""
    silent, late = pl.col("STATUS") == "X", pl.col("STATUS").is_in(["1", "2", "3", "4", "5"])
    share = silent.mean()
    return months.group_by("SK_ID_BUREAU").agg(
        late_once=_yes((~silent).sum() >= 3, late.any()),
        silent=pl.when(share == 0)
        .then(pl.lit("none"))
        .when(share == 1)
        .then(pl.lit("all"))
        .otherwise(pl.lit("some")),
    )
