"""What else could have served, as the artifact holds it: candidates, balancing, folds, histories."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components import candidates_balancing, candidates_folds, candidates_table
from components.i18n import t
from components.sheet import sheet
from data.portfolios import Portfolio


def section(portfolio: Portfolio, card: Mapping, held: Mapping, lang: str) -> Component:
    """Return the sheet of the candidates.

    ``held`` is ``candidates.json``: its ``folds``, what accepting everyone costs and, where training
    compared them, the other ``candidates`` and the ``conclusion``.
    """
    measured = bool(held.get("candidates"))
    return sheet(
        "candidates",
        t("performance.candidates", lang),
        candidates_table.section(portfolio, card, held, lang),
        candidates_balancing.section(portfolio, held, lang) if measured else None,
        html.Div(
            [
                html.Div(candidates_folds.folds(portfolio, held["folds"], lang), className="c6"),
                html.Div(candidates_folds.histories(portfolio, card["histories"], lang), className="c6"),
            ],
            className="grid parts",
        ),
    )
