"""A portfolio of one's own, registered with MLflow, carries all that it needs to be served elsewhere."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests_support import elsewhere

from components.sentences import reasons_told
from data import portfolios
from data.bank import open_bank
from model import track
from model.assess import assess
from tests.portfolios import own_files

pytestmark = pytest.mark.slow

PROGRAM = """
import json, sys
import mlflow, pandas as pd
model = mlflow.pyfunc.load_model(f"models:/{sys.argv[1]}@champion")
found = model.predict(pd.DataFrame(json.load(open("records.json"))), params={"lang": "fr"})
import data.portfolios as room
told = found[["probability", "points", "decision", "reasons"]].to_dict("records")
print(json.dumps([room.__file__, told]))
"""


def test_another_process_without_its_folder_says_the_same(own, ids, store, tmp_path, monkeypatch):
    for part in ("banks", "models", "portfolios"):
        shutil.copytree(store / part, tmp_path / part)
    own_files.use(monkeypatch, tmp_path)
    track.log_training(own, "1")
    records = [open_bank(own).record(one) for one in ids[:10]]
    (tmp_path / "records.json").write_text(json.dumps(records), "utf-8")

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM, own],
        cwd=tmp_path, env=elsewhere(tmp_path), capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    room, told = json.loads(done.stdout.splitlines()[-1])
    assert Path(room).is_relative_to(tmp_path), "it used our code, not the copy that came with it"
    portfolio = portfolios.load(own)
    for client_id, found in zip(ids, told, strict=False):
        wanted = assess(own, client_id)
        assert (found["probability"], found["points"]) == (wanted.probability, wanted.points)
        assert found["decision"] == wanted.decision
        assert found["reasons"] == reasons_told(portfolio, wanted, "fr")
