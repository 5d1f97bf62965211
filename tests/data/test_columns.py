"""What ``columns.csv`` of the credit portfolio promises to all that read it."""

import csv
import re
from collections import Counter

import polars as pl
import pytest

from config import settings
from data import features, portfolios
from data.schema import schema_of

PORTFOLIO = portfolios.load("home_credit")
COLUMNS = PORTFOLIO.columns
INPUTS = [COLUMNS[name] for name in PORTFOLIO.inputs]
FAMILIES = ("application", *PORTFOLIO.families)
THEMES = (
    "external",
    "request",
    "budget",
    "work",
    "housing",
    "identity",
    "circle",
    "elsewhere",
    "previous",
    "card",
)
UNITS = (
    "",
    "of_one",
    "percent",
    "days_ago",
    "days",
    "days_when",
    "months",
    "months_when",
    "years",
    "times",
    "hour",
    "currency",
)
HEADER = (
    "name,kind,role,source,family,theme,unit,decimals,low,high,monotone,actionable,step,"
    "limit_low,limit_high,told_by,label_fr,label_en"
)


def rows() -> list[list[str]]:
    with (PORTFOLIO.folder / "columns.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def test_every_line_is_complete_and_no_column_comes_twice():
    header, *lines = rows()
    assert header == HEADER.split(",")
    assert {len(line) for line in lines} == {len(header)}
    assert max(Counter(line[0] for line in lines).values()) == 1


def test_every_column_of_an_application_has_its_line():
    table = schema_of(PORTFOLIO).tables[PORTFOLIO.main_table]
    assert set(PORTFOLIO.given) == set(table.columns)
    assert len(PORTFOLIO.given) == 122


def test_there_are_well_chosen_inputs_rather_than_many():
    assert len(INPUTS) <= 155
    assert Counter(column.family for column in INPUTS)["application"] <= 90


def test_sex_age_and_family_status_are_protected():
    protected = {name for name, column in COLUMNS.items() if column.role == "protected"}
    assert protected == {"CODE_GENDER", "DAYS_BIRTH", "NAME_FAMILY_STATUS"}


def test_codes_are_those_that_the_rooms_know():
    for column in COLUMNS.values():
        assert column.family in FAMILIES, column.name
        assert column.source in (*FAMILIES, "made"), column.name
        assert column.unit in UNITS, column.name
        assert column.monotone in (-1, 0, 1), column.name
        assert column.actionable in (-1, 0, 1, 2), column.name
        assert column.theme in THEMES or column.role in ("id", "target"), column.name


def test_a_history_column_belongs_to_the_family_it_comes_from():
    for family in PORTFOLIO.families:
        assert {COLUMNS[name].family for name in PORTFOLIO.by_source(family)} == {family}


def test_bounds_and_limits_are_in_order():
    for column in COLUMNS.values():
        for low, high in ((column.low, column.high), (column.limit_low, column.limit_high)):
            assert low is None or high is None or low < high, column.name


@pytest.mark.parametrize("column", INPUTS, ids=lambda column: column.name)
def test_an_input_is_told_by_an_input_that_tells_itself(column):
    teller = COLUMNS[column.told_by]
    assert teller.role == "input"
    assert teller.told_by == teller.name


def test_only_what_is_asked_or_owed_can_be_acted_upon():
    levers = {name for name, column in COLUMNS.items() if column.actionable}
    assert levers == {"AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE", "BUREAU_DEBT"}
    assert all(COLUMNS[name].step and COLUMNS[name].limit_low is not None for name in levers)


def test_only_inputs_have_a_direction_and_categories_have_none():
    for column in COLUMNS.values():
        if column.role != "input" or column.kind == "category":
            assert column.monotone == 0, column.name


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_labels_are_words_and_each_input_has_its_own(lang):
    labels = {column.name: column.label(lang) for column in COLUMNS.values()}
    for name, label in labels.items():
        assert len(label) >= 3, name
        assert label[0].isupper(), name
        assert not re.search(r"_|[A-Z]{4}|'|\s$", label), f"{name}: {label}"
    assert max(Counter(labels[column.name] for column in INPUTS).values()) == 1


def test_the_labels_are_not_the_same_in_both_languages():
    same = [column.name for column in INPUTS if column.label_fr == column.label_en]
    assert same == []


def test_every_made_column_is_computed_and_nothing_else():
    given = pl.DataFrame({PORTFOLIO.id_column: [1]})
    made = set(features.applicant(PORTFOLIO, given).columns)
    assert made == set(COLUMNS) - {PORTFOLIO.target}


@pytest.mark.parametrize("folder", ["wide", "deep", "history", "sample"])
def test_real_applications_lie_within_the_bounds(folder):
    if settings().real_data_dir is None:
        pytest.skip("REAL_DATA_DIR is not set")
    path = settings().real_data_dir / "home_credit" / folder / "application_train.parquet"
    frame = features.applicant(PORTFOLIO, pl.read_parquet(path))
    for column in COLUMNS.values():
        if column.role in ("id", "target") or frame.schema[column.name] == pl.String:
            continue
        values = frame[column.name].drop_nulls()
        assert values.is_finite().all(), column.name
        assert column.low is None or not (values < column.low).any(), column.name
        assert column.high is None or not (values > column.high).any(), column.name
