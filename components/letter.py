"""The sheet from which a letter to the client is made, and where the letters made are read."""

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from components.act import Act
from components.i18n import LANGUAGES, t
from components.sheet import sheet

NAME = "letter"


def section(act: Act, shown: dict, width: str = "") -> Component:
    """Return the sheet: which language, one button, and the place for what was made."""
    lang = act.lang
    options = [{"value": one, "label": t(f"letter.language.{one}", lang)} for one in LANGUAGES]
    return sheet(
        "letter",
        t("letter.act", lang),
        html.P(t("letter.note", lang), className="note lead"),
        dcc.Store(id=act.id("shown"), data=shown),
        html.Div(
            dbc.RadioItems(
                options=options,
                value=lang,
                inline=True,
                id=act.id("choice"),
                name=f"{act.name}-{act.about}",
                class_name="choices",
            ),
            role="radiogroup",
            **{"aria-label": t("letter.language", lang)},
        ),
        html.P(
            html.Button(
                t("act.letter.save", lang), id=act.id("save"), type="button", className="btn", n_clicks=0
            ),
            className="after",
        ),
        html.Div(id=act.id("done"), **{"aria-live": "polite"}),
        width=width,
    )


def made(page: str, pdf: str, lang: str) -> Component:
    """Return what is said once a letter is made: where to read it."""
    return html.Div(
        html.P([html.B(t("letter.made", lang)), " ", *links(page, pdf, lang)]),
        role="status",
        className="recorded",
    )


def links(page: str, pdf: str, lang: str) -> list[Component | str]:
    """Return the links to a letter: to read and print, and as a file."""
    # A page of its own, outside the application: it is to be printed.
    read = html.A(t("letter.show", lang), href=page, target="_blank", rel="noopener")
    return [read, " · ", html.A(t("letter.pdf", lang), href=pdf, download="")]
