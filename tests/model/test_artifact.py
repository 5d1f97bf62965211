import shutil

import pytest
from tests_support import own_store

from config import settings
from model import artifact
from model.artifact import ModelDamaged, ModelMissing

PORTFOLIO = "home_credit"


@pytest.fixture
def copied(store, tmp_path):
    """A copy of the shared store that a test may spoil."""
    with own_store(shutil.copytree(store / "models", tmp_path / "models").parent):
        yield tmp_path


def folder():
    return artifact.models_folder(PORTFOLIO) / "1"


def test_the_model_that_is_read_is_the_one_that_was_saved(copied):
    model = artifact.champion(PORTFOLIO)
    assert model.version == "1"
    assert [stage.family for stage in model.stages] == [stage["family"] for stage in model.card["stages"]]
    assert model.stages[0].family == "application"


def test_a_changed_file_is_noticed(copied):
    path = folder() / "stage_1.txt"
    path.write_text(path.read_text().replace("leaf_value=", "leaf_value= ", 1))
    with pytest.raises(ModelDamaged, match=r"stage_1\.txt is missing or was changed"):
        artifact.load(folder())


def test_a_missing_file_is_noticed(copied):
    (folder() / "stage_1.txt").unlink()
    with pytest.raises(ModelDamaged, match="train again"):
        artifact.load(folder())


def test_without_its_card_a_folder_is_no_model(copied):
    (folder() / artifact.CARD).unlink()
    with pytest.raises(ModelMissing):
        artifact.load(folder())
    assert artifact.versions(PORTFOLIO) == []


def test_promoting_what_was_never_trained_is_refused_and_changes_nothing(copied):
    with pytest.raises(ModelMissing, match="trained: 1"):
        artifact.promote(PORTFOLIO, "7")
    assert artifact.champion_version(PORTFOLIO) == "1"


def test_a_promoted_version_is_served_at_once(copied):
    shutil.copytree(folder(), folder().with_name("2"))
    before = artifact.champion(PORTFOLIO).folder
    artifact.promote(PORTFOLIO, "2")
    assert artifact.champion(PORTFOLIO).folder.name == "2" != before.name


def test_no_pickle_is_written(copied):
    endings = {path.suffix for path in folder().iterdir()}
    assert endings == {".txt", ".json", ".npy", ".parquet"}


def test_where_there_is_no_model_the_command_that_makes_one_is_named(tmp_path):
    with own_store(tmp_path):
        assert settings().store_dir == tmp_path
        with pytest.raises(ModelMissing, match="python -m model train home_credit"):
            artifact.champion(PORTFOLIO)
