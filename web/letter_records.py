"""What a letter tells, taken from what the ledger keeps of a decision and of all that came after it."""

from collections.abc import Mapping, Sequence

from components import formats
from components.i18n import t, typeset
from data import portfolios
from data.ledger.entries import Entry
from data.portfolios import Portfolio
from web.clock import local
from web.letters import Line, Review, Score, Told
from web.record_texts import corrections_text

SETTLED = ("accept", "refuse")


class NothingToTell(ValueError):
    """There is no settled decision to write about: it waits for a person, or was erased."""


def told_of(thread: Sequence[Entry], lang: str) -> Told:
    """Return what the letter about a decision tells.

    Parameters
    ----------
    thread : the decision, then all that is about it (:func:`data.ledger.entries.thread`)

    Raises
    ------
    NothingToTell
    """
    first = thread[0]
    reviewed = next((one for one in reversed(thread) if one.kind == "review"), None)
    decided = reviewed.decided if reviewed else first.decided
    contested = max((one.number for one in thread if one.kind == "contest"), default=0)
    waits = contested > (reviewed.number if reviewed else 0)
    if first.content is None or decided not in SETTLED or waits:
        raise NothingToTell("no settled decision to write about")
    content, portfolio = first.content, portfolios.load(first.portfolio)
    texts = content["texts"][lang if lang in content["texts"] else content["language"]]
    at = local((reviewed or first).at)
    request = dict(texts["strip"]).get(_request_label(portfolio, lang), "")
    corrected = _corrected(thread, reviewed)
    proposed = corrected.proposed if corrected else first.proposed
    reasons = {way: _lines(portfolio, content, texts, way, lang) for way in ("takes", "adds")}
    return Told(
        portfolio=portfolio,
        lang=lang,
        client_id=first.client_id,
        decision_id=first.id,
        at=at,
        decided=decided,
        contrary=proposed in SETTLED and decided != proposed,
        motive=_motive(first, reviewed),
        request=request,
        score=_score(portfolio, first, texts, lang),
        against=reasons["takes"],
        favour=reasons["adds"],
        policy=tuple((texts.get("reasons") or {"rules": ()})["rules"]),
        proposals=_proposals(portfolio, texts),
        used=tuple(_used(texts)),
        external=_external(portfolio, texts),
        synthetic=content["synthetic"],
        review=_review(reviewed, first, corrected, lang),
    )


def _request_label(portfolio: Portfolio, lang: str) -> str:
    composed = portfolio.words(lang).get("facts", {}).get("request")
    return typeset(composed["label"], lang) if composed else ""


def _lines(portfolio: Portfolio, content: Mapping, texts: Mapping, way: str, lang: str) -> tuple[Line, ...]:
    """Return the reasons of one direction, each with the value of files just accepted."""
    kept = {one["code"]: one for one in content.get("reasons", ())}
    lines = (texts.get("reasons") or {"lines": ()})["lines"]
    found = []
    for line in lines:
        if line["direction"] == way:
            reference = _reference(portfolio, kept.get(line["code"]), lang)
            found.append(Line(line["before"] + line["value"] + line["after"], reference))
    return tuple(found)


def _reference(portfolio: Portfolio, reason: Mapping | None, lang: str) -> str:
    known = reason is not None and reason["feature"] in portfolio.columns
    if not known or formats.is_missing(reason["reference"]):
        return t("value.missing", lang)
    return formats.value(portfolio, reason["feature"], reason["reference"], lang)


def _score(portfolio: Portfolio, first: Entry, texts: Mapping, lang: str) -> Score | None:
    held, verdict = first.content.get("score"), texts.get("verdict")
    if not held or not verdict:
        return None
    outcomes = verdict["outcomes"]
    ends = outcomes["told"].replace("{positive}", outcomes["positive"])
    ends = ends.replace("{negative}", outcomes["negative"])
    at_mark = portfolio.words(lang)["frequency"]["at_mark"]
    mark = typeset(at_mark.format(rate=formats.per_hundred(held["threshold"], lang)), lang)
    return Score(round(held["points"]), round(held["pass_mark"]), first.model_version or "", f"{ends} {mark}")


def _proposals(portfolio: Portfolio, texts: Mapping) -> tuple[str, ...] | None:
    """Return what would change the result; None when it was not looked for, or nothing can be changed."""
    held = texts.get("recourse")
    changeable = any(column.actionable for column in portfolio.columns.values())
    return tuple(held["proposals"]) if held is not None and changeable else None


def _used(texts: Mapping):
    """Yield each source of information with its values; what was computed from them is left out."""
    for group in texts["read"]:
        if group["code"] != "made":
            yield group["source"], tuple((line["label"], line["value"]) for line in group["lines"])


def _external(portfolio: Portfolio, texts: Mapping) -> tuple[str, ...]:
    """Return the names of what other agencies sent, where the portfolio says which theme that is."""
    theme = portfolio.settings.get("letter", {}).get("external")
    lines = (line for group in texts["read"] if group["code"] != "made" for line in group["lines"])
    return tuple(line["label"] for line in lines if line["theme"] == theme and line["value"] is not None)


def _motive(first: Entry, reviewed: Entry | None) -> str:
    """Return why the person decided so, where that is not what was proposed."""
    if reviewed is not None:
        return str((reviewed.content or {}).get("reasons", ""))
    return first.content.get("motive", "") if first.decided != first.proposed else ""


def _corrected(thread: Sequence[Entry], reviewed: Entry | None) -> Entry | None:
    """Return the last calculation with corrected values that the review could know."""
    if reviewed is None:
        return None
    known = [one for one in thread if one.kind == "rescoring" and one.number < reviewed.number]
    return next((one for one in reversed(known) if one.content and one.points is not None), None)


def _review(reviewed: Entry | None, first: Entry, corrected: Entry | None, lang: str) -> Review | None:
    if reviewed is None or first.decided not in SETTLED:
        return None
    outcome = "upheld" if reviewed.decided == first.decided else "overturned"
    reasons = str((reviewed.content or {}).get("reasons", ""))
    if corrected is None:
        return Review(outcome, reasons)
    portfolio = portfolios.load(first.portfolio)
    changes = corrections_text(portfolio, corrected.content["corrections"], lang)
    return Review(outcome, reasons, changes, round(corrected.points))
