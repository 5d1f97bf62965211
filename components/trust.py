"""Can the model be trusted today: what Home says of it."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import own, t, typeset
from components.moments import Moment, day, hour
from components.reader import named
from components.sheet import sheet
from data.portfolios import Portfolio


def in_service(
    portfolio: Portfolio, version: str, since: str, pass_mark: float, per_1000: Mapping[str, float], lang: str
) -> Component:
    """Return the sheet of a model in service.

    ``per_1000`` counts the outcomes of a thousand files at the threshold in force.
    """
    told = t(
        "trust.told",
        lang,
        version=version,
        date=formats.date(since, lang),
        mark=formats.points(pass_mark, lang),
    )
    return _sheet("ring", t("trust.in_service", lang), [told, *_flagged(portfolio, per_1000, lang)], lang)


def without_model(portfolio: Portfolio, lang: str) -> Component:
    """Return the sheet of a portfolio that no model serves yet."""
    command = html.Code(f"python -m model train {portfolio.id}")
    return _sheet(
        "block", t("trust.none", lang), [own(portfolio, "trust.none.text", lang), " ", command], lang
    )


def stopped(account: str, at: Moment, reason: str, lang: str) -> Component:
    """Return the sheet of a portfolio whose model a manager stopped."""
    told = t("stop.stopped", lang, account=named(account, lang), date=day(at, lang), hour=hour(at, lang))
    said = [told, " ", t("stop.why", lang), " ", reason]
    return _sheet("block", t("no_model.title", lang), said, lang)


def flagged_wrongly(per_1000: Mapping[str, float]) -> int | None:
    """Return how many of ten files flagged would have turned out well; None if none is flagged."""
    flagged = per_1000["true_positive"] + per_1000["false_positive"]
    return round(10 * per_1000["false_positive"] / flagged) if flagged else None


def _flagged(portfolio: Portfolio, per_1000: Mapping[str, float], lang: str) -> list[str]:
    count = flagged_wrongly(per_1000)
    if count is None:
        return []
    forms = portfolio.words(lang)["flagged_wrongly"]
    form = "none" if count == 0 else "one" if count == 1 else "many"
    return [" ", typeset(forms[form].format(count=count), lang)]


def _sheet(shape: str, state: str, told: list, lang: str) -> Component:
    return sheet(
        "trust",
        t("trust.title", lang),
        html.P(
            [
                html.B(
                    [html.Span(className=f"shape {shape}", **{"aria-hidden": "true"}), state],
                    className="state",
                ),
                html.Span(told),
            ],
            className="trust",
        ),
    )
