"""Drift: is a batch of files like those that the model learnt from, and what does it do to the score?

Never imported by the web process, which reads what is kept (``model.batches``).

The rule, on purpose one that a manager can say by heart:

* a *column* is to watch from PSI 0.10, from 5 points in 100 more or fewer missing, or from 1 value
  in 100 that training never saw; it calls for an act from 0.25, 10 points or 5 values;
* the *score* likewise from PSI 0.10 and 0.25, the *proposed refusals* from 5 and 10 points in 100;
* the *batch* calls for an act when the score or the refusals do, or when columns that do carry a
  quarter of the weight of all inputs. It is to watch when the score or the refusals are, when one
  of the five main inputs is, when any column calls for an act, when columns to watch carry 5
  hundredths of the weight, or when a history is collected for more or fewer files;
* nothing counts that chance alone may give on so few files, and under 100 files nothing is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

import numpy as np

from data.portfolios import Portfolio
from model import drift_parts as parts
from model import globals as population
from model.artifact import Model
from model.crowd import leads
from model.drift_effects import Effects
from model.drift_results import (
    BatchVerdict,
    ColumnDrift,
    CoverageDrift,
    DriftState,
    Limits,
    MainInput,
    ScoreDrift,
)
from model.drift_sides import Side
from model.segments import PREFIX

MAIN = 5
LIMITS = Limits()


@dataclass(frozen=True)
class About:
    """What a batch is called and where it comes from (see :class:`model.drift_results.BatchVerdict`)."""

    id: str
    name: str
    source: str
    day: str
    made: str


def judge(
    portfolio: Portfolio, model: Model, before: Side, after: Side, about: About, moved: Effects | None = None
) -> BatchVerdict:
    """Return the verdict on the files of ``after`` against those of ``before``.

    Parameters
    ----------
    moved : what the inputs did to the mean score (see :func:`model.drift_effects.effects`), if known
    """
    weights = usual_weights(model)
    main = main_inputs(portfolio, weights)
    columns: tuple[ColumnDrift, ...] = ()
    score, coverage = None, ()
    if min(before.rows, after.rows) >= LIMITS.least:
        found = compare(portfolio, weights, before, after)
        columns = tuple(_completed(portfolio, one, before, after, main, moved) for one in found)
        score = compare_scores(model, before.points, after.points, moved)
        coverage = compare_coverage(before, after)
    state, causes = decide(score, columns, coverage, main)
    return BatchVerdict(
        **asdict(about),
        portfolio=portfolio.id,
        model_version=model.version,
        rows_before=before.rows,
        rows=after.rows,
        limits=LIMITS,
        state=state,
        causes=causes,
        weight_watch=_weight(columns, "watch", "act"),
        weight_act=_weight(columns, "act"),
        score=score,
        main=main,
        columns=columns,
        coverage=coverage,
    )


def usual_weights(model: Model) -> dict[str, float]:
    """Return the share of the points that each input usually moves."""
    found = population.read(model).weights
    total = sum(found.values()) or 1.0
    return {name: weight / total for name, weight in found.items()}


def main_inputs(portfolio: Portfolio, weights: Mapping[str, float]) -> tuple[MainInput, ...]:
    """Return the inputs that weigh most, each with those computed from the same information.

    Four transforms of one score would otherwise fill the list on their own.
    """
    groups: dict[str, list[str]] = {}
    for name in weights:
        lead = portfolio.columns[name].told_by
        groups.setdefault(lead if lead in weights else name, []).append(name)
    return tuple(
        MainInput(lead, round(sum(weights[name] for name in groups[lead]), 4), tuple(groups[lead]))
        for lead in leads(portfolio, weights)[:MAIN]
    )


def compare(
    portfolio: Portfolio, weights: Mapping[str, float], before: Side, after: Side
) -> tuple[ColumnDrift, ...]:
    """Return how each input moved, the weightiest first."""
    alarm = parts.FALSE_ALARM / max(len(before.inputs), 1)
    found = []
    for name in sorted(before.inputs, key=lambda name: -weights.get(name, 0.0)):
        family = portfolio.columns[name].family
        columns = before.column(name, family), after.column(name, family)
        is_text = name in before.categories
        found.append(compare_column(name, weights.get(name, 0.0), *columns, is_text=is_text, alarm=alarm))
    return tuple(found)


def compare_column(
    name: str, weight: float, before: np.ndarray, after: np.ndarray, *, is_text: bool, alarm: float
) -> ColumnDrift:
    """Return how one column moved, without its drawing.

    Parameters
    ----------
    before, after : array of float, shape (files,); missing is NaN, categories are codes
    alarm : probability of a false report that this column may have
    """
    known = [parts.known_values(column) for column in (before, after)]
    rows, counts = (len(before), len(after)), [len(some) for some in known]
    missing = [1 - count / max(size, 1) for count, size in zip(counts, rows, strict=True)]
    told = partial(
        ColumnDrift,
        name,
        points=None,
        shape=None,
        weight=weight,
        known_before=counts[0],
        known_after=counts[1],
        missing_before=missing[0],
        missing_after=missing[1],
    )
    if not counts[0] or not rows[1]:
        return told(state="empty", causes=(), psi=None, limit=LIMITS.psi_watch, unseen=0.0)
    absence = _missing_state(missing, rows, alarm)
    if min(counts) < LIMITS.least:
        causes = _beyond(missing=absence)
        state = absence if causes else "few"
        return told(state=state, causes=causes, psi=None, limit=LIMITS.psi_watch, unseen=0.0)
    cells = parts.learn(known[0], is_text)
    index = parts.psi(cells.before, cells.count(known[1]))
    by_chance = parts.chance(len(cells.before), *counts, alarm)
    unseen = parts.share_outside(known[1], known[0]) if is_text else 0.0
    states = {
        "psi": parts.band(index, LIMITS.psi_watch, LIMITS.psi_act, by_chance),
        "missing": absence,
        "unseen": parts.band(unseen, LIMITS.unseen_watch, LIMITS.unseen_act),
    }
    return told(
        state=parts.worst(tuple(states.values())),
        causes=_beyond(**states),
        psi=index,
        limit=max(LIMITS.psi_watch, by_chance),
        unseen=unseen,
    )


def _beyond(**states: DriftState) -> tuple[str, ...]:
    return tuple(name for name, state in states.items() if state in ("watch", "act"))


def _missing_state(missing: Sequence[float], rows: tuple[int, int], alarm: float) -> DriftState:
    if min(rows) < LIMITS.least:
        return "few"
    by_chance = parts.chance_of_share(*missing, *rows, alarm)
    return parts.band(abs(missing[1] - missing[0]), LIMITS.missing_watch, LIMITS.missing_act, by_chance)


def _completed(
    portfolio: Portfolio,
    column: ColumnDrift,
    before: Side,
    after: Side,
    main: Sequence[MainInput],
    moved: Effects | None,
) -> ColumnDrift:
    """Return a column with its effect and, where a page shows it, its drawing."""
    if moved is not None:
        column = moved.told(column)
    if column.psi is None or (column.state == "stable" and column.name not in {one.name for one in main}):
        return column
    family = portfolio.columns[column.name].family
    known = [parts.known_values(side.column(column.name, family)) for side in (before, after)]
    labels = before.categories.get(column.name, ())
    return replace(column, shape=parts.drawn(parts.learn(known[0], bool(labels)), *known, labels))


def compare_scores(
    model: Model, before: np.ndarray, after: np.ndarray, moved: Effects | None = None
) -> ScoreDrift:
    """Return how the points moved, and the share of files proposed for refusal."""
    known = [np.sort(points).astype(np.float32) for points in (before, after)]
    cells = parts.learn(known[0], False)
    index = parts.psi(cells.before, cells.count(known[1]))
    by_chance = parts.chance(len(cells.before), len(before), len(after), parts.FALSE_ALARM)
    refused = [_refused(model, points) for points in (before, after)]
    doubt = parts.chance_of_share(*refused, len(before), len(after), parts.FALSE_ALARM)
    return ScoreDrift(
        state=parts.band(index, LIMITS.psi_watch, LIMITS.psi_act, by_chance),
        psi=index,
        limit=max(LIMITS.psi_watch, by_chance),
        median_before=float(np.median(before)),
        median_after=float(np.median(after)),
        mean_before=float(np.mean(before, dtype=np.float64)),
        mean_after=float(np.mean(after, dtype=np.float64)),
        refused_state=parts.band(
            abs(refused[1] - refused[0]), LIMITS.refused_watch, LIMITS.refused_act, doubt
        ),
        refused_before=refused[0],
        refused_after=refused[1],
        explained=moved.explained if moved else None,
        sample=moved.sample if moved else 0,
        shape=parts.drawn(cells, *known, ()),
    )


def _refused(model: Model, points: np.ndarray) -> float:
    """Return the share of files proposed for refusal, on whole points as :func:`model.assess.decide`."""
    above = np.round(points) - round(model.pass_mark)
    return float(np.mean(above < -model.card["grey_zone"]))


def compare_coverage(before: Side, after: Side) -> tuple[CoverageDrift, ...]:
    """Return the histories that either side has, with the share of files they were collected for."""
    found = []
    for family in before.covered:
        if family.startswith(PREFIX):  # whose share follows from the column, which is judged itself
            continue
        shares = [float(side.covered[family].mean()) for side in (before, after)]
        if any(shares):
            doubt = parts.chance_of_share(*shares, before.rows, after.rows, parts.FALSE_ALARM)
            state = parts.band(abs(shares[1] - shares[0]), LIMITS.covered_watch, LIMITS.covered_act, doubt)
            found.append(CoverageDrift(family, state, *shares))
    return tuple(found)


def decide(
    score: ScoreDrift | None,
    columns: Sequence[ColumnDrift],
    coverage: Sequence[CoverageDrift],
    main: Sequence[MainInput],
) -> tuple[DriftState, tuple[str, ...]]:
    """Return the state of a batch and the rules it follows from (see the head of this file).

    The rules are named ``score``, ``refused``, ``weight``, ``main``, ``column`` and ``coverage``;
    those that call for an act end in ``_act``.
    """
    if score is None:
        return "few", ("few",)
    heaviest = {one.name for one in main}
    calls = {
        "score_act": score.state == "act",
        "refused_act": score.refused_state == "act",
        "weight_act": _weight(columns, "act") >= LIMITS.weight_act,
    }
    alerts = {
        "score": score.state == "watch",
        "refused": score.refused_state == "watch",
        "main": any(one.name in heaviest and one.state in ("watch", "act") for one in columns),
        "column": any(one.state == "act" for one in columns),
        "weight": _weight(columns, "watch", "act") >= LIMITS.weight_watch,
        "coverage": any(one.state in ("watch", "act") for one in coverage),
    }
    causes = tuple(name for name, holds in (calls | alerts).items() if holds)
    state: DriftState = "act" if any(calls.values()) else "watch" if causes else "stable"
    return state, causes


def _weight(columns: Sequence[ColumnDrift], *states: str) -> float:
    return round(sum(column.weight for column in columns if column.state in states), 4)
