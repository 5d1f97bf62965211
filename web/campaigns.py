"""What a caller asks of a list that is sent: to be ranked under a budget, and as JSON or CSV."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from components.i18n import t
from data.portfolios import Portfolio
from model import ranking
from model.ranking import Ranking
from model.results import Assessment
from web import schemas, validation
from web.errors import Refused
from web.session import language

JSON, CSV = "application/json", "text/csv"


@dataclass(frozen=True, slots=True)
class Asked:
    """How records that are sent are to be answered; ``ranked`` says whether best first."""

    lang: str
    as_csv: bool
    ranked: bool
    cost: float | None
    budget: float | None


def asked(portfolio: Portfolio) -> Asked:
    """Return what the address and the Accept header ask for.

    Raises
    ------
    Refused
        422, naming each parameter that is unknown or out of bounds, and the cost of a contact where a
        budget needs it.
    """
    given = validation.asked(schemas.AssessmentsAsked)
    lang = given.lang or language()
    if given.budget is not None and ranking.contact_cost(portfolio, given.contact_cost) is None:
        raise Refused(422, "invalid_query", [_cost_missing(lang)])
    return Asked(
        lang=lang,
        as_csv=given.format == "csv"
        if given.format
        else request.accept_mimetypes.best_match([JSON, CSV]) == CSV,
        ranked=any(one is not None for one in (given.rank, given.budget, given.contact_cost)),
        cost=given.contact_cost,
        budget=given.budget,
    )


def standings(
    portfolio: Portfolio, found: Sequence[Assessment], asked: Asked
) -> list[tuple[int, Ranking]] | None:
    """Return where each assessment stands, best first; None when nobody asked."""
    if not asked.ranked:
        return None
    said, points = [one.probability for one in found], [one.points for one in found]
    return ranking.best_first(portfolio, said, points, found[0].pass_mark, asked.cost, asked.budget)


def _cost_missing(lang: str) -> dict:
    return {
        "field": "contact_cost",
        "code": "missing",
        "value": None,
        "expected": t("web.expected.least", lang, low="0"),
        "remedy": t("web.remedy.contact_cost", lang),
    }
