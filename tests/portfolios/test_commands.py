"""The commands that take files take those of a portfolio made by command."""

import polars as pl
import pytest

from data import portfolios
from model import batch, doctor, drift_run
from tests.portfolios import own_files

FILES = {"prets": own_files.loans, "answers": own_files.answers}


@pytest.fixture
def file(own, tmp_path):
    """The file that the portfolio was made of, written again."""
    return FILES[own](tmp_path).file


def test_drift_of_the_file_it_was_made_of_is_none(own, file):
    verdict = drift_run.run(own, str(file), name="again", with_report=False, each=lambda *_: None)
    assert verdict.state == "stable"


def test_scoring_writes_a_row_for_each_line(own, file, tmp_path):
    count = batch.score_file(own, file, tmp_path / "scored.csv")
    scored = pl.read_csv(tmp_path / "scored.csv")
    assert count == len(scored) == len(file.read_text(encoding="utf-8").splitlines()) - 1
    assert scored.columns[:4] == [portfolios.load(own).id_column, "probability", "points", "decision"]


def test_evaluating_counts_every_line_that_has_an_outcome(own, file):
    found = batch.evaluate(own, file)
    assert found["rows"] == len(file.read_text(encoding="utf-8").splitlines()) - 1
    assert found["auc"] > 0.6


def test_the_doctor_finds_nothing(own):
    assert [one.what for one in doctor.examine(own) if not one.ok] == []
