"""What the commands log in MLflow, on a copy of the store with a tracking store of its own."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from tests_support import own_store
from typer.testing import CliRunner

import config
from data.bank import open_bank
from model import artifact, track
from model.__main__ import app
from model.artifact import champion
from model.assess import assess
from model.batch import Evaluation

PORTFOLIO = "home_credit"
POPULATION = {"population.npy", "population_codes.npy", "population_ranks.npy", "reference.parquet"}
NOBODY = "http://user:secret@127.0.0.1:9"
run = CliRunner().invoke


@pytest.fixture(autouse=True)
def here(logged) -> Iterator[None]:
    with own_store(logged.store):
        yield


@contextmanager
def tracking(address: str) -> Iterator[None]:
    """Use another tracking store for a while."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", address)
        config.settings.cache_clear()
        yield
    config.settings.cache_clear()


@contextmanager
def client() -> Iterator:
    """MLflow's own client on the tracking store of the moment."""
    with track.quiet():
        from model.track_store import connected

        with connected() as found:
            yield found


def artifacts(found, run_id: str, folder: str = "") -> set[str]:
    return {one.path for one in found.list_artifacts(run_id, folder)}


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


class TestAliases:
    @pytest.fixture
    def second(self, logged) -> Iterator[str]:
        """A second version, registered as the first but quicker: only its tags matter here."""
        models = logged.store / "models" / PORTFOLIO
        shutil.copytree(models / "1", models / "2")
        card = json.loads((models / "2" / artifact.CARD).read_text("utf-8"))
        told = json.dumps(card | {"version": "2", "created": "2030-01-01T00:00:00+00:00"})
        (models / "2" / artifact.CARD).write_text(told, "utf-8")
        with client() as found:
            from model.track_models import IDENTITY, identity

            first = found.get_model_version(PORTFOLIO, logged.record.registered)
            tags = {IDENTITY: identity(models / "2")}
            made = found.create_model_version(PORTFOLIO, first.source, run_id=first.run_id, tags=tags)
        yield str(made.version)
        with client() as found:
            found.delete_model_version(PORTFOLIO, made.version)
        artifact.promote(PORTFOLIO, "1")
        shutil.rmtree(models / "2")
        track.set_aliases(PORTFOLIO)

    def aliases(self) -> dict[str, str]:
        with client() as found:
            return {name: str(at) for name, at in found.get_registered_model(PORTFOLIO).aliases.items()}

    def test_follow_promotions_and_their_undoing(self, logged, second):
        first = logged.record.registered
        assert run(app, ["promote", PORTFOLIO, "2"]).exit_code == 0
        assert self.aliases() == {"champion": second}
        result = run(app, ["rollback", PORTFOLIO])
        assert result.exit_code == 0, result.output
        assert "version 1 of home_credit is in service again" in result.output
        assert self.aliases() == {"champion": first, "challenger": second}

    def test_a_version_that_is_not_registered_is_said_so(self, logged, second):
        with client() as found:
            found.set_model_version_tag(PORTFOLIO, second, "identity", "another")
        result = run(app, ["promote", PORTFOLIO, "2"])
        assert result.exit_code == 0
        assert f"python -m model log {PORTFOLIO} 2" in result.output
        assert "champion" not in self.aliases()


class TestPull:
    def test_the_store_of_a_new_place_is_built_from_the_registry(self, logged, tmp_path):
        address = f"sqlite:///{logged.store / 'mlflow' / 'mlflow.db'}"
        with tracking(address), own_store(tmp_path):
            result = run(app, ["pull", f"models:/{PORTFOLIO}@champion"])
            assert result.exit_code == 0, result.output
            assert "in service" in result.output
            folder = tmp_path / "models" / PORTFOLIO / "1"
            assert artifact.champion_version(PORTFOLIO) == "1"
        ours = logged.store / "models" / PORTFOLIO / "1"
        assert {p.name: p.read_bytes() for p in folder.iterdir()} == {
            p.name: p.read_bytes() for p in ours.iterdir()
        }

    def test_what_is_already_here_is_not_brought_in_twice(self, logged):
        assert track.pull(f"models:/{PORTFOLIO}@champion").version == "1"
        assert artifact.versions(PORTFOLIO) == ["1"]

    def test_a_number_that_is_taken_by_another_is_not_taken_again(self, logged, tmp_path):
        shutil.copytree(logged.store / "models", tmp_path / "models")
        path = tmp_path / "models" / PORTFOLIO / "1" / artifact.CARD
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"created": "2030-01-01"}), "utf-8")
        with tracking(f"sqlite:///{logged.store / 'mlflow' / 'mlflow.db'}"), own_store(tmp_path):
            pulled = track.pull(f"models:/{PORTFOLIO}@champion")
            assert (pulled.version, pulled.in_service) == ("2", False)
            assert artifact.load(tmp_path / "models" / PORTFOLIO / "2").version == "2"

    @pytest.mark.parametrize(
        "uri", ["home_credit", "models:/home_credit", "models:/home_credit@a/b", "runs:/1"]
    )
    def test_an_address_of_another_kind_is_refused(self, logged, uri):
        with pytest.raises(track.Refused, match="expected models:/PORTFOLIO"):
            track.pull(uri)

    @pytest.mark.parametrize("uri", ["models:/home_credit/99", "models:/home_credit@nobody"])
    def test_what_is_not_registered_is_said_so(self, logged, uri):
        with pytest.raises(track.Refused, match="not in"):
            track.pull(uri)

    @pytest.mark.parametrize(
        ("file", "old", "new", "said"),
        [
            ("stage_1.txt", "tree", "tref", "changed after training"),
            ("curves.json", "roc", "rok", "curves.json"),
            (artifact.CARD, '"home_credit"', '"other"', "is a model of 'other'"),
            (artifact.CARD, "{", "", "damaged"),
        ],
    )
    def test_a_damaged_or_foreign_one_is_refused(self, logged, tmp_path, file, old, new, said):
        (path,) = (logged.store / "mlflow" / "artifacts" / "models").rglob(f"artifact/{file}")
        whole = path.read_text("utf-8")
        path.write_text(whole.replace(old, new, 1), "utf-8")
        try:
            with (
                tracking(f"sqlite:///{logged.store / 'mlflow' / 'mlflow.db'}"),
                own_store(tmp_path),
                pytest.raises(track.Refused, match=said),
            ):
                track.pull(f"models:/{PORTFOLIO}@champion")
            assert not list(tmp_path.glob("models/*/*"))
        finally:
            path.write_text(whole, "utf-8")


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


class TestRebuild:
    def test_other_data_are_refused(self, logged):
        with client() as found:
            from mlflow.entities import DatasetInput

            from model.track_runs import dataset

            run_ = found.get_run(logged.record.run_id)
            copy = found.create_run(run_.info.experiment_id, tags={"kind": "training"})
            for name, value in run_.data.params.items():
                found.log_param(copy.info.run_id, name, value)
            given = dataset(PORTFOLIO, {"fingerprint": "another", "rows": 1})._to_mlflow_entity()
            found.log_inputs(copy.info.run_id, [DatasetInput(given, [])])
        result = run(app, ["rebuild", copy.info.run_id])
        assert result.exit_code == 2
        assert "fingerprint another" in " ".join(result.output.split())

    @pytest.mark.parametrize("run_id", ["0" * 32, "no such"])
    def test_a_run_that_is_not_there_is_said_so(self, logged, run_id):
        with pytest.raises(track.Refused, match="no run"):
            track.rebuild(run_id)

    def test_a_run_of_another_kind_is_refused(self, logged):
        study = track.Study(PORTFOLIO, "tune", {"seed": 4})
        with pytest.raises(track.Refused, match="no training"):
            track.rebuild(study.run_id)

    @pytest.mark.parametrize("changed", [False, True])
    def test_a_stage_that_differs_from_the_record_is_named(self, logged, monkeypatch, changed):
        monkeypatch.setattr("model.rebuild.train", lambda *_, **__: (champion(PORTFOLIO), []))
        with client() as found:
            tags = found.get_run(logged.record.run_id).data.tags
            whole = tags["sha256 stage_1.txt"]
            found.set_tag(logged.record.run_id, "sha256 stage_1.txt", "another" if changed else whole)
        result = run(app, ["rebuild", logged.record.run_id])
        with client() as found:
            found.set_tag(logged.record.run_id, "sha256 stage_1.txt", whole)
        assert result.exit_code == (2 if changed else 0), result.output
        assert ("not byte for byte the same: stage_1.txt" in result.output) == changed

    @pytest.mark.slow
    def test_its_stages_are_byte_for_byte_those_of_the_record(self, logged, tmp_path):
        shutil.copytree(logged.store / "banks", tmp_path / "banks")
        with tracking(f"sqlite:///{logged.store / 'mlflow' / 'mlflow.db'}"), own_store(tmp_path):
            result = run(app, ["rebuild", logged.record.run_id])
            assert result.exit_code == 0, result.output
            assert "byte for byte" in result.output
            made = tmp_path / "models" / PORTFOLIO / "1"
            for path in (logged.store / "models" / PORTFOLIO / "1").glob("stage_*.txt"):
                assert (made / path.name).read_bytes() == path.read_bytes()
