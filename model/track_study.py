"""A search as a run of MLflow, with one run within it for each trial (see :class:`model.track.Study`)."""

import hashlib
import json
import time
from collections.abc import Mapping

from mlflow import MlflowClient
from mlflow.entities import DatasetInput, InputTag, Metric, Param, RunStatus
from mlflow.utils.mlflow_tags import MLFLOW_DATASET_CONTEXT, MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME

from data import bank
from model.track_runs import KIND, dataset
from model.track_store import connected, experiment

SEARCH, TRIAL = "search", "trial"
IDENTITY = "search identity"


def begin(portfolio_id: str, name: str, parameters: Mapping[str, object]) -> str:
    """Open the run of a search and return its id: the same one while a search is not at its end."""
    about = bank.open_bank(portfolio_id).meta
    told = dict(parameters) | {"portfolio": portfolio_id, "data_fingerprint": about.fingerprint}
    identity = hashlib.sha256(json.dumps([name, told], sort_keys=True, default=str).encode()).hexdigest()
    with connected() as client:
        where = experiment(client, portfolio_id)
        open_ones = client.search_runs(
            [where], f"tags.`{IDENTITY}` = '{identity}' and attributes.status = 'RUNNING'", max_results=1
        )
        if open_ones:
            return open_ones[0].info.run_id
        run_id = client.create_run(where, run_name=name, tags={KIND: SEARCH, IDENTITY: identity}).info.run_id
        client.log_batch(run_id, params=[Param(key, str(value)) for key, value in told.items()])
        rows = {
            "fingerprint": about.fingerprint,
            "rows": about.labelled,
            "synthetic": about.synthetic,
        }
        given = dataset(portfolio_id, rows)._to_mlflow_entity()
        client.log_inputs(run_id, [DatasetInput(given, [InputTag(MLFLOW_DATASET_CONTEXT, SEARCH)])])
        return run_id


def trial(
    run_id: str,
    number: int,
    parameters: Mapping[str, object],
    metrics: Mapping[str, float],
    state: str,
    seconds: float,
) -> None:
    """Log one trial within the run of its search."""
    with connected() as client:
        now = _now()
        begun = now - int(seconds * 1000)
        tags = {MLFLOW_PARENT_RUN_ID: run_id, MLFLOW_RUN_NAME: f"trial {number}", KIND: TRIAL, "state": state}
        run = client.create_run(client.get_run(run_id).info.experiment_id, start_time=begun, tags=tags)
        figures = dict(metrics) | {"seconds": seconds}
        _log(client, run.info.run_id, {"number": number} | dict(parameters), figures)
        ended = RunStatus.FAILED if state == "failed" else RunStatus.FINISHED
        client.set_terminated(run.info.run_id, RunStatus.to_string(ended), end_time=now)
        # The same figures on the search itself, step by step: MLflow draws them as a curve.
        steps = [Metric(f"trial_{name}", value, now, number) for name, value in metrics.items()]
        client.log_batch(run_id, steps)


def end(run_id: str, parameters: Mapping[str, object], metrics: Mapping[str, float]) -> None:
    """Log what the search found and close its run."""
    with connected() as client:
        _log(client, run_id, {f"best_{name}": value for name, value in parameters.items()}, metrics)
        client.set_terminated(run_id)


def _log(
    client: MlflowClient, run_id: str, parameters: Mapping[str, object], metrics: Mapping[str, float]
) -> None:
    now = _now()
    client.log_batch(
        run_id,
        [Metric(name, value, now, 0) for name, value in metrics.items()],
        [Param(name, str(value)) for name, value in parameters.items()],
        [],
    )


def _now() -> int:
    return int(time.time() * 1000)
