"""What would change a proposal, in sentences that can be read aloud, in either language.

How each input is said when it is changed stands in the portfolio's ``locales/<lang>.json`` under
``levers``: in ``with`` after "With" (``{value}`` is the new value), in ``limits`` as a name, and
in ``never`` what no proposal touches.
"""

from collections.abc import Sequence

from components import formats
from components.i18n import own, plural, t, typeset
from data.portfolios import Portfolio
from model.results import Change, Lever, Proposal, Recourse

_MARK = "\x00"  # around what the screen emphasises
_BEST = "accept"


def proposal_pieces(portfolio: Portfolio, proposal: Proposal, lang: str) -> list[tuple[str, bool]]:
    """Return a proposal as the pieces of its sentence; true marks what the screen emphasises."""
    pieces = _sentence(portfolio, proposal, lang).split(_MARK)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]


def proposal_text(portfolio: Portfolio, proposal: Proposal, lang: str) -> str:
    """Return a proposal as one sentence: what is changed, the points and the decision it leads to."""
    return _sentence(portfolio, proposal, lang).replace(_MARK, "")


def change_text(portfolio: Portfolio, change: Change, lang: str) -> str:
    """Return one change: the input, its new value and the file's own."""
    before, after = (
        formats.value(portfolio, change.feature, value, lang) for value in (change.before, change.after)
    )
    label = typeset(portfolio.columns[change.feature].label(lang), lang)
    return t("recourse.change", lang, label=label, before=before, after=after)


def summary_text(portfolio: Portfolio, found: Recourse, lang: str) -> str:
    """Return in one sentence what was found, or why nothing was."""
    if found.decision == _BEST:
        decision = typeset(portfolio.words(lang)["decisions"][found.decision], lang)
        return t("recourse.already", lang, decision=decision)
    if not found.levers:
        return own(portfolio, "recourse.fixed" if portfolio.has_levers else "recourse.undeclared", lang)
    if not found.proposals:
        # Nothing was tried though something could be: the points are enough, a rule decides.
        return own(portfolio, "recourse.none" if found.tried else "recourse.ruled", lang)
    count = len(found.proposals)
    told = t(f"number.{count}", lang) if count > 1 else str(count)
    return plural("recourse.found", count, lang, count=told[:1].upper() + told[1:])


def limits_text(portfolio: Portfolio, levers: Sequence[Lever], lang: str) -> str:
    """Return how far each input of this file may be changed; empty when none may be."""
    if not levers:
        return ""
    return own(
        portfolio,
        "recourse.limits",
        lang,
        limits=", ".join(_limit(portfolio, lever, lang) for lever in levers),
    )


def rules_text(portfolio: Portfolio, lang: str) -> str:
    """Return what holds for every proposal: its bounds, its effort, and what is never touched."""
    never = portfolio.words(lang).get("levers", {}).get("never", "")
    parts = (own(portfolio, "recourse.rules", lang), t("recourse.effort", lang), typeset(never, lang))
    return " ".join(part for part in (*parts, t("recourse.caution", lang)) if part)


def _sentence(portfolio: Portfolio, proposal: Proposal, lang: str) -> str:
    said = [_said(portfolio, change, lang) for change in proposal.changes]
    points = round(proposal.points)
    shown = plural("verdict.points", points, lang, count=formats.points(points, lang))
    decision = typeset(portfolio.words(lang)["decisions"][proposal.decision], lang)
    return own(
        portfolio,
        f"recourse.proposal.{'one' if len(said) == 1 else 'many'}",
        lang,
        changes=t("value.and", lang).join(said),
        points=_MARK + shown + _MARK,
        decision=decision[:1].lower() + decision[1:],
    )


def _said(portfolio: Portfolio, change: Change, lang: str) -> str:
    """Return a change as said after "With"; a column without words of its own gets plain ones."""
    value = _MARK + formats.value(portfolio, change.feature, change.after, lang) + _MARK
    words = portfolio.words(lang).get("levers", {}).get("with", {}).get(change.feature)
    if words is not None:
        return typeset(words, lang).replace("{value}", value)
    label = typeset(portfolio.columns[change.feature].label(lang), lang)
    return t("recourse.plain", lang, label=label, value=value)


def _limit(portfolio: Portfolio, lever: Lever, lang: str) -> str:
    name = portfolio.words(lang).get("levers", {}).get("limits", {}).get(lever.feature)
    name = typeset(name or portfolio.columns[lever.feature].label(lang), lang)
    low, high = (formats.value(portfolio, lever.feature, end, lang) for end in (lever.low, lever.high))
    ways = {(True, False): "least", (False, True): "most"}
    way = ways.get((lever.low < lever.value, lever.high > lever.value), "between")
    return t(f"recourse.limit.{way}", lang, name=name, low=low, high=high)
