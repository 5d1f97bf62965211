"""Who accepts: log-odds as a sum of effects, calibrated so that the published rates come out."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data.portfolios.prospects.demo import codes
from data.portfolios.prospects.demo.published import FIGURES
from data.portfolios.prospects.features import REGIONS

TEST_YEAR = 2021
# Effects that nothing published fixes, in log-odds: ours.
_RANGES = dict(
    zip(
        codes.RANGES,
        (0.6, 0.5, 0.1, -0.4, -0.6, -0.5, 0.0, 0.2, 0.6, -0.2, 0.4, -0.7, -0.3, 0.2, -0.8, 0.3, -1.0, -0.9),
        strict=True,
    )
)
_ORIGINS = dict(zip(codes.ORIGINS, (-0.3, -0.6, 1.0, 0.3, 0.1, 0.0, -0.9, -0.4), strict=True))
_COVER = {(0, 0): -0.45, (1, 0): 1.1, (0, 1): -0.9, (1, 1): 0.5}  # (RO, RC)
_FORMER = -0.5
_MONTHS = (-0.1, -0.1, -0.1, 0.0, 0.0, 0.0, 0.0, -0.15, 0.15, 0.2, 0.3, 0.1)
# How much the effects above weigh: makes acceptance as hard to foresee as the source found it.
STRENGTH = 0.73
# Below this age, each year less takes away so much: those who accept peak a little above it.
_PEAK, _YOUNGER = 28.0, 0.075
_ROUNDS = 12  # of Newton's method


@dataclass(frozen=True)
class Effect:
    """An effect on acceptance: on whom, and the rate that those of its years must have."""

    on: np.ndarray
    measured: np.ndarray
    rate: float


def effects(proposals: Mapping[str, np.ndarray]) -> dict[str, Effect]:
    """Return the effect behind every published rate.

    The rates of groups are those of the years learnt from, but a group has its effect in every year;
    2021 has rates of its own by age, and so an effect for each.
    """
    rate, told = FIGURES["acceptance"], FIGURES["accepted"]
    test, young = proposals["ANNEE"] == TEST_YEAR, proposals["AGE"] < 30
    channel = proposals["CANAL_ORIGINE"]
    groups = {
        "ile_de_france": np.isin(proposals["DEPARTEMENT"], REGIONS[codes.ILE_DE_FRANCE]),
        "sante_prevoyance": proposals["GAMME_PROPOSITION"] == codes.SANTE_PREVOYANCE,
        "face_to_face": channel == codes.FACE_TO_FACE,
        "telephone_and_mail": np.isin(channel, (codes.TELEPHONE, codes.MAIL)),
        "campaign": proposals["ORIGINE"] == codes.CAMPAIGN,
    }
    years = {"judged_under_30": test & young, "judged_from_30": test & ~young, "learnt_from": ~test}
    return {name: Effect(group, group & ~test, told[name]) for name, group in groups.items()} | {
        name: Effect(group, group, rate[name]) for name, group in years.items()
    }


class Acceptance:
    """The chance that each proposal is accepted; calibrated on the proposals it is made with."""

    def __init__(self, proposals: Mapping[str, np.ndarray]):
        known, free = effects(proposals), _free(proposals)
        design = _design(proposals, known)
        # Each row weighs proposals so that their chances add up to what is wanted: a rate, or for
        # the slope of age, acceptances that balance around the mean age published.
        learnt = proposals["ANNEE"] != TEST_YEAR
        balance = (proposals["AGE"] - FIGURES["age"]["mean_of_acceptors"]) * learnt / learnt.sum()
        weights = np.array([effect.measured / effect.measured.sum() for effect in known.values()] + [balance])
        wanted = np.array([effect.rate for effect in known.values()] + [0.0])
        self._sizes = np.zeros(len(design))
        for _ in range(_ROUNDS):
            chance = _chance(free + self._sizes @ design)
            curve = weights @ (design * (chance * (1 - chance))).T
            self._sizes += np.clip(np.linalg.solve(curve, wanted - weights @ chance), -1, 1)

    def chance(self, proposals: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the probability that each proposal is accepted."""
        return _chance(_free(proposals) + self._sizes @ _design(proposals, effects(proposals)))


def _design(proposals: Mapping[str, np.ndarray], known: Mapping[str, Effect]) -> np.ndarray:
    """Return what each effect is multiplied by: one where it is, and for the last one years of age."""
    return np.array([effect.on for effect in known.values()] + [proposals["AGE"] - FIGURES["age"]["mean"]])


def _chance(odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-odds))


def _free(proposals: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the log-odds that nothing published fixes."""
    cover = np.zeros(len(proposals["AGE"]))
    for (ro, rc), effect in _COVER.items():
        both = (proposals["STATUT_ASSURE_RO"] == ro) & (proposals["STATUT_ASSURE_RC"] == rc)
        cover = np.where(both, effect, cover)
    odds = cover + _FORMER * (proposals["ADHERENT"] == codes.FORMER)
    odds = odds + _of(_RANGES, proposals["GAMME_PROPOSITION"]) + _of(_ORIGINS, proposals["ORIGINE"])
    odds = odds + np.array(_MONTHS)[proposals["MOIS"] - 1]
    return STRENGTH * odds + _YOUNGER * np.minimum(proposals["AGE"] - _PEAK, 0.0)


def _of(sizes: Mapping[str, float], values: np.ndarray) -> np.ndarray:
    names, places = np.unique(values, return_inverse=True)
    return np.array([sizes[name] for name in names])[places]
