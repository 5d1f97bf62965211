"""Measure and print: ``python -m benchmarks --help``."""

import argparse
import json
import logging
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import lines, stores
from benchmarks.measure import ABSENT, Line, figure
from benchmarks.peers import measured
from benchmarks.processes import ALL_THREADS, ROOT

log = logging.getLogger("benchmarks")
LONGEST = 600
OWN = ("portfolios", "portfolios-memory")  # of portfolios made by command


def main() -> None:
    """Measure what was asked and print the table."""
    asked = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    load = os.getloadavg()[0]
    if load > 1:
        log.warning(
            "the machine is busy (load %.1f on %d cores): times will be longer than they are",
            load,
            os.cpu_count(),
        )
    if asked.only == "quality":
        _quality(asked.json)
        return
    if asked.only in OWN:
        module = f"benchmarks.{asked.only.replace('-', '_')}"
        command = [*ALL_THREADS, "OMP_WAIT_POLICY=passive", sys.executable, "-W", "ignore", "-m", module]
        subprocess.run(command, cwd=ROOT, check=True)
        return
    found = _measure(asked)
    _print(found, load)
    if asked.json:
        about = {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "load": load,
            "cores": os.cpu_count(),
        }
        asked.json.write_text(json.dumps(about | {"lines": [asdict(line) for line in found]}, indent=1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--large", action="store_true", help="make the bank of 307,511 clients when absent")
    parser.add_argument(
        "--peers", action="store_true", help="install explainerdashboard and shapash, and measure them"
    )
    parser.add_argument(
        "--rows", type=int, default=10_000, help="clients shown by the peers (default: 10,000)"
    )
    parser.add_argument(
        "--keep", type=Path, default=ROOT / "build" / "bench", help="where banks and peers are kept"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    parser.add_argument(
        "--only",
        choices=(
            "1",
            "2",
            "recourse",
            "6",
            "7",
            "9",
            "10",
            "serve",
            "quality",
            "portfolios",
            "portfolios-memory",
        ),
        help="measure one part",
    )
    return parser.parse_args()


def _measure(asked: argparse.Namespace) -> list[Line]:
    kept = asked.keep.resolve()
    small, large = stores.small(kept), stores.large(kept, asked.large)
    model = next((small / "models" / stores.PORTFOLIO).glob("*/artifact.json")).parent
    peers = {}
    for name in measured.PORTS:
        if asked.peers:
            peers[name] = measured.measure(name, asked.rows, kept, model, large or small)
        else:
            peers[name] = measured.known(name, asked.rows, kept)
    found: list[Line] = []
    if asked.only in (None, "1"):
        found += _part("row_1_score", small)
    if asked.only in (None, "2"):
        found += _part("row_2_explain", small)
    if asked.only in (None, "recourse"):
        found += _part("recourse", small)
        with stores.real() as real:
            found += _part("recourse", real) if real else []
    rows = {"6": "row_6_filter", "7": "row_7_similar", "9": "row_9_drift", "10": "row_10_figure"}
    for number, name in rows.items():
        if asked.only in (None, number):
            found += _part(name, small)
    if asked.only in (None, "serve"):
        found += _part("row_3_assess", small)
        found += lines.of_serving(small, large, peers, kept)
    return found


def _quality(path: Path | None) -> None:
    """Measure what the model is worth on real rows, which takes longer than all the rest."""
    words = [] if path is None else [str(path.resolve())]
    # Threads that wait for each other without spinning leave the processor to others.
    command = [*ALL_THREADS, "OMP_WAIT_POLICY=passive", sys.executable, "-m", "benchmarks.quality", *words]
    subprocess.run(command, cwd=ROOT, check=True)


def _part(name: str, store: Path) -> list[Line]:
    """Measure one row in a process of its own, on one thread."""
    log.info("%s", name.replace("_", " "))
    settings = [f"STORE_DIR={store}", "OMP_NUM_THREADS=1", "POLARS_MAX_THREADS=1"]
    command = ["env", *settings, sys.executable, "-W", "ignore", "-m", "benchmarks.part", name]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=LONGEST)
    return [Line(**one) for one in json.loads(ended.stdout.splitlines()[-1])]


def _print(found: list[Line], load: float) -> None:
    table = Table(
        caption=f"Medians. {os.cpu_count()} cores, load {load:.1f} at the start.", caption_justify="left"
    )
    for name in ("row", "what", "ours", "peer", "ratio", "goal", "met", "which peer, and notes"):
        table.add_column(name, justify="right" if name in ("ours", "peer", "ratio") else "left")
    for line in found:
        table.add_row(*_cells(line))
    console = Console()
    # Piped to a file, a table keeps its lines whole.
    console = console if console.is_terminal else Console(width=200)
    console.print(table)


def _cells(line: Line) -> list[str]:
    unit = f" {line.unit}" if line.unit else ""
    peer = ABSENT if line.peer is None and line.at_least is not None else figure(line.peer)
    met = {True: "yes", False: "NO", None: ""}[line.met]
    ratio = f"{line.ratio:.3g} x" if line.ratio is not None else ""
    beside = ", ".join(text for text in (line.beside, line.note) if text)
    ours = "not made: --large" if line.ours is None else figure(line.ours) + unit
    return [
        line.row,
        line.what,
        ours,
        peer + (unit if line.peer is not None else ""),
        ratio,
        line.goal,
        met,
        beside,
    ]


if __name__ == "__main__":
    main()
