"""Training: read, cross-validate, calibrate, choose the threshold by cost, explain, save."""

import hashlib
import io
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import numpy as np
import orjson
import polars as pl

from data import bank, portfolios
from data.portfolios import Portfolio
from model import artifact, calibration, cost, crowd, effects, fairness, metrics, validation
from model.artifact import Model
from model.calibration import Calibration, probability
from model.cost import Costs
from model.curves import curves
from model.evidence import explain_sample, ordinary_range, reference_group, usual_weights
from model.fitting import MINIMUM_POSITIVES, fit
from model.matrix import Encoding
from model.population import Population, prepare
from model.protected import cost_of_leaving_out
from model.scale import Scale
from model.stages import Stage
from model.table import Table, build
from model.validation import CrossValidation

log = logging.getLogger(__name__)

SEED = 42
LEAK_AUC = 0.82
REFERENCE_ROWS = 50_000
MANY_ROWS = 20_000


class NotEnoughData(ValueError):
    """Too few labelled rows, or too few of one outcome, to learn from."""


@dataclass(frozen=True)
class Training:
    """What cross-validation settled: everything that the artifact's card reports."""

    result: CrossValidation
    calibration: Calibration
    said: np.ndarray
    threshold: dict[str, float]
    costs: Costs
    scale: Scale


def train(
    portfolio_id: str,
    *,
    seed: int = SEED,
    with_protected_cost: bool = False,
    each: Callable[[str], None] = lambda step: None,
) -> tuple[Model, list[str]]:
    """Train a model on the labelled clients of the portfolio's bank and save it.

    The first model of a portfolio goes into service; later ones wait for ``promote``.

    Parameters
    ----------
    with_protected_cost : also measure what leaving the protected columns out costs, which fits
        the folds a second time
    each : called with the name of each step as it is done, for a progress bar

    Returns
    -------
    model : Model
    remarks : list of str
        What whoever trains should look at (a suspiciously good score, for instance).

    Raises
    ------
    NotEnoughData
        When there is nothing to learn from.
    """
    portfolio = portfolios.load(portfolio_id)
    source = bank.open_bank(portfolio_id)
    frame = source.frame()
    everyone = prepare(portfolio, frame)
    each("read")
    labelled = np.flatnonzero(~np.isnan(_outcome(everyone, portfolio)))
    encoding = Encoding.learn(everyone.frame, portfolio.inputs)
    population = everyone.take(labelled)
    data = build(portfolio, population, encoding)
    _check(data)
    # On few rows threads wait for each other longer than they work.
    threads = (os.cpu_count() or 1) if len(labelled) > MANY_ROWS else 1
    training = _cross_validate(portfolio, data, seed, threads, each)
    rounds = validation.agreed_rounds(training.result.rounds)
    stages, _ = fit(data, seed=seed, threads=threads, rounds=rounds, each=lambda name: each(f"final {name}"))
    card, files = _account(portfolio, population, data, encoding, training, tuple(stages), threads, each)
    if with_protected_cost:
        files["fairness.json"]["left_out"] = cost_of_leaving_out(
            portfolio, population, training.result, card["threshold"]["in_force"], training.costs,
            seed=seed, threads=threads, each=each,
        )  # fmt: skip
    folder = artifact.models_folder(portfolio_id)
    version = str(len(artifact.versions(portfolio_id)) + 1)
    card |= {
        "version": version,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": seed,
        "code": fingerprint(portfolio),
        "given_texts": _texts(portfolio, frame),
        "data": {
            "rows": len(population.ids),
            "positives": int(data.outcome.sum()),
            "fingerprint": source.meta.fingerprint,
            "synthetic": source.meta.synthetic,
            "tables": list(source.meta.tables),
        },
    }
    model = artifact.save(folder / version, card, tuple(stages), files)
    if version == "1":
        artifact.promote(portfolio_id, version)
    each("saved")
    return model, remarks(card)


def _texts(portfolio: Portfolio, frame: pl.DataFrame) -> dict[str, list[str]]:
    """Return the values found in each text column given with a file, to check new files against."""
    names = [name for name in portfolio.given if name in frame.columns and frame.schema[name] == pl.String]
    return {name: sorted(frame[name].drop_nulls().unique().to_list()) for name in names}


def _outcome(population: Population, portfolio: Portfolio) -> np.ndarray:
    if population.outcome is None:
        raise NotEnoughData(f"the bank has no column {portfolio.target}; load labelled rows first")
    return population.outcome


def _check(data: Table) -> None:
    positives, rows = int(data.outcome.sum()), len(data.outcome)
    if min(positives, rows - positives) < MINIMUM_POSITIVES:
        raise NotEnoughData(
            f"{rows} labelled rows with {positives} positives: at least {MINIMUM_POSITIVES} of each "
            "outcome are needed; load more labelled rows"
        )


def _cross_validate(
    portfolio: Portfolio, data: Table, seed: int, threads: int, each: Callable[[str], None]
) -> Training:
    result = validation.cross_validate(
        data, seed=seed, threads=threads, each=lambda family: each(f"fold {family}")
    )
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


def in_whole_points(threshold: float, scale: Scale) -> float:
    """Return the probability of the whole number of points nearest to ``threshold``."""
    return scale.probability(round(scale.at_probability(threshold)))


def choose_threshold(
    p: np.ndarray, outcome: np.ndarray, fold: np.ndarray, costs: Costs, scale: Scale
) -> dict[str, float]:
    """Choose the threshold in force between the theoretical and the tuned one.

    On calibrated probabilities the theoretical threshold is the best there is, so the tuned
    one must prove its gain: chosen on four folds, counted on the fifth, and beyond its 95 %
    interval. A threshold tuned on the very rows that judge it always looks better.
    """
    theory = costs.theoretical_threshold

    def each_cost(threshold: np.ndarray) -> np.ndarray:
        flagged = p >= threshold
        return np.where(
            outcome == 1, costs.false_negative * ~flagged, costs.false_positive * flagged.astype(float)
        )

    elsewhere = np.empty(len(p))
    for number in np.unique(fold):
        rows = fold == number
        elsewhere[rows] = cost.tuned_threshold(p[~rows], outcome[~rows], costs)
    gain = each_cost(np.full(len(p), theory)) - each_cost(elsewhere)
    margin = 1.96 * gain.std() / np.sqrt(len(gain))
    tuned = cost.tuned_threshold(p, outcome, costs)
    return {
        "in_force": in_whole_points(tuned, scale) if gain.mean() > margin else theory,
        "theoretical": theory,
        "tuned": tuned,
        "gain": float(gain.mean()),
        "gain_margin": float(margin),
    }


def _account(
    portfolio: Portfolio,
    population: Population,
    data: Table,
    encoding: Encoding,
    training: Training,
    stages: tuple[Stage, ...],
    threads: int,
    each: Callable[[str], None],
) -> tuple[dict, dict]:
    """Return the card and the files of the artifact."""
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


def fingerprint(portfolio: Portfolio) -> str:
    """Return a hash of the files that make a portfolio's features, as hexadecimal text."""
    files = [portfolio.folder / "columns.csv", *sorted(portfolio.folder.glob("*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def remarks(card: dict) -> list[str]:
    """Return what whoever trains should look at before believing the figures."""
    area, slope = card["metrics"]["auc"]["value"], card["metrics"]["calibration_slope"]["value"]
    found = []
    if area > LEAK_AUC and not card["data"]["synthetic"]:
        found.append(f"AUC {area:.3f} is above {LEAK_AUC}: look for a leak before believing it")
    if not 0.9 <= slope <= 1.1:
        found.append(f"calibration slope {slope:.2f}: the raw scores are too sure or too timid")
    if not 0.02 <= (flagged := card["metrics"]["refused_share"]["value"]) <= 0.9:
        found.append(f"{flagged:.0%} of the files are flagged: few rows, or an unusual share of positives")
    return found
