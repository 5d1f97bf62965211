"""Bands of numbers: as large as may be told, and named by the value that opens them."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from data import portfolios
from model import groups

PORTFOLIO = portfolios.load("home_credit")


def bands(values) -> list[groups.Group]:
    declared = {**PORTFOLIO.settings, "groups": {"wealth": {"column": "AMT_INCOME_TOTAL", "parts": 4}}}
    frame = pl.DataFrame({"AMT_INCOME_TOTAL": values}, schema={"AMT_INCOME_TOTAL": pl.Float64})
    return groups.split(replace(PORTFOLIO, settings=declared), "wealth", frame)


@pytest.mark.parametrize("parts_between", [True, False])
def test_a_band_opens_at_a_value_that_files_may_have(parts_between):
    whole = np.repeat(np.arange(1950, 1990), 10).astype(float)
    values = whole + 0.25 if parts_between else whole
    found = bands(values)
    assert sum(group.size for group in found) == len(values)
    for group in found[1:]:
        opened = values[group.rows].min()
        assert group.low == opened if not parts_between else group.low <= opened
        assert (values[~group.rows & (values >= group.low)] >= (group.high or np.inf)).all()


def test_what_is_missing_is_a_group_of_its_own():
    found = bands([None] * 40 + [float(value) for value in range(200)])
    assert [group.values for group in found if group.values] == [(None,)]
    assert found[-1].size == 40


def test_nothing_but_missing_values_is_one_group():
    assert [group.size for group in bands([None] * 50)] == [50]
