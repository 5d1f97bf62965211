"""What the peers take, measured on this machine beside ours, and kept: they are slow to start."""

import json
import logging
import subprocess
import time
from dataclasses import asdict, dataclass
from datetime import date
from itertools import cycle
from pathlib import Path

from benchmarks import served
from benchmarks.callers import Asked, Caller, assessment, eligibility, some_clients, until_answers
from benchmarks.measure import median
from benchmarks.peers.browser import Browser
from benchmarks.peers.environments import HERE, python_of
from benchmarks.processes import ALL_THREADS, Server, serving

log = logging.getLogger(__name__)
PORTS = {"explainerdashboard": 8072, "shapash": 8073}
FIRST_PAGE = (("GET", "/", None), ("GET", "/_dash-layout", None), ("GET", "/_dash-dependencies", None))
# Where explainerdashboard's reader chooses the client: one tab has what our page tells, and its
# other tabs show the client too (what if, dependence, trees).
TAB = "random-index-clas-index-db10"
OTHER_TABS = (
    "random-index-clas-index-db15",
    "shap-summary-index-db20",
    "shap-dependence-index-db21",
    "random-index-clas-index-db24",
)
CHANGES = 15
LONGEST = 1_800.0


@dataclass(frozen=True)
class Change:
    """A change of client: milliseconds and bytes, on the peer's one tab and on all, and ours beside."""

    tab: float
    tab_bytes: float
    tabs: float
    tabs_bytes: float
    page: float
    api: float


@dataclass(frozen=True)
class Peer:
    """What a peer took at ``rows`` clients; a change of client is told of explainerdashboard only."""

    name: str
    rows: int
    cold: float
    memory: float
    first_page: int
    when: str
    change: Change | None = None


def known(name: str, rows: int, kept: Path) -> Peer | None:
    """Return what was measured in an earlier run, if it was."""
    place = _place(name, rows, kept)
    if not place.exists():
        return None
    told = json.loads(place.read_text(encoding="utf-8"))
    change = told.pop("change")
    return Peer(**told, change=Change(**change) if change else None)


def measure(name: str, rows: int, kept: Path, model: Path, store: Path) -> Peer:
    """Serve the peer on ``rows`` clients and measure it; ``model`` and ``store`` are ours."""
    python, prepared = python_of(name, kept), kept / f"{name}-{rows}"
    log.info("preparing %s on %s clients", name, f"{rows:,}")
    command = [*ALL_THREADS, python, HERE / "prepare.py", model, rows, prepared]
    subprocess.run([str(word) for word in command], check=True, timeout=LONGEST, capture_output=True)
    log.info("serving it, which may take minutes")
    port = PORTS[name]
    command = [*ALL_THREADS, python, "-W", "ignore", HERE / f"serve_{name}.py", prepared, port]
    with serving([str(word) for word in command], port, kept / f"{name}.log") as server:
        cold = until_answers(server, FIRST_PAGE, LONGEST)
        caller = Caller(port)
        size = sum(len(caller.ask(*ask)) for ask in FIRST_PAGE)
        caller.close()
        change = _changes(server, store, kept) if name == "explainerdashboard" else None
        found = Peer(name, rows, cold, server.memory(), size, f"{date.today():%d %b %Y}", change)
    _place(name, rows, kept).write_text(json.dumps(asdict(found)), encoding="utf-8")
    return found


def _changes(server: Server, store: Path, kept: Path) -> Change:
    """Change the client shown, there and here in turn, and return medians; the first turn warms up."""
    turns = []
    with serving(served.command(store), served.PORT, kept / "served.log") as ours:
        until_answers(ours, served.FIRST_PAGE, served.WAIT)
        browser, caller = Browser(Caller(server.port)), Caller(ours.port)
        clients = cycle(some_clients(ours.port, 10 * CHANGES))
        for number in range(CHANGES + 1):
            tab, tab_bytes = _changed(browser, TAB, number)
            others = [_changed(browser, selector, number) for selector in OTHER_TABS]
            tabs, tabs_bytes = (sum(values) for values in zip((tab, tab_bytes), *others, strict=True))
            # Several of ours a turn: they are short, and single ones would vary more.
            page = median([_timed(caller, eligibility(next(clients))) for _ in range(5)])
            api = median([_timed(caller, assessment(next(clients))) for _ in range(5)])
            turns.append((tab, tab_bytes, tabs, tabs_bytes, page, api))
    return Change(*(median(values) for values in zip(*turns[1:], strict=True)))


def _changed(browser: Browser, selector: str, number: int) -> tuple[float, int]:
    began = time.perf_counter()
    received = browser.change((selector, "value"), f"c{100 + number}")
    return 1000 * (time.perf_counter() - began), received


def _timed(caller: Caller, ask: Asked) -> float:
    began = time.perf_counter()
    caller.ask(*ask)
    return 1000 * (time.perf_counter() - began)


def _place(name: str, rows: int, kept: Path) -> Path:
    return kept / f"{name}-{rows}.json"
