"""The stores that are measured: a small demo bank with its model, and one as large as Kaggle's."""

import hashlib
import json
import logging
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import ALL_THREADS, ROOT
from config import Settings

log = logging.getLogger(__name__)
PORTFOLIO = "home_credit"
SMALL, LARGE = 10_000, 307_511
REAL = "deep"  # the folder of real rows with the most histories
MADE = "made.json"
LONGEST = 3_600


def small(kept: Path) -> Path:
    """Return the store of the small bank; made by the project's own commands when absent."""
    return _made(kept / "small", SMALL) or _make(kept / "small", SMALL)


def large(kept: Path, make: bool) -> Path | None:
    """Return the store of the large bank, or None when it is absent and not to be made.

    Its model is the small bank's: what is served costs the same, and training on 307,511
    files would take longer than everything else here.
    """
    folder = kept / "large"
    return _made(folder, LARGE) or (_make(folder, LARGE, model_of=small(kept)) if make else None)


@contextmanager
def real() -> Iterator[Path | None]:
    """Lend a store of real rows with a model of its own, None when ``REAL_DATA_DIR`` is not set.

    It is made anew each time and removed at the end: real rows are left nowhere.
    """
    source = Settings().real_data_dir
    if source is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as made:
        log.info("loading real rows and training on them")
        _run(Path(made), "data", "load", PORTFOLIO, str(source.resolve() / PORTFOLIO / REAL))
        _run(Path(made), "model", "train", PORTFOLIO)
        yield Path(made)


def cost(store: Path) -> dict:
    """Return what making the bank took: ``seconds`` and ``megabytes`` at the peak."""
    return json.loads((store / MADE).read_text(encoding="utf-8"))


def _made(folder: Path, clients: int) -> Path | None:
    """Return the store if it is there and was made by the code as it is now."""
    if not (folder / MADE).exists():
        return None
    about = cost(folder)
    return folder if (about["clients"], about["code"]) == (clients, _code()) else None


def _code() -> str:
    """Return a hash of all that a bank and its model depend on, but for how clients are drawn."""
    files = [*(ROOT / "data").glob("*.py"), *(ROOT / "data" / "portfolios" / PORTFOLIO).glob("*")]
    files += [ROOT / "model" / f"{name}.py" for name in ("artifact", "train", "matrix", "stages", "fitting")]
    kept = sorted(path for path in files if path.suffix in (".py", ".toml", ".csv", ".sql"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in kept)).hexdigest()[:16]


def _make(folder: Path, clients: int, model_of: Path | None = None) -> Path:
    log.info("making a bank of %s clients in %s", f"{clients:,}", folder.name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.perf_counter()
    peak = _run(folder, "data", "demo", PORTFOLIO, "--clients", str(clients), "--seed", "1")
    taken = time.perf_counter() - began
    if model_of is None:
        _run(folder, "model", "train", PORTFOLIO)
    else:
        shutil.copytree(model_of / "models", folder / "models")
    about = {"clients": clients, "code": _code(), "seconds": round(taken, 1), "megabytes": round(peak)}
    (folder / MADE).write_text(json.dumps(about), encoding="utf-8")
    return folder


def _run(store: Path, *words: str) -> float:
    """Run one of the project's commands on ``store``; return its peak of resident memory in MB."""
    command = [*ALL_THREADS, f"STORE_DIR={store.resolve()}", sys.executable, "-m", *words]
    with (store / "log.txt").open("ab") as written:
        process = subprocess.Popen(command, cwd=ROOT, stdout=written, stderr=subprocess.STDOUT)
        peak, end = 0.0, time.perf_counter() + LONGEST
        while process.poll() is None:
            peak = max(peak, _resident(process.pid))
            if time.perf_counter() > end:
                process.kill()
            time.sleep(0.2)
    if process.returncode:
        raise RuntimeError(f"python -m {' '.join(words)} failed; see {store / 'log.txt'}")
    return peak


def _resident(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(peaks[0]) / 1024 if peaks else 0.0
