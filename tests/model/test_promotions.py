import json
import shutil

import pytest
from tests_support import own_store

from model import artifact, promotions
from model.promotions import NothingBefore

PORTFOLIO = "home_credit"


@pytest.fixture
def versions(store, tmp_path):
    """Versions 1 to 3 of a model, the first in service."""
    folder = tmp_path / "models" / PORTFOLIO
    for version in ("1", "2", "3"):
        shutil.copytree(store / "models" / PORTFOLIO / "1", folder / version)
        card = json.loads((folder / version / artifact.CARD).read_text("utf-8"))
        (folder / version / artifact.CARD).write_text(json.dumps(card | {"version": version}), "utf-8")
    with own_store(tmp_path):
        artifact.promote(PORTFOLIO, "1")
        yield folder


def in_service() -> str:
    return artifact.champion_version(PORTFOLIO)


class TestRollback:
    def test_goes_back_as_many_times_as_there_were_promotions(self, versions):
        artifact.promote(PORTFOLIO, "2")
        artifact.promote(PORTFOLIO, "3")
        assert [promotions.rollback(PORTFOLIO) for _ in range(2)] == ["2", "1"]
        assert in_service() == "1"
        with pytest.raises(NothingBefore, match="none was before"):
            promotions.rollback(PORTFOLIO)

    def test_after_going_back_a_promotion_leads_back_to_where_it_began(self, versions):
        artifact.promote(PORTFOLIO, "2")
        promotions.rollback(PORTFOLIO)
        artifact.promote(PORTFOLIO, "3")
        assert promotions.rollback(PORTFOLIO) == "1"

    def test_promoting_the_version_in_service_again_is_nothing_to_undo(self, versions):
        artifact.promote(PORTFOLIO, "2")
        artifact.promote(PORTFOLIO, "2")
        assert promotions.rollback(PORTFOLIO) == "1"

    def test_a_version_that_was_deleted_is_skipped(self, versions):
        artifact.promote(PORTFOLIO, "2")
        artifact.promote(PORTFOLIO, "3")
        shutil.rmtree(versions / "2")
        assert promotions.rollback(PORTFOLIO) == "1"

    def test_a_store_of_before_the_history_knows_what_it_left(self, versions):
        (versions / artifact.PROMOTIONS).unlink()
        artifact.promote(PORTFOLIO, "3")
        assert promotions.rollback(PORTFOLIO) == "1"

    def test_a_promotion_cut_off_before_it_was_noted_can_be_undone(self, versions):
        (versions / artifact.CHAMPION).write_text("2", "utf-8")
        assert promotions.rollback(PORTFOLIO) == "1"


class TestHistory:
    def test_every_change_is_kept_with_its_hour(self, versions):
        artifact.promote(PORTFOLIO, "2")
        promotions.rollback(PORTFOLIO)
        told = promotions.history(PORTFOLIO)
        assert [(one.version, one.before, one.back) for one in told] == [
            ("1", None, False),
            ("2", "1", False),
            ("1", "2", True),
        ]
        assert all(one.at.endswith("+00:00") for one in told)


class TestChallenger:
    @pytest.mark.parametrize(("champion", "challenger"), [("1", "3"), ("2", "3"), ("3", None)])
    def test_is_the_newest_trained_since_the_one_in_service(self, versions, champion, challenger):
        artifact.promote(PORTFOLIO, champion)
        assert promotions.challenger_version(PORTFOLIO) == challenger


def test_the_next_version_is_above_the_highest(versions):
    shutil.rmtree(versions / "1")
    assert artifact.next_version(PORTFOLIO) == "4"
