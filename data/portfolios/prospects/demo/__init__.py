"""The demo of the prospects: a CRM drawn from what was published of a real one, never from its rows."""

from pathlib import Path
from typing import NoReturn

from data.portfolios.prospects.demo.bank import draw_bank

__all__ = ["draw_bank", "measure"]


def measure(folder: Path) -> NoReturn:
    """Refuse: there are no rows to measure a profile on."""
    raise LookupError(
        "prospects are drawn from published figures (published.toml); nothing is measured on rows"
    )
