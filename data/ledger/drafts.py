"""An entry before it is kept: what it must hold, and how it is written as a row of the chain."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from data.ledger.chain import LETTERS, canonical

# The longest texts that the columns hold.
LONGEST = {
    "kind": 16,
    "portfolio": 64,
    "client_id": 64,
    "about": 20,
    "proposed": 16,
    "decided": 16,
    "model_version": 64,
    "language": 8,
}
LONGEST_ACCOUNT = 128
LONGEST_CONTENT = 1_000_000


NEEDED = ("kind", "portfolio", "client_id")
# What only the ledger's own functions enter; about nobody's file.
OWN = ("erasure", "threshold", "stop", "resume", "note")
# What stands for itself; everything else is about one of these.
FIRST = ("decision", "assessment")


class EntryInvalid(ValueError):
    """A draft that cannot be kept; ``field`` names what is wrong with it."""

    def __init__(self, field: str, told: str):
        self.field = field
        super().__init__(f"{field}: {told}")


class SameAccount(ValueError):
    """Whoever decided or proposed is not the one who may answer it."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who adds an entry: a person on a page, or a system through the API, a command."""

    account: str
    roles: tuple[str, ...]
    channel: Literal["page", "api", "command"]


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it is kept.

    Attributes
    ----------
    kind : assessment, decision, letter, contest, rescoring, request, review
    content : what was shown, said or sent, as JSON can hold it; may be erased one day
    about : id of the decision that it concerns, None for a decision
    points, proposed, decided, model_version : what the register lists
    """

    kind: str
    portfolio: str
    client_id: str
    content: Mapping[str, Any]
    about: str | None = None
    points: float | None = None
    proposed: str | None = None
    decided: str | None = None
    model_version: str | None = None
    language: str | None = None


def row(draft: Draft, author: Author) -> dict[str, Any]:
    """Return a draft as the chain takes it.

    Raises
    ------
    EntryInvalid
        When it cannot be kept.
    """
    if draft.kind not in LETTERS:
        raise EntryInvalid("kind", "unknown")
    if draft.kind not in OWN and (draft.about is None) != (draft.kind in FIRST):
        raise EntryInvalid("about", "the id of a decision is expected, for a decision itself none")
    told = {name: getattr(draft, name) for name in Draft.__dataclass_fields__ if name != "content"}
    for name, longest in LONGEST.items():
        if not (name == "client_id" and draft.kind in OWN):
            check_text(name, told[name], longest, needed=name in NEEDED)
    if told["points"] is not None:
        told["points"] = _number("points", told["points"])
    return told | _author(author) | {"content": _content(draft.content)}


def _author(author: Author) -> dict[str, str]:
    """Return who adds an entry, as its columns."""
    check_text("account", author.account, LONGEST_ACCOUNT, needed=True)
    if author.channel not in ("page", "api", "command"):
        raise EntryInvalid("channel", "page, api or command is expected")
    roles = canonical(sorted(author.roles))
    check_text("roles", roles, 128, needed=True)
    return {"account": author.account, "roles": roles, "channel": author.channel}


def _content(given: Mapping[str, Any]) -> str:
    try:
        told = canonical(given)
        told.encode("utf-8")
    except (TypeError, ValueError) as error:
        raise EntryInvalid("content", "not what JSON can hold") from error
    if len(told) > LONGEST_CONTENT:
        raise EntryInvalid("content", f"at most {LONGEST_CONTENT:,} characters are kept")
    return told


def _number(field: str, value: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value):
        raise EntryInvalid(field, "a number is expected")
    return float(value)


def check_text(field: str, value: str | None, longest: int, *, needed: bool) -> None:
    """Refuse a text that is no text, is too long, or that one of the databases would not keep."""
    if value is None and not needed:
        return
    if not isinstance(value, str) or not value.strip() or len(value) > longest or not is_kept(value):
        raise EntryInvalid(field, f"a text of 1 to {longest} characters is expected")


def said(field: str, value: str, longest: int) -> str:
    """Return what a person wrote, without its margins, or refuse it."""
    check_text(field, value, longest, needed=True)
    return value.strip()


def is_kept(value: str) -> bool:
    """Say whether both databases keep a text."""
    # PostgreSQL keeps no NUL, and half a character is none.
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


def asked_for(text: str) -> str:
    """Return a text that both databases take as a value; what they would not keep is nobody's."""
    return text.strip() if is_kept(text) else "\ufffd"
