"""The profile of a portfolio: aggregates of its real rows, from which the demo bank is drawn.

``python -m data.demo.profile FOLDER_OF_REAL_DATA OUT`` measures it. It holds quantiles,
shares, correlations and scorecards, never a row, and no category of fewer than 30 people.
"""

import argparse
import gzip
import importlib
import json
import logging
from functools import cache
from pathlib import Path
from types import ModuleType

from data.portfolios import FOLDER, UnknownPortfolio, available

LOG = logging.getLogger(__name__)


class NoDemo(LookupError):
    """The portfolio has no generator of its own under ``data/portfolios/<id>/demo``."""

    def __init__(self, portfolio_id: str):
        super().__init__(
            f"portfolio {portfolio_id!r} has no demo generator (data/portfolios/{portfolio_id}/demo); "
            f"load real rows instead: python -m data load {portfolio_id} FOLDER"
        )


def generator(portfolio_id: str) -> ModuleType:
    """Return the portfolio's own part of the demo: ``measure(folder)`` and ``chunks(...)``."""
    if portfolio_id not in available():
        raise UnknownPortfolio(portfolio_id)
    if not (FOLDER / portfolio_id / "demo" / "__init__.py").exists():
        raise NoDemo(portfolio_id)
    return importlib.import_module(f"data.portfolios.{portfolio_id}.demo")


@cache
def load(portfolio_id: str) -> dict:
    """Read the profile that the portfolio ships."""
    path = FOLDER / portfolio_id / "demo_profile.json.gz"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; make it: python -m data.demo.profile FOLDER {path}")
    return json.loads(gzip.decompress(path.read_bytes()))


def save(profile: dict, path: Path) -> None:
    """Write a profile so that the same aggregates give the same bytes."""
    text = json.dumps(profile, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def main(arguments: list[str] | None = None) -> int:
    """Measure a profile; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m data.demo.profile", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of the real rows, in the portfolio's schema")
    parser.add_argument("out", type=Path, help="file to write, ending in .json.gz")
    parser.add_argument(
        "--portfolio", default="home_credit", help="portfolio to measure (default: home_credit)"
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        profile = generator(options.portfolio).measure(options.folder)
    except (LookupError, FileNotFoundError) as error:
        LOG.error("%s", error)
        return 2
    save(profile, options.out)
    LOG.info("%s: %.0f kB", options.out, options.out.stat().st_size / 1000)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
