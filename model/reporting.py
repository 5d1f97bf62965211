"""What a background job tells of itself: how far it is, and how it ended.

with reported(job_id) as report:      # job_id None: a command run by hand, nothing is told
    report("reading", 1200, 3214)     # steps: reading, checking, preparing, scoring, comparing, report
    report.result = batch_id
"""

import errno
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from traceback import extract_tb

import duckdb

from config import settings
from data.ledger import jobs as ledger
from data.ledger.errors import LedgerUnavailable
from model import jobs, processes
from model.artifact import ModelDamaged, ModelMissing
from model.job_faults import understood

EVERY_SECONDS = 0.5  # least time between two tellings of one step
SIGN_OF_LIFE_SECONDS = 15
LOOK_SECONDS = 0.2  # between two looks at the memory used
_ROOT = Path(__file__).parents[1]
_BY_NUMBER = {errno.ENOSPC: "disk_full", errno.EDQUOT: "disk_full", errno.EFBIG: "too_large"}


class Stopped(BaseException):
    """The job was asked to stop. No ``Exception``, so that nothing takes it for a fault on its way out."""


@dataclass
class Report:
    """Tells the ledger how far a job is; ``result`` is what it made."""

    job_id: str | None
    result: str = ""
    _last: tuple[str, int, int] = ("", 0, 0)
    _told_at: float = float("-inf")
    _telling: Lock = field(default_factory=Lock, repr=False)

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Tell that ``step`` is under way, ``done`` of ``total`` (0: it cannot be counted).

        Raises
        ------
        Stopped
            When somebody cancelled the job.
        """
        is_new = step != self._last[0]
        self._last = (step, int(done), int(total))
        if is_new or time.monotonic() - self._told_at >= EVERY_SECONDS:
            self._told_at = time.monotonic()
            self.alive()

    def alive(self) -> None:
        """Give a sign of life, with what was told last."""
        if self.job_id is None:
            return
        with self._telling, suppress(LedgerUnavailable):  # a figure less is no reason to fail
            if ledger.progress(self.job_id, *self._last) != ledger.RUNNING:
                # The main thread is told by a signal, wherever it is.
                os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def reported(job_id: str | None) -> Iterator[Report]:
    """Report a command to the ledger as the job ``job_id``; with None, to nobody."""
    report = Report(job_id)
    if job_id is None:
        yield report
        return
    pid = os.getpid()
    signal.signal(signal.SIGTERM, _stop)
    finished = Event()
    try:
        ledger.began(job_id, processes.machine(), pid, processes.birth(pid) or "")
        Thread(target=_live, args=(report, job_id, finished), daemon=True).start()
        yield report
    except Stopped:
        _end(job_id, ledger.CANCELLED)
        raise SystemExit(1) from None
    except BaseException as error:
        reason = _reason(error)
        faults = understood(getattr(error, "faults", ())) if reason == "invalid" else ()
        _end(job_id, ledger.FAILED, reason=reason, faults=faults, result=_where(error))
        raise
    else:
        _end(job_id, ledger.DONE, result=report.result)
    finally:
        finished.set()


def _stop(_signal: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
    raise Stopped


def _live(report: Report, job_id: str, finished: Event) -> None:
    """Give signs of life, and end the process when it uses more memory than it may."""
    told_at, most = time.monotonic(), settings().job_memory_mb
    while not finished.wait(LOOK_SECONDS):
        if processes.memory_mb() > most:
            _note_end(job_id, ledger.FAILED, reason="memory")
            # At once: whoever asks for that much does not look up to be told.
            os.kill(os.getpid(), signal.SIGKILL)
        if time.monotonic() - told_at > SIGN_OF_LIFE_SECONDS:
            told_at = time.monotonic()
            report.alive()


def _end(job_id: str, state: str, **how: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _note_end(job_id, state, **how)


def _note_end(job_id: str, state: str, **how: object) -> None:
    """Note the end and remove what was sent: the worker that started the job may be gone by now."""
    with suppress(LedgerUnavailable):
        ledger.end(job_id, state, **how)
        jobs.remove_folder(Path(ledger.get(job_id).folder))


def _reason(error: BaseException) -> str:
    """Return the code of why a job failed; the words are the page's."""
    for cause in _causes(error):
        if isinstance(cause, MemoryError | duckdb.OutOfMemoryException):
            return "memory"
        if isinstance(cause, OSError) and cause.errno in _BY_NUMBER:
            return _BY_NUMBER[cause.errno]
        if isinstance(cause, duckdb.IOException) and "No space left" in str(cause):
            return "disk_full"
    if isinstance(error, ModelMissing | ModelDamaged):
        return "no_model"
    return "invalid" if hasattr(error, "faults") else "unexpected"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _where(error: BaseException) -> str:
    """Return the kind of an error and where it arose: never its words, which may quote a client."""
    ours = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_ROOT)]
    if not ours:
        return type(error).__name__
    last = ours[-1]
    place = Path(last.filename).relative_to(_ROOT)
    return f"{type(error).__name__} {place}:{last.lineno} {last.name}"[:128]
