"""The form of a trial: one row per information, the file's value beside the one tried."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import fields, formats
from components.controls import Form, control, missing
from components.fields import Entry, Item, Unreadable
from components.i18n import own, plural, t, typeset
from components.sheet import sheet
from data.portfolios import Portfolio
from model.results import Fault, Value


@dataclass(frozen=True)
class Reading:
    """What the fields of a form say: the values changed, and what could not be read and why."""

    changes: Mapping[str, Value]
    bad: Mapping[str, str]


def section(form: Form) -> Component:
    """Return the sheet of the form, its weightiest rows shown."""
    lang = form.lang
    heads = [
        ("", "info"),
        ("gapl", "value" if form.is_blank else "trial"),
        ("", "missing"),
        ("num", "points"),
    ]
    if not form.is_blank:
        heads.insert(1, ("num", "file"))
    head = html.Tr([_heading(form.portfolio, key, style, lang) for style, key in heads])
    bodies = [
        html.Tbody(theme_rows(form, theme, form.first), id=form.id("theme", theme=theme))
        for theme in form.themes()
    ]
    everything = html.Button(
        t("simulation.all", lang, count=len(form.items)),
        id=form.id("all"),
        type="button",
        className="plain tabletool",
    )
    of = ".blank" if form.is_blank else ""
    return sheet(
        "try",
        own(form.portfolio, f"simulation.form{of}", lang),
        html.Table(
            [html.Thead(head), *bodies],
            className="try blank" if form.is_blank else "try",
        ),
        html.P(t(f"simulation.form.note{of}", lang), className="note foot"),
        *_not_collected(form),
        aside=everything,
        width="c8",
    )


def _heading(portfolio: Portfolio, key: str, style: str, lang: str) -> Component:
    if key == "missing":  # the boxes below say it themselves
        return html.Th(html.Span(t("value.missing", lang), className="vh"), scope="col")
    return html.Th(own(portfolio, f"simulation.head.{key}", lang), className=style, scope="col")


def _not_collected(form: Form) -> list[Component]:
    """Say of which histories nothing can be tried, since they were not collected."""
    told = form.portfolio.words(form.lang).get("not_collected", {})
    said = [typeset(told[family], form.lang) for family in form.absent if family in told]
    if not said:
        return []
    return [html.P([" ".join(said), " ", t("simulation.not_offered", form.lang)], className="note")]


def theme_rows(
    form: Form, theme: str, shown: Iterable[str], entries: Mapping[str, Entry] | None = None
) -> list[Component]:
    """Return the rows of a theme: its name, then the items of it among ``shown``.

    ``entries`` says what fields hold other than the file's own values.
    """
    names, open_names = form.themes()[theme], set(shown)
    hidden = [name for name in names if name not in open_names]
    title: list = [html.Span(theme_name(form.portfolio, theme, form.lang))]
    if hidden:
        key = "simulation.theme.more" if len(hidden) < len(names) else "simulation.theme.show"
        title.append(
            html.Button(
                plural(key, len(hidden), form.lang),
                id=form.id("more", theme=theme),
                type="button",
                className="plain tabletool",
            )
        )
    head = html.Tr(
        html.Th(html.Div(title), colSpan=4 if form.is_blank else 5, scope="rowgroup"), className="head"
    )
    typed = entries or {}
    return [head, *(_row(form, form.items[n], typed.get(n)) for n in names if n in open_names)]


def theme_name(portfolio: Portfolio, theme: str, lang: str) -> str:
    """Return the name of a theme in the portfolio's words."""
    return typeset(portfolio.words(lang)["themes"].get(theme, theme), lang)


def entry_of(form: Form, name: str, value: Value) -> dict[str, object]:
    """Return what the fields of an item hold for a value; the file's own when it is that one."""
    item = form.items[name]
    return fields.show(item, item.value if value == item.raw else value, form.lang)


def read(form: Form, typed: Mapping[str, Entry], others: Mapping[str, Sequence[Value]]) -> Reading:
    """Read the fields of a form.

    Parameters
    ----------
    typed : item -> its fields; items that the form does not have are ignored
    others : item -> further values that its fields may stand for, to the last bit
    """
    changes: dict[str, Value] = {}
    bad: dict[str, str] = {}
    for name, entry in typed.items():
        if name not in form.items:
            continue
        item = form.items[name]
        try:
            value = fields.resolve(item, entry, others.get(name, ()), form.lang)
        except Unreadable as fault:
            bad[name] = complain(form, item, fault)
            continue
        if value != item.raw:
            changes[name] = value
    return Reading(changes, bad)


def complain(form: Form, item: Item, fault: Unreadable) -> str:
    """Return what is wrong with the fields of an item, in words."""
    column = item.column
    shown = [
        None if edge is None else formats.value(form.portfolio, column.name, edge, form.lang)
        for edge in (column.low, column.high)
    ]
    if column.unit == "days_ago":
        shown.reverse()  # the furthest day is the smallest number but the longest time
    return fields.complaint(form.portfolio, item, fault, form.label(item), (shown[0], shown[1]), form.lang)


def refused(form: Form, faults: Sequence[Fault]) -> dict[str, str]:
    """Return what the model's own checks found wrong, by item."""
    told = {}
    for fault in faults:
        item = form.items[fault.field]
        code = "bounds" if fault.code == "impossible" else "choice"
        told[fault.field] = complain(form, item, Unreadable(code, str(fault.value)[: fields.LONGEST]))
    return told


def _row(form: Form, item: Item, entry: Entry | None) -> Component:
    lang, name = form.lang, item.column.name
    shown = formats.value(form.portfolio, name, item.value, lang)
    absent = formats.is_missing(item.value)
    held = fields.show(item, item.value, lang) if entry is None else entry
    box = [] if form.is_blank or item.kind == "flag" else [missing(form, item, held)]
    given = html.Td(html.Span(shown, className="absent") if absent else shown, className="num")
    fault = html.P(id=form.id("bad", feature=name), className="bad", role="alert")
    return html.Tr(
        [
            html.Th(form.label(item), scope="row"),
            *([] if form.is_blank else [given]),
            html.Td([control(form, item, held), fault], className="gapl", colSpan=1 if box else 2),
            *(html.Td(one) for one in box),
            html.Td("0", id=form.id("points", feature=name), className="num pts"),
        ]
    )
