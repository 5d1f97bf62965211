"""The published figures measured on proposals: ``python -m data.portfolios.prospects.demo.measured``.

What cannot be a share among proposals (means, peaks, counts, how hard it is to foresee) is held by the
tests beside.
"""

import argparse
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data.demo import generate
from data.portfolios.prospects.demo import codes
from data.portfolios.prospects.demo.acceptance import TEST_YEAR
from data.portfolios.prospects.demo.published import FIGURES
from data.portfolios.prospects.features import REGIONS

LOG = logging.getLogger(__name__)
FULL_SIZE = 3 * int(FIGURES["size"]["proposals_2021"])

_JUDGED = pl.col("ANNEE") == TEST_YEAR
_LEARNT, _ALL = ~_JUDGED, pl.lit(True)
_YOUNG, _ACCEPTED = pl.col("AGE") < 30, pl.col("ACCEPTEE") == 1
_MAIN = pl.col("GAMME_PROPOSITION") == codes.SANTE_PREVOYANCE
_NEAR = pl.col("DEPARTEMENT").is_in(REGIONS[codes.ILE_DE_FRANCE])
_FACE = pl.col("CANAL_ORIGINE") == codes.FACE_TO_FACE
_FAR = pl.col("CANAL_ORIGINE").is_in([codes.TELEPHONE, codes.MAIL])
_CAMPAIGN = pl.col("ORIGINE") == codes.CAMPAIGN

# Where each share is found: among which proposals, which of them.
SHARES: dict[tuple[str, str], tuple[pl.Expr, pl.Expr]] = {
    ("acceptance", "learnt_from"): (_LEARNT, _ACCEPTED),
    ("acceptance", "judged_on"): (_JUDGED, _ACCEPTED),
    ("acceptance", "judged_under_30"): (_JUDGED & _YOUNG, _ACCEPTED),
    ("acceptance", "judged_from_30"): (_JUDGED & ~_YOUNG, _ACCEPTED),
    ("acceptance", "either_sex"): (_LEARNT & (pl.col("SEXE") == codes.WOMAN), _ACCEPTED),
    ("age", "under_30"): (_JUDGED, _YOUNG),
    ("age", "from_25_to_50"): (_ALL, pl.col("AGE").is_between(25, 49)),
    ("age", "from_50_to_75"): (_ALL, pl.col("AGE").is_between(50, 74)),
    ("share", "women"): (_ALL, pl.col("SEXE") == codes.WOMAN),
    ("share", "july_to_october"): (_ALL, pl.col("MOIS").is_between(7, 10)),
    ("share", "ile_de_france"): (_ALL, _NEAR),
    ("share", "sante_prevoyance"): (_ALL, _MAIN),
    ("share", "face_to_face"): (_ALL, _FACE),
    ("share", "campaign"): (_ALL, _CAMPAIGN),
    ("accepted", "ile_de_france"): (_LEARNT & _NEAR, _ACCEPTED),
    ("accepted", "sante_prevoyance"): (_LEARNT & _MAIN, _ACCEPTED),
    ("accepted", "face_to_face"): (_LEARNT & _FACE, _ACCEPTED),
    ("accepted", "telephone_and_mail"): (_LEARNT & _FAR, _ACCEPTED),
    ("accepted", "campaign"): (_LEARNT & _CAMPAIGN, _ACCEPTED),
    ("accepted", "outside_campaign"): (_LEARNT & ~_CAMPAIGN, _ACCEPTED),
}


@dataclass(frozen=True)
class Measured:
    """A published share and what it is among the proposals drawn, ``rows`` of them."""

    figure: tuple[str, str]
    published: float
    drawn: float
    rows: int


def measured(proposals: pl.DataFrame) -> list[Measured]:
    """Measure every published share on a table of proposals."""
    found = []
    for (kind, name), (among, share) in SHARES.items():
        rows = proposals.filter(among)
        drawn = rows.select(share.alias("share").mean()).item()
        found.append(Measured((kind, name), FIGURES[kind][name], drawn, len(rows)))
    return found


def main(arguments: list[str] | None = None) -> int:
    """Draw proposals and print what was published beside what they show; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m data.portfolios.prospects.demo.measured")
    parser.add_argument("--clients", type=int, default=FULL_SIZE, help=f"proposals (default: {FULL_SIZE})")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with tempfile.TemporaryDirectory() as folder:
        generate("prospects", Path(folder), options.clients, options.seed)
        proposals = pl.read_parquet(Path(folder) / "proposal.parquet")
    LOG.info("| figure | published | drawn | proposals |\n|---|--:|--:|--:|")
    for one in measured(proposals):
        LOG.info("| %s | %.3f | %.3f | %d |", " ".join(one.figure), one.published, one.drawn, one.rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
