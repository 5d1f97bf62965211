"""Servers started for a measurement: how long they take to answer, and what they cost."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
# `make` asks for one thread; what is not timed on one, and the peers, may take what there is.
ALL_THREADS = ("env", "-u", "OMP_NUM_THREADS", "-u", "POLARS_MAX_THREADS")


@dataclass(frozen=True)
class Server:
    """A server that is running: the process started and those it started in turn."""

    process: subprocess.Popen
    port: int
    started: float

    def pids(self) -> list[int]:
        """Return the processes of the server, the first one first."""
        found = [self.process.pid]
        for pid in found:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                with suppress(OSError):
                    found += [int(child) for child in children.read_text().split()]
        return found

    def memory(self) -> float:
        """Return the resident memory in MB, with files that its processes share counted once.

        This is the PSS of a machine where nothing else runs. The kernel's own PSS divides a
        library by all who map it, and would flatter whoever runs beside others of its kind.
        """
        anonymous, files = 0, Counter()
        for pid in self.pids():
            anonymous += _kilobytes(pid, "smaps_rollup", "Pss_Anon")
            # The largest part that any of them holds: a little less than the union, at most.
            files |= _files(pid)
        return (anonymous + files.total()) / 1024

    def anonymous(self) -> float:
        """Return the part in MB that the kernel cannot drop and read again when memory is short."""
        return sum(_kilobytes(pid, "smaps_rollup", "Pss_Anon") for pid in self.pids()) / 1024

    def peak_memory(self) -> float:
        """Return the highest resident memory so far in MB, shared pages counted in each process."""
        return sum(_kilobytes(pid, "status", "VmHWM") for pid in self.pids()) / 1024

    def busy(self) -> float:
        """Return the processor seconds spent so far."""
        return sum(_ticks(pid) for pid in self.pids()) / TICKS

    def check(self) -> None:
        """Raise if the server has ended."""
        if self.process.poll() is not None:
            raise RuntimeError(f"the server on port {self.port} ended with code {self.process.returncode}")


@contextmanager
def serving(command: Sequence[str], port: int, log: Path, folder: Path = ROOT) -> Iterator[Server]:
    """Start ``command``, which serves on ``port``, and end it afterwards."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as written:
        started = time.perf_counter()
        # Its own session, so that all of it can be ended together.
        process = subprocess.Popen(
            command, cwd=folder, stdout=written, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield Server(process, port, started)
        finally:
            _end(process)


def procfile(settings: Mapping[str, object]) -> list[str]:
    """Return the Procfile's command with these settings, run by this very Python."""
    _, _, line = (ROOT / "Procfile").read_text(encoding="utf-8").partition("web:")
    words = shlex.split(line.strip())
    assigned = [word for word in words if re.match(r"[A-Z_]+=", word)]
    assigned += [f"{name}={value}" for name, value in settings.items()]
    return ["env", *assigned, sys.executable, "-m", *(word for word in words if word not in assigned)]


def _end(process: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=20)


def _kilobytes(pid: int, file: str, name: str) -> int:
    try:
        text = Path(f"/proc/{pid}/{file}").read_text()
    except OSError:
        return 0
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) if found else 0


def _files(pid: int) -> Counter:
    """Return the resident kilobytes of each file that a process maps, without what it changed."""
    found, file = Counter(), ""
    try:
        lines = Path(f"/proc/{pid}/smaps").read_text().splitlines()
    except OSError:
        return found
    for line in lines:
        name, _, rest = line.partition(":")
        if name == "Rss":
            found[file] += int(rest.split()[0])
        elif name == "Anonymous":
            found[file] -= int(rest.split()[0])
        elif "-" in line.split()[0]:
            file = line[73:]
    return found


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])
