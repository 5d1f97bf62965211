"""Prospects and the proposals made to them, before anyone has answered."""

from collections.abc import Mapping
from functools import cache

import numpy as np

from data.demo import copula, normal
from data.demo.rows import choose
from data.demo.traits import EVERYONE, Draws
from data.portfolios.prospects.demo import codes
from data.portfolios.prospects.demo.published import FIGURES
from data.portfolios.prospects.features import REGIONS

YEARS = (2018, 2019, 2021)  # 2020 was set aside by the source as abnormal
YOUNGEST, OLDEST = 18, 95
_SEVERAL_FROM = YOUNGEST + YEARS[-1] - YEARS[0]
# Proposals that a prospect had over the years.
_PROPOSALS = {1: 0.72, 2: 0.20, 3: 0.08}
# Of a proposal's range, channel or origin, the part that stays with the prospect (as a variance).
_KEPT = 0.45
_MONTHS = (0.055, 0.055, 0.060, 0.060, 0.065, 0.070, 0.110, 0.090, 0.150, 0.150, 0.080, 0.055)
# Correlations of the normal scores behind the traits, each with those before it.
_ORDER = ("AGE", "family", "cover_ro", "cover_rc", "range", "channel", "origin")
_CORRELATION = (
    (0.55,),
    (0.10, 0.05),
    (0.15, 0.05, 0.15),
    (0.72, 0.45, 0.10, 0.05),
    (0.25, 0.10, 0.05, 0.05, 0.10),
    (0.20, 0.05, -0.15, 0.10, 0.10, 0.15),
)
_COVERED = {"cover_ro": 0.30, "cover_rc": 0.25}
# Of each prospect's last proposal. Those before were made one to three years earlier, and all together
# come near the published figures (17 % under 30 in 2021, 50 % from 25, 38 % from 50, mean 44), which
# hardly hold together: they leave 12 % for those under 25 and from 75.
_AGES = {"under_30": 0.174, "from_25_to_50": 0.492, "from_50_to_75": 0.392, "from_75": 0.015, "mean": 44.8}
_HUMPS = ((0.17, 22.0, 7.0), (0.22, 33.0, 5.0), (0.45, 50.0, 13.0), (0.12, 70.5, 3.5))  # size, centre, width


def draw_prospects(count: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw what stays with ``count`` prospects from year to year, one array of each."""
    correlation = copula.unpack([value for row in _CORRELATION for value in row], len(_ORDER))
    scores = rng.normal(size=(count, len(_ORDER))) @ copula.root(correlation)
    drawn = Draws(_laws(), dict(zip(_ORDER, scores.T, strict=True)))
    weights = _weights()
    women = rng.random(count) < FIGURES["share"]["women"]
    family, age = drawn.label("family"), drawn.value("AGE")
    several = 1 + choose(np.array(list(_PROPOSALS.values())), rng, count)
    miss = women & (family == codes.SINGLE) & (rng.random(count) < 0.15)
    return {
        "SEXE": np.where(women, codes.WOMAN, codes.MAN),
        "CIVILITE": np.where(women, np.where(miss, codes.MISS, codes.MRS), codes.MR),
        "SITUATION_FAMILIALE": family,
        "DEPARTEMENT": np.array(list(weights))[choose(np.array(list(weights.values())), rng, count)],
        "STATUT_ASSURE_RO": drawn.value("cover_ro"),
        "STATUT_ASSURE_RC": drawn.value("cover_rc"),
        "known": rng.random(count) < 0.12,
        "age": age,
        # Nobody was proposed anything before they came of age.
        "proposals": np.where(age < _SEVERAL_FROM, 1, several),
    } | {name: drawn.scores[name] for name in ("range", "channel", "origin")}


def draw_proposals(
    prospects: Mapping[str, np.ndarray],
    owner: np.ndarray,
    year: np.ndarray,
    before: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Draw one proposal for each ``owner`` (place among ``prospects``) in its ``year``.

    ``before`` says how many years before the day at which the prospect's ``age`` is told.
    """
    own = {name: rng.normal(size=len(owner)) for name in ("range", "channel", "origin")}
    scores = {
        name: np.sqrt(_KEPT) * prospects[name][owner] + np.sqrt(1 - _KEPT) * z for name, z in own.items()
    }
    drawn = Draws(_laws(), scores)
    ro, rc = prospects["STATUT_ASSURE_RO"][owner], prospects["STATUT_ASSURE_RC"][owner]
    kept = ("SEXE", "CIVILITE", "SITUATION_FAMILIALE", "DEPARTEMENT", "STATUT_ASSURE_RO", "STATUT_ASSURE_RC")
    age = np.floor(prospects["age"][owner]) - before
    return {name: prospects[name][owner] for name in kept} | {
        "ANNEE": year,
        "MOIS": 1 + choose(np.array(_MONTHS), rng, len(owner)),
        "AGE": np.minimum(age, OLDEST).astype(np.int64),
        "ADHERENT": np.where(
            (ro == 1) | (rc == 1),
            codes.MEMBER,
            np.where(prospects["known"][owner], codes.FORMER, codes.NO_MEMBER),
        ),
        "GAMME_PROPOSITION": drawn.label("range"),
        "CANAL_ORIGINE": drawn.label("channel"),
        "ORIGINE": drawn.label("origin"),
    }


def proposals_each() -> float:
    """Return how many proposals a prospect has on average."""
    return sum(number * share for number, share in _PROPOSALS.items())


@cache
def _laws() -> dict[str, dict]:
    categories = {
        "family": codes.FAMILY,
        "range": codes.RANGES,
        "channel": codes.CHANNELS,
        "origin": codes.ORIGINS,
    } | {name: {"0": 1 - share, "1": share} for name, share in _COVERED.items()}
    laws: dict[str, dict] = {
        name: {
            "kind": "category",
            "labels": list(shares),
            "groups": {EVERYONE: [float(share) for share in shares.values()]},
        }
        for name, shares in categories.items()
    }
    return laws | {"AGE": {"kind": "number", "groups": {EVERYONE: _age_quantiles()}}}


def _age_quantiles() -> list[float]:
    """Return the quantiles of age: a smooth law near the humps, with the published shares and mean."""
    ages = np.arange(YOUNGEST, OLDEST + 1)
    shares = np.maximum(_shares_of_ages(ages), 0.0)
    # The figures are of proposals, and those who came of age of late have had one each.
    shares *= np.where(ages < _SEVERAL_FROM, proposals_each(), 1.0)
    edges = np.concatenate([[0.0], np.cumsum(shares / shares.sum())])
    return np.interp(normal.LEVELS, edges, np.append(ages, OLDEST + 1.0)).tolist()


def _shares_of_ages(ages: np.ndarray) -> np.ndarray:
    """Return the share of each age: least bent away from ``_HUMPS`` under linear constraints (Lagrange)."""
    humps = np.sum(
        [size * np.exp(-0.5 * ((ages - at) / wide) ** 2) / wide for size, at, wide in _HUMPS], axis=0
    )
    bent = np.diff(np.eye(len(ages)), 2, axis=0)
    cost = bent.T @ bent + 1e-6 * np.eye(len(ages))
    cost[-1, -1] += 0.1  # nobody is much older
    bands = (ages >= 0, ages < 30, (ages >= 25) & (ages < 50), (ages >= 50) & (ages < 75), ages >= 75)
    held = np.array([*bands, ages], dtype=float)
    wanted = np.array([1.0, *_AGES.values()])
    nothing = np.zeros((len(wanted), len(wanted)))
    system = np.block([[cost, held.T], [held, nothing]])
    return np.linalg.solve(system, np.concatenate([cost @ (humps / humps.sum()), wanted]))[: len(ages)]


@cache
def _weights() -> dict[str, float]:
    """Return the share of prospects of each department: by inhabitants, but Île-de-France as published."""
    people, near = codes.departments(), set(REGIONS[codes.ILE_DE_FRANCE])
    share = {True: FIGURES["share"]["ile_de_france"], False: 1 - FIGURES["share"]["ile_de_france"]}
    sums = {side: sum(count for code, count in people.items() if (code in near) is side) for side in share}
    return {code: share[code in near] * count / sums[code in near] for code, count in people.items()}
