"""Where a manager sends a batch and follows its check; ``assets/upload.js`` does the moving."""

import json

from dash import html
from dash.development.base_component import Component

from components.i18n import own, t
from components.links import DRIFT, address
from components.sheet import sheet
from data.portfolios import Portfolio

NAME = "upload"
_WORDS = ("size", "file", "sending", "sent", "larger", "lost", "aborted", "kinds", "off", "result")


def section(portfolio: Portfolio, lang: str) -> Component:
    """Return the sheet where a batch is sent (its address in the page is ``#upload``).

    The file is sent whole by the browser, which tells how far it is; then the job is followed at
    ``/jobs/current``, also by whoever comes to the page meanwhile.
    """
    return sheet(
        NAME,
        t("upload.title", lang),
        html.P(own(portfolio, "upload.intro", lang), className="read"),
        html.P(className="note upload-kinds", **_part("kinds")),
        html.Div(
            [
                _button("choose", lang, "btn"),
                html.Span(className="upload-file", **_part("file")),
                _button("send", lang, "btn main", hidden=True),
            ],
            className="upload-act",
            **_part("form"),
        ),
        html.Div(
            [
                html.P(className="read", **_part("text")),
                html.Progress(max="100", hidden=True, **_part("bar"), **{"aria-labelledby": f"{NAME}-title"}),
                html.Ul(className="upload-faults", hidden=True, **_part("faults")),
                html.P(hidden=True, **_part("result")),
                _button("cancel", lang, "btn small", hidden=True),
            ],
            className="upload-state",
            hidden=True,
            tabIndex=-1,
            **_part("state"),
        ),
        # The counts move every second: only a new step is read out.
        html.P(className="vh", role="status", **_part("voice")),
        aside=html.Span(**_instructions(portfolio, lang)),
    )


def _instructions(portfolio: Portfolio, lang: str) -> dict[str, str]:
    """Return what the script needs: addresses, language and the words it fills in by itself."""
    words = {name: own(portfolio, f"upload.{name}", lang, **_places(name)) for name in _WORDS}
    return {
        "data-upload": portfolio.id,
        "data-lang": lang,
        "data-words": json.dumps(words, ensure_ascii=False),
        "data-result": address(DRIFT, portfolio=portfolio.id, lang=lang, batch="{batch}"),
    }


def _places(name: str) -> dict[str, str]:
    """Return values that leave the places of a text open, for the script to fill."""
    named = ("size", "name", "done", "total", "limit", "portfolio")
    return {place: f"{{{place}}}" for place in named}


def _button(act: str, lang: str, style: str, *, hidden: bool = False) -> Component:
    return html.Button(t(f"upload.{act}", lang), type="button", className=style, hidden=hidden, **_part(act))


def _part(name: str) -> dict[str, str]:
    return {"data-upload-part": name}
