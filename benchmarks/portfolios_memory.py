"""What each further portfolio weighs: ``python -m benchmarks --only portfolios-memory``.

Five portfolios are made by command from files of people who do not exist, and one worker serves one,
two, then all of them. Its memory is read after a walk: every page of each portfolio, in both
languages, and twenty assessments by the API.
"""

import csv
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table as Printed

from benchmarks.callers import Asked, Caller, page, until_answers
from benchmarks.processes import ROOT, procfile, serving

log = logging.getLogger("benchmarks")
ROWS, NUMBERS, TEXTS, COUNTS = 10_000, 12, 8, (1, 2, 5)
PORT, WAIT, ASSESSED = 8073, 120.0, 20
OF_A_FILE = ("eligibility", "interpretation", "comparison", "simulation")
OF_THE_MODEL = ("performance", "fairness", "drift")


def main() -> None:
    """Make what is served, measure it and print the table."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    with tempfile.TemporaryDirectory() as folder:
        names = [f"made_{number}" for number in range(1, max(COUNTS) + 1)]
        for number, name in enumerate(names):
            _made(Path(folder), name, number)
        printed = Printed("portfolios", "idle, MB", "after the walk, MB", "each further one, MB")
        first = None
        for count in COUNTS:
            idle, walked = _measured(Path(folder), names[:count])
            first = walked if first is None else first
            each = "" if count == 1 else f"{(walked - first) / (count - 1):.1f}"
            printed.add_row(str(count), f"{idle:.0f}", f"{walked:.0f}", each)
    console = Console()
    (console if console.is_terminal else Console(width=140)).print(printed)


def _made(folder: Path, name: str, seed: int) -> None:
    """Make and train one portfolio by its commands, in a store of its own."""
    file = folder / f"{name}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(_lines(random.Random(seed)))
    settings = {"STORE_DIR": str(folder / name), "PORTFOLIOS_DIR": str(folder / name / "portfolios")}
    for words in (
        ("data", "new-portfolio", name, "--from", str(file), "--target", "ended", "--positive", "badly"),
        ("model", "train", name, "--no-track"),
    ):
        command = [sys.executable, "-W", "ignore", "-m", *words]
        subprocess.run(command, cwd=ROOT, env=os.environ | settings, check=True, stdout=subprocess.DEVNULL)
        log.info("%s %s %s", *words[:3])


def _lines(draw: random.Random) -> Iterator[list[str]]:
    yield [*(f"number_{n}" for n in range(NUMBERS)), *(f"choice_{n}" for n in range(TEXTS)), "ended"]
    for _ in range(ROWS):
        numbers = [draw.gauss(0, 1) for _ in range(NUMBERS)]
        texts = [draw.choice("abcdefgh") for _ in range(TEXTS)]
        bad = draw.random() < 0.2 + 0.1 * (numbers[0] > 0) + 0.1 * (texts[0] in "ab")
        yield [*(f"{one:.3f}" for one in numbers), *texts, "badly" if bad else "well"]


def _measured(folder: Path, names: list[str]) -> tuple[float, float]:
    """Return the resident MB of a server of these portfolios, idle and after the walk."""
    with tempfile.TemporaryDirectory() as served:
        store = Path(served)
        for part in ("banks", "models", "portfolios"):
            (store / part).mkdir()
            for name in names:
                for found in (folder / name / part).glob(f"{name}*"):
                    (store / part / found.name).symlink_to(found)
        settings = {"STORE_DIR": store, "PORTFOLIOS_DIR": store / "portfolios", "PORT": PORT}
        settings["API_RATE_LIMIT"] = "1000000/minute"
        with serving(procfile(settings), PORT, folder / "log") as server:
            until_answers(server, (("GET", "/health", None),), WAIT)
            time.sleep(1)
            idle = server.memory()
            caller = Caller(PORT)
            for name in names:
                for asked in _walk(name):
                    caller.ask(*asked)
            server.check()
            return idle, server.memory()


def _walk(name: str) -> Iterator[Asked]:
    for lang in ("fr", "en"):
        for number in range(1, ASSESSED // 2 + 1):
            yield page(f"/{name}/eligibility", client=str(number), lang=lang)
            yield ("GET", f"/api/v1/{name}/clients/{number}/assessment?lang={lang}", None)
        for one in OF_A_FILE:
            yield page(f"/{name}/{one}", client="1", lang=lang)
        for one in OF_THE_MODEL:
            yield page(f"/{name}/{one}", lang=lang)
        yield page("/", portfolio=name, lang=lang)


if __name__ == "__main__":
    main()
