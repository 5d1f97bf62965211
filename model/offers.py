"""Which offer is taken, should a file be accepted: the shares of the offers, likeliest first.

One booster of many classes on the model's own inputs, learnt from files that were accepted
(``model.offers_training``). Offers with too few examples make one class, :data:`OTHER`: it has its
share, but nobody can propose it, so it is told among the others. The shares are a softmax of the
raw scores over a temperature (Guo et al. 2017, "On calibration of modern neural networks"): one
number, fitted on files that the booster had not seen, mends how sure it is and keeps the order.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model import booster as lgb
from model.results import Offer, Offers

OTHER = "OTHER"
BOOSTER, ABOUT = "offers_1.txt", "offers.json"


@dataclass(frozen=True)
class OfferModel:
    """Shares of the offers among those who accept.

    Attributes
    ----------
    booster : one raw score per class and row
    classes : codes of the offers in the order of the scores, :data:`OTHER` among them where some are rare
    rare : how many offers :data:`OTHER` stands for
    temperature : what raw scores are divided by
    shown : how many offers are told by name
    """

    booster: "lgb.lightgbm.Booster"
    classes: tuple[str, ...]
    rare: int
    temperature: float
    shown: int

    def shares(self, matrix: np.ndarray, threads: int = 1) -> np.ndarray:
        """Return the share of each class, shape ``(rows, classes)``; each row sums to 1.

        Parameters
        ----------
        matrix : array of float64, shape (rows, inputs)
            As the model's encoding writes it.
        """
        return softmax(raw_scores(self.booster, matrix, threads), self.temperature)

    def likeliest(self, shares: np.ndarray) -> Offers:
        """Return what is told of one file, from its shares of shape ``(classes,)``."""
        named = [place for place, code in enumerate(self.classes) if code != OTHER]
        order = sorted(named, key=lambda place: (-shares[place], self.classes[place]))
        top = tuple(Offer(self.classes[place], float(shares[place])) for place in order[: self.shown])
        left = [float(shares[place]) for place in order[self.shown :]]
        rare = float(shares[self.classes.index(OTHER)]) if OTHER in self.classes else 0.0
        return Offers(
            top=top,
            others=len(named) - len(top) + self.rare,
            others_share=max(1.0 - sum(offer.share for offer in top), 0.0),
            most_of_others=max(left, default=0.0),
            rare_share=rare,
        )


def raw_scores(
    booster: "lgb.lightgbm.Booster", matrix: np.ndarray, threads: int = 1, rounds: int | None = None
) -> np.ndarray:
    """Return the raw score of each class, shape ``(rows, classes)``, of the first ``rounds`` if given."""
    return booster.predict(matrix, raw_score=True, num_threads=threads, num_iteration=rounds)


def softmax(raw: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Return shares from raw scores of shape ``(rows, classes)``; a higher temperature evens them out."""
    scaled = (raw - raw.max(axis=1, keepdims=True)) / temperature
    weights = np.exp(scaled)
    return weights / weights.sum(axis=1, keepdims=True)


def read(booster: Path, about: Path) -> OfferModel:
    """Read the two files that training wrote."""
    told: Mapping = json.loads(about.read_text(encoding="utf-8"))
    return OfferModel(
        booster=lgb.load(booster),
        classes=tuple(told["classes"]),
        rare=told["rare"],
        temperature=told["temperature"],
        shown=told["shown"],
    )
