"""Background jobs: one at a time, within bounds, stoppable, and never left running by a restart.

Each job here is a real process of its own, with a small program in the place of the real one.
"""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from tests_support import until

from data.ledger import jobs as ledger
from model import jobs, launch, processes
from tests.model.jobs_support import REPORTS, SLEEPS, begin, ended, jobs_of_ones_own, run


@pytest.fixture(autouse=True)
def ledger_of_ones_own(tmp_path, monkeypatch):
    with jobs_of_ones_own(tmp_path, monkeypatch):
        yield


class TestAJob:
    def test_tells_how_far_it_is_and_what_it_made(self, monkeypatch):
        job = begin(
            REPORTS + "report('reading', 1200, 3214); time.sleep(1); report.result = 'b1'", monkeypatch
        )
        until(lambda: ledger.get(job.id).done)
        found = jobs.current("home_credit")
        assert (found.state, found.step, found.done, found.total) == ("running", "reading", 1200, 3214)
        found = ended(job)
        assert (found.state, found.result) == ("done", "b1")
        assert jobs.current("home_credit") == found

    def test_runs_behind_the_application_and_within_its_bounds(self, monkeypatch, tmp_path):
        told = tmp_path / "told"
        asks = (
            "import os, resource, tempfile; open({!r}, 'w').write(repr((os.nice(0), "
            "[resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_DATA, resource.RLIMIT_CORE)], "
            "open('/proc/self/oom_score_adj').read(), tempfile.gettempdir(), os.getpgid(0) == os.getpid())))"
        )
        job = begin(asks.format(str(told)), monkeypatch)
        until(told.exists)
        ended(job)
        nice, limits, first_to_go, temporary, leads = eval(told.read_text())
        assert nice >= launch.NICE
        assert limits == [300 * launch.CLAIMED_TIMES * launch.MB, 0]
        assert int(first_to_go) == 1000
        assert Path(temporary) == Path(job.folder).absolute()
        assert leads

    def test_leaves_nothing_of_what_was_sent(self, monkeypatch, tmp_path):
        run("open(sys.argv[1] + '.copy', 'w').write('x')", monkeypatch)
        assert list((tmp_path / "jobs").iterdir()) == []

    def test_is_news_for_an_hour(self, monkeypatch):
        job = run("pass", monkeypatch)
        assert jobs.current("home_credit") == job
        assert jobs.current("prospects") is None
        monkeypatch.setattr(jobs, "SHOWN", timedelta(0))
        assert jobs.current("home_credit") is None


class TestAFailure:
    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ("import errno; raise OSError(errno.ENOSPC, 'secret')", "disk_full"),
            ("open(sys.argv[1], 'wb').truncate(10**13)", "too_large"),
            ("from model.artifact import ModelMissing; raise ModelMissing('secret')", "no_model"),
            ("raise KeyError('secret')", "unexpected"),
            ("raise MemoryError", "memory"),
            ("bytearray(2 * 10**9)", "memory"),
            ("import os; os.abort()", "memory"),
            ("import os; os._exit(3)", "unexpected"),
        ],
    )
    def test_says_why_and_quotes_nobody(self, monkeypatch, body, reason):
        job = run(body, monkeypatch)
        assert (job.state, job.reason) == ("failed", reason)
        assert "secret" not in repr(job)

    def test_for_memory_ends_the_job_and_nothing_else(self, monkeypatch):
        body = "kept = []\n    while True: kept.append(bytearray(5_000_000)); time.sleep(0.005)"
        job = run(body, monkeypatch)
        assert (job.state, job.reason) == ("failed", "memory")

    def test_by_the_kernel_is_told_by_the_process_that_waits(self, monkeypatch):
        job = begin(SLEEPS, monkeypatch)
        until(lambda: ledger.get(job.id).done)
        os.kill(ledger.get(job.id).pid, signal.SIGKILL)
        assert ended(job).reason == "memory"

    def test_tells_the_faults_of_a_file_without_their_values(self, monkeypatch):
        body = (
            "from data.load_files import LoadError\n    "
            "raise LoadError(\"a.csv line 7: AGE is 'Dupont', a number is expected (2 such rows)\")"
        )
        job = run(body, monkeypatch)
        assert job.reason == "invalid"
        assert job.faults == [
            {"code": "wrong_value", "file": "a.csv", "line": 7, "column": "AGE", "count": 2}
        ]

    def test_to_start_frees_the_slot(self, monkeypatch):
        monkeypatch.setattr(jobs.sys, "executable", "/no/such/python")
        with pytest.raises(OSError, match="No such file"):
            begin(SLEEPS, monkeypatch)
        assert jobs.current("home_credit").reason == "not_started"
        assert not jobs.is_busy()


class TestASecondJob:
    def test_is_refused_and_its_file_removed(self, monkeypatch, tmp_path):
        first = begin(SLEEPS, monkeypatch)
        with pytest.raises(jobs.JobRunning):
            begin(SLEEPS, monkeypatch, "prospects")
        assert [str(path) for path in (tmp_path / "jobs").iterdir()] == [first.folder]
        assert jobs.current("prospects").id == first.id


class TestCancelling:
    def test_ends_the_process_and_leaves_nothing(self, monkeypatch):
        job = begin(SLEEPS, monkeypatch)
        until(lambda: ledger.get(job.id).done)
        pid = ledger.get(job.id).pid
        jobs.cancel(job.id)
        assert ended(job).state == "cancelled"
        until(lambda: processes.birth(pid) is None)

    def test_before_the_program_listens(self, monkeypatch):
        job = begin(SLEEPS, monkeypatch)
        jobs.cancel(job.id)
        assert ended(job).state == "cancelled"

    def test_insists_when_a_process_will_not_hear(self, monkeypatch):
        monkeypatch.setattr(jobs, "PATIENCE", timedelta(seconds=0.3))
        deaf = "import signal, sys, time; signal.signal(15, 1); open(sys.argv[1], 'w'); time.sleep(60)"
        job = begin(deaf, monkeypatch)
        until(lambda: not (Path(job.folder) / "batch.csv").read_text())
        jobs.cancel(job.id)
        until(lambda: jobs.current("home_credit").is_over)
        assert ended(job).state == "cancelled"

    def test_what_has_ended_changes_nothing(self, monkeypatch):
        job = run("report.result = 'b1'", monkeypatch)
        assert jobs.cancel(job.id) == job

    def test_what_is_unknown_is_said(self):
        with pytest.raises(jobs.UnknownJob):
            jobs.cancel("0123456789abcdef")

    def test_reaches_a_job_on_another_machine_by_the_ledger(self, monkeypatch):
        job = begin(
            REPORTS + "\n    for i in range(600): time.sleep(0.1); report('reading', i, 600)", monkeypatch
        )
        until(lambda: ledger.get(job.id).done)
        ledger.stop(job.id)  # all that another machine can do
        assert ended(job).state == "cancelled"


def test_nothing_outside_the_jobs_own_place_is_removed(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    for folder in (mine, tmp_path, tmp_path / "jobs", Path("/")):
        jobs.remove_folder(folder)
    assert mine.exists()


def test_a_dead_process_has_no_birth():
    child = subprocess.Popen([sys.executable, "-c", ""])
    until(lambda: processes.birth(child.pid) is None)  # ended, not collected
    child.wait()
    assert processes.birth(child.pid) is None
    assert processes.birth(os.getpid())
