"""How the API names what is proposed and decided: by each portfolio's own codes.

Inside the house a decision is ``accept``, ``review`` or ``refuse``; ``[codes]`` of ``portfolio.toml``
says what programs read and send instead.
"""

from collections.abc import Iterable

from data import portfolios
from data.portfolios import Portfolio, UnknownPortfolio
from model.results import STRICTER, Decision


def told(portfolio_id: str, decision: Decision | None) -> str | None:
    """Return the code of a decision, also of one kept for a portfolio that is no longer there."""
    if decision is None:
        return None
    try:
        return portfolios.load(portfolio_id).code(decision)
    except UnknownPortfolio:
        return decision


def possible(portfolio: Portfolio, decisions: Iterable[str] = STRICTER) -> tuple[str, ...]:
    """Return the codes that a portfolio may answer for ``decisions``: none to review without grey zone."""
    between = portfolio.settings["scale"]["grey_zone"] > 0 or portfolio.settings.get("policy")
    return tuple(portfolio.code(one) for one in decisions if one != "review" or between)


def meant(portfolio_id: str, code: str) -> Decision | None:
    """Return the decision that a code of a portfolio means (of any, when the id is empty), else None."""
    named = [portfolio_id] if portfolio_id else portfolios.available()
    for name in named:
        portfolio = portfolios.load(name)
        for decision in STRICTER:
            if code == portfolio.code(decision):
                return decision
    return None
