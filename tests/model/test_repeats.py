"""The same data and seed give the same bytes in any process, on any threads; a kill leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests_support import own_store

from data import demo, load, portfolios
from data.bank import bank_path
from model import artifact
from model.artifact import champion

ROOT = Path(__file__).parents[2]
PORTFOLIO = "home_credit"

FITTING = """
import hashlib, sys
from tests.model.lab_support import QUICK, table
from model import booster, validation
from model.fitting import fit
data, threads = table(), int(sys.argv[1])
stages, rounds = fit(data, seed=4, threads=threads, recipe=QUICK)
print(rounds, *(hashlib.sha256(booster.text(stage.booster).encode()).hexdigest() for stage in stages))
"""


def run(program: str, *arguments: str, **environment: str) -> str:
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.slow
def test_processes_and_threads_give_the_same_bytes():
    first = run(FITTING, "1")
    assert len(first.split()) >= 3
    assert run(FITTING, "1") == first
    assert run(FITTING, "2", OMP_NUM_THREADS="2") == first


@pytest.mark.slow
def test_a_whole_training_in_another_process_gives_the_same_stages(store, tmp_path):
    (tmp_path / "banks").symlink_to(store / "banks")
    program = (
        "import sys; from model.train import train; m, _ = train('home_credit', seed=int(sys.argv[1]));"
        "print({k: v for k, v in m.card['hashes'].items() if k.startswith('stage')})"
    )
    card = champion(PORTFOLIO).card
    here = {name: digest for name, digest in card["hashes"].items() if name.startswith("stage")}
    assert run(program, str(card["seed"]), STORE_DIR=str(tmp_path)) == str(here)


class TestInterrupted:
    """A training that was killed leaves no version, and does not stand in the way of the next."""

    @pytest.fixture
    def own(self, tmp_path):
        demo.generate(PORTFOLIO, tmp_path / "tables", clients=1_000, seed=3)
        with own_store(tmp_path):
            load.load_folder(
                portfolios.load(PORTFOLIO), tmp_path / "tables", bank_path(PORTFOLIO), synthetic=True
            )
            yield tmp_path

    @pytest.mark.slow
    def test_while_it_fits(self, own):
        program = "from model.train import train; train('home_credit', each=lambda s: print(s, flush=True))"
        training = subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        while not training.stdout.readline().startswith("fold"):
            assert training.poll() is None
        training.kill()
        assert training.wait(30) == -signal.SIGKILL
        training.stdout.close()
        assert artifact.versions(PORTFOLIO) == []

    def test_while_it_writes(self, store, tmp_path):
        """Killed once the stages are written and before the card is."""
        program = """
import sys, time
from pathlib import Path
from model import artifact
model = artifact.load(Path(sys.argv[1]))
def halted(path, content):
    print("writing", flush=True)
    time.sleep(300)
artifact._write = halted
folder = artifact.models_folder("home_credit") / "1"
artifact.save(folder, dict(model.card), model.stages, {"global.json": {}})
"""
        made = champion(PORTFOLIO)
        writing = subprocess.Popen(
            [sys.executable, "-c", program, str(made.folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "STORE_DIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writing.stdout.readline() == "writing\n"
        writing.kill()
        writing.wait(30)
        writing.stdout.close()
        with own_store(tmp_path):
            assert list(artifact.models_folder(PORTFOLIO).glob("**/stage_1.txt")), "nothing was half written"
            assert artifact.versions(PORTFOLIO) == []
            assert artifact.next_version(PORTFOLIO) == "1"
            artifact.save(artifact.models_folder(PORTFOLIO) / "1", dict(made.card), made.stages, {})
            assert artifact.versions(PORTFOLIO) == ["1"]

    def test_a_version_that_is_there_is_never_written_over(self, store):
        made = champion(PORTFOLIO)
        with pytest.raises(FileExistsError, match=made.version):
            artifact.save(made.folder, dict(made.card), made.stages, {})
        assert artifact.load(made.folder).version == made.version

    def test_one_that_fails_tidies_up(self, store, tmp_path):
        made = champion(PORTFOLIO)
        with pytest.raises(TypeError):
            artifact.save(
                tmp_path / "models" / "1", dict(made.card), made.stages, {"odd.json": {1j: object()}}
            )
        assert list((tmp_path / "models").iterdir()) == []
