"""A model on disk: a folder of text, JSON and arrays, without pickle, checked when it is read."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from config import settings
from data import portfolios
from model import booster, offers, segments
from model.calibration import Calibration
from model.cost import Costs
from model.matrix import Encoding
from model.offers import OfferModel
from model.scale import Scale
from model.stages import Stage

if TYPE_CHECKING:
    from data.ledger.approvals import Approved

CARD = "artifact.json"
CHAMPION = "champion"
_UNFINISHED = ".unfinished-"
PROMOTIONS = "promotions.jsonl"


class ModelMissing(FileNotFoundError):
    """No model of this portfolio (or version) has been trained."""


class ModelDamaged(ValueError):
    """A file of the artifact is not the one that was saved, or no longer fits the portfolio."""


@dataclass(frozen=True)
class Model:
    """A trained model, ready to assess.

    ``card`` is the content of ``artifact.json``: metrics, thresholds, data, reference values.
    Where managers ``approved`` another threshold, what depends on it is counted there anew
    (``model.in_force``), and the threshold of training is ``card["threshold"]["trained"]``.
    ``offers`` says what is taken by those who accept, where the portfolio makes offers.
    """

    folder: Path
    card: Mapping
    stages: tuple[Stage, ...]
    approved: "Approved | None" = None
    offers: OfferModel | None = None

    @property
    def version(self) -> str:
        return self.card["version"]

    @property
    def created(self) -> str:
        return self.card["created"]

    @property
    def threshold(self) -> float:
        """Probability of the positive class from which a file is flagged."""
        return self.card["threshold"]["in_force"]

    @cached_property
    def encoding(self) -> Encoding:
        return Encoding(
            tuple(self.card["inputs"]), {name: tuple(v) for name, v in self.card["categories"].items()}
        )

    @cached_property
    def calibration(self) -> Calibration:
        return Calibration(**self.card["calibration"])

    @cached_property
    def costs(self) -> Costs:
        return Costs(**self.card["costs"])

    @cached_property
    def scale(self) -> Scale:
        return Scale(**self.card["scale"])

    @property
    def trained_mark(self) -> float:
        """The threshold of training in points: what cannot follow an approved one stands there."""
        return self.scale.at_probability(self.card["threshold"].get("trained", self.threshold))

    @property
    def just_accepted(self) -> tuple[float, float]:
        """From how many points, up to but without how many, files are accepted just above the mark."""
        # Training takes others when these are too few (``model.evidence``).
        told = self.card["reference"]
        return (
            (told["low"], told["high"])
            if self.approved is None
            else (self.pass_mark, self.pass_mark + told["high"] - told["low"])
        )

    @cached_property
    def pass_mark(self) -> float:
        """The threshold in points."""
        return self.scale.at_probability(self.threshold)


def models_folder(portfolio_id: str) -> Path:
    """Return the folder that holds the versions of a portfolio's model."""
    return settings().store_dir / "models" / portfolio_id


def versions(portfolio_id: str) -> list[str]:
    """Return the versions trained, oldest first."""
    found = models_folder(portfolio_id).glob(f"*/{CARD}")
    return sorted((path.parent.name for path in found), key=lambda name: (len(name), name))


def next_version(portfolio_id: str) -> str:
    """Return the number of the next version: one above the highest there is."""
    return str(max((int(name) for name in versions(portfolio_id) if name.isdecimal()), default=0) + 1)


def has_champion(portfolio_id: str) -> bool:
    """Say whether a version is in service."""
    return (models_folder(portfolio_id) / CHAMPION).exists()


def champion_version(portfolio_id: str) -> str:
    """Return the version in service.

    Raises
    ------
    ModelMissing
        When none has been trained; the message says how.
    """
    pointer = models_folder(portfolio_id) / CHAMPION
    if not has_champion(portfolio_id):
        raise ModelMissing(
            f"no model for {portfolio_id!r}; train one with: python -m model train {portfolio_id}"
        )
    return pointer.read_text(encoding="utf-8").strip()


def promote(portfolio_id: str, version: str, *, back: bool = False) -> None:
    """Put ``version`` in service, in one step that a reader never sees half done, and note it.

    ``back`` notes that this undoes promotions (see :mod:`model.promotions`).
    """
    if version not in versions(portfolio_id):
        known = ", ".join(versions(portfolio_id)) or "none"
        raise ModelMissing(f"no version {version!r} of {portfolio_id!r}; trained: {known}")
    pointer = models_folder(portfolio_id) / CHAMPION
    before = pointer.read_text(encoding="utf-8").strip() if pointer.exists() else None
    fresh = pointer.with_suffix(".new")
    fresh.write_text(version, encoding="utf-8")
    fresh.replace(pointer)
    note = {
        "version": version,
        "before": before,
        "back": back,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with pointer.with_name(PROMOTIONS).open("a", encoding="utf-8") as notes:
        notes.write(json.dumps(note) + "\n")


_cache: dict[str, Model] = {}


def champion(portfolio_id: str) -> Model:
    """Return the model in service at the threshold in force, read again only when another is promoted."""
    # Not above: the ledger's libraries are not for those who only read or write an artifact.
    from model.in_force import follow

    folder = models_folder(portfolio_id) / champion_version(portfolio_id)
    known = _cache.get(portfolio_id)
    if known is None or known.folder != folder:
        known = _cache[portfolio_id] = load(folder)
    return follow(known)


def load(folder: Path) -> Model:
    """Read the artifact in ``folder``; every file read is first checked against its hash.

    Raises
    ------
    ModelMissing
        When the folder holds no artifact.
    ModelDamaged
        When a file is missing or changed, or an input is no longer a column of the portfolio.
    """
    if not (folder / CARD).exists():
        raise ModelMissing(f"no model in {folder}")
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    columns = portfolios.load(card["portfolio"]).columns
    gone = [name for name in card["inputs"] if name not in columns]
    if gone:
        raise ModelDamaged(f"columns.csv no longer has {', '.join(gone)}, which the model reads; train again")
    told = card.get("segments")
    if told and not segments.agree(portfolios.load(card["portfolio"]), told):
        raise ModelDamaged("the [segments] of portfolio.toml are no longer those of the model; train again")
    place = {name: index for index, name in enumerate(card["inputs"])}
    stages = tuple(
        Stage(
            family=stage["family"],
            inputs=tuple(stage["inputs"]),
            positions=np.array([place[name] for name in stage["inputs"]], dtype=np.intp),
            booster=booster.load(checked(folder, card, stage["file"])),
        )
        for stage in card["stages"]
    )
    return Model(folder, card, stages, offers=_offers(folder, card))


def _offers(folder: Path, card: Mapping) -> OfferModel | None:
    if offers.ABOUT not in card["hashes"]:
        return None
    return offers.read(checked(folder, card, offers.BOOSTER), checked(folder, card, offers.ABOUT))


def checked(folder: Path, card: Mapping, name: str) -> Path:
    """Return the path of one file of the artifact, after comparing it with its hash.

    Raises
    ------
    ModelDamaged
        When the file is missing or is not the one that was saved.
    """
    path = folder / name
    if not path.exists() or digest(path) != card["hashes"].get(name):
        raise ModelDamaged(f"{folder.name}/{name} is missing or was changed after training; train again")
    return path


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def save(folder: Path, card: dict, stages: tuple[Stage, ...], files: Mapping[str, object]) -> Model:
    """Write an artifact: the stages, ``files`` and, last, the card with the hashes of all.

    Parameters
    ----------
    files : name -> JSON-ready value, or array for a name ending in ``.npy``, or bytes

    Everything is written beside and takes its place in one step: a training that was interrupted
    leaves no version, and the next one takes its number.

    Raises
    ------
    FileExistsError
        When the folder is already there.
    """
    if folder.exists():
        raise FileExistsError(f"{folder} is already there")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=folder.parent) as beside:
        fresh = Path(beside) / folder.name
        fresh.mkdir()
        _fill(fresh, card, stages, files)
        fresh.rename(folder)
    return load(folder)


def _fill(folder: Path, card: dict, stages: tuple[Stage, ...], files: Mapping[str, object]) -> None:
    entries = []
    for number, stage in enumerate(stages, start=1):
        name = f"stage_{number}.txt"
        (folder / name).write_text(booster.text(stage.booster), encoding="utf-8")
        entries.append(
            {
                "family": stage.family,
                "file": name,
                "inputs": list(stage.inputs),
                "trees": stage.booster.num_trees(),
            }
        )
    for name, content in files.items():
        _write(folder / name, content)
    hashes = {path.name: digest(path) for path in sorted(folder.iterdir())}
    _write(folder / CARD, card | {"stages": entries, "hashes": hashes})


def _write(path: Path, content: object) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, np.ndarray):
        np.save(path, content)
    else:
        text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
        path.write_text(text, encoding="utf-8")
