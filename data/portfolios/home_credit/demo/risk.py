"""Who will not repay: what the application says, past conduct, and chance."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import polars as pl

from data.demo import scorecard
from data.demo.traits import Draws
from data.demo.writer import column
from data.portfolios.home_credit.demo.applicant_traits import traits
from data.portfolios.home_credit.demo.schemas import published

DEFAULT_RATE = 0.0807
# A model sees conduct only through few and noisy rows, so its weight was measured too small;
# and the more weighs on the outcome, the more an application must say to rank as well as it does.
_CONDUCT, _APPLICATION = 3.0, 1.4


class Risk:
    """The probability of default of drawn clients, by the scorecard and the weights of a profile."""

    def __init__(self, kept: Mapping, correlation: np.ndarray):
        self._kept, self._correlation = kept, correlation

    def probability(self, columns: Mapping[str, np.ndarray], drawn: Draws) -> np.ndarray:
        """Return each client's probability of default; their mean is the published rate."""
        form = published()["application_train"]
        frame = pl.DataFrame(
            [column(name, columns[name], kind) for name, kind in form.items() if name in columns]
        )
        cards = self._kept["scorecard"]
        told = scorecard.points(cards, traits(frame, self._kept["large_organisations"]).select(list(cards)))
        untold = np.column_stack([drawn.scores[name] for name in self._kept["order"]]) @ self._weights
        odds = _APPLICATION * told + _CONDUCT * untold
        low, high = -15.0, 15.0
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if _chance(odds + middle).mean() < DEFAULT_RATE else (low, middle)
        return _chance(odds + low)

    @cached_property
    def _weights(self) -> np.ndarray:
        """Weights of every trait's normal score that amount to conduct beyond the application.

        The scorecard already counts what an application tells of conduct (external scores
        above all): only what it does not tell is added.
        """
        order, conduct = self._kept["order"], self._kept["conduct"]
        weights = np.array([conduct.get(name, 0.0) for name in order])
        told = np.array([name in self._kept["scorecard"] for name in order])
        explained = np.linalg.solve(
            self._correlation[np.ix_(told, told)], self._correlation[np.ix_(told, ~told)] @ weights[~told]
        )
        weights[told] = -explained
        return weights


def slowness(drawn: Draws, rng: np.random.Generator) -> np.ndarray:
    """Return how slow each client is to pay instalments: mostly the tendency seen in their loans."""
    tendency = drawn.scores["previous:late_once"]
    return 0.85 * tendency + np.sqrt(1 - 0.85**2) * rng.normal(size=len(tendency))


def _chance(odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-odds))
