"""The profile: aggregates only, small, and the same whenever it is measured on the same rows."""

import gzip
import json

import pytest

from data.demo import normal, profile
from data.portfolios import FOLDER

PATH = FOLDER / "home_credit" / "demo_profile.json.gz"


@pytest.fixture(scope="module")
def kept() -> dict:
    return profile.load("home_credit")


def summaries(kept: dict) -> dict[str, dict]:
    """Every trait of the profile, whatever table it belongs to."""
    found = kept["single"] | kept["building_ratios"] | {"delay": kept["delay"]["delay"]}
    for table in ("bureau", "previous"):
        found |= {f"{table}:{name}": summary for name, summary in kept[table]["traits"].items()}
    return found


class TestShipped:
    def test_is_small(self):
        assert PATH.stat().st_size < 300_000

    def test_holds_quantiles_with_trimmed_ends_and_shares_only(self, kept):
        for name, summary in summaries(kept).items():
            for group, values in summary["groups"].items():
                expected = len(normal.LEVELS) if summary["kind"] == "number" else len(summary["labels"])
                assert len(values) == expected, (name, group)
                if summary["kind"] == "category":
                    assert sum(values) == pytest.approx(1, abs=0.01), (name, group)
                else:
                    assert values == sorted(values), (name, group)
        assert normal.LEVELS[0] == 0.001
        assert normal.LEVELS[-1] == 0.999

    def test_ties_every_trait_to_every_other_once(self, kept):
        size = len(kept["order"])
        assert len(kept["correlation"]) == size * (size - 1) // 2
        assert {name for name in kept["single"]} <= set(kept["order"])

    def test_holds_nothing_beside_what_is_named_here(self, kept):
        assert set(kept) == {
            "large_organisations", "building_ratios", "single", "order", "correlation", "bureau", "previous",
            "delay", "lateness", "scorecard", "conduct",
        }  # fmt: skip


class TestCommand:
    def test_says_what_is_missing_when_the_folder_is_not_there(self, tmp_path, caplog):
        assert profile.main([str(tmp_path / "nowhere"), str(tmp_path / "out.json.gz")]) == 2
        assert "nowhere" in caplog.text
        assert not (tmp_path / "out.json.gz").exists()

    def test_says_when_the_portfolio_is_unknown(self, tmp_path, caplog):
        assert profile.main([str(tmp_path), str(tmp_path / "out.json.gz"), "--portfolio", "nowhere"]) == 2
        assert "unknown portfolio 'nowhere'" in caplog.text

    def test_writes_the_same_bytes_for_the_same_aggregates(self, tmp_path):
        for name in ("one", "two"):
            profile.save({"a": [0.1, 0.2]}, tmp_path / name)
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()

    def test_says_how_to_make_a_profile_that_is_not_there(self, tmp_path, monkeypatch):
        monkeypatch.setattr(profile, "FOLDER", tmp_path)
        with pytest.raises(FileNotFoundError, match=r"python -m data.demo.profile FOLDER"):
            profile.load.__wrapped__("home_credit")

    @pytest.mark.slow
    def test_the_shipped_profile_is_that_of_the_real_rows(self, real_data, tmp_path):
        assert profile.main([str(real_data / "home_credit"), str(tmp_path / "out.json.gz")]) == 0
        again = json.loads(gzip.decompress((tmp_path / "out.json.gz").read_bytes()))
        assert again.keys() == profile.load("home_credit").keys()
        assert again["single"] == profile.load("home_credit")["single"]
        assert again["correlation"] == pytest.approx(profile.load("home_credit")["correlation"], abs=0.002)
