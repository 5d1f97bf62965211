"""Simulation: other values tried on a file or on a blank one, and what would change the decision."""

import dash
from dash import (
    ALL,
    MATCH,
    ClientsideFunction,
    Input,
    Output,
    State,
    callback,
    clientside_callback,
    ctx,
    dcc,
    html,
    no_update,
)
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import form as rows
from components import movement, proposed, trial
from components.i18n import LANGUAGES, own, t
from components.links import SIMULATION, address, link
from components.sheet import sheet
from components.shell import Place, page
from data import banks, portfolios
from data.portfolios import Portfolio, UnknownPortfolio
from model.artifact import ModelDamaged, ModelMissing, champion
from model.assess import assess_record
from model.recourse import recourse, recourse_record
from model.results import Assessment, InvalidRecord
from model.service import speaking
from pages import _offers, _trial
from pages._client import File, client_page
from pages._trial import Sheet
from web.session import language

BLANK = {"blank": "1"}
_OF = {"portfolio": MATCH, "client": MATCH}

dash.register_page(
    __name__,
    path_template=SIMULATION,
    name="simulation",
    title="Limpide",
    order=40,
    group="client",
    roles=("advisor", "manager"),
)


def layout(
    portfolio: str | None = None,
    client: str | None = None,
    lang: str | None = None,
    blank: str | None = None,
    **_,
) -> Component:
    """Return the simulation of a file, of a blank one, or the state that says why there is none."""
    if blank == BLANK["blank"] and (shown := _blank_page(portfolio, lang)) is not None:
        return shown
    return client_page(
        SIMULATION, portfolio, client, lang, _sections, acts=_open_blank, without_client=_offer_blank
    )


def _sections(file: File) -> list[Component | None]:
    found = _trial.sheet_of(file.portfolio, file.model, file.assessment, file.lang)
    return _page_of(found, _blank_sheet(file.place, file.portfolio))


def _blank_page(portfolio_id: str | None, lang: str | None) -> Component | None:
    """Return the page of a blank file; None when the portfolio or its model is not there."""
    lang = lang if lang in LANGUAGES else language()
    try:
        portfolio = portfolios.load(str(portfolio_id))
        model, before = champion(portfolio.id), assess_record(portfolio.id, {})
    except (UnknownPortfolio, ModelMissing, ModelDamaged):
        return None
    place = Place(SIMULATION, lang, portfolio.id, None, banks.present(), BLANK)
    strip = html.Section(
        [
            html.H1(own(portfolio, "simulation.blank", lang)),
            html.Div(html.P(t("simulation.blank.fact", lang), className="note")),
        ],
        className="file",
    )
    found = _trial.sheet_of(portfolio, model, before, lang)
    return page(place, own(portfolio, "simulation.blank", lang), strip, *_page_of(found, None))


def _page_of(found: Sheet, beside: Component | None) -> list[Component]:
    """Return what stands under the strip: verdict, proposals, form, what moved."""
    form, before = found.form, found.before
    moved = movement.section(_moved(found, before), form.id("moved"), form.lang)
    grid = html.Div([rows.section(form), html.Div([moved, beside], className="c4")], className="grid")
    # A portfolio of which nothing can be changed says nothing of what would change its decisions.
    is_fixed = not form.portfolio.has_levers
    proposals = html.Div(proposed.section(form), hidden=is_fixed)
    return [
        # What the page says of itself to its callbacks, and what it keeps between two visits.
        dcc.Store(id=form.id("about"), data={"lang": form.lang, "page": _trial.token()}),
        dcc.Store(id=form.id("kept"), storage_type="session"),
        dcc.Store(id=form.id("restore")),
        dcc.Store(id=form.id("composed")),
        dcc.Store(id=form.id("marks"), data={}),
        trial.section(form, _verdict(found, before, 0), _frequency(found, before, 0)),
        *([grid, proposals] if form.is_blank else [proposals, grid]),
    ]


def _verdict(found: Sheet, after: Assessment, count: int) -> list[Component | None]:
    form = found.form
    if form.is_blank and not count:
        return trial.not_yet(form.lang)
    scale = _trial.ruler(found.model, found.before, after)
    shown = trial.verdict_parts(form.portfolio, found.before, after, count, scale, form.lang)
    return [*shown, trial.missing(form.portfolio, after, form.lang) if form.is_blank else None]


def _frequency(found: Sheet, after: Assessment, count: int) -> list:
    form = found.form
    if form.is_blank and not count:
        return []
    return trial.frequency(form.portfolio, found.before, after, count, form.lang)


def _moved(found: Sheet, after: Assessment) -> list[Component]:
    form = found.form
    parts = movement.parts(form.portfolio, found.before, after, form.lang)
    return [*parts, _offers.brief(form.portfolio, after, form.lang)]


def _open_blank(place: Place) -> Component:
    to = address(SIMULATION, portfolio=place.portfolio, lang=place.lang, **BLANK)
    return link(
        own(portfolios.load(place.portfolio), "simulation.blank", place.lang), to, className="btn small"
    )


def _blank_sheet(place: Place, portfolio: Portfolio) -> Component:
    to = address(SIMULATION, portfolio=place.portfolio, lang=place.lang, **BLANK)
    return sheet(
        "blank",
        own(portfolio, "simulation.blank.title", place.lang),
        html.P(t("simulation.blank.text", place.lang)),
        html.P(
            link(own(portfolio, "simulation.blank.open", place.lang), to, className="btn small"),
            className="after",
        ),
    )


def _offer_blank(place: Place, portfolio: Portfolio) -> list[Component]:
    try:
        speaking(portfolio.id)
    except (ModelMissing, ModelDamaged):
        return []
    return [_blank_sheet(place, portfolio)]


def _id(part: str, **more: object) -> dict:
    return {"part": f"simulation-{part}", **_OF, **more}


_FIELDS = _id("try", feature=ALL, field=ALL)
_BOXES = _id("missing", feature=ALL)


@callback(
    Output(_id("verdict"), "children"),
    Output(_id("frequency"), "children"),
    Output(_id("moved"), "children"),
    Output(_id("marks"), "data"),
    Output(_id("kept"), "data"),
    Input(_FIELDS, "value"),
    Input(_BOXES, "value"),
    Input(_id("composed"), "data"),
    State(_id("kept"), "data"),
    State(_id("about"), "data"),
    State(_id("proposals"), "data"),
    prevent_initial_call=True,
)
def try_values(_fields, _boxes, _composed, kept, about, several):
    """Assess the file with the values on screen, and say what moved."""
    found = _trial.on_screen(_trial.whose(), about)
    entries = _trial.typed(*ctx.inputs_list[:2])
    tried, bad = _trial.read(found, entries, kept, several)
    count = len(tried.changes)
    return (
        _verdict(found, tried.after, count),
        _frequency(found, tried.after, count),
        _moved(found, tried.after),
        _trial.marks(tried, bad, several, found.form),
        _trial.keep(tried, bad, entries, about),
    )


@callback(
    Output(_id("theme", theme=ALL), "children"),
    Output(_id("composed"), "data"),
    Input(_id("restore"), "data"),
    Input(_id("proposal", index=ALL), "n_clicks"),
    Input(_id("reset"), "n_clicks"),
    Input(_id("more", theme=ALL), "n_clicks"),
    Input(_id("all"), "n_clicks"),
    State(_FIELDS, "value"),
    State(_BOXES, "value"),
    State(_id("about"), "data"),
    State(_id("proposals"), "data"),
    prevent_initial_call=True,
)
def compose(restore, _proposal, _reset, _more, _all, _fields, _boxes, about, several):
    """Draw rows again: to hold a proposal, the file itself, a trial kept, or to show more."""
    pressed = ctx.triggered_id
    if not isinstance(pressed, dict) or not (ctx.triggered and ctx.triggered[0].get("value")):
        raise PreventUpdate  # a button that has just been drawn
    found = _trial.on_screen(pressed, about)
    entries = _trial.typed(*ctx.states_list[:2])
    drawn = _trial.redrawn(found.form, pressed, entries, restore, several)
    asked = [one.get("id", {}).get("theme") for one in ctx.outputs_list[0]]
    return [drawn.get(theme, no_update) for theme in asked], _trial.token()


@callback(
    Output(_id("recourse"), "children"),
    Output(_id("proposals"), "data"),
    Input(_id("about"), "data"),
    Input(_id("search", act=ALL), "n_clicks"),
    State(_id("kept"), "data"),
)
def search(about, clicks, kept):
    """Look for what would change the decision: of a file once it is shown, of a blank one on demand."""
    found = _trial.on_screen(_trial.whose(), about)
    form = found.form
    if not form.is_blank:
        result = recourse(form.portfolio.id, form.client)
        return proposed.parts(form, result), _trial.steps(result, {})
    if not any(clicks or ()):
        raise PreventUpdate
    record = _trial.kept_values(form, kept)
    try:
        result = recourse_record(form.portfolio.id, record)
    except InvalidRecord:
        return proposed.nothing_yet(form), []
    if not result.levers:
        return proposed.nothing_yet(form), []
    return proposed.parts(form, result), _trial.steps(result, record)


clientside_callback(
    ClientsideFunction("simulation", "restore"),
    Output(_id("restore"), "data"),
    Input(_id("kept"), "modified_timestamp"),
    State(_id("kept"), "data"),
    State(_id("about"), "data"),
)
clientside_callback(
    ClientsideFunction("simulation", "mark"),
    Output(_id("points", feature=ALL), "className"),
    Output(_id("points", feature=ALL), "children"),
    Output(_id("bad", feature=ALL), "children"),
    Output(_id("proposal", index=ALL), "className"),
    Output(_id("reset"), "disabled"),
    Input(_id("marks"), "data"),
)
clientside_callback(
    ClientsideFunction("simulation", "shut"),
    Output(_id("try", feature=MATCH, field=ALL), "disabled"),
    Input(_id("missing", feature=MATCH), "value"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("simulation", "share"),
    Output(_id("share", feature=MATCH), "children"),
    Input(_id("try", feature=MATCH, field="share"), "value"),
    State(_id("try", feature=MATCH, field="share"), "step"),
    prevent_initial_call=True,
)
