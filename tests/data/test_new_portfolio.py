"""A portfolio made by one command: what is inferred, what is declared, and what is left behind."""

import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import config
from data import portfolios
from data.bank import open_bank
from data.schema import schema_of
from tests.data.flat_support import people, with_column


def test_kinds_are_inferred(maker):
    rows = people()
    for name, value in {
        "share": lambda line: f"{line % 40},5 %",
        "owner": lambda line: line % 2,
        "phone": lambda line: ("yes", "no")[line % 2],
        "postcode": lambda line: f"0{1000 + line % 7}",
        "prix du bien": lambda line: f"{line * 1000 + 500:,} €".replace(",", " "),
        "opened": lambda line: (dt.date(2019, 3, 1) + dt.timedelta(line)).strftime("%d/%m/%Y"),
    }.items():
        rows = with_column(rows, name, value)
    done = maker(rows, "--id", "id")
    assert done.exit_code == 0, done.output
    columns = maker.made().columns
    kinds = {name: (column.kind, column.unit) for name, column in columns.items() if column.role == "input"}
    assert kinds == {
        "income": ("amount", "currency"),
        "town": ("category", ""),
        "share": ("ratio", "percent"),
        "owner": ("flag", ""),
        "phone": ("flag", ""),
        "postcode": ("category", ""),
        "prix_du_bien": ("amount", "currency"),
        "opened_days": ("days", "days"),
    }
    assert columns["prix_du_bien"].label_fr == "prix du bien"
    assert columns["opened_days"].label_en == "Opened, in days since 1 January 2019"
    assert maker.made().settings["currency"] == "EUR"
    frame = open_bank("mine").frame()
    assert frame["opened_days"].to_list()[:2] == [59.0, 60.0]
    assert frame["share"].to_list()[:2] == [0.005, 0.015]
    assert frame["postcode"].to_list()[0] == "01000"


@pytest.mark.parametrize("options", [(), ("--drop", "opened_days")])
def test_days_counted_take_no_name_of_the_file(maker, options):
    rows = with_column(people(), "opened", lambda line: f"2020-01-{line % 28 + 1:02d}")
    rows = with_column(rows, "opened_days", lambda line: line % 5)
    done = maker(rows, *options)
    assert done.exit_code == 0, done.output
    assert "unknown" not in done.output
    assert open_bank("mine").frame()["opened_days_2"].to_list()[:3] == [0.0, 1.0, 2.0]


def test_lines_are_numbered_though_a_column_left_out_bears_that_name(maker):
    done = maker(with_column(people(), "Row", lambda line: "x"), "--drop", "id")
    assert done.exit_code == 0, done.output
    assert open_bank("mine").frame()["ROW_2"].to_list() == list(range(1, 121))


def test_what_tells_sex_age_or_family_is_kept_apart_unless_asked_for(maker):
    rows = with_column(
        with_column(people(), "Sexe", lambda line: "FM"[line % 2]), "langue", lambda line: "ab"[line % 2]
    )
    done = maker(rows, "--id", "id", "--no-load")
    assert "age: kept to watch fairness, not used; --use age to use it" in done.stdout
    roles = {name: column.role for name, column in maker.made().columns.items()}
    assert roles["age"] == roles["Sexe"] == "protected"
    assert roles["langue"] == "input"
    maker(rows, "--id", "id", "--use", "age", "--protected", "town", "--no-load", name="other")
    assert maker.made("other").columns["age"].role == "input"
    assert maker.made("other").settings["grouped"]["fairness"] == ["town", "age", "Sexe"]
    assert maker.made("other").columns["town"].role == "protected"


def test_a_day_of_birth_is_watched_by_its_year(maker):
    rows = with_column(people(), "Birth date", lambda line: f"{1950 + line % 40}-05-{line % 28 + 1:02d}")
    done = maker(rows, "--id", "id")
    assert "Birth date: dates, of which the year is kept" in done.stdout
    column = maker.made().columns["Birth_date_year"]
    assert (column.role, column.label_en, column.label_fr) == (
        "protected",
        "Birth date, year",
        "Birth date, année",
    )
    assert open_bank("mine").frame()["Birth_date_year"].to_list()[:2] == [1950.0, 1951.0]
    maker(rows, "--id", "id", "--use", "Birth date", "--no-load", name="other")
    assert maker.made("other").columns["Birth_date_days"].role == "input"


def test_costs_put_the_mark_at_600_points(maker):
    maker(people(), "--false-negative", 5, "--false-positive", 2, "--no-load")
    told = maker.made().settings
    assert told["scale"]["anchor_odds"] == 2.5
    maker(people(), "--false-negative", 5, "--false-positive", 2, "--good", "--no-load", name="other")
    assert maker.made("other").settings["scale"]["anchor_odds"] == 0.4
    assert maker.made("other").settings["positive_is_good"] is True


def test_costs_not_given_put_the_mark_at_the_average(maker):
    rows = people()
    share = sum(row[-1] == "no" for row in rows[1:]) / 120
    assert "costs: a case missed counts" in maker(rows, "--no-load").stdout
    costs = maker.made().settings["costs"]
    assert costs["false_negative"] == round((1 - share) / share)


def test_the_cost_desk_weighs_files_by_what_is_at_stake_rather_than_by_what_people_have(maker):
    rows = with_column(people(), "montant", lambda line: 500.5 * (line % 50))
    maker(people(), "--no-load")
    assert maker.made().settings["desk"]["amount"] == "income"
    maker(rows, "--no-load", name="other")
    assert maker.made("other").settings["desk"]["amount"] == "montant"


def test_without_protected_columns_no_group_is_declared_for_fairness(maker):
    maker(people(), "--drop", "age", "--no-load")
    assert maker.made().settings["grouped"]["fairness"] == []


def test_names_say_what_the_file_says_in_both_languages(maker):
    maker(people(), "--name-fr", "Crédit", "--name-en", "Credit", "--no-load")
    assert [maker.made().words(lang)["name"] for lang in ("fr", "en")] == ["Crédit", "Credit"]
    assert maker.made().words("fr")["categories"]["town"] == {
        "Lyon": "Lyon",
        "Nice": "Nice",
        "Lille": "Lille",
    }


def test_without_load_no_bank_is_filled(maker, tmp_path):
    assert maker(people(), "--no-load").exit_code == 0
    assert not (tmp_path / "store").exists()
    assert portfolios.load("mine").target == "paid"


def test_nothing_is_left_when_the_bank_cannot_be_filled(maker, tmp_path):
    (tmp_path / "store").write_text("in the way")
    assert maker(people()).exit_code == 2
    assert not list((tmp_path / "portfolios").iterdir())


def test_built_in_portfolios_stay_beside_further_ones(maker):
    maker(people())
    assert {"home_credit", "mine"} <= set(portfolios.available())


def test_further_portfolios_are_those_of_the_folder_in_force(maker, tmp_path, monkeypatch):
    maker(people())
    monkeypatch.setenv("PORTFOLIOS_DIR", str(tmp_path / "elsewhere"))
    config.settings.cache_clear()
    with pytest.raises(portfolios.UnknownPortfolio, match="home_credit"):
        portfolios.load("mine")
    monkeypatch.delenv("PORTFOLIOS_DIR")
    config.settings.cache_clear()
    assert "mine" not in portfolios.available()


def test_a_bank_with_a_key_is_filled_encrypted_and_nothing_of_it_lies_about(maker, tmp_path, monkeypatch):
    monkeypatch.setenv("BANK_KEY", "secret")
    config.settings.cache_clear()
    assert maker(people(), "--id", "id").exit_code == 0
    assert open_bank("mine").meta.clients == 120
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "people.csv"]
    assert not [path for path in kept if b"1119" in path.read_bytes()]


NAMES = st.text(min_size=1, max_size=12).filter(lambda name: name.strip() and name.isprintable())


@settings(max_examples=25, deadline=None)
@given(st.lists(NAMES, min_size=4, max_size=4, unique_by=lambda name: name.strip().casefold()))
def test_columns_of_any_name_get_safe_ones(names):
    from data.new_portfolio_names import safe_names

    safe = safe_names(names).values()
    assert len({name.casefold() for name in safe}) == 4
    assert all(name.isascii() and name.isidentifier() for name in safe)


def test_the_files_written_can_be_read_again(maker):
    maker(people(), "--id", "id")
    folder = maker.made().folder
    assert schema_of(maker.made()).tables["file"].primary_key == ("id",)
    for lang in ("fr", "en"):
        json.loads((folder / "locales" / f"{lang}.json").read_text(encoding="utf-8"))
