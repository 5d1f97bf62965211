"""What the screen says of a file, settled in words: drawn live, kept with a decision, drawn again.

Nothing here draws. What is drawn from these is the same on the day itself and years later, whatever
model, locale or portfolio has come since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components import formats
from components.i18n import own, plural, t, typeset
from components.sentences import policy_text, reason_sentence, rounded, warning_text
from data.portfolios import Portfolio
from model.results import Assessment, Decision, Direction, Value

Pair = tuple[str, str]  # label and value
Rates = tuple[float, Mapping[str, float]]  # shares of positives: all, and by input with the same value


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How 100 files at these points end: ``count`` of the positive class, in words ``told``.

    ``mark`` names the pass mark where the portfolio has a name of its own for it.
    ``told`` holds the places ``{positive}`` and ``{negative}``, which the screen colours.
    """

    count: int
    told: str
    positive: str
    negative: str
    after: str
    axis: str
    positive_is_good: bool
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is proposed, and where the file stands; ``rule`` says when the points alone did not decide."""

    proposal: Decision
    wording: str
    points: str
    standing: str
    rule: str
    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class Line:
    """A reason, its sentence in three pieces (the middle one is emphasised); points are whole."""

    code: str
    direction: Direction
    points: int
    before: str
    value: str
    after: str
    reference: str

    @property
    def text(self) -> str:
        """The sentence as one text."""
        return self.before + self.value + self.after


@dataclass(frozen=True, slots=True)
class Reasons:
    """The reasons in order, the sum that they make, and the rules of the lender, apart.

    ``adds_first`` says that what adds points is told first.
    """

    lines: tuple[Line, ...]
    sum: str
    rules: tuple[str, ...]
    adds_first: bool = False


@dataclass(frozen=True, slots=True)
class Checks:
    """Warnings, each a fact and its consequence, and the situation as declared."""

    warnings: tuple[Pair, ...]
    declared: tuple[Pair, ...]


def verdict(portfolio: Portfolio, assessment: Assessment, lang: str) -> Verdict:
    """Return what is proposed for a file."""
    points = plural(
        "verdict.points", round(assessment.points), lang, count=formats.points(assessment.points, lang)
    )
    gap = round(assessment.points) - round(assessment.pass_mark)
    way = "at" if gap == 0 else "under" if gap < 0 else "over"
    mark = formats.points(assessment.pass_mark, lang)
    distance = t(f"verdict.distance.{way}", lang, gap=formats.points(abs(gap), lang), mark=mark)
    return Verdict(
        proposal=assessment.proposal,
        wording=_wording(portfolio, assessment.proposal, lang),
        points=points,
        standing=f"{distance} {zone(portfolio, assessment, lang)}".rstrip(),
        rule=_rule(portfolio, assessment, lang),
        outcomes=_outcomes(portfolio, assessment, lang),
    )


def zone(portfolio: Portfolio, assessment: Assessment, lang: str) -> str:
    """Return the side of the grey zone; without one, what it costs to follow a proposal, if told."""
    if assessment.grey_low < assessment.grey_high:
        return own(portfolio, f"verdict.zone.{assessment.decision}", lang)
    cost = portfolio.settings.get("campaign", {}).get("contact_cost")
    if cost is None:
        return ""
    return t(
        "verdict.contact", lang, cost=formats.money(cost, lang, 0, portfolio.settings.get("currency", ""))
    )


def mark_name(portfolio: Portfolio, assessment: Assessment, lang: str) -> str:
    """Return the name of the mark where it stands at even odds, if the portfolio has one."""
    words = portfolio.words(lang)["frequency"]
    if "half" not in words or formats.hundred(assessment.threshold) != 50:
        return ""
    return typeset(words["half"], lang).format(points=formats.points(assessment.pass_mark, lang))


def reasons(
    portfolio: Portfolio,
    assessment: Assessment,
    reference: tuple[float, float],
    lang: str,
    rates: Rates | None = None,
) -> Reasons:
    """Return the reasons of a file, each beside the rate of its case where ``rates`` hold one.

    ``reference`` gives the points between which files were accepted just above the mark
    (from the first, up to but without the second).
    """
    shown, rest = rounded(assessment)
    lines, is_first = [], True
    for reason, points in zip(assessment.reasons, shown, strict=True):
        said = reason_sentence(portfolio, reason, lang)
        beside = _rate(portfolio, reason.feature, rates, is_first, lang)
        is_first &= not beside
        beside = beside or said.reference
        lines.append(Line(reason.code, reason.direction, points, said.before, said.value, said.after, beside))
    rules = tuple(policy_text(portfolio, rule, lang) for rule in assessment.policy)
    total = arithmetic(portfolio, assessment, shown, rest, reference, lang)
    return Reasons(tuple(lines), total, rules, portfolio.settings["positive_is_good"])


def _rate(portfolio: Portfolio, feature: str, rates: Rates | None, is_first: bool, lang: str) -> str:
    """Return how often files with this value end well; the first is told beside all files."""
    words = portfolio.words(lang).get("rates")
    if rates is None or words is None or feature not in rates[1]:
        return ""
    told = typeset(words["first" if is_first else "other"], lang)
    return told.format(rate=formats.hundred(rates[1][feature]), all=formats.hundred(rates[0]))


def checks(
    portfolio: Portfolio, assessment: Assessment | None, declared: Sequence[Pair], lang: str
) -> Checks:
    """Return what to check in a file, beside what was declared; nothing when it was not assessed."""
    found = assessment.warnings if assessment else ()
    return Checks(tuple(warning_text(portfolio, one, lang) for one in found), tuple(declared))


def pair(portfolio: Portfolio, entry: str, values: Mapping[str, Value], lang: str) -> tuple[str, str]:
    """Return a fact's label and value.

    ``entry`` is a column, or the name of a fact composed of several columns in the
    portfolio's words (``facts``: a label and a sentence holding the columns' names).
    """
    composed = portfolio.words(lang).get("facts", {}).get(entry)
    if composed is None:
        shown = formats.value(portfolio, entry, values.get(entry), lang)
        return typeset(portfolio.columns[entry].label(lang), lang), shown
    known = {
        name: formats.value(portfolio, name, values.get(name), lang)
        for name in composed["columns"]
        if not formats.is_missing(values.get(name))
    }
    if len(known) == len(composed["columns"]):
        shown = typeset(composed["value"].format(**known), lang)
    else:
        # A part is missing: the others still say something on their own.
        shown = ", ".join(known.values()) or t("value.missing", lang)
    return typeset(composed["label"], lang), shown


def arithmetic(
    portfolio: Portfolio,
    assessment: Assessment,
    shown: Sequence[int],
    rest: int,
    reference: tuple[float, float],
    lang: str,
) -> str:
    """Return the sum in words, from the average file to this one."""
    taken, added = (sum(p for p in shown if p * way > 0) for way in (-1, 1))
    parts = [own(portfolio, "reasons.sum.base", lang, points=formats.points(assessment.base_points, lang))]
    if shown:
        extent = "one" if len(shown) == 1 else "many"
        moved = [
            t(f"reasons.sum.{verb}.{extent}", lang, points=formats.points(abs(amount), lang))
            for verb, amount in (("take", taken), ("add", added))
            if amount
        ]
        subject = plural("reasons.sum.these", len(shown), lang, count=_count(len(shown), lang))
        parts.append(t("reasons.sum.reasons", lang, these=subject, moved=t("value.and", lang).join(moved)))
    way = "none" if rest == 0 else "take" if rest < 0 else "add"
    others = t(f"reasons.sum.rest.{way}", lang, points=formats.points(abs(rest), lang))
    parts.append(others if shown else others[:1].upper() + others[1:])
    parts.append(t("reasons.sum.total", lang, points=formats.points(assessment.points, lang)))
    low, high = formats.points(reference[0], lang), formats.points(reference[1] - 1, lang)
    parts.append(own(portfolio, "reasons.reference", lang, low=low, high=high))
    if round(reference[0]) != round(assessment.pass_mark):
        mark = formats.points(assessment.pass_mark, lang)
        parts.append(own(portfolio, "moved.reasons", lang, trained=low, mark=mark))
    return " ".join(parts)


def outcomes(words: Mapping, probability: float, lang: str) -> tuple[str, str]:
    """Return how many of 100 files end each way, in the portfolio's words for a frequency."""
    count, rare = in_hundred(probability), probability < 0.005
    positive = _counted(words["positive"], "under" if rare else None, count, lang)
    return positive, _counted(words["negative"], "over" if rare else None, 100 - count, lang)


def in_hundred(probability: float) -> int:
    """Return the squares of a hundred to fill: none below half of one."""
    return 0 if probability < 0.005 else formats.hundred(probability)


def _outcomes(portfolio: Portfolio, assessment: Assessment, lang: str) -> Outcomes:
    """Return how such files end; each portfolio words its own outcome."""
    words = portfolio.words(lang)["frequency"]
    positive, negative = outcomes(words, assessment.probability, lang)
    at_mark = words["at_mark"].format(rate=formats.per_hundred(assessment.threshold, lang))
    told = typeset(words["sentence"], lang).replace("{points}", formats.points(assessment.points, lang))
    return Outcomes(
        count=in_hundred(assessment.probability),
        told=told,
        positive=positive,
        negative=negative,
        after=typeset(f"{at_mark} {words['caution']}", lang),
        axis=typeset(words["axis"], lang),
        mark=mark_name(portfolio, assessment, lang),
        positive_is_good=portfolio.settings["positive_is_good"],
    )


def _rule(portfolio: Portfolio, assessment: Assessment, lang: str) -> str:
    if assessment.proposal == assessment.decision:
        return ""
    alone = t("policy.alone", lang, proposal=_wording(portfolio, assessment.decision, lang))
    return f"{t(f'policy.asks.{assessment.proposal}', lang)} {alone}"


def _wording(portfolio: Portfolio, decision: Decision, lang: str) -> str:
    return typeset(portfolio.words(lang)["decisions"][decision], lang)


def _counted(forms: Mapping[str, str], form: str | None, count: int, lang: str) -> str:
    single = count < 2 if lang == "fr" else count == 1
    return typeset(forms[form or ("one" if single else "many")].format(count=count), lang)


def _count(count: int, lang: str) -> str:
    """Return a small number in letters, as a sentence says it."""
    return t(f"number.{count}", lang) if 1 < count <= 8 else str(count)
