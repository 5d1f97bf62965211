"""Files that cannot become a portfolio, or not without a word: each is told with what to do."""

import random

import polars as pl
import pytest

from tests.data.flat_support import people, with_column, write


def test_a_file_that_is_not_there_is_refused(maker, tmp_path):
    assert "no such folder or file" in maker.refusal(tmp_path / "nothing.csv")


def test_an_empty_file_is_refused(maker, tmp_path):
    (tmp_path / "people.csv").write_text("")
    assert "people.csv: the file is empty" in maker.refusal(tmp_path / "people.csv")


def test_a_header_alone_is_refused(maker):
    assert "holds no line under its column names" in maker.refusal(people(0))


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0", bytes(range(256)) * 20])
def test_a_binary_file_is_refused(maker, tmp_path, content):
    (tmp_path / "people.csv").write_bytes(content)
    assert "not a text file" in maker.refusal(tmp_path / "people.csv")


def test_a_workbook_is_told_to_be_saved_as_csv(maker, tmp_path):
    (tmp_path / "people.csv").write_bytes(b"PK\x03\x04" + b"\0" * 50)
    assert "save its sheet as CSV" in maker.refusal(tmp_path / "people.csv")


def test_a_file_of_numbers_without_a_header_is_refused(maker):
    rows = [[line, line * 2.5, line % 7, line % 2] for line in range(1, 60)]
    assert "line 1: seems to hold values (1, 2.5" in maker.refusal(rows)


def test_a_file_of_texts_without_a_header_is_refused(maker):
    rows = [["Lyon", "own", "single", "yes"], ["Nice", "rent", "married", "no"]] * 30
    assert "line 1: seems to hold values (Lyon, own" in maker.refusal(rows)


def test_a_note_for_a_spreadsheet_on_the_first_line_is_told(maker, tmp_path):
    (tmp_path / "people.csv").write_text("sep=;\nincome;paid\n1;yes\n2;no\n")
    assert "line 1: a note for a spreadsheet (sep=;); remove that line" in maker.refusal(
        tmp_path / "people.csv"
    )


def test_years_may_name_columns(maker):
    rows = with_column(with_column(people(), "2019", lambda line: line % 9), "2020", lambda line: line % 8)
    assert maker(rows, "--no-load").exit_code == 0


def test_a_name_that_stands_twice_is_refused(maker):
    rows = with_column(people(), "town", lambda line: line % 3)
    assert "column town is there twice" in maker.refusal(rows)


def test_names_that_differ_by_case_only_are_refused(maker):
    rows = with_column(people(), "Town", lambda line: line % 3)
    assert "columns town and Town differ by case only" in maker.refusal(rows)


def test_ids_that_repeat_are_refused_with_the_remedy(maker):
    rows = people()
    rows[5][0] = rows[9][0]
    told = maker.refusal(rows, "--id", "id")
    assert "column id names the same client on several lines (1 repeated, for example 1008)" in told
    assert "leave --id out" in told


def test_an_id_that_is_missing_is_refused_with_its_line(maker):
    rows = people()
    rows[5][0] = ""
    assert "column id is empty on 1 lines, first on line 6" in maker.refusal(rows, "--id", "id")


def test_an_id_that_is_missing_in_parquet_is_refused_with_its_row(maker, tmp_path):
    rows = people()
    rows[5][0] = None
    pl.DataFrame(rows[1:], schema=rows[0], orient="row").write_parquet(tmp_path / "people.parquet")
    assert "is empty on 1 rows, first on row 5" in maker.refusal(tmp_path / "people.parquet", "--id", "id")


def test_an_outcome_that_never_changes_is_refused(maker):
    rows = [row if place == 0 else [*row[:-1], "no"] for place, row in enumerate(people())]
    assert "always holds 'no'; a second outcome is needed" in maker.refusal(rows)


def test_an_outcome_that_never_changes_is_told_before_the_value_asked_for(maker):
    rows = [row if place == 0 else [*row[:-1], 0] for place, row in enumerate(people())]
    told = maker.refusal(rows, "--positive", 1)
    assert "column paid always holds '0'; a second outcome is needed" in told


def test_costs_of_what_is_very_rare_say_that_they_balance_nothing(maker):
    rows = [row if place == 0 else [*row[:-1], int(place < 3)] for place, row in enumerate(people(500))]
    told = maker(rows, "--positive", 1, "--no-load").stdout
    assert "counts 100 times a false alarm, though there are 249 others to each" in told


def test_an_empty_outcome_is_refused(maker):
    rows = [row if place == 0 else [*row[:-1], ""] for place, row in enumerate(people())]
    assert "column paid is empty" in maker.refusal(rows)


def test_a_third_outcome_is_refused_with_all_of_them_until_the_other_is_named(maker):
    rows = people()
    for row in rows[1:13]:
        row[-1] = "maybe"
    told = maker.refusal(rows)
    assert "has 3 values: " in told
    assert "maybe (12)" in told
    assert "--negative" in told
    done = maker(rows, "--negative", "yes")
    assert done.exit_code == 0
    assert "12 lines have no known outcome" in done.stdout
    assert "108 with a known outcome" in done.stdout


def test_an_outcome_that_is_not_found_is_refused_with_those_that_are(maker):
    told = maker.refusal(people(), "--positive", "defaulted")
    assert "never holds 'defaulted'; it holds yes (" in told


def test_an_outcome_spelt_in_several_ways_is_refused_until_it_is_written_alike(maker):
    rows = people()
    rows = [
        rows[0],
        *([*row[:-1], row[-1].upper() if place % 3 else row[-1]] for place, row in enumerate(rows[1:])),
    ]
    assert "spells 'no' in other ways too (NO (" in maker.refusal(rows)
    assert "spells 'no' in other ways too (NO (" in maker.refusal(rows, "--negative", "yes")
    rows = [[*row[:-1], row[-1].lower() if row[-1] == "NO" else row[-1]] for row in rows]
    assert maker(rows, "--no-load").exit_code == 0


def test_an_outcome_of_many_values_is_refused(maker):
    rows = with_column(people(300), "score", lambda line: line)
    assert "has 300 values" in maker.refusal(rows, "--target", "score")


def test_a_column_that_is_not_there_is_refused_with_what_is_near(maker):
    assert "no column 'payed' for --target; there are paid" in maker.refusal(people(), "--target", "payed")


@pytest.mark.parametrize("option", ["--drop", "--protected", "--use", "--id"])
def test_the_outcome_cannot_be_anything_else(maker, option):
    assert f"paid is both --target and {option}" in maker.refusal(people(), option, "paid")


def test_a_file_of_ids_only_is_refused(maker):
    rows = [[row[0], row[-1]] for row in people()]
    told = maker.refusal(rows, "--id", "id")
    assert "no column is left to learn from" in told


def test_a_column_without_any_value_is_left_out_and_told(maker):
    done = maker(with_column(people(), "fax", lambda line: ""), "--no-load")
    assert "fax: left out (empty on every line)" in done.stdout
    assert "fax" not in maker.made().columns


def test_a_column_that_never_changes_is_left_out_and_told(maker):
    done = maker(with_column(people(), "country", lambda line: "France"), "--no-load")
    assert "country: left out (the same on every line (France))" in done.stdout


def test_texts_of_nearly_each_line_are_left_out_and_told(maker):
    done = maker(with_column(people(), "remark", lambda line: f"called on day {line}"), "--no-load")
    assert "remark: left out (nearly every line has its own text)" in done.stdout


def test_a_number_that_counts_lines_is_left_out_and_told(maker):
    told = maker(people(), "--no-load").stdout
    assert "id: left out (another whole number on every line, as an identifier has); --id id names" in told


def test_a_text_of_several_lines_does_not_break_the_files_written(maker):
    rows = with_column(people(), "note", lambda line: 'two\nlines "quoted" \\ # and more')
    rows = with_column(rows, "kind", lambda line: ("a\nb", 'c"d', "e\\f")[line % 3])
    done = maker(rows, "--no-load")
    assert 'note: left out (the same on every line (two lines "quoted"' in done.stdout
    assert set(maker.made().words("en")["categories"]["kind"]) == {"a\nb", 'c"d', "e\\f"}


def test_a_few_words_among_numbers_are_taken_for_not_known(maker):
    rows = people()
    rows[4][1] = "confidential"
    done = maker(rows, "--no-load")
    assert "warning: income: confidential taken for not known (1 lines)" in done.stdout
    assert maker.made().settings["tables"]["file"]["missing"] == {"income": ["confidential"]}


def test_numbers_and_texts_mixed_are_told(maker):
    rows = with_column(people(), "grade", lambda line: line % 5 if line % 3 else "xyz"[line % 2])
    assert "grade: numbers among texts (40 lines are none" in maker(rows, "--no-load").stdout


def test_a_copy_of_the_outcome_is_told(maker):
    rows = people()
    copied = with_column(rows, "repaid", lambda line: {"yes": 1, "no": 0}[rows[line + 1][-1]])
    assert "warning: repaid tells the outcome without fail" in maker(copied, "--no-load").stdout


LEAKS = {
    "a copy with a few faults": lambda paid, line: ("closed", "sold")[(not paid) != (line % 97 == 0)],
    "an amount lost": lambda paid, line: "0,00 €" if paid else f"{line + 12},50 €",
    "a day that only cases have": lambda paid, line: "" if paid else f"2021-{line % 12 + 1:02d}-05",
    "a count": lambda paid, line: line * 3 + (0 if paid else 5_000),
}


@pytest.mark.parametrize("options", [(), ("--positive", "yes", "--good")])
@pytest.mark.parametrize("leak", LEAKS)
def test_what_nearly_tells_the_outcome_is_told(maker, leak, options):
    rows = people(600)
    leaked = with_column(rows, "later", lambda line: LEAKS[leak](rows[line + 1][-1] == "yes", line))
    told = maker(leaked, *options, "--no-load").stdout
    assert "warning: later tells the outcome " in told
    assert "by itself: known afterwards only? --drop later" in told
    assert told.count("tells the outcome") == 1


@pytest.mark.parametrize("positive", ["yes", "no"])
def test_what_foresees_well_or_says_what_most_lines_are_is_no_copy(maker, positive):
    rows = people(600)
    rows = [rows[0], *([*row[:-1], "yes" if place % 12 else "no"] for place, row in enumerate(rows[1:]))]
    likely = with_column(rows, "score", lambda line: line % 7 + 3 * (rows[line + 1][-1] == "yes"))
    assert "tells the outcome" not in maker(likely, "--positive", positive, "--no-load").stdout


def test_five_lines_make_a_portfolio_with_a_warning(maker):
    rows = [["income", "paid"], [1, "yes"], [2, "no"], [5, "yes"], [4, "no"], [9, "yes"]]
    done = maker(rows, "--no-load")
    assert done.exit_code == 0
    assert "warning: 2 of the rarer outcome: too few to learn what lasts" in done.stdout


def test_lines_without_an_outcome_are_kept_and_told(maker):
    rows = people()
    for row in rows[1:11]:
        row[-1] = ""
    done = maker(rows)
    assert "10 lines have no known outcome: they are scored, never learnt from" in done.stdout
    assert "120 clients, 110 with a known outcome" in done.stdout


def test_a_line_that_is_too_long_is_told_with_its_number(maker, tmp_path):
    path = write(tmp_path / "people.csv", people())
    lines = path.read_text().splitlines()
    lines[7] += ",one,more"
    path.write_text("\n".join(lines))
    assert "people.csv line 8: " in maker.refusal(path)


@pytest.mark.parametrize("name", ["api", "Credit", "two words", "../up", "9lives", "home_credit"])
def test_names_that_would_hide_something_are_refused(maker, tmp_path, name):
    done = maker(people(), name=name)
    assert done.exit_code == 2
    assert maker.is_clean()


def test_a_portfolio_is_not_replaced_unless_asked(maker):
    assert maker(people(), "--no-load").exit_code == 0
    again = maker(people(80), "--no-load")
    assert again.exit_code == 2
    assert "there already" in again.stderr
    assert maker(people(80), "--no-load", "--replace", "--drop", "town").exit_code == 0
    assert "town" not in maker.made().columns


def wide(columns: int) -> list[list]:
    """Return clients with many columns of numbers."""
    drawn = random.Random(1)
    rows = [[row[1], row[-1], *(round(drawn.random(), 3) for _ in range(columns - 2))] for row in people(200)]
    return [["income", "paid", *(f"x{place}" for place in range(columns - 2))], *rows[1:]]


def test_two_thousand_columns_are_refused_at_once(maker):
    told = maker.refusal(wide(2_000))
    assert "2,000 columns, 500 at most can be read by people; make a file of those that matter" in told


@pytest.mark.slow
def test_as_many_columns_as_may_be_are_read_with_a_warning(maker):
    done = maker(wide(500))
    assert done.exit_code == 0, done.output
    assert "499 inputs: forms are made for 200" in done.stdout
    assert len(maker.made().inputs) == 499
