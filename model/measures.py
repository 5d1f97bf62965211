"""What training measured and wrote beside the model, read for the pages."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from model.artifact import Model, ModelDamaged, checked

# What the pages read of each file. An earlier version of the application may have written less.
_NEEDED = {
    "curves.json": ("roc", "precision_recall", "cap", "reliability", "points", "counts", "segments"),
    "candidates.json": ("folds", "accept_everyone"),
    "fairness.json": ("all", "families"),
    "offers.json": ("classes", "folds", "test"),
}


def measures(model: Model, name: str) -> Mapping:
    """Return one JSON file of the artifact, after comparing it with its hash.

    Raises
    ------
    ModelDamaged
        When the file is missing or lacks a part (an earlier version did not write it), or was changed.
    """
    told = _read(checked(model.folder, model.card, name))
    if gone := [part for part in _NEEDED[name] if part not in told]:
        raise ModelDamaged(f"{model.folder.name}/{name} has no {', '.join(gone)}; train again")
    return told


def measured(model: Model, name: str) -> Mapping | None:
    """Return one JSON file that training writes only on demand; None when it did not."""
    if name not in model.card["hashes"]:
        return None
    return _read(checked(model.folder, model.card, name))


@lru_cache(maxsize=8)
def _read(path: Path) -> Mapping:
    return json.loads(path.read_text(encoding="utf-8"))
