"""Reading a batch: through the loader and the checks of a bank, and nothing larger than it should be.

A batch is a folder in the schema of the portfolio, one CSV or Parquet file of its main table, or
the applications of the bank whose outcome is not known. Nothing of it is kept.
"""

import gzip
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from data.bank import open_bank
from data.load_files import File, LoadError, find_files
from data.portfolios import Portfolio
from data.schema import literal
from model import split
from model.batch import loaded

UNLABELLED = "unlabelled"
TEST = "test"  # the rows of the bank that [split] sets aside
MB = 1_000_000
# One file is what someone sends; a folder is put there by whoever runs the machine.
MOST_FILE, MOST_FOLDER = 150 * MB, 4_000 * MB
MOST_UNPACKED = 4  # times the above
BYTES_PER_VALUE = 8
MOST_ROWS = 400_000
LONGEST_NAME = 60


class NothingToJudge(LoadError):
    """There is no file in a batch."""


@dataclass(frozen=True)
class Batch:
    """The files of a batch as the bank gives them (``data.bank.Bank.frame``).

    ``source`` is ``file``, ``folder`` or ``bank``, ``name`` what to call the batch.
    """

    frame: pl.DataFrame
    source: str
    name: str


def read(portfolio: Portfolio, given: str) -> Batch:
    """Return the batch at the path ``given``, the bank's unlabelled applications or its rows set aside.

    Raises
    ------
    data.load_files.LoadError
        With one line per kind of fault: what cannot be read, is too large, or is not of this
        portfolio.
    data.bank.BankMissing, data.bank.BankUnreadable
        When the bank is asked for and is not there.
    """
    if given == UNLABELLED:
        frame = open_bank(portfolio.id).frame(labelled=False)
        source, name = "bank", ""
    elif given == TEST and portfolio.settings.get("split", {}).get("test"):
        whole = open_bank(portfolio.id).frame()
        frame, source = whole.filter(split.aside(portfolio, whole)), "bank"
        name = ", ".join(str(value) for value in portfolio.settings["split"]["test"])
    else:
        path = Path(given)
        refuse_what_is_too_large(path)
        with loaded(portfolio, path) as bank:
            if bank.meta.clients > MOST_ROWS:
                raise LoadError(f"{path.name}: {bank.meta.clients} files, {MOST_ROWS} at most; draw a sample")
            frame = bank.frame()
        source, name = ("folder" if path.is_dir() else "file"), named(path)
    if frame.is_empty():
        what = "the bank holds no application without outcome" if source == "bank" else f"{name}: no row"
        raise NothingToJudge(f"{what}; nothing to judge")
    return Batch(frame, source, name)


def named(path: Path) -> str:
    """Return what to call a batch that lies at ``path``: its name without endings, printable, short."""
    stem = path.resolve().name
    for ending in (".gz", ".zip", ".csv", ".parquet"):
        stem = stem.removesuffix(ending)
    return "".join(sign for sign in stem if sign.isprintable())[:LONGEST_NAME].strip()


def refuse_what_is_too_large(path: Path) -> None:
    """Refuse files that are too large, or that unpack to more than they should, before reading them.

    Raises
    ------
    LoadError
        With the size and the limit.
    """
    files = find_files(path)
    most = MOST_FILE if path.is_file() else MOST_FOLDER
    taken = sum(place.stat().st_size for place in {file.path for file in files.values()})
    if taken > most:
        raise LoadError(f"{path.name}: {_mb(taken)}, {_mb(most)} at most; draw a sample")
    left = most * MOST_UNPACKED
    for file in files.values():
        left -= _unpacked_size(file, left)
        if left < 0:
            limit = _mb(most * MOST_UNPACKED)
            raise LoadError(f"{file.name}: unpacks to more than {limit}; draw a sample")


def _unpacked_size(file: File, most: int) -> int:
    """Return how many bytes a file holds once unpacked, or some number above ``most``."""
    inside = file.member or file.path.name
    if inside.lower().endswith(".parquet"):
        return _parquet_size(file, most)
    if file.member:
        with zipfile.ZipFile(file.path) as archive:
            return archive.getinfo(file.member).file_size
    if inside.lower().endswith(".gz"):
        return _gzip_size(file, most)
    return file.path.stat().st_size


def _gzip_size(file: File, most: int) -> int:
    """Return what a gzip file unpacks to, by unpacking it to nowhere; its own word on it may lie."""
    total = 0
    try:
        with gzip.open(file.path) as unpacked:
            while total <= most and (chunk := unpacked.read(1 << 20)):
                total += len(chunk)
    except (OSError, EOFError) as error:
        raise LoadError(f"{file.name}: cannot be read ({error}); send it again") from None
    return total


def _parquet_size(file: File, most: int) -> int:
    """Return what the values of a Parquet file take: a column of one value packs to almost nothing."""
    with tempfile.TemporaryDirectory(prefix="limpide-") as place:
        if file.member:
            with zipfile.ZipFile(file.path) as archive:
                packed = archive.getinfo(file.member).file_size
                if packed > most:
                    return packed
        path = literal(file.unpacked(Path(place)))
        try:
            with duckdb.connect() as connection:
                rows = connection.execute(f"SELECT num_rows FROM parquet_file_metadata({path})").fetchone()[0]  # noqa: S608
                columns = len(connection.execute(f"DESCRIBE SELECT * FROM read_parquet({path})").fetchall())  # noqa: S608
        except duckdb.Error as error:
            raise LoadError(f"{file.name}: cannot be read ({str(error).splitlines()[0]})") from None
    return rows * columns * BYTES_PER_VALUE


def _mb(size: int) -> str:
    return f"{size / MB:,.0f} MB"
