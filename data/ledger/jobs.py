"""Background jobs as the ledger knows them: who runs, how far it is, how it ended.

Starting, stopping and watching processes is the business of ``model.jobs``; here is only what is
written down, so that any worker, today's or the next one's, reads the same.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from data.ledger import store
from data.ledger.tables import jobs

WAITING, RUNNING, STOPPING = "waiting", "running", "stopping"
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
# What is said of a job found dead by a process that did not start it and knows no more.
INTERRUPTED = "interrupted"
MOST_FAULTS = 20


class JobRunning(RuntimeError):
    """Another job holds the only slot."""


class UnknownJob(LookupError):
    """No job has that number."""


@dataclass(frozen=True, slots=True)
class Job:
    """A background job.

    Attributes
    ----------
    state : ``waiting``, ``running``, ``stopping``, then ``done``, ``failed`` or ``cancelled``
    step, done, total : what it does now, and how far it is (``total`` 0: not counted)
    machine, pid, birth : where its process is, and when that process began
    folder : what it works in, removed at its end
    reason : code of why it failed
    faults : what is wrong with the file sent, ``{"code", "file", "line", "column", "count"}``
    result : what it made, for instance the id of a batch
    told : when it last gave a sign of life
    """

    id: str
    kind: str
    portfolio: str
    state: str
    step: str
    done: int
    total: int
    machine: str
    pid: int | None
    birth: str
    folder: str
    reason: str
    faults: Sequence[Mapping]
    result: str
    created: datetime
    told: datetime
    ended: datetime | None

    @property
    def is_over(self) -> bool:
        return self.ended is not None


_COLUMNS = [jobs.c[name] for name in Job.__dataclass_fields__]
_OPEN = jobs.c.ended.is_(None)


def add(kind: str, portfolio: str, machine: str, folder: str) -> Job:
    """Take the only slot for a new job.

    Raises
    ------
    JobRunning
        When another job has it.
    """
    now = _now()
    job = Job(
        secrets.token_hex(8), kind, portfolio, WAITING, "", 0, 0, machine, None, "", folder, "", (), "",
        now, now, None,
    )  # fmt: skip
    row = {name: getattr(job, name) for name in Job.__dataclass_fields__} | {"slot": 1, "faults": []}
    try:
        with store.writing() as connection:
            connection.execute(insert(jobs).values(**row))
    except IntegrityError:
        raise JobRunning("another job is under way") from None
    return job


def began(job_id: str, machine: str, pid: int, birth: str) -> None:
    """Note the process of a job; one that is being stopped goes on being stopped."""
    where = {"machine": machine, "pid": pid, "birth": birth, "told": _now()}
    with store.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id == job_id, _OPEN).values(**where))
        waiting = (jobs.c.id == job_id, jobs.c.state == WAITING)
        connection.execute(update(jobs).where(*waiting).values(state=RUNNING))


def progress(job_id: str, step: str, done: int, total: int) -> str:
    """Note how far a job is; return its state, in which it reads whether it is to stop."""
    told = {"step": step, "done": done, "total": total, "told": _now()}
    with store.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id == job_id, _OPEN).values(**told))
        return connection.execute(select(jobs.c.state).where(jobs.c.id == job_id)).scalar() or CANCELLED


def stop(job_id: str) -> None:
    """Note that a job is to stop."""
    with store.writing() as connection:
        asked = {"state": STOPPING, "told": _now()}
        going = jobs.c.state.in_((WAITING, RUNNING))
        connection.execute(update(jobs).where(jobs.c.id == job_id, _OPEN, going).values(**asked))


def end(
    job_id: str, state: str, *, reason: str = "", faults: Sequence[Mapping] = (), result: str = ""
) -> bool:
    """Note how a job ended and free the slot; return whether that was news.

    A job that has ended keeps its end, but one found dead (``interrupted``) may still learn why.
    """
    known = [dict(fault) for fault in faults[:MOST_FAULTS]]
    ended = {"state": state, "reason": reason, "faults": known, "result": result, "slot": None}
    news = or_(_OPEN, jobs.c.reason == INTERRUPTED) if reason != INTERRUPTED else _OPEN
    with store.writing() as connection:
        asked = update(jobs).where(jobs.c.id == job_id, news).values(**ended, ended=_now())
        return connection.execute(asked).rowcount > 0


def get(job_id: str) -> Job:
    """Return a job.

    Raises
    ------
    UnknownJob
        When there is none of that number.
    """
    found = _found(jobs.c.id == job_id)
    if not found:
        raise UnknownJob("no job has that number")
    return found[0]


def under_way() -> list[Job]:
    """Return the job that holds the slot, if any."""
    return _found(_OPEN)


def latest(portfolio: str) -> Job | None:
    """Return the last job of a portfolio that has ended, if any."""
    found = _found(jobs.c.portfolio == portfolio, ~_OPEN)
    return found[0] if found else None


def _found(*conditions: ColumnElement[bool]) -> list[Job]:
    asked = select(*_COLUMNS).where(*conditions).order_by(jobs.c.created.desc(), jobs.c.id).limit(1)
    with store.reading() as connection:
        return [Job(**row) for row in connection.execute(asked).mappings()]


def _now() -> datetime:
    return datetime.now(UTC)
