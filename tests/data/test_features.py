"""From a record to what the model reads: one client or all of them, one engine or another."""

import math
from concurrent.futures import ThreadPoolExecutor

import duckdb
import narwhals as nw
import polars as pl
import pytest
from tests_support import own_store

from config import settings
from data import features, portfolios
from data.bank import open_bank

PORTFOLIO = portfolios.load("home_credit")
CLIENT = {
    "SK_ID_CURR": 100_002,
    "NAME_CONTRACT_TYPE": "Cash loans",
    "CODE_GENDER": "M",
    "FLAG_OWN_CAR": "N",
    "AMT_INCOME_TOTAL": 200_000,
    "AMT_CREDIT": 400_000,
    "AMT_ANNUITY": 25_000,
    "AMT_GOODS_PRICE": 320_000,
    "CNT_FAM_MEMBERS": 2,
    "DAYS_BIRTH": -12_000,
    "DAYS_EMPLOYED": -1_461,
    "DAYS_LAST_PHONE_CHANGE": -800,
    "ORGANIZATION_TYPE": "School",
    "REGION_RATING_CLIENT_W_CITY": 2,
    "EXT_SOURCE_1": 0.2,
    "EXT_SOURCE_2": 0.5,
    "EXT_SOURCE_3": 0.8,
}


def read(**changes) -> dict:
    """What the model may read of CLIENT, changed."""
    return features.applicant(PORTFOLIO, pl.DataFrame([CLIENT | changes])).row(0, named=True)


# --- one application ------------------------------------------------------------------


def test_the_request_is_measured_against_income_goods_and_household():
    made = read()
    assert made["CREDIT_ANNUITY"] == 16
    assert made["CREDIT_GOODS"] == 1.25
    assert made["CREDIT_MINUS_GOODS"] == 80_000
    assert made["ANNUITY_INCOME"] == 0.125
    assert made["INCOME_AFTER_ANNUITY_PER_PERSON"] == 87_500


def test_external_scores_are_summarised():
    made = read()
    assert (made["EXT_MIN"], made["EXT_MEDIAN"], made["EXT_MAX"]) == (0.2, 0.5, 0.8)
    assert made["EXT_MEAN"] == pytest.approx(0.5)
    assert made["EXT_STD"] == pytest.approx(0.3)
    assert made["EXT_WEIGHTED"] == pytest.approx((1.9 * 0.2 + 2.1 * 0.5 + 2.6 * 0.8) / 6.6)
    assert made["EXT_GEOMEAN"] == pytest.approx(0.08 ** (1 / 3))
    assert made["EXT_N_MISSING"] == 0
    assert made["EXT_MEAN_X_EMPLOYED"] == pytest.approx(0.5 * 4)


def test_a_missing_score_is_skipped_not_counted_as_bad():
    made = read(EXT_SOURCE_1=None)
    assert made["EXT_MEAN"] == made["EXT_MEDIAN"] == pytest.approx(0.65)
    assert made["EXT_WEIGHTED"] == pytest.approx((2.1 * 0.5 + 2.6 * 0.8) / 4.7)
    assert made["EXT_N_MISSING"] == 1
    assert made["EXT_DIFF_12"] is None


def test_one_score_alone_disagrees_with_none():
    assert read(EXT_SOURCE_1=None, EXT_SOURCE_2=None)["EXT_STD"] is None


def test_without_any_score_nothing_is_made_of_them():
    made = read(EXT_SOURCE_1=None, EXT_SOURCE_2=None, EXT_SOURCE_3=None)
    summaries = {name: value for name, value in made.items() if name.startswith("EXT_")}
    assert summaries.pop("EXT_N_MISSING") == 3
    assert set(summaries.values()) == {None}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DAYS_EMPLOYED", 365_243),
        ("DAYS_LAST_PHONE_CHANGE", 0),
        ("ORGANIZATION_TYPE", "XNA"),
        ("CODE_GENDER", "XNA"),
        ("REGION_RATING_CLIENT_W_CITY", -1),
    ],
)
def test_a_code_for_not_provided_becomes_missing(name, code):
    assert read()[name] is not None
    assert read(**{name: code})[name] is None


def test_not_a_number_is_missing():
    assert read(EXT_SOURCE_2=math.nan)["EXT_SOURCE_2"] is None
    assert read(EXT_SOURCE_2=math.nan)["EXT_N_MISSING"] == 1


@pytest.mark.parametrize(
    "name", ["AMT_INCOME_TOTAL", "AMT_ANNUITY", "AMT_GOODS_PRICE", "CNT_FAM_MEMBERS", "DAYS_EMPLOYED"]
)
def test_nothing_is_divided_by_zero(name):
    values = [value for value in read(**{name: 0}).values() if isinstance(value, float)]
    assert all(math.isfinite(value) for value in values)


def test_a_column_that_is_absent_is_not_provided():
    assert read()["OCCUPATION_TYPE"] is None
    assert read()["BUREAU_DEBT"] is None
    assert read()["BUREAU_DEBT_INCOME"] is None


def test_an_empty_record_is_read_too():
    made = features.inputs(PORTFOLIO, pl.DataFrame([{"SK_ID_CURR": 1}]))
    assert made.columns == list(PORTFOLIO.inputs)
    assert made.height == 1


def test_inputs_come_in_their_order_then_the_protected_columns_given():
    made = features.inputs(PORTFOLIO, pl.DataFrame([CLIENT]))
    assert made.columns == [*PORTFOLIO.inputs, "CODE_GENDER", "DAYS_BIRTH"]


def test_types_do_not_depend_on_the_values_at_hand():
    empty = features.inputs(PORTFOLIO, pl.DataFrame([dict.fromkeys(CLIENT)]))
    full = features.inputs(PORTFOLIO, pl.DataFrame([CLIENT]))
    assert empty.schema == full.schema
    assert set(full.dtypes) == {pl.Float64, pl.String}


def test_no_input_changes_with_sex_age_or_family_status():
    others = {"CODE_GENDER": "F", "DAYS_BIRTH": -22_000, "NAME_FAMILY_STATUS": "Widow"}
    frame = pl.DataFrame([CLIENT | {"NAME_FAMILY_STATUS": "Married"}])
    other = pl.DataFrame([CLIENT | others])
    inputs = list(PORTFOLIO.inputs)
    one, two = (features.inputs(PORTFOLIO, each).select(inputs) for each in (frame, other))
    assert one.equals(two)


def test_what_columns_csv_does_not_name_is_kept():
    assert read(covered_bureau=True)["covered_bureau"] is True
    assert read()["SK_ID_CURR"] == 100_002


def test_the_families_covered_are_read_off_the_record():
    record = {"covered_bureau": True, "covered_previous": False, "covered_card": None}
    assert features.covered(PORTFOLIO, record) == ("bureau",)
    assert features.covered(PORTFOLIO, {}) == ()


def test_a_portfolio_without_features_of_its_own_is_read_as_it_is(tmp_path):
    (tmp_path / "portfolio.toml").write_text('id = "flat"\nid_column = "id"\n', encoding="utf-8")
    header = ",".join((PORTFOLIO.folder / "columns.csv").read_text("utf-8").splitlines()[:1])
    line = "age,number,input,application,application,,,0,,,0,0,,,,,Âge,Age"
    (tmp_path / "columns.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
    flat = portfolios.read(tmp_path)
    assert features.inputs(flat, pl.DataFrame([{"id": 1, "age": 40}])).rows() == [(40.0,)]
    clients = pl.DataFrame({"id": [1]})
    assert features.history(flat, {"clients": clients}).equals(clients)


# --- one client or all: the same bits -------------------------------------------------


def assert_one_by_one_equals_the_frame(bank, ids) -> None:
    frame = bank.frame()
    whole = features.inputs(PORTFOLIO, frame).insert_column(0, frame[PORTFOLIO.id_column].cast(pl.String))
    rows = {row[0]: row[1:] for row in whole.iter_rows()}
    for client in ids:
        alone = features.inputs(PORTFOLIO, pl.DataFrame([bank.record(client)], infer_schema_length=None))
        assert alone.row(0) == rows[client], client


def test_two_hundred_clients_one_by_one_equal_the_training_frame(store, clients):
    assert len(clients) == 200
    assert_one_by_one_equals_the_frame(open_bank("home_credit"), clients)


@pytest.mark.parametrize("folder", [pytest.param("mixed", marks=pytest.mark.slow), "sample"])
def test_two_hundred_real_clients_one_by_one_equal_the_training_frame(tmp_path, folder):
    if settings().real_data_dir is None:
        pytest.skip("REAL_DATA_DIR is not set")
    from data.bank import bank_path
    from data.load import load_folder

    source = settings().real_data_dir / "home_credit" / folder
    with own_store(tmp_path):
        load_folder(PORTFOLIO, source, bank_path("home_credit"), progress=False)
        bank = open_bank("home_credit")
        ids, total = bank.search("", limit=100_000)
        assert_one_by_one_equals_the_frame(bank, ids[:: max(total // 200, 1)][:200])


def test_threads_do_not_mix_their_clients():
    def income(amount: int) -> float:
        return read(AMT_INCOME_TOTAL=amount)["CREDIT_INCOME"]

    amounts = [1_000 * (1 + number) for number in range(64)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(income, amounts)) == [400_000 / amount for amount in amounts]


# --- the same text on several engines -------------------------------------------------


@pytest.mark.parametrize("engine", ["duckdb", "pandas"])
def test_the_applicant_is_the_same_on_other_engines(engine):
    from data.portfolios.home_credit.features import applicant

    records = [CLIENT, CLIENT | {"EXT_SOURCE_1": None, "DAYS_EMPLOYED": 365_243}, {"SK_ID_CURR": 100_003}]
    here = features.applicant(PORTFOLIO, pl.DataFrame(records, infer_schema_length=None))
    histories = [name for family in PORTFOLIO.families for name in PORTFOLIO.by_source(family)]
    given = [name for name in PORTFOLIO.given if name != PORTFOLIO.target]
    table = on_duckdb(here.select(*given, *histories))
    there = nw.from_native(table.df() if engine == "pandas" else table)
    made = applicant(there)
    made = made.collect(backend="polars") if isinstance(made, nw.LazyFrame) else made
    made = made.to_polars().sort("SK_ID_CURR")
    for name in PORTFOLIO.by_source("made"):
        found = made[name].cast(pl.Float64).fill_nan(None).to_list()
        assert found == [None if x is None else pytest.approx(x, rel=1e-12) for x in here[name]], name


def on_duckdb(frame: pl.DataFrame):
    connection = duckdb.connect()
    kinds = {pl.Float64: "DOUBLE", pl.String: "VARCHAR", pl.Int64: "BIGINT"}
    columns = ", ".join(f'"{name}" {kinds[kind]}' for name, kind in frame.schema.items())
    connection.execute(f"CREATE TABLE frame ({columns})")
    connection.executemany(f"INSERT INTO frame VALUES ({', '.join('?' * frame.width)})", frame.rows())
    return connection.table("frame")
