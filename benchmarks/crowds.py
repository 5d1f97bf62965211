"""A population as large as Kaggle's, drawn again from the one beside the small bank's model."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from config import settings
from model import artifact
from model.crowd import CODES, RANKS, VALUES, Crowd, crowd

PORTFOLIO = "home_credit"
CLIENTS = 307_511
ROWS = f"{CLIENTS:,}"


@contextmanager
def large() -> Iterator[Crowd]:
    """Use, for a while, a store whose model has the large population beside it."""
    before = settings().store_dir.resolve()
    model = artifact.champion(PORTFOLIO)
    with tempfile.TemporaryDirectory() as made:
        store = Path(made)
        (store / "banks").symlink_to(before / "banks")
        _write(model, store / "models" / PORTFOLIO)
        try:
            _use(store)
            yield crowd(artifact.champion(PORTFOLIO))
        finally:
            _use(before)


def _write(model: artifact.Model, folder: Path) -> None:
    """Write the model again with every client of its population several times over."""
    there = folder / model.version
    there.mkdir(parents=True)
    drawn = np.random.default_rng(0).integers(0, crowd(model).size, CLIENTS)
    card = json.loads((model.folder / artifact.CARD).read_text(encoding="utf-8"))
    for name in card["hashes"]:
        if name in (VALUES, CODES, RANKS):
            np.save(there / name, np.ascontiguousarray(np.load(model.folder / name)[:, drawn]))
            card["hashes"][name] = artifact.digest(there / name)
        else:
            (there / name).symlink_to(model.folder / name)
    (there / artifact.CARD).write_text(json.dumps(card), encoding="utf-8")
    (folder / artifact.CHAMPION).write_text(model.version, encoding="utf-8")


def _use(store: Path) -> None:
    os.environ["STORE_DIR"] = str(store)
    settings.cache_clear()
