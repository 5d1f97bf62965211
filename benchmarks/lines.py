"""Rows 3 to 5 and the load: what was measured of the served application, as lines of the table."""

import logging
from collections.abc import Mapping
from pathlib import Path

from benchmarks import served, stores
from benchmarks.measure import Line, median
from benchmarks.peers.measured import Peer
from benchmarks.served import Found

log = logging.getLogger("benchmarks")
DASHBOARD = "explainerdashboard"
STARTS = 3


def of_serving(small: Path, large: Path | None, peers: Mapping[str, Peer | None], kept: Path) -> list[Line]:
    """Serve both stores and return the lines of rows 3, 4, 5 and of the load."""
    sizes = {"10,000": small, "307,511": large}
    found = {size: _served(size, store, kept) for size, store in sizes.items()}
    dashboard = peers.get(DASHBOARD)
    most = found["307,511"] or found["10,000"]
    size = "307,511" if found["307,511"] else "10,000"
    return [
        *_row_3(most, size, dashboard),
        *_row_4(found, sizes, peers, kept),
        *_row_5(found, peers),
        *(line for size, one in found.items() if one for line in _pace(one, size)),
        *(_making(size, store) for size, store in sizes.items() if store),
    ]


def _served(size: str, store: Path | None, kept: Path) -> Found | None:
    if store is None:
        return None
    log.info("serving %s clients", size)
    return served.measure(store, kept / "served.log", lambda step: log.info("  %s", step))


def _row_3(found: Found, size: str, peer: Peer | None) -> list[Line]:
    """Return what a change of client takes and sends, here and there.

    Times that are compared were measured in turn, when the peer was served; what it takes here
    today, the lines of the load tell.
    """
    change = peer.change if peer else None
    where = f"{DASHBOARD} at {peer.rows:,}" if peer else DASHBOARD
    note = f"measured in turn, {peer.when}" if peer else ""
    rows = []
    for name, paces, sent in (("page", found.page, found.bytes_page), ("API", found.api, found.bytes_api)):
        took = getattr(change, name.lower()) if change else paces[1].p50
        what = f"whole assessment, {name} ({size})"
        for shown, of, goals in (("tabs", "on all its tabs", (50, 100)), ("tab", "on one tab", (None, None))):
            beside = f"{where}, client changed {of}"
            theirs = getattr(change, shown) if change else None
            kilo = getattr(change, f"{shown}_bytes") / 1000 if change else None
            rows.append(Line("3", what, "ms", took, theirs, beside, goals[0], note=note))
            rows.append(Line("3", f"{what}, sent", "kB", sent / 1000, kilo, beside, goals[1]))
    return rows


def _row_4(
    found: Mapping[str, Found | None],
    sizes: Mapping[str, Path | None],
    peers: Mapping[str, Peer | None],
    kept: Path,
) -> list[Line]:
    rows = []
    for size, store in sizes.items():
        if store is None:
            rows.append(Line("4", f"cold start to first page ({size})", "s", None, None, DASHBOARD, 50))
            continue
        # The first start of a series reads its files from the disk and is left out.
        starts = [served.cold_start(store, kept / "served.log") for _ in range(STARTS + 1)][1:]
        seconds = median([one for one, _ in starts])
        for name, peer in peers.items():
            least = 50 if name == DASHBOARD and size == "307,511" else None
            cold, beside = (peer.cold, f"{name} at {peer.rows:,}") if peer else (None, name)
            rows.append(Line("4", f"cold start to first page ({size})", "s", seconds, cold, beside, least))
        slow, peak, limits = served.small_host(store, kept / "served.log")
        if slow is not None:
            what = f"the same on a small host ({size})"
            rows.append(Line("4", what, "s", slow, at_most=12, note=f"{limits}; peak {peak:.0f} MB resident"))
    return rows


def _row_5(found: Mapping[str, Found | None], peers: Mapping[str, Peer | None]) -> list[Line]:
    rows = []
    for size, one in found.items():
        what = f"memory after a walk and 1,000 requests ({size})"
        if one is None:
            rows.append(Line("5", what, "MB", None, at_most=256))
            continue
        note = f"{one.idle:.0f} MB at the first page; {one.anonymous:.0f} MB of it cannot be dropped"
        rows.append(Line("5", what, "MB", one.after, at_most=256, note=note))
        for name, peer in peers.items():
            taken, beside = (peer.memory, f"{name} at {peer.rows:,}") if peer else (None, name)
            rows.append(Line("5", what, "MB", one.after, taken, beside))
    return rows


def _pace(found: Found, size: str) -> list[Line]:
    return [
        Line("load", f"{name}, {callers} at once ({size})", "ms", pace.p50, note=str(pace))
        for name, paces in (("page", found.page), ("API", found.api))
        for callers, pace in paces.items()
    ]


def _making(size: str, store: Path) -> Line:
    took = stores.cost(store)
    return Line(
        "",
        f"making and loading the demo bank ({size})",
        "s",
        took["seconds"],
        note=f"peak {took['megabytes']:,} MB",
    )
