"""Drift: may the model stay in use, what changed in the files it receives, and what that does to it."""

from collections.abc import Mapping, Sequence

import dash
from dash import MATCH, Input, Output, callback, ctx, html
from dash.development.base_component import Component

from components import drift, drift_batches, drift_inputs, upload
from components.i18n import LANGUAGES, t
from components.links import DRIFT
from components.shell import Place
from data.portfolios import Portfolio
from model import batches
from model.artifact import Model
from model.batches import UnknownBatch
from model.drift_results import BatchVerdict
from pages import _notes
from pages._portfolio import portfolio_page
from web import reports

PLACE = {"portfolio": MATCH, "batch": MATCH, "lang": MATCH}

dash.register_page(
    __name__,
    path_template=DRIFT,
    name="drift",
    title="Limpide",
    order=70,
    group="model",
    roles=("manager", "admin"),
)


def layout(portfolio: str | None = None, lang: str | None = None, batch: str | None = None, **_) -> Component:
    """Return the page of a batch, by default the latest."""
    asked = batch if isinstance(batch, str) and batch else None

    def sections(place: Place, chosen: Portfolio, model: Model) -> list[Component | None]:
        return _sections(place, chosen, model, asked)

    query = {"batch": asked} if asked and batches.is_number(asked) else None
    return portfolio_page(DRIFT, portfolio, lang, sections, query=query)


def _sections(place: Place, portfolio: Portfolio, model: Model, asked: str | None) -> list[Component | None]:
    lang, known = place.lang, batches.batches(portfolio.id)
    sending = upload.section(portfolio, lang)
    shown = next((one for one in known if one.id == asked), known[-1] if known else None)
    head = drift.strip(portfolio, shown, model.version, model.created, lang)
    if shown is None:
        return [head, drift.empty(portfolio, lang), sending]
    return [
        head,
        drift.unknown(lang) if asked and shown.id != asked else None,
        drift.section(portfolio, shown, model.version, lang),
        *_details(portfolio, model, shown, known, lang),
        _notes.section(portfolio, f"drift:{shown.id}", "drift", lang),
        _history(portfolio, known, shown, lang),
        _report(portfolio, shown, lang),
        sending,
        html.P(drift.spoken(portfolio, shown, lang), hidden=True, **{"data-announce": ""}),
    ]


def _details(
    portfolio: Portfolio, model: Model, shown: BatchVerdict, known: Sequence[BatchVerdict], lang: str
) -> list[Component | None]:
    """Return what there is to see of a batch that is large enough."""
    if shown.score is None:
        return []
    until = known[: known.index(shown) + 1]
    return [
        drift_inputs.main(portfolio, shown, until, lang),
        drift_inputs.moved(portfolio, shown, lang),
        drift_batches.score(portfolio, shown, model.pass_mark, lang),
    ]


def _history(
    portfolio: Portfolio, known: Sequence[BatchVerdict], shown: BatchVerdict, lang: str
) -> Component:
    made = [one.id for one in known if batches.has_report(portfolio.id, one.id)]
    return drift_batches.history(portfolio, known, shown, made, lang)


def _report(portfolio: Portfolio, shown: BatchVerdict, lang: str) -> Component:
    place = {"portfolio": portfolio.id, "batch": shown.id, "lang": lang}
    show = html.Button(
        t("drift.report.show", lang),
        type="button",
        className="btn",
        id={"part": "drift-report-show", **place},
    )
    return drift_batches.report(
        portfolio,
        shown,
        batches.report(portfolio.id, shown.id),
        reports.addresses(portfolio.id, shown.id),
        html.Div(show, id={"part": "drift-report", **place}, **{"aria-live": "polite"}),
        lang,
    )


@callback(
    Output({"part": "drift-report", **PLACE}, "children"),
    Input({"part": "drift-report-show", **PLACE}, "n_clicks"),
    prevent_initial_call=True,
)
def show_report(_clicks: int):
    """Show the report in its frame when it is asked for."""
    return report_of(ctx.triggered_id)


def report_of(asked: Mapping[str, object]) -> Component:
    """Return the frame of a report, or the word that it is no longer there."""
    portfolio, batch, lang = (str(asked.get(name)) for name in ("portfolio", "batch", "lang"))
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    try:
        there = batches.has_report(portfolio, batch)
    except UnknownBatch:
        there = False
    if not there:
        return drift_batches.gone(lang)
    return drift_batches.frame(reports.addresses(portfolio, batch)["html"], lang)
