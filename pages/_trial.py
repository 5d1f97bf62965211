"""What stands behind the form of the Simulation page: from fields to an assessment, and back."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dash import ctx

from components import fields, formats
from components import form as rows
from components.charts.ruler import Ruler
from components.controls import Form
from components.fields import Entry, Item
from components.i18n import LANGUAGES, own, t
from data import portfolios
from data.portfolios import Portfolio
from model import asked as asking
from model.artifact import Model, champion
from model.assess import assess, assess_record
from model.results import Assessment, InvalidRecord, Recourse, Value
from model.whatif import Trial, attempt
from web.session import language

FIRST, FIRST_BLANK = 14, 6  # items shown without asking, of a file and of a blank one


@dataclass(frozen=True)
class Sheet:
    """One form on screen and the assessment that it starts from."""

    form: Form
    model: Model
    before: Assessment


def sheet_of(portfolio: Portfolio, model: Model, before: Assessment, lang: str) -> Sheet:
    """Return the form of an assessed file; of a blank one when it has no client."""
    client = before.client_id or ""
    asked = asking.asked(portfolio, model, before.families)
    values = {**before.record, **before.features}
    categories, texts = model.card["categories"], model.card["given_texts"]
    items = {
        one.name: Item(
            column=portfolio.columns[one.name],
            raw=before.record.get(one.name),
            value=values.get(one.name),
            options=tuple(categories.get(one.name) or texts.get(one.name, ())),
        )
        for one in asked
    }
    trained = [stage.family for stage in model.stages]
    absent = tuple(f for f in portfolio.families if f in trained and f not in before.families)
    first = frozenset(list(items)[: FIRST if client else FIRST_BLANK])
    return Sheet(Form(portfolio, client, lang, items, first, absent), model, before)


def on_screen(ident: object, about: object) -> Sheet:
    """Return the form that a callback comes from.

    ``ident`` is the id of any part of it and ``about`` what the page said of itself.

    Raises
    ------
    UnknownPortfolio, UnknownClient, ModelMissing, BankMissing
        When the id names what is not there: it came from the browser.
    """
    ident = ident if isinstance(ident, dict) else {}
    portfolio = portfolios.load(str(ident.get("portfolio")))
    client = ident.get("client")
    lang = about.get("lang") if isinstance(about, dict) else None
    before = assess(portfolio.id, str(client)) if client else assess_record(portfolio.id, {})
    known = lang if isinstance(lang, str) and lang in LANGUAGES else language()
    return sheet_of(portfolio, champion(portfolio.id), before, known)


def whose() -> object:
    """Return the id of the first output of the callback under way."""
    found = ctx.outputs_list
    while isinstance(found, list) and found:
        found = found[0]
    return found.get("id") if isinstance(found, dict) else None


def typed(given_fields: Iterable[object], boxes: Iterable[object]) -> dict[str, dict[str, object]]:
    """Return what the fields on screen hold, item by item, whatever a browser sent."""
    found: dict[str, dict[str, object]] = {}
    sent = [*((one, False) for one in given_fields or ()), *((one, True) for one in boxes or ())]
    for given, of_box in sent:
        ident = given.get("id") if isinstance(given, dict) else None
        name = ident.get("feature") if isinstance(ident, dict) else None
        if not isinstance(name, str):
            continue
        entry = found.setdefault(name, {})
        if of_box:
            entry["missing"] = bool(given.get("value"))
        else:
            entry[str(ident.get("field"))] = given.get("value")
    return found


def kept_values(form: Form, kept: object) -> dict[str, Value]:
    """Return the values that a trial kept by the browser changed, those that can be."""
    values = kept.get("values") if isinstance(kept, dict) else None
    return sound(form, values)


def kept_entries(form: Form, kept: object) -> dict[str, Entry]:
    """Return the fields that could not be read, as they were typed."""
    entries = kept.get("typed") if isinstance(kept, dict) else None
    if not isinstance(entries, dict):
        return {}
    return {name: one for name, one in entries.items() if name in form.items and isinstance(one, dict)}


def sound(form: Form, values: object) -> dict[str, Value]:
    """Return of some values those that a field of the form can hold."""
    if not isinstance(values, dict):
        return {}
    return {
        name: value
        for name, value in values.items()
        if name in form.items and form.items[name].can_hold(value)
    }


def read(
    sheet: Sheet, entries: Mapping[str, Entry], kept: object, proposed: object
) -> tuple[Trial, dict[str, str]]:
    """Return the trial that the fields stand for, and what could not be read of them.

    What the model refuses is told at its field, and the rest is tried without it.
    """
    form, known = sheet.form, known_values(sheet.form, kept, proposed)
    reading = rows.read(form, entries, known)
    changes, bad = dict(reading.changes), dict(reading.bad)
    client = form.client or None
    try:
        trial = attempt(form.portfolio.id, client, changes, sheet.before)
    except InvalidRecord as refused:
        bad |= rows.refused(form, refused.faults)
        changes = {name: value for name, value in changes.items() if name not in bad}
        trial = attempt(form.portfolio.id, client, changes, sheet.before)
    unread = [name for name, value in changes.items() if value is not None and _lost(trial.after, name)]
    bad |= {
        name: t("simulation.bad.unread", form.lang, label=form.label(form.items[name])) for name in unread
    }
    return trial, bad


def _lost(after: Assessment, name: str) -> bool:
    """Say whether the model reads a value that was given as not provided."""
    return name in after.features and formats.is_missing(after.features[name])


def known_values(form: Form, kept: object, proposed: object) -> dict[str, list[Value]]:
    """Return, by item, the values known to the last bit: of the trial so far and of proposals."""
    known: dict[str, list[Value]] = {}
    several = proposed if isinstance(proposed, list) else []
    for values in [kept_values(form, kept), *(sound(form, one) for one in several)]:
        for name, value in values.items():
            known.setdefault(name, []).append(value)
    return known


def marks(trial: Trial, bad: Mapping[str, str], proposed: object, form: Form) -> dict:
    """Return what the rows show of a trial: points of each change, faults, the proposal in use."""
    total = round(trial.after.points) - round(trial.before.points)
    names = list(trial.moved)
    whole = formats.round_to_sum([trial.moved[name] for name in names], total) if names else []
    shown = {
        name: [formats.number(points, form.lang, signed=True), _side(points)]
        for name, points in zip(names, whole, strict=True)
    }
    several = [sound(form, one) for one in proposed] if isinstance(proposed, list) else []
    used = several.index(trial.changes) if trial.changes and trial.changes in several else None
    kept = own(form.portfolio, "simulation.bad.kept", form.lang)
    return {"rows": shown, "bad": {name: f"{text} {kept}" for name, text in bad.items()}, "used": used}


def _side(points: int) -> str:
    return "up" if points > 0 else "down" if points < 0 else ""


def keep(trial: Trial, bad: Mapping[str, str], entries: Mapping[str, Entry], about: object) -> dict:
    """Return what the browser keeps of a trial: values to the last bit, faulty fields as typed."""
    page = about.get("page") if isinstance(about, dict) else None
    unread = {name: entries[name] for name in bad if name in entries and name not in trial.changes}
    return {"page": page, "values": dict(trial.changes), "typed": unread}


def themes_to_redraw(
    form: Form, shown: Sequence[str], entries: Mapping[str, Entry], held: Mapping[str, Entry]
) -> dict[str, list[str]]:
    """Return the themes whose rows must be drawn again for items to hold ``held``, with their items.

    The items that ``held`` does not name go back to the file's own values. A theme of which
    nothing is changed, before or after, keeps what is on screen.
    """
    open_names, touched = {*shown, *held}, set(held)
    for name in shown:
        item = form.items[name]
        if not fields.alike(item, fields.show(item, item.value, form.lang), entries[name]):
            touched.add(name)
    return {
        theme: [name for name in names if name in open_names]
        for theme, names in form.themes().items()
        if touched & set(names)
    }


def ruler(model: Model, before: Assessment, after: Assessment) -> Ruler:
    """Return the ruler of a trial beside its file."""
    drawn = Ruler(
        points=after.points,
        pass_mark=after.pass_mark,
        grey_low=after.grey_low,
        grey_high=after.grey_high,
        anchor=model.scale.anchor_points,
        step=model.scale.points_to_double,
        rate=model.scale.probability,
    )
    return drawn if after is before or not before.client_id else replace(drawn, original=before.points)


def token() -> str:
    """Return what tells this page, as loaded, from the same page loaded at another time."""
    return secrets.token_hex(4)


def redrawn(
    form: Form, pressed: Mapping, entries: Mapping[str, Entry], restore: object, proposed: object
) -> dict[str, list]:
    """Return the rows to draw again, by theme, for what was pressed.

    ``restore`` is a trial that the browser kept; ``proposed`` the changes of each proposal.
    """
    part = str(pressed.get("part")).removeprefix("simulation-")
    shown = [name for name in entries if name in form.items]
    if part in ("more", "all"):
        themes = form.themes()
        wanted = [pressed.get("theme")] if part == "more" else list(themes)
        return {
            theme: rows.theme_rows(form, theme, themes[theme], entries) for theme in wanted if theme in themes
        }
    values: dict[str, Value] = {}
    faulty: dict[str, Entry] = {}
    if part == "restore":
        values, faulty = kept_values(form, restore), kept_entries(form, restore)
    elif part == "proposal":
        values = _proposed(form, pressed.get("index"), proposed)
    held = {name: rows.entry_of(form, name, value) for name, value in values.items()} | faulty
    redraw = themes_to_redraw(form, shown, entries, held)
    return {theme: rows.theme_rows(form, theme, names, held) for theme, names in redraw.items()}


def _proposed(form: Form, index: object, several: object) -> dict[str, Value]:
    place = int(index) if isinstance(index, str) and index.isdecimal() else -1
    if isinstance(several, list) and 0 <= place < len(several):
        return sound(form, several[place])
    return {}


def steps(result: Recourse, record: Mapping[str, Value]) -> list[dict[str, Value]]:
    """Return the values that each proposal asks for, on top of those of ``record``."""
    return [
        {**record, **{change.feature: change.after for change in proposal.changes}}
        for proposal in result.proposals
    ]
