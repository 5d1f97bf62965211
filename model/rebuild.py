"""A run made again from its record in MLflow alone: parameters, seed, recipe, fingerprint of the data."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from data.bank import open_bank
from model import provenance, recipe, track
from model.track_runs import KIND, STAGE, TRAINING
from model.track_store import connected
from model.train import train


class RebuildRefused(track.Refused):
    """A run cannot be made again here; the message says what differs."""


@dataclass(frozen=True)
class Rebuilt:
    """The version that was trained again.

    ``different`` names the stages that are not byte for byte those of the record, and ``elsewise``
    what the record was made with and this was not.
    """

    portfolio: str
    version: str
    stages: int
    different: tuple[str, ...]
    elsewise: tuple[str, ...]


def rebuild(run_id: str, each: Callable[[str], None] = lambda step: None) -> Rebuilt:
    """Train again what a run recorded and compare the stages; the new version waits for ``promote``.

    Raises
    ------
    RebuildRefused
        When there is no such run, it is no training, or the bank holds other data.
    model.track.NotTracked
        When the tracking store does not answer.
    """
    run = _read(run_id)
    asked = run.data.params
    portfolio_id = asked["portfolio"]
    here, then = open_bank(portfolio_id).meta.fingerprint, _fingerprint(run)
    if here != then:
        raise RebuildRefused(
            f"run {run_id} learnt from data of fingerprint {then}, the bank of {portfolio_id} has {here}: "
            "load the same data first"
        )
    model, _ = train(
        portfolio_id,
        seed=int(asked["seed"]),
        recipe=recipe.from_dict(json.loads(asked["recipe"])),
        recipe_name=asked["recipe_name"],
        way=asked.get("way", "auto"),
        each=each,
    )
    told = run.data.tags
    wanted = {name.removeprefix(STAGE): told[name] for name in told if name.startswith(STAGE)}
    made = {stage["file"]: model.card["hashes"][stage["file"]] for stage in model.card["stages"]}
    different = sorted(name for name in wanted | made if wanted.get(name) != made.get(name))
    return Rebuilt(portfolio_id, model.version, len(made), tuple(different), _elsewise(run))


def _read(run_id: str) -> Run:
    with track.told(f"run {run_id} was not read"), connected() as client:
        try:
            run = client.get_run(run_id)
        except MlflowException as error:
            raise RebuildRefused(f"no run {run_id} in {track.place()}") from error
    wanted = {"portfolio", "seed", "recipe", "recipe_name"}
    if run.data.tags.get(KIND) != TRAINING or not wanted <= run.data.params.keys():
        raise RebuildRefused(f"run {run_id} is no training that can be made again")
    return run


def _fingerprint(run: Run) -> str:
    return run.inputs.dataset_inputs[0].dataset.digest


def _elsewise(run: Run) -> tuple[str, ...]:
    """Return what the record was made with, where it is not what is here."""
    here = {f"made with {name}": str(value) for name, value in provenance.made_with().items()}
    return tuple(
        f"{name.removeprefix('made with ')}: {run.data.tags[name]} then, {value} now"
        for name, value in here.items()
        if run.data.tags.get(name, value) != value
    )
