"""What the model proposes: the verdict, the ruler and the frequency."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components import formats
from components.charts import ruler, squares
from components.i18n import plural, t, typeset
from components.rich import bold, fill
from components.sheet import unfold
from components.sign import sign, wording
from data.portfolios import Portfolio
from model.results import Assessment


def section(portfolio: Portfolio, assessment: Assessment, scale: ruler.Ruler, lang: str) -> Component:
    """Return the sheet of the verdict."""
    words = portfolio.words(lang)["frequency"]
    axis = typeset(words["axis"], lang)
    return html.Section(
        [
            html.Div(
                [
                    html.Div(_proposal(portfolio, assessment, lang)),
                    html.Div(ruler.draw(scale, axis, lang)),
                ],
                className="verdict",
            ),
            html.Div(_frequency(portfolio, assessment, words, lang), className="odds"),
            unfold(t("figure.table", lang), ruler.table(scale, axis, lang)),
        ],
        id="verdict",
        className="sheet",
        **{"aria-labelledby": "verdict-title"},
    )


def spoken(portfolio: Portfolio, assessment: Assessment, lang: str) -> str:
    """Return the verdict in one line, as it is announced to those who do not see the page."""
    points = plural("verdict.points", round(assessment.points), lang, count=_whole(assessment.points, lang))
    return t(
        "verdict.spoken",
        lang,
        client=assessment.client_id or "",
        proposal=wording(portfolio, assessment.decision, lang),
        points=points,
    )


def _proposal(portfolio: Portfolio, assessment: Assessment, lang: str) -> list[Component]:
    points = plural("verdict.points", round(assessment.points), lang, count=_whole(assessment.points, lang))
    gap = round(assessment.points) - round(assessment.pass_mark)
    way = "at" if gap == 0 else "under" if gap < 0 else "over"
    mark = _whole(assessment.pass_mark, lang)
    distance = t(f"verdict.distance.{way}", lang, gap=formats.points(abs(gap), lang), mark=mark)
    return [
        html.P(t("verdict.label", lang), className="label"),
        html.H2(
            [sign(assessment.decision), wording(portfolio, assessment.decision, lang)],
            id="verdict-title",
        ),
        html.P(
            [bold(points), distance, " ", t(f"verdict.zone.{assessment.decision}", lang)], className="read"
        ),
        html.P(t("verdict.yours", lang), className="note"),
    ]


def _whole(points: float, lang: str) -> str:
    return formats.points(points, lang)


def _frequency(portfolio: Portfolio, assessment: Assessment, words: Mapping, lang: str) -> list[Component]:
    """Return the squares and their sentence; each portfolio words its own outcome."""
    good_news = portfolio.settings["positive_is_good"]
    count = _in_hundred(assessment.probability)
    positive, negative = outcomes(words, assessment.probability, lang)
    colours = ("fav", "unf") if good_news else ("unf", "fav")
    sentence = fill(
        typeset(words["sentence"], lang),
        points=_whole(assessment.points, lang),
        positive=html.B(positive, className=colours[0]),
        negative=bold(negative, colours[1]),
    )
    at_mark = words["at_mark"].format(rate=formats.per_hundred(assessment.threshold, lang))
    return [
        squares.draw(count, t("squares.reading", lang, count=count), favourable=good_news),
        html.P([*sentence, " ", typeset(f"{at_mark} {words['caution']}", lang)], className="read"),
    ]


def outcomes(words: Mapping, probability: float, lang: str) -> tuple[str, str]:
    """Return how many of 100 files end each way, in the portfolio's words for a frequency."""
    count, rare = _in_hundred(probability), probability < 0.005
    positive = _counted(words["positive"], "under" if rare else None, count, lang)
    return positive, _counted(words["negative"], "over" if rare else None, 100 - count, lang)


def _in_hundred(probability: float) -> int:
    return 0 if probability < 0.005 else formats.hundred(probability)


def _counted(forms: Mapping[str, str], form: str | None, count: int, lang: str) -> str:
    single = count < 2 if lang == "fr" else count == 1
    return typeset(forms[form or ("one" if single else "many")].format(count=count), lang)
