"""Our aggregates against those that a public kernel computed from the same rows.

The names on the left are ours, on the right the kernel's. A client without the rows in
question is missing in the kernel's table; ours says 0 where the feature is a total or a
count (nothing owed, no card), and missing elsewhere: both are checked, client by client.
"""

import re
from pathlib import Path

import duckdb
import narwhals as nw
import numpy as np
import polars as pl
import pytest

from config import settings
from data import portfolios
from data.portfolios.home_credit.histories import history

SAME = {
    "BUREAU_ACTIVE_SHARE": "BURO_CREDIT_ACTIVE_Active_MEAN",
    "BUREAU_DAYS_LAST": "BURO_DAYS_CREDIT_MAX",
    "BUREAU_DAYS_FIRST": "BURO_DAYS_CREDIT_MIN",
    "BUREAU_ACTIVE_DAYS_LAST": "ACTIVE_DAYS_CREDIT_MAX",
    "BUREAU_CLOSED_DAYS_LAST": "CLOSED_DAYS_CREDIT_MAX",
    "BUREAU_END_LAST": "BURO_DAYS_CREDIT_ENDDATE_MAX",
    "BUREAU_ACTIVE_END_MEAN": "ACTIVE_DAYS_CREDIT_ENDDATE_MEAN",
    "BUREAU_UPDATED_MEAN": "BURO_DAYS_CREDIT_UPDATE_MEAN",
    "BUREAU_CREDIT_MAX": "BURO_AMT_CREDIT_SUM_MAX",
    "BUREAU_CREDIT_MEAN": "BURO_AMT_CREDIT_SUM_MEAN",
    "BUREAU_DEBT_MEAN": "BURO_AMT_CREDIT_SUM_DEBT_MEAN",
    "BUREAU_OVERDUE_MAX_MEAN": "BURO_AMT_CREDIT_MAX_OVERDUE_MEAN",
    "BUREAU_OVERDUE_DAYS_MAX": "BURO_CREDIT_DAY_OVERDUE_MAX",
    "BUREAU_CARD_SHARE": "BURO_CREDIT_TYPE_Creditcard_MEAN",
    "BUREAU_MICRO_SHARE": "BURO_CREDIT_TYPE_Microloan_MEAN",
    "PREV_REFUSED_SHARE": "PREV_NAME_CONTRACT_STATUS_Refused_MEAN",
    "PREV_DAYS_LAST": "PREV_DAYS_DECISION_MAX",
    "PREV_DAYS_MEAN": "PREV_DAYS_DECISION_MEAN",
    "PREV_APPROVED_DAYS_LAST": "APPROVED_DAYS_DECISION_MAX",
    "PREV_REFUSED_DAYS_LAST": "REFUSED_DAYS_DECISION_MAX",
    "PREV_ASKED_GRANTED": "PREV_APP_CREDIT_PERC_MEAN",
    "PREV_DOWN_PAYMENT_MAX": "PREV_RATE_DOWN_PAYMENT_MAX",
    "PREV_ANNUITY_MAX": "APPROVED_AMT_ANNUITY_MAX",
    "PREV_CREDIT_MAX": "APPROVED_AMT_CREDIT_MAX",
    "PREV_TERM_MEAN": "APPROVED_CNT_PAYMENT_MEAN",
    "PREV_HIGH_RATE_SHARE": "PREV_NAME_YIELD_GROUP_high_MEAN",
    "PREV_CARD_SHARE": "PREV_NAME_CONTRACT_TYPE_Revolvingloans_MEAN",
    "PREV_WALK_IN_SHARE": "PREV_NAME_PRODUCT_TYPE_walkin_MEAN",
    "POS_MONTH_LAST": "POS_MONTHS_BALANCE_MAX",
    "POS_LATE_DAYS_MAX": "POS_SK_DPD_MAX",
    "POS_SERIOUS_LATE_MAX": "POS_SK_DPD_DEF_MAX",
    "POS_COMPLETED_SHARE": "POS_NAME_CONTRACT_STATUS_Completed_MEAN",
    "CARD_BALANCE_MEAN": "CC_AMT_BALANCE_MEAN",
    "CARD_LIMIT_MAX": "CC_AMT_CREDIT_LIMIT_ACTUAL_MAX",
    "CARD_CASH_COUNT_MEAN": "CC_CNT_DRAWINGS_ATM_CURRENT_MEAN",
    "CARD_DRAWINGS_MEAN": "CC_CNT_DRAWINGS_CURRENT_MEAN",
}
# Totals and counts: where the kernel has no row to add up, ours is 0.
ZERO_WITHOUT_ROWS = {
    "BUREAU_CREDIT_TOTAL": "BURO_AMT_CREDIT_SUM_SUM",
    "BUREAU_ACTIVE_CREDIT": "ACTIVE_AMT_CREDIT_SUM_SUM",
    "BUREAU_DEBT": "BURO_AMT_CREDIT_SUM_DEBT_SUM",
    "POS_MONTHS": "POS_COUNT",
    "CARD_MONTHS": "CC_COUNT",
    "CARD_CASH_TOTAL": "CC_AMT_DRAWINGS_ATM_CURRENT_SUM",
    "CARD_DRAWN_TOTAL": "CC_AMT_DRAWINGS_CURRENT_SUM",
    "CARD_MINIMUM_TOTAL": "CC_AMT_INST_MIN_REGULARITY_SUM",
    "CARD_PAID_TOTAL": "CC_AMT_PAYMENT_TOTAL_CURRENT_SUM",
}
# Collected for none of these clients: an empty table with the columns that the features read.
NOT_IN_DEEP = {
    "installments_payments": "NULL::BIGINT AS SK_ID_CURR, NULL::DOUBLE AS AMT_INSTALMENT, "
    "NULL::DOUBLE AS AMT_PAYMENT, NULL::INTEGER AS DAYS_INSTALMENT, NULL::INTEGER AS DAYS_ENTRY_PAYMENT",
}


@pytest.fixture(scope="module")
def folder() -> Path:
    if settings().real_data_dir is None:
        pytest.skip("REAL_DATA_DIR is not set")
    return Path(settings().real_data_dir) / "home_credit"


@pytest.fixture(scope="module")
def kernel(folder) -> pl.DataFrame:
    """Both of the kernel's files, their names stripped of all but letters, digits and _."""
    frames = [pl.read_parquet(path) for path in sorted((folder / "golden_kernel_features").glob("*.parquet"))]
    wanted = ["SK_ID_CURR", *SAME.values(), *ZERO_WITHOUT_ROWS.values()]
    plain = [frame.rename({name: re.sub(r"\W", "", name) for name in frame.columns}) for frame in frames]
    return pl.concat([frame.select(pl.col(wanted).cast(pl.Float64)) for frame in plain]).fill_nan(None)


@pytest.fixture(scope="module", params=["duckdb", "polars"])
def ours(request, folder, kernel) -> pl.DataFrame:
    """Our history of the kernel's clients, in the order of the kernel's rows."""
    connection = duckdb.connect()
    tables = {}
    for family in portfolios.load("home_credit").families.values():
        for name in family["tables"]:
            if name in NOT_IN_DEEP:
                tables[name] = connection.sql(f"SELECT {NOT_IN_DEEP[name]} WHERE false")
            else:
                tables[name] = connection.read_parquet(str(folder / "deep" / f"{name}.parquet"))
    flags = ", ".join(f"{name not in NOT_IN_DEEP} AS {name}" for name in tables)
    ids = kernel["SK_ID_CURR"].cast(pl.Int64).to_list()
    connection.execute(f"CREATE TABLE clients AS SELECT unnest(?::BIGINT[]) AS SK_ID_CURR, {flags}", [ids])
    tables["clients"] = connection.table("clients")
    if request.param == "polars":
        tables = {name: table.pl().lazy() for name, table in tables.items()}
    made = nw.to_native(history({name: nw.from_native(table) for name, table in tables.items()}))
    made = made.collect() if request.param == "polars" else made.pl()
    in_order = pl.DataFrame({"SK_ID_CURR": ids}, schema={"SK_ID_CURR": pl.Int64})
    return in_order.join(made, on="SK_ID_CURR", how="left", maintain_order="left")


def test_every_client_of_the_kernel_is_ours(ours, kernel):
    assert ours["SK_ID_CURR"].to_list() == kernel["SK_ID_CURR"].to_list()
    assert ours.height == 788 + 499


@pytest.mark.parametrize(("name", "theirs"), (SAME | ZERO_WITHOUT_ROWS).items())
def test_the_same_quantity_has_the_same_value(ours, kernel, name, theirs):
    expected = kernel[theirs].to_numpy()
    known = ~np.isnan(expected)
    assert known.sum() > 100
    np.testing.assert_allclose(ours[name].to_numpy()[known], expected[known], rtol=1e-9, atol=0)


@pytest.mark.parametrize(("name", "theirs"), SAME.items())
def test_what_is_missing_in_the_kernel_is_missing_in_ours(ours, kernel, name, theirs):
    assert ours[name].is_null().to_list() == kernel[theirs].is_null().to_list()


@pytest.mark.parametrize(("name", "theirs"), ZERO_WITHOUT_ROWS.items())
def test_a_total_is_zero_where_the_kernel_has_no_row(ours, kernel, name, theirs):
    assert ours[name].null_count() == 0
    assert set(ours[name].filter(kernel[theirs].is_null()).to_list()) == {0.0}


def test_refusals_for_risk_are_the_two_score_codes_of_the_kernel_together(ours, folder):
    paths = sorted((folder / "golden_kernel_features").glob("*.parquet"))
    codes = ["PREV_CODE_REJECT_REASON_SCO_MEAN", "PREV_CODE_REJECT_REASON_SCOFR_MEAN"]
    both = pl.concat([pl.read_parquet(path, columns=codes).cast(pl.Float64) for path in paths])
    expected = both.sum_horizontal().to_numpy()
    known = ours["PREV_SCORE_REFUSED_SHARE"].is_not_null().to_numpy()
    ours_known = ours["PREV_SCORE_REFUSED_SHARE"].to_numpy()[known]
    np.testing.assert_allclose(ours_known, expected[known], rtol=1e-9, atol=1e-15)


def test_what_was_not_collected_is_missing_rather_than_zero(ours):
    assert ours["PAID_LARGEST"].null_count() == ours.height
    assert ours["PAID_TOTAL"].null_count() == ours.height
