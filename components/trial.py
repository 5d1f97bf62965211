"""A trial beside its file: what the model would propose."""

from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from components import formats, said, verdict
from components.charts import ruler
from components.charts.ruler import Ruler
from components.controls import Form
from components.i18n import own, plural, t, typeset
from components.rich import bold, fill
from components.sentences import warning_text
from components.sheet import unfold
from components.sign import sign, wording
from data.portfolios import Portfolio
from model.results import Assessment

MISSING_SHOWN = 4


def section(form: Form, inside: list, frequency: list) -> Component:
    """Return the sheet of the verdict, around places that a callback fills."""
    kind = "blank" if form.is_blank else "file"
    reset = html.Button(
        own(form.portfolio, f"simulation.reset.{kind}", form.lang),
        id=form.id("reset"),
        type="button",
        className="btn small",
        disabled=True,
    )
    meant = html.P(frequency, id=form.id("frequency"), className="read")
    return html.Section(
        [html.Div(inside, id=form.id("verdict")), html.Div([meant, reset], className="row meant")],
        id="verdict",
        className="sheet",
        **{"aria-labelledby": "verdict-title"},
    )


def not_yet(lang: str) -> list[Component]:
    """Return what stands in the verdict's place while nothing is known of the applicant."""
    return [
        html.H2(t("simulation.blank.start", lang), id="verdict-title"),
        html.P(t("simulation.blank.none", lang), className="read"),
    ]


def verdict_parts(
    portfolio: Portfolio, before: Assessment, after: Assessment, count: int, scale: Ruler, lang: str
) -> list[Component]:
    """Return the inside of the sheet of the verdict, for a file with ``count`` values changed."""
    axis = typeset(portfolio.words(lang)["frequency"]["axis"], lang)
    scale = replace(scale, mark=said.mark_name(portfolio, after, lang))
    of = "file" if before.client_id else "blank"
    label = plural(f"simulation.label.{of}", count, lang) if count else own(portfolio, "verdict.label", lang)
    return [
        html.Div(
            [
                html.Div(
                    [
                        html.P(label, className="label"),
                        html.H2(
                            [sign(after.proposal), wording(portfolio, after.proposal, lang)],
                            id="verdict-title",
                        ),
                        html.P(_standing(portfolio, before, after, count, lang), className="read"),
                        html.P(t("verdict.yours", lang), className="note"),
                    ]
                ),
                html.Div(ruler.draw(portfolio, scale, axis, lang)),
            ],
            className="verdict",
        ),
        unfold(t("figure.table", lang), ruler.table(portfolio, scale, axis, lang)),
        html.P(spoken(portfolio, before, after, count, lang), hidden=True, **{"data-announce": ""}),
    ]


def spoken(portfolio: Portfolio, before: Assessment, after: Assessment, count: int, lang: str) -> str:
    """Return the verdict of a trial in one line, as it is announced."""
    if not count:
        return verdict.spoken(portfolio, after, lang)
    return t(
        "simulation.spoken",
        lang,
        values=plural(f"simulation.label.{'file' if before.client_id else 'blank'}", count, lang),
        proposal=wording(portfolio, after.proposal, lang),
        points=formats.points(after.points, lang),
        before=formats.points(before.points, lang),
    )


def _standing(portfolio: Portfolio, before: Assessment, after: Assessment, count: int, lang: str) -> list:
    """Return the points of the trial against the file and against the pass mark."""
    mark = round(after.points) - round(after.pass_mark)
    gap = round(after.points) - round(before.points)
    points = bold(
        plural("verdict.points", round(after.points), lang, count=formats.points(after.points, lang))
    )
    against = "at" if mark == 0 else "under" if mark < 0 else "over"
    told = t(f"simulation.mark.{against}", lang, gap=formats.points(abs(mark), lang))
    zone = said.zone(portfolio, after, lang)
    if not count or not before.client_id:
        return [points, ", ", told, ". ", zone, *_rules(after, lang)]
    way = "same" if gap == 0 else "less" if gap < 0 else "more"
    moved = own(portfolio, f"simulation.gap.{way}", lang, gap=formats.points(abs(gap), lang))
    return [points, ", ", moved, t("value.and", lang), told, ". ", zone, *_rules(after, lang)]


def _rules(after: Assessment, lang: str) -> list[str]:
    """Return what the lender's rules changed, if they did."""
    return [" ", t(f"policy.asks.{after.proposal}", lang)] if after.proposal != after.decision else []


def frequency(portfolio: Portfolio, before: Assessment, after: Assessment, count: int, lang: str) -> list:
    """Return what these points mean in files out of a hundred, beside the file's own."""
    words = portfolio.words(lang)["frequency"]
    good = portfolio.settings["positive_is_good"]
    positive, negative = verdict.outcomes(words, after.probability, lang)
    colours = ("fav", "unf") if good else ("unf", "fav")
    sentence = fill(
        typeset(words["sentence"], lang),
        points=formats.points(after.points, lang),
        positive=html.B(positive, className=colours[0]),
        negative=html.B(negative, className=colours[1]),
    )
    if not count:
        return [*sentence, " ", t("simulation.try", lang)]
    if not before.client_id:
        return [*sentence, " ", own(portfolio, "simulation.kept.blank", lang)]
    rate = formats.per_hundred(before.probability, lang)
    against = own(portfolio, "simulation.rate", lang, points=formats.points(before.points, lang), rate=rate)
    return [*sentence, " ", against, " ", own(portfolio, "simulation.kept.file", lang)]


def missing(portfolio: Portfolio, after: Assessment, lang: str) -> Component | None:
    """Return what an assessed file lacks, as warnings."""
    lacking = [w for w in after.warnings if w.code in ("missing", "not_collected")]
    if not lacking:
        return None
    lines = [html.P(warning_text(portfolio, warning, lang)[0]) for warning in lacking]
    fact = html.B(plural("simulation.lacks", len(lacking), lang))
    head = html.P([fact, " ", own(portfolio, "simulation.lacks.then", lang)])
    first, others = lines[:MISSING_SHOWN], lines[MISSING_SHOWN:]
    more = unfold(plural("checks.more", len(others), lang), *others) if others else None
    return html.Div([head, *first, more], className="warn")
