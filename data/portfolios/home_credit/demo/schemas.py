"""The published files: their columns and types, and groups of columns that belong together."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import polars as pl

from data.schema import read

BUILDING = (
    "APARTMENTS", "BASEMENTAREA", "YEARS_BEGINEXPLUATATION", "YEARS_BUILD", "COMMONAREA", "ELEVATORS",
    "ENTRANCES", "FLOORSMAX", "FLOORSMIN", "LANDAREA", "LIVINGAPARTMENTS", "LIVINGAREA",
    "NONLIVINGAPARTMENTS", "NONLIVINGAREA",
)  # fmt: skip
MISMATCH = (
    "REG_REGION_NOT_LIVE_REGION", "REG_REGION_NOT_WORK_REGION", "LIVE_REGION_NOT_WORK_REGION",
    "REG_CITY_NOT_LIVE_CITY", "REG_CITY_NOT_WORK_CITY", "LIVE_CITY_NOT_WORK_CITY",
)  # fmt: skip
DOCUMENTS = tuple(f"FLAG_DOCUMENT_{number}" for number in range(2, 22))
REQUESTS = tuple(f"AMT_REQ_CREDIT_BUREAU_{span}" for span in ("HOUR", "DAY", "WEEK", "MON", "QRT", "YEAR"))
HISTORIES = (
    "bureau", "bureau_balance", "previous_application", "POS_CASH_balance", "credit_card_balance",
    "installments_payments",
)  # fmt: skip
_TYPES = {"BIGINT": pl.Int64, "DOUBLE": pl.Float64, "VARCHAR": pl.String}


@cache
def published() -> Mapping[str, Mapping[str, type[pl.DataType]]]:
    """Return the columns and types of each published file, as ``schema.sql`` has them."""
    schema = read(Path(__file__).parent.parent / "schema.sql", "application")
    tables = {
        name: {column: _TYPES[kind] for column, kind in table.columns.items()}
        for name, table in schema.tables.items()
    }
    labelled = tables["application"]
    unlabelled = {column: kind for column, kind in labelled.items() if column != "TARGET"}
    files = {"application_train": labelled, "application_test": unlabelled}
    return files | {name: tables[name] for name in HISTORIES}
