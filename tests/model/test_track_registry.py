"""The registry: aliases follow promotions, and versions are pulled and rebuilt as they were recorded."""

import json
import shutil
from collections.abc import Iterator

import pytest
from tests_support import own_store

from model import artifact, track
from model.__main__ import app
from model.artifact import champion
from tests.model.track_support import PORTFOLIO, client, run, tracking


@pytest.fixture(autouse=True)
def here(logged) -> Iterator[None]:
    with own_store(logged.store):
        yield


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
