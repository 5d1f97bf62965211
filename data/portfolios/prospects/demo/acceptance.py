"""Who accepts: log-odds as a sum of effects, calibrated so that the published rates come out."""

from collections.abc import Mapping, Sequence
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
_OTHER_REGIONS = 0.15
# How much the effects above weigh: makes acceptance as hard to foresee as the source found it.
STRENGTH = 0.73
_ROUNDS = 60


@dataclass(frozen=True)
class Margin:
    """The rate of acceptance that a group of proposals must have."""

    name: str
    among: np.ndarray
    rate: float


def margins(proposals: Mapping[str, np.ndarray]) -> list[Margin]:
    """Return every published rate, with the proposals it is about."""
    rate, told = FIGURES["acceptance"], FIGURES["accepted"]
    test = proposals["ANNEE"] == TEST_YEAR
    young = proposals["AGE"] < 30
    campaign = proposals["ORIGINE"] == codes.CAMPAIGN
    channel = proposals["CANAL_ORIGINE"]
    return [
        Margin("ile_de_france", ~test & _nearby(proposals), told["ile_de_france"]),
        Margin("sante_prevoyance", ~test & _main_range(proposals), told["sante_prevoyance"]),
        Margin("face_to_face", ~test & (channel == codes.FACE_TO_FACE), told["face_to_face"]),
        Margin("far", ~test & np.isin(channel, (codes.TELEPHONE, codes.MAIL)), told["telephone_and_mail"]),
        Margin("campaign", ~test & campaign, told["campaign"]),
        Margin("judged_under_30", test & young, rate["judged_under_30"]),
        Margin("judged_from_30", test & ~young, rate["judged_from_30"]),
        Margin("learnt_from", ~test, rate["learnt_from"]),
    ]


class Acceptance:
    """The chance that each proposal is accepted; calibrated on the proposals it is made with."""

    def __init__(self, proposals: Mapping[str, np.ndarray], strength: float = STRENGTH):
        self._strength, self._tilt = strength, 0.0
        self._offsets: dict[str, float] = {}
        wanted = margins(proposals)
        base, features = self._free(proposals), self._features(proposals)
        for _ in range(_ROUNDS):
            self._turn(base, features, proposals, wanted)

    def chance(self, proposals: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the probability that each proposal is accepted."""
        return _chance(self._odds(self._free(proposals), self._features(proposals), proposals))

    def _turn(
        self,
        base: np.ndarray,
        features: Mapping[str, np.ndarray],
        proposals: Mapping[str, np.ndarray],
        wanted: Sequence[Margin],
    ) -> None:
        for margin in wanted:
            chance = _chance(self._odds(base, features, proposals))[margin.among]
            slope = max(float(np.mean(chance * (1 - chance))), 1e-3)
            step = (margin.rate - float(chance.mean())) / slope
            self._offsets[margin.name] = self._offsets.get(margin.name, 0.0) + float(np.clip(step, -1, 1))
        learnt = proposals["ANNEE"] != TEST_YEAR
        chance = _chance(self._odds(base, features, proposals))[learnt]
        age = proposals["AGE"][learnt]
        mean = float(np.average(age, weights=chance))
        weight = chance * (1 - chance)
        slope = float(np.mean(weight * (age - mean) ** 2) / np.mean(chance))
        self._tilt += (FIGURES["age"]["mean_of_acceptors"] - mean) / slope

    def _odds(
        self, base: np.ndarray, features: Mapping[str, np.ndarray], proposals: Mapping[str, np.ndarray]
    ) -> np.ndarray:
        odds = base + self._tilt * (proposals["AGE"] - 44.0)
        for name, offset in self._offsets.items():
            odds = odds + offset * features[name]
        return odds

    def _features(self, proposals: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return whom each offset is for: like the margins, but the effects are the same in every year."""
        test = proposals["ANNEE"] == TEST_YEAR
        young, channel = proposals["AGE"] < 30, proposals["CANAL_ORIGINE"]
        return {
            "ile_de_france": _nearby(proposals),
            "sante_prevoyance": _main_range(proposals),
            "face_to_face": channel == codes.FACE_TO_FACE,
            "far": np.isin(channel, (codes.TELEPHONE, codes.MAIL)),
            "campaign": proposals["ORIGINE"] == codes.CAMPAIGN,
            "judged_under_30": test & young,
            "judged_from_30": test & ~young,
            "learnt_from": ~test,
        }

    def _free(self, proposals: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the log-odds that nothing published fixes."""
        cover = np.zeros(len(proposals["AGE"]))
        for (ro, rc), effect in _COVER.items():
            both = (proposals["STATUT_ASSURE_RO"] == ro) & (proposals["STATUT_ASSURE_RC"] == rc)
            cover = np.where(both, effect, cover)
        odds = cover + _FORMER * (proposals["ADHERENT"] == codes.FORMER)
        odds = odds + _effect(_RANGES, proposals["GAMME_PROPOSITION"])
        odds = odds + _effect(_ORIGINS, proposals["ORIGINE"])
        odds = odds + np.array(_MONTHS)[proposals["MOIS"] - 1]
        before_thirty = np.minimum(proposals["AGE"] - 28.0, 0.0)
        return self._strength * odds + 0.075 * before_thirty


def _nearby(proposals: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.isin(proposals["DEPARTEMENT"], REGIONS[codes.ILE_DE_FRANCE])


def _main_range(proposals: Mapping[str, np.ndarray]) -> np.ndarray:
    return proposals["GAMME_PROPOSITION"] == codes.SANTE_PREVOYANCE


def _effect(effects: Mapping[str, float], values: np.ndarray) -> np.ndarray:
    names, places = np.unique(values, return_inverse=True)
    return np.array([effects[name] for name in names])[places]


def _chance(odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-odds))
