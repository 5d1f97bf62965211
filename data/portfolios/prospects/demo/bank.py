"""A whole synthetic CRM: prospects, their proposals over three years, and the offers that they took."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from data.demo.rows import spread, systematic
from data.demo.writer import Tables
from data.portfolios.prospects.demo import offers, people
from data.portfolios.prospects.demo.acceptance import Acceptance
from data.portfolios.prospects.demo.offers import Offers

FIRST_PROSPECT, FIRST_PROPOSAL = 1_000_001, 5_000_001
_PILOT = 150_000
_TEXT, _NUMBER = pl.String, pl.Int64
SCHEMAS: dict[str, dict[str, type[pl.DataType]]] = {
    "prospect": {"IDKPEP": _NUMBER},
    "offer": {"OFFRE": _TEXT, "GAMME": _TEXT, "LIBELLE": _TEXT},
    "proposal": {
        "IDPAL": _NUMBER,
        "IDKPEP": _NUMBER,
        "ACCEPTEE": _NUMBER,
        "OFFRE": _TEXT,
        "ANNEE": _NUMBER,
        "MOIS": _NUMBER,
        "SEXE": _TEXT,
        "CIVILITE": _TEXT,
        "SITUATION_FAMILIALE": _TEXT,
        "AGE": _NUMBER,
        "DEPARTEMENT": _TEXT,
        "CANAL_ORIGINE": _TEXT,
        "ORIGINE": _TEXT,
        "GAMME_PROPOSITION": _TEXT,
        "ADHERENT": _TEXT,
        "STATUT_ASSURE_RO": _NUMBER,
        "STATUT_ASSURE_RC": _NUMBER,
    },
}


def draw_bank(folder: Path, clients: int, seed: int, progress: Callable[[int, int], None]) -> None:
    """Write the tables of a CRM of ``clients`` proposals over the years, a third of them in 2021."""
    acceptance, taken = _calibrated()
    rng = np.random.default_rng([seed, 1])
    progress(clients // 2, clients)
    prospects, owner, columns = _proposals(clients, rng)
    accepted = systematic(acceptance.chance(columns), rng)
    columns["ACCEPTEE"] = accepted.astype(np.int64)
    columns["OFFRE"] = np.full(clients, None, dtype=object)
    columns["OFFRE"][accepted] = taken.draw({key: v[accepted] for key, v in columns.items()}, rng)
    keys = FIRST_PROSPECT + rng.permutation(prospects)
    with Tables(folder, SCHEMAS) as tables:
        tables.write("prospect", {"IDKPEP": np.sort(keys)})
        tables.write("offer", {name: np.array(values) for name, values in offers.table().items()})
        ids = FIRST_PROPOSAL + np.arange(clients)
        tables.write("proposal", columns | {"IDPAL": ids, "IDKPEP": keys[owner]})
    progress(clients, clients)


@cache
def _calibrated() -> tuple[Acceptance, Offers]:
    """Calibrate on proposals that are the same whatever the seed: those of a bank vary by chance."""
    _, _, pilot = _proposals(_PILOT, np.random.default_rng([0, 0]))
    acceptance = Acceptance(pilot)
    return acceptance, Offers(pilot, acceptance.chance(pilot))


def _proposals(count: int, rng: np.random.Generator) -> tuple[int, np.ndarray, dict[str, np.ndarray]]:
    """Draw ``count`` proposals by date: the number of prospects, whose each proposal is, and its columns."""
    prospects = people.draw_prospects(round(count / people.proposals_each() * 1.1) + 10, rng)
    owner, place = spread(prospects["proposals"])
    owner, place = owner[:count], place[:count]
    start = rng.integers(0, len(people.YEARS), owner[-1] + 1)
    years = np.array(people.YEARS)
    year = years[(start[owner] + place) % len(years)]
    last = np.zeros(owner[-1] + 1, dtype=years.dtype)
    np.maximum.at(last, owner, year)
    columns = people.draw_proposals(prospects, owner, year, last[owner] - year, rng)
    order = np.lexsort((rng.random(count), columns["MOIS"], year))
    return int(owner[-1]) + 1, owner[order], {name: values[order] for name, values in columns.items()}
