"""A portfolio made from any flat file: read, inferred, written and loaded, or nothing at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data import portfolios
from data.bank import bank_path
from data.load import load_folder
from data.load_files import LoadError
from data.new_portfolio_plan import Asked, planned, told
from data.new_portfolio_write import write

# Addresses of the application, which a portfolio's would hide.
RESERVED = {
    *("api", "assets", "decisions", "docs", "exports", "health", "identity", "jobs", "letters", "login"),
    *("logout", "metrics", "reports", "static", "uploads"),
}
LONGEST = 40


def make(asked: Asked, *, with_load: bool = True, key: str = "") -> Iterator[str]:
    """Write the portfolio's folder and fill its bank; yield a line for each thing inferred.

    Raises
    ------
    LoadError
        With one line per fault; nothing is then left behind.
    """
    root = portfolios.folders()[-1]
    _check_name(asked, root)
    root.mkdir(parents=True, exist_ok=True)
    with _workshop(root) as work:
        try:
            plan = planned(asked, work, key)
        except duckdb.Error as error:
            # Not chained: DuckDB's own words may quote the file.
            raise LoadError(f"{asked.file.name}: cannot be read ({str(error).splitlines()[0]})") from None
        yield from told(asked, plan)
        made = work / "made" / asked.name
        write(plan, made)
        described = portfolios.read(made)
        if with_load:
            place = bank_path(asked.name)
            meta = load_folder(described, asked.file, place, key=key)
            yield f"{place}: {meta.clients:,} clients, {meta.labelled:,} with a known outcome"
        _put(made, root / asked.name, work)
    portfolios.forget()
    yield f"{root / asked.name}: labels, bounds, costs and words to refine"
    yield f"next: python -m model train {asked.name}"


def _check_name(asked: Asked, root: Path) -> None:
    name = asked.name
    if not portfolios.ID.fullmatch(name) or len(name) > LONGEST:
        raise LoadError(
            f"{name!r}: a portfolio's name is made of a to z, digits and _, a letter first, {LONGEST} at most"
        )
    if name in RESERVED:
        raise LoadError(f"{name}: an address of the application; give the portfolio another name")
    if name in portfolios.available() and not (root / name).exists():
        raise LoadError(f"{name}: a portfolio that comes with the application; give another name")
    if (root / name).exists() and not asked.replace:
        raise LoadError(f"{root / name}: there already; give another name, or --replace to make it anew")


@contextmanager
def _workshop(root: Path) -> Iterator[Path]:
    """Give a folder beside the portfolios for everything half-made, and leave nothing of it behind."""
    work = Path(tempfile.mkdtemp(prefix=".new-", dir=root))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _put(made: Path, place: Path, work: Path) -> None:
    """Put the folder in its place at once; what was there goes with the workshop."""
    if place.exists():
        os.replace(place, work / "before")
    os.replace(made, place)
