"""Which offer an accepted proposal ends in: an offer of the range proposed, by age and cover.

The source says of its largest range, "santé prévoyance", that it makes 35 % of the proposals, accepted
in 49 %, and of its offer K00034 that it makes 40 % "of proposals", accepted in 47 %. Of all
proposals that can't be: the offer would outweigh its range. It is read as 40 % of the proposals of the
range. Offers are known here of accepted proposals only, where that makes 0.40 x 0.47 / 0.49 =
38.4 % of those of the range.
"""

from collections.abc import Mapping

import numpy as np

from data.portfolios.prospects.demo import codes
from data.portfolios.prospects.demo.published import FIGURES

_ACCENTS = {
    "SANTE": "santé",
    "ETUDIANTS": "étudiants",
    "EPARGNE": "épargne",
    "PREVOYANCE": "prévoyance",
    "INDEPENDANTS": "indépendants",
    "SURCOMPLEMENTAIRE": "surcomplémentaire",
    "DECES": "décès",
    "DEPENDANCE": "dépendance",
    "OBSEQUES": "obsèques",
}
# Chances fall from an offer of a range to the next. One that is rare has this share of all acceptances,
# that is some 70 examples at full size; and they all together no more than this share of their range's.
_FALL, _RARE, _RARE_OF_RANGE = 0.85, 0.001, 0.15
# How far age and cover tell the offers of a range apart, in the largest one and elsewhere: makes them as
# hard to foresee as the source found them.
_LEANING, _ELSEWHERE = 1.5, 0.55


def table() -> dict[str, list[str]]:
    """Return the offers as a table: code, range, name."""
    pairs = [(offer, name) for name, offers in codes.offers().items() for offer in offers]
    return {
        "OFFRE": [offer for offer, _ in pairs],
        "GAMME": [name for _, name in pairs],
        "LIBELLE": [f"{_spelt(name)} {int(offer[1:])}" for offer, name in pairs],
    }


def _spelt(name: str) -> str:
    """Return a range as it is written, accents and all."""
    return " ".join(_ACCENTS.get(word, word.lower()) for word in name.split()).capitalize()


class Offers:
    """The chance of each offer; calibrated on proposals and their chances of being accepted."""

    def __init__(self, proposals: Mapping[str, np.ndarray], chance: np.ndarray):
        ranges = proposals["GAMME_PROPOSITION"]
        self._rare = {
            name: min(_RARE_OF_RANGE, rare * _RARE * chance.sum() / chance[ranges == name].sum())
            for name, (_, rare) in codes.OFFERS_OF.items()
        }
        among = ranges == codes.SANTE_PREVOYANCE
        rows = {name: values[among] for name, values in proposals.items()}
        accepted, self._first = FIGURES["accepted"], 0.0
        wanted = FIGURES["share"]["k00034"] * accepted["k00034"] / accepted["sante_prevoyance"]
        for _ in range(20):
            share = np.average(self.shares(codes.SANTE_PREVOYANCE, rows)[:, 0], weights=chance[among])
            self._first += np.log(wanted / share * (1 - share) / (1 - wanted))

    def draw(self, proposals: Mapping[str, np.ndarray], rng: np.random.Generator) -> np.ndarray:
        """Draw the offer of each accepted proposal."""
        found = np.empty(len(proposals["AGE"]), dtype=object)
        for name, offers in codes.offers().items():
            rows = np.flatnonzero(proposals["GAMME_PROPOSITION"] == name)
            shares = self.shares(name, {key: values[rows] for key, values in proposals.items()})
            edges = np.cumsum(shares, axis=1)
            place = (rng.random((len(rows), 1)) > edges[:, :-1]).sum(axis=1)
            found[rows] = np.array(offers, dtype=object)[place]
        return found

    def shares(self, name: str, proposals: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the chance of each offer of a range (columns) for each proposal (rows)."""
        learnt, rare = codes.OFFERS_OF[name]
        number = np.arange(learnt)
        scores = np.log(_FALL) * number + (number == 0) * (name == codes.SANTE_PREVOYANCE) * self._first
        age = (proposals["AGE"][:, None] - 40.0) / 14.0
        covered = np.where(proposals["STATUT_ASSURE_RO"][:, None] == 1, 1.0, -0.5)
        leaning = (_LEANING if name == codes.SANTE_PREVOYANCE else _ELSEWHERE) * (
            np.cos(2.4 * number) * age + np.sin(1.7 * number) * covered
        )
        weights = np.exp(scores + leaning)
        weights *= (1 - self._rare[name]) / weights.sum(axis=1, keepdims=True)
        return np.hstack([weights, np.full((len(weights), rare), self._rare[name] / rare)])
