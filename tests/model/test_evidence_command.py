"""What the command reads back of the evidence."""

import json

import pytest
from typer.testing import CliRunner

from model import evidence_command
from model.__main__ import app
from tests.components.test_evidence import HELD


def run(*asked: str):
    return CliRunner().invoke(app, ["evidence", "home_credit", *asked])


@pytest.fixture
def held(store, monkeypatch):
    monkeypatch.setattr(evidence_command, "measured", lambda model, name: HELD)


def test_a_model_trained_without_it_says_how_to_measure_it(store):
    found = run()
    assert found.exit_code == 2
    assert "--with-evidence" in found.stderr


def test_every_part_is_told_with_its_intervals(held):
    told = run().stdout
    assert all(f"{part}:" in told for part in HELD)
    assert "name bureau, inputs 3, rows 900, auc 0.0040 (0.0030 to 0.0050)" in told
    assert "auc_sd 0.0006" in told
    assert "against 0" in told


def test_one_part_alone(held):
    assert run("--part", "signs").stdout.startswith("signs:\n  inputs 63\n")
    assert "learning:" not in run("--part", "signs").stdout


def test_a_part_that_is_not_there_is_named(held):
    found = run("--part", "taste")
    assert found.exit_code == 2
    assert "'taste'" in found.stderr


def test_as_one_json_object(held):
    assert json.loads(run("--json").stdout) == HELD
