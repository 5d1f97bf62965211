"""Corrected values of a decided file: chosen one by one, computed, kept with the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import fields, formats
from components.controls import Form, control, missing
from components.fields import Entry
from components.i18n import own, t


@dataclass(frozen=True)
class Corrections(Form):
    """The fields of a file that a contest corrects; their ids say of which decision."""

    wait: ClassVar[bool] = True  # what is typed counts when the button is pressed, however quickly
    decision: str = ""

    def id(self, part: str, **more: str) -> dict[str, str]:
        """Return the id of a part of this form."""
        return place_id(part, self.decision, self.lang) | more


def place_id(part: str, decision: object, lang: object) -> dict:
    """Return the id of a part, for one decision or to match several."""
    return {"part": f"rescore-{part}", "decision": decision, "lang": lang}


def place(decision: str, lang: str) -> Component:
    """Return the place where corrections are made; its list is filled when it is opened."""
    return html.Div(
        [
            html.Button(
                t("rescore.choose", lang),
                id=place_id("open", decision, lang),
                type="button",
                className="btn small",
                n_clicks=0,
            ),
            html.Div(id=place_id("choice", decision, lang)),
            html.Div(id=place_id("rows", decision, lang)),
            html.P(
                html.Button(
                    t("rescore.compute", lang),
                    id=place_id("compute", decision, lang),
                    type="button",
                    className="btn small",
                    n_clicks=0,
                ),
                className="after",
            ),
            html.Div(id=place_id("result", decision, lang), **{"aria-live": "polite"}),
        ],
        className="act",
    )


def choice(form: Corrections) -> Component:
    """Return the list of what may be corrected, the weightiest first."""
    options = [{"value": name, "label": form.label(item)} for name, item in form.items.items()]
    picked = dbc.Select(options=options, id=form.id("pick", of="list"), placeholder="", class_name="field")
    return html.Label([html.Span(t("rescore.pick", form.lang), className="top"), picked])


def rows(form: Corrections, names: Sequence[str], entries: Mapping[str, Entry]) -> list[Component]:
    """Return a row for each value that is corrected: what the file holds, and its new value."""
    return [_row(form, name, entries.get(name)) for name in names if name in form.items]


def _row(form: Corrections, name: str, entry: Entry | None) -> Component:
    item = form.items[name]
    held = fields.show(item, item.value, form.lang) if entry is None else entry
    given = formats.value(form.portfolio, name, item.value, form.lang)
    return html.Div(
        [
            html.P(
                [
                    html.B(form.label(item)),
                    html.Span(own(form.portfolio, "rescore.given", form.lang, value=given), className="note"),
                ]
            ),
            control(form, item, held),
            None if item.kind == "flag" else missing(form, item, held),
        ],
        className="correct",
    )


def result(form: Corrections, told: str) -> list[Component]:
    """Return what the corrected file is assessed at, and the button that keeps it."""
    keep = html.Button(
        own(form.portfolio, "act.rescore.save", form.lang),
        id=form.id("keep", of="result"),
        type="button",
        className="btn small",
        n_clicks=0,
    )
    return [html.P(told, className="read"), html.P(keep, className="after")]
