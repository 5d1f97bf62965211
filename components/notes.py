"""What managers concluded, in their words, and the place to add to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import act
from components.act import Act
from components.i18n import t
from components.moments import Moment, full
from components.reader import named
from components.sheet import sheet

NAME = "note"


@dataclass(frozen=True, slots=True)
class Written:
    """A note, as the list shows it."""

    at: Moment
    account: str
    text: str


def section(
    portfolio: str, about: str, topic: str, found: Sequence[Written], may_write: bool, now: Moment, lang: str
) -> Component:
    """Return the sheet of the notes about one thing; ``topic`` names its words."""
    body: list[Component] = [listed(found, now, lang)]
    if may_write:
        body.append(act.one_step(Act(NAME, portfolio, about, lang), t(f"notes.{topic}.words", lang), {}))
    return sheet("notes", t(f"notes.{topic}", lang), *body)


def silent(topic: str, lang: str) -> Component:
    """Return the sheet when the register does not answer."""
    return sheet("notes", t(f"notes.{topic}", lang), html.P(t("register.silent", lang)))


def listed(found: Sequence[Written], now: Moment, lang: str) -> Component:
    """Return the notes, in order."""
    if not found:
        return html.P(t("notes.none", lang), className="none-yet")
    steps = [
        html.Li(
            [
                html.Time(full(one.at, now, lang)),
                t("notes.by", lang, account=named(one.account, lang)),
                html.Blockquote(one.text),
            ]
        )
        for one in found
    ]
    return html.Ol(steps, className="steps")


def kept(found: Sequence[Written], now: Moment, lang: str) -> Component:
    """Return that a note is kept; those before it are on screen already."""
    said = html.P(html.B(t("notes.kept", lang)), role="status")
    return html.Div([said, listed(found[-1:], now, lang)], className="recorded")
