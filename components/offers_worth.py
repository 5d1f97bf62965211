"""What the offers that are told are worth: how often the one taken is among them."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components import formats
from components.figure import figure
from components.i18n import t
from components.judged import drawn, measured, table
from components.sheet import sheet

TOPS = ("top_1", "top_3", "top_4")


def section(held: Mapping, lang: str, width: str = "") -> Component:
    """Return the sheet of ``offers.json``: rows set aside where there are some, else cross-validation."""
    found = held["test"] or held["folds"]
    model, baseline, gain = found["model"], found["baseline"], found["gain"]
    said = {side: {top: _hundred(one[top]["value"], lang) for top in TOPS} for side, one in
            (("model", model), ("baseline", baseline))}  # fmt: skip
    reading = [
        t("worth.reading" if held["test"] else "worth.reading.folds", lang, **said["model"]),
        t("worth.baseline", lang, **said["baseline"]),
    ]
    head = [(t(f"worth.head.{key}", lang), key != "what") for key in ("what", "model", "baseline", "gain")]
    rows = [
        [
            t(f"worth.row.{top}", lang),
            measured(model[top], lang, 1, times=100),
            measured(baseline[top], lang, 1, times=100),
            measured(gain.get(top), lang, 1, times=100, signed=True),
        ]
        for top in TOPS
    ]
    note = t(
        "worth.note", lang, rows=formats.number(model["rows"], lang), rare=formats.number(held["rare"], lang)
    )
    return sheet(
        "worth",
        t("worth.title", lang),
        figure("offers-worth", drawn(head, rows), " ".join(reading), table(head, rows), lang, image=False),
        html.P(note, className="note"),
        width=width,
    )


def _hundred(share: float, lang: str) -> str:
    return formats.number(100 * share, lang, 1)
