"""What the model proposes: the verdict, the ruler and the frequency."""

from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from components import formats, said
from components.charts import ruler, squares
from components.i18n import own, plural, t
from components.rich import bold, fill
from components.said import outcomes
from components.sheet import unfold
from components.sign import sign, wording
from data.portfolios import Portfolio
from model.results import Assessment

__all__ = ["drawn", "outcomes", "section", "spoken"]


def section(portfolio: Portfolio, assessment: Assessment, scale: ruler.Ruler, lang: str) -> Component:
    """Return the sheet of the verdict."""
    return drawn(portfolio, said.verdict(portfolio, assessment, lang), scale, lang)


def drawn(portfolio: Portfolio, told: said.Verdict, scale: ruler.Ruler, lang: str) -> Component:
    """Return the sheet of a verdict that was told."""
    axis, scale = told.outcomes.axis, replace(scale, mark=told.outcomes.mark)
    return html.Section(
        [
            html.Div(
                [
                    html.Div(_proposal(portfolio, told, lang)),
                    html.Div(ruler.draw(portfolio, scale, axis, lang)),
                ],
                className="verdict",
            ),
            html.Div(_frequency(told.outcomes, lang), className="odds"),
            unfold(t("figure.table", lang), ruler.table(portfolio, scale, axis, lang)),
        ],
        id="verdict",
        className="sheet",
        **{"aria-labelledby": "verdict-title"},
    )


def spoken(portfolio: Portfolio, assessment: Assessment, lang: str) -> str:
    """Return the verdict in one line, as it is announced to those who do not see the page."""
    count = formats.points(assessment.points, lang)
    return own(
        portfolio,
        "verdict.spoken",
        lang,
        client=assessment.client_id or "",
        proposal=wording(portfolio, assessment.proposal, lang),
        points=plural("verdict.points", round(assessment.points), lang, count=count),
    )


def _proposal(portfolio: Portfolio, told: said.Verdict, lang: str) -> list[Component | None]:
    return [
        html.P(own(portfolio, "verdict.label", lang), className="label"),
        html.H2([sign(told.proposal), told.wording], id="verdict-title"),
        html.P([bold(told.points), told.standing], className="read"),
        html.P(told.rule, className="read rule") if told.rule else None,
        html.P(t("verdict.yours", lang), className="note"),
    ]


def _frequency(told: said.Outcomes, lang: str) -> list[Component]:
    """Return the squares and their sentence."""
    colours = ("fav", "unf") if told.positive_is_good else ("unf", "fav")
    sentence = fill(
        told.told,
        positive=html.B(told.positive, className=colours[0]),
        negative=bold(told.negative, colours[1]),
    )
    reading = t("squares.reading", lang, count=told.count)
    return [
        squares.draw(told.count, reading, favourable=told.positive_is_good),
        html.P([*sentence, " ", told.after], className="read"),
    ]
