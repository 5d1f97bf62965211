"""Segments with models of their own, against one model for all (see :mod:`model.segments`). Training only.

A segment's model learns from the rows of its segment alone, on the folds of the pooled one. Files of no
segment keep the pooled model. The two ways are compared where neither has seen the files.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from data.portfolios import Portfolio
from model import segments, validation
from model.account import Training, settled
from model.calibration import probability
from model.compare_judged import Judge
from model.fitting import MINIMUM_POSITIVES, MINIMUM_ROWS, fit
from model.recipe import Recipe
from model.segments import NOWHERE, Choice, Segment, SegmentsUnfit
from model.stages import BASE_FAMILY, Stage, log_odds
from model.table import Table
from model.tested import Aside, enough, figures, gains, whole_mark
from model.validation import FOLDS, CrossValidation

BY = "log_loss"  # what decides: how right the probabilities are, ranking and level together
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Way:
    """One way to answer: all that cross-validation settled of it, and its stages."""

    training: Training
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Fitting:
    """What fitting needs besides the rows."""

    portfolio: Portfolio
    seed: int
    threads: int
    recipe: Recipe
    each: Callable[[str], None] = lambda step: None


def choose(
    asked: Choice, fitting: Fitting, data: Table, pooled: Way, rows: Aside | None
) -> tuple[Way, dict | None]:
    """Return the way that serves and ``segments.json``, None where nothing was compared.

    ``auto`` takes segments where they are better out of fold by more than the interval of the gain;
    the rows set aside tell, and choose nothing.

    Raises
    ------
    SegmentsUnfit
        When segments were asked for and cannot be had.
    """
    if asked == "pooled" or not _possible(asked, fitting.portfolio, data):
        return pooled, None
    own = _fitted(fitting, data, pooled)
    told = compare(fitting.portfolio, data, pooled, own, rows, fitting.threads)
    serve = asked == "segments" or told["out_of_fold"]["verdict"] == "segments"
    fitting.each("segments compared")
    return (own if serve else pooled), {
        **fitting.portfolio.settings["segments"],
        "names": [segment.name for segment in segments.of(fitting.portfolio)],
        "asked": asked,
        "served": "segments" if serve else "pooled",
        **told,
    }


def _possible(asked: Choice, portfolio: Portfolio, data: Table) -> bool:
    known = segments.of(portfolio)
    why = None
    if not known:
        why = f"{portfolio.id} declares no [segments]"
    elif portfolio.families:
        why = "segments are for portfolios without histories"
    elif small := [one.name for one in known if not _enough(data, one)]:
        why = (
            f"{', '.join(small)}: fewer than {MINIMUM_ROWS} rows, or than {MINIMUM_POSITIVES} of an outcome, "
            "to learn from"
        )
    if why and asked == "segments":
        raise SegmentsUnfit(why)
    if why and known:
        log.warning("one model for all: %s", why)
    return why is None


def _enough(data: Table, segment: Segment) -> bool:
    rows = data.covered[segment.name]
    positives = int(data.outcome[rows].sum())
    return rows.sum() >= MINIMUM_ROWS and min(positives, rows.sum() - positives) >= MINIMUM_POSITIVES


def _fitted(fitting: Fitting, data: Table, pooled: Way) -> Way:
    """Fit each segment on the folds of the pooled model, then on all its rows."""
    like, known = pooled.training.result, segments.of(fitting.portfolio)
    raw, rounds = like.raw.copy(), [{} for _ in range(FOLDS)]
    stages = [replace(stage, family=NOWHERE) for stage in pooled.stages]
    for segment in known:
        inside = data.covered[segment.name]
        for number in range(FOLDS):
            learn, ask = (
                np.flatnonzero(inside & part) for part in (like.fold != number, like.fold == number)
            )
            some, used = _fit(fitting, data.take(learn), number)
            part = data.take(ask)
            raw[ask] = log_odds(some, part.matrix, part.covered, fitting.threads)
            rounds[number][segment.name] = used[BASE_FAMILY]
            fitting.each(f"fold {segment.name}")
        trees = {BASE_FAMILY: validation.agreed_rounds(rounds)[segment.name]}
        last, _ = _fit(fitting, data.take(np.flatnonzero(inside)), 0, trees)
        stages += [replace(stage, family=segment.name) for stage in last]
        fitting.each(f"final {segment.name}")
    result = CrossValidation(like.fold, raw, {}, rounds)
    return Way(settled(fitting.portfolio, data, result), tuple(stages))


def _fit(
    fitting: Fitting, table: Table, number: int, rounds: dict[str, int] | None = None
) -> tuple[list[Stage], dict[str, int]]:
    return fit(
        table, seed=fitting.seed + number, threads=fitting.threads, rounds=rounds, recipe=fitting.recipe
    )


def compare(
    portfolio: Portfolio, data: Table, pooled: Way, own: Way, rows: Aside | None, threads: int
) -> dict:
    """Return ``by``, ``mark``, ``out_of_fold`` and ``test`` of ``segments.json``."""
    threshold = pooled.training.threshold["in_force"]
    mark = whole_mark(pooled.training.scale, threshold)
    group = np.arange(len(data.outcome)) if data.group is None else data.group
    judge = Judge(data.outcome, pooled.training.costs, group, mark)
    told = {
        "by": BY,
        "mark": threshold,
        "out_of_fold": _against(portfolio, judge, data.covered, pooled.training.said, own.training.said),
        "test": None,
    }
    if rows is not None:
        judge = Judge(rows.outcome, pooled.training.costs, rows.group, mark)
        said = [rows.said(way.training, way.stages, threads) for way in (pooled, own)]
        told["test"] = _against(portfolio, judge, rows.population.covered, *said)
    return told


def _against(
    portfolio: Portfolio,
    judge: Judge,
    covered: dict[str, np.ndarray],
    pooled: np.ndarray,
    own: np.ndarray,
) -> dict:
    """Compare two log-odds of the same rows, of everyone and of each segment that can be judged."""
    everyone = Segment("all", None, None, None)
    before, after = probability(pooled), probability(own)
    found = []
    for segment in (everyone, *segments.of(portfolio)):
        rows = np.flatnonzero(covered.get(segment.name, np.ones(len(before), dtype=bool)))
        if enough(judge.outcome[rows]):
            found.append(_population(segment, judge.take(rows), before[rows], after[rows]))
    return {"verdict": found[0]["verdict"], "populations": found}


def _population(segment: Segment, judge: Judge, before: np.ndarray, after: np.ndarray) -> dict:
    gain = gains(judge, before, after)
    return {
        "name": segment.name,
        "column": segment.column,
        "low": segment.low,
        "high": segment.high,
        "rows": len(before),
        "positives": int(judge.outcome.sum()),
        "verdict": verdict(gain[BY]),
        "pooled": figures(judge, before),
        "segments": figures(judge, after),
        "gain": gain,
    }


def verdict(gain: dict[str, float]) -> str:
    """Say which way is better by a loss, given by how much more segments lose, with its interval."""
    if gain["high"] < 0:
        return "segments"
    return "pooled" if gain["low"] > 0 else "no difference"
