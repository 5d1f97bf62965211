"""Tracking in MLflow, as the commands see it: every failure is one remark, and no work is lost for it.

MLflow takes seconds to load and is never in the web process: the modules that import it
(``track_*``) are imported here when something is logged. Functions that tests and programs call,
such as :func:`model.train.train`, do not track; the commands do.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from config import quiet_mlflow, settings
from model import artifact

if TYPE_CHECKING:
    from model.batch import Evaluation
    from model.rebuild import Rebuilt
    from model.track_pull import Pulled

FOLDER, DATABASE, ARTIFACTS = "mlflow", "mlflow.db", "artifacts"
LONGEST = 300  # characters of somebody else's error that are repeated


class NotTracked(OSError):
    """Something was not written to the tracking store; the message says what and why."""


class Refused(ValueError):
    """What was asked of the tracking store cannot be done; the message says why."""


@dataclass(frozen=True)
class Record:
    """Where something was written: the run and, for a model, its version in the registry."""

    run_id: str
    registered: str = ""


def folder() -> Path:
    """Return the folder of the default tracking store."""
    return settings().store_dir.absolute() / FOLDER


def address() -> str:
    """Return the address of the tracking store, for MLflow: it may hold a password."""
    return settings().mlflow_tracking_uri.get_secret_value() or f"sqlite:///{folder() / DATABASE}"


def is_own() -> bool:
    """Say whether the tracking store is the default one, beside the models."""
    return not settings().mlflow_tracking_uri.get_secret_value()


def is_there() -> bool:
    """Say whether anything can have been logged: the default store is made by the first record."""
    return not is_own() or (folder() / DATABASE).exists()


def place() -> str:
    """Return where the tracking store is, for people: without user or password."""
    if is_own():
        return str(settings().store_dir / FOLDER)
    parts = urlsplit(address())
    return f"{parts.scheme}://{parts.hostname or ''}" + (f":{parts.port}" if parts.port else parts.path)


@contextmanager
def quiet() -> Iterator[None]:
    """Import and use MLflow without what it and its companions have to say to their own developers."""
    quiet_mlflow()  # before it is imported, which is when it reads it
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def told(what: str) -> Iterator[None]:
    """Turn whatever goes wrong with the tracking store into one clear line that begins with ``what``."""
    try:
        with quiet():
            yield
    except (NotTracked, Refused):
        raise
    except Exception as error:
        said = " ".join(str(error).replace(address(), place()).split())[:LONGEST]
        raise NotTracked(f"{what} in {place()}: {type(error).__name__}: {said}") from error


def log_training(portfolio_id: str, version: str, *, with_population: bool = False) -> Record:
    """Log a trained version: run, figures, model; register it and set the aliases.

    Parameters
    ----------
    with_population : whether rows of clients go to a tracking server too. The default store, which
        lies beside the models, always holds them.

    Raises
    ------
    model.artifact.ModelMissing, model.artifact.ModelDamaged
    NotTracked
        When the tracking store does not take it; the model in the store is untouched.
    """
    model = artifact.load(artifact.models_folder(portfolio_id) / version)
    with told(f"version {version} of {portfolio_id} was not logged"):
        from model import track_runs

        return track_runs.log_training(model, with_population or is_own())


def log_evaluation(evaluation: "Evaluation", name: str) -> Record:
    """Log how the model in service did on the labelled files called ``name``.

    Raises
    ------
    NotTracked
    """
    with told(f"the evaluation on {name} was not logged"):
        from model import track_runs

        return track_runs.log_evaluation(evaluation, name)


def set_aliases(portfolio_id: str) -> list[str]:
    """Point the registry's aliases where the store does; return the versions that are not registered.

    Raises
    ------
    NotTracked
    """
    with told(f"what is in service of {portfolio_id} was not noted"):
        from model import track_runs

        return track_runs.set_aliases(portfolio_id)


def pull(uri: str, *, into_service: bool = False, without_population: bool = False) -> "Pulled":
    """Bring a registered version into the store (see :func:`model.track_pull.pull`)."""
    with told(f"{uri} was not read"):
        from model import track_pull

        return track_pull.pull(uri, into_service=into_service, without_population=without_population)


def rebuild(run_id: str, each: Callable[[str], None] = lambda step: None) -> "Rebuilt":
    """Train again what a run recorded (see :func:`model.rebuild.rebuild`)."""
    with quiet():
        from model.rebuild import rebuild as again
    return again(run_id, each)


class Study:
    """A search whose trials are logged one by one, as runs within one run.

    The first failure is kept in ``remark`` and ends the logging, not the search. A search that was
    interrupted goes on in its own run.

    Parameters
    ----------
    parameters : what tells the search from others, and is logged
    wanted : False logs nothing, so that the caller need not ask at every step
    """

    def __init__(
        self, portfolio_id: str, name: str, parameters: Mapping[str, object], *, wanted: bool = True
    ):
        self.remark = ""
        self.run_id = ""
        self._name, self._wanted = name, wanted
        self._try(lambda log: log.begin(portfolio_id, name, parameters))

    def trial(
        self,
        number: int,
        parameters: Mapping[str, object],
        metrics: Mapping[str, float],
        *,
        state: str = "complete",
        seconds: float = 0.0,
    ) -> None:
        """Log one trial: ``state`` is ``complete``, ``pruned`` or ``failed``."""
        self._try(lambda log: log.trial(self.run_id, number, parameters, metrics, state, seconds))

    def end(self, parameters: Mapping[str, object], metrics: Mapping[str, float]) -> None:
        """Log what the search found and close its run."""
        self._try(lambda log: log.end(self.run_id, parameters, metrics))

    def _try(self, act: Callable) -> None:
        if self.remark or not self._wanted:
            return
        try:
            with told(f"the search {self._name} was not logged"):
                from model import track_study

                self.run_id = act(track_study) or self.run_id
        except NotTracked as error:
            self.remark = str(error)
