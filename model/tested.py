"""A model judged on the rows that ``[split]`` sets aside (see :mod:`model.campaign`). Training only.

Nothing here mends the model: where the rates of these rows differ from those learnt from,
``calibration_intercept`` and ``calibration_slope`` say so, and the probabilities stay as they are.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from data.portfolios import Portfolio
from model import calibration, segments, split
from model.account import Training
from model.calibration import Calibration, probability
from model.campaign import EVERYONE
from model.compare_judged import Judge, Measured
from model.matrix import Encoding
from model.population import Population
from model.scale import Scale
from model.stages import Stage, log_odds

FEWEST = 2  # rows of each outcome without which nothing can be judged


@dataclass(frozen=True)
class Aside:
    """Rows that only judge: who they are, and what the model reads of them, shape ``(rows, inputs)``."""

    population: Population
    matrix: np.ndarray
    group: np.ndarray

    @classmethod
    def of(cls, portfolio: Portfolio, population: Population, encoding: Encoding) -> "Aside | None":
        """Return the rows, or None where there are too few of an outcome to judge on."""
        if not enough(population.outcome):
            return None
        group = split.groups(portfolio, population.frame)
        group = np.arange(len(population.ids)) if group is None else group
        return cls(population, encoding.encode(population.frame), group)

    @property
    def outcome(self) -> np.ndarray:
        return self.population.outcome

    def said(self, training: Training, stages: Sequence[Stage], threads: int) -> np.ndarray:
        """Return the calibrated log-odds that a model gives these rows, shape ``(rows,)``."""
        raw = log_odds(stages, self.matrix, self.population.covered, threads)
        return training.calibration.apply(raw)


def enough(outcome: np.ndarray) -> bool:
    """Say whether there are rows of both outcomes to judge on."""
    return min(outcome.sum(), len(outcome) - outcome.sum()) >= FEWEST


def describe(
    portfolio: Portfolio,
    rows: Aside,
    training: Training,
    stages: Sequence[Stage],
    threads: int,
) -> dict:
    """Return ``test.json``, as :mod:`model.campaign` describes it."""
    said = rows.said(training, stages, threads)
    threshold, scale = training.threshold["in_force"], training.scale
    mark = whole_mark(scale, threshold)
    judge = Judge(rows.outcome, training.costs, rows.group, mark)
    return {
        **split.told(portfolio),
        "rows": len(said),
        "positives": int(rows.outcome.sum()),
        "mark": {"probability": threshold, "points": round(scale.at_probability(threshold))},
        "metrics": figures(judge, probability(said)) | calibrated(judge, said),
        "confusion": _confusion(probability(said) >= mark, rows.outcome == 1),
        "reliability": calibration.reliability(probability(said), rows.outcome),
        **counts(portfolio, rows.population, scale.points(said)),
    }


def whole_mark(scale: Scale, threshold: float) -> float:
    """Return the probability from which whole points are on the side of a threshold: as files are decided."""
    return scale.probability(round(scale.at_probability(threshold)) - 0.5)


def figures(judge: Judge, p: np.ndarray) -> dict[str, dict]:
    """Return every metric of probabilities ``p``, shape ``(rows,)``, with its interval."""
    told = judge.figures(p)
    told["log_loss"] = _interval(judge, _mean(_losses(judge.outcome, p)))
    return {name: told[name] for name in segments.METRICS}


def gains(judge: Judge, before: np.ndarray, after: np.ndarray) -> dict[str, dict]:
    """Return by how much each metric of ``after`` is larger than that of ``before``, paired."""
    told = judge.gains(before, after)
    change = _losses(judge.outcome, after) - _losses(judge.outcome, before)
    told["log_loss"] = _interval(judge, _mean(change))
    return {name: told[name] for name in segments.METRICS}


def calibrated(judge: Judge, said: np.ndarray) -> dict[str, dict]:
    """Return whether calibrated log-odds ``said``, shape ``(rows,)``, are right on these rows.

    ``calibration_slope`` is that of D. R. Cox (Biometrika 45, 1958), 1 when right; the intercept is
    "in the large", with the slope held at 1 (E. W. Steyerberg, *Clinical Prediction Models*, 2009), 0
    when right. Intervals come from the scores of the likelihood (P. J. Huber, 1967).
    """
    outcome = judge.outcome
    slope, large = calibration.fit(said, outcome), _in_the_large(said, outcome)
    return {
        "calibration_slope": _interval(judge, Measured(slope.slope, _moves(said, outcome, slope)[:, 1])),
        "calibration_intercept": _interval(
            judge, Measured(large, _moves(said, outcome, Calibration(1.0, large), of_slope=False)[:, 0])
        ),
        "predicted": _interval(judge, _mean(probability(said))),
        "observed": _interval(judge, _mean(outcome.astype(float))),
    }


def counts(portfolio: Portfolio, population: Population, points: np.ndarray) -> dict:
    """Return the rows by segment and whole points: ``segments``, ``points``, ``contacts``, ``accepted``."""
    whole, place = np.unique(np.round(points).astype(int), return_inverse=True)
    known = segments.of(portfolio)
    told = [asdict(segment) for segment in known] or [_unbounded(EVERYONE, None)]
    if known:
        told.append(_unbounded(segments.NOWHERE, known[0].column))
    masks = [population.covered[one["name"]] if known else np.ones(len(points), dtype=bool) for one in told]

    def tallied(rows: np.ndarray) -> list[int]:
        return np.bincount(place[rows], minlength=len(whole)).tolist()

    return {
        "segments": told,
        "points": whole.tolist(),
        "contacts": [tallied(mask) for mask in masks],
        "accepted": [tallied(mask & (population.outcome == 1)) for mask in masks],
    }


def _unbounded(name: str, column: str | None) -> dict:
    return {"name": name, "column": column, "low": None, "high": None}


def _confusion(flagged: np.ndarray, positive: np.ndarray) -> dict[str, int]:
    return {
        "true_positive": int(np.sum(flagged & positive)),
        "false_positive": int(np.sum(flagged & ~positive)),
        "true_negative": int(np.sum(~flagged & ~positive)),
        "false_negative": int(np.sum(~flagged & positive)),
    }


def _interval(judge: Judge, one: Measured) -> dict[str, float]:
    return asdict(judge.interval(one.value, one.influence))


def _mean(values: np.ndarray) -> Measured:
    return Measured(float(values.mean()), values - values.mean())


def _losses(outcome: np.ndarray, p: np.ndarray) -> np.ndarray:
    return -np.log(np.where(outcome == 1, p, 1 - p))


def _in_the_large(said: np.ndarray, outcome: np.ndarray) -> float:
    """Return the log-odds to add to all, by Newton's method."""
    shift = 0.0
    for _ in range(25):
        p = probability(said + shift)
        step = float((outcome - p).sum() / (p * (1 - p)).sum())
        shift += np.clip(step, -2.0, 2.0)
        if abs(step) < 1e-10:
            break
    return float(shift)


def _moves(said: np.ndarray, outcome: np.ndarray, at: Calibration, of_slope: bool = True) -> np.ndarray:
    """Return the influence of each row on intercept and slope (or the first alone), shape ``(rows, k)``."""
    design = np.column_stack([np.ones_like(said), said])[:, : 2 if of_slope else 1]
    p = probability(at.apply(said))
    bend = (design * (p * (1 - p))[:, None]).T @ design
    return len(said) * (design * (outcome - p)[:, None]) @ np.linalg.inv(bend)
