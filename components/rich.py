"""Sentences with something marked in them."""

import re

from dash import html
from dash.development.base_component import Component

_ON_ONE_LINE = 40  # characters: what the narrowest column holds
_PLACE = re.compile(r"\{(\w+)\}")


def fill(sentence: str, **parts: str | Component) -> list[str | Component]:
    """Return a sentence as children, each ``{name}`` replaced by the part of that name.

    Examples
    --------
    >>> fill("Sur 100, {bad}.", bad="environ 14")
    ['Sur 100, ', 'environ 14', '.']
    """
    pieces = _PLACE.split(sentence)
    filled = [parts[piece] if place % 2 else piece for place, piece in enumerate(pieces)]
    return [piece for piece in filled if piece != ""]


def bold(text: str, colour: str = "") -> Component:
    """Return a figure or a name that the eye should find; unless it is long, it stays on one line."""
    classes = ["nowrap" if len(text) <= _ON_ONE_LINE else "", colour]
    return html.B(text, className=" ".join(filter(None, classes)))
