"""A portfolio made of any flat file: whatever wrote it, the bank holds what the file means."""

import csv
import datetime as dt
import gzip
import io
import zipfile

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import config
from data import flat_files
from data.__main__ import app
from data.bank import open_bank
from tests.data.flat_support import people, with_column, write


def french(rows):
    """Return rows as a French spreadsheet writes them: decimal commas, thousands parted."""
    return [
        [
            f"{cell:,.2f} €".replace(",", " ").replace(".", ",") if isinstance(cell, float) else cell
            for cell in row
        ]
        for row in rows
    ]


WAYS = {
    "plain": (lambda rows: rows, ",", "utf-8"),
    "marked": (lambda rows: rows, ",", "utf-8-sig"),
    "french": (french, ";", "cp1252"),
    "tabs": (french, "\t", "utf-16"),
    "bars": (lambda rows: rows, "|", "utf-8"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_clients_are_read_however_the_file_is_written(maker, tmp_path, way):
    rows, (told, delimiter, encoding) = people(), WAYS[way]
    rows = [[*row[:2], {"Lille": "Orléans"}.get(row[2], row[2]), *row[3:]] for row in rows]
    path = write(tmp_path / "people.csv", told(rows), delimiter, encoding)
    assert maker(path, "--id", "id").exit_code == 0
    frame = open_bank("mine").frame()
    assert frame["id"].to_list() == [row[0] for row in rows[1:]]
    assert frame["income"].to_list() == [row[1] for row in rows[1:]]
    assert frame["town"].to_list() == [row[2] for row in rows[1:]]
    assert frame["paid"].to_list() == [int(row[4] == "no") for row in rows[1:]]


@pytest.mark.parametrize("name", ["people.txt", "people.TSV", "people.csv.gz", "people.zip"])
def test_a_file_may_be_packed_or_bear_another_name(maker, tmp_path, name):
    path = write(tmp_path / "people.csv", people(), "\t")
    if name.endswith(".gz"):
        (tmp_path / name).write_bytes(gzip.compress(path.read_bytes()))
    elif name.endswith(".zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            packed.write(path, "people.csv")
    else:
        path.rename(tmp_path / name)
    assert maker(tmp_path / name, "--id", "id").exit_code == 0
    assert open_bank("mine").meta.clients == 120


def test_a_later_file_may_be_written_in_another_way(maker, tmp_path):
    rows = people()
    maker(rows, "--id", "id")
    later = write(tmp_path / "later.csv", french(rows), ";", "cp1252")
    done = CliRunner().invoke(app, ["load", "mine", str(later)])
    assert done.exit_code == 0
    assert open_bank("mine").frame()["income"].to_list() == [row[1] for row in rows[1:]]


def test_a_later_file_may_lack_the_outcome(maker, tmp_path):
    maker(people(), "--id", "id")
    later = write(tmp_path / "later.csv", [row[:-1] for row in people()])
    done = CliRunner().invoke(app, ["load", "mine", str(later)])
    assert "120 clients, 0 with a known outcome" in done.stdout


def test_a_later_file_that_is_wrong_is_told_by_line_and_by_its_own_names(maker, tmp_path):
    rows = people()
    rows[0][1] = "Revenu (€)"
    maker(rows, "--id", "id")
    rows[6][1] = "plenty"
    done = CliRunner().invoke(app, ["load", "mine", str(write(tmp_path / "later.csv", rows))])
    assert done.exit_code == 2
    assert "later.csv line 7: Revenu (€) is 'plenty', a number is expected (1 such row)" in done.stderr


def test_parquet_gives_what_csv_gives(maker, tmp_path):
    rows = people()
    pl.DataFrame(rows[1:], schema=rows[0], orient="row").write_parquet(tmp_path / "people.parquet")
    maker(rows, "--id", "id")
    told = open_bank("mine").frame()
    assert maker(tmp_path / "people.parquet", "--id", "id", name="other").exit_code == 0
    assert open_bank("other").frame().equals(told)
    assert maker.made("mine").columns == maker.made("other").columns


def test_without_an_id_lines_are_numbered(maker):
    done = maker(people(), "--drop", "id")
    assert "no --id: each line is a client of its own" in done.stdout
    assert open_bank("mine").frame()["ROW"].to_list() == list(range(1, 121))


@pytest.mark.parametrize(
    ("values", "positive"),
    [(("1", "0"), "1"), (("1.0", "2.0"), "2"), (("true", "false"), "true"), (("Oui", "Non"), "oui")],
)
def test_an_outcome_may_be_text_number_or_truth(maker, values, positive):
    rows = [row if place == 0 else [*row[:-1], values[place % 2]] for place, row in enumerate(people())]
    assert maker(rows, "--positive", positive).exit_code == 0
    assert open_bank("mine").frame()["paid"].sum() == 60


def test_days_that_may_be_read_in_two_ways_are_read_as_the_other_columns_say(maker):
    rows = with_column(people(), "first", lambda line: f"0{line % 9 + 1}/05/2021")
    assert "first: every day of it may be read as day/month" in maker(rows, "--no-load").stdout
    rows = with_column(rows, "last", lambda line: f"05/{line % 28 + 1}/2021")
    assert maker(rows, name="other").exit_code == 0
    assert maker.made("other").settings["tables"]["file"]["dates"] == ["%m/%d/%Y"]
    assert open_bank("other").frame()["first_days"].to_list()[:2] == [4.0, 35.0]
    rows = with_column(rows, "middle", lambda line: f"{line % 28 + 1}/05/2021")
    assert "writes days month first, middle day first" in maker(rows, name="third").stderr


DAYS = [dt.date(1998, 1, 2) + dt.timedelta(130 * line) for line in range(120)]


@pytest.mark.parametrize(
    "form",
    [
        *("%d/%m/%y", "%m/%d/%y", "%d.%m.%Y", "%m-%d-%Y", "%Y/%m/%d", "%m/%d/%Y 01:05 PM", "%d/%m/%Y 14:05"),
        *("%Y-%m-%dT14:05:00Z", "%Y-%m-%d 14:05:00.123", "%Y-%m-%d 23:30:00+02:00", "%d/%m/%y 23:59"),
    ],
)
def test_days_are_counted_alike_however_they_are_written(maker, form):
    rows = with_column(people(), "opened", lambda line: DAYS[line].strftime(form))
    done = maker(rows)
    assert done.exit_code == 0, done.output
    assert "opened: dates, counted in days since 1998-01-01" in done.stdout
    assert open_bank("mine").frame()["opened_days"].to_list() == [130.0 * line + 1 for line in range(120)]
    assert ("years of two digits: 00 to 68 read as 2000 to 2068" in done.stdout) == ("%y" in form)


def test_a_moment_of_parquet_falls_on_its_day_in_the_time_zone_of_the_house(maker, tmp_path, monkeypatch):
    rows = people()
    moments = [dt.datetime(2021, 1, 1, 23, 30, tzinfo=dt.UTC) + dt.timedelta(line) for line in range(120)]
    frame = pl.DataFrame(rows[1:], schema=rows[0], orient="row").with_columns(opened=pl.Series(moments))
    frame.write_parquet(tmp_path / "people.parquet")
    for name, zone, first in (("paris", "Europe/Paris", 1.0), ("york", "America/New_York", 0.0)):
        monkeypatch.setenv("TIME_ZONE", zone)
        config.settings.cache_clear()
        assert maker(tmp_path / "people.parquet", name=name).exit_code == 0
        assert open_bank(name).frame()["opened_days"][0] == first


def test_days_of_parquet_are_counted_too(maker, tmp_path):
    rows = people()
    frame = pl.DataFrame(rows[1:], schema=rows[0], orient="row")
    days = pl.Series("opened", [dt.date(2020, 1, 1) + dt.timedelta(line) for line in range(len(frame))])
    frame.with_columns(days).write_parquet(tmp_path / "people.parquet")
    assert maker(tmp_path / "people.parquet", "--id", "id").exit_code == 0
    assert open_bank("mine").frame()["opened_days"].to_list()[:3] == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    "name", ["emp.var.rate", "a 'quoted' \"name\"", "Âge déclaré", "client_id", "30-59 days", "é"]
)
def test_columns_of_strange_names_are_read(maker, name):
    rows = with_column(people(), name, lambda line: line % 13 + 0.5)
    done = maker(rows, "--id", "id", "--use", name)
    assert done.exit_code == 0, done.output
    (column,) = [
        one for one in maker.made().columns.values() if one.role == "input" and one.name not in rows[0]
    ]
    assert open_bank("mine").frame()[column.name].to_list()[:2] == [0.5, 1.5]


def test_a_name_over_two_lines_or_with_no_break_spaces_is_found_as_people_type_it(maker):
    rows = people()
    rows[0][1], rows[0][4] = "Revenu\nmensuel  (€)", "Issue\u00a0connue"
    done = maker(rows, "--id", "id", "--target", "Issue connue")
    assert done.exit_code == 0, done.output
    assert "Revenu mensuel (€)" in done.stdout
    assert maker.made().columns["Revenu_mensuel"].label_fr == "Revenu mensuel (€)"
    assert open_bank("mine").frame()["Revenu_mensuel"].to_list() == [row[1] for row in rows[1:]]


CELLS = st.text(
    st.characters(codec="cp1252", exclude_characters="\r\n\0", exclude_categories=["Cc"]), max_size=8
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from(flat_files.DELIMITERS),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_the_separator_and_the_encoding_are_found(tmp_path_factory, rows, delimiter, encoding):
    folder = tmp_path_factory.mktemp("flat")
    told = io.StringIO()
    csv.writer(told, delimiter=delimiter).writerows([["name", "first name", "é"], *rows])
    (folder / "given.csv").write_bytes(told.getvalue().encode(encoding))
    path, _ = flat_files.as_utf8(folder / "given.csv", folder)
    found = flat_files.layout(path)
    assert found.names == ("name", "first name", "é")
    assert found.delimiter == delimiter
    assert path.read_text(encoding="utf-8-sig") == told.getvalue().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("file", "options"),
    [
        ("german_credit", ["--target", "creditability", "--positive", "bad"]),
        (
            "bank_marketing_additional_full",
            ["--target", "y", "--positive", "yes", "--good", "--drop", "duration"],
        ),
        (
            "give_me_some_credit_train",
            ["--target", "SeriousDlqin2yrs", "--positive", "1", "--id", "Unnamed: 0"],
        ),
    ],
)
@pytest.mark.slow
def test_public_files_become_portfolios_by_one_command(maker, real_data, file, options):
    path = real_data / "other" / f"{file}.parquet"
    done = maker(path, *options)
    assert done.exit_code == 0, done.output
    given_rows = pl.read_parquet(path)
    frame = open_bank("mine").frame()
    for name, spelt in maker.made().settings["tables"]["file"].get("columns", {}).items():
        if name != maker.made().target:
            assert frame[name].cast(float).equals(given_rows[spelt].cast(float).alias(name))
