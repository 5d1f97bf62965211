"""Making the letter about a decision, on the page that reopens it."""

from dash.development.base_component import Component

from components import act, letter
from components.act import Act
from components.i18n import LANGUAGES, t
from data.ledger.entries import KeyReused
from data.ledger.errors import LedgerUnavailable
from pages import _acts
from pages._thread import SETTLED, Story
from web import letter_routes
from web.identity import ADVISOR, MANAGER, require
from web.letter_records import NothingToTell


def section(story: Story, lang: str, width: str = "") -> Component | None:
    """Return the sheet of the letter; None while there is nothing to tell, or for who may not write."""
    decision = story.decision
    is_settled = story.final in SETTLED and story.waiting_since is None and decision.content is not None
    is_told = is_settled and story.portfolio.has_letters
    if not is_told or not (_acts.may(ADVISOR) or _acts.may(MANAGER)):
        return None
    one = Act(letter.NAME, decision.portfolio, decision.id, lang)
    return letter.section(one, {"key": _acts.key()}, width)


def make(one: Act, choice: object, shown: object) -> Component:
    """Keep the letter and return where it is read, or why there is none."""
    user = require(ADVISOR, MANAGER)
    chosen = choice if choice in LANGUAGES else one.lang
    try:
        kept = letter_routes.make(one.about, chosen, user, _acts.key_of(shown) + chosen)
    except LedgerUnavailable as error:
        return _acts.silent(error, one.lang)
    except NothingToTell:
        return act.refused(t("letter.nothing", one.lang))
    except KeyReused:
        return act.refused(t("act.again", one.lang))
    page, pdf = letter_routes.address(kept.id), letter_routes.address(kept.id, as_pdf=True)
    return letter.made(page, pdf, one.lang)
