"""A list of files as a campaign: the best first, what contacting them costs and may bring.

Also the flat row of a file: ``score`` writes and the API answers the same columns in the same order.
No training imports.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl

from data.portfolios import Portfolio
from model.results import Assessment


class CostMissing(ValueError):
    """A budget says nothing without what a contact costs."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Where a file stands in a list of files, best first.

    Attributes
    ----------
    rank : from 1
    cumulated_cost : of contacting this file and all before it, in the portfolio's currency; None
        where no cost is known
    expected_acceptances : how many good outcomes (acceptances, loans repaid) this file and all before
        it promise: the sum of their probabilities
    within_budget : whether the budget pays for this file too; None without one
    above_mark : whether the points reach the mark, whatever the budget
    """

    rank: int
    cumulated_cost: float | None
    expected_acceptances: float
    within_budget: bool | None
    above_mark: bool


def contact_cost(portfolio: Portfolio, given: float | None) -> float | None:
    """Return what a contact costs: as given, or as the portfolio's campaign says, if it has one."""
    return portfolio.settings.get("campaign", {}).get("contact_cost") if given is None else given


def best_first(
    portfolio: Portfolio,
    probability: Sequence[float],
    points: Sequence[float],
    pass_mark: float,
    cost: float | None = None,
    budget: float | None = None,
) -> list[tuple[int, Ranking]]:
    """Return the places of files by falling points, each with its standing; equal points keep their order.

    Parameters
    ----------
    probability, points : of each file, probabilities being those of the positive class
    cost : of one contact; the portfolio's campaign has its own
    budget : what may be spent on contacts

    Raises
    ------
    CostMissing
        When there is a budget and nobody says what a contact costs.
    """
    cost = contact_cost(portfolio, cost)
    if budget is not None and cost is None:
        raise CostMissing("contact_cost: needed with a budget")
    good = np.asarray(probability, dtype=float)
    good = good if portfolio.settings["positive_is_good"] else 1 - good
    order = sorted(range(len(points)), key=lambda place: -points[place])
    ranked, expected = [], 0.0
    for rank, place in enumerate(order, start=1):
        expected += float(good[place])
        spent = None if cost is None else rank * cost
        standing = Ranking(
            rank=rank,
            cumulated_cost=spent,
            expected_acceptances=expected,
            within_budget=None if budget is None or spent is None else spent <= budget,
            above_mark=round(points[place]) >= round(pass_mark),
        )
        ranked.append((place, standing))
    return ranked


def row(portfolio: Portfolio, one: Assessment) -> dict:
    """Return a file as one flat row, whoever writes it.

    Reasons are ``code=points`` and offers ``code=share``, separated by spaces; the offers are told
    where the portfolio makes some.
    """
    told = {
        portfolio.id_column: one.client_id,
        "probability": one.probability,
        "points": one.points,
        "decision": portfolio.code(one.decision),
        "reasons": " ".join(f"{reason.code}={reason.points:+.1f}" for reason in one.reasons),
    }
    if "offers" in portfolio.settings:
        top = () if one.offers is None else one.offers.top
        told["offers"] = " ".join(f"{offer.code}={offer.share:.4f}" for offer in top)
    return told


def frame(
    portfolio: Portfolio, rows: Sequence[dict], standings: Sequence[tuple[int, Ranking]] | None = None
) -> pl.DataFrame:
    """Return flat rows as a frame: in their order, or as ``standings`` ranks them with its columns."""
    kinds: dict[str, type] = {
        portfolio.id_column: str, "probability": float, "points": float, "decision": str, "reasons": str,
    }  # fmt: skip
    if "offers" in portfolio.settings:
        kinds["offers"] = str
    if standings is not None:
        kinds |= dict(zip(Ranking.__slots__, (int, float, float, bool, bool), strict=True))
        rows = [rows[place] | asdict(standing) for place, standing in standings]
    return pl.DataFrame(rows, schema=kinds, orient="row")
