"""Deciding on a file: what the panel shows, and what is recorded when it is used.

What was shown is checked again at the moment of recording: the file is assessed anew, and nothing
is recorded when that is not what the reader saw.
"""

from collections.abc import Mapping

from dash.development.base_component import Component

from components import act, decide
from components.act import Act
from components.i18n import own, t
from components.offers_said import named
from components.proposals import proposal_text
from data import features, portfolios
from data.bank import UnknownClient, open_bank
from data.ledger import entries, waiting
from data.ledger.drafts import Draft, EntryInvalid
from data.ledger.entries import KeyReused
from data.ledger.errors import LedgerUnavailable
from data.ledger.waiting import FileWaits, last_decision, waits
from data.portfolios import Portfolio
from model.artifact import Model, ModelDamaged, ModelMissing
from model.assess import assess
from model.recourse import recourse
from model.results import STRICTER, Assessment, Decision, Recourse, Value
from model.service import ModelStopped, speaking
from pages import _acts
from pages._acts import Answer, Faulty
from web import records
from web.clock import local
from web.identity import ADVISOR, require
from web.record_texts import offer_names

SAME = 1e-6  # points within which what is assessed anew is what was shown


def panel(portfolio: Portfolio, model: Model, found: Assessment, lang: str, width: str = "c5") -> Component:
    """Return the panel of an assessed file."""
    listed = _ranked(portfolio, found, lang)
    return _panel(portfolio, found.client_id or "", _shown(model, found), lang, False, listed, width)


def panel_by_hand(portfolio: Portfolio, client: str, lang: str) -> Component:
    """Return the panel of a file without a proposal."""
    return _panel(portfolio, client, {"by_hand": True}, lang, by_hand=True)


def _ranked(portfolio: Portfolio, found: Assessment, lang: str) -> dict[str, str]:
    """Return what each offer is, those that were told first; none when no offer was told."""
    if found.offers is None:
        return {}
    known = offer_names(portfolio, lang)
    return {one.code: known.get(one.code, "") for one in found.offers.top} | known


def _panel(
    portfolio: Portfolio,
    client: str,
    shown: dict,
    lang: str,
    by_hand: bool,
    offers: Mapping[str, str] | None = None,
    width: str = "c5",
) -> Component:
    if not _acts.may(ADVISOR):
        return decide.told_only(lang, decide.not_yours(lang), width=width)
    try:
        last = last_decision(portfolio.id, client)
    except LedgerUnavailable:
        before = decide.silent(lang)
    else:
        if waiting := waits(last):
            return decide.told_only(lang, decide.waits(portfolio, last.id, waiting, lang), width=width)
        before = decide.before(portfolio, last.final, local(last.at), last.id, lang) if last else None
    return decide.panel(portfolio, client, shown | {"key": _acts.key()}, lang, before, by_hand, width, offers)


def _shown(model: Model, found: Assessment) -> dict:
    return {
        "points": found.points,
        "threshold": found.threshold,
        "version": model.version,
        "proposal": found.proposal,
    }


def step(
    name: str,
    one: Act,
    portfolio: Portfolio,
    choice: object,
    words: object,
    shown: object,
    offer: object = None,
) -> Answer:
    """Return what follows a press: the summary to read again, the form, or what was recorded."""
    user = require(ADVISOR)
    if name == "back":
        return Answer()
    shown = shown if isinstance(shown, Mapping) else {}
    by_hand = shown.get("by_hand") is True
    try:
        decided, motive = _read(portfolio, choice, words, by_hand, shown, one.lang)
        file = _File.of(portfolio, one, by_hand).offering(choice, offer, motive)
    except Faulty as fault:
        return Answer(fault=act.bad(fault.text))
    if not by_hand and not file.is_as(shown):
        return Answer(form=False, told=[], failed=act.refused(own(portfolio, "act.changed", one.lang)))
    if name == "review":
        return Answer(form=False, told=file.summary(decided, motive))
    return _recorded(file, decided, motive, _acts.author(user), shown)


def _read(
    portfolio: Portfolio, choice: object, words: object, by_hand: bool, shown: Mapping, lang: str
) -> tuple[Decision, str]:
    motive = _acts.words_of(words, lang)
    choice = STRICTER[0] if choice == decide.OTHER else choice
    if not isinstance(choice, str) or choice not in STRICTER:
        raise Faulty(t("act.choose", lang))
    if by_hand and not motive:
        raise Faulty(own(portfolio, "act.why.hand", lang))
    if choice != shown.get("proposal") and not motive:
        raise Faulty(t("act.why", lang))
    return choice, motive


def _recorded(file: "_File", decided: Decision, motive: str, author, shown: Mapping) -> Answer:
    """Record a decision, and only then say so."""
    lang = file.act.lang
    told = file.summary(decided, motive)
    # Of a file without a proposal nothing was shown that could have been checked.
    seen = {"by_hand": True} if file.found is None else _shown(file.model, file.found)
    asked = {"portfolio": file.portfolio.id, "client": file.act.about, "decided": decided, "motive": motive}
    if file.offer is not None:
        asked["offer"] = file.offer
    key = _acts.key_of(shown)
    try:
        known = entries.answered(author, key, asked | seen)
        if known is None:
            free = waiting.file_is_free(file.portfolio.id, file.act.about)
            known = entries.add([file.draft(decided, motive)], author, key, asked | seen, free)
    except FileWaits:
        return Answer(form=False, told=told, failed=act.refused(own(file.portfolio, "act.waits", lang)))
    except LedgerUnavailable as error:
        return Answer(form=False, told=told, failed=_acts.silent(error, lang, is_decision=True))
    except KeyReused:
        return Answer(form=False, told=told, failed=act.refused(t("act.again", lang)))
    except EntryInvalid:
        return Answer(form=False, told=told, failed=act.refused(own(file.portfolio, "act.changed", lang)))
    return Answer(form=False, done=decide.recorded(file.portfolio, decided, known[0].id, lang))


class _File:
    """A file as it is at this moment: assessed anew, or without a proposal."""

    def __init__(
        self, portfolio: Portfolio, one: Act, model: Model | None, found: Assessment | None, why: str
    ):
        self.portfolio, self.act, self.model, self.found, self.why = portfolio, one, model, found, why
        self.offer: str | None = None

    @classmethod
    def of(cls, portfolio: Portfolio, one: Act, by_hand: bool) -> "_File":
        """Assess a file anew; by hand only where no model may speak.

        Raises
        ------
        UnknownClient
        Faulty
            When what was shown no longer holds: a model was stopped, or speaks again.
        """
        if not open_bank(portfolio.id).records([one.about]).height:
            raise UnknownClient(one.about)
        try:
            model, found, why = speaking(portfolio.id), assess(portfolio.id, one.about), ""
        except ModelStopped:
            model, found, why = None, None, "stopped"
        except (ModelMissing, ModelDamaged):
            model, found, why = None, None, "missing"
        if by_hand == (found is not None):
            raise Faulty(own(portfolio, "act.changed", one.lang))
        return cls(portfolio, one, model, found, why)

    def offering(self, choice: object, offer: object, motive: str) -> "_File":
        """Settle what is offered: the likeliest unless another was chosen, with a reason.

        Raises
        ------
        Faulty
            When the other offer was not chosen, is none of the portfolio's or has no reason.
        """
        if self.found is None or self.found.offers is None or choice not in (STRICTER[0], decide.OTHER):
            return self
        first = self.found.offers.top[0].code
        self.offer = first
        if choice == decide.OTHER:
            if not isinstance(offer, str) or offer not in offer_names(self.portfolio, self.act.lang):
                raise Faulty(t("offers.choose", self.act.lang))
            if offer != first and not motive:
                raise Faulty(t("offers.why", self.act.lang))
            self.offer = offer
        return self

    def is_as(self, shown: Mapping) -> bool:
        """Say whether the file is still what was shown."""
        now, same = _shown(self.model, self.found), True
        for name in ("points", "threshold"):
            given = shown.get(name)
            same &= isinstance(given, int | float) and abs(given - now[name]) < SAME
        return same and all(shown.get(name) == now[name] for name in ("version", "proposal"))

    def recourse(self) -> Recourse | None:
        """Return what would change the proposal; not looked for on a file proposed for approval."""
        if self.found is None or self.found.decision == STRICTER[0]:
            return None  # nothing to look for: the points are enough
        return recourse(self.portfolio.id, self.act.about)

    def summary(self, decided: Decision, motive: str) -> list[Component]:
        """Return what is read again before it is recorded."""
        found, lang = self.recourse(), self.act.lang
        changes = [proposal_text(self.portfolio, one, lang) for one in found.proposals] if found else []
        proposed = self.found.proposal if self.found else None
        return decide.summary(self.portfolio, proposed, decided, motive, changes, lang, self._offers())

    def _offers(self) -> tuple[str, str] | None:
        """Return the likeliest offer and the one decided, in words."""
        if self.offer is None or self.found is None or self.found.offers is None:
            return None
        known, lang = offer_names(self.portfolio, self.act.lang), self.act.lang
        first = self.found.offers.top[0].code
        return tuple(named(code, known.get(code, ""), lang) for code in (first, self.offer))

    def draft(self, decided: Decision, motive: str) -> Draft:
        """Return what is recorded."""
        lang = self.act.lang
        if self.found is None:
            values = self._values()
            return records.draft_by_hand(
                self.portfolio, self.act.about, values, lang, decided, motive, self.why
            )
        return records.draft_of(
            self.portfolio, self.model, self.found, lang, decided, motive, self.recourse(), offer=self.offer
        )

    def _values(self) -> Mapping[str, Value]:
        found = open_bank(self.portfolio.id).records([self.act.about])
        return features.applicant(portfolios.load(self.portfolio.id), found).row(0, named=True)
