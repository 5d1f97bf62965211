"""A trained version as a run of MLflow: all that is needed to judge it, and to make it again."""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import mlflow
from mlflow import MlflowClient
from mlflow.data.code_dataset_source import CodeDatasetSource
from mlflow.data.meta_dataset import MetaDataset
from mlflow.entities import Metric, Param, RunTag
from mlflow.utils.mlflow_tags import MLFLOW_GIT_COMMIT, MLFLOW_SOURCE_NAME

from data import bank as banks
from data.bank import Bank, BankMissing, BankUnreadable
from model import curves, metrics, provenance, track_figures, track_models
from model.artifact import CARD, Model
from model.batch import Evaluation
from model.measures import measures
from model.track import Record
from model.track_store import connected, experiment

KIND, TRAINING, EVALUATION = "kind", "training", "evaluation"
STAGE = "sha256 "  # tag of the hash of one stage
LONGEST_PARAMETER = 6000


def log_training(model: Model, with_population: bool) -> Record:
    """Log a trained version (see :func:`model.track.log_training`); once is enough."""
    portfolio_id = model.card["portfolio"]
    with connected() as client:
        found = track_models.find(client, portfolio_id, model.folder)
        if found is not None:
            track_models.set_aliases(client, portfolio_id)
            return Record(found.run_id, str(found.version))
        run = client.create_run(
            experiment(client, portfolio_id),
            start_time=int(datetime.fromisoformat(model.created).timestamp() * 1000),
            run_name=f"train {model.version}",
        )
        path = sys.path.copy()
        try:
            with mlflow.start_run(run_id=run.info.run_id):
                _log_facts(client, run.info.run_id, model)
                _log_files(model, _same_bank(model) if with_population else None)
                registered = track_models.log_model(client, run.info.run_id, model, with_population)
        finally:
            sys.path[:] = path  # MLflow tries the model out, and leaves the way to its copy of the code
        track_models.set_aliases(client, portfolio_id)
        return Record(run.info.run_id, str(registered.version))


def log_evaluation(evaluation: Evaluation, name: str) -> Record:
    """Log how a model did on labelled files (see :func:`model.track.log_evaluation`)."""
    card, now = evaluation.model.card, int(datetime.now(UTC).timestamp() * 1000)
    found = metrics.with_intervals(
        evaluation.outcome, evaluation.p, evaluation.model.threshold, evaluation.model.costs
    )
    figures = dict(_flat(found)) | evaluation.figures
    about = {
        "fingerprint": evaluation.source.fingerprint,
        "rows": len(evaluation.p),
        "positives": int(evaluation.outcome.sum()),
        "synthetic": evaluation.source.synthetic,
    }
    parameters = {"portfolio": card["portfolio"], "version": card["version"], "files": name} | about
    with connected() as client:
        where = experiment(client, card["portfolio"])
        with mlflow.start_run(
            experiment_id=where, run_name=f"evaluate {name}", log_system_metrics=False
        ) as run:
            client.log_batch(
                run.info.run_id,
                [Metric(key, value, now, 0) for key, value in figures.items()],
                [Param(key, str(value)) for key, value in parameters.items()],
                [RunTag(KIND, EVALUATION), RunTag("version", card["version"])],
            )
            mlflow.log_input(dataset(card["portfolio"], about), context=EVALUATION)
            for key, figure in track_figures.judged(curves.judged(evaluation.outcome, evaluation.p)):
                mlflow.log_figure(figure, f"figures/{key}.png")
        return Record(run.info.run_id)


def set_aliases(portfolio_id: str) -> list[str]:
    """Point the aliases where the store does (see :func:`model.track.set_aliases`)."""
    with connected() as client:
        return track_models.set_aliases(client, portfolio_id)


def dataset(portfolio_id: str, about: dict) -> MetaDataset:
    """Return what MLflow is told of the rows: their fingerprint and number, never themselves."""
    told = {name: value for name, value in about.items() if name in ("rows", "positives", "synthetic")}
    return MetaDataset(CodeDatasetSource(told), name=portfolio_id, digest=about["fingerprint"])


def _log_facts(client: MlflowClient, run_id: str, model: Model) -> None:
    """Log parameters, metrics and tags at once: one by one, each is a transaction."""
    card, now = model.card, int(datetime.fromisoformat(model.created).timestamp() * 1000)
    figures = [Metric(name, value, now, step) for name, value, step in _metrics(model)]
    parameters = [Param(name, str(value)[:LONGEST_PARAMETER]) for name, value in _parameters(card).items()]
    tags = {
        KIND: TRAINING,
        MLFLOW_SOURCE_NAME: "python -m model train",
        MLFLOW_GIT_COMMIT: card.get("made_with", {}).get("commit", ""),
        "portfolio": card["portfolio"],
        "version": model.version,
        "features": card["code"],
        "synthetic": str(card["data"]["synthetic"]),
        **{f"made with {name}": str(value) for name, value in card.get("made_with", {}).items()},
        **{STAGE + stage["file"]: card["hashes"][stage["file"]] for stage in card["stages"]},
    }
    client.log_batch(run_id, figures, parameters, [RunTag(name, value) for name, value in tags.items()])
    mlflow.log_input(dataset(card["portfolio"], card["data"]), context=TRAINING)


def _parameters(card: dict) -> dict[str, object]:
    """Return what decides a training, and what it settled."""
    recipe = card.get("recipe", {})
    return {
        "portfolio": card["portfolio"],
        "seed": card["seed"],
        "recipe": json.dumps({name: value for name, value in recipe.items() if name != "used"}),
        "recipe_name": recipe.get("used", ""),
        "way": card.get("way", "auto"),
        "extras": json.dumps(card.get("extras", [])),
        "data_fingerprint": card["data"]["fingerprint"],
        "rows": card["data"]["rows"],
        "positives": card["data"]["positives"],
        "input_count": len(card["inputs"]),
        "inputs": ", ".join(card["inputs"]),
        "excluded": ", ".join(card["excluded"]),
        "cost_false_negative": card["costs"]["false_negative"],
        "cost_false_positive": card["costs"]["false_positive"],
        **{f"trees_{stage['family']}": stage["trees"] for stage in card["stages"]},
        **{f"calibration_{name}": value for name, value in card["calibration"].items()},
    }


def _metrics(model: Model) -> Iterator[tuple[str, float, int]]:
    """Yield ``(name, value, step)``: figures with their intervals, then one step per fold."""
    for name, value in _flat(model.card["metrics"]):
        yield name, value, 0
    told = model.card.get("test") or {"metrics": {}}
    for name, value in _flat(told["metrics"]):
        yield f"test_{name}", value, 0
    for name, value in model.card["threshold"].items():
        yield f"threshold_{name}", value, 0
    for name, value in model.card["per_1000"].items():
        yield f"per_1000_{name}", value, 0
    for family, gain in model.card["histories"].items():
        yield f"auc_gain_{family}", gain["gain"], 0
    for step, fold in enumerate(measures(model, "candidates.json")["folds"], start=1):
        yield "fold_auc", fold["auc"], step
        yield "fold_cost_per_file", fold["cost_per_file"], step


def _flat(found: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[str, float]]:
    """Yield a figure under its name, and the ends of its interval under ``name_low`` and ``name_high``."""
    for name, ends in found.items():
        for end, value in ends.items():
            yield (name if end == "value" else f"{name}_{end}"), value


def _log_files(model: Model, bank: Bank | None) -> None:
    """Log figures, tables, environment and account; clients one by one only from ``bank``."""
    for name, figure in track_figures.figures(model):
        mlflow.log_figure(figure, f"figures/{name}.png")
    mlflow.log_table(track_figures.table(model), "shap/contributions.json")
    if bank is not None:
        figure = track_figures.beeswarm(track_figures.sample(model, bank))
        mlflow.log_figure(figure, "shap/summary.png")
    mlflow.log_text("\n".join(provenance.everything()) + "\n", "environment/packages.txt")
    mlflow.log_dict(dict(model.card.get("made_with", {})), "environment/made_with.json")
    for name in (CARD, "candidates.json", "fairness.json", "evidence.json"):
        if (path := model.folder / name).exists():
            mlflow.log_artifact(str(path), "account")


def _same_bank(model: Model) -> Bank | None:
    """Return the bank that the model was trained on, if it is still in place."""
    try:
        found = banks.open_bank(model.card["portfolio"])
    except (BankMissing, BankUnreadable):
        return None
    return found if found.meta.fingerprint == model.card["data"]["fingerprint"] else None
