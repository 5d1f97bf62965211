"""What every act that is recorded shares: who does it, what a browser sent, what is answered.

Dash registers no page from a file whose name begins with an underscore.
"""

import hashlib
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from dash import ctx
from dash.development.base_component import Component

from components import act, reader
from components.act import LONGEST_WORDS, Act
from components.i18n import LANGUAGES, t
from data import portfolios
from data.ledger.drafts import Author
from data.ledger.errors import LedgerUnavailable
from data.portfolios import Portfolio
from web import requestlog
from web.identity import User
from web.session import language

log = logging.getLogger(__name__)
STEPS = ("review", "save", "back")


@dataclass(frozen=True)
class Answer:
    """What the parts of an act in two steps show next; None leaves words and choice as they are."""

    form: bool = True
    fault: Component | None = None
    told: object = None
    failed: Component | None = None
    done: Component | None = None

    def outputs(self) -> tuple:
        """Return form hidden, second step hidden, then what stands in each place."""
        second = not self.form and self.done is None
        return (not self.form, not second, self.fault, self.told, self.failed, self.done)


class Faulty(ValueError):
    """What was sent cannot be recorded; ``text`` says why, to stand under the field."""

    def __init__(self, text: str):
        self.text = text
        super().__init__(text)


def may(role: str) -> bool:
    """Say whether what is drawn is for someone of a role; whoever acts is asked again (``require``)."""
    who = reader.current()
    return who is None or role in who.roles


def name() -> str:
    """Return who the page is drawn for, empty when that was not said."""
    who = reader.current()
    return who.name if who else ""


def key() -> str:
    """Return what makes an act count once, however often it is sent."""
    return secrets.token_hex(16)


def asked(name: str) -> tuple[str, Act, Portfolio]:
    """Return the step that was asked for and the act that it belongs to, whatever a browser sent.

    Raises
    ------
    UnknownPortfolio
    """
    ident = ctx.triggered_id if isinstance(ctx.triggered_id, Mapping) else {}
    step = str(ident.get("part", "")).removeprefix("act-")
    portfolio = portfolios.load(str(ident.get("portfolio"))[:64])
    lang = ident.get("lang")
    known = lang if lang in LANGUAGES else language()
    one = Act(name, portfolio.id, str(ident.get("about", ""))[:64], known)
    return (step if step in STEPS else "back"), one, portfolio


def words_of(sent: object, lang: str) -> str:
    """Return what was written, without what no register keeps.

    Raises
    ------
    Faulty
        When it is too long.
    """
    if not isinstance(sent, str):
        return ""
    kept = sent.replace("\0", "").encode("utf-8", "ignore").decode("utf-8").strip()
    if len(kept) > LONGEST_WORDS:
        raise Faulty(t("act.long", lang, most=LONGEST_WORDS))
    return kept


def key_of(shown: object) -> str:
    """Return the key that a page gave; a page that lost it gets a new one."""
    given = shown.get("key") if isinstance(shown, Mapping) else None
    return given if isinstance(given, str) and 16 <= len(given) <= 64 and given.isalnum() else key()


def digest(asked: Mapping) -> str:
    """Return a short name of what is asked: the same request, the same name."""
    told = json.dumps(asked, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def author(user: User) -> Author:
    """Return who acts, as the register keeps it."""
    return Author(user.name, tuple(sorted(user.roles)), user.channel)


def silent(error: LedgerUnavailable, lang: str, is_decision: bool = False) -> Component:
    """Return what is said when the register could not write."""
    log.error("the ledger did not record an act: %s", type(error).__name__)
    return act.failed(lang, requestlog.request_id(), is_decision)
