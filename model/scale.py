"""Points: a linear reading of calibrated log-odds.

600 points mean odds of 10 to 1 of the good outcome and 20 points double the odds (both are
settings of the portfolio). Because the scale is linear, contributions in log-odds stay exact
contributions in points.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Linear map between log-odds of the positive class and points.

    ``sign`` is +1 when the positive class is the good outcome, -1 when it is the bad one.
    """

    anchor_points: float
    anchor_odds: float
    points_to_double: float
    sign: int

    @classmethod
    def of(cls, portfolio_settings: Mapping) -> "Scale":
        """Read the scale of a ``portfolio.toml``."""
        scale = portfolio_settings["scale"]
        return cls(
            scale["anchor_points"],
            scale["anchor_odds"],
            scale["points_to_double"],
            1 if portfolio_settings["positive_is_good"] else -1,
        )

    @property
    def factor(self) -> float:
        """Points per unit of log-odds of the positive class (signed)."""
        return self.sign * self.points_to_double / math.log(2)

    def points(self, log_odds):
        """Return the points of log-odds of the positive class (scalar or array)."""
        return self.anchor_points + self.factor * (log_odds - self.sign * math.log(self.anchor_odds))

    def log_odds(self, points):
        """Return the log-odds of the positive class at ``points`` (scalar or array)."""
        return (points - self.anchor_points) / self.factor + self.sign * math.log(self.anchor_odds)

    def probability(self, points: float) -> float:
        """Return the probability of the positive class at ``points``."""
        return expit(self.log_odds(points))

    def at_probability(self, probability: float) -> float:
        """Return the points at which the positive class has this probability."""
        return self.points(math.log(probability / (1 - probability)))


def expit(log_odds: float) -> float:
    """Return the probability that log-odds stand for, without overflow at either end."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    return math.exp(log_odds) / (1 + math.exp(log_odds))
