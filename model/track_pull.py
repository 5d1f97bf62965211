"""A registered version as a version of the store, so that the application can be built from it."""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import mlflow
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from config import settings
from data import portfolios
from model import artifact, track
from model.artifact import CARD
from model.provenance import fingerprint
from model.track_models import ARTIFACT, POPULATION, identity
from model.track_store import connected

SCHEME = "models:/"


class PullRefused(track.Refused):
    """A registered version is not one that this store can use; the message says why."""


@dataclass(frozen=True)
class Pulled:
    """A version that was brought in: ``remarks`` say what to look at."""

    portfolio: str
    version: str
    in_service: bool
    remarks: tuple[str, ...]


def pull(uri: str, *, into_service: bool = False, without_population: bool = False) -> Pulled:
    """Bring a registered version into the store, each file checked against its hash.

    Parameters
    ----------
    uri : ``models:/<portfolio>@<alias>`` or ``models:/<portfolio>/<version>``
    into_service : else only when no version is in service
    without_population : accept one whose rows of clients were left out of the tracking server

    Raises
    ------
    PullRefused
        When it is of another portfolio, damaged, or lacks its population.
    model.track.NotTracked
        When the tracking store does not answer.
    """
    name, alias, number = _parts(uri)
    if name not in portfolios.available():
        raise PullRefused(f"{uri}: {name!r} is no portfolio; known: {', '.join(portfolios.available())}")
    with tempfile.TemporaryDirectory(prefix="limpide-") as place:
        with connected() as client:
            try:
                found = (
                    client.get_model_version_by_alias(name, alias)
                    if alias
                    else client.get_model_version(name, number)
                )
            except MlflowException as error:
                raise PullRefused(f"{uri}: not in {track.place()}") from error
            folder = _downloaded(uri, found, Path(place))
        lacking = _checked(uri, name, folder)
        if lacking and not without_population:
            raise PullRefused(
                f"{uri}: logged without the rows of clients ({', '.join(lacking)}), which the pages of "
                "comparison and of drift need. Log it with --with-population, or pull it with "
                "--without-population and do without these pages"
            )
        version = _brought_in(name, folder)
    serve = into_service or not artifact.has_champion(name)
    if serve:
        artifact.promote(name, version)
    serving = artifact.champion_version(name) == version
    return Pulled(name, version, serving, _remarks(name, version, lacking))


def _parts(uri: str) -> tuple[str, str, str]:
    """Return name, alias and version number of an address, one of the last two empty."""
    told = uri.removeprefix(SCHEME)
    name, mark, alias = told.partition("@")
    if not mark:
        name, mark, number = told.partition("/")
        if uri.startswith(SCHEME) and name and number.isdecimal():
            return name, "", number
    elif uri.startswith(SCHEME) and name and alias and "/" not in told:
        return name, alias, ""
    raise PullRefused(f"{uri}: expected models:/PORTFOLIO@champion or models:/PORTFOLIO/VERSION")


def _downloaded(uri: str, found: ModelVersion, place: Path) -> Path:
    try:
        whole = mlflow.artifacts.download_artifacts(
            artifact_uri=f"{SCHEME}{found.name}/{found.version}", dst_path=str(place)
        )
    except (MlflowException, OSError) as error:
        raise PullRefused(f"{uri}: its files cannot be read from {track.place()}") from error
    folder = Path(whole) / "artifacts" / ARTIFACT
    if not (folder / CARD).exists():
        raise PullRefused(f"{uri}: holds no model of Limpide")
    return folder


def _checked(uri: str, name: str, folder: Path) -> list[str]:
    """Compare every file with its hash; return those of the population that were left out."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if card["portfolio"] != name:
            raise PullRefused(f"{uri}: is a model of {card['portfolio']!r}")
        wrong = [
            file
            for file, digest in card["hashes"].items()
            if not (folder / file).is_file() or artifact.digest(folder / file) != digest
        ]
        artifact.load(folder)
    except artifact.ModelDamaged as error:
        raise PullRefused(f"{uri}: {error}") from error
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise PullRefused(f"{uri}: its {CARD} is damaged") from error
    lacking = [file for file in wrong if file in POPULATION and not (folder / file).exists()]
    if damaged := [file for file in wrong if file not in lacking]:
        raise PullRefused(f"{uri}: missing or changed after training: {', '.join(damaged)}")
    return lacking


def _brought_in(name: str, folder: Path) -> str:
    """Move a checked version into the store, under its own number if it is free, and return that."""
    models = artifact.models_folder(name)
    for version in artifact.versions(name):
        if identity(models / version) == identity(folder):
            return version
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    if (models / card["version"]).exists():
        card["version"] = artifact.next_version(name)
        text = json.dumps(card, ensure_ascii=False, indent=1, allow_nan=False)
        (folder / CARD).write_text(text, encoding="utf-8")
    models.mkdir(parents=True, exist_ok=True)
    # Beside its place, then in one step: half a model must never be found.
    fresh = Path(tempfile.mkdtemp(prefix="pulled-", dir=settings().store_dir))
    try:
        shutil.copytree(folder, fresh / "model")
        (fresh / "model").replace(models / card["version"])
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return card["version"]


def _remarks(name: str, version: str, lacking: list[str]) -> tuple[str, ...]:
    card = artifact.load(artifact.models_folder(name) / version).card
    remarks = []
    if card["code"] != fingerprint(portfolios.load(name)):
        remarks.append("its features are not those of this code: use the code it was trained with, or train")
    if lacking:
        remarks.append("without its population: to compare files and judge drift, train the model again")
    return tuple(remarks)
