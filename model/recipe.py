"""A recipe: in what a model is fitted differently from the defaults. JSON in and out."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config import settings

FORMAT = 1

# What may be set, as LightGBM names it: the type of its values and their bounds. Whatever decides
# what is learnt (objective, metric) or makes a fit repeatable (seed, threads) is not for a recipe.
PARAMETERS: dict[str, tuple[type, float, float]] = {
    "learning_rate": (float, 1e-4, 1.0),
    "num_leaves": (int, 2, 4096),
    "max_depth": (int, -1, 64),
    "min_child_samples": (int, 1, 1_000_000),
    "min_sum_hessian_in_leaf": (float, 0.0, 1e6),
    "min_gain_to_split": (float, 0.0, 1e6),
    "feature_fraction": (float, 1e-3, 1.0),
    "feature_fraction_bynode": (float, 1e-3, 1.0),
    "bagging_fraction": (float, 1e-2, 1.0),
    "bagging_freq": (int, 0, 1000),
    "lambda_l1": (float, 0.0, 1e6),
    "lambda_l2": (float, 0.0, 1e6),
    "path_smooth": (float, 0.0, 1e6),
    "extra_trees": (bool, 0, 1),
    "max_bin": (int, 2, 4095),
    "cat_smooth": (float, 0.0, 1e6),
    "cat_l2": (float, 0.0, 1e6),
    "min_data_per_group": (int, 1, 1_000_000),
    "max_cat_threshold": (int, 1, 10_000),
    "scale_pos_weight": (float, 1e-3, 1e3),
}


class RecipeInvalid(ValueError):
    """A recipe that cannot be followed; the message says which entry and why."""


@dataclass(frozen=True)
class Overrides:
    """In what one stage differs.

    Attributes
    ----------
    parameters : LightGBM name -> value, each one of :data:`PARAMETERS`
    monotone : whether the signs that the portfolio declares are held; left to the default if None
    """

    parameters: Mapping[str, float] = field(default_factory=dict)
    monotone: bool | None = None


@dataclass(frozen=True)
class Recipe:
    """In what each stage differs from the defaults; ``Recipe()`` is the defaults themselves.

    Attributes
    ----------
    families : family -> Overrides
        A family that is not named is fitted by the defaults.

    Raises
    ------
    RecipeInvalid
        When a parameter is unknown, of another type or out of its bounds.
    """

    families: Mapping[str, Overrides] = field(default_factory=dict)

    def __post_init__(self):
        for family, overrides in self.families.items():
            for name, value in overrides.parameters.items():
                _check(f"{family}.{name}", name, value)

    @property
    def is_default(self) -> bool:
        """Whether every stage is fitted by the defaults."""
        return all(overrides == Overrides() for overrides in self.families.values())

    def of(self, family: str) -> Overrides:
        """Return what is set for one family."""
        return self.families.get(family, Overrides())

    def to_dict(self) -> dict:
        """Return the recipe as values that JSON knows."""
        families = {family: asdict(overrides) for family, overrides in sorted(self.families.items())}
        return {"format": FORMAT, "families": families}


DEFAULT = Recipe()


def from_dict(given: object) -> Recipe:
    """Return the recipe that :meth:`Recipe.to_dict` gave.

    Raises
    ------
    RecipeInvalid
        When it has another shape, an unknown key or a value that cannot be.
    """
    content = _keys("recipe", given, {"format", "families"})
    if content.get("format") != FORMAT:
        raise RecipeInvalid(f"format: {content.get('format')!r}; expected {FORMAT}")
    found = {}
    for family, entry in _keys("families", content.get("families", {}), None).items():
        entry = _keys(family, entry, {"parameters", "monotone"})
        held = entry.get("monotone")
        if held is not None and not isinstance(held, bool):
            raise RecipeInvalid(f"{family}.monotone: {held!r}; expected true, false or null")
        found[family] = Overrides(_keys(f"{family}.parameters", entry.get("parameters", {}), None), held)
    return Recipe(found)


def read(path: Path) -> Recipe:
    """Return the recipe in a JSON file: one alone, or under ``recipe`` in what tuning wrote.

    Raises
    ------
    RecipeInvalid
        When the file is not JSON or holds no recipe; the message names the file.
    FileNotFoundError
        When there is no such file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return from_dict(content.get("recipe", content) if isinstance(content, dict) else content)
    except (json.JSONDecodeError, UnicodeDecodeError, RecipeInvalid) as error:
        raise RecipeInvalid(f"{path.name}: {error}") from error


def tuned_path(portfolio_id: str) -> Path:
    """Return where tuning keeps a portfolio's recipe, beside how it was found."""
    return settings().store_dir / "tuning" / f"{portfolio_id}.json"


def named(portfolio_id: str, name: str) -> Recipe:
    """Return the recipe called ``default`` or ``tuned``, or that of a JSON file.

    Raises
    ------
    RecipeInvalid
        When there is none, or it cannot be followed.
    """
    if name == "default":
        return DEFAULT
    path = tuned_path(portfolio_id) if name == "tuned" else Path(name)
    if path.is_file():
        return read(path)
    if name == "tuned":
        raise RecipeInvalid(f"nothing tuned yet; first run: python -m model tune {portfolio_id}")
    raise RecipeInvalid(f"{name}: no such file; expected default, tuned or a JSON file")


def _check(where: str, name: str, value: object) -> None:
    if name not in PARAMETERS:
        raise RecipeInvalid(f"{where}: unknown parameter; expected one of {', '.join(PARAMETERS)}")
    kind, low, high = PARAMETERS[name]
    accepted = (int, float) if kind is float else (kind,)
    # bool is a kind of int for Python, not for who reads a recipe.
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
        raise RecipeInvalid(f"{where}: {value!r}; expected {_NAMES[kind]}")
    if not math.isfinite(value) or not low <= value <= high:
        raise RecipeInvalid(f"{where}: {value}; expected {low:g} to {high:g}")


_NAMES = {float: "a number", int: "a whole number", bool: "true or false"}


def _keys(where: str, given: object, known: set[str] | None) -> dict:
    if not isinstance(given, dict):
        raise RecipeInvalid(f"{where}: expected an object, not {given!r}")
    if known is not None and (strange := sorted(set(given) - known)):
        raise RecipeInvalid(f"{where}: unknown {', '.join(strange)}; expected {', '.join(sorted(known))}")
    return given
