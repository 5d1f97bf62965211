"""Calibration by a slope and an intercept on the log-odds (Platt 1999, Cox 1958).

Linear on purpose: contributions in log-odds keep adding up after it.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Calibration:
    """``calibrated = intercept + slope * raw``, in log-odds."""

    slope: float
    intercept: float

    def apply(self, raw):
        """Return calibrated log-odds."""
        return self.intercept + self.slope * raw


def fit(raw: np.ndarray, outcome: np.ndarray, weights: np.ndarray | None = None) -> Calibration:
    """Fit slope and intercept by maximum likelihood (Newton's method, steps halved that go too far).

    Parameters
    ----------
    raw : array of float, shape (rows,)
        Out-of-fold log-odds: calibrating on training scores would flatter.
    outcome : array of {0, 1}, shape (rows,)

    Raises
    ------
    ValueError
        When only one outcome is present: there is nothing to fit.
    """
    if outcome.min() == outcome.max():
        raise ValueError("calibration needs both outcomes, but only one is present")
    design = np.column_stack([np.ones_like(raw), raw])
    weights = np.ones_like(raw) if weights is None else weights
    beta = np.array([0.0, 1.0])
    for _ in range(25):
        p = probability(design @ beta)
        gradient = design.T @ (weights * (outcome - p))
        hessian = (design * (weights * p * (1 - p))[:, None]).T @ design
        step = np.linalg.solve(hessian + 1e-9 * np.eye(2), gradient)
        # From scores that are far too sure a whole step overshoots, and would never come back.
        while _surprise(design @ (beta + step), outcome, weights) > (1 + 1e-9) * _surprise(
            design @ beta, outcome, weights
        ):
            step /= 2
        beta += step
        if np.abs(step).max() < 1e-10:
            break
    return Calibration(slope=float(beta[1]), intercept=float(beta[0]))


def _surprise(log_odds: np.ndarray, outcome: np.ndarray, weights: np.ndarray) -> float:
    """Return the log-loss, summed."""
    return float(np.sum(weights * (np.logaddexp(0, log_odds) - outcome * log_odds)))


def probability(log_odds: np.ndarray) -> np.ndarray:
    """Return probabilities of an array of log-odds, without overflow."""
    return 0.5 * (1 + np.tanh(np.asarray(log_odds) / 2))


def reliability(p: np.ndarray, outcome: np.ndarray, bins: int = 10) -> list[dict]:
    """Return, for each tenth of the files by predicted probability, what was said and what came.

    Each entry holds ``rows``, ``predicted`` (mean probability) and ``observed`` (share).
    """
    parts = np.array_split(np.argsort(p, kind="stable"), bins)
    return [
        {"rows": len(part), "predicted": float(p[part].mean()), "observed": float(outcome[part].mean())}
        for part in parts
        if len(part)
    ]
