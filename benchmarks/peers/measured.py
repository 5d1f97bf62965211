"""What the peers take, measured on this machine and kept: they are slow, and do not change."""

import json
import logging
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.callers import Caller, until_answers
from benchmarks.measure import median
from benchmarks.peers.browser import Browser
from benchmarks.peers.environments import HERE, python_of
from benchmarks.processes import Server, serving

log = logging.getLogger(__name__)
PORTS = {"explainerdashboard": 8072, "shapash": 8073}
FIRST_PAGE = (("GET", "/", None), ("GET", "/_dash-layout", None), ("GET", "/_dash-dependencies", None))
CLIENT = ("random-index-clas-index-db10", "value")
CHANGES = 10
LONGEST = 900.0


@dataclass(frozen=True)
class Peer:
    """What a peer took at ``rows`` clients; a change of client is told of explainerdashboard only."""

    name: str
    rows: int
    cold: float
    memory: float
    first_page: int
    change: float | None = None
    change_bytes: float | None = None
    requests: int | None = None


def known(name: str, rows: int, kept: Path) -> Peer | None:
    """Return what was measured earlier, if it was."""
    place = _place(name, rows, kept)
    return Peer(**json.loads(place.read_text(encoding="utf-8"))) if place.exists() else None


def measure(name: str, rows: int, kept: Path, model: Path) -> Peer:
    """Serve the peer on ``rows`` clients and measure it; ``model`` is the folder of our model."""
    python, prepared = python_of(name, kept), kept / f"{name}-{rows}"
    log.info("preparing %s on %s clients", name, f"{rows:,}")
    command = [python, HERE / "prepare.py", model, rows, prepared]
    subprocess.run([str(word) for word in command], check=True, timeout=LONGEST, capture_output=True)
    log.info("serving it, which may take minutes")
    port = PORTS[name]
    command = [str(python), "-W", "ignore", str(HERE / f"serve_{name}.py"), str(prepared), str(port)]
    with serving(command, port, kept / f"{name}.log") as server:
        cold = until_answers(server, FIRST_PAGE, LONGEST)
        caller = Caller(port)
        sizes = [len(caller.ask(*ask)) for ask in FIRST_PAGE]
        change = _changes(server) if name == "explainerdashboard" else {}
        caller.close()
        found = Peer(name, rows, cold, server.memory(), sum(sizes), **change)
    _place(name, rows, kept).write_text(json.dumps(asdict(found)), encoding="utf-8")
    return found


def _changes(server: Server) -> dict[str, float]:
    """Change the client shown, as its reader does, and return medians of time, bytes and requests."""
    browser, taken = Browser(Caller(server.port)), []
    for number in range(CHANGES + 1):
        began = time.perf_counter()
        requests, received = browser.change(CLIENT, f"c{100 + number}")
        taken.append((1000 * (time.perf_counter() - began), received, requests))
    # The first one warms up.
    change, received, requests = (median(values) for values in zip(*taken[1:], strict=True))
    return {"change": change, "change_bytes": received, "requests": int(requests)}


def _place(name: str, rows: int, kept: Path) -> Path:
    return kept / f"{name}-{rows}.json"
