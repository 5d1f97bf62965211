"""Earlier applications to this lender as traits: product, amounts, dates, what was said of them."""

import numpy as np
import polars as pl

from data.demo.traits import Trait

# Columns that go together: drawn as one label, taken apart again.
PRODUCT = ("NAME_PORTFOLIO", "NAME_PRODUCT_TYPE", "NAME_YIELD_GROUP", "PRODUCT_COMBINATION")
STATUSES = ("Approved", "Unused offer", "Canceled", "Refused")
SELLER = ("CHANNEL_TYPE", "NAME_SELLER_INDUSTRY", "NAME_GOODS_CATEGORY")
CONSUMER, CASH, REVOLVING = "Consumer loans", "Cash loans", "Revolving loans"
NEVER = 365_243  # the source's way of writing a date not yet known
MONTH = 365.25 / 12
_WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def traits(applications: pl.DataFrame, months: pl.DataFrame) -> pl.DataFrame:
    """Return the traits of each earlier application; ``months`` are those of ``POS_CASH_balance``."""
    kind, status = pl.col("NAME_CONTRACT_TYPE"), pl.col("NAME_CONTRACT_STATUS")
    dated = applications.with_columns(
        monthly_rate=pl.Series(
            monthly_rate(
                *(applications[name].to_numpy() for name in ("AMT_CREDIT", "AMT_ANNUITY", "CNT_PAYMENT"))
            )
        ).fill_nan(None)
    )
    planned, first = pl.col("DAYS_LAST_DUE_1ST_VERSION"), pl.col("DAYS_FIRST_DUE")
    ended = (pl.col("DAYS_LAST_DUE") < 0) & (planned < 0) & (planned > first) & (first < 0)
    amount = pl.when(pl.col("AMT_APPLICATION") > 0).then(pl.col("AMT_APPLICATION"))
    approved = status == "Approved"
    return dated.join(_lateness(months), on="SK_ID_PREV", how="left", maintain_order="left").select(
        "SK_ID_CURR",
        kind=kind,
        status=status,
        product=pl.concat_str([pl.col(name).fill_null("") for name in PRODUCT], separator="|"),
        decided=-pl.col("DAYS_DECISION"),
        seller=pl.concat_str(SELLER, separator="|"),
        area=pl.col("SELLERPLACE_AREA"),
        asked_for=pl.when(amount.is_null()).then(pl.lit("nothing")).otherwise(pl.lit("amount")),
        asked=amount,
        granted=pl.when(kind != REVOLVING).then(
            (pl.col("AMT_CREDIT") + pl.col("AMT_DOWN_PAYMENT").fill_null(0)) / amount
        ),
        down=pl.when((kind == CONSUMER) & amount.is_not_null())
        .then(pl.col("AMT_DOWN_PAYMENT") / amount)
        .clip(0, 0.9),
        limit=pl.when(kind == REVOLVING).then(pl.col("AMT_CREDIT")),
        term=pl.when(pl.col("CNT_PAYMENT") > 0).then(pl.col("CNT_PAYMENT").cast(pl.Int64).cast(pl.String)),
        monthly_rate="monthly_rate",
        finish=pl.when(ended).then(
            ((pl.col("DAYS_LAST_DUE") - first) / (planned - first)).clip(0, 1).cast(pl.Float64)
        ),
        first_wait=pl.when(approved & (first < 0) & (kind != REVOLVING)).then(
            (first - pl.col("DAYS_DECISION")).clip(28, 90)
        ),
        purpose=pl.when(kind == CASH).then(pl.col("NAME_CASH_LOAN_PURPOSE")),
        payment=pl.col("NAME_PAYMENT_TYPE"),
        reject=pl.when(status == "Refused").then(pl.col("CODE_REJECT_REASON")),
        suite=pl.col("NAME_TYPE_SUITE").fill_null("none"),
        weekday=pl.col("WEEKDAY_APPR_PROCESS_START"),
        hour=pl.col("HOUR_APPR_PROCESS_START").cast(pl.String),
        insured=pl.when(approved).then(pl.col("NFLAG_INSURED_ON_APPROVAL").cast(pl.Int64).cast(pl.String)),
        late_once="late_once",
        kind_status=kind + "|" + status,
        channel=pl.col("CHANNEL_TYPE"),
        combination=kind + "|" + pl.col("PRODUCT_COMBINATION").fill_null(""),
        yield_group=kind + "|" + pl.col("NAME_YIELD_GROUP"),
    )


def specification(frame: pl.DataFrame) -> tuple[Trait, ...]:
    """Return how each trait of an earlier application is measured."""
    terms = tuple(sorted(frame["term"].drop_nulls().unique().to_list(), key=int))
    hours = tuple(sorted(frame["hour"].drop_nulls().unique().to_list(), key=int))
    return (
        Trait("kind", order=(CONSUMER, CASH, REVOLVING)),
        Trait("status", by="kind", order=STATUSES),
        Trait("product", by="kind_status", order_by="asked"),
        Trait("decided", by="kind_status"),
        Trait("seller", by="combination", order_by="area"),
        Trait("area", by="channel"),
        Trait("asked_for", by="kind_status", order=("nothing", "amount")),
        Trait("asked", by="combination"),
        Trait("granted", by="kind"),
        Trait("down"),
        Trait("limit"),
        Trait("term", by="combination", order=terms),
        Trait("monthly_rate", by="yield_group"),
        Trait("finish", by="kind"),
        Trait("first_wait", by="kind"),
        Trait("purpose", by="kind_status", order_by="asked"),
        Trait("payment", by="kind_status"),
        Trait("reject", by="kind", order_by="decided"),
        Trait("suite", by="kind_status", order_by="asked"),
        Trait("weekday", order=_WEEK),
        Trait("hour", by="kind", order=hours),
        Trait("insured", by="yield_group", order=("0", "1")),
        Trait("late_once", by="kind", order=("no", "yes")),
    )


def monthly_rate(credit: np.ndarray, annuity: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Return the monthly rate at which ``count`` annuities repay ``credit`` (NaN where there is none)."""
    valid = (credit > 0) & (annuity > 0) & (count > 1) & (annuity * count > credit)
    credit, annuity, count = (np.where(valid, values, 1.0) for values in (credit, annuity, count))
    low, high = np.zeros(len(credit)), np.full(len(credit), 0.2)
    for _ in range(40):
        middle = (low + high) / 2
        enough = annuity * (1 - (1 + middle) ** -count) / middle > credit
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    return np.where(valid, low, np.nan)


def _lateness(months: pl.DataFrame) -> pl.DataFrame:
    late = (pl.col("SK_DPD") > 0).any()
    return months.group_by("SK_ID_PREV").agg(
        late_once=pl.when(pl.len() >= 3).then(pl.when(late).then(pl.lit("yes")).otherwise(pl.lit("no")))
    )
