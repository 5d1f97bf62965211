"""What the commands log in MLflow, on a copy of the store with a tracking store of its own."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests_support import own_store

from data.bank import open_bank
from model import track
from model.__main__ import app
from model.artifact import champion
from model.assess import assess
from model.batch import Evaluation
from tests.model.track_support import PORTFOLIO, artifacts, client, run, tracking

POPULATION = {"population.npy", "population_codes.npy", "population_ranks.npy", "reference.parquet"}
NOBODY = "http://user:secret@127.0.0.1:9"


@pytest.fixture(autouse=True)
def here(logged) -> Iterator[None]:
    with own_store(logged.store):
        yield


class TestTraining:
    def test_what_decides_a_training_is_among_its_parameters(self, logged):
        card = champion(PORTFOLIO).card
        with client() as found:
            told = found.get_run(logged.record.run_id).data.params
        assert told["seed"] == str(card["seed"])
        assert json.loads(told["recipe"])["families"] == card["recipe"]["families"]
        assert told["portfolio"] == PORTFOLIO
        assert told["inputs"].split(", ") == card["inputs"]

    def test_every_figure_has_its_interval(self, logged):
        with client() as found:
            told = found.get_run(logged.record.run_id).data.metrics
        area = champion(PORTFOLIO).card["metrics"]["auc"]
        assert [told["auc_low"], told["auc"], told["auc_high"]] == [area["low"], area["value"], area["high"]]

    def test_each_fold_is_a_step(self, logged):
        with client() as found:
            steps = found.get_metric_history(logged.record.run_id, "fold_auc")
        assert [one.step for one in steps] == [1, 2, 3, 4, 5]

    def test_the_rows_are_told_by_their_fingerprint_alone(self, logged):
        with client() as found:
            (given,) = found.get_run(logged.record.run_id).inputs.dataset_inputs
        assert given.dataset.digest == open_bank(PORTFOLIO).meta.fingerprint
        assert given.dataset.name == PORTFOLIO

    def test_figures_contributions_environment_and_account_are_there(self, logged):
        wanted = {
            "figures": {
                "roc.png",
                "precision_recall.png",
                "calibration.png",
                "cost.png",
                "contributions.png",
            },
            "shap": {"contributions.json", "summary.png"},
            "environment": {"packages.txt", "made_with.json"},
            "account": {"artifact.json", "candidates.json", "fairness.json"},
        }
        with client() as found:
            for folder, names in wanted.items():
                there = artifacts(found, logged.record.run_id, folder)
                assert {f"{folder}/{name}" for name in names} <= there

    def test_it_is_registered_and_in_service_under_its_portfolio_s_name(self, logged):
        with client() as found:
            version = found.get_model_version_by_alias(PORTFOLIO, "champion")
        assert version.version == int(logged.record.registered)
        assert version.run_id == logged.record.run_id

    def test_logging_it_again_changes_nothing(self, logged):
        assert track.log_training(PORTFOLIO, "1") == logged.record

    def test_the_input_example_is_nobody_s(self, logged):
        with client():
            import mlflow

            info = mlflow.models.get_model_info(f"models:/{PORTFOLIO}@champion")
            place = mlflow.artifacts.download_artifacts(f"models:/{PORTFOLIO}@champion")
            shown = json.loads((Path(place) / info.saved_input_example_info["artifact_path"]).read_text())
        record = dict(zip(shown["columns"], shown["data"][0], strict=True))
        middle = champion(PORTFOLIO).card["reference"]["value"]
        assert all(middle[name] == value for name, value in record.items() if name in middle)
        assert "SK_ID_CURR" not in record

    def test_mlflow_is_not_left_pointing_anywhere(self, logged):
        assert "MLFLOW_TRACKING_URI" not in os.environ
        assert "MLFLOW_REGISTRY_URI" not in os.environ

    def test_a_version_that_is_not_there_is_said_so(self, logged):
        result = run(app, ["log", PORTFOLIO, "9"])
        assert result.exit_code == 2
        assert "no model in" in result.output


@pytest.fixture(scope="module")
def elsewhere(logged, tmp_path_factory) -> str:
    """The address of a tracking store that is not ours, where the same version was logged."""
    address, before = f"sqlite:///{tmp_path_factory.mktemp('elsewhere') / 'other.db'}", Path.cwd()
    os.chdir(tmp_path_factory.mktemp("there"))  # MLflow keeps the artifacts of a database where it is run
    try:
        with own_store(logged.store), tracking(address):
            track.log_training(PORTFOLIO, "1")
    finally:
        os.chdir(before)
    return address


class TestAServer:
    """Another tracking store than the default one holds no rows of clients unless asked to."""

    def test_rows_and_contributions_of_clients_stay_at_home(self, elsewhere):
        with tracking(elsewhere), client() as found:
            import mlflow

            version = found.get_model_version_by_alias(PORTFOLIO, "champion")
            assert "shap/summary.png" not in artifacts(found, version.run_id, "shap")
            whole = mlflow.artifacts.download_artifacts(f"models:/{PORTFOLIO}@champion")
        names = {path.name for path in Path(whole).rglob("*")}
        assert not POPULATION & names
        assert "stage_1.txt" in names

    def test_pulling_says_what_is_missing(self, elsewhere, tmp_path):
        with tracking(elsewhere), own_store(tmp_path):
            result = run(app, ["pull", f"models:/{PORTFOLIO}@champion"])
        assert result.exit_code == 2
        assert "reference.parquet" in result.output
        assert "--with-population" in result.output

    def test_it_can_be_pulled_without_and_assesses(self, elsewhere, logged, tmp_path, clients):
        shutil.copytree(logged.store / "banks", tmp_path / "banks")
        said = assess(PORTFOLIO, clients[0])
        with tracking(elsewhere), own_store(tmp_path):
            result = run(app, ["pull", f"models:/{PORTFOLIO}@champion", "--without-population"])
            assert result.exit_code == 0, result.output
            assert "without its population" in result.output
            assert assess(PORTFOLIO, clients[0]) == said


class TestNobodyThere:
    def test_training_is_not_lost_and_it_says_how_to_log_it(self, logged, monkeypatch):
        monkeypatch.setattr("model.train.train", lambda *_, **__: (champion(PORTFOLIO), []))
        with tracking(NOBODY):
            result = run(app, ["train", PORTFOLIO])
        assert result.exit_code == 0, result.output
        assert "127.0.0.1:9 does not answer" in result.output
        assert f"python -m model log {PORTFOLIO} 1" in result.output

    def test_no_password_is_shown(self, logged):
        with tracking(NOBODY):
            result = run(app, ["log", PORTFOLIO, "1"])
        assert result.exit_code == 2
        assert "secret" not in result.output

    def test_a_search_goes_on_with_one_remark(self, logged):
        with tracking(NOBODY):
            study = track.Study(PORTFOLIO, "tune", {"seed": 1})
            study.trial(0, {}, {"auc": 0.7})
            study.end({}, {})
        assert "does not answer" in study.remark

    def test_without_tracking_nothing_is_written(self, logged, monkeypatch, tmp_path):
        monkeypatch.setattr("model.train.train", lambda *_, **__: (champion(PORTFOLIO), []))
        with tracking(f"sqlite:///{tmp_path / 'never.db'}"):
            assert run(app, ["train", PORTFOLIO, "--no-track"]).exit_code == 0
            track.Study(PORTFOLIO, "tune", {}, wanted=False).trial(0, {}, {})
        assert not list(tmp_path.iterdir())


class TestStudy:
    def test_trials_lie_within_their_search(self, logged):
        study = track.Study(PORTFOLIO, "tune", {"seed": 1, "search": "tpe"})
        study.trial(0, {"num_leaves": 15}, {"auc": 0.75, "cost": 0.53}, seconds=2.0)
        study.trial(1, {"num_leaves": 31}, {"auc": 0.74, "cost": 0.54}, state="pruned")
        study.end({"num_leaves": 15}, {"auc": 0.75})
        assert study.remark == ""
        with client() as found:
            parent = found.get_run(study.run_id)
            inside = found.search_runs(
                [parent.info.experiment_id], f"tags.mlflow.parentRunId = '{study.run_id}'"
            )
        assert parent.info.status == "FINISHED"
        assert parent.data.params["best_num_leaves"] == "15"
        assert sorted(one.data.tags["state"] for one in inside) == ["complete", "pruned"]
        assert {one.data.params["num_leaves"] for one in inside} == {"15", "31"}

    def test_one_that_was_interrupted_goes_on_in_its_own_run(self, logged):
        first = track.Study(PORTFOLIO, "tune", {"seed": 2})
        again = track.Study(PORTFOLIO, "tune", {"seed": 2})
        other = track.Study(PORTFOLIO, "tune", {"seed": 3})
        assert first.run_id == again.run_id != other.run_id
        again.end({}, {})
        assert track.Study(PORTFOLIO, "tune", {"seed": 2}).run_id != first.run_id


class TestEvaluation:
    def test_its_figures_intervals_and_curves_are_logged(self, logged):
        generator = np.random.default_rng(0)
        p = generator.uniform(0.01, 0.4, 400)
        outcome = (generator.uniform(size=400) < p).astype(float)
        about = open_bank(PORTFOLIO).meta
        record = track.log_evaluation(
            Evaluation(champion(PORTFOLIO), {"rows": 400}, outcome, p, about), "new"
        )
        with client() as found:
            told = found.get_run(record.run_id)
            assert "figures/roc.png" in artifacts(found, record.run_id, "figures")
        assert told.data.metrics["auc_low"] < told.data.metrics["auc"] < told.data.metrics["auc_high"]
        assert told.data.params["files"] == "new"
        assert told.inputs.dataset_inputs[0].dataset.digest == about.fingerprint
