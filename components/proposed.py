"""What would change the decision: up to three proposals, each ready to be tried."""

from dash import dcc, html
from dash.development.base_component import Component

from components import proposals
from components.controls import Form
from components.i18n import own, t
from components.sheet import sheet
from model.results import Proposal, Recourse

BEST = "accept"


def section(form: Form) -> Component:
    """Return the sheet before its content is there: what is shown while it is searched."""
    lang = form.lang
    inside = search(form) if form.is_blank else _bones(lang)
    return sheet(
        "recourse",
        t("simulation.recourse", lang),
        html.Div(inside, id=form.id("recourse"), **{"aria-live": "polite"}),
        dcc.Store(id=form.id("proposals"), data=[]),
        aside=html.Span(t("simulation.recourse.rule", lang), className="note"),
    )


def search(form: Form) -> list[Component]:
    """Return what starts the search by hand: a blank file changes too often to search each time."""
    return [_search_button(form), html.P(t("simulation.recourse.blank", form.lang), className="note after")]


def nothing_yet(form: Form) -> list[Component]:
    """Return what is said when a blank file holds nothing that could be changed."""
    return [html.P(own(form.portfolio, "simulation.recourse.empty", form.lang)), *search(form)]


def parts(form: Form, recourse: Recourse) -> list[Component | None]:
    """Return the proposals with the button that tries each, or why there is none."""
    lang = form.lang
    portfolio, again = form.portfolio, search(form) if form.is_blank else []
    if recourse.decision == BEST:
        return [html.P(proposals.summary_text(portfolio, recourse, lang), className="read"), *again]
    limits = proposals.limits_text(portfolio, recourse.levers, lang)
    rules = html.P([limits, " ", proposals.rules_text(portfolio, lang)], className="note foot")
    if not recourse.levers:
        rules = None  # of changes that none can make
    if not recourse.proposals:
        return [html.P(proposals.summary_text(portfolio, recourse, lang), className="read"), rules, *again]
    shown = [_proposal(form, proposal, place) for place, proposal in enumerate(recourse.proposals)]
    return [html.Div(shown, className="three"), rules, *again]


def _proposal(form: Form, proposal: Proposal, place: int) -> Component:
    pieces = proposals.proposal_pieces(form.portfolio, proposal, form.lang)
    said = [html.B(piece, className="nowrap") if strong else piece for piece, strong in pieces]
    return html.Div([html.P(said, className="say"), html.P(_try_button(form, place))], className="proposal")


def _bones(lang: str) -> list[Component]:
    bones = [html.Span(className="bone") for _ in range(3)]
    return [
        html.P(t("simulation.recourse.loading", lang), className="vh"),
        html.Div(bones, className="bones"),
    ]


def _try_button(form: Form, place: int) -> Component:
    # Both wordings are there; the style sheet shows the one that the state calls for.
    words = [
        html.Span(t("simulation.recourse.use", form.lang), className="off"),
        html.Span(t("simulation.recourse.used", form.lang), className="on"),
    ]
    return html.Button(
        words, id=form.id("proposal", index=str(place)), type="button", className="btn small use", n_clicks=0
    )


def _search_button(form: Form) -> Component:
    return html.Button(
        t("simulation.recourse.search", form.lang),
        id=form.id("search", act="search"),
        type="button",
        className="btn small",
        n_clicks=0,
    )
