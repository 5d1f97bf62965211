"""A trained version as a registered model: packed with its code, aliased, found again."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types.schema import AnyType, Array, ColSpec, Object, ParamSchema, ParamSpec, Property, Schema

from data import portfolios
from data.features import COVERED
from data.portfolios import Portfolio
from model import artifact, crowd, promotions
from model.artifact import CARD, Model
from model.provenance import ROOT
from model.stages import BASE_FAMILY

ENTRY = ROOT / "web" / "served.py"
ARTIFACT = "artifact"  # as `web.served` looks for it
CHAMPION, CHALLENGER = "champion", "challenger"
VERSION, IDENTITY = "version", "identity"  # tags of a registered version
# What of an artifact holds rows of clients. Everything else in it is aggregates.
POPULATION = (crowd.VALUES, crowd.CODES, crowd.RANKS, "reference.parquet")
# What serving imports; what MLflow itself needs to serve comes with it.
NEEDS = (
    "mlflow",
    "lightgbm",
    "numpy",
    "pandas",
    "polars",
    "narwhals",
    "duckdb",
    "pydantic-settings",
    "orjson",
)
CODE = (
    "config.py", "data", "model", "components/__init__.py", "components/i18n.py", "components/formats.py",
    "components/sentences.py", "components/locales",
)  # fmt: skip
_OFFERS = Object(
    [
        Property("top", Array(Object([Property("code", "string"), Property("share", "double")]))),
        Property("others", "long"),
        Property("others_share", "double"),
        Property("most_of_others", "double"),
        Property("rare_share", "double"),
    ]
)
_IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", "demo", "demo_profile*")


def identity(folder: Path) -> str:
    """Return what tells a trained version from every other, whatever its number in a store."""
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    told = {name: card[name] for name in ("portfolio", "created", "hashes")}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def log_model(client: MlflowClient, run_id: str, model: Model, with_population: bool) -> ModelVersion:
    """Log a model in the run that is open and register it under its portfolio's name."""
    portfolio = portfolios.load(model.card["portfolio"])
    with _packed(portfolio, model, with_population) as (code, folder):
        info = mlflow.pyfunc.log_model(
            name="model",
            python_model=str(ENTRY),
            artifacts={ARTIFACT: str(folder)},
            code_paths=code,
            signature=signature(portfolio),
            input_example=example(portfolio, model),
            pip_requirements=[f"{name}=={metadata.version(name)}" for name in NEEDS],
            metadata={"inputs": _kinds(portfolio), "population": with_population},
        )
    try:
        client.create_registered_model(portfolio.id)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    tags = {VERSION: model.version, IDENTITY: identity(model.folder), "population": str(with_population)}
    return client.create_model_version(
        portfolio.id, info.model_uri, run_id=run_id, tags=tags, model_id=info.model_id
    )


def find(client: MlflowClient, portfolio_id: str, folder: Path) -> ModelVersion | None:
    """Return the newest registered version that holds the trained version in ``folder``."""
    wanted = identity(folder)
    there = [
        one
        for one in client.search_model_versions(f"name = '{portfolio_id}'")
        if client.get_model_version(portfolio_id, one.version).tags.get(IDENTITY) == wanted
    ]
    return max(there, key=lambda one: int(one.version), default=None)


def set_aliases(client: MlflowClient, portfolio_id: str) -> list[str]:
    """Point the aliases at the versions in service and in waiting; return those not registered."""
    absent = []
    versions = {
        CHAMPION: artifact.champion_version(portfolio_id),
        CHALLENGER: promotions.challenger_version(portfolio_id),
    }
    for alias, version in versions.items():
        folder = None if version is None else artifact.models_folder(portfolio_id) / version
        found = None if folder is None else find(client, portfolio_id, folder)
        if found is not None:
            client.set_registered_model_alias(portfolio_id, alias, found.version)
            continue
        if _exists(client, portfolio_id):
            client.delete_registered_model_alias(portfolio_id, alias)
        if version is not None:
            absent.append(version)
    return absent


def signature(portfolio: Portfolio) -> ModelSignature:
    """Return what the served model takes and gives.

    Every column may be absent, and is of any type: MLflow would else refuse whole numbers and
    empty columns, and take a flag that is absent for true. The assessment itself checks each value
    and names what is wrong, as in the API.
    """
    taken = [ColSpec(AnyType(), name, required=False) for name in _kinds(portfolio)]
    numbers = ("probability", "points", "threshold", "pass_mark", "base_points")
    given = [
        ColSpec("string", "client_id", required=False),
        ColSpec("string", "model_version"),
        *(ColSpec("double", name) for name in numbers),
        ColSpec("string", "decision"),
        ColSpec("string", "proposal"),
        ColSpec(_list_of("code", "decision", "text"), "policy"),
        ColSpec(_list_of("code", "feature", "direction", "text"), "reasons"),
        ColSpec(_list_of("field", "code", "text"), "warnings"),
    ]
    if "offers" in portfolio.settings:
        given.append(ColSpec(_OFFERS, "offers", required=False))
    return ModelSignature(
        inputs=Schema(taken),
        outputs=Schema(given),
        params=ParamSchema([ParamSpec("lang", "string", "fr")]),
    )


def example(portfolio: Portfolio, model: Model) -> pd.DataFrame:
    """Return a record that is nobody's: the middle value of each input among those just accepted."""
    middle = model.card["reference"]["value"]
    wanted = [name for name in middle if portfolio.columns[name].source != "made"]
    families = {stage.family for stage in model.stages} - {BASE_FAMILY}
    covered = {COVERED + family: True for family in portfolio.families if family in families}
    return pd.DataFrame([{name: middle[name] for name in wanted if middle[name] is not None} | covered])


def _kinds(portfolio: Portfolio) -> dict[str, str]:
    """Return every field that a record may have, with its kind, in the order of ``columns.csv``."""
    fields = {
        column.name: column.kind
        for column in portfolio.columns.values()
        if column.source != "made" and column.role != "target"
    }
    return fields | {COVERED + family: "flag" for family in portfolio.families}


def _list_of(*names: str) -> Array:
    return Array(Object([Property(name, "string") for name in names]))


def _exists(client: MlflowClient, name: str) -> bool:
    return bool(client.search_registered_models(f"name = '{name}'"))


@contextmanager
def _packed(portfolio: Portfolio, model: Model, with_population: bool) -> Iterator[tuple[list[str], Path]]:
    """Lay out what goes with a model: the rooms that serving needs, this portfolio, the artifact."""
    with tempfile.TemporaryDirectory(prefix="limpide-") as place:
        code, folder = Path(place) / "code", Path(place) / ARTIFACT
        for part in CODE:
            source, target = ROOT / part, code / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=_IGNORED)
            else:
                shutil.copy2(source, target)
        folders = code / "data" / "portfolios"
        for other in folders.iterdir():
            if other.is_dir() and other != folders / portfolios.COMMON.name:
                shutil.rmtree(other)
        # From where it lies: the folder of a portfolio of one's own is outside of the code.
        shutil.copytree(portfolio.folder, folders / portfolio.id, ignore=_IGNORED)
        left_out = () if with_population else POPULATION
        shutil.copytree(model.folder, folder, ignore=shutil.ignore_patterns(*left_out))
        yield [str(path) for path in sorted(code.iterdir())], folder
