"""What a candidate is worth, out of fold, and against the champion. Never imported by the web process."""

from dataclasses import asdict, dataclass

import numpy as np
from sklearn.metrics import accuracy_score, average_precision_score, brier_score_loss, f1_score, fbeta_score

from model import calibration, cost
from model.calibration import probability, reliability
from model.cost import Costs
from model.delong import Interval, auc_difference, auc_interval

_Z = 1.959964
_SUREST = 1e-6  # a forest may say 0, whose log-odds are not a number
_TRIED = 401  # thresholds looked at for a candidate's own best
_CURVE = np.linspace(-4.5, 2.5, 29)  # log-odds at which the cost curve is drawn: 1 to 92 in 100


@dataclass(frozen=True)
class Answers:
    """What a candidate said of files it had not seen, shape ``(rows,)`` each.

    ``raw`` holds log-odds; ``flagged`` what it decides when nobody sets a threshold;
    ``seconds`` how long one fit takes, None where it was not timed; ``knows`` is false for a rule
    that says the same of every file, or draws lots: there is nothing to calibrate then.
    """

    raw: np.ndarray
    flagged: np.ndarray
    seconds: float | None
    knows: bool = True


@dataclass(frozen=True)
class Judge:
    """Outcomes, folds and costs that all candidates share."""

    outcome: np.ndarray
    fold: np.ndarray
    costs: Costs

    @property
    def beta(self) -> float:
        """How many times recall weighs as much as precision in F-beta.

        ``F = (1 + b2) TP / ((1 + b2) TP + b2 FN + FP)`` (van Rijsbergen 1979): with ``b2`` the ratio
        of the costs, a miss and a wrong alarm weigh there what they cost.
        """
        return float(np.sqrt(self.costs.false_negative / self.costs.false_positive))

    def spent(self, flagged: np.ndarray) -> np.ndarray:
        """Return what each file costs when these are flagged, shape ``(rows,)``."""
        missed = self.costs.false_negative * ~flagged
        return np.where(self.outcome == 1, missed, self.costs.false_positive * flagged)

    def calibrated(self, raw: np.ndarray) -> np.ndarray:
        """Return log-odds calibrated fold by fold on the four others."""
        said = np.empty(len(raw))
        for number in np.unique(self.fold):
            rows = self.fold == number
            said[rows] = calibration.fit(raw[~rows], self.outcome[~rows]).apply(raw[rows])
        return said

    def own_decisions(self, answers: Answers) -> tuple[np.ndarray, float | None]:
        """Return whether each file is flagged at the cheapest threshold of the four other folds.

        Also the cheapest on all rows, as a probability; a rule has none and keeps its decisions. On
        the raw log-odds, and among values that occur: balanced models put theirs far from theory.
        """
        if not answers.knows:
            return answers.flagged, None
        raw, flagged = answers.raw, np.zeros(len(self.fold), dtype=bool)
        for number in np.unique(self.fold):
            rows = self.fold == number
            flagged[rows] = raw[rows] >= self._cheapest(raw[~rows], self.outcome[~rows])
        return flagged, float(probability(self._cheapest(raw, self.outcome)))

    def _cheapest(self, raw: np.ndarray, outcome: np.ndarray) -> float:
        tried = np.append(np.unique(np.quantile(raw, np.linspace(0, 1, _TRIED))), np.inf)
        return float(tried[np.argmin(cost.curve(raw, outcome, tried, self.costs))])


def log_odds(p: np.ndarray) -> np.ndarray:
    """Return the log-odds of probabilities, 0 and 1 taken as one in a million away."""
    p = np.clip(p, _SUREST, 1 - _SUREST)
    return np.log(p / (1 - p))


def described(judge: Judge, answers: Answers) -> dict:
    """Return every figure of a candidate, ready for JSON.

    Returns
    -------
    dict
        ``auc`` with its interval, ``average_precision``; ``raw`` and ``recalibrated``: what its
        probabilities are worth, and the cost at the theoretical threshold (None for a rule without
        probabilities); ``own``: at its own best threshold, chosen on four folds and counted on the
        fifth; ``unasked``: what it decides by itself; ``cost_curve``; ``fit_seconds``.
    """
    flagged, threshold = judge.own_decisions(answers)
    return {
        "auc": asdict(auc_interval(judge.outcome, answers.raw)),
        "average_precision": float(average_precision_score(judge.outcome, answers.raw)),
        "raw": _announced(judge, answers.raw, answers.knows),
        "recalibrated": _announced(judge, judge.calibrated(answers.raw), True) if answers.knows else None,
        "own": {"threshold": threshold} | decided(judge, flagged),
        "unasked": decided(judge, answers.flagged),
        "cost_curve": _cost_curve(judge, answers.raw),
        "fit_seconds": answers.seconds,
    }


def decided(judge: Judge, flagged: np.ndarray) -> dict:
    """Return what decisions are worth: cost, shares and the usual scores of a classifier."""
    outcome = judge.outcome
    return {
        "cost_per_file": asdict(mean_interval(judge.spent(flagged))),
        "refused_share": float(flagged.mean()),
        "accuracy": float(accuracy_score(outcome, flagged)),
        "f1": float(f1_score(outcome, flagged, zero_division=0)),
        "f_beta": float(fbeta_score(outcome, flagged, beta=judge.beta, zero_division=0)),
    }


def against(judge: Judge, answers: Answers, other: Answers) -> dict[str, dict]:
    """Return how much better ``answers`` is than ``other``, paired file by file, with 95 % intervals.

    ``auc`` gained; ``saved_per_file`` each at its own best threshold; ``saved_in_theory`` both
    recalibrated, and ``saved_raw`` both as they come, at the theoretical threshold.
    """
    cut = float(log_odds(np.array(judge.costs.theoretical_threshold)))
    pair = (other, answers)
    ways = {
        "saved_per_file": [judge.own_decisions(one)[0] for one in pair],
        "saved_raw": [one.raw >= cut for one in pair],
    }
    if answers.knows and other.knows:
        ways["saved_in_theory"] = [judge.calibrated(one.raw) >= cut for one in pair]
    saved = {name: judge.spent(before) - judge.spent(after) for name, (before, after) in ways.items()}
    return {"auc": asdict(auc_difference(judge.outcome, other.raw, answers.raw))} | {
        name: asdict(mean_interval(values)) for name, values in saved.items()
    }


def mean_interval(values: np.ndarray) -> Interval:
    """Return a mean with its normal 95 % interval."""
    mean, margin = float(values.mean()), float(_Z * values.std(ddof=1) / np.sqrt(len(values)))
    return Interval(mean, mean - margin, mean + margin)


def _announced(judge: Judge, said: np.ndarray, knows: bool) -> dict:
    p, outcome = probability(said), judge.outcome
    flagged = p >= judge.costs.theoretical_threshold
    line = calibration.fit(said, outcome) if knows else None
    return {
        "brier": float(brier_score_loss(outcome, p)),
        "announced": float(p.mean()),
        "observed": float(outcome.mean()),
        "slope": line.slope if line else None,
        "intercept": line.intercept if line else None,
        "cost_per_file": float(judge.spent(flagged).mean()),
        "refused_share": float(flagged.mean()),
        "reliability": reliability(p, outcome) if line else [],
    }


def _cost_curve(judge: Judge, raw: np.ndarray) -> dict[str, list[float]]:
    spent = cost.curve(raw, judge.outcome, _CURVE, judge.costs)
    return {"threshold": np.round(probability(_CURVE), 4).tolist(), "cost": np.round(spent, 4).tolist()}
