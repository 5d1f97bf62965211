"""Fitting the stages of a model (see :mod:`model.stages`). Never imported by the web process."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from model import booster as lgb
from model.recipe import DEFAULT, Overrides, Recipe
from model.split import dealt
from model.stages import BASE_FAMILY, Stage, rows_of
from model.table import Table

THIRDS = 3
# Below this there is too little to learn from, and a history's stage would only add noise.
MINIMUM_ROWS, MINIMUM_POSITIVES = 800, 60
FEWEST_INPUTS = 4  # that a tree sees, of an application that has so many


@dataclass(frozen=True)
class Settings:
    """How one stage is fitted. ``rounds`` is a ceiling when stopping early, else exact."""

    rounds: int
    patience: int
    parameters: dict
    monotone: bool = True

    def with_overrides(self, overrides: Overrides) -> "Settings":
        """Return these settings as a recipe changes them."""
        held = self.monotone if overrides.monotone is None else overrides.monotone
        return replace(self, parameters=self.parameters | dict(overrides.parameters), monotone=held)


def settings_for(rows: int, family: str = BASE_FAMILY, inputs: int | None = None) -> Settings:
    """Return the settings of a family's stage fitted on so many rows, of so many ``inputs`` if told.

    Many shallow, heavily shrunk trees that each see few inputs beat fewer deep ones here. A history
    has few inputs: of a tenth of them a tree would see one to three. A portfolio of ten inputs has
    fewer still: trees of one input each know of no two together.
    """
    share = 0.1 if family == BASE_FAMILY else 0.3
    return Settings(
        rounds=3000,
        patience=200 if rows > 20_000 else 100,
        parameters={
            "objective": "binary",
            "learning_rate": 0.02 if rows > 20_000 else 0.03,
            "num_leaves": 15,
            "feature_fraction": max(share, min(1.0, FEWEST_INPUTS / inputs)) if inputs else share,
            "min_child_samples": min(max(rows // 100, 5), 150),
            "lambda_l2": 20.0,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "cat_smooth": 50.0,
            "cat_l2": 100.0,
            "min_data_per_group": min(max(rows // 100, 10), 300),
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
    judge: Table | None = None,
    judge_offset: np.ndarray | None = None,
) -> tuple["lgb.lightgbm.Booster", list[float]]:
    """Fit one booster on the columns ``names``.

    With a ``judge`` (other rows), fitting stops when their log-loss has not improved for
    ``settings.patience`` rounds, and that log-loss comes back, round by round. AUC would be too
    jumpy to stop on: it has stopped after 17 rounds of about 1,000.
    """
    parameters = lightgbm_parameters(table, names, settings, seed=seed, threads=threads)
    train = dataset(table, names, offset, parameters)
    held_out = None if judge is None else dataset(judge, names, judge_offset, parameters, reference=train)
    return boost(train, parameters, settings, held_out)


def lightgbm_parameters(
    table: Table, names: tuple[str, ...], settings: Settings, *, seed: int, threads: int
) -> dict:
    """Return all that LightGBM is told of a fit on the columns ``names``."""
    return settings.parameters | {
        "metric": "binary_logloss",
        "seed": seed,
        "num_threads": threads,
        "monotone_constraints": [table.monotone.get(name, 0) * settings.monotone for name in names],
    }


def dataset(
    table: Table,
    names: tuple[str, ...],
    start: np.ndarray | None,
    parameters: dict,
    reference: "lgb.lightgbm.Dataset | None" = None,
) -> "lgb.lightgbm.Dataset":
    """Return the rows as LightGBM bins them, with ``start`` as the log-odds to begin from."""
    return lgb.lightgbm.Dataset(
        table.matrix[:, positions(table, names)],
        table.outcome,
        init_score=start,
        categorical_feature=[index for index, name in enumerate(names) if name in table.categorical],
        reference=reference,
        params=parameters,
    )


def boost(
    train: "lgb.lightgbm.Dataset",
    parameters: dict,
    settings: Settings,
    judge: "lgb.lightgbm.Dataset | None" = None,
) -> tuple["lgb.lightgbm.Booster", list[float]]:
    """Fit one booster; with a ``judge``, stop early and return its log-loss round by round."""
    if judge is None:
        return lgb.lightgbm.train(parameters, train, settings.rounds), []
    curve: dict = {}
    fitted = lgb.lightgbm.train(
        parameters,
        train,
        settings.rounds,
        valid_sets=[judge],
        valid_names=["judge"],
        callbacks=[
            lgb.lightgbm.early_stopping(settings.patience, verbose=False),
            lgb.lightgbm.record_evaluation(curve),
        ],
    )
    return fitted, curve["judge"]["binary_logloss"]


def slices(outcome: np.ndarray, parts: int, seed: int, group: np.ndarray | None = None) -> np.ndarray:
    """Return the number of the stratified slice of each row, shape ``(rows,)``; no ``group`` is parted."""
    if group is not None and len(np.unique(group)) < len(group):
        return dealt(outcome, group, parts, seed)
    generator = np.random.default_rng(seed)
    number = np.empty(len(outcome), dtype=np.intp)
    for value in (0, 1):
        rows = generator.permutation(np.flatnonzero(outcome == value))
        number[rows] = np.arange(len(rows)) % parts
    return number


def fit(
    table: Table,
    *,
    seed: int,
    threads: int,
    rounds: dict[str, int] | None = None,
    recipe: Recipe = DEFAULT,
    each: Callable[[str], None] = lambda family: None,
) -> tuple[list[Stage], dict[str, int]]:
    """Fit all stages, one after the other.

    Parameters
    ----------
    rounds : family -> int, optional
        Number of trees of each stage. Without it, each stage takes the number that is best on
        thirds of its own rows held out in turn.
    recipe : in what stages differ from :func:`settings_for`
    each : called with the family's name when a stage is done

    Returns
    -------
    stages : list of Stage
        A family with too few covered rows to learn from, or that adds nothing, has none.
    rounds : family -> int
        Number of trees of each stage.
    """
    offset = np.zeros(len(table.outcome))
    stages, used = [], {}
    last = next((family for family in reversed(table.families) if family in (rounds or ())), None)
    for family, names in table.families.items():
        rows = np.flatnonzero(rows_of(family, table.covered, len(table.outcome)))
        part = table.take(rows)
        if not _wanted(family, part, names, rounds):
            continue
        start = None if family == BASE_FAMILY else offset[rows]
        settings = settings_for(len(rows), family, len(names)).with_overrides(recipe.of(family))
        known = None if rounds is None else rounds[family]
        if family == last:  # its trees are known, and no stage starts from what it says
            count, said = known, 0.0
        else:
            count, said = cross_fit(part, names, start, settings, known, seed=seed, threads=threads)
        if count:
            exact = replace(settings, rounds=count, patience=0)
            fitted, _ = fit_booster(part, names, start, exact, seed=seed, threads=threads)
            stages.append(Stage(family, names, positions(table, names), fitted))
            used[family] = count
            offset[rows] += said
        each(family)
    return stages, used


def positions(table: Table, names: tuple[str, ...]) -> np.ndarray:
    """Return where the columns ``names`` stand in the matrix."""
    place = {name: index for index, name in enumerate(table.inputs)}
    return np.array([place[name] for name in names], dtype=np.intp)


def _wanted(family: str, part: Table, names: tuple[str, ...], rounds: dict[str, int] | None) -> bool:
    """Say whether a family gets a stage: the application always, a history if it can be learnt from."""
    if not names or (rounds is not None and family not in rounds):
        return False
    positives = int(part.outcome.sum())
    smallest = min(positives, len(part.outcome) - positives)
    enough = len(part.outcome) >= MINIMUM_ROWS and smallest >= MINIMUM_POSITIVES
    return family == BASE_FAMILY or enough


def cross_fit(
    table: Table,
    names: tuple[str, ...],
    start: np.ndarray | None,
    settings: Settings,
    count: int | None,
    *,
    seed: int,
    threads: int,
) -> tuple[int, np.ndarray]:
    """Fit on two thirds and answer on the last, three times.

    Returns
    -------
    count : int
        Number of trees with the lowest mean log-loss on the thirds held out; 0 when even the
        first ones make it worse. The given ``count`` if there is one.
    said : array of float, shape (rows,)
        Log-odds of each row from boosters that did not see it. The next stage starts from
        these: it must mend what this one will say about *new* files, and about its own
        training rows a stage is too sure of itself.
    """
    number = slices(table.outcome, THIRDS, seed + 1, table.group)
    if count is not None:
        settings = replace(settings, rounds=count, patience=count)
    fitted, curves = [], []
    for third in range(THIRDS):
        inside, outside = np.flatnonzero(number != third), np.flatnonzero(number == third)
        booster, curve = fit_booster(
            table.take(inside),
            names,
            None if start is None else start[inside],
            settings,
            seed=seed,
            threads=threads,
            judge=table.take(outside),
            judge_offset=None if start is None else start[outside],
        )
        fitted.append((booster, outside))
        curves.append(curve)
    if count is None:
        count = _best_count(curves, table.outcome, start)
    said = np.zeros(len(table.outcome))
    for booster, outside in fitted:
        matrix = table.matrix[np.ix_(outside, positions(table, names))]
        said[outside] = booster.predict(
            matrix, raw_score=True, num_iteration=max(count, 1), num_threads=threads
        )
    return count, said


def _best_count(curves: list[list[float]], outcome: np.ndarray, start: np.ndarray | None) -> int:
    """Return the round at the bottom of the mean curve, or 0 if it never beats the start."""
    length = max(map(len, curves))
    # A curve that stopped early was rising: holding its last value flat favours no later round.
    mean = np.mean([curve + [curve[-1]] * (length - len(curve)) for curve in curves], axis=0)
    if start is not None:
        before = np.mean(np.logaddexp(0, start) - outcome * start)
        if mean.min() >= before:
            return 0
    return int(np.argmin(mean)) + 1
