"""Looking for better settings of an algorithm, on the folds of the rows learnt from. Training only."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

import optuna

from model import tune_space
from model.compare_bench import Bench
from model.compare_made import Algorithm
from model.compare_rows import Part
from model.compared import LOWER_IS_BETTER

Kind = Literal["none", "grid", "tpe"]


@dataclass(frozen=True)
class Asked:
    """How finalists are looked for: the kind, how many, and at most so many trials and minutes of each."""

    kind: Kind = "none"
    finalists: int = 2
    trials: int = 10
    minutes: float | None = None


@dataclass(frozen=True)
class Finalist:
    """What a search found: the settings (empty: the usual ones) and the metric before and after."""

    name: str
    trials: int
    parameters: dict[str, float]
    before: float
    after: float

    def to_dict(self) -> dict:
        return asdict(self)


def look(
    bench: Bench,
    part: Part,
    algorithm: Algorithm,
    metric: str,
    before: float,
    asked: Asked,
) -> Finalist:
    """Try settings of an algorithm out of fold and keep the best; of equals, the usual ones.

    ``before`` is the metric with the usual settings, on the same rows and folds.
    """
    judge, sign = bench.judge(part.choose), -1 if metric in LOWER_IS_BETTER else 1

    def value(parameters: Mapping[str, float]) -> float:
        p, _ = bench.out_of_fold(part, algorithm.tuned(parameters))
        return judge.values(p)[metric]

    tried = _tried(algorithm, sign, asked, bench.seed, value)
    kept, found = max(tried, key=lambda one: sign * one[1], default=({}, before))
    if sign * found <= sign * before:
        kept, found = {}, before
    return Finalist(algorithm.name, len(tried), kept, before, found)


def _tried(
    algorithm: Algorithm,
    sign: int,
    asked: Asked,
    seed: int,
    value: Callable[[Mapping[str, float]], float],
) -> list[tuple[dict[str, float], float]]:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    # TPE learns from trials drawn at random: a third of a small budget.
    sampler = optuna.samplers.TPESampler(
        seed=seed, n_startup_trials=max(asked.trials // 3, 2), multivariate=True
    )
    study = optuna.create_study(direction="maximize" if sign > 0 else "minimize", sampler=sampler)
    trials = asked.trials
    if asked.kind == "grid":
        points = tune_space.grid(algorithm.usual, seed, algorithm.space)
        trials = min(trials, len(points))
        for point in points[:trials]:
            study.enqueue_trial(point)
    limit = time.monotonic() + 60 * asked.minutes if asked.minutes is not None else float("inf")
    tried = []
    while len(tried) < trials and time.monotonic() < limit:
        trial = study.ask()
        parameters = tune_space.suggest(trial, algorithm.space)
        tried.append((parameters, value(parameters)))
        study.tell(trial, tried[-1][1])
    return tried
