"""What a letter to a client says: the decision, its reasons, the part of the score, the client's rights.

Wording stands in ``components/locales/letter.*``; what only one portfolio can say (what is asked
for, how a file ends, what is never read) in its own locales under ``letter`` and ``frequency``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from components import formats
from components.i18n import own, t, typeset
from config import Settings, settings
from data.portfolios import Portfolio
from web.letter import Letter, Part

MOST_REASONS = 4
MOST_PROPOSALS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A reason: its sentence, which holds the client's value, and the value of files just accepted."""

    sentence: str
    reference: str


@dataclass(frozen=True, slots=True)
class Score:
    """What the calculation said: whole ``points`` and ``mark``, and in words how such files end."""

    points: int
    mark: int
    model_version: str
    odds: str


@dataclass(frozen=True, slots=True)
class Review:
    """How a review ended, and why, in the words of who made it.

    ``corrected`` says which values were corrected, ``points`` what they gave; empty and None when none were.
    """

    outcome: Literal["upheld", "overturned"]
    reasons: str
    corrected: str = ""
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """All that a letter tells, already in the client's language.

    Attributes
    ----------
    at : when it was decided
    decided : ``accept`` or ``refuse``
    contrary : whether the person decided otherwise than was proposed
    motive : why, in the words of who decided; empty when the proposal was simply followed
    request : what was asked for, in a few words; empty where the portfolio tells none
    score : None when no calculation was used
    policy : rules of the lender that fired, one sentence each
    proposals : what would change the result, one sentence each; None when it was not looked for
    used : for each source of information, its name and its labelled values (None: not provided)
    external : names of what other agencies sent
    """

    portfolio: Portfolio
    lang: str
    client_id: str
    decision_id: str
    at: datetime
    decided: Literal["accept", "refuse"]
    contrary: bool
    motive: str
    request: str
    score: Score | None
    against: Sequence[Line]
    favour: Sequence[Line]
    policy: Sequence[str]
    proposals: Sequence[str] | None
    used: Sequence[tuple[str, Sequence[tuple[str, str | None]]]]
    external: Sequence[str]
    synthetic: bool
    review: Review | None = None


def compose(told: Told) -> Letter:
    """Return the letter that tells ``told``."""
    lang, lender = told.lang, settings()
    day = formats.date(told.at.date(), lang)
    return Letter(
        lang=lang,
        reference=t("letter.reference", lang, client=told.client_id, decision=told.decision_id),
        lender=(
            lender.lender_name or t("letter.lender", lang),
            *_lines(lender.lender_address or t("letter.lender.address", lang)),
            *_lines(lender.lender_contact or t("letter.lender.contact", lang)),
        ),
        client=(t("letter.client", lang),),
        date=t("letter.date", lang, date=day),
        title=_title(told),
        parts=tuple(_parts(told, lender)),
        foot=_foot(told, lender),
        annex=tuple(_annex(told, day)),
    )


def _lines(given: str) -> Sequence[str]:
    return [line.strip() for line in given.replace("\\n", "\n").splitlines() if line.strip()]


def _title(told: Told) -> str:
    own = _words(told).get("title", {}).get(told.decided)
    title = typeset(own, told.lang) if own else t(f"letter.title.{told.decided}", told.lang)
    if told.review is None:
        return title
    return t("letter.title.review", told.lang, title=title[:1].lower() + title[1:])


def _words(told: Told) -> Mapping:
    """Return what only this portfolio says in a letter."""
    return told.portfolio.words(told.lang).get("letter", {})


def _asked(told: Told) -> str:
    """Return what was asked for, as it follows the application; nothing where the portfolio tells none."""
    if not told.request:
        return ""
    asked = typeset(_words(told).get("request", "{request}"), told.lang).replace("{request}", told.request)
    return t("letter.asked", told.lang, request=asked)


def _parts(told: Told, lender: Settings) -> Iterator[Part]:
    lang = told.lang
    yield Part("text", t("letter.dear", lang))
    opening = told.review.outcome if told.review else told.decided
    said = {"asked": _asked(told), "decision": told.decision_id}
    yield Part("text", t(f"letter.opening.{opening}", lang, **said))
    yield Part("heading", t(f"letter.reasons.{told.decided}", lang))
    yield from _reasons(told)
    yield Part("heading", t("letter.role", lang))
    yield Part("text", _role(told))
    if told.proposals is not None and told.decided == "refuse":
        yield Part("heading", t("letter.change", lang))
        yield Part("text", _change(told))
    yield Part("heading", t("letter.rights", lang))
    yield Part("text", t("letter.rights.review", lang, days=lender.review_days))
    yield Part("text", _data(told))
    if told.decided == "refuse":
        advice = lender.debt_advice or t("letter.advice", lang)
        yield Part("text", t("letter.rights.advice", lang, advice=advice))
    yield Part("text", t("letter.regards", lang))
    yield Part("text", t("letter.advisor", lang))


def _reasons(told: Told) -> Iterator[Part]:
    """Yield the reasons for the decision first, then what spoke against it, in one line."""
    lang, refused = told.lang, told.decided == "refuse"
    if told.review:
        yield Part("text", t("letter.review_reason", lang, motive=told.review.reasons))
    elif told.motive:
        # The scores speak for another decision, or there are none: what decided is what the person says.
        yield Part("text", t("letter.own_reason", lang, motive=told.motive))
    for sentence in told.policy:
        yield Part("text", f"{t('letter.policy', lang)} {sentence}")
    first, second = (told.against, told.favour) if refused else (told.favour, told.against)
    head, other = ("against", "favourable") if refused else ("for", "unfavourable")
    if first:
        rows = [
            (f"{number}. {line.sentence}", line.reference)
            for number, line in enumerate(first[:MOST_REASONS], 1)
        ]
        yield Part("table", head=(t(f"letter.head.{head}", lang), t("letter.head.reference", lang)),
                   rows=tuple(rows))  # fmt: skip
        yield Part("note", t("letter.reference_note", lang))
    if second:
        said = [line.sentence.rstrip(".") for line in second[:MOST_REASONS]]
        listed = typeset(" ; " if lang == "fr" else "; ", lang).join(
            one[:1].lower() + one[1:] for one in said
        )
        yield Part("text", f"{t(f'letter.{other}', lang)} {listed}.")


def _role(told: Told) -> str:
    lang, score = told.lang, told.score
    if score is None:
        return t("letter.role.manual", lang)
    never = _words(told).get("never", "")
    person = t(f"letter.role.{'contrary' if told.contrary else 'person'}", lang)
    said = t(
        "letter.role.points",
        lang,
        points=formats.points(score.points, lang),
        mark=formats.points(score.mark, lang),
    )
    return " ".join(
        part for part in (said, score.odds, _corrected(told), person, typeset(never, lang)) if part
    )


def _corrected(told: Told) -> str:
    review, lang = told.review, told.lang
    if review is None or review.points is None:
        return ""
    points = formats.points(review.points, lang)
    return t("letter.role.corrected", lang, changes=review.corrected, points=points)


def _change(told: Told) -> str:
    if not told.proposals:
        return own(told.portfolio, "letter.change.none", told.lang)
    return " ".join([*told.proposals[:MOST_PROPOSALS], t("letter.change.indication", told.lang)])


def _data(told: Told) -> str:
    lang = told.lang
    said = [t("letter.rights.data", lang)]
    if told.external:
        said.append(t("letter.rights.sources", lang, source=t("letter.source", lang)))
    return " ".join(said)


def _foot(told: Told, lender: Settings) -> str:
    lang, score = told.lang, told.score
    made = (
        t("letter.foot.manual", lang, months=lender.retention_months)
        if score is None
        else t(
            "letter.foot",
            lang,
            version=score.model_version,
            mark=formats.points(score.mark, lang),
            months=lender.retention_months,
        )
    )
    return f"{made} {t('letter.foot.synthetic', lang)}" if told.synthetic else made


def _annex(told: Told, day: str) -> Iterator[Part]:
    lang = told.lang
    if not told.used:
        return
    yield Part("heading", t("letter.annex", lang))
    yield Part("text", t(f"letter.annex.{'known' if told.score else 'held'}", lang, date=day))
    for source, values in told.used:
        yield Part("heading", source)
        known = tuple((label, value) for label, value in values if value is not None)
        if known:
            head = (t("letter.annex.label", lang), t("letter.annex.value", lang))
            yield Part("table", head=head, rows=known)
        absent = [label for label, value in values if value is None]
        if absent:
            yield Part("note", t("letter.annex.missing", lang, labels=", ".join(absent)))
