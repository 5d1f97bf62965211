"""How the API names what is proposed and decided: by each portfolio's own codes.

Inside the house a decision is ``accept``, ``review`` or ``refuse``; ``[codes]`` of ``portfolio.toml``
says what programs read and send instead.
"""

from collections.abc import Iterable

from components.i18n import t
from data import portfolios
from data.portfolios import Portfolio, UnknownPortfolio
from model.results import STRICTER, Decision
from web.bodies import shown
from web.errors import Refused


def told(portfolio_id: str, decision: Decision | None) -> str | None:
    """Return the code of a decision, also of one kept for a portfolio that is no longer there."""
    if decision is None:
        return None
    try:
        return portfolios.load(portfolio_id).code(decision)
    except UnknownPortfolio:
        return decision


def possible(portfolio: Portfolio, decisions: Iterable[str] = STRICTER) -> tuple[str, ...]:
    """Return the codes that ``decisions`` may have in a portfolio.

    None to review where no points, no rule and no person can say so.
    """
    between = portfolio.settings["scale"]["grey_zone"] > 0 or portfolio.settings.get("policy")
    choices = portfolio.settings.get("deciding", {}).get("choices", STRICTER)
    return tuple(portfolio.code(one) for one in decisions if one != "review" or between or one in choices)


def meant(portfolio: Portfolio, code: str, lang: str, decisions: Iterable[str] = STRICTER) -> Decision:
    """Return which of ``decisions`` a code of a portfolio means.

    Raises
    ------
    Refused
        422, with the codes that there are.
    """
    known = possible(portfolio, decisions)
    for decision in decisions:
        if code == portfolio.code(decision) and code in known:
            return decision
    raise Refused(422, "invalid_body", [_unknown(code, known, "body", lang)])


def sought(portfolio_id: str, code: str | None, lang: str) -> Decision | None:
    """Return the decision that a code sought in the register means: of any portfolio unless one is named.

    Raises
    ------
    Refused
        422, with the codes that there are.
    """
    if code is None:
        return None
    there = portfolios.available()
    named = (portfolio_id,) if portfolio_id in there else there
    known = {portfolios.load(name).code(one): one for name in named for one in STRICTER}
    if code not in known:
        raise Refused(422, "invalid_query", [_unknown(code, known, "query", lang)])
    return known[code]


def _unknown(code: str, known: Iterable[str], where: str, lang: str) -> dict:
    return {
        "field": "decided",
        "code": "impossible",
        "value": shown(code),
        "expected": t("web.expected.one_of", lang, allowed=", ".join(known)),
        "remedy": t(f"web.remedy.{where}", lang),
    }
