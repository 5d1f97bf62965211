"""Jobs that are real processes, with a small program in the place of the real one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ledgers import own_ledger
from tests_support import until

from data.ledger import jobs as ledger
from model import jobs, processes

REPORTS = (
    "import sys, time\nfrom model.reporting import reported\nwith reported(sys.argv[2]) as report:\n    "
)
SLEEPS = REPORTS + "report('reading', 1, 2); time.sleep(60)"


@contextmanager
def jobs_of_ones_own(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Use a ledger without jobs, and end those that are under way after."""
    patch.setenv("JOB_MEMORY_MB", "300")
    with own_ledger("sqlite", folder):
        yield
        for job in ledger.under_way():
            processes.end_group(job.pid or 0, job.birth, force=True)
        until(lambda: not jobs._watched)


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
