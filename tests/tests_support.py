"""Helpers that several test files share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import config


@contextmanager
def own_store(folder: Path) -> Iterator[Path]:
    """Use another store for a while, then the one before again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORE_DIR", str(folder))
        config.settings.cache_clear()
        yield folder
    config.settings.cache_clear()
