"""The portfolios: one population with one question each, described by files and read here."""

import csv
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from config import settings

FOLDER = Path(__file__).parent
COMMON = FOLDER / "_common"  # words that suit any portfolio
ID = re.compile(r"[a-z][a-z0-9_]*")
KINDS = ("number", "amount", "ratio", "days", "flag", "category")
ROLES = ("input", "protected", "material", "note", "id", "target")


class UnknownPortfolio(LookupError):
    """No folder of that name under ``data/portfolios`` nor ``PORTFOLIOS_DIR``."""

    def __init__(self, portfolio_id: str):
        super().__init__(f"unknown portfolio {portfolio_id!r}; known: {', '.join(available())}")


@dataclass(frozen=True, slots=True)
class Column:
    """One line of ``columns.csv``: everything the rooms need to know of one column.

    ``role`` is what the model may do with it: ``input`` (read), ``protected`` (kept to watch
    fairness), ``material`` (only what is made from it is read), ``note`` (known of past rows and
    told, never read), ``id`` or ``target``. ``source`` says where the value comes from:
    ``application`` (given with the file), ``made`` (computed row by row) or the name of a history
    family. ``family`` is the stage of the model that reads it. ``low`` and ``high`` bound
    what is possible, not what is usual. ``told_by`` names the column that speaks for
    this one in the reasons.
    """

    name: str
    kind: str
    role: str
    source: str
    family: str
    theme: str
    unit: str
    decimals: int
    low: float | None
    high: float | None
    monotone: int
    actionable: int
    step: float | None
    limit_low: float | None
    limit_high: float | None
    told_by: str
    label_fr: str
    label_en: str

    def label(self, lang: str) -> str:
        """Return the column's name as said to a client."""
        return self.label_fr if lang == "fr" else self.label_en

    @property
    def is_one_of_few(self) -> bool:
        """Whether a value is told by how many share it: a choice has no middle, nor has what comes round."""
        return self.kind in ("category", "flag") or self.unit in ("month", "hour")


@dataclass(frozen=True)
class Portfolio:
    """A population, its question, its columns and its words."""

    folder: Path
    settings: Mapping
    columns: Mapping[str, Column] = field(repr=False)

    @property
    def id(self) -> str:
        return self.settings["id"]

    @property
    def id_column(self) -> str:
        return self.settings["id_column"]

    @property
    def target(self) -> str:
        return self.settings["target"]

    @property
    def main_table(self) -> str:
        """Name of the table with one row per client."""
        return self.settings["main_table"]

    def code(self, decision: str) -> str:
        """Return how API and files name a decision: as it is, or as ``[codes]`` of the portfolio says."""
        return self.settings.get("codes", {}).get(decision, decision)

    @property
    def choices(self) -> tuple[str, ...]:
        """What an advisor may decide, in the order of the panel."""
        return tuple(self.settings.get("deciding", {}).get("choices", ("accept", "review", "refuse")))

    @property
    def has_letters(self) -> bool:
        """Whether what is decided is told to the person by letter."""
        return self.settings.get("deciding", {}).get("letters", True)

    @property
    def has_levers(self) -> bool:
        """Whether it declares inputs that could be changed to change what is proposed."""
        return any(column.actionable for column in self.columns.values())

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Names of the model inputs, in the order of ``columns.csv``."""
        return tuple(c.name for c in self.columns.values() if c.role == "input")

    @cached_property
    def given(self) -> tuple[str, ...]:
        """Names of the columns given with an application file (neither made nor history)."""
        return tuple(c.name for c in self.columns.values() if c.source == "application")

    @cached_property
    def families(self) -> Mapping[str, Mapping]:
        """History families in the order of their stages, each with its tables."""
        return self.settings.get("families", {})

    def by_source(self, source: str) -> tuple[str, ...]:
        """Return the names of the columns that come from ``source``."""
        return tuple(c.name for c in self.columns.values() if c.source == source)

    def words(self, lang: str) -> Mapping:
        """Return the words of this portfolio in ``lang`` (``fr`` or ``en``).

        Its own, over those of ``_common`` that suit any portfolio: ``any``, and
        ``positive_is_good`` or ``positive_is_bad``.
        """
        return _words(self.folder, lang, bool(self.settings["positive_is_good"]))


@cache
def _words(folder: Path, lang: str, positive_is_good: bool) -> Mapping:
    common, own = (
        json.loads((of / "locales" / f"{lang}.json").read_text(encoding="utf-8")) for of in (COMMON, folder)
    )
    way = "positive_is_good" if positive_is_good else "positive_is_bad"
    return _merged(_merged(common["any"], common[way]), own)


def _merged(under: Mapping, over: Mapping) -> Mapping:
    """Return both, key by key: what ``over`` says stands, a list as a whole."""
    both = {key for key, one in over.items() if isinstance(one, dict) and isinstance(under.get(key), dict)}
    return {**under, **over, **{key: _merged(under[key], over[key]) for key in both}}


def folders() -> tuple[Path, ...]:
    """Return the folders that hold portfolios: the built-in one, then that of ``PORTFOLIOS_DIR``."""
    further = settings().portfolios_dir
    return (FOLDER,) if further is None else (FOLDER, further)


def available() -> tuple[str, ...]:
    """Return the ids of the portfolios present, in alphabetical order."""
    found = (path.parent.name for folder in folders() for path in folder.glob("*/portfolio.toml"))
    return tuple(sorted({name for name in found if ID.fullmatch(name)}))


def load(portfolio_id: str) -> Portfolio:
    """Read a portfolio's folder, once.

    Raises
    ------
    UnknownPortfolio
        When there is no such folder.
    ValueError
        When ``columns.csv`` holds something it may not, naming the line.
    """
    if isinstance(portfolio_id, str) and ID.fullmatch(portfolio_id):
        for folder in folders():
            if (folder / portfolio_id / "portfolio.toml").is_file():
                return _read_once(folder / portfolio_id)
    raise UnknownPortfolio(portfolio_id)


def forget() -> None:
    """Forget what was read, so that folders changed since are read again."""
    _read_once.cache_clear()
    _words.cache_clear()


@cache
def _read_once(folder: Path) -> Portfolio:
    return read(folder)


def read(folder: Path) -> Portfolio:
    """Read the portfolio that lies in ``folder`` (see :func:`load`)."""
    settings = tomllib.loads((folder / "portfolio.toml").read_text(encoding="utf-8"))
    with (folder / "columns.csv").open(encoding="utf-8", newline="") as lines:
        columns = [_column(row, number) for number, row in enumerate(csv.DictReader(lines), start=2)]
    return Portfolio(folder, settings, {column.name: column for column in columns})


def _column(row: Mapping[str, str], line: int) -> Column:
    for key, allowed in (("kind", KINDS), ("role", ROLES)):
        if row[key] not in allowed:
            raise ValueError(
                f"columns.csv line {line}: {key} {row[key]!r} is not one of {', '.join(allowed)}"
            )
    numbers = ("low", "high", "step", "limit_low", "limit_high")
    counts = ("decimals", "monotone", "actionable")
    try:
        return Column(
            **row
            | {key: float(row[key]) if row[key] else None for key in numbers}
            | {key: int(row[key] or 0) for key in counts}
            | {"told_by": row["told_by"] or row["name"]}
        )
    except ValueError as error:
        raise ValueError(f"columns.csv line {line} ({row['name']}): {error}") from error
