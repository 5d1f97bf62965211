"""A letter as it is kept: its parts in order, in words that are settled, without layout.

Page and PDF are both drawn from these parts, so that one cannot say what the other does not.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, a paragraph, a remark in small type, or a table.

    ``head`` and ``rows`` are those of a table; its first column is text, the others align right.
    """

    kind: Literal["heading", "text", "note", "table"]
    text: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to a client.

    Attributes
    ----------
    lang : language of every text
    reference : number of the file and of the decision
    lender, client : who writes and who receives, line by line
    date : when it was written
    title : what was decided, in one line
    parts : the letter itself, on its first page
    foot : what made it
    annex : what stands on the pages after it
    """

    lang: str
    reference: str
    lender: tuple[str, ...]
    client: tuple[str, ...]
    date: str
    title: str
    parts: tuple[Part, ...]
    foot: str
    annex: tuple[Part, ...] = ()

    def content(self) -> dict:
        """Return the letter as JSON can hold it."""
        return asdict(self)


def of_content(content: Mapping) -> Letter:
    """Return the letter that :meth:`Letter.content` wrote."""
    lines = {name: tuple(content[name]) for name in ("lender", "client")}
    parts = {name: tuple(map(_part, content[name])) for name in ("parts", "annex")}
    return Letter(**{**content, **lines, **parts})


def _part(held: Mapping) -> Part:
    return Part(held["kind"], held["text"], tuple(held["head"]), tuple(map(tuple, held["rows"])))
