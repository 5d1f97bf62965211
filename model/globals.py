"""What a model does over the whole population, as training wrote it: read once, only when asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from model.artifact import Model, ModelDamaged, checked

FILE = "global.json"


@dataclass(frozen=True)
class Globals:
    """The content of ``global.json``; ``model.effects`` says what each part holds.

    ``weights`` and ``themes`` are mean absolute points over ``rows`` files.
    """

    folder: Path
    rows: int
    weights: Mapping[str, float]
    themes: Mapping[str, float]
    effects: Mapping[str, Mapping]
    spread: Mapping


_cache: dict[str, Globals] = {}


def read(model: Model) -> Globals:
    """Return what training wrote of the population, kept until another model is in service.

    Raises
    ------
    ModelDamaged
        When the file was changed, or was written before these figures existed.
    """
    portfolio = model.card["portfolio"]
    known = _cache.get(portfolio)
    if known is None or known.folder != model.folder:
        known = _cache[portfolio] = _read(model)
    return known


def _read(model: Model) -> Globals:
    told = orjson.loads(checked(model.folder, model.card, FILE).read_bytes())
    wanted = ("rows", "mean_absolute_points", "themes", "effects", "spread")
    if gone := [name for name in wanted if name not in told]:
        raise ModelDamaged(
            f"{model.folder.name}/{FILE} has no {', '.join(gone)}: this model was trained before; train again"
        )
    rows, weights, themes, effects, spread = (told[name] for name in wanted)
    return Globals(model.folder, rows, weights, themes, effects, spread)
