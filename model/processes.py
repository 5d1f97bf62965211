"""Processes told apart for certain: by machine, number and birth, since numbers are given again."""

import os
import signal
import socket
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
_BIRTH = 19  # place of the start time in /proc/<pid>/stat, counted after the name


@cache
def machine() -> str:
    """Return the name of this machine and which of its starts this is: ``name/boot``."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        boot = "unknown"
    return f"{socket.gethostname()[:64]}/{boot}"


def birth(pid: int) -> str | None:
    """Return when a process of this machine began, in the machine's own way; None when it is dead.

    One that has ended but was not yet collected by its parent is dead.
    """
    if not (_PROC / "self/stat").exists():
        return _birth_by_ps(pid)
    try:
        told = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *rest = told.rpartition(")")[2].split()
    return None if state in "ZX" else rest[_BIRTH - 1]


def is_alive(pid: int, born: str) -> bool:
    """Say whether the process of that number is still the one that began then."""
    return birth(pid) == born


def memory_mb() -> float:
    """Return the memory that this process really uses and nobody shares, in MB; 0 where that is not known."""
    try:
        told = (_PROC / "self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    lines = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
    return int(lines.get("RssAnon", "0 kB").split()[0]) / 1024


def end_group(pid: int, born: str, *, force: bool = False) -> None:
    """Ask the group that a process leads to end; with ``force``, end it.

    Nothing happens when the process is dead, or its number belongs to another by now.
    """
    if is_alive(pid, born):
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL if force else signal.SIGTERM)


def _birth_by_ps(pid: int) -> str | None:
    asked = ["ps", "-o", "state=,lstart=", "-p", str(pid)]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
    state, _, began = told.partition(" ")
    return None if not state or state.startswith("Z") else began.strip()
