"""Performance: what the model is worth, what its mark costs, and the card that says so in print."""

import logging

import dash
from dash import MATCH, Input, Output, State, callback, ctx, html, no_update
from dash.development.base_component import Component

from components import (
    candidates,
    cost_desk,
    learning,
    model_card,
    model_head,
    moved,
    oversight,
    performance,
    performance_figures,
    proposed_marks,
)
from components.cost_desk import AMOUNT
from components.i18n import LANGUAGES, t, typeset
from components.links import PERFORMANCE, link
from components.shell import Place
from data import portfolios
from data.ledger import proposals
from data.ledger.proposals import ProposalInvalid
from data.ledger.store import LedgerUnavailable
from data.portfolios import Portfolio
from model.artifact import Model, champion
from model.desk import MOST, desk, ratios, taken
from model.measures import measured, measures
from model.results import CostAnswer
from pages import _campaign, _oversight
from pages._portfolio import portfolio_page
from web.identity import MANAGER, require
from web.session import language

CARD = "card"
PLACE = {"portfolio": MATCH, "lang": MATCH}
log = logging.getLogger(__name__)

dash.register_page(
    __name__,
    path_template=PERFORMANCE,
    name="performance",
    title="Limpide",
    order=50,
    group="model",
    roles=("manager", "admin"),
)


def layout(
    portfolio: str | None = None,
    lang: str | None = None,
    view: str | None = None,
    ratio: str | None = None,
    by: str | None = None,
    cost: str | None = None,
    mark: str | None = None,
    **_,
) -> Component:
    """Return the page, or with ``view=card`` the model card alone."""
    if view == CARD:
        return portfolio_page(PERFORMANCE, portfolio, lang, _card, query={"view": CARD})
    tried = _ratio(ratio)
    query = {} if tried is None else {"ratio": str(tried)}
    query |= {"by": AMOUNT} if by == AMOUNT else {}
    query |= _campaign.query(cost, mark)

    def sections(place: Place, chosen: Portfolio, model: Model) -> list[Component | None]:
        return _sections(place, chosen, model, tried, by == AMOUNT, (cost, mark))

    return portfolio_page(PERFORMANCE, portfolio, lang, sections, query=query)


def _sections(
    place: Place,
    portfolio: Portfolio,
    model: Model,
    ratio: int | None,
    by_amount: bool,
    campaign: tuple[str | None, str | None],
) -> list[Component | None]:
    lang, card = place.lang, model.card
    drawn, held = measures(model, "curves.json"), measures(model, "candidates.json")
    nobody = held["accept_everyone"]["cost_per_file"]
    opener = link(
        t("performance.card", lang), place.address(view=CARD, ratio=None, by=None), className="btn small"
    )
    return [
        _strip(portfolio, model, opener, lang),
        _moved(portfolio, model, lang),
        performance.today(portfolio, card, drawn["reliability"], nobody, lang),
        _campaign.section(portfolio, model, lang, *campaign),
        cost_desk.section(
            portfolio,
            answer(model, ratio, by_amount),
            ratios(_usual(model)),
            _usual(model),
            html.Div(_listed(portfolio, model, lang)),
            lambda part: {"part": part, "portfolio": portfolio.id, "lang": lang},
            lang,
        ),
        html.Div(
            [
                performance_figures.points(
                    portfolio, drawn["points"], card["per_1000"], model.pass_mark, lang
                ),
                performance_figures.calibration(
                    portfolio, drawn["reliability"], card["metrics"]["calibration_slope"]["value"], lang
                ),
            ],
            className="grid even",
        ),
        performance_figures.ranking(portfolio, drawn, card, lang),
        performance_figures.segments(portfolio, drawn["segments"], card, lang),
        *_campaign.judged(portfolio, model, lang),
        candidates.section(portfolio, card, held, lang),
        *learning.sections(portfolio, card, measured(model, "evidence.json"), lang),
        performance.every_metric(portfolio, card, nobody, lang),
    ]


def _moved(portfolio: Portfolio, model: Model, lang: str) -> Component | None:
    day = model.approved and model.approved.at.isoformat()
    return moved.note(portfolio, "performance", model.trained_mark, model.pass_mark, day, lang)


def _strip(portfolio: Portfolio, model: Model, act: Component, lang: str) -> Component:
    facts = [
        model_head.in_service(model.version, model.created, lang),
        *performance.measured_on(portfolio, model.card["data"], lang),
    ]
    return model_head.strip(t("page.performance", lang), facts, act)


def _card(place: Place, portfolio: Portfolio, model: Model) -> list[Component | None]:
    lang, grey = place.lang, model.card["grey_zone"]
    marks = {"mark": model.pass_mark, "low": model.pass_mark - grey, "high": model.pass_mark + grey}
    acts = html.Div(
        [
            link(t("card.back", lang), place.address(view=None), className="btn small"),
            html.Button(t("card.print", lang), type="button", className="btn small", **{"data-print": ""}),
        ],
        className="acts screen-only",
    )
    name = typeset(portfolio.words(lang)["name"], lang)
    facts = [(t("shell.portfolio", lang), name), model_head.in_service(model.version, model.created, lang)]
    title = t("card.title", lang, version=model.version)
    segments = measures(model, "curves.json")["segments"]
    return [
        model_head.strip(title, facts, acts),
        _moved(portfolio, model, lang),
        html.Div(model_card.sections(portfolio, model.card, segments, marks, lang), className="model-card"),
    ]


def answer(model: Model, ratio: object, by: object) -> CostAnswer:
    """Return what the desk says; whatever is no ratio falls back to the portfolio's own."""
    tried = taken(_ratio(ratio), _usual(model))
    by_amount = by in (True, AMOUNT) and "amount" in portfolios.load(model.card["portfolio"]).settings.get(
        "desk", {}
    )
    return desk(model).answer(tried, by_amount)


def _ratio(asked: object) -> int | None:
    try:
        ratio = round(float(asked))
    except (TypeError, ValueError, OverflowError):
        return None
    return ratio if 0 < ratio <= MOST else None


def _usual(model: Model) -> float:
    return model.costs.false_negative / model.costs.false_positive


@callback(
    Output({"part": "desk-tried", **PLACE}, "children"),
    Output({"part": "desk-usual", **PLACE}, "children"),
    Output({"part": "desk-curve", **PLACE}, "children"),
    Output({"part": "desk-compared", **PLACE}, "children"),
    Output({"part": "desk-sure", **PLACE}, "children"),
    Output({"part": "desk-propose", **PLACE}, "children"),
    Output({"part": "desk-propose", **PLACE}, "disabled"),
    Input({"part": "desk-ratio", **PLACE}, "value"),
    Input({"part": "desk-by", **PLACE}, "value"),
    prevent_initial_call=True,
)
def try_ratio(ratio: str | None, by: str | None):
    """Answer another ratio of costs, or another way to count."""
    return tried(ratio, by, *_asked())


def _asked() -> tuple[str, str]:
    """Return the portfolio and the language of the desk that called, whatever the call pretends."""
    portfolio, lang = (ctx.triggered_id.get(name) for name in ("portfolio", "lang"))
    known = portfolio if portfolio in portfolios.available() else str(portfolio)[:64]
    return known, lang if lang in LANGUAGES else language()


def tried(ratio: object, by: object, portfolio_id: str, lang: str) -> tuple:
    """Return everything that follows the slider, in the order of the outputs."""
    portfolio, model = portfolios.load(portfolio_id), champion(portfolio_id)
    found = answer(model, ratio, by)
    parts = cost_desk.changing(portfolio, found, _usual(model), lang)
    shut = found.tuned == found.in_force
    return *parts["tried"], parts["curve"], parts["compared"], parts["sure"], parts["propose"], shut


@callback(
    Output({"part": "campaign-told", **PLACE}, "children"),
    Input({"part": "campaign-cost", **PLACE}, "value"),
    Input({"part": "campaign-mark", **PLACE}, "value"),
    prevent_initial_call=True,
)
def try_campaign(cost: object, mark: object):
    """Tell the campaign again at another cost of a contact, or with another mark beside the others."""
    portfolio_id, lang = _asked()
    return _campaign.again(portfolios.load(portfolio_id), champion(portfolio_id), lang, cost, mark)


@callback(
    Output({"part": "desk-proposals", **PLACE}, "children"),
    Output({"part": "desk-note", **PLACE}, "value"),
    Input({"part": "desk-propose", **PLACE}, "n_clicks"),
    State({"part": "desk-ratio", **PLACE}, "value"),
    State({"part": "desk-by", **PLACE}, "value"),
    State({"part": "desk-note", **PLACE}, "value"),
    prevent_initial_call=True,
)
def propose_mark(_clicks: int, ratio: str | None, by: str | None, note: str | None):
    """Keep the tuned mark as a proposal, with its reason."""
    return proposed(ratio, by, note, *_asked())


def proposed(ratio: object, by: object, note: object, portfolio_id: str, lang: str) -> tuple:
    """Return the list of proposals under what became of this one, and the text that stays."""
    portfolio, model = portfolios.load(portfolio_id), champion(portfolio_id)
    found = answer(model, ratio, by)
    code = _keep(model, found, note)
    told = proposed_marks.fault(code, lang) if code else proposed_marks.kept(lang)
    return _listed(portfolio, model, lang, told), no_update if code else ""


def _keep(model: Model, found: CostAnswer, note: object) -> str | None:
    """Keep a proposal in the ledger; return why it was not, if so."""
    reason = note.replace("\0", "").strip()[: cost_desk.LONGEST_NOTE] if isinstance(note, str) else ""
    if not reason:
        return "empty"
    if found.tuned == found.in_force:
        return "same"
    costs = {"false_negative": found.ratio, "false_positive": 1.0} | (
        {"by_amount": 1.0} if found.by_amount else {}
    )
    threshold = model.scale.probability(found.tuned)
    try:
        proposals.add(
            model.card["portfolio"],
            model.version,
            threshold,
            model.threshold,
            costs,
            reason,
            require(MANAGER).name,
        )
    except ProposalInvalid:
        return "empty"
    except LedgerUnavailable as error:
        log.error("the ledger did not keep a proposal: %s", type(error).__name__)
        return "unavailable"
    return None


def _listed(
    portfolio: Portfolio, model: Model, lang: str, told: Component | None = None
) -> list[Component | None]:
    return _oversight.listed(portfolio, model, lang, told)


def _answer_id(part: str) -> dict:
    return oversight.answer_id(part, MATCH, MATCH, MATCH)


@callback(
    Output(_answer_id("form"), "hidden"),
    Output(_answer_id("done"), "children"),
    Input(_answer_id("approve"), "n_clicks"),
    Input(_answer_id("refuse"), "n_clicks"),
    State(_answer_id("words"), "value"),
    prevent_initial_call=True,
)
def answer_proposal(_approve, _refuse, words):
    """Approve or refuse a mark that another manager proposed."""
    (portfolio_id, lang), asked = _asked(), ctx.triggered_id
    portfolio, approve = portfolios.load(portfolio_id), asked["part"] == "answer-approve"
    return _oversight.answer(portfolio, champion(portfolio.id), asked["proposal"], approve, words, lang)
