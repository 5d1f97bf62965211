"""Corrected values of a contested file, assessed by the same way as any "what if", and kept on demand."""

from collections.abc import Mapping, Sequence
from dataclasses import fields as parts_of

from dash import html
from dash.development.base_component import Component

from components import act, formats, rescore
from components import form as form_rows
from components.controls import Form
from components.i18n import LANGUAGES, own, t, typeset
from components.rescore import Corrections
from data import portfolios
from data.ledger import entries
from data.ledger.drafts import Draft, EntryInvalid
from data.ledger.entries import Entry, KeyReused
from data.ledger.errors import LedgerUnavailable
from model.artifact import ModelDamaged, ModelMissing
from model.assess import assess
from model.results import InvalidRecord, Value
from model.service import speaking
from model.whatif import Trial, attempt
from pages import _acts, _trial
from web import audit, records
from web.identity import ADVISOR, MANAGER, require
from web.session import language

MOST = 10  # values corrected at once


def place_of(ident: object) -> tuple[Entry, str]:
    """Return the decision that a part belongs to, and the language; whatever a browser sent.

    Raises
    ------
    data.ledger.entries.UnknownEntry
    """
    require(ADVISOR, MANAGER)
    ident = ident if isinstance(ident, Mapping) else {}
    lang = ident.get("lang")
    found = entries.get(str(ident.get("decision"))[:20])
    audit.viewed(found.portfolio, found.client_id)
    return found, lang if lang in LANGUAGES else language()


def form_of(decision: Entry, lang: str) -> Corrections | None:
    """Return the fields that may be corrected; None when no model may compute."""
    try:
        model, before = speaking(decision.portfolio), assess(decision.portfolio, decision.client_id)
    except (ModelMissing, ModelDamaged):
        return None
    portfolio = portfolios.load(decision.portfolio)
    form = _trial.sheet_of(portfolio, model, before, lang).form
    return Corrections(**{one.name: getattr(form, one.name) for one in parts_of(Form)}, decision=decision.id)


def opened(decision: Entry, lang: str) -> Component:
    """Return the list of what may be corrected."""
    form = form_of(decision, lang)
    return html.P(t("rescore.stopped", lang), className="info") if form is None else rescore.choice(form)


def rows(
    decision: Entry, lang: str, typed: Mapping[str, Mapping], picked: Sequence[object]
) -> list[Component]:
    """Return the rows on screen with the one that was just chosen."""
    form = form_of(decision, lang)
    if form is None:
        return []
    names = [*typed, *(one for one in picked if isinstance(one, str) and one not in typed)]
    return rescore.rows(form, names[:MOST], typed)


def computed(decision: Entry, lang: str, typed: Mapping[str, Mapping]) -> list[Component]:
    """Return what the corrected file is assessed at, or what is wrong with the values."""
    form, found = _tried(decision, lang, typed)
    if isinstance(found, str):
        return [act.bad(found)]
    return rescore.result(form, _told(form, found))


def kept(decision: Entry, lang: str, typed: Mapping[str, Mapping]) -> list[Component]:
    """Keep the calculation with the decision; say so, or why it is not kept."""
    form, found = _tried(decision, lang, typed)
    if isinstance(found, str):
        return [act.bad(found)]
    user = require(ADVISOR, MANAGER)
    changes = dict(found.changes)
    asked = {"about": decision.id, "corrections": changes, "points": found.after.points}
    # The same values computed again are the same act.
    key = f"rescore{decision.id}{_acts.digest(asked)}"
    try:
        entries.add([_draft(decision, lang, found)], _acts.author(user), key, asked)
    except LedgerUnavailable as error:
        return [_acts.silent(error, lang)]
    except (KeyReused, EntryInvalid):
        return [act.refused(t("act.again", lang))]
    return [
        html.P(html.B(own(form.portfolio, "rescore.recorded", lang)), role="status"),
        html.P(_told(form, found)),
    ]


def _tried(
    decision: Entry, lang: str, typed: Mapping[str, Mapping]
) -> tuple[Corrections | None, Trial | str]:
    form = form_of(decision, lang)
    if form is None:
        return None, t("rescore.stopped", lang)
    reading = form_rows.read(form, dict(list(typed.items())[:MOST]), {})
    if reading.bad:
        return form, " ".join(reading.bad.values())
    if not reading.changes:
        return form, t("rescore.none", lang)
    try:
        return form, attempt(decision.portfolio, decision.client_id, reading.changes)
    except InvalidRecord as refused:
        return form, " ".join(form_rows.refused(form, refused.faults).values())


def _told(form: Corrections, found: Trial) -> str:
    wording = typeset(form.portfolio.words(form.lang)["decisions"][found.after.proposal], form.lang)
    points, before = (formats.points(one.points, form.lang) for one in (found.after, found.before))
    return own(form.portfolio, "rescore.result", form.lang, points=points, before=before, proposal=wording)


def _draft(decision: Entry, lang: str, found: Trial) -> Draft:
    portfolio = portfolios.load(decision.portfolio)
    again = records.draft_of(portfolio, speaking(portfolio.id), found.after, lang)
    corrections: dict[str, Value] = dict(found.changes)
    content = {**again.content, "corrections": corrections, "moved": dict(found.moved)}
    return Draft(
        "rescoring",
        decision.portfolio,
        decision.client_id,
        content,
        about=decision.id,
        points=again.points,
        proposed=again.proposed,
        model_version=again.model_version,
        language=lang,
    )
