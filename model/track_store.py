"""MLflow, pointed at our tracking store for the time of one piece of work."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import mlflow
from mlflow import MlflowClient
from mlflow.environment_variables import MLFLOW_REGISTRY_URI, MLFLOW_TRACKING_URI

from model import track

WAIT_SECONDS = 10
# Has the interface open on training rather than on language models.
AS_MODELS = {"mlflow.experimentKind": "custom_model_development"}
_one_at_a_time = threading.RLock()


@contextmanager
def connected() -> Iterator[MlflowClient]:
    """Point MLflow at the tracking store, and away again: it keeps its address for the whole process.

    Raises
    ------
    model.track.NotTracked
        When a tracking server does not answer.
    """
    with _one_at_a_time:
        _reach()
        before = MLFLOW_TRACKING_URI.get_raw(), MLFLOW_REGISTRY_URI.get_raw()
        mlflow.set_tracking_uri(track.address())
        mlflow.set_registry_uri(track.address())
        try:
            yield MlflowClient()
        finally:
            mlflow.set_tracking_uri(None)
            mlflow.set_registry_uri(None)
            for variable, value in zip((MLFLOW_TRACKING_URI, MLFLOW_REGISTRY_URI), before, strict=True):
                variable.unset() if value is None else variable.set(value)


def experiment(client: MlflowClient, portfolio_id: str) -> str:
    """Return the id of the experiment that holds a portfolio's runs, made if need be."""
    found = client.get_experiment_by_name(portfolio_id)
    if found is not None:
        return found.experiment_id
    beside = (track.folder() / track.ARTIFACTS).as_uri() if track.is_own() else None
    return client.create_experiment(portfolio_id, artifact_location=beside, tags=AS_MODELS)


def _reach() -> None:
    """Make the folder of the default store, or see within seconds whether a server is there."""
    if track.is_own():
        track.folder().mkdir(parents=True, exist_ok=True)
        return
    parts = urlsplit(track.address())
    if parts.scheme not in ("http", "https"):
        return
    health = parts._replace(netloc=parts.netloc.rpartition("@")[2], path=parts.path.rstrip("/") + "/health")
    try:
        urlopen(health.geturl(), timeout=WAIT_SECONDS).close()  # noqa: S310
    except HTTPError:
        return  # it answers; whether it lets us in, MLflow will see
    except (URLError, OSError) as error:
        raise track.NotTracked(f"{track.place()} does not answer: {error}") from error
