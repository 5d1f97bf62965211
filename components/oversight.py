"""What managers hold: the stop switch of a portfolio, and the answers to proposed marks."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import act, formats
from components.act import Act
from components.i18n import t
from components.moments import Moment, day, hour
from components.reader import named
from components.sheet import sheet, unfold

STOP, RESUME = "stop", "resume"


def switch(portfolio: str, shown: dict, lang: str) -> Component:
    """Return the sheet of a model in service, and the way to stop it."""
    one = Act(STOP, portfolio, portfolio, lang)
    form = act.one_step(one, t("stop.words", lang), shown, html.P(t("stop.what", lang)))
    return sheet(
        "switch",
        t("stop.title", lang),
        html.P(t("stop.running", lang), className="read"),
        unfold(t("stop.open", lang), form),
    )


def stopped(portfolio: str, account: str, at: Moment, reason: str, shown: dict, lang: str) -> Component:
    """Return the sheet of a model that was stopped, and the way to put it back."""
    one = Act(RESUME, portfolio, portfolio, lang)
    told = t("stop.stopped", lang, account=named(account, lang), date=day(at, lang), hour=hour(at, lang))
    return sheet(
        "switch",
        t("stop.title", lang),
        html.P([html.B(told), " ", t("stop.why", lang)], className="read"),
        html.Blockquote(reason),
        unfold(t("stop.resume", lang), act.one_step(one, t("stop.resume.words", lang), shown)),
    )


def switched(code: str, lang: str) -> Component:
    """Return that the model was stopped, or put back in service."""
    again = html.A(t("stop.reload", lang), href="")
    said = [html.B(t(f"stop.{code}", lang)), " ", t("stop.late", lang), " ", again]
    return html.Div(html.P(said), role="status", className="recorded")


@dataclass(frozen=True, slots=True)
class Asked:
    """A mark that waits for an answer; ``why_not`` names what keeps this reader from answering."""

    id: int
    at: Moment
    mark: float
    version: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that was given."""

    at: Moment
    account: str
    approved: bool
    reason: str


def answers(portfolio: str, asked: Sequence[Asked], given: Sequence[Answered], lang: str) -> list[Component]:
    """Return what may be answered, then what was."""
    shown: list[Component] = [_answer(portfolio, one, lang) for one in asked]
    if given:
        told = [
            html.Li(
                t(
                    f"approvals.log.{'approved' if one.approved else 'refused'}",
                    lang,
                    account=named(one.account, lang),
                    date=day(one.at, lang),
                    reason=one.reason,
                )
            )
            for one in given
        ]
        shown += [html.H3(t("approvals.log", lang)), html.Ul(told, className="plain-list")]
    return shown


def answer_id(part: str, portfolio: object, proposal: object, lang: object) -> dict:
    """Return the id of a part of an answer."""
    return {"part": f"answer-{part}", "portfolio": portfolio, "proposal": proposal, "lang": lang}


def _answer(portfolio: str, one: Asked, lang: str) -> Component:
    mark = formats.points(one.mark, lang)
    title = t("approvals.answer", lang, date=day(one.at, lang), mark=mark)
    if one.why_not:
        said = html.P(t(f"approvals.{one.why_not}", lang, version=one.version), className="note")
        return unfold(title, said)

    def ident(part: str) -> dict:
        return answer_id(part, portfolio, str(one.id), lang)

    buttons = html.P(
        [
            html.Button(
                t("approvals.approve", lang, mark=mark),
                id=ident("approve"),
                type="button",
                className="btn small",
                n_clicks=0,
            ),
            html.Button(
                t("approvals.refuse", lang),
                id=ident("refuse"),
                type="button",
                className="btn small",
                n_clicks=0,
            ),
        ],
        className="row acts-row",
    )
    form = html.Div([act.words_input(ident("words"), t("approvals.words", lang)), buttons], id=ident("form"))
    done = html.Div(id=ident("done"), **{"aria-live": "polite"})
    return unfold(title, html.Div([form, done], className="act"))
