"""Copies of the store that can be trusted: every file with its hash, checked on the way back.

A bank is never written to once it is in place (a new one is swapped in), so a copy taken
while the server runs is whole. An encrypted bank stays encrypted in its backup. The ledger of
SQLite is written to all the time: SQLite itself makes its copy. One in PostgreSQL is not here.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

MANIFEST = "manifest.json"
# What of the store is kept: banks, models, batches judged. Everything else in it can be made again,
PARTS = ("banks", "models", "drift")
# save what people decided and proposed.
LEDGER = "ledger.sqlite"
CHUNK = 1 << 20

Progress = Callable[[int, int], None]


class BackupError(ValueError):
    """A backup cannot be made, or cannot be trusted; the message says what to do."""


@dataclass(frozen=True)
class Kept:
    """One file of a backup: its place in the store, its size and the hash of its content."""

    path: str
    size: int
    sha256: str


def backup(store: Path, folder: Path, progress: Progress = lambda done, total: None) -> tuple[Kept, ...]:
    """Copy the banks, models, batches judged and ledger of ``store`` into the new folder ``folder``.

    Parameters
    ----------
    store : Path
    folder : Path
        Must not exist, or be empty. It appears only once it is complete.
    progress : callable
        Told the bytes copied and the bytes in all.

    Returns
    -------
    tuple of Kept
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder}: not an empty folder; give a new one, a backup is never written over")
    files = [path for part in PARTS for path in _files(store / part)]
    ledger = store / LEDGER
    if not files and not ledger.exists():
        raise BackupError(f"{store}: neither banks nor models to keep; load or generate a bank first")
    folder.parent.mkdir(parents=True, exist_ok=True)
    count = _counter(sum(path.stat().st_size for path in files), progress)
    with _half_made(folder.parent) as new:
        kept = tuple(_copy(path, store, new, count) for path in files)
        if ledger.exists():
            kept += (_snapshot(ledger, new / LEDGER),)
        told = {
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": [asdict(one) for one in kept],
        }
        if ledger.exists():
            told["ledger"] = _head(new / LEDGER)
        (new / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")
        new.replace(folder)
    return kept


def restore(folder: Path, store: Path, progress: Progress = lambda done, total: None) -> tuple[Kept, ...]:
    """Put the files of the backup ``folder`` back into ``store``, once every one is checked.

    Nothing in the store is touched when a file is missing from the backup or has changed. Files
    of the store that the backup does not know are left alone, and so is a ledger that is there:
    it may hold what was decided since.
    """
    kept = _read_manifest(folder)
    if (store / LEDGER).exists():
        kept = tuple(one for one in kept if one.path != LEDGER)
    store.mkdir(parents=True, exist_ok=True)
    count = _counter(sum(one.size for one in kept), progress)
    with _half_made(store) as new:
        faults = [fault for one in kept if (fault := _fetch(one, folder, new, count))]
        if faults:
            raise BackupError("\n".join(faults))
        for one in kept:
            target = store / one.path
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(new / one.path, target)
    return kept


def _files(folder: Path) -> list[Path]:
    """Return the finished files under a folder; names with a leading dot are still being made."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _copy(path: Path, store: Path, new: Path, count: Callable[[int], None]) -> Kept:
    place = path.relative_to(store)
    target = new / place
    target.parent.mkdir(parents=True, exist_ok=True)
    return Kept(place.as_posix(), *_copied(path, target, count))


def _snapshot(ledger: Path, target: Path) -> Kept:
    """Have SQLite copy a ledger that others may be writing to, as it is at one moment."""
    with closing(sqlite3.connect(ledger)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")  # all of it in the one file
    with target.open("rb") as file:
        return Kept(LEDGER, target.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _head(ledger: Path) -> dict[str, int | str]:
    """Return number and hash of the last entry of a copied ledger: what a later one must still hold."""
    with closing(sqlite3.connect(ledger)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchone():
            return {"entries": 0, "head": ""}
        found = connection.execute("SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1").fetchone()
    return dict(zip(("entries", "head"), found or (0, ""), strict=True))


def noted_head(folder: Path) -> str:
    """Return the hash of the last entry at the time of a backup.

    Raises
    ------
    BackupError
        When the backup holds none.
    """
    _read_manifest(folder)
    noted = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("ledger", {}).get("head")
    if not isinstance(noted, str) or not noted:
        raise BackupError(f"{folder}: notes no entry of the ledger; give another backup, or a hash")
    return noted


def _fetch(one: Kept, folder: Path, new: Path, count: Callable[[int], None]) -> str | None:
    """Copy one file out of a backup; return what is wrong with it, if anything."""
    source, target = folder / one.path, new / one.path
    if not source.is_file():
        return f"{source}: missing from the backup; nothing was restored, use another backup"
    target.parent.mkdir(parents=True, exist_ok=True)
    if _copied(source, target, count) != (one.size, one.sha256):
        return f"{source}: changed since the backup was made; nothing was restored, use another backup"
    return None


def _copied(source: Path, target: Path, count: Callable[[int], None]) -> tuple[int, str]:
    """Copy a file and return its size and hash, from one reading."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as old, target.open("wb") as new:
        while chunk := old.read(CHUNK):
            digest.update(chunk)
            new.write(chunk)
            size += len(chunk)
            count(len(chunk))
        new.flush()
        os.fsync(new.fileno())
    return size, digest.hexdigest()


def _read_manifest(folder: Path) -> tuple[Kept, ...]:
    path = folder / MANIFEST
    if not path.is_file():
        raise BackupError(f"{folder}: no {MANIFEST} here; give a folder made by `python -m data backup`")
    try:
        kept = tuple(Kept(**one) for one in json.loads(path.read_text(encoding="utf-8"))["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{path}: not readable ({error}); use another backup") from error
    for one in kept:
        place = PurePosixPath(one.path)
        # A manifest that was tampered with must not write outside the store.
        is_known = one.path == LEDGER or place.parts[:1] in {(part,) for part in PARTS}
        if place.is_absolute() or ".." in place.parts or not is_known:
            raise BackupError(f"{path}: {one.path!r} lies outside {' and '.join(PARTS)}; use another backup")
    return kept


def _counter(total: int, progress: Progress) -> Callable[[int], None]:
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        progress(done, total)

    return count


@contextmanager
def _half_made(parent: Path) -> Iterator[Path]:
    """Give a folder to work in and leave nothing of it behind."""
    new = Path(tempfile.mkdtemp(prefix=".half-made-", dir=parent))
    try:
        yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)
