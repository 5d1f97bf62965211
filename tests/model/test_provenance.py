"""What a model was made with: which edits of a portfolio ask for another training."""

import csv
import shutil

import pytest

from data import portfolios
from model.provenance import fingerprint


@pytest.fixture
def folder(tmp_path):
    """A copy of the folder of ``home_credit`` that a test may edit."""
    source = portfolios.load("home_credit").folder
    return shutil.copytree(source, tmp_path / "own", ignore=shutil.ignore_patterns("demo", "__pycache__"))


def edit_column(folder, name, field, value):
    path = folder / "columns.csv"
    with path.open(encoding="utf-8", newline="") as given:
        lines = list(csv.DictReader(given))
    (line,) = (one for one in lines if one["name"] == name)
    assert line[field] != value
    line[field] = value
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, lines[0])
        writer.writeheader()
        writer.writerows(lines)


def edit_settings(folder, before, after):
    path = folder / "portfolio.toml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def told(folder):
    return fingerprint(portfolios.read(folder))


def test_the_same_folder_elsewhere_has_the_same_fingerprint(folder):
    assert told(folder) == fingerprint(portfolios.load("home_credit"))


@pytest.mark.parametrize(
    ("field", "value"),
    [("label_fr", "Montant demandé"), ("unit", "x"), ("actionable", "0"), ("step", "7"), ("high", "9000000")],
)
def test_what_is_told_or_may_change_asks_for_no_training(folder, field, value):
    before = told(folder)
    edit_column(folder, "AMT_CREDIT", field, value)
    assert told(folder) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("role", "note"),
        ("kind", "number"),
        ("monotone", "1"),
        ("theme", "budget"),
        ("told_by", "AMT_ANNUITY"),
        ("unit", "days_ago"),
        ("unit", "month"),
        ("low", ""),
    ],
)
def test_what_the_model_reads_of_a_column_does(folder, field, value):
    before = told(folder)
    edit_column(folder, "AMT_CREDIT", field, value)
    assert told(folder) != before


def test_a_rule_of_the_lender_asks_for_no_training_but_costs_do(folder):
    before = told(folder)
    edit_settings(folder, "above = 0.5", "above = 0.4")
    assert told(folder) == before
    edit_settings(folder, "false_negative = 10", "false_negative = 8")
    assert told(folder) != before


def test_programs_that_make_inputs_count_whole(folder):
    before = told(folder)
    programs = sorted(folder.glob("*.py"))
    assert programs
    programs[0].write_text(programs[0].read_text(encoding="utf-8") + "\n# another\n", encoding="utf-8")
    assert told(folder) != before
