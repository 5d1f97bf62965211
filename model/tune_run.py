"""Tuning a portfolio's model: search, check on fresh folds, keep the recipe if it holds. Training only."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from data import bank, portfolios
from model import recipe as recipes
from model import tune, tune_check
from model.cost import Costs
from model.recipe import DEFAULT, Recipe
from model.train import SEED, learnable
from model.tune import Found, Step
from model.tune_judge import Gain
from model.tune_space import Objective, Search
from model.tune_study import Trial


@dataclass(frozen=True)
class Tuned:
    """What tuning came to.

    Attributes
    ----------
    found : the search
    fresh : what the winner gains over the default on folds never searched
    nested : what whole searches gain on files set aside, if that was asked
    recipe : the portfolio's recipe from now on
    kept : whether the winner is in it
    path : the file that says all this
    """

    found: Found
    fresh: dict[str, Gain]
    nested: dict[str, Gain] | None
    recipe: Recipe
    kept: bool
    path: Path


def run(
    portfolio_id: str,
    *,
    search: Search = "tpe",
    objective: Objective = "cost",
    trials: int = 50,
    minutes: float | None = None,
    family: str = "application",
    seed: int = SEED,
    threads: int = 1,
    fresh: bool = False,
    nested: bool = False,
    each: Callable[[Trial], None] = lambda trial: None,
    step: Step = lambda done, text: None,
) -> Tuned:
    """Tune one stage of a portfolio's model on the labelled clients of its bank.

    Parameters
    ----------
    each, step : as in :func:`model.tune.search`
    nested : also repeat the whole search five times, each without a fifth of the files

    Raises
    ------
    NotEnoughData, FamilyUnknown, SearchRunning
        When there is nothing to tune on, no such family, or somebody else at it.
    """
    portfolio, path = portfolios.load(portfolio_id), recipes.tuned_path(portfolio_id)
    _, _, table = learnable(portfolio, bank.open_bank(portfolio_id).frame())
    before = recipes.read(path) if path.is_file() else DEFAULT
    common = {"costs": Costs(**portfolio.settings["costs"]), "threads": threads, "recipe": before}
    asked = common | {
        "seed": seed, "search": search, "objective": objective, "trials": trials, "minutes": minutes,
        "family": family, "place": path.with_suffix(""), "fresh": fresh,
    }  # fmt: skip
    found = tune.search(table, **asked, each=each, step=step)
    gained = tune_check.fresh_gain(table, found, **common, each=lambda text: step(len(found.trials), text))
    outside = tune_check.nested_gain(table, **asked, step=step) if nested else None
    recipe, kept = tune_check.settled(found, gained, before)
    tuned = Tuned(found, gained, outside, recipe, kept, path)
    _write(tuned)
    return tuned


def lines(tuned: Tuned) -> list[str]:
    """Return what a search came to, for whoever started it."""
    found = tuned.found
    told = [
        f"{len(found.trials)} trials, {sum(trial.pruned for trial in found.trials)} of them pruned "
        f"({found.search}, objective {found.objective}, seed {found.seed})",
        *(
            f"{who:8} trial {trial.number:<4} cost {trial.measures['cost']:.4f}  "
            f"AUC {trial.measures['auc']:.4f}  log-loss {trial.measures['log_loss']:.5f}"
            for who, trial in (("default", found.default), ("winner", found.winner))
        ),
        *(f"  {name} {value:.4g}" for name, value in sorted(found.winner.parameters.items())),
        _gain("gain on the folds searched", found.searched),
        _gain("chosen on four folds, judged on the fifth", found.apart),
        _gain("gain on fresh folds", tuned.fresh),
    ]
    if tuned.nested is not None:
        told.append(_gain("gain of a whole search on files set aside", tuned.nested))
    return [*told, _verdict(tuned)]


def _gain(what: str, gains: dict[str, Gain]) -> str:
    cost, auc = gains["cost"], gains["auc"]
    return (
        f"{what:42} cost saved {cost.value:+.4f} +- {cost.error:.4f}  AUC {auc.value:+.4f} +- {auc.error:.4f}"
    )


def _verdict(tuned: Tuned) -> str:
    if tuned.found.winner.number == 0:
        return "nothing better than the default was found: the default stays"
    if not tuned.kept:
        return "no gain beyond one standard error on fresh folds: the default stays"
    return f"kept in {tuned.path.name}; train with: --recipe tuned"


def _write(tuned: Tuned) -> None:
    """Write the recipe and how it was found, in one step that a reader never sees half done."""
    found = tuned.found
    gains = {"searched": found.searched, "four_then_fifth": found.apart, "fresh": tuned.fresh}
    if tuned.nested is not None:
        gains["nested"] = tuned.nested
    content = {
        "recipe": tuned.recipe.to_dict(),
        "kept": tuned.kept,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "family": found.family,
        "search": found.search,
        "objective": found.objective,
        "seed": found.seed,
        "trials": len(found.trials),
        "pruned": sum(trial.pruned for trial in found.trials),
        "default": asdict(found.default),
        "winner": asdict(found.winner),
        "gains": {where: {name: asdict(gain) for name, gain in one.items()} for where, one in gains.items()},
    }
    tuned.path.parent.mkdir(parents=True, exist_ok=True)
    fresh = tuned.path.with_suffix(".new")
    fresh.write_text(json.dumps(content, indent=1, allow_nan=False), encoding="utf-8")
    fresh.replace(tuned.path)
