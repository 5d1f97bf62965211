"""What does not follow an approved mark, said where it is shown."""

from dash import html
from dash.development.base_component import Component

from components import formats
from components.i18n import own, t
from data.portfolios import Portfolio


def note(
    portfolio: Portfolio, page: str, trained: float, mark: float, day: str | None, lang: str
) -> Component | None:
    """Return what managers approved and what stays at the mark of training; None when none was.

    Parameters
    ----------
    page : ``performance`` or ``fairness``
    trained, mark : the mark of training and the one in force, in points
    day : ISO date or time of the approval
    """
    if day is None:
        return None
    marks = {"trained": formats.points(trained, lang), "mark": formats.points(mark, lang)}
    told = t("moved.told", lang, date=formats.date(day, lang), **marks)
    return html.P([told, " ", own(portfolio, f"moved.{page}", lang, **marks)], className="info")
