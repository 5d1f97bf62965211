"""Whether what a search found holds where it did not search. Training only."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from model.cost import Costs
from model.fitting import slices
from model.recipe import DEFAULT, Recipe
from model.table import Table
from model.tune import Found, Step, search
from model.tune_bench import Bench
from model.tune_judge import Gain, Judge, verdict
from model.validation import FOLDS

# Other assignments to folds than the one searched, each with other seeds of the fits.
ASSIGNMENTS = 3
# Far from the seed of the search and from those of its folds, which follow it.
_APART = 1_000


def fresh_gain(
    table: Table,
    found: Found,
    *,
    costs: Costs,
    threads: int,
    recipe: Recipe = DEFAULT,
    assignments: int = ASSIGNMENTS,
    each: Callable[[str], None] = lambda text: None,
) -> dict[str, Gain]:
    """Return what the winner gains over the default on folds that the search never used.

    The files are the same and so is part of their noise: less flattering than the folds searched,
    not a verdict on new files. The gain of a file is its mean over the assignments.
    """
    if found.winner is found.default:
        return dict.fromkeys(("cost", "log_loss", "auc"), Gain(0.0, 0.0))
    pairs = []
    for turn in range(1, assignments + 1):
        bench = Bench(table, found.family, seed=found.seed + turn * _APART, threads=threads, recipe=recipe)
        judge = Judge(bench.outcome, costs, found.objective)
        answers = []
        for who, parameters in (("default", {}), ("winner", found.winner.parameters)):
            raw = np.empty(len(bench.outcome))
            for number in range(FOLDS):
                each(f"fresh folds {turn} of {assignments}: {who}, fold {number + 1} of {FOLDS}")
                raw[bench.fold == number], _ = bench.answer(number, parameters)
            answers.append(judge.calibrated(raw, bench.fold))
        pairs.append(tuple(answers))
    return judge.gains(pairs)


def nested_gain(
    table: Table,
    *,
    costs: Costs,
    seed: int,
    threads: int,
    step: Step = lambda done, text: None,
    **asked,
) -> dict[str, Gain]:
    """Return what a whole search gains on files that took no part in it, five times over.

    One fifth of the files is set aside, the search runs on the others with folds of its own, and
    its winner and the default answer for the fifth: five searches, so five times as long.

    Parameters
    ----------
    asked : everything else that :func:`model.tune.search` takes
    """
    family, recipe = asked.get("family", "application"), asked.get("recipe", DEFAULT)
    outer = slices(table.outcome, FOLDS, seed + FOLDS * _APART, table.group)
    bench = Bench(table, family, seed=seed, threads=threads, recipe=recipe, fold=outer)
    judge = Judge(bench.outcome, costs, asked.get("objective", "cost"))
    raw = np.empty((2, len(bench.outcome)))
    for number in range(FOLDS):

        def told(done: int, text: str, number: int = number) -> None:
            step(done, f"without fifth {number + 1}: {text}")

        found = search(
            table.take(np.flatnonzero(outer != number)),
            costs=costs, seed=seed, threads=threads, step=told, **asked,
        )  # fmt: skip
        outside = bench.fold == number
        for row, parameters in enumerate(({}, found.winner.parameters)):
            raw[row, outside], _ = bench.answer(number, parameters)
    said = [judge.calibrated(one, bench.fold) for one in raw]
    return judge.gains([(said[0], said[1])])


def settled(found: Found, fresh: dict[str, Gain], recipe: Recipe) -> tuple[Recipe, bool]:
    """Return the recipe to go on with, and whether the winner is in it.

    The winner is kept only if the rule that chose it says again, on fresh folds, that it is better
    than the default by more than one standard error. Other families keep what ``recipe`` says.
    """
    others = {name: told for name, told in recipe.families.items() if name != found.family}
    kept = found.winner.number != 0 and verdict(fresh, found.objective) > 0
    if kept:
        others |= found.winner.recipe.families
    return replace(recipe, families=others), kept
