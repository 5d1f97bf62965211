"""Child tables to one row per client, against values worked out by hand, on three engines."""

import duckdb
import narwhals as nw
import polars as pl
import pytest

from data import features, portfolios
from data.schema import schema_of

PORTFOLIO = portfolios.load("home_credit")
CLIENTS = {"SK_ID_CURR": [1, 2, 3]}
# The first client has rows, the second none though all was collected, the third was not collected.
COLLECTED = [True, True, False]
ROWS = {
    "bureau": [
        {"SK_ID_CURR": 1, "SK_ID_BUREAU": 11, "CREDIT_ACTIVE": "Active", "CREDIT_TYPE": "Credit card",
         "DAYS_CREDIT": -100, "AMT_CREDIT_SUM": 1_000.0, "AMT_CREDIT_SUM_DEBT": 500.0, "AMT_ANNUITY": 40.0},
        {"SK_ID_CURR": 1, "SK_ID_BUREAU": 12, "CREDIT_ACTIVE": "Closed", "CREDIT_TYPE": "Microloan",
         "DAYS_CREDIT": -900, "AMT_CREDIT_SUM": 3_000.0, "DAYS_CREDIT_ENDDATE": -300.0,
         "DAYS_ENDDATE_FACT": -400.0},
        {"SK_ID_CURR": 3, "SK_ID_BUREAU": 13, "CREDIT_ACTIVE": "Active", "DAYS_CREDIT": -5},
    ],
    "bureau_balance": [
        {"SK_ID_BUREAU": 11, "MONTHS_BALANCE": -1, "STATUS": "0"},
        {"SK_ID_BUREAU": 11, "MONTHS_BALANCE": -2, "STATUS": "1"},
        {"SK_ID_BUREAU": 12, "MONTHS_BALANCE": -20, "STATUS": "5"},
        {"SK_ID_BUREAU": 12, "MONTHS_BALANCE": -1, "STATUS": "C"},
        {"SK_ID_BUREAU": 12, "MONTHS_BALANCE": -2, "STATUS": "X"},
    ],
    "previous_application": [
        {"SK_ID_CURR": 1, "NAME_CONTRACT_STATUS": "Approved", "DAYS_DECISION": -700, "AMT_CREDIT": 1_000.0,
         "AMT_APPLICATION": 900.0, "AMT_ANNUITY": 110.0, "CNT_PAYMENT": 10.0, "DAYS_TERMINATION": 365_243.0},
        {"SK_ID_CURR": 1, "NAME_CONTRACT_STATUS": "Refused", "DAYS_DECISION": -50, "AMT_CREDIT": 0.0,
         "AMT_APPLICATION": 0.0, "CODE_REJECT_REASON": "SCO", "DAYS_TERMINATION": -10.0},
    ],
    "POS_CASH_balance": [
        {"SK_ID_CURR": 1, "MONTHS_BALANCE": -3, "CNT_INSTALMENT_FUTURE": 9.0, "SK_DPD": 4},
        {"SK_ID_CURR": 1, "MONTHS_BALANCE": -2, "CNT_INSTALMENT_FUTURE": 6.0, "SK_DPD": 0},
        {"SK_ID_CURR": 1, "MONTHS_BALANCE": -2, "CNT_INSTALMENT_FUTURE": 1.0, "SK_DPD": 0},
    ],
    "installments_payments": [
        {"SK_ID_CURR": 1, "DAYS_INSTALMENT": -30, "DAYS_ENTRY_PAYMENT": -25, "AMT_INSTALMENT": 100.0,
         "AMT_PAYMENT": 100.0},
        {"SK_ID_CURR": 1, "DAYS_INSTALMENT": -400, "DAYS_ENTRY_PAYMENT": -400, "AMT_INSTALMENT": 300.0,
         "AMT_PAYMENT": 200.0},
        {"SK_ID_CURR": 1, "DAYS_INSTALMENT": -5, "AMT_INSTALMENT": 100.0},
    ],
    "credit_card_balance": [
        {"SK_ID_CURR": 1, "MONTHS_BALANCE": -2, "AMT_BALANCE": 50.0, "AMT_CREDIT_LIMIT_ACTUAL": 100,
         "SK_DPD": 0, "AMT_DRAWINGS_ATM_CURRENT": 30.0, "AMT_DRAWINGS_CURRENT": 40.0,
         "AMT_PAYMENT_TOTAL_CURRENT": 7.0},
        {"SK_ID_CURR": 1, "MONTHS_BALANCE": -1, "AMT_BALANCE": 20.0, "AMT_CREDIT_LIMIT_ACTUAL": 200,
         "SK_DPD": 0, "AMT_DRAWINGS_CURRENT": 10.0, "AMT_PAYMENT_TOTAL_CURRENT": 28.0},
        {"SK_ID_CURR": 1, "MONTHS_BALANCE": -3, "AMT_BALANCE": 0.0, "AMT_CREDIT_LIMIT_ACTUAL": 0,
         "SK_DPD": 3},
    ],
}  # fmt: skip
EXPECTED = {
    "BUREAU_COUNT": (2, 0),
    "BUREAU_ACTIVE_SHARE": (0.5, None),
    "BUREAU_RECENT_COUNT": (1, 0),
    "BUREAU_DAYS_LAST": (-100, None),
    "BUREAU_EARLY_MEAN": (100, None),
    "BUREAU_CREDIT_TOTAL": (4_000, 0),
    "BUREAU_DEBT": (500, 0),
    "BUREAU_DEBT_MEAN": (500, None),
    "BUREAU_DEBT_SHARE": (0.125, None),
    "BUREAU_CARD_USE": (0.5, None),
    "BUREAU_ANNUITY": (40, 0),
    "BUREAU_LATE_SHARE": (2 / 3, None),
    "BUREAU_LATE_SHARE_12": (0.5, None),
    "PREV_COUNT": (2, 0),
    "PREV_REFUSED_SHARE": (0.5, None),
    "PREV_SCORE_REFUSED_SHARE": (0.5, None),
    "PREV_REFUSED_DAYS_LAST": (-50, None),
    "PREV_END_LAST": (-10, None),
    "PREV_ASKED_GRANTED": (0.9, None),
    "PREV_COST_MAX": (1.1, None),
    "POS_MONTHS": (3, 0),
    "POS_LATE_SHARE": (1 / 3, None),
    "POS_LEFT": (7, 0),
    "PAID_LATE_SHARE": (0.5, None),
    "PAID_LATE_SHARE_12": (1, None),
    "PAID_DUE_SHARE": (0.6, None),
    "CARD_MONTHS": (3, 0),
    "CARD_USE_MEAN": (0.3, None),
    "CARD_USE_LAST": (0.1, None),
    "CARD_DRAWN_LIMIT": (0.225, None),
    "CARD_PAID_BALANCE": (0.5, None),
    "CARD_PAID_DRAWN": (0.7, None),
    "CARD_LATE_SHARE": (1 / 3, None),
    "CARD_CASH_SHARE": (0.6, None),
}


def child_tables(engine: str, rows: dict = ROWS, collected: dict | None = None) -> dict:
    """The tables of ROWS, with all their columns and types, in ``engine``."""
    connection = duckdb.connect()
    tables = {}
    for name, lines in rows.items():
        columns = schema_of(PORTFOLIO).tables[name].columns.items()
        connection.execute(
            f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in columns)})"
        )
        for line in lines:
            names, marks = ", ".join(line), ", ".join("?" * len(line))
            connection.execute(f"INSERT INTO {name} ({names}) VALUES ({marks})", list(line.values()))
        tables[name] = connection.table(name)
    flags = {name: (collected or {}).get(name, COLLECTED) for name in rows}
    listed = ", ".join(f'unnest({values}) AS "{name}"' for name, values in (CLIENTS | flags).items())
    connection.execute(f"CREATE TABLE clients AS SELECT {listed}")
    tables["clients"] = connection.table("clients")
    if engine == "polars":
        return {name: table.pl().lazy() for name, table in tables.items()}
    if engine == "pandas":
        return {name: table.df() for name, table in tables.items()}
    return tables


def histories(engine: str = "duckdb", **options) -> pl.DataFrame:
    made = nw.from_native(features.history(PORTFOLIO, child_tables(engine, **options)))
    made = made.collect(backend="polars") if isinstance(made, nw.LazyFrame) else made
    return made.to_polars().sort("SK_ID_CURR")


@pytest.mark.parametrize("engine", ["duckdb", "polars", "pandas"])
def test_histories_are_as_worked_out_by_hand(engine):
    made = histories(engine)
    for name, (first, second) in EXPECTED.items():
        found = made[name].cast(pl.Float64).fill_nan(None).to_list()
        assert found == [pytest.approx(first), second, None], name


def test_histories_hold_the_columns_announced_and_what_is_covered():
    announced = [name for family in PORTFOLIO.families for name in PORTFOLIO.by_source(family)]
    covers = ["covered_bureau", "covered_previous", "covered_card"]
    made = histories()
    assert made.columns == ["SK_ID_CURR", *announced, *covers]
    assert {made.schema[name] for name in announced} == {pl.Float64}
    assert made.select(covers).rows() == [(True,) * 3, (True,) * 3, (False,) * 3]


def test_a_second_table_that_was_not_collected_is_missing_in_a_family_that_is_covered():
    made = histories(collected={"bureau_balance": [False] * 3, "installments_payments": [False] * 3})
    assert made["covered_bureau"].to_list() == COLLECTED
    assert made["BUREAU_COUNT"].to_list() == [2, 0, None]
    assert made["BUREAU_LATE_SHARE"].to_list() == [None] * 3
    assert made["PAID_LARGEST"].to_list() == [None] * 3


def test_tables_without_a_row_give_zeros_where_they_were_collected():
    made = histories(rows={name: [] for name in ROWS})
    assert made["BUREAU_DEBT"].to_list() == [0, 0, None]
    assert made["BUREAU_DAYS_LAST"].to_list() == [None] * 3


def test_the_order_of_the_rows_does_not_matter():
    backwards = {name: lines[::-1] for name, lines in ROWS.items()}
    assert histories(rows=backwards).equals(histories())


def test_months_of_a_loan_that_no_client_has_are_left_out():
    orphan = {"SK_ID_BUREAU": 99, "MONTHS_BALANCE": -1, "STATUS": "5"}
    more = ROWS | {"bureau_balance": [*ROWS["bureau_balance"], orphan]}
    assert histories(rows=more).equals(histories())
