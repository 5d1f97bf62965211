"""Numbers as people write them: read back to what was meant, or not at all."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import flat_values as values
from data.schema import literal

CONNECTION = duckdb.connect(config={"threads": 1})


def read(text: str, mark: str = ".") -> float | None:
    """Return the number that a text stands for, None when it is none."""
    sql = values.number(values.numeral(literal(text)), mark, lenient=True)
    ((found,),) = CONNECTION.execute(f"SELECT {sql}").fetchall()
    return found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 234,50 €", 1234.5),
        ("1\u202f234,50\u00a0€", 1234.5),
        ("€1,234.50", 1234.5),
        ("-€5", -5.0),
        ("\u22123", -3.0),
        ("(12.5)", -12.5),
        ("12,5 %", 0.125),
        ("12,34%", 0.1234),
        ("1'000", 1000.0),
        ("1.234.567,8", 1234567.8),
        ("EUR 1 200", 1200.0),
        ("1,5E+03", 1500.0),
        (" 7 ", 7.0),
        ("0,125", 0.125),
        (".5", 0.5),
    ],
)
@pytest.mark.parametrize("mark", [",", "."])
def test_a_number_that_says_its_marks_is_read_whatever_its_column_says(text, number, mark):
    assert read(text, mark) == number


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [("1,234", ",", 1.234), ("1,234", ".", 1234.0), ("1.234", ",", 1234.0), ("1.234", ".", 1.234)],
)
def test_its_column_settles_a_number_that_may_be_read_in_two_ways(text, mark, number):
    assert read(text, mark) == number


@pytest.mark.parametrize(
    "text", ["06 12 34 56 78", "abc", "12 34", "1,23,45", "--", "", "NA", "n.d.", "inf", "?"]
)
def test_what_is_no_number_is_none(text):
    assert read(text, ".") is None
    assert read(text, ",") is None


NUMBERS = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)
GROUPS = st.sampled_from(
    [("", "."), ("", ","), (" ", ","), ("\u202f", ","), (",", "."), (".", ","), ("'", ".")]
)
AROUND = st.sampled_from(["{}", " {} ", "{} €", "{}€", "{}\u00a0EUR"])


@settings(max_examples=25, deadline=None)
@given(NUMBERS, GROUPS, AROUND)
def test_an_amount_with_decimals_reads_back_however_it_is_written(number, marks, around):
    thousands, decimals = marks
    written = f"{number:,.2f}".replace(",", "T").replace(".", decimals).replace("T", thousands)
    assert read(around.format(written), ".") == read(around.format(written), ",") == float(number)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_what_a_program_writes_reads_back_to_the_last_digit(numbers):
    told = {"v": values.numeral("v")}
    rows = f"(SELECT unnest([{', '.join(literal(repr(number)) for number in numbers)}]) AS v)"
    mark = values.marks(CONNECTION, rows, told, ".").get("v", "")
    found = CONNECTION.execute(
        f"SELECT {values.number(told['v'], mark, lenient=True)} FROM {rows}"
    ).fetchall()
    beyond = [abs(number) >= 1e300 for number in numbers]
    assert [value for (value,) in found] == [
        None if far else number for number, far in zip(numbers, beyond, strict=True)
    ]


def test_each_column_says_its_own_decimal_mark_and_the_file_speaks_for_the_others():
    rows = "(VALUES ('1,5', '1.234', '12', '4,857'), ('1,234', '2.500', '7', '4,856')) AS t(a, b, c, d)"
    told = {name: values.numeral(name) for name in "abcd"}
    assert values.marks(CONNECTION, rows, told, ".") == {"a": ",", "b": ",", "d": ","}


def test_columns_that_machines_wrote_need_no_mark():
    rows = "(VALUES ('1.5', '3'), ('1e-05', '-4')) AS t(a, b)"
    assert not values.marks(CONNECTION, rows, {"a": "a", "b": "b"}, ".")
