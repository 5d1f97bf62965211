"""Whom the model favours, group by group (Fairlearn). Never imported by the web process.

A file is *favoured* when the threshold gives it what its owner hopes for: the credit, the offer.
It ends *well* when its outcome is the good one for the portfolio.
"""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import polars as pl
from fairlearn.metrics import (
    MetricFrame,
    false_negative_rate,
    false_positive_rate,
    mean_prediction,
    selection_rate,
)

from data.portfolios import Portfolio
from model.delong import auc_interval
from model.disclosure import wilson
from model.groups import Group, shown_on, split
from model.masking import count, hidden, sides

# Equal Employment Opportunity Commission, 29 CFR 1607.4 (D), 1978: a rate under four fifths of the
# highest is looked into. A sign to look, not a finding.
FOUR_FIFTHS = 0.8


def describe(
    portfolio: Portfolio, frame: pl.DataFrame, outcome: np.ndarray, p: np.ndarray, threshold: float
) -> dict:
    """Return how the model treats each declared group, ready for JSON.

    Parameters
    ----------
    frame : the protected columns of each row among others, see ``model.population.Population``
    outcome : array of {0, 1}, shape (rows,)
    p : array of float, shape (rows,)
        Probability of the positive class, from models that did not see the row.
    threshold : probability from which a file is flagged

    Returns
    -------
    dict
        ``all`` (the measures of every file) and ``families``: for each grouping its ``best``
        acceptance, the four-fifths ``line`` and its ``groups``, each with ``rows``, measures
        with intervals and ``standing`` against the line. The measures that tell how files
        ended are None where ``model.masking`` hides them.
    """
    everyone = [Group(np.ones(len(outcome), dtype=bool))]
    return {
        "all": _measures(portfolio, everyone, outcome, p, threshold)[0],
        "families": [
            _family(portfolio, name, split(portfolio, name, frame), outcome, p, threshold)
            for name in shown_on(portfolio, "fairness")
        ],
    }


def _family(
    portfolio: Portfolio,
    name: str,
    groups: Sequence[Group],
    outcome: np.ndarray,
    p: np.ndarray,
    threshold: float,
) -> dict:
    measured = _measures(portfolio, groups, outcome, p, threshold)
    best = max(found["accepted"]["value"] for found in measured)
    line = FOUR_FIFTHS * best
    return {
        "name": name,
        "column": portfolio.settings["groups"][name]["column"],
        "best": best,
        "line": line,
        "groups": [
            found
            | {
                "group": group.named(),
                "ratio": found["accepted"]["value"] / best if best else None,
                "standing": standing(found["accepted"], line),
            }
            for group, found in zip(groups, measured, strict=True)
        ],
    }


def standing(accepted: dict, line: float) -> str:
    """Say where an acceptance rate with its interval stands: ``under``, ``touches`` or ``above``."""
    if accepted["high"] < line:
        return "under"
    return "touches" if accepted["low"] <= line else "above"


def rates(
    portfolio: Portfolio, groups: Sequence[Group], outcome: np.ndarray, p: np.ndarray, threshold: float
):
    """Return Fairlearn's measures by group, a frame whose index is the place of the group.

    ``accepted`` is the share favoured, ``false_refusal`` the share not favoured among those that
    ended well, ``false_acceptance`` the share favoured among those that ended badly.
    """
    good = portfolio.settings["positive_is_good"]
    well, favoured = (side.astype(int) for side in sides(outcome, p, threshold, good))
    label = np.zeros(len(outcome), dtype=int)
    for place, group in enumerate(groups):
        label[group.rows] = place
    by_decision = MetricFrame(
        metrics={
            "accepted": selection_rate,
            "false_refusal": false_negative_rate,
            "false_acceptance": false_positive_rate,
        },
        y_true=well,
        y_pred=favoured,
        sensitive_features=label,
    ).by_group
    by_probability = MetricFrame(
        metrics={"expected": mean_prediction}, y_true=outcome, y_pred=p, sensitive_features=label
    ).by_group
    return by_decision.join(by_probability)


def _measures(
    portfolio: Portfolio, groups: Sequence[Group], outcome: np.ndarray, p: np.ndarray, threshold: float
) -> list[dict]:
    """Return the measures of each group, those that must be hidden as None."""
    found = rates(portfolio, groups, outcome, p, threshold)
    ends = count(groups, outcome, p, threshold, portfolio.settings["positive_is_good"])
    masked = hidden(ends)
    measured = []
    for place, (group, end) in enumerate(zip(groups, ends, strict=True)):
        row = found.loc[place]
        told = {
            "rows": group.size,
            "accepted": _share(row["accepted"], end.favoured, group.size),
            "expected": float(row["expected"]),
            "false_refusal": None,
            "false_acceptance": None,
            "observed": None,
            "auc": None,
        }
        if place not in masked:
            happened = int(outcome[group.rows].sum())
            told |= {
                "false_refusal": _share(row["false_refusal"], end.other_well, end.well),
                "false_acceptance": _share(row["false_acceptance"], end.favoured_badly, end.badly),
                "observed": _share(happened / group.size, happened, group.size),
                "auc": asdict(auc_interval(outcome[group.rows], p[group.rows])),
            }
        measured.append(told)
    return measured


def _share(value: float, count: int, whole: int) -> dict[str, float]:
    low, high = wilson(count, whole)
    return {"value": float(value), "low": low, "high": high}
