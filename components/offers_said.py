"""What the screen says of the offers of a file, settled in words: drawn live, kept, drawn again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from components import formats
from components.i18n import t
from data.portfolios import Portfolio
from model.results import Offers, Value

Rows = Sequence[Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class Line:
    """An offer, what it is, and its share of 100 acceptances: as shown, and from 0 to 1."""

    code: str
    told: str
    shown: str
    share: float


@dataclass(frozen=True, slots=True)
class Told:
    """The likeliest offers, then all others as one line; ``reading`` holds the place ``{code}``."""

    title: str
    reading: str
    lines: tuple[Line, ...]
    others: Line | None

    @property
    def first(self) -> str:
        """The code of the likeliest offer."""
        return self.lines[0].code


def offers(portfolio: Portfolio, found: Offers, named: Mapping[str, str], lang: str) -> Told:
    """Return what is said of the offers of a file.

    Parameters
    ----------
    named : what each offer is (see :func:`names`)
    """
    shares = [*(offer.share for offer in found.top), found.others_share]
    *counts, left = formats.round_to_sum([100 * share for share in shares], 100)
    lines = tuple(
        Line(offer.code, named.get(offer.code, ""), _shown(offer.share, count, lang), offer.share)
        for offer, count in zip(found.top, counts, strict=True)
    )
    several = "" if len(lines) > 1 else ".one"
    size = t(f"number.{len(lines)}", lang) if 1 < len(lines) <= 8 else str(len(lines))
    reading = t(
        f"offers.reading{several}",
        lang,
        code="{code}",
        first=lines[0].shown,
        count=size,
        together=sum(counts),
    )
    return Told(t(f"offers.title{several}", lang, count=size), reading, lines, _others(found, left, lang))


def names(portfolio: Portfolio, rows: Rows, lang: str) -> dict[str, str]:
    """Return what each offer is, by its code, from the rows of the table of offers.

    The portfolio says which column describes an offer, and in the words of which input.
    """
    settings = portfolio.settings["offers"]
    key, described = settings["column"], settings.get("described")
    if described is None:
        return {str(row[key]): "" for row in rows}
    return {
        str(row[key]): formats.category(portfolio, described["words"], row[described["column"]], lang)
        for row in rows
    }


def named(code: str, told: str, lang: str) -> str:
    """Return an offer in one line: its code and what it is."""
    return t("offers.named", lang, code=code, range=told) if told else code


def in_hundred(share: float, lang: str) -> str:
    """Return a share of 100 in whole numbers: never none of what may happen."""
    return _shown(share, round(100 * share), lang)


def kept(told: Told) -> dict:
    """Return what was said as a record keeps it."""
    return asdict(told)


def restored(held: Mapping | None) -> Told | None:
    """Return what was said from what a record kept."""
    if held is None:
        return None
    others = held["others"]
    return Told(
        held["title"],
        held["reading"],
        tuple(Line(**line) for line in held["lines"]),
        None if others is None else Line(**others),
    )


def _others(found: Offers, count: int, lang: str) -> Line | None:
    if not found.others:
        return None
    several = "" if found.others > 1 else ".one"
    # Nobody knows how the rare ones share what they take: a most for each would be made up.
    is_rare = found.rare_share > found.most_of_others
    several = ".rare" if is_rare and found.others > 1 else several
    most = in_hundred(found.rare_share if is_rare else found.most_of_others, lang)
    told = t(f"offers.others.told{several}", lang, count=formats.number(found.others, lang), most=most)
    return Line(t("offers.others", lang), told, _shown(found.others_share, count, lang), found.others_share)


def _shown(share: float, count: int, lang: str) -> str:
    return str(count) if count else t("offers.under", lang) if share > 0 else "0"
