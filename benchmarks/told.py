"""Figures in a text: each is followed by its name, in a comment that readers do not see.

``0.755<!--real.auc-->`` is the figure ``auc`` of the section ``real``; ``28.1<!--real.refused_share
*100-->`` is that share in 100. How many digits are told is read from the text; decimal sign and
thousands are those of the language.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SPACE, _MINUS = "\u202f", "\u2212"
FIGURE = re.compile(r"([+\u2212]?)(\d[\d,.\u202f]*)<!--([a-z0-9_.]+)(?: \*(\d+))?-->")


class UnknownFigure(LookupError):
    """The note names a figure that ``docs/figures.json`` does not hold."""


@dataclass(frozen=True)
class Told:
    """A figure as a note tells it."""

    text: str
    sign: str
    name: str
    factor: int
    decimals: int


def figures_of(text: str, lang: str) -> list[Told]:
    """Return the figures of a note, in their order."""
    return [_told(match, lang) for match in FIGURE.finditer(text)]


def rewritten(text: str, lang: str, held: Mapping) -> str:
    """Return the note with every figure as ``held`` has it, with the digits that it has in ``text``.

    Raises
    ------
    UnknownFigure
        When the note names a figure that is not held.
    """

    def again(match: re.Match) -> str:
        comment = match[0][match[0].index("<!--") :]
        return written(_told(match, lang), lang, held) + comment

    return FIGURE.sub(again, text)


def written(told: Told, lang: str, held: Mapping) -> str:
    """Write a figure as the language does, without its comment."""
    section, _, name = told.name.partition(".")
    if name not in held.get(section, {}).get("figures", {}):
        raise UnknownFigure(f"{told.name} is not in figures.json; see python -m benchmarks.note --help")
    value = held[section]["figures"][name] * told.factor
    plain = f"{abs(value):,.{told.decimals}f}"
    if lang == "fr":
        plain = plain.replace(",", _SPACE).replace(".", ",")
    if not float(f"{abs(value):.{told.decimals}f}"):
        return plain
    return (_MINUS if value < 0 else told.sign.replace(_MINUS, "")) + plain


def _told(match: re.Match, lang: str) -> Told:
    _, _, decimals = match[2].partition("." if lang == "en" else ",")
    return Told(match[2], match[1], match[3], int(match[4] or 1), len(decimals))
