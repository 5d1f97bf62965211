"""What is kept of a decision: all that is needed to answer for it, and to show it again as it was.

A record holds numbers and the words that told them, in both languages, so that it can be drawn
again without the model, the portfolio or the locales of that day (:func:`restore`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from components import offers_said, said
from components.i18n import LANGUAGES
from config import settings
from data.bank import open_bank
from data.ledger.drafts import Draft
from data.ledger.entries import Entry
from data.portfolios import Portfolio
from model.artifact import CARD, Model, digest
from model.rates import rates
from model.results import Assessment, Decision, Recourse, Value
from model.scale import Scale
from web.record_texts import texts

FORMAT = 1
LONGEST_MOTIVE = 2_000
METHOD = "exact contributions of the trees, grouped by what speaks for them"

Why = Literal["stopped", "missing"]


class Erased(LookupError):
    """What the entry held was erased: nothing can be shown again."""


def draft_of(
    portfolio: Portfolio,
    model: Model,
    found: Assessment,
    lang: str,
    decided: Decision | None = None,
    motive: str = "",
    recourse: Recourse | None = None,
    brief: bool = False,
    offer: str | None = None,
) -> Draft:
    """Return the draft of a decision on an assessed file; of an assessment when nothing was decided.

    Parameters
    ----------
    lang : the language it was shown in
    decided : what the person decided
    motive : why, in their words
    recourse : what would change the proposal, when it was shown
    offer : what the person decided to offer
    brief : in the language asked for only, and inputs without their words: what a system was told
    """
    reference, usual = model.card["reference"], None if brief else rates(model, found)
    content = _common(portfolio, found.client_id or "", lang, decided, motive) | {
        "inputs": _plain(found.features),
        "sources": _sources(portfolio, found.families),
        "families": list(found.families),
        "model": {
            "version": model.version,
            "alias": "champion",
            "created": model.created,
            "artifact": digest(model.folder / CARD),
            "scale": asdict(model.scale),
        },
        "score": _score(model, found),
        "contributions": {one.feature: one.points for one in found.contributions},
        "reasons": [_plain(asdict(one)) for one in found.reasons],
        "method": METHOD,
        "warnings": [_plain(asdict(one)) for one in found.warnings],
        "policy": [_plain(asdict(one)) for one in found.policy],
        "recourse": None if recourse is None else _plain(asdict(recourse)),
        "offers": None if found.offers is None else _plain(asdict(found.offers)),
        "offer": offer,
        "texts": {
            one: texts(
                portfolio,
                {**found.record, **found.features},
                found,
                (reference["low"], reference["high"]),
                recourse,
                one,
                with_inputs=not brief,
                rates=usual,
            )
            for one in ((lang,) if brief else LANGUAGES)
        },
    }
    return Draft(
        "assessment" if decided is None else "decision",
        portfolio.id,
        found.client_id or "",
        content,
        points=found.points,
        proposed=found.proposal,
        decided=decided,
        model_version=model.version,
        language=lang,
    )


def draft_by_hand(
    portfolio: Portfolio,
    client_id: str,
    values: Mapping[str, Value],
    lang: str,
    decided: Decision,
    motive: str,
    why: Why,
) -> Draft:
    """Return the draft of a decision without proposal; ``why`` says what kept the model from giving one."""
    inputs = {name: values[name] for name in portfolio.inputs if name in values}
    content = _common(portfolio, client_id, lang, decided, motive) | {
        "inputs": _plain(inputs),
        "sources": _sources(portfolio, tuple(portfolio.families)),
        "by_hand": why,
        "texts": {one: texts(portfolio, {**values}, None, None, None, one) for one in LANGUAGES},
    }
    return Draft("decision", portfolio.id, client_id, content, decided=decided, language=lang)


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as it was shown, in one of the two languages; no verdict when no proposal was given.

    Attributes
    ----------
    strip, read : what heads the page; what was read, source by source (see ``web.record_texts``)
    scale : how points and risk belonged together
    score : the numbers behind the verdict, as they were
    offers, offer : the offers shown, and the code of the one decided
    wordings, done : the words for a proposal and for a decision
    """

    lang: str
    client_id: str
    portfolio_name: str
    synthetic: bool
    bare: bool
    strip: tuple[tuple[str, str], ...]
    verdict: said.Verdict | None
    reasons: said.Reasons | None
    checks: said.Checks
    read: tuple[Mapping[str, Any], ...]
    recourse: Mapping[str, Any] | None
    scale: Scale | None
    score: Mapping[str, Any] | None
    model: Mapping[str, Any] | None
    wordings: Mapping[str, str]
    done: Mapping[str, str]
    decided: Decision | None
    motive: str
    shown_in: str
    offers: offers_said.Told | None = None
    offer: str | None = None


def restore(entry: Entry, lang: str | None = None) -> Shown:
    """Return a file as it was shown when ``entry`` was made, by default in the language of that day.

    Raises
    ------
    Erased
        When its content is no longer there.
    """
    content = entry.content
    if content is None:
        raise Erased("the content of this entry was erased")
    lang = lang if lang in content["texts"] else content["language"]
    told = content["texts"][lang]
    model = content.get("model")
    return Shown(
        lang=lang,
        client_id=content["client_id"],
        portfolio_name=told["portfolio"],
        synthetic=content["synthetic"],
        bare=told["bare"],
        strip=_pairs(told["strip"]),
        verdict=_verdict(told.get("verdict")),
        reasons=_reasons(told.get("reasons")),
        checks=said.Checks(_pairs(told["checks"]["warnings"]), _pairs(told["checks"]["declared"])),
        read=tuple(told["read"]),
        recourse=told.get("recourse"),
        scale=Scale(**model["scale"]) if model else None,
        score=content.get("score"),
        model=model,
        wordings=told["wordings"],
        done=told["done"],
        decided=content["decided"],
        motive=content["motive"],
        shown_in=content["language"],
        offers=offers_said.restored(told.get("offers")),
        offer=content.get("offer"),
    )


def _common(portfolio: Portfolio, client_id: str, lang: str, decided: Decision | None, motive: str) -> dict:
    meta = open_bank(portfolio.id).meta
    return {
        "format": FORMAT,
        "client_id": client_id,
        "product": portfolio.id,
        "synthetic": meta.synthetic,
        "language": lang,
        "time_zone": settings().time_zone,
        "retention_months": settings().retention_months,
        "decided": decided,
        "motive": motive,
    }


def _score(model: Model, found: Assessment) -> dict:
    approved = getattr(model, "approved", None)
    return {
        "probability": found.probability,
        "points": found.points,
        "base_points": found.base_points,
        "threshold": found.threshold,
        "threshold_version": approved.version if approved else f"model {model.version}",
        "pass_mark": found.pass_mark,
        "grey_low": found.grey_low,
        "grey_high": found.grey_high,
        "decision": found.decision,
        "proposal": found.proposal,
    }


def _sources(portfolio: Portfolio, families: tuple[str, ...]) -> dict:
    """Return where the inputs come from: the tables of each source, and when the bank received them."""
    meta = open_bank(portfolio.id).meta
    read = {family: portfolio.families[family]["tables"] for family in families}
    tables = {portfolio.main_table: [portfolio.main_table]} | read
    return {"received": meta.created, "bank": meta.fingerprint, "tables": tables}


def _plain(value: Any) -> Any:
    """Return what JSON can hold and hold again alike: no NaN, no tuple, no number of another library."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    number = float(value)
    return number if number == number and abs(number) != float("inf") else None


def _pairs(held: list) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in held)


def _verdict(held: Mapping | None) -> said.Verdict | None:
    if held is None:
        return None
    return said.Verdict(**{**held, "outcomes": said.Outcomes(**held["outcomes"])})


def _reasons(held: Mapping | None) -> said.Reasons | None:
    if held is None:
        return None
    lines = tuple(said.Line(**line) for line in held["lines"])
    return said.Reasons(lines, held["sum"], tuple(held["rules"]), held.get("adds_first", False))
