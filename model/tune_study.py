"""The record of a search: trials in SQLite and their answers in files, safe from any interruption.

Training only.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import optuna
from optuna.trial import TrialState

from model import tune_space
from model.recipe import Overrides, Recipe
from model.tune_space import Search

# Trials drawn at random before TPE has enough of them to learn from.
STARTUP = 10


class SearchRunning(OSError):
    """Another process is tuning the same portfolio."""


class SearchDamaged(OSError):
    """What a complete trial answered is no longer there."""


@dataclass(frozen=True)
class Trial:
    """One trial that ended: complete, or pruned because it was clearly behind.

    Attributes
    ----------
    number : place among the trials that ended; 0 is the default settings
    parameters : in what LightGBM was told otherwise than by default
    value : what the search lowers; of a pruned trial, on the folds it reached
    measures : ``cost``, ``auc`` and ``log_loss`` on the folds it reached
    trees : of each of these folds
    """

    number: int
    pruned: bool
    family: str
    parameters: dict[str, float]
    value: float
    measures: dict[str, float]
    trees: list[int]
    seconds: float

    @property
    def recipe(self) -> Recipe:
        return Recipe({self.family: Overrides(self.parameters)} if self.parameters else {})


class _Given(optuna.samplers.BaseSampler):
    """A sampler that gives the values it was given."""

    def __init__(self, values: dict[str, float]):
        self._values = values

    def infer_relative_search_space(self, study, trial):
        return {}

    def sample_relative(self, study, trial, search_space):
        return {}

    def sample_independent(self, study, trial, param_name, param_distribution):
        return self._values[param_name]


class Record:
    """The trials of one search, in SQLite and files, or in memory when ``study`` is."""

    def __init__(self, study: optuna.Study, answers: Path | None, family: str):
        self._study, self._folder, self.family = study, answers, family
        self._memory: dict[int, np.ndarray] = {}
        for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            # The process that ran it is gone: nobody else holds the lock.
            study.tell(trial.number, state=TrialState.FAIL)
        ended = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))
        self.trials = [Trial(**trial.user_attrs["record"]) for trial in ended]

    @property
    def complete(self) -> list[Trial]:
        return [trial for trial in self.trials if not trial.pruned]

    def ask(self, search: Search, seed: int, defaults: dict[str, float]) -> optuna.Trial | None:
        """Return the next trial with its values suggested, or None at the end of a grid.

        What is suggested depends on the seed, the number of trials that ended and what they gave,
        and on nothing else: a search that was interrupted goes on as it would have.
        """
        number = len(self.trials)
        if number == 0:
            self._study.sampler = _Given(tune_space.nearest(defaults))
        elif search == "grid":
            points = tune_space.grid(defaults, seed)
            if number > len(points):
                return None
            self._study.sampler = _Given(points[number - 1])
        else:
            # A sampler's own state would be lost with its process.
            state = int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
            self._study.sampler = _sampler(search, state)
        return self._study.ask()

    def give_up(self, asked: optuna.Trial) -> None:
        """Mark a trial as failed, unless it ended; it will be tried again."""
        self._study.tell(asked, state=TrialState.FAIL, skip_if_finished=True)

    def end(self, asked: optuna.Trial, trial: Trial, answers: np.ndarray) -> None:
        """Keep a trial that ended: its answers first, so that no trial is complete without them."""
        if not trial.pruned:
            self._save(trial.number, answers)
        asked.set_user_attr("record", asdict(trial))
        if trial.pruned:
            self._study.tell(asked, state=TrialState.PRUNED)
        else:
            self._study.tell(asked, trial.value)
        self.trials.append(trial)

    def answers(self, trial: Trial) -> np.ndarray:
        """Return what a complete trial answered, shape ``(2, rows)``: raw, then calibrated."""
        if self._folder is None:
            return self._memory[trial.number]
        try:
            return np.load(self._folder / f"{trial.number}.npy")
        except (FileNotFoundError, ValueError) as error:
            raise SearchDamaged(
                f"the answers of trial {trial.number} are missing or damaged; begin anew with --fresh"
            ) from error

    def _save(self, number: int, answers: np.ndarray) -> None:
        if self._folder is None:
            self._memory[number] = answers
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f"{number}.new.npy"
        np.save(fresh, answers)
        fresh.replace(self._folder / f"{number}.npy")


def _sampler(search: Search, state: int) -> optuna.samplers.BaseSampler:
    if search == "random":
        return optuna.samplers.RandomSampler(seed=state)
    return optuna.samplers.TPESampler(
        seed=state, n_startup_trials=STARTUP, multivariate=True, constant_liar=False
    )


@contextmanager
def opened(place: Path | None, name: str, family: str, *, fresh: bool = False) -> Iterator[Record]:
    """Open the record of a search, going on with the one of that name if there is one.

    Parameters
    ----------
    place : where it is kept: ``<place>.sqlite`` for the trials, ``<place>/<name>`` for their answers;
        in memory if None
    fresh : begin anew and forget the trials of that name

    Raises
    ------
    SearchRunning
        When another process has it open.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    if place is None:
        yield Record(optuna.create_study(study_name=name), None, family)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with _alone(place.with_suffix(".lock")):
        storage = optuna.storages.RDBStorage(f"sqlite:///{place.with_suffix('.sqlite')}")
        try:
            if fresh:
                _forget(storage, name, place / name)
            study = optuna.create_study(study_name=name, storage=storage, load_if_exists=True)
            yield Record(study, place / name, family)
        finally:
            storage.remove_session()
            storage.engine.dispose()


def _forget(storage: optuna.storages.RDBStorage, name: str, answers: Path) -> None:
    if name in optuna.get_all_study_names(storage):
        optuna.delete_study(study_name=name, storage=storage)
    shutil.rmtree(answers, ignore_errors=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock that the system lets go of when this process ends, however it ends."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SearchRunning(
                f"{path.stem} is being tuned by another process; wait for it to end"
            ) from None
        yield
