"""Limpide as the Procfile serves it: cold start, size and speed of answers, memory."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.callers import (
    PORTFOLIO,
    Asked,
    Caller,
    assessment,
    each_of,
    eligibility,
    identities,
    load,
    opened,
    page,
    some_clients,
    until_answers,
)
from benchmarks.measure import median, percentile
from benchmarks.processes import Server, procfile, serving
from benchmarks.small_host import limited

PORT = 8071
CLIENTS = 500
WAIT, WAIT_SMALL_HOST = 120.0, 300.0
# A browser's first page: the document, the layout, the callbacks' list, then the page's content.
FIRST_PAGE = (
    ("GET", "/", None),
    ("GET", "/_dash-layout", None),
    ("GET", "/_dash-dependencies", None),
    page("/"),
)


@dataclass(frozen=True)
class Pace:
    """How long answers took, in milliseconds, how many came a second, and the processor they cost."""

    p50: float
    p95: float
    per_second: float
    busy: float

    def __str__(self) -> str:
        return f"p95 {self.p95:.1f} ms, {self.per_second:.0f} a second, {self.busy:.1f} ms of processor each"


@dataclass(frozen=True)
class Found:
    """Everything measured on one store."""

    cold: float
    idle: float
    after: float
    anonymous: float
    peak: float
    first_page: int
    bytes_page: float
    bytes_api: float
    page: dict[int, Pace]
    api: dict[int, Pace]


def command(store: Path) -> list[str]:
    """Return the command that serves ``store``; the API's rate limit is lifted, nothing else is changed."""
    return procfile({"STORE_DIR": store.resolve(), "PORT": PORT, "API_RATE_LIMIT": "1000000/minute"})


def cold_start(store: Path, log: Path) -> tuple[float, float]:
    """Return seconds from the command to the first page, and resident MB then."""
    with serving(command(store), PORT, log) as server:
        return until_answers(server, FIRST_PAGE, WAIT), server.memory()


def small_host(store: Path, log: Path) -> tuple[float | None, float, str]:
    """Return seconds to the first page on a small host, peak resident MB, and what was limited."""
    with limited() as (prefix, limits):
        if not limits:
            return None, 0.0, ""
        with serving([*prefix, *command(store)], PORT, log) as server:
            seconds = until_answers(server, FIRST_PAGE, WAIT_SMALL_HOST)
            return seconds, server.peak_memory(), limits


def measure(store: Path, log: Path, say: Callable[[str], None], requests: int = 300) -> Found:
    """Serve ``store``, walk over the pages, then ask for assessments by page and by API."""
    with serving(command(store), PORT, log) as server:
        cold = until_answers(server, FIRST_PAGE, WAIT)
        idle = server.memory()
        first_page = sum(_size(PORT, ask) for ask in FIRST_PAGE)
        ids = some_clients(PORT, CLIENTS)
        say("walking over the pages")
        _walk(ids)
        paces = {}
        for name, make in (("page", eligibility), ("api", assessment)):
            for callers in (1, 16):
                say(f"{name}, {callers} at once")
                paces[name, callers] = _pace(
                    server, each_of(make, ids, requests * (1 if callers == 1 else 2)), callers
                )
        return Found(
            cold=cold,
            idle=idle,
            after=server.memory(),
            anonymous=server.anonymous(),
            peak=server.peak_memory(),
            first_page=first_page,
            bytes_page=median([_size(PORT, eligibility(client)) for client in ids[::10]]),
            bytes_api=median([_size(PORT, assessment(client)) for client in ids[::10]]),
            page={callers: paces["page", callers] for callers in (1, 16)},
            api={callers: paces["api", callers] for callers in (1, 16)},
        )


def _pace(server: Server, asks: list[Asked], callers: int) -> Pace:
    load(server.port, asks[: 4 * callers], callers)
    busy, began = server.busy(), time.perf_counter()
    taken = load(server.port, asks, callers)
    seconds = time.perf_counter() - began
    return Pace(
        median(taken),
        percentile(taken, 0.95),
        len(taken) / seconds,
        1000 * (server.busy() - busy) / len(taken),
    )


def _size(port: int, ask: Asked) -> int:
    caller = Caller(port)
    content = caller.ask(*ask)
    caller.close()
    return len(content)


def _walk(ids: list[str]) -> None:
    """Open every page in both languages, the API's pages, searches and the tables of clients."""
    languages = ("fr", "en")
    asks = [page("/", lang=lang) for lang in languages]
    asks += [eligibility(client, lang) for client in ids[:10] for lang in languages]
    asks += [eligibility("nobody"), page(f"/{PORTFOLIO}/eligibility")]
    asks += [
        ("GET", address, None)
        for address in ("/health", "/api/docs", "/api/openapi.json", "/api/v1/portfolios")
    ]
    asks += [
        ("GET", f"/api/v1/{PORTFOLIO}/clients?search={start}", None) for start in ("1", "12", "123", "zz")
    ]
    asks += [("GET", f"/api/v1/{PORTFOLIO}/clients/{client}", None) for client in ids[:10]]
    asks += [opened for client in ids[:20] for opened in _tables(client)]
    load(PORT, asks, 4)


def _tables(client_id: str) -> list[Asked]:
    """Return the requests sent when the tables of a client's history are opened, one after another."""
    caller = Caller(PORT)
    content = json.loads(caller.ask(*eligibility(client_id), compressed=False))
    caller.close()
    return [opened(toggle) for toggle in identities(content) if toggle.get("part") == "history-toggle"]
