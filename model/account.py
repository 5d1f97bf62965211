"""The account of a trained model: its card and the files that pages read. Training only."""

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import orjson
import polars as pl

from data.portfolios import Portfolio
from model import calibration, cost, crowd, effects, fairness, metrics, validation
from model.calibration import Calibration, probability
from model.cost import Costs
from model.curves import curves
from model.evidence import explain_sample, ordinary_range, reference_group, usual_weights
from model.matrix import Encoding
from model.population import Population
from model.scale import Scale
from model.stages import Stage
from model.table import Table
from model.threshold import choose_threshold
from model.validation import CrossValidation

REFERENCE_ROWS = 50_000


@dataclass(frozen=True)
class Training:
    """What cross-validation settled: everything that the artifact's card reports."""

    result: CrossValidation
    calibration: Calibration
    said: np.ndarray
    threshold: dict[str, float]
    costs: Costs
    scale: Scale


def settled(portfolio: Portfolio, data: Table, result: CrossValidation) -> Training:
    """Calibrate out-of-fold answers and choose the threshold by cost."""
    costs, scale = Costs(**portfolio.settings["costs"]), Scale.of(portfolio.settings)
    said = validation.calibrated_apart(result, data.outcome)
    return Training(
        result=result,
        calibration=calibration.fit(result.raw, data.outcome),
        said=said,
        threshold=choose_threshold(probability(said), data.outcome, result.fold, costs, scale),
        costs=costs,
        scale=scale,
    )


def describe(
    portfolio: Portfolio,
    population: Population,
    data: Table,
    encoding: Encoding,
    training: Training,
    stages: tuple[Stage, ...],
    threads: int,
    each: Callable[[str], None],
) -> tuple[dict, dict]:
    """Return the card and the files of the artifact.

    Returns
    -------
    card : dict
        What ``artifact.json`` holds, but for who made it, when and from which bank.
    files : name -> content
        The other files, in the form that :func:`model.artifact.save` takes.
    """
    p, threshold = probability(training.said), training.threshold["in_force"]
    points = training.scale.points(training.said)
    headline = metrics.with_intervals(data.outcome, p, threshold, training.costs)
    # The slope that matters is that of the raw scores, before any calibration mends it.
    headline["calibration_slope"] = {"value": calibration.fit(training.result.raw, data.outcome).slope}
    each("metrics")
    explained = explain_sample(stages, training.calibration, training.scale, data, threads)
    weights, base_points = usual_weights(explained, data.inputs)
    mark = training.scale.at_probability(threshold)
    near = reference_group(
        stages, training.calibration, training.scale, data, encoding, points, mark, portfolio, threads
    )
    each("explained")
    card = {
        "portfolio": portfolio.id,
        "inputs": list(encoding.inputs),
        "categories": {name: list(values) for name, values in encoding.categories.items()},
        "excluded": [c.name for c in portfolio.columns.values() if c.role == "protected"],
        "calibration": asdict(training.calibration),
        "threshold": training.threshold,
        "costs": asdict(training.costs),
        "scale": asdict(training.scale),
        "grey_zone": portfolio.settings["scale"]["grey_zone"],
        "metrics": headline,
        "per_1000": cost.confusion(p, data.outcome, threshold),
        "base_points": base_points,
        "important": sorted(weights, key=weights.get, reverse=True),
        "ranges": ordinary_range(data, encoding),
        "reference": near,
        "histories": validation.gain_of_families(training.result, data),
    }
    score_frame = population.frame.with_columns(
        pl.Series("points", points), pl.Series("outcome", data.outcome)
    )
    files = {
        **crowd.files_of(
            portfolio, encoding.inputs, card["categories"], data.matrix, points, data.outcome, weights
        ),
        "curves.json": curves(portfolio, population, p, points, threshold, training.costs),
        "fairness.json": fairness.describe(portfolio, population.frame, data.outcome, p, threshold),
        "global.json": orjson.dumps(effects.describe(portfolio, data, encoding, explained)),
        "candidates.json": {
            "folds": validation.by_fold(training.result, data.outcome, p, threshold, training.costs),
            "accept_everyone": {
                "cost_per_file": cost.per_file(np.zeros(len(p)), data.outcome, 0.5, training.costs)
            },
        },
        "reference.parquet": _parquet(score_frame.head(REFERENCE_ROWS)),
    }
    return card, files


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()
