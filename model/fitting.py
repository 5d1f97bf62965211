"""Fitting the stages of a model (see :mod:`model.stages`). Never imported by the web process."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model import booster as lgb
from model.stages import BASE_FAMILY, Stage, rows_of
from model.table import Table


@dataclass(frozen=True)
class Settings:
    """How one stage is fitted. ``rounds`` is a ceiling when stopping early, else exact."""

    rounds: int
    patience: int
    parameters: dict


def settings_for(family: str, rows: int) -> Settings:
    """Return the settings of a stage.

    Many shallow, heavily shrunk trees that each see few inputs beat fewer deep ones here;
    small histories want still more shrinkage.
    """
    base = family == BASE_FAMILY
    return Settings(
        rounds=3000,
        patience=200 if rows > 20_000 else 100,
        parameters={
            "objective": "binary",
            "learning_rate": 0.02 if rows > 20_000 else 0.03,
            "num_leaves": 15 if base else 8,
            "feature_fraction": 0.1 if base else 0.2,
            "min_child_samples": 150 if rows > 20_000 else 50,
            "lambda_l2": 20.0,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "cat_smooth": 50.0,
            "cat_l2": 100.0,
            "min_data_per_group": 300 if rows > 20_000 else 100,
            "max_cat_threshold": 16,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        },
    )


def fit_booster(
    table: Table,
    names: tuple[str, ...],
    offset: np.ndarray | None,
    settings: Settings,
    *,
    seed: int,
    threads: int,
    stop_on: np.ndarray | None = None,
) -> "lgb.lightgbm.Booster":
    """Fit one booster on the columns ``names``.

    ``stop_on`` is a mask of rows held back to stop early by log-loss (AUC is too jumpy on a
    slice this small: it has stopped after 17 rounds of about 1,000).
    """
    position = {name: index for index, name in enumerate(table.inputs)}
    columns = np.array([position[name] for name in names], dtype=np.intp)
    parameters = settings.parameters | {
        "seed": seed,
        "num_threads": threads,
        "monotone_constraints": [table.monotone.get(name, 0) for name in names],
    }
    categorical = [index for index, name in enumerate(names) if name in table.categorical]

    def dataset(rows: np.ndarray, reference=None):
        return lgb.lightgbm.Dataset(
            table.matrix[np.ix_(rows, columns)],
            table.outcome[rows],
            init_score=None if offset is None else offset[rows],
            categorical_feature=categorical,
            reference=reference,
            params=parameters,
        )

    if stop_on is None:
        return lgb.lightgbm.train(parameters, dataset(np.arange(len(table.outcome))), settings.rounds)
    train = dataset(np.flatnonzero(~stop_on))
    stopped = lgb.lightgbm.train(
        parameters | {"metric": "binary_logloss"},
        train,
        settings.rounds,
        valid_sets=[dataset(np.flatnonzero(stop_on), reference=train)],
        callbacks=[lgb.lightgbm.early_stopping(settings.patience, verbose=False)],
    )
    return stopped


def slices(outcome: np.ndarray, parts: int, seed: int) -> np.ndarray:
    """Return the number of the stratified slice of each row, shape ``(rows,)``."""
    generator = np.random.default_rng(seed)
    number = np.empty(len(outcome), dtype=np.intp)
    for value in (0, 1):
        rows = generator.permutation(np.flatnonzero(outcome == value))
        number[rows] = np.arange(len(rows)) % parts
    return number


MINIMUM_ROWS, MINIMUM_POSITIVES = 800, 60


def fit(
    table: Table,
    *,
    seed: int,
    threads: int,
    rounds: dict[str, int] | None = None,
    each: Callable[[str], None] = lambda family: None,
) -> tuple[list[Stage], dict[str, int]]:
    """Fit all stages, one after the other.

    Parameters
    ----------
    rounds : family -> int, optional
        Number of trees of each stage. Without it each stage stops early on a tenth of its
        own rows, held back for that.
    each : called with the family's name when a stage is done

    Returns
    -------
    stages : list of Stage
        Families with too few covered rows to learn from have none.
    rounds : family -> int
        Number of trees of each stage.
    """
    offset = np.zeros(len(table.outcome))
    stages, used = [], {}
    last = _last_stage(table, rounds)
    for family, names in table.families.items():
        rows = np.flatnonzero(rows_of(family, table.covered, len(table.outcome)))
        part = table.take(rows)
        if not names or not _enough(part) or (rounds is not None and family not in rounds):
            continue
        start = None if family == BASE_FAMILY else offset[rows]
        settings = settings_for(family, len(rows))
        if rounds is None:
            held_back = slices(part.outcome, 10, seed) == 0
            fitted = fit_booster(part, names, start, settings, seed=seed, threads=threads, stop_on=held_back)
            count = max(fitted.best_iteration, 1)
        else:
            count = rounds[family]
            exact = Settings(count, 0, settings.parameters)
            fitted = fit_booster(part, names, start, exact, seed=seed, threads=threads)
        positions = np.array([table.inputs.index(name) for name in names], dtype=np.intp)
        stages.append(Stage(family, names, positions, _trimmed(fitted, count)))
        used[family] = count
        if family != last:
            offset[rows] += _out_of_fold(part, names, start, count, seed=seed, threads=threads)
        each(family)
    return stages, used


def _enough(table: Table) -> bool:
    positives = int(table.outcome.sum())
    smallest = min(positives, len(table.outcome) - positives)
    return len(table.outcome) >= MINIMUM_ROWS and smallest >= MINIMUM_POSITIVES


def _last_stage(table: Table, rounds: dict[str, int] | None) -> str:
    """Return the last family that gets a stage: nothing needs an offset from it."""
    wanted = [
        family
        for family in table.families
        if (rounds is None or family in rounds)
        and _enough(table.take(np.flatnonzero(rows_of(family, table.covered, len(table.outcome)))))
    ]
    return wanted[-1] if wanted else BASE_FAMILY


def _trimmed(fitted: "lgb.lightgbm.Booster", count: int) -> "lgb.lightgbm.Booster":
    """Return the booster with its first ``count`` trees, as it will be saved and read."""
    text = fitted.model_to_string(num_iteration=count)
    return lgb.lightgbm.Booster(model_str=text)


def _out_of_fold(
    table: Table, names: tuple[str, ...], start: np.ndarray | None, count: int, *, seed: int, threads: int
) -> np.ndarray:
    """Return log-odds of each row from boosters that did not see it, shape ``(rows,)``.

    The next stage must start from what this one will say about *new* files; its answers about
    its own training rows are too sure of themselves.
    """
    columns = np.array([table.inputs.index(name) for name in names], dtype=np.intp)
    family = BASE_FAMILY if start is None else "history"
    settings = Settings(count, 0, settings_for(family, len(table.outcome)).parameters)
    number = slices(table.outcome, 3, seed + 1)
    said = np.empty(len(table.outcome))
    for fold in range(3):
        inside, outside = np.flatnonzero(number != fold), np.flatnonzero(number == fold)
        fitted = fit_booster(
            table.take(inside), names, None if start is None else start[inside], settings, seed=seed,
            threads=threads,
        )  # fmt: skip
        said[outside] = lgb.log_odds(fitted, table.matrix[np.ix_(outside, columns)], threads)
    return said
