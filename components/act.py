"""An act in two steps: choose and say why, read it again beside what was proposed, record it.

Nothing is chosen beforehand. The words stay in their field whatever happens.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from components.i18n import t

LONGEST_WORDS = 2_000


@dataclass(frozen=True, slots=True)
class Act:
    """What is done, and to what: ``about`` is a file's number or the id of a decision."""

    name: str
    portfolio: str
    about: str
    lang: str

    def id(self, part: str) -> dict[str, str]:
        """Return the id of a part of this act."""
        return {
            "part": f"act-{part}",
            "act": self.name,
            "portfolio": self.portfolio,
            "about": self.about,
            "lang": self.lang,
        }


def two_steps(
    act: Act,
    choices: Sequence[tuple[str, str]],
    named_by: str,
    words: str,
    shown: dict,
    lead: Sequence = (),
    more: Sequence = (),
) -> Component:
    """Return the form of an act, and the places of its second step and of its result.

    Parameters
    ----------
    choices : value and label of each
    named_by : id of the heading that names the choices
    words : label of the field for the reasons
    shown : what the screen shows at this moment, given back with the act
    lead : what stands above the choices
    more : what stands under them
    """
    lang = act.lang
    form = [
        *lead,
        html.Div(
            dbc.RadioItems(
                options=[{"value": value, "label": label} for value, label in choices],
                value=None,
                id=act.id("choice"),
                name=f"{act.name}-{act.about}",  # one group: arrows move in it, Tab leaves it
                class_name="choices",
            ),
            role="radiogroup",
            **{"aria-labelledby": named_by},
        ),
        *more,
        words_field(act, words),
        html.Div(id=act.id("fault"), **{"aria-live": "polite"}),
        html.P(_button(act, "review", t("act.review", lang), "btn main"), className="after"),
    ]
    second = [
        html.Div(id=act.id("told"), **{"aria-live": "polite"}),
        html.Div(id=act.id("failed"), **{"aria-live": "assertive"}),
        html.P(
            [
                _button(act, "save", t(f"act.{act.name}.save", lang), "btn main"),
                _button(act, "back", t("act.back", lang), "btn"),
            ],
            className="row acts-row",
        ),
    ]
    return html.Div(
        [
            dcc.Store(id=act.id("shown"), data=shown),
            html.Div(form, id=act.id("form")),
            html.Div(second, id=act.id("second"), hidden=True),
            html.Div(id=act.id("done"), **{"aria-live": "polite"}),
        ],
        className="act",
    )


def one_step(act: Act, words: str, shown: dict, *inside: Component) -> Component:
    """Return the form of an act that takes only words, and the place of its result."""
    lang = act.lang
    form = [
        *inside,
        words_field(act, words),
        html.Div(id=act.id("fault"), **{"aria-live": "polite"}),
        html.P(_button(act, "save", t(f"act.{act.name}.save", lang), "btn"), className="after"),
    ]
    return html.Div(
        [
            dcc.Store(id=act.id("shown"), data=shown),
            html.Div(form, id=act.id("form")),
            html.Div(id=act.id("done"), **{"aria-live": "polite"}),
        ],
        className="act",
    )


def words_field(act: Act, label: str) -> Component:
    """Return the field for words of an act, under its label."""
    return words_input(act.id("words"), label)


def words_input(ident: dict, label: str) -> Component:
    """Return a field for words, under its label."""
    return html.Label(
        [
            html.Span(label, className="top"),
            dcc.Textarea(id=ident, value="", maxLength=LONGEST_WORDS, rows=3, className="field"),
        ],
        className="words",
    )


def summary(pairs: Sequence[tuple[str, Component | str]], words_label: str, words: str) -> list[Component]:
    """Return what is read again before it is recorded: what was proposed beside what is decided."""
    told = [html.Div([html.Dt(label), html.Dd(value)]) for label, value in pairs]
    said = [html.P(words_label, className="top"), html.Blockquote(words)] if words else []
    return [html.Dl(told, className="pairs one"), *said]


def bad(text: str) -> Component:
    """Return what is wrong with a field, under it."""
    return html.P(html.B(text), className="bad", role="alert")


def failed(lang: str, number: str, is_decision: bool = False) -> Component:
    """Return what is said when nothing could be recorded."""
    fact = t("act.failed.fact", lang) if is_decision else t("act.failed.nothing", lang)
    said = [
        html.P(html.B(fact), className="read"),
        html.P(t("act.failed.safe", lang)),
        html.P(t("act.failed.do", lang, number=number)),
    ]
    return html.Div(said, className="error", role="alert")


def refused(text: str) -> Component:
    """Return why something that was sent is not recorded, when no field is to blame."""
    return html.Div(html.P(html.B(text)), className="error", role="alert")


def _button(act: Act, part: str, label: str, style: str) -> Component:
    return html.Button(label, id=act.id(part), type="button", className=style, n_clicks=0)
