"""What contacting only the best of a campaign comes to: contacts, conversion, savings. Fits nothing.

Counted on the rows that ``[split]`` sets aside, which the model never learnt from, as the artifact's
``test.json`` holds them::

    column, values    what sets the rows aside: "YEAR", [2021]
    rows, positives   how many rows, and how many of the positive class (accepted)
    mark              {"probability": 0.5, "points": 600}: the mark in force at training
    metrics           {name: {"value", "low", "high"}}, decisions at that mark, 95 % intervals that take
                      rows of one group (the proposals of one prospect) together:
                      auc, balanced_accuracy, accuracy, recall, precision, f1, brier, log_loss, cost,
                      calibration_slope (1 when right), calibration_intercept (log-odds to add to what
                      was said, on average; 0 when right), predicted (mean probability), observed (share)
    confusion         {"true_positive", "false_positive", "true_negative", "false_negative"}: rows
    reliability       [{"rows", "predicted", "observed"}, ...]: tenths by what was said
    segments          [{"name": "segment_1", "column": "YEARS", "low": null, "high": 30.0}, ...,
                      {"name": "segment_none", "column": "YEARS", "low": null, "high": null}] (value not
                      provided); one {"name": "all", ...} where the portfolio has no segments
    points            [471, 472, ...]: whole points, rising, only those that occur
    contacts          contacts[segment][point]: rows
    accepted          accepted[segment][point]: of these, rows of the positive class

``python -m model train`` writes it; pages read it by :func:`read` and ask :func:`at` or :func:`lines`::

    counts = campaign.read(model)                    # None where no rows are set aside
    campaign.at(counts, 600)                         # Reach of everyone contacted from 600 points on
    campaign.at(counts, 600, "segment_1")            # of one segment
    for line in campaign.lines(portfolio, model, counts):
        line.probability, line.points, line.in_force, line.reach["all"].saved(10)

The economy does not count what lost acceptances would have brought.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from data.portfolios import Portfolio
from model.artifact import Model
from model.measures import measured
from model.results import Reach
from model.scale import Scale

FILE = "test.json"
EVERYONE = "all"


@dataclass(frozen=True)
class Counts:
    """Rows that judge, by segment and whole points.

    Attributes
    ----------
    names : names of the segments
    points : array of int, shape (points,), rising
    contacts, accepted : arrays of int, shape (segments, points)
    """

    names: tuple[str, ...]
    points: np.ndarray = field(repr=False)
    contacts: np.ndarray = field(repr=False)
    accepted: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class Line:
    """What a mark comes to: ``reach`` of everyone (:data:`EVERYONE`), then of each segment.

    ``in_force`` says that files are decided at this mark today.
    """

    probability: float
    points: int
    in_force: bool
    reach: Mapping[str, Reach]


def counted(told: Mapping) -> Counts:
    """Return the counts of a ``test.json``."""
    names = tuple(segment["name"] for segment in told["segments"])
    return Counts(names, *(np.array(told[name], dtype=int) for name in ("points", "contacts", "accepted")))


def read(model: Model) -> Counts | None:
    """Return what a model says of the rows set aside; None where there are none.

    Raises
    ------
    ModelDamaged
        When the file was changed after training.
    """
    told = measured(model, FILE)
    return None if told is None else counted(told)


def at(counts: Counts, threshold_points: float, segment: str = EVERYONE) -> Reach:
    """Return whom contacting from a mark on reaches, on whole points, as files are decided.

    Raises
    ------
    KeyError
        When there is no such segment.
    """
    if segment == EVERYONE:
        contacts, accepted = counts.contacts.sum(axis=0), counts.accepted.sum(axis=0)
    elif segment in counts.names:
        place = counts.names.index(segment)
        contacts, accepted = counts.contacts[place], counts.accepted[place]
    else:
        raise KeyError(f"no segment {segment!r}; known: {', '.join((EVERYONE, *counts.names))}")
    reached = counts.points >= round(threshold_points)
    return Reach(*(int(some.sum()) for some in (contacts[reached], accepted[reached], contacts, accepted)))


def reached(counts: Counts, threshold_points: float) -> dict[str, Reach]:
    """Return :func:`at` of everyone and of each segment that has rows."""
    held = [name for name, rows in zip(counts.names, counts.contacts, strict=True) if rows.any()]
    return {name: at(counts, threshold_points, name) for name in dict.fromkeys((EVERYONE, *held))}


def marks(portfolio: Portfolio, scale: Scale) -> dict[int, float]:
    """Return the whole points of each probability of ``[campaign] marks``."""
    told = portfolio.settings.get("campaign", {}).get("marks", ())
    return {round(scale.at_probability(mark)): float(mark) for mark in told}


def contact_cost(portfolio: Portfolio) -> float | None:
    """Return what a contact costs in the portfolio's currency; None where that is not told."""
    cost = portfolio.settings.get("campaign", {}).get("contact_cost")
    return None if cost is None else float(cost)


def lines(portfolio: Portfolio, model: Model, counts: Counts) -> tuple[Line, ...]:
    """Return what each mark of ``[campaign]`` and the mark in force come to, least strict first."""
    told, mine = marks(portfolio, model.scale), round(model.pass_mark)
    every = {mine: model.threshold} | told
    return tuple(
        Line(every[points], points, points == mine, reached(counts, points)) for points in sorted(every)
    )
