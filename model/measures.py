"""What training measured and wrote beside the model, read for the pages."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from model.artifact import Model, checked


def measures(model: Model, name: str) -> Mapping:
    """Return one JSON file of the artifact, after comparing it with its hash.

    Raises
    ------
    ModelDamaged
        When the file is missing (an earlier version did not write it) or was changed.
    """
    return _read(checked(model.folder, model.card, name))


@lru_cache(maxsize=8)
def _read(path: Path) -> Mapping:
    return json.loads(path.read_text(encoding="utf-8"))
