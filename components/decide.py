"""The decision on a file: what the person at the desk decides, beside what is proposed."""

from collections.abc import Mapping, Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import act
from components.act import Act
from components.i18n import own, t, typeset
from components.links import DECISION, address, link
from components.moments import Moment, day
from components.offers_said import named
from components.sheet import sheet
from components.sign import proposal
from data.portfolios import Portfolio
from model.results import STRICTER, Decision

NAME = "decide"
OTHER = "other"  # as proposed, with another offer than the likeliest


def panel(
    portfolio: Portfolio,
    client: str,
    shown: dict,
    lang: str,
    before: Component | None,
    by_hand: bool = False,
    width: str = "c5",
    offers: Mapping[str, str] | None = None,
) -> Component:
    """Return the sheet on which a file is decided.

    ``before`` says what was decided before, or that the register does not answer; ``offers`` names
    what each offer is, the likeliest first, where accepting is to offer something.
    """
    one = Act(NAME, portfolio.id, client, lang)
    choices = _choices(portfolio, next(iter(offers or ()), None), lang)
    lead = [
        html.P(own(portfolio, f"decide.yours.{'hand' if by_hand else 'model'}", lang), className="note lead"),
        before,
    ]
    words = own(portfolio, f"decide.words.{'needed' if by_hand else 'changing'}", lang)
    body = act.two_steps(one, choices, "decide-title", words, shown, lead, [_other(one, offers or {}, lang)])
    return sheet("decide", t("decide.title", lang), body, width=width)


def _choices(portfolio: Portfolio, first: str | None, lang: str) -> list[tuple[str, str]]:
    listed = []
    for code in portfolio.choices:
        do = word(portfolio, "do", code, lang)
        if code == STRICTER[0] and first is not None:
            listed += [
                (code, t("offers.with", lang, do=do, code=first)),
                (OTHER, t("offers.other", lang, do=do)),
            ]
        else:
            listed.append((code, do))
    return listed


def _other(one: Act, offers: Mapping[str, str], lang: str) -> Component:
    """Return the choice of another offer; the style sheet hides it until it is asked for."""
    listed = [{"value": code, "label": named(code, told, lang)} for code, told in list(offers.items())[1:]]
    field = dbc.Select(listed, id=one.id("offer"), placeholder=t("offers.pick", lang), value="")
    label = html.Label([html.Span(t("offers.which", lang), className="top"), field])
    return html.Div(label, className="other-offer", hidden=not listed)


def told_only(lang: str, *said: Component | None, width: str = "c5") -> Component:
    """Return the sheet when nothing can be decided here, and why."""
    return sheet("decide", t("decide.title", lang), *said, width=width)


def before(portfolio: Portfolio, decided: Decision, at: Moment, entry_id: str, lang: str) -> Component:
    """Return what was decided before on this file."""
    told = t("decide.before", lang, decided=word(portfolio, "done", decided, lang), date=day(at, lang))
    return html.P([told, " ", _open(entry_id, "decide.open", lang)], className="info")


def waits(portfolio: Portfolio, entry_id: str, code: str, lang: str) -> Component:
    """Return that another person is to look at this file first."""
    return html.P([own(portfolio, f"decide.waits.{code}", lang), " ", _open(entry_id, "decide.open", lang)])


def not_yours(lang: str) -> Component:
    """Return that the reader's role does not decide."""
    return html.P(t("decide.not_yours", lang))


def silent(lang: str) -> Component:
    """Return that the register does not answer, before anything is typed."""
    return html.Div(
        html.P([html.B(t("decide.silent", lang)), " ", t("decide.silent.then", lang)]), className="warn"
    )


def summary(
    portfolio: Portfolio,
    proposed: Decision | None,
    decided: Decision,
    motive: str,
    changes: Sequence[str],
    lang: str,
    offers: tuple[str, str] | None = None,
) -> list[Component]:
    """Return what is read again before it is recorded.

    ``changes`` says what would change the proposal; ``offers`` the likeliest offer and the chosen one.
    """
    first = proposal(portfolio, proposed, lang) if proposed else t("decide.no_proposal", lang)
    pairs = [
        (own(portfolio, "decide.proposed", lang), first),
        (t("decide.decided", lang), html.B(word(portfolio, "done", decided, lang))),
    ]
    if offers:
        pairs += [(t("offers.likeliest", lang), offers[0]), (t("offers.decided", lang), html.B(offers[1]))]
    shown = act.summary(pairs, t("decide.motive", lang), motive)
    if offers and offers[0] != offers[1]:
        shown.append(html.P(t("offers.differs", lang), className="info"))
    if proposed and proposed != decided:
        shown.append(html.P(t("decide.differs", lang), className="info"))
    if changes:
        said = html.Ul([html.Li(one) for one in changes], className="plain-list")
        shown += [html.H3(own(portfolio, "decide.changes", lang)), said]
    return shown


def recorded(portfolio: Portfolio, decided: Decision, entry_id: str, lang: str) -> Component:
    """Return that a decision is kept, under its number."""
    said = t("decide.recorded", lang, decided=word(portfolio, "done", decided, lang))
    return html.Div(
        [
            html.P([html.B(said), " ", t("decide.number", lang, number=entry_id)], className="read"),
            html.P(_open(entry_id, "decide.open_it", lang, "btn")),
            html.P(
                t("decide.recorded" + (".review" if decided == "review" else ".next"), lang), className="note"
            ),
        ],
        role="status",
        className="recorded",
        id="decide-recorded",
    )


def word(portfolio: Portfolio, form: str, decided: Decision, lang: str) -> str:
    """Return a decision as it is done (``do``) or as it was (``done``), in the portfolio's words."""
    return typeset(portfolio.words(lang)[form][decided], lang)


def _open(entry_id: str, key: str, lang: str, style: str = "") -> Component:
    to = address(DECISION, entry=entry_id, lang=lang)
    return link(t(key, lang, number=entry_id), to, **({"className": style} if style else {}))
