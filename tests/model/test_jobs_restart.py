"""Jobs after a restart: those that go on are followed, those that are dead are said to be."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from tests_support import until

import config
from data.ledger import jobs as ledger
from model import jobs, processes
from tests.model.jobs_support import REPORTS, SLEEPS, ended, jobs_of_ones_own, run

ROOT = Path(config.__file__).parent


@pytest.fixture(autouse=True)
def ledger_of_ones_own(tmp_path, monkeypatch):
    with jobs_of_ones_own(tmp_path, monkeypatch):
        yield


class TestAfterARestart:
    """A job started by a worker that is no more: another process, which has already gone."""

    def start_elsewhere(self, program: str) -> ledger.Job:
        starts = (
            "import sys, time; from pathlib import Path; from model import jobs\n"
            f"jobs.COMMANDS['drift'] = lambda p, file, number: ['-c', {program!r}, str(file), number]\n"
            "file = jobs.new_folder() / 'batch.csv'; file.write_text('x')\n"
            "print(jobs.start('drift', 'home_credit', file).id)\n"
        )
        asked = [sys.executable, "-c", starts]
        told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
        return ledger.get(told.stdout.strip())

    def test_a_job_goes_on_and_ends_as_it_should(self):
        job = self.start_elsewhere(REPORTS + "report('reading', 1, 2); time.sleep(1); report.result = 'b1'")
        assert jobs.current("home_credit").id == job.id
        assert jobs.is_busy()
        found = ended(job)
        assert (found.state, found.result) == ("done", "b1")

    def test_a_job_can_be_cancelled(self):
        job = self.start_elsewhere(SLEEPS)
        until(lambda: ledger.get(job.id).done)
        jobs.cancel(job.id)
        assert ended(job).state == "cancelled"

    def test_a_dead_job_is_said_to_be_interrupted(self):
        job = self.start_elsewhere(SLEEPS)
        until(lambda: ledger.get(job.id).done)
        os.killpg(job.pid, signal.SIGKILL)
        until(lambda: processes.birth(job.pid) is None)
        found = jobs.current("home_credit")
        assert (found.state, found.reason) == ("failed", "interrupted")
        assert not Path(job.folder).exists()
        assert not jobs.is_busy()

    def noted(self, machine: str, pid: int | None, birth: str = "1") -> ledger.Job:
        """A job that the ledger says runs somewhere."""
        job = ledger.add("drift", "home_credit", machine, str(jobs.new_folder()))
        if pid is not None:
            ledger.began(job.id, machine, pid, birth)
        return job

    def test_a_process_that_took_the_number_is_left_alone(self):
        other = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
        )
        job = self.noted(processes.machine(), other.pid, "an earlier birth")
        jobs.cancel(job.id)
        assert ledger.get(job.id).state == "cancelled"
        assert other.poll() is None
        other.kill()
        other.wait()

    def test_of_the_machine_nothing_runs_of_before(self):
        name = processes.machine().partition("/")[0]
        job = self.noted(f"{name}/another-boot", os.getpid(), processes.birth(os.getpid()))
        jobs.reconcile()
        assert ledger.get(job.id).reason == "interrupted"

    def test_another_machine_is_believed_until_it_is_silent(self, monkeypatch):
        job = self.noted("another/boot", 1)
        jobs.reconcile()
        assert not ledger.get(job.id).is_over
        monkeypatch.setattr(jobs, "SILENCE", timedelta(0))
        jobs.reconcile()
        assert ledger.get(job.id).reason == "interrupted"

    def test_a_job_that_never_got_a_process_gives_the_slot_back(self, monkeypatch):
        job = self.noted(processes.machine(), None)
        jobs.reconcile()
        assert not ledger.get(job.id).is_over
        monkeypatch.setattr(jobs, "UNBORN", timedelta(0))
        jobs.reconcile()
        assert ledger.get(job.id).reason == "interrupted"

    def test_folders_of_another_life_are_swept(self, monkeypatch, tmp_path):
        left = jobs.new_folder()
        os.utime(left, (0, 0))
        fresh = jobs.new_folder()
        run("pass", monkeypatch)
        assert list((tmp_path / "jobs").iterdir()) == [fresh]
