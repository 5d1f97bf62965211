"""Notes of managers on the pages about the model."""

from dash.development.base_component import Component

from components import act, notes
from components.act import Act
from components.i18n import t
from components.notes import Written
from data.ledger import notes as ledger
from data.ledger.drafts import EntryInvalid
from data.ledger.errors import LedgerUnavailable
from data.portfolios import Portfolio
from pages import _acts
from pages._acts import Faulty
from web.clock import local, now
from web.identity import MANAGER, require


def section(portfolio: Portfolio, about: str, topic: str, lang: str) -> Component:
    """Return the notes about one thing and, for managers, the place to add one."""
    try:
        found = _written(portfolio.id, about)
    except LedgerUnavailable:
        return notes.silent(topic, lang)
    return notes.section(portfolio.id, about, topic, found, _acts.may(MANAGER), now(), lang)


def write(one: Act, words: object) -> tuple[bool, Component | None, Component | None]:
    """Keep a note; return form hidden, fault, what was done."""
    user, lang = require(MANAGER), one.lang
    try:
        text = _acts.words_of(words, lang)
        if not text or one.about.partition(":")[0] not in ("fairness", "drift"):
            raise Faulty(t("notes.empty", lang))
        ledger.add(one.portfolio, one.about, user.name, text)
        return True, None, notes.kept(_written(one.portfolio, one.about), now(), lang)
    except Faulty as fault:
        return False, act.bad(fault.text), None
    except EntryInvalid:
        return False, act.bad(t("notes.empty", lang)), None
    except LedgerUnavailable as error:
        return False, _acts.silent(error, lang), None


def _written(portfolio_id: str, about: str) -> list[Written]:
    return [Written(local(one.at), one.account, one.text) for one in ledger.of(portfolio_id, about)]
