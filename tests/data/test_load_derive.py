"""Columns that a file lacks, made of its days and codes."""

from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.load_derive import ISO, RuleError, Rules
from data.schema import literal

HEADER = {"born": "VARCHAR", "asked": "VARCHAR", "code": "VARCHAR", "number": "VARCHAR"}
FRENCH = ("%d/%m/%Y", "%Y-%m-%d")
RULES = Rules.declared(
    {
        "dates": list(FRENCH),
        "derive": {
            "AGE": {"years": ["born", "asked"]},
            "MONTH": {"month": "asked"},
            "YEAR": {"year": "asked"},
            "SINCE": {"days_since": ["asked", "2021-01-01"]},
            "STATE": {
                "first": [
                    {"value": "IN", "when": {"code": ["1", "2"]}},
                    {"value": "OUT", "when": {"number": []}},
                ],
                "otherwise": "NEVER",
            },
        },
    }
)


def made(name, kind="BIGINT", lenient=False, rules=RULES, **row):
    values = ", ".join(
        f"{'NULL' if row.get(column) is None else literal(row[column])} AS {column}" for column in HEADER
    )
    sql = rules.value(name, kind, HEADER, lambda column: column, lenient)
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {sql} FROM (SELECT {values})").fetchone()[0]


class TestYears:
    @pytest.mark.parametrize(
        ("born", "asked", "age"),
        [
            ("04/07/1988", "03/07/2018", 29),
            ("04/07/1988", "04/07/2018", 30),
            ("1988-07-04", "04/07/2018", 30),
            (" 4/7/1988 ", "4/7/2018", 30),
            ("29/02/2000", "28/02/2021", 20),
            ("29/02/2000", "01/03/2021", 21),
            ("01/01/2022", "01/01/2020", -2),
        ],
    )
    def test_are_those_gone_by(self, born, asked, age):
        assert made("AGE", born=born, asked=asked) == age

    def test_are_missing_where_a_day_is(self):
        for row in ({"born": None, "asked": "04/07/2018"}, {"born": "04/07/1988", "asked": "  "}):
            assert made("AGE", **row) is None

    @settings(max_examples=20, deadline=None)
    @given(
        born=st.dates(date(1900, 1, 1), date(2020, 12, 31)),
        asked=st.dates(date(1900, 1, 1), date(2020, 12, 31)),
    )
    def test_agree_with_the_calendar(self, born, asked):
        early, late = sorted((born, asked))
        expected = late.year - early.year - ((late.month, late.day) < (early.month, early.day))
        told = made("AGE", born=early.isoformat(), asked=late.isoformat())
        assert told == expected


class TestDays:
    def test_give_their_month_and_year(self):
        assert (made("MONTH", asked="31/12/2019"), made("YEAR", asked="31/12/2019")) == (12, 2019)

    def test_are_counted_from_a_day_and_before_it(self):
        assert made("SINCE", asked="31/01/2021") == 30
        assert made("SINCE", "DOUBLE", asked="31/12/2020") == -1.0

    def test_that_are_none_stop_the_load_or_are_missing(self):
        with pytest.raises(duckdb.Error, match="is not a day"):
            made("MONTH", asked="31/02/2019")
        assert made("MONTH", asked="31/02/2019", lenient=True) is None

    def test_of_a_year_of_two_digits_are_not_of_the_first_century(self):
        rules = Rules.declared({"dates": ["%d/%m/%Y", "%d/%m/%y"], "derive": {"YEAR": {"year": "asked"}}})
        assert made("YEAR", rules=rules, asked="31/12/19") == 2019
        assert made("YEAR", rules=rules, asked="31/12/2019") == 2019
        with pytest.raises(duckdb.Error, match="is not a day"):
            made("YEAR", asked="31/12/19")

    def test_are_taken_as_they_are_from_parquet(self):
        sql = RULES.value("AGE", "BIGINT", {"born": "DATE", "asked": "TIMESTAMP"}, lambda name: name, False)
        row = "SELECT DATE '1988-07-04' AS born, TIMESTAMP '2018-07-04 10:00:00' AS asked"
        with duckdb.connect() as connection:
            assert connection.execute(f"SELECT {sql} FROM ({row})").fetchone() == (30,)

    def test_are_found_faulty_one_column_at_a_time(self):
        faults = dict(RULES.faults(["AGE", "MONTH"], HEADER, lambda name: name))
        assert list(faults) == ["born", "asked"]
        with duckdb.connect() as connection:
            found = connection.execute(f"SELECT {faults['born']} FROM (SELECT 'soon' AS born)").fetchone()
        assert found == (True,)

    def test_are_said_to_be_expected_as_the_portfolio_writes_them(self):
        assert RULES.expected() == "a day like 31/12/2021 or 2021-12-31"
        assert Rules.declared({"dates": ["%d/%m/%Y %H:%M"]}).expected() == "a day like 31/12/2021 14:05"
        assert Rules.declared({}).dates == ISO


class TestFirst:
    @pytest.mark.parametrize(
        ("code", "number", "state"),
        [("1", None, "IN"), ("2", "7", "IN"), ("0", "7", "OUT"), ("0", "", "NEVER"), (None, None, "NEVER")],
    )
    def test_takes_the_first_case_that_holds(self, code, number, state):
        assert made("STATE", "VARCHAR", code=code, number=number) == state

    def test_is_missing_where_no_case_holds_and_nothing_is_said_otherwise(self):
        rules = Rules.declared({"derive": {"A": {"first": [{"value": "IN", "when": {"code": ["1"]}}]}}})
        assert made("A", "VARCHAR", rules=rules, code="0") is None


class TestRules:
    def test_name_the_columns_that_they_need(self):
        assert RULES.needs("AGE") == ("born", "asked")
        assert RULES.needs("STATE") == ("code", "number")
        assert RULES.needs("SINCE") == ("asked",)
        assert RULES.needs("OTHER") == ()

    @pytest.mark.parametrize(
        "rule",
        [
            {},
            {"weeks": ["born", "asked"]},
            {"month": "asked", "year": "asked"},
            {"days_since": ["asked", "yesterday"]},
            {"days_since": "asked"},
        ],
    )
    def test_that_cannot_be_followed_are_refused_by_name(self, rule):
        with pytest.raises(RuleError, match="derive AGE"):
            Rules.declared({"derive": {"AGE": rule}})
