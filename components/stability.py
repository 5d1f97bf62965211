"""How much of a model is chance, whether its directions hold, and two ways to weigh its inputs."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components import formats
from components.figure import Table, figure, tabulated
from components.i18n import own, t
from components.sheet import sheet
from data.portfolios import Portfolio

_MEASURES = ("auc_sd", "cost_sd", "points_sd", "points_sd_95", "changed", "ever", "across")
_CLOSE, _BROAD = 0.8, 0.5  # rank correlations from which two orders agree closely, broadly


def between(found: Mapping[str, float], lang: str, decimals: int, *, signed: bool = False) -> str:
    """Return the two ends of an interval in words."""
    ends = {end: formats.number(found[end], lang, decimals, signed=signed) for end in ("low", "high")}
    return t("evidence.between", lang, **ends)


def chance(portfolio: Portfolio, held: Mapping, lang: str) -> Component:
    """Return what changes when the model is trained again with other seeds, then on other folds."""
    kinds = [kind for kind in ("fits", "folds") if kind in held]
    runs = len(held[kinds[-1]]["auc"])
    files = held[kinds[-1]]["files"]
    reading = own(
        portfolio,
        "evidence.chance.reading",
        lang,
        runs=formats.number(runs - 1, lang),
        changed=formats.percent(files["changed"], lang, 1),
        across=formats.percent(files["across"], lang, 1),
        sd=formats.number(held[kinds[-1]]["auc_sd"], lang, 4),
    )
    rows = [
        [
            own(portfolio, f"evidence.chance.{name}", lang),
            *(_figure(name, held[kind], lang) for kind in kinds),
        ]
        for name in _MEASURES
    ]
    head = [(t("evidence.chance.measure", lang), False)]
    head += [(own(portfolio, f"evidence.chance.{kind}", lang), True) for kind in kinds]
    return sheet(
        "chance",
        t("evidence.chance", lang),
        html.P(reading, className="reading"),
        tabulated(Table(head, rows)),
        html.P(
            own(portfolio, "evidence.chance.note", lang, runs=formats.number(runs - 1, lang)),
            className="note",
        ),
    )


def _figure(name: str, told: Mapping, lang: str) -> tuple[str, float]:
    if name == "auc_sd":
        return _cell(told[name], lang, 4)
    if name == "cost_sd":
        return _cell(1000 * told[name], lang, 1)
    found = told["files"][name]
    return _cell(found, lang, 1) if name.startswith("points") else (formats.percent(found, lang, 1), found)


def directions(portfolio: Portfolio, held: Mapping, lang: str) -> Component:
    """Return whether every input moves the points the way it must, and what that costs."""
    kept = "kept" if not held["against"] else "broken"
    counts = {name: formats.number(held[name], lang) for name in ("inputs", "files", "moves", "against")}
    free = held["without"]["auc"]
    gained = {"value": -free["value"], "low": -free["high"], "high": -free["low"]}
    sure = "unsure" if gained["low"] <= 0 <= gained["high"] else "better" if gained["low"] > 0 else "worse"
    return sheet(
        "directions",
        t("evidence.directions", lang),
        html.P(own(portfolio, f"evidence.directions.{kept}", lang, **counts), className="reading"),
        html.P(
            own(
                portfolio,
                f"evidence.directions.{sure}",
                lang,
                value=formats.number(gained["value"], lang, 4, signed=True),
                between=between(gained, lang, 4, signed=True),
            )
        ),
    )


def importance(portfolio: Portfolio, held: Mapping, lang: str) -> Component:
    """Return how far two ways to weigh the inputs agree, and where they do not."""
    rho = held["rank_correlation"]
    agree = "close" if rho >= _CLOSE else "broad" if rho >= _BROAD else "poor"
    reading = own(portfolio, f"evidence.importance.{agree}", lang, rho=formats.number(rho, lang, 2))
    by_points = sorted(held["inputs"], key=lambda name: held["inputs"][name]["place_contribution"])
    drawn = [
        html.P(t("evidence.importance.apart", lang), className="note"),
        tabulated(_weights(portfolio, held, held["apart"], lang)),
    ]
    table = _weights(portfolio, held, by_points, lang)
    return sheet(
        "importance",
        t("evidence.importance", lang),
        figure("importance", html.Div(drawn), reading, table, lang, image=False),
        html.P(own(portfolio, "evidence.importance.note", lang), className="note"),
    )


def _weights(portfolio: Portfolio, held: Mapping, names: list[str], lang: str) -> Table:
    keys = ("permutation", "place_permutation", "contribution", "place_contribution")
    head = [(t("evidence.importance.input", lang), False)]
    head += [(own(portfolio, f"evidence.importance.{key}", lang), True) for key in keys]
    decimals = {"permutation": 4, "contribution": 1}
    rows = [
        [
            portfolio.columns[name].label(lang) if name in portfolio.columns else name,
            *(_cell(held["inputs"][name][key], lang, decimals.get(key, 0)) for key in keys),
        ]
        for name in names
    ]
    return Table(head, rows)


def _cell(value: float, lang: str, decimals: int) -> tuple[str, float]:
    return formats.number(value, lang, decimals), float(value)
