"""The evidence behind a model, as ``evidence.json`` of its artifact holds it: the sheets of Performance."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components import ablation, fewer, formats, stability
from components.charts import learning
from components.figure import Table, figure, graph
from components.i18n import own, t
from components.sheet import sheet
from data.portfolios import Portfolio

COMMAND = "python -m model train {portfolio} --with-evidence"
_FLAT = 0.002  # of AUC: what even good tuning brings; less is next to nothing


def sections(portfolio: Portfolio, card: Mapping, held: Mapping | None, lang: str) -> list[Component]:
    """Return the sheets of the evidence, or one that says how to measure it.

    ``held`` is what :func:`model.lab.evidence` returned; a part that was not measured has no sheet.
    """
    if not held:
        return [_unmeasured(portfolio, lang)]
    noise = held["seeds"]["fits"]["auc_sd"] if "seeds" in held else None
    groups = [name for name in ("families", "themes", "protected") if held.get(name)]
    return [
        found
        for found in (
            curve(portfolio, held["learning"], lang) if "learning" in held else None,
            ablation.section(portfolio, {name: held[name] for name in groups}, noise, lang)
            if groups
            else None,
            fewer.section(portfolio, card, held["selection"], lang) if "selection" in held else None,
            stability.chance(portfolio, held["seeds"], lang) if "seeds" in held else None,
            stability.directions(portfolio, held["signs"], lang) if "signs" in held else None,
            stability.importance(portfolio, held["importance"], lang) if "importance" in held else None,
        )
        if found is not None
    ]


def _unmeasured(portfolio: Portfolio, lang: str) -> Component:
    command = html.Code(COMMAND.format(portfolio=portfolio.id))
    return sheet(
        "evidence",
        t("evidence.title", lang),
        html.P(own(portfolio, "evidence.none", lang)),
        html.P(command, className="command"),
    )


def curve(portfolio: Portfolio, held: Mapping, lang: str) -> Component:
    """Return the learning curve, with what it says of having more files."""
    points, reading = held["points"], would_more_help(portfolio, held, lang)
    drawn = [
        html.Div(
            graph(
                learning.draw(points, measure, 2, _labels(portfolio, measure, lang), lang),
                f"{own(portfolio, f'evidence.learning.{measure}', lang)}. {reading}",
                280,
            ),
            className="c6",
        )
        for measure in ("auc", "cost_per_file")
    ]
    body = html.Div(drawn, className="grid")
    table = _numbers(portfolio, points, lang)
    note = html.P(own(portfolio, "evidence.learning.note", lang), className="note")
    title = own(portfolio, "evidence.learning", lang)
    return sheet("learning", title, figure("learning", body, reading, table, lang, image=False), note)


def would_more_help(portfolio: Portfolio, held: Mapping, lang: str) -> str:
    """Return in a sentence whether more files would make a better model."""
    if held["last"] is None:
        return own(portfolio, "evidence.learning.few", lang)
    gain = held["last"]["auc"]
    verdict = "yes" if gain["low"] > 0 else "no" if gain["high"] < _FLAT else "unsure"
    said = {name: formats.number(gain[name], lang, 4, signed=True) for name in ("value", "low", "high")}
    since, rows = held["last"]["since"], held["points"][-1]["rows"]
    return own(
        portfolio,
        f"evidence.learning.{verdict}",
        lang,
        since=formats.number(since, lang),
        rows=formats.number(rows, lang),
        **said,
    )


def _labels(portfolio: Portfolio, measure: str, lang: str) -> dict[str, str]:
    return {
        "x": own(portfolio, "evidence.learning.rows", lang),
        "y": own(portfolio, f"evidence.learning.{measure}", lang),
    }


def _numbers(portfolio: Portfolio, points: list[Mapping], lang: str) -> Table:
    measures = ("auc", "cost_per_file")
    head = [(own(portfolio, "evidence.learning.rows", lang), True)]
    for measure in measures:
        head += [
            (own(portfolio, f"evidence.learning.{measure}", lang), True),
            (t("evidence.interval", lang), True),
        ]
    rows = []
    for one in points:
        row = [(formats.number(one["rows"], lang), float(one["rows"]))]
        for measure in measures:
            found = one[measure]
            row += [(formats.number(found["value"], lang, 3), found["value"])]
            row += [stability.between(found, lang, 3)]
        rows.append(row)
    return Table(head, rows, len(rows) - 1)
