"""What balancing the two outcomes does to what a model announces, and to what it costs."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import formats
from components.candidates_table import CHAMPION, CUT_BY_COSTS, name_of, per_1000
from components.charts import balancing
from components.figure import Table, figure, graph
from components.i18n import own, t, typeset
from data.portfolios import Portfolio

HEIGHT = 300


def section(portfolio: Portfolio, held: Mapping, lang: str) -> Component | None:
    """Return what balancing does, in two sentences, two drawings and a table; None if not measured."""
    found, measured = held["conclusion"]["balancing"], {one["name"]: one for one in held["candidates"]}
    if not found:
        return None
    plain = next(iter(found.values()))["unbalanced"]
    panels = [
        {
            "title": t(f"candidates.is.{name}", lang),
            "raw": measured[name]["raw"]["reliability"],
            "recalibrated": measured[name]["recalibrated"]["reliability"],
            "cost_curve": measured[name]["cost_curve"],
            "own": measured[name]["own"]["threshold"],
        }
        for name in (plain, *found)
    ]
    told = [_told(portfolio, name, one, measured, lang) for name, one in found.items()]
    cut = _cut(portfolio, measured, plain, lang)
    words = portfolio.words(lang)["desk"]
    axes = {"x": typeset(words["expected_axis"], lang), "y": typeset(words["observed_axis"], lang)}
    first = balancing.announced(panels, axes)
    labels = {"x": own(portfolio, "candidates.cut", lang), "y": own(portfolio, "candidates.cost_1000", lang)}
    second = balancing.costs(panels, held["threshold"], labels)
    theory = formats.number(100 * held["threshold"], lang, 1)
    return html.Div(
        [
            html.H3(t("candidates.balancing", lang)),
            html.P(own(portfolio, f"candidates.balancing.{_verdict(found)}", lang), className="reading"),
            html.P(own(portfolio, "candidates.balancing.what", lang), className="note"),
            html.Ul([html.Li(sentence) for sentence in (*told, cut) if sentence], className="sentences"),
            figure(
                "balancing",
                html.Div(
                    [graph(first, " ".join(told), HEIGHT), graph(second, cut or " ".join(told), HEIGHT)]
                ),
                None,
                _table(portfolio, measured, lang),
                lang,
                image=False,
            ),
            html.P(t("candidates.balancing.note", lang, theory=theory), className="note"),
        ],
        className="parts",
    )


def _verdict(found: Mapping[str, Mapping]) -> str:
    """Say whether a balanced model saves once put right, and else whether balancing made it untrue."""
    if any(one["saves_recalibrated"] > 0 for one in found.values()):
        return "saves"
    return "false" if any(one["held"] == "yes" != one["holds"] for one in found.values()) else "nothing"


def _told(portfolio: Portfolio, name: str, one: Mapping, measured: Mapping, lang: str) -> str:
    """Return what a balanced model announces, then what it costs."""
    raw, plain = measured[name]["raw"], measured[one["unbalanced"]]
    values = {
        "name": t(f"candidates.with.{name}", lang),
        "ended": typeset(portfolio.words(lang)["outcome"]["positive_many"], lang),
        "announced": formats.number(100 * raw["announced"], lang),
        "observed": formats.number(100 * raw["observed"], lang),
        "plain": formats.number(100 * plain["raw"]["announced"], lang),
        "slope": formats.number(raw["slope"], lang, 2),
        "plain_slope": formats.number(plain["raw"]["slope"], lang, 2),
    }
    costs = {
        "raw": per_1000(raw["cost_per_file"], lang),
        "put_right": per_1000(measured[name]["recalibrated"]["cost_per_file"], lang),
        "plain": per_1000(plain["recalibrated"]["cost_per_file"], lang),
    }
    way = {1: "saved", 0: "alike", -1: "lost"}[one["saves_recalibrated"]]
    return " ".join(
        [
            own(portfolio, f"candidates.announces.{one['holds']}", lang, **values),
            own(portfolio, f"candidates.costs.{way}", lang, **costs),
        ]
    )


def _cut(portfolio: Portfolio, measured: Mapping[str, Mapping], plain: str, lang: str) -> str | None:
    """Return what the cut at one half costs beside one set by the costs, on the same model."""
    if CUT_BY_COSTS not in measured:
        return None
    half, tuned = (
        per_1000(measured[name]["unasked"]["cost_per_file"]["value"], lang) for name in (plain, CUT_BY_COSTS)
    )
    return own(portfolio, "candidates.half", lang, half=half, tuned=tuned)


def _table(portfolio: Portfolio, measured: Mapping[str, Mapping], lang: str) -> Table:
    keys = ("announced", "observed", "slope", "intercept", "raw", "put_right", "half")
    head = [(t("performance.candidates.name", lang), False)]
    head += [(own(portfolio, f"candidates.head.{key}", lang), True) for key in keys]
    rows = [
        [name_of(name, "", lang) if name != CHAMPION else t("candidates.own", lang), *_cells(one, lang)]
        for name, one in measured.items()
        if one["recalibrated"]
    ]
    return Table(head, rows, len(rows) - 1)


def _cells(one: Mapping, lang: str) -> Sequence[tuple[str, float]]:
    raw = one["raw"]
    values = (
        (100 * raw["announced"], 1),
        (100 * raw["observed"], 1),
        (raw["slope"], 2),
        (raw["intercept"], 2),
        (raw["cost_per_file"], 3),
        (one["recalibrated"]["cost_per_file"], 3),
        (one["unasked"]["cost_per_file"]["value"], 3),
    )
    return [(formats.number(value, lang, decimals), value) for value, decimals in values]
