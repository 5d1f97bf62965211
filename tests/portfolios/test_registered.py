"""A portfolio of one's own, registered with MLflow, carries all that it needs to be served elsewhere."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
        cwd=tmp_path, env=_bare(tmp_path), capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    room, told = json.loads(done.stdout.splitlines()[-1])
    assert Path(room).is_relative_to(tmp_path), "it used our code, not the copy that came with it"
    for client_id, found in zip(ids, told, strict=False):
        wanted = assess(own, client_id)
        assert (found["probability"], found["points"]) == (wanted.probability, wanted.points)
        assert found["decision"] == wanted.decision
        assert len(found["reasons"]) == len(wanted.reasons)
        assert all(reason["text"] for reason in found["reasons"])


def _bare(store: Path) -> dict[str, str]:
    """What the process is given: no way to our code, no store, no folder of portfolios."""
    return {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin")),
        "MLFLOW_TRACKING_URI": f"sqlite:///{store / 'mlflow' / 'mlflow.db'}",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "OMP_NUM_THREADS": "1",
        "POLARS_MAX_THREADS": "1",
    }
