import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests_support import own_store
from typer.testing import CliRunner

from model import recipe, tune_run
from model.__main__ import app
from model.recipe import DEFAULT, Overrides, Recipe
from model.tune_judge import Gain

run = CliRunner().invoke
PORTFOLIO = "home_credit"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def apart(store, tmp_path_factory):
    """A store of its own with the demo bank, where tuning may write."""
    folder = tmp_path_factory.mktemp("tuned")
    shutil.copytree(store / "banks", folder / "banks")
    return folder


@pytest.fixture(scope="module")
def tuned(apart):
    """A search of two trials by the command."""
    with own_store(apart):
        return run(app, ["tune", PORTFOLIO, "--trials", "2"])


class TestTheCommand:
    def test_says_what_was_gained_on_the_folds_searched_and_on_fresh_ones(self, tuned):
        assert tuned.exit_code == 0, tuned.output
        for said in ("2 trials", "default  trial 0", "gain on the folds searched", "gain on fresh folds"):
            assert said in tuned.output

    def test_writes_the_recipe_and_how_it_was_found(self, apart, tuned):
        content = json.loads((apart / "tuning" / f"{PORTFOLIO}.json").read_text())
        assert content["trials"] == 2
        assert set(content["gains"]) == {"searched", "four_then_fifth", "fresh"}
        families = {"application"} if content["kept"] else set()
        assert set(content["recipe"]["families"]) == families
        with own_store(apart):
            assert recipe.named(PORTFOLIO, "tuned") == recipe.from_dict(content["recipe"])

    def test_goes_on_where_it_was_interrupted(self, apart, tuned, monkeypatch):
        def interrupted(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr(tune_run, "run", interrupted)
        with own_store(apart):
            result = run(app, ["tune", PORTFOLIO])
        assert result.exit_code == 130
        assert "the same command goes on from there" in " ".join(result.output.split())

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            (["no_such"], "home_credit"),
            ([PORTFOLIO, "--family", "card_of_nobody"], "expected one of application"),
            ([PORTFOLIO, "--search", "luck"], "tpe"),
            ([PORTFOLIO, "--trials", "0"], "trials"),
        ],
    )
    def test_what_cannot_be_done_is_one_line_and_exit_code_2(self, apart, asked, said):
        with own_store(apart):
            result = run(app, ["tune", *asked])
        assert result.exit_code == 2
        assert said in result.output


class TestTheVerdict:
    @pytest.mark.parametrize(
        ("number", "kept", "said"),
        [(0, False, "nothing better"), (3, False, "the default stays"), (3, True, "--recipe tuned")],
    )
    def test_is_the_last_line(self, number, kept, said, tmp_path):
        trial = tune_run.Trial(
            number, False, "application", {}, 0.5, {"cost": 0.5, "auc": 0.7, "log_loss": 0.2}, [], 1.0
        )
        gains = dict.fromkeys(("cost", "auc", "log_loss"), Gain(0.01, 0.002))
        found = tune_run.Found("application", "tpe", "cost", 1, [trial], trial, gains, gains, None)
        tuned = tune_run.Tuned(found, gains, gains, DEFAULT, kept, tmp_path / "one.json")
        told = tune_run.lines(tuned)
        assert said in told[-1]
        assert "whole search on files set aside" in told[-2]
        assert "cost saved +0.0100 +- 0.0020" in told[-2]


class TestTraining:
    def test_follows_the_recipe_that_it_is_given(self, apart, monkeypatch, tmp_path):
        mine = Recipe({"application": Overrides({"num_leaves": 7})})
        path = tmp_path / "mine.json"
        path.write_text(json.dumps(mine.to_dict()))
        asked = []

        def stop(portfolio, **given):
            asked.append((given["recipe"], given["recipe_name"]))
            raise ValueError("seen")

        monkeypatch.setattr("model.train.train", stop)
        with own_store(apart):
            for name in ("default", str(path)):
                run(app, ["train", PORTFOLIO, "--recipe", name])
            run(app, ["train", PORTFOLIO])
        assert asked == [(DEFAULT, "default"), (mine, "file"), (DEFAULT, "default")]

    @pytest.mark.parametrize(
        ("name", "said"), [("tuned", "first run: python -m model tune"), ("no.json", "no such file")]
    )
    def test_one_that_is_not_there_is_said_to_be(self, tmp_path, name, said):
        with own_store(tmp_path):
            result = run(app, ["train", PORTFOLIO, "--recipe", name])
        assert result.exit_code == 2
        assert said in " ".join(result.output.split())

    def test_the_card_says_which_was_used(self, store):
        from model.artifact import champion

        assert champion(PORTFOLIO).card["recipe"] == {"used": "default"} | DEFAULT.to_dict()


@pytest.mark.slow
def test_a_search_that_was_killed_ends_as_one_that_was_not(store, tmp_path):
    def started(folder: Path) -> subprocess.Popen:
        (folder / "banks").mkdir(parents=True, exist_ok=True)
        shutil.copytree(store / "banks", folder / "banks", dirs_exist_ok=True)
        command = [sys.executable, "-m", "model", "tune", PORTFOLIO, "--trials", "3"]
        environment = os.environ | {"STORE_DIR": str(folder), "OMP_NUM_THREADS": "1"}
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = started(killed)
    database = killed / "tuning" / f"{PORTFOLIO}.sqlite"
    for _ in range(600):
        time.sleep(0.1)
        if database.exists() and _ended(database) >= 1:
            break
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    assert _ended(database) < 3
    for folder in (killed, whole):
        assert started(folder).wait(timeout=300) == 0
    one, other = (
        json.loads((folder / "tuning" / f"{PORTFOLIO}.json").read_text()) for folder in (killed, whole)
    )
    for found in (one, other):
        found.pop("created")
        found["default"].pop("seconds")
        found["winner"].pop("seconds")
    assert one == other


def _ended(database: Path) -> int:
    """Return how many trials ended, as the file says."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        try:
            told = "SELECT COUNT(*) FROM trials WHERE state IN ('COMPLETE', 'PRUNED')"
            return connection.execute(told).fetchone()[0]
        except sqlite3.OperationalError:  # the tables are being made
            return 0
