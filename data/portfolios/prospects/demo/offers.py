"""Which offer an accepted proposal ends in: an offer of the range proposed, by age and cover."""

from collections.abc import Mapping

import numpy as np

from data.portfolios.prospects.demo import codes
from data.portfolios.prospects.demo.published import FIGURES

# Chances fall from an offer of a range to the next; those that are rare share this much of a range.
_FALL, _RARE = 0.75, 0.03


def table() -> dict[str, list[str]]:
    """Return the offers as a table: code, range, name."""
    pairs = [(offer, name) for name, offers in codes.offers().items() for offer in offers]
    return {
        "OFFRE": [offer for offer, _ in pairs],
        "GAMME": [name for _, name in pairs],
        "LIBELLE": [f"{name.capitalize()} {offer[-3:]}" for offer, name in pairs],
    }


def taken(proposals: Mapping[str, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Draw the offer of each proposal given."""
    found = np.empty(len(proposals["AGE"]), dtype=object)
    for name, offers in codes.offers().items():
        rows = np.flatnonzero(proposals["GAMME_PROPOSITION"] == name)
        shares = _shares(name, {key: values[rows] for key, values in proposals.items()})
        edges = np.cumsum(shares, axis=1)
        place = (rng.random((len(rows), 1)) > edges[:, :-1]).sum(axis=1)
        found[rows] = np.array(offers, dtype=object)[place]
    return found


def _shares(name: str, proposals: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the chance of each offer of a range (columns) for each proposal (rows)."""
    learnt, rare = codes.OFFERS_OF[name]
    first = np.log(_FALL) * np.arange(learnt)
    if name == codes.SANTE_PREVOYANCE:
        share = (
            FIGURES["share"]["k00034"]
            * FIGURES["accepted"]["k00034"]
            / FIGURES["accepted"]["sante_prevoyance"]
        )
        first[0] = np.log(np.exp(first[1:]).sum() * share / (1 - share))
    age = (proposals["AGE"][:, None] - 40.0) / 14.0
    leaning = 1.2 * np.cos(2.4 * np.arange(learnt))
    cover = np.where(proposals["STATUT_ASSURE_RO"][:, None] == 1, 1.0, -0.5)
    scores = np.exp(first + leaning * age + 1.2 * np.sin(1.7 * np.arange(learnt)) * cover)
    scores = (1 - _RARE) * scores / scores.sum(axis=1, keepdims=True)
    return np.hstack([scores, np.full((len(scores), rare), _RARE / rare)])
