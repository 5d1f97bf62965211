"""Fairness: acceptance and errors by sex, age and family status, and what not reading them costs."""

import dash
from dash import MATCH, Input, Output, State, callback
from dash.development.base_component import Component

from components import fairness, fairness_truth, formats, model_head, moved, notes
from components.i18n import own, t
from components.links import FAIRNESS
from components.sheet import sheet
from components.shell import Place
from data.portfolios import Portfolio
from model.artifact import Model
from model.measures import measures
from pages import _acts, _notes
from pages._portfolio import portfolio_page

dash.register_page(
    __name__,
    path_template=FAIRNESS,
    name="fairness",
    title="Limpide",
    order=60,
    group="model",
    roles=("manager", "admin"),
)


def layout(portfolio: str | None = None, lang: str | None = None, **_) -> Component:
    """Return the page of a portfolio's model, or the state that says why there is none."""
    return portfolio_page(FAIRNESS, portfolio, lang, _sections)


def _sections(place: Place, portfolio: Portfolio, model: Model) -> list[Component | None]:
    lang, held = place.lang, measures(model, "fairness.json")
    mark = t("fairness.points", lang, mark=formats.points(model.trained_mark, lang))
    rows = own(portfolio, "performance.measured.value", lang, rows=formats.number(held["all"]["rows"], lang))
    facts = [
        model_head.in_service(model.version, model.created, lang),
        (t("performance.measured", lang), rows),
        (t("fairness.mark", lang), mark),
    ]
    strip = model_head.strip(t("page.fairness", lang), facts)
    day = model.approved and model.approved.at.isoformat()
    told = moved.note(portfolio, "fairness", model.trained_mark, model.pass_mark, day, lang)
    if not held["families"]:
        return [strip, sheet("said", t("fairness.said", lang), t("fairness.undeclared", lang))]
    return [
        strip,
        told,
        fairness.said(portfolio, model.card["excluded"], held["families"], lang),
        fairness.groups(portfolio, held, lang),
        fairness_truth.truth(portfolio, held, lang),
        fairness_truth.left_out(portfolio, held.get("left_out"), fairness.widest(held["families"]), lang),
        _notes.section(portfolio, f"fairness:{model.version}", "fairness", lang),
    ]


def _id(part: str) -> dict:
    return {"part": f"act-{part}", "act": notes.NAME, "portfolio": MATCH, "about": MATCH, "lang": MATCH}


@callback(
    Output(_id("form"), "hidden"),
    Output(_id("fault"), "children"),
    Output(_id("done"), "children"),
    Input(_id("save"), "n_clicks"),
    State(_id("words"), "value"),
    prevent_initial_call=True,
)
def write_note(_save, words):
    """Keep the note of a manager, on this page or on Drift."""
    return _notes.write(_acts.asked(notes.NAME)[1], words)
