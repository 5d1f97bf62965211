import json

import polars as pl
import pytest
from typer.testing import CliRunner

from data import demo
from model.__main__ import app
from model.artifact import champion

run = CliRunner().invoke


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    """A folder of 400 other synthetic clients, as files."""
    folder = tmp_path_factory.mktemp("others")
    demo.generate("home_credit", folder, clients=400, seed=99)
    return folder


class TestEvaluate:
    def test_prints_one_json_object_with_every_figure(self, store, others):
        result = run(app, ["evaluate", "home_credit", str(others), "--json", "--no-track"])
        assert result.exit_code == 0, result.output
        found = json.loads(result.stdout)
        wanted = {
            "auc",
            "gini",
            "ks",
            "brier",
            "log_loss",
            "cost_per_file",
            "refused_share",
            "threshold",
            "rows",
        }
        assert wanted <= set(found)
        assert found["rows"] == 400
        assert found["threshold"] == champion("home_credit").threshold
        assert found["auc"] > 0.6

    def test_without_outcomes_says_which_column_is_needed(self, store, others, tmp_path):
        (tmp_path / "application_test.parquet").write_bytes(
            (others / "application_test.parquet").read_bytes()
        )
        result = run(app, ["evaluate", "home_credit", str(tmp_path)])
        assert result.exit_code == 2
        assert "TARGET" in result.output


class TestScore:
    @pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
    def test_writes_one_row_per_client(self, store, others, tmp_path, ending):
        target = tmp_path / f"scored.{ending}"
        result = run(app, ["score", "home_credit", str(others), str(target)])
        assert result.exit_code == 0, result.output
        rows = getattr(pl, f"read_{ending}")(target)
        assert rows.columns == ["SK_ID_CURR", "probability", "points", "decision", "reasons"]
        assert len(rows) == 400 + len(pl.read_parquet(others / "application_test.parquet"))
        assert rows["points"].is_finite().all()
        assert set(rows["decision"]) <= {"accept", "review", "refuse"}

    def test_an_unknown_ending_is_refused_before_anything_is_read(self, store, others, tmp_path):
        result = run(app, ["score", "home_credit", str(others), str(tmp_path / "out.xls")])
        assert result.exit_code == 2
        assert ".csv, .parquet, .json" in " ".join(result.output.split())
        assert list(tmp_path.iterdir()) == []


class TestDoctor:
    def test_a_sound_installation_has_no_problem(self, store):
        result = run(app, ["doctor", "home_credit"])
        assert result.exit_code == 0, result.output
        assert "PROBLEM" not in result.output

    def test_an_unknown_portfolio_names_those_there_are(self, store):
        result = run(app, ["doctor", "no_such"])
        assert result.exit_code == 2
        assert "home_credit" in result.output
