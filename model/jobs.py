"""Background jobs of the web process: started, watched, stopped, and found again after a restart.

A job is a process of its own (``python -m model drift PORTFOLIO FILE --job ID``) that leads its
own group, within the bounds of ``model.launch``. What is known of it stands in the ledger, where
its slot allows one at a time over all workers and machines; the job itself writes how far it is
and how it ended (``model.reporting``). Whoever looks at a job first puts right what is no longer
true, so that a restart of the worker or of the machine leaves no job running for ever.
"""

import logging
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from config import settings
from data.ledger import jobs as ledger
from data.ledger.errors import LedgerUnavailable
from data.ledger.jobs import Job, JobRunning, UnknownJob
from model import processes

__all__ = [
    "Job",
    "JobRunning",
    "UnknownJob",
    "cancel",
    "current",
    "is_busy",
    "new_folder",
    "reconcile",
    "remove_folder",
    "start",
]

log = logging.getLogger(__name__)

# What runs for each kind of job: the arguments of Python.
Command = Callable[[str, Path, str], list[str]]
COMMANDS: dict[str, Command] = {
    "drift": lambda portfolio, file, job_id: [
        "-m", "model", "drift", portfolio, str(file), "--job", job_id,
    ],
}  # fmt: skip

FILES_PER_UPLOAD = 32  # the largest file that a job may write, in times the largest upload
PATIENCE = timedelta(seconds=8)  # between asking a job to stop and ending it
UNBORN = timedelta(seconds=60)  # between taking the slot and having a process
SILENCE = timedelta(seconds=150)  # of a job on another machine, before it is taken for dead
SHOWN = timedelta(hours=1)  # how long the end of a job is news
STALE = timedelta(hours=2)  # age from which a folder that no job owns is removed

_BY_SIGNAL = {signal.SIGKILL: "memory", signal.SIGABRT: "memory", signal.SIGXCPU: "too_long"}
# Jobs whose end this very process will be told of.
_watched: set[str] = set()


def new_folder() -> Path:
    """Return a new private folder in the store, for the file of a job and all that it writes meanwhile."""
    parent = _folders()
    parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="job-", dir=parent))


def start(kind: str, portfolio: str, file: Path) -> Job:
    """Start a job on ``file``, which lies in a folder of its own (:func:`new_folder`).

    The folder belongs to the job from here on and is removed when the job ends, or if it cannot start.

    Raises
    ------
    JobRunning
        When another job is under way.
    data.ledger.errors.LedgerUnavailable
        When the ledger does not answer.
    OSError
        When no process can be started.
    """
    folder = file.parent
    try:
        reconcile()
        job = ledger.add(kind, portfolio, processes.machine(), str(folder))
    except BaseException:
        remove_folder(folder)
        raise
    _sweep(keep=folder)
    try:
        process = _launched(COMMANDS[kind](portfolio, file.absolute(), job.id), folder)
    except OSError:
        _ended(job, ledger.FAILED, "not_started")
        raise
    _watched.add(job.id)
    Thread(target=_watch, args=(job, process), name=f"job-{job.id}", daemon=True).start()
    if born := processes.birth(process.pid):
        ledger.began(job.id, processes.machine(), process.pid, born)
    return job


def current(portfolio: str) -> Job | None:
    """Return the job under way, whoever's it is; else the portfolio's last if its end is still news."""
    reconcile()
    under_way = ledger.under_way()
    if under_way:
        return under_way[0]
    last = ledger.latest(portfolio)
    return last if last is not None and _now() - last.ended < SHOWN else None


def is_busy() -> bool:
    """Say whether a job holds the only slot."""
    reconcile()
    return bool(ledger.under_way())


def cancel(job_id: str) -> Job:
    """Ask a job to stop and return it; one that has ended stays as it ended.

    Raises
    ------
    UnknownJob
        When no job has that number.
    """
    ledger.get(job_id)
    ledger.stop(job_id)
    job = ledger.get(job_id)
    if not job.is_over and job.pid is not None and job.machine == processes.machine():
        processes.end_group(job.pid, job.birth)
    reconcile()
    return ledger.get(job_id)


def reconcile() -> None:
    """Put right what the ledger says of a job whose process is no more, or will not stop."""
    for job in ledger.under_way():
        if _is_alive(job):
            if job.state == ledger.STOPPING and _now() - job.told > PATIENCE and job.pid:
                processes.end_group(job.pid, job.birth, force=True)
        elif job.id not in _watched:
            state = ledger.CANCELLED if job.state == ledger.STOPPING else ledger.FAILED
            _ended(job, state, "" if state == ledger.CANCELLED else ledger.INTERRUPTED)


def remove_folder(folder: Path) -> None:
    """Remove a folder of a job, and nothing that is not one."""
    if folder.parent.absolute() == _folders().absolute():
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(job: Job) -> bool:
    silent = _now() - job.told
    if job.pid is None:
        return silent < UNBORN
    here = processes.machine()
    if job.machine == here:
        return processes.is_alive(job.pid, job.birth)
    is_same_name = job.machine.partition("/")[0] == here.partition("/")[0]
    # The same machine started anew runs nothing of before; of another one, only silence tells.
    return not is_same_name and silent < SILENCE


def _launched(command: list[str], folder: Path) -> subprocess.Popen:
    """Start a job as the leader of its own group; what it prints may quote clients and is not kept."""
    chosen = settings()
    largest = max(chosen.upload_limit_mb, 64) * FILES_PER_UPLOAD
    bounds = [str(chosen.job_memory_mb), str(largest), str(folder.absolute())]
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "model.launch", *bounds, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _watch(job: Job, process: subprocess.Popen) -> None:
    """Wait for a job's process and say how it ended, should it not have said so itself."""
    code = process.wait()
    reason = _BY_SIGNAL.get(signal.Signals(-code), "unexpected") if code < 0 else "unexpected"
    try:
        found = ledger.get(job.id)
        state = ledger.CANCELLED if found.state == ledger.STOPPING else ledger.FAILED
        _ended(job, state, "" if state == ledger.CANCELLED else reason)
        if (told := ledger.get(job.id)).reason == "unexpected":
            log.error("job %s (%s) ended with code %d: %s", job.id, job.kind, code, told.result or "no word")
    except (LedgerUnavailable, UnknownJob) as error:
        log.error("the end of job %s is not noted: %s", job.id, error)
    finally:
        _watched.discard(job.id)


def _ended(job: Job, state: str, reason: str) -> None:
    ledger.end(job.id, state, reason=reason)
    remove_folder(Path(job.folder))


def _sweep(keep: Path) -> None:
    """Remove what jobs of another life have left."""
    for folder in _folders().iterdir():
        with suppress(OSError):  # another worker may be sweeping too
            age = _now().timestamp() - folder.stat().st_mtime
            if folder != keep and age > STALE.total_seconds():
                remove_folder(folder)


def _folders() -> Path:
    return settings().store_dir / "jobs"


def _now() -> datetime:
    return datetime.now(UTC)
