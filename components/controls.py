"""The controls of a form, each the one that its column deserves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import fields, formats
from components.fields import Entry, Item, Unreadable
from components.i18n import t, typeset
from data.portfolios import Portfolio

WAIT = 500  # milliseconds without a key after which a field counts
DRAG = 250  # the same for a slider


@dataclass(frozen=True)
class Form:
    """What can be tried on a file, the weightiest first; ``first`` is shown without asking.

    ``client`` is empty for a blank file. ``absent`` names the history families that were not
    collected: nothing of theirs is offered. ``wait`` says when what is typed counts: after so many
    milliseconds without a key, or if true when the field is left.
    """

    wait: ClassVar[int | bool] = WAIT
    portfolio: Portfolio
    client: str
    lang: str
    items: Mapping[str, Item]
    first: frozenset[str]
    absent: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing is known yet of the applicant."""
        return not self.client

    def themes(self) -> dict[str, list[str]]:
        """Return the names of the items by theme, both the weightiest first."""
        grouped: dict[str, list[str]] = {}
        for name, item in self.items.items():
            grouped.setdefault(item.column.theme, []).append(name)
        return grouped

    def id(self, part: str, **more: str) -> dict[str, str]:
        """Return the id of a part of this form."""
        return {"part": f"simulation-{part}", "portfolio": self.portfolio.id, "client": self.client} | more

    def label(self, item: Item) -> str:
        """Return what an item is called."""
        return typeset(item.column.label(self.lang), self.lang)


def control(form: Form, item: Item, held: Entry) -> Component:
    """Return the control that an item deserves, holding ``held``."""
    made = item.kind
    if made == "share":
        return _slider(form, item, held)
    if made in ("duration", "moment"):
        return _duration(form, item, held)
    if made in ("flag", "choice"):
        return _choice(form, item, held)
    word = _unit(form, item)
    parts = [
        _field(form, item, held, "value", form.label(item), len(word) < 5),
        html.Span(word) if word else None,
    ]
    return html.Div(parts, className="unit")


def missing(form: Form, item: Item, held: Entry) -> Component:
    """Return the box that says "not provided"."""
    return dbc.Checkbox(
        value=bool(held.get("missing")),
        label=[t("value.missing", form.lang), html.Span(f", {form.label(item)}", className="vh")],
        id=form.id("missing", feature=item.column.name),
        class_name="none",
    )


def _unit(form: Form, item: Item) -> str:
    """Return what stands after a number field."""
    column = item.column
    if column.unit == "currency":
        symbol = form.portfolio.settings.get("currency", "")
        return formats.SYMBOLS.get(symbol, symbol)
    known = ("percent", "of_one", "days", "months", "years", "times", "hour", "month")
    return t(f"simulation.unit.{column.unit}", form.lang) if column.unit in known else ""


def _field(form: Form, item: Item, held: Entry, field: str, name: str, wide: bool = False) -> Component:
    whole = field != "value" or fields.decimals(item.column) == 0
    typed = dbc.Input(
        type="text",
        inputmode="numeric" if whole else "decimal",
        value=held.get(field) or "",
        debounce=form.wait,
        disabled=_is_shut(form, held),
        id=_field_id(form, item, field),
        class_name="field",
    )
    return html.Label(
        [html.Span(name, className="vh"), typed], className="wide-field" if wide else "short-field"
    )


def _is_shut(form: Form, held: Entry) -> bool:
    """Say whether fields are shut by "not provided"; on a blank file, empty is enough."""
    return bool(held.get("missing")) and not form.is_blank


def _field_id(form: Form, item: Item, field: str) -> dict[str, str]:
    return form.id("try", feature=item.column.name, field=field)


def _slider(form: Form, item: Item, held: Entry) -> Component:
    column, name = item.column, item.column.name
    slider = dbc.Input(
        type="range",
        min=0,
        max=fields.scale(column),
        step=fields.step(column),
        value=held.get("share") or "0",
        debounce=DRAG,
        disabled=_is_shut(form, held),
        id=_field_id(form, item, "share"),
    )
    shown = html.Span(
        share_text(item, held, form.lang),
        id=form.id("share", feature=name),
        className="shown",
    )
    return html.Div(
        [html.Label([html.Span(form.label(item), className="vh"), slider]), shown], className="unit slide"
    )


def share_text(item: Item, held: Entry, lang: str) -> str:
    """Return the number beside a slider, empty when the share is not provided."""
    try:
        value = fields.read(item, held, lang)
    except Unreadable:
        return ""
    if value is None:
        return ""
    if item.column.unit == "percent":
        return formats.percent(value, lang)
    return formats.number(value, lang, fields.decimals(item.column))


def _duration(form: Form, item: Item, held: Entry) -> Component:
    parts: list = []
    if item.kind == "moment":
        options = [{"label": t(f"simulation.way.{way}", form.lang), "value": way} for way in ("ago", "ahead")]
        parts.append(_list(form, item, held.get("way") or "ago", options, _is_shut(form, held), "way"))
    for field in ("years", "months"):
        word = t(f"simulation.unit.{field}", form.lang)
        parts += [_field(form, item, held, field, f"{form.label(item)}, {word}"), html.Span(word)]
    return html.Div(parts, className="unit")


def _choice(form: Form, item: Item, held: Entry) -> Component:
    lang, name = form.lang, item.column.name
    if item.kind == "flag":
        codes = sorted(
            item.options or ("0", "1"), key=lambda code: formats.flag(code, "fr") != formats.flag("1", "fr")
        )
        options = [{"label": formats.flag(code, lang), "value": code} for code in codes]
        options.append({"label": t("value.missing", lang), "value": ""})
        chosen = dbc.RadioItems(
            options,
            held.get("value"),
            id=_field_id(form, item, "value"),
            class_name="switch",
            label_class_name="",
        )
        return html.Div(chosen, role="radiogroup", **{"aria-label": form.label(item)})
    value = held.get("value")
    # A blank file, or one without this value, starts from a line of its own.
    known = ([] if value and not form.is_blank else [""]) + [*item.options]
    known += [value] if value and value not in item.options else []
    names = {code: formats.category(form.portfolio, name, code, lang) if code else "" for code in known}
    options = [{"label": names[code], "value": code} for code in sorted(names, key=names.get)]
    return _list(form, item, value or "", options, _is_shut(form, held), "value")


def _list(form: Form, item: Item, value: object, options: list, disabled: bool, field: str) -> Component:
    chosen = dbc.Select(
        options,
        value,
        disabled=disabled,
        id=_field_id(form, item, field),
        class_name="field",
    )
    return html.Label([html.Span(form.label(item), className="vh"), chosen], className=f"list-{field}")
