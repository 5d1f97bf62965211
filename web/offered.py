"""Which offer goes with a decision: the likeliest unless another was chosen, with its reasons."""

from collections.abc import Iterable

from components.i18n import t
from data.ledger import entries
from data.ledger.register import Row
from data.portfolios import Portfolio
from model.results import STRICTER, Assessment, Decision
from web.bodies import shown
from web.errors import Refused
from web.record_texts import offer_names


def settled(
    portfolio: Portfolio, found: Assessment, decided: Decision, offer: str | None, motive: str, lang: str
) -> str | None:
    """Return the offer to keep with a decision.

    Raises
    ------
    Refused
        422, when there is nothing to offer, the offer is none of the portfolio's, or it is another
        than the likeliest and nothing says why.
    """
    first = found.offers.top[0].code if found.offers and decided == STRICTER[0] else None
    if offer is None:
        return first
    if "offers" not in portfolio.settings or decided != STRICTER[0]:
        raise Refused(422, "no_offer")
    if offer not in (known := offer_names(portfolio, lang)):
        raise Refused(422, "unknown_offer", [_unknown(offer, known, lang)])
    if first is not None and offer != first and not motive.strip():
        raise Refused(422, "motive_needed")
    return offer


def _unknown(offer: str, known: Iterable[str], lang: str) -> dict:
    return {
        "field": "offer",
        "code": "impossible",
        "value": shown(offer),
        "expected": t("web.expected.one_of", lang, allowed=", ".join(sorted(known))),
        "remedy": t("web.remedy.body", lang),
    }


def of(row: Row, portfolio: Portfolio) -> str:
    """Return the offer that was decided; only portfolios that make offers keep one."""
    if row.decided != STRICTER[0] or row.is_erased or "offers" not in portfolio.settings:
        return ""
    return str((entries.get(row.id).content or {}).get("offer") or "")
