"""Reasons and warnings as sentences that can be read aloud to a client, in either language.

The sentences of a portfolio stand in its ``locales/<lang>.json`` under ``say``: for each
model input either one sentence, or one per *form* of its value:

``missing``
    the value is not provided;
``yes``, ``no``
    a flag;
``zero``, ``one``, ``negative``
    a number that is nought, asks for the singular, or is below nought;
``below``, ``near``, ``above``
    where the value lies against that of files accepted just above the pass mark. Only
    here may an adjective judge the value, since only here is it true;
``any``
    everything else.

``{value}`` stands for the client's value and ``{size}`` for the same without its minus.
Square brackets mark what the screen emphasises; without them it is the value.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components import formats
from components.i18n import own, plural, t, typeset
from data.portfolios import Column, Portfolio
from model.results import Assessment, PolicyReason, Reason, Value, Warning

LONGEST_SHOWN = 40  # characters of a value that someone typed
_PARTS = re.compile(r"^(?P<before>[^\[\]]*)\[(?P<value>[^\[\]]*)\](?P<after>[^\[\]]*)$")
_HIDDEN = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A reason in words: the emphasised part apart, and the reference to show under it."""

    before: str
    value: str
    after: str
    reference: str

    @property
    def text(self) -> str:
        """The sentence as one text."""
        return self.before + self.value + self.after


def reason_sentence(portfolio: Portfolio, reason: Reason, lang: str) -> Sentence:
    """Return the sentence that tells what a reason is about, without its direction."""
    template = _template(portfolio, reason.feature, reason.value, lang, reason.standing)
    shown = _shown(portfolio, reason.feature, reason.value, lang)
    parts = _PARTS.match(template)
    pieces = parts.groups() if parts else (template, "", "")
    before, value, after = (_fill(piece, shown) for piece in pieces)
    return Sentence(before, value, after, _reference(portfolio, reason, lang))


def rounded(assessment: Assessment) -> tuple[list[int], int]:
    """Return the whole points of each reason, and of all else, that add up to what is shown."""
    moved = [reason.points for reason in assessment.reasons]
    rest = assessment.points - assessment.base_points - sum(moved)
    total = round(assessment.points) - round(assessment.base_points)
    *shown, others = formats.round_to_sum([*moved, rest], total)
    return shown, others


def reason_text(portfolio: Portfolio, reason: Reason, lang: str, points: int | None = None) -> str:
    """Return a reason in full: the fact, the reference, the points it takes away or adds.

    ``points`` are those of :func:`rounded`; a reason told alone has its own rounded.
    """
    sentence = reason_sentence(portfolio, reason, lang)
    reference = sentence.reference[:1].lower() + sentence.reference[1:]
    size = abs(round(reason.points if points is None else points))
    moved = plural("reason.points", size, lang) if size else t("reason.points.under", lang)
    subject = "missing" if formats.is_missing(reason.value) else "known"
    extent = "many" if len(reason.features) > 1 else "one"
    return t(
        "reason.text",
        lang,
        sentence=sentence.text.removesuffix("."),
        reference=reference,
        direction=t(f"reason.{reason.direction}.{subject}.{extent}", lang, points=moved),
    )


def policy_text(portfolio: Portfolio, rule: PolicyReason, lang: str) -> str:
    """Return what a rule of the lender found in a file, in the portfolio's words (``policy``).

    The value bears one decimal more than elsewhere: at the limit it would seem not to be beyond it.
    """
    column = portfolio.columns[rule.feature]
    currency = portfolio.settings.get("currency", "")
    shown, limit = (
        formats.quantity(amount, column.kind, column.unit, lang, column.decimals + 1, currency)
        for amount in (rule.value, rule.limit)
    )
    said = portfolio.words(lang).get("policy", {}).get(rule.code)
    if said is not None:
        return typeset(said, lang).replace("{value}", shown).replace("{limit}", limit)
    label = typeset(column.label(lang), lang)
    return t(f"policy.plain.{rule.side}", lang, label=label, value=shown, limit=limit)


def warning_text(portfolio: Portfolio, warning: Warning, lang: str) -> tuple[str, str]:
    """Return a warning as the fact and its consequence, each one or two sentences."""
    if warning.code == "not_collected":
        return _not_collected(portfolio, warning.field, lang), t("warning.missing.then", lang)
    if warning.code == "missing":
        fact = _template(portfolio, warning.field, None, lang, "missing")
        return fact.replace("[", "").replace("]", ""), t("warning.missing.then", lang)
    column = portfolio.columns[warning.field]
    fact = t(
        f"warning.{warning.code}",
        lang,
        label=typeset(column.label(lang), lang),
        value=_typed(formats.value(portfolio, column.name, warning.value, lang)),
    )
    return fact, _consequence(portfolio, column, warning, lang)


def reasons_told(portfolio: Portfolio, found: Assessment, lang: str) -> list[dict[str, str]]:
    """Return the reasons of an assessment, the weightiest first, as machines that ask are told them.

    The points in the texts are those that pages show for the same file.
    """
    shown, _ = rounded(found)
    return [
        {
            "code": reason.code,
            "feature": reason.feature,
            "direction": reason.direction,
            "text": reason_text(portfolio, reason, lang, points),
        }
        for reason, points in zip(found.reasons, shown, strict=True)
    ]


def warnings_told(portfolio: Portfolio, found: Assessment, lang: str) -> list[dict[str, str]]:
    """Return what to check before deciding, as machines that ask are told it."""
    return [
        {
            "field": warning.field,
            "code": warning.code,
            "text": " ".join(warning_text(portfolio, warning, lang)),
        }
        for warning in found.warnings
    ]


def _template(portfolio: Portfolio, feature: str, value: Value, lang: str, standing: str) -> str:
    """Return the sentence to fill; a column without words of its own gets a plain one."""
    column = portfolio.columns[feature]
    said = portfolio.words(lang).get("say", {}).get(feature, {})
    forms: Mapping[str, str] = {"any": said} if isinstance(said, str) else said
    for form in _forms(column, value, lang, standing):
        if form in forms:
            template = typeset(forms[form], lang)
            return template if "[" in template else template.replace("{value}", "[{value}]")
    plain = "missing" if formats.is_missing(value) else "any"
    return t(f"reason.plain.{plain}", lang, label=typeset(column.label(lang), lang), value="[{value}]")


def _forms(column: Column, value: Value, lang: str, standing: str) -> Iterator[str]:
    """Yield the forms that fit a value, the most precise first."""
    if formats.is_missing(value):
        yield "missing"
        return
    if column.kind == "flag":
        yield "yes" if formats.flag(value, lang) == t("value.yes", lang) else "no"
    elif column.kind != "category" and not isinstance(value, str):
        if value == 0:
            yield "zero"
        if value < 0:
            yield "negative"
        if abs(value) == 1 or (lang == "fr" and abs(value) < 2):
            yield "one"
        yield standing
    yield "any"


def _shown(portfolio: Portfolio, feature: str, value: Value, lang: str) -> dict[str, str]:
    if formats.is_missing(value):
        return {}
    shown = formats.value(portfolio, feature, value, lang)
    named = portfolio.words(lang).get("categories", {}).get(feature, ())
    shown = _line(shown) if str(value) in named else _typed(shown)  # what the portfolio names is told whole
    return {"value": shown, "size": shown.removeprefix(formats.MINUS)}


def _fill(piece: str, shown: Mapping[str, str]) -> str:
    # Not str.format: a value that someone typed may itself hold braces.
    return re.sub(r"\{(value|size)\}", lambda found: shown[found[1]], piece)


def _line(text: str) -> str:
    return _HIDDEN.sub(" ", text).strip()


def _typed(text: str) -> str:
    """Return a value safe to set in a sentence: one line, no longer than is readable."""
    text = _line(text)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1].rstrip() + "…"


def _reference(portfolio: Portfolio, reason: Reason, lang: str) -> str:
    if formats.is_missing(reason.reference):
        return own(portfolio, "reason.reference.missing", lang)
    key = "usual" if portfolio.columns[reason.feature].is_one_of_few else "median"
    shown = formats.value(portfolio, reason.feature, reason.reference, lang)
    return own(portfolio, f"reason.reference.{key}", lang, value=shown)


def _not_collected(portfolio: Portfolio, family: str, lang: str) -> str:
    words = portfolio.words(lang)
    if family in words.get("not_collected", {}):
        return typeset(words["not_collected"][family], lang)
    name = words.get("families", {}).get(family, family)
    return t("reason.plain.missing", lang, label=typeset(name, lang))


def _consequence(portfolio: Portfolio, column: Column, warning: Warning, lang: str) -> str:
    if warning.code == "unseen":
        return t("warning.unseen.then", lang)
    bounds = warning.detail or {"low": column.low, "high": column.high}
    shown = [
        None if bounds.get(end) is None else formats.value(portfolio, column.name, bounds[end], lang)
        for end in ("low", "high")
    ]
    if column.unit == "days_ago":
        # The furthest day is the smallest number but the longest time.
        shown.reverse()
    low, high = shown
    known = "between" if low and high else "least" if low else "most" if high else "unknown"
    return t(f"warning.{warning.code}.then.{known}", lang, low=low, high=high)
