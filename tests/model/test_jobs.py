"""Background jobs: one at a time, within bounds, stoppable, and never left running by a restart.

Each job here is a real process of its own, with a small program in the place of the real one.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from ledgers import own_ledger

import config
from data.ledger import jobs as ledger
from model import jobs, launch, processes

ROOT = Path(config.__file__).parent
REPORTS = (
    "import sys, time\nfrom model.reporting import reported\nwith reported(sys.argv[2]) as report:\n    "
)
SLEEPS = REPORTS + "report('reading', 1, 2); time.sleep(60)"


@pytest.fixture(autouse=True)
def ledger_of_ones_own(tmp_path, monkeypatch):
    monkeypatch.setenv("JOB_MEMORY_MB", "300")
    with own_ledger("sqlite", tmp_path):
        yield
        for job in ledger.under_way():
            processes.end_group(job.pid or 0, job.birth, force=True)
        until(lambda: not jobs._watched)


def until(holds, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def begin(program: str, monkeypatch, portfolio: str = "home_credit") -> ledger.Job:
    """Start a job that runs ``program`` with the file and its own number."""
    command = lambda _, file, number: ["-c", program, str(file), number]  # noqa: E731
    monkeypatch.setitem(jobs.COMMANDS, "drift", command)
    file = jobs.new_folder() / "batch.csv"
    file.write_text("what was sent")
    return jobs.start("drift", portfolio, file)


def ended(job: ledger.Job) -> ledger.Job:
    """Wait until a job has ended and been cleared away."""
    until(lambda: ledger.get(job.id).is_over and not Path(job.folder).exists())
    return ledger.get(job.id)


def run(body: str, monkeypatch) -> ledger.Job:
    return ended(begin(REPORTS + body, monkeypatch))


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
