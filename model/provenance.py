"""What a model was made with: the versions that decide its figures, and the state of the code."""

import hashlib
import json
import platform
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

from data.portfolios import Column, Portfolio

ROOT = Path(__file__).parent.parent
# What a trained model's bytes depend on; `everything` lists the rest.
DECIDING = ("lightgbm", "numpy", "polars", "narwhals", "scikit-learn", "duckdb")
ROOMS = ("config.py", "data", "model")
# What a training follows of ``columns.csv`` and ``portfolio.toml``; the rest is read when serving.
DECIDING_FIELDS = ("name", "kind", "role", "source", "family", "theme", "monotone", "told_by")
DECIDING_SETTINGS = (
    "target", "positive", "positive_is_good", "costs", "scale", "families", "groups", "grouped", "desk",
    "split", "segments", "offers", "reasons",
)  # fmt: skip


def made_with() -> dict:
    """Return the versions of Python and of the packages that decide, the code's hash and its commit."""
    return {
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in DECIDING},
        "code": code_hash(),
        "commit": commit(),
    }


def everything() -> list[str]:
    """Return every package installed, as ``name==version``, in alphabetical order."""
    found = {one.metadata["Name"]: one.version for one in metadata.distributions() if one.metadata["Name"]}
    return [f"{name}=={version}" for name, version in sorted(found.items(), key=lambda one: one[0].lower())]


def code_hash() -> str:
    """Return the SHA-256 of the programs that train and assess, whatever the repository says."""
    files = [path for room in ROOMS for path in ([ROOT / room] if room.endswith(".py") else _programs(room))]
    told = hashlib.sha256()
    for path in files:
        told.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()


def commit() -> str:
    """Return the commit of the code, with ``+`` when files were changed since; empty if not known."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return ""
    head, changed = (_said(git, *ask) for ask in (("rev-parse", "HEAD"), ("status", "--porcelain", *ROOMS)))
    return head + "+" if head and changed else head


def _said(git: str, *ask: str) -> str:
    done = subprocess.run([git, *ask], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else ""


def _programs(room: str) -> list[Path]:
    return sorted(
        path for path in (ROOT / room).rglob("*") if path.suffix in (".py", ".csv", ".toml", ".sql")
    )


def fingerprint(portfolio: Portfolio) -> str:
    """Return a hash of what a training follows of a portfolio, as hexadecimal text.

    Programs whole; of the columns and settings only what a model depends on: labels, units, what a client
    may change and whatever else is told or asked today may be edited without training again.
    """
    columns = [_followed(column) for column in portfolio.columns.values()]
    settings = {name: portfolio.settings.get(name) for name in DECIDING_SETTINGS}
    told = hashlib.sha256(json.dumps([columns, settings], sort_keys=True, default=str).encode())
    for path in sorted(portfolio.folder.glob("*.py")):
        told.update(path.read_bytes())
    return told.hexdigest()


def _followed(column: Column) -> list:
    """Return what a training follows of a column."""
    # Days ago are grouped in years, a flag without bounds is text, and what is one of few has no median.
    return [
        *(getattr(column, name) for name in DECIDING_FIELDS),
        column.unit == "days_ago",
        column.is_one_of_few,
        column.low is None,
    ]
