"""What decisions and probabilities are worth, with intervals and paired differences. Training only.

Every metric here is a mean, a ratio of sums, or an area made of ranks: next to its value stands what
each row adds to its error (its influence function, J.-C. Deville, *Variance estimation for complex
statistics and estimators*, Survey Methodology 25, 1999; for the AUC, DeLong and others, see
:mod:`model.delong`). Differences of two models on the same rows are differences of influences, and rows
of one group (the proposals of one prospect) are added up before they are squared, since they are not
independent (K.-Y. Liang and S. Zeger, Biometrika 73, 1986).
"""

from dataclasses import asdict, dataclass

import numpy as np

from model.compared import LOWER_IS_BETTER, METRICS
from model.cost import Costs
from model.delong import Interval, placements

_Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True)
class Measured:
    """A metric and the influence of each row on it, shape ``(rows,)``, of mean 0."""

    value: float
    influence: np.ndarray


@dataclass(frozen=True)
class Judge:
    """What models are judged on.

    Attributes
    ----------
    outcome : array of {0, 1}, shape (rows,); both must occur
    costs : of each error
    group : array of int, shape (rows,): rows of one number belong together
    mark : probability from which a row counts as said positive; by default that of the costs' theory
    """

    outcome: np.ndarray
    costs: Costs
    group: np.ndarray
    mark: float | None = None

    def take(self, rows: np.ndarray) -> "Judge":
        """Return the judge of these rows only."""
        return Judge(self.outcome[rows], self.costs, self.group[rows], self.mark)

    def figures(self, p: np.ndarray) -> dict[str, dict]:
        """Return every metric of probabilities ``p``, shape ``(rows,)``, with its interval."""
        measured = self._measured(p)
        return {name: asdict(self.interval(one.value, one.influence)) for name, one in measured.items()}

    def gains(self, before: np.ndarray, after: np.ndarray) -> dict[str, dict]:
        """Return by how much each metric of ``after`` is larger than that of ``before``, paired."""
        old, new = self._measured(before), self._measured(after)
        return {
            name: asdict(
                self.interval(new[name].value - old[name].value, new[name].influence - old[name].influence)
            )
            for name in METRICS
        }

    def values(self, p: np.ndarray) -> dict[str, float]:
        """Return every metric of probabilities ``p``, without intervals."""
        return {name: one.value for name, one in self._measured(p).items()}

    def _measured(self, p: np.ndarray) -> dict[str, Measured]:
        mark = self.costs.theoretical_threshold if self.mark is None else self.mark
        flagged, positive = p >= mark, self.outcome == 1
        hit, everyone = flagged & positive, np.ones(len(p))
        recall, specificity = _ratio(hit, positive), _ratio(~flagged & ~positive, ~positive)
        spent = np.where(positive, self.costs.false_negative * ~flagged, self.costs.false_positive * flagged)
        found = {
            "accuracy": _ratio(flagged == positive, everyone),
            "recall": recall,
            "precision": _ratio(hit, flagged),
            "f1": _ratio(2 * hit, flagged.astype(int) + positive),
            "balanced_accuracy": Measured(
                (recall.value + specificity.value) / 2, (recall.influence + specificity.influence) / 2
            ),
            "auc": _area(self.outcome, p),
            "brier": _ratio((p - self.outcome) ** 2, everyone),
            "cost": _ratio(spent, everyone),
        }
        return {name: found[name] for name in METRICS}

    def interval(self, value: float, influence: np.ndarray) -> Interval:
        """Return a value with its 95 % interval, from the influence of each row, shape ``(rows,)``."""
        together = np.bincount(np.unique(self.group, return_inverse=True)[1], weights=influence)
        margin = _Z * float(np.sqrt(np.sum(together**2))) / len(influence)
        return Interval(value, value - margin, value + margin)


def best(said: dict[str, dict[str, float]], metric: str) -> str:
    """Return the name whose ``metric`` is best; of equals, the first."""
    sign = 1 if metric in LOWER_IS_BETTER else -1
    return min(said, key=lambda name: sign * said[name][metric])


def _ratio(above: np.ndarray, below: np.ndarray) -> Measured:
    """Return the ratio of two sums; 0 and no error where there is nothing to divide by."""
    whole, below = float(np.sum(below)), below.astype(float)
    if not whole:
        return Measured(0.0, np.zeros(len(below)))
    value = float(np.sum(above)) / whole
    return Measured(value, (above - value * below) * len(below) / whole)


def _area(outcome: np.ndarray, score: np.ndarray) -> Measured:
    below, above = placements(outcome, score)
    area, influence = float(below.mean()), np.empty(len(outcome))
    for value, each in ((1, below), (0, above)):
        influence[outcome == value] = (each - area) * len(outcome) / len(each)
    return Measured(area, influence)
