"""The figures of a run: drawn from what the artifact says, so that a model can be logged any day.

Contributions of single clients are drawn only where ``track_runs`` may show them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shap import Explanation, plots

from data import portfolios
from data.bank import Bank
from model.artifact import Model
from model.desk import desk
from model.evidence import Explained, explain_sample
from model.globals import read
from model.measures import measures
from model.population import prepare
from model.table import Table, build

SHOWN = 25  # inputs on the figure of contributions; the table has all
DOTS = 1_000  # clients explained one by one
SIZE = (6.4, 4.4)


@dataclass(frozen=True)
class Sample:
    """Some clients of the bank, with what each input moved: ``explained`` is in points."""

    data: Table
    explained: Explained


def figures(model: Model) -> Iterator[tuple[str, Figure]]:
    """Yield ``(name, figure)`` of each curve, from aggregates alone."""
    yield from judged(measures(model, "curves.json"))
    yield "cost", _cost(model)
    yield "contributions", _bars(model)


def judged(curves: Mapping) -> Iterator[tuple[str, Figure]]:
    """Yield the figures of :func:`model.curves.judged`."""
    yield "roc", _line(curves["roc"], "False positive rate", "True positive rate", diagonal=True)
    yield "precision_recall", _line(curves["precision_recall"], "Recall", "Precision")
    yield "calibration", _reliability(curves["reliability"])


def table(model: Model) -> pd.DataFrame:
    """Return the mean absolute contribution of each input in points, the weightiest first."""
    portfolio, weights = portfolios.load(model.card["portfolio"]), read(model).weights
    rows = [
        {"input": name, "theme": portfolio.columns[name].theme, "mean_absolute_points": weight}
        for name, weight in sorted(weights.items(), key=lambda one: -one[1])
    ]
    return pd.DataFrame(rows)


def sample(model: Model, bank: Bank) -> Sample:
    """Explain clients spread over the bank, the same ones each time."""
    portfolio = bank.portfolio
    ids, total = bank.search("", limit=bank.meta.clients)
    population = prepare(portfolio, bank.records(ids[:: max(total // DOTS, 1)][:DOTS]))
    known = replace(population, outcome=np.zeros(len(population.ids)))
    data = build(portfolio, known, model.encoding)
    return Sample(data, explain_sample(model.stages, model.calibration, model.scale, data, 1))


def beeswarm(found: Sample) -> Figure:
    """Return SHAP's summary plot of a sample: one dot per client and input, in points."""
    said = Explanation(
        values=found.explained.parts[:, :-1],
        base_values=found.explained.parts[:, -1],
        data=found.data.matrix[found.explained.rows],
        feature_names=list(found.data.inputs),
    )
    figure = Figure(figsize=(9, 8), layout="constrained")
    axes = figure.subplots()
    plots.beeswarm(
        said, max_display=SHOWN, ax=axes, show=False, plot_size=None, group_remaining_features=False
    )
    axes.set_xlabel("Points moved, from the average file")
    return figure


def _drawn(x: str, y: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    axes.set(xlabel=x, ylabel=y)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _line(curve: dict, x: str, y: str, diagonal: bool = False) -> Figure:
    figure, axes = _drawn(x, y)
    axes.plot(curve["x"], curve["y"])
    if diagonal:
        axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    axes.set(xlim=(0, 1), ylim=(0, None))
    return figure


def _reliability(bins: list[dict]) -> Figure:
    figure, axes = _drawn("Mean probability said", "Share observed, with 95 % interval")
    said, seen = ([one[name] for one in bins] for name in ("predicted", "observed"))
    spread = [[one["observed"] - one["low"] for one in bins], [one["high"] - one["observed"] for one in bins]]
    # Where none or all were observed, an end of the interval misses it by a rounding.
    spread = [[max(0.0, side) for side in sides] for sides in spread]
    axes.errorbar(said, seen, yerr=spread, fmt="o", capsize=3)
    end = max(max(said), max(one["high"] for one in bins))
    axes.plot([0, end], [0, end], color="grey", linestyle=":")
    return figure


def _cost(model: Model) -> Figure:
    costs = model.costs
    answer = desk(model).answer(costs.false_negative / costs.false_positive)
    figure, axes = _drawn("Mark, in points", "Cost per 1,000 files, in wrongly flagged negatives")
    axes.plot(answer.marks, answer.cost)
    axes.fill_between(answer.marks, answer.low, answer.high, alpha=0.2)
    for mark, style, name in ((answer.in_force, "-", "in force"), (answer.tuned, "--", "cheapest")):
        axes.axvline(mark, color="grey", linestyle=style, label=f"{name}: {mark}")
    axes.legend(frameon=False)
    return figure


def _bars(model: Model) -> Figure:
    first = table(model).head(SHOWN)[::-1]
    figure = Figure(figsize=(7.5, 8), layout="constrained")
    axes = figure.subplots()
    axes.barh(first["input"], first["mean_absolute_points"])
    axes.set(xlabel="Mean absolute contribution, in points")
    axes.spines[["top", "right"]].set_visible(False)
    return figure
