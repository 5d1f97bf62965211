"""Several algorithms on several populations: who leads, by what, and what a segment gains. Training only.

Algorithms, settings and what is retained are chosen on folds of the rows learnt from. Rows set aside
are judged on once, at the end, by models learnt on all rows learnt from; see :mod:`model.compared` for
what comes out.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from model import compared
from model.compare_bench import Bench, cores
from model.compare_judged import best
from model.compare_made import Algorithm, algorithms
from model.compare_rows import EVERYONE, Part, Rows, read
from model.compare_search import Asked, Finalist, look
from model.compared import FORMAT, METRICS
from model.fitting import MINIMUM_POSITIVES
from model.learning import SHARES, share_of
from model.train import SEED

Each = Callable[[str], None]
# Above so many rows, one fold held out is enough to draw a learning curve by.
_MANY = 3_000
RETAINED = "retained"


@dataclass
class Answers:
    """What models said, by name, over all rows of the table; NaN where a model was not asked."""

    rows: int
    said: dict[str, np.ndarray] = field(default_factory=dict)

    def keep(self, name: str, places: np.ndarray, p: np.ndarray) -> None:
        """Keep what ``name`` said of some rows."""
        self.said.setdefault(name, np.full(self.rows, np.nan))[places] = p


def run(
    portfolio_id: str,
    *,
    metric: str = "auc",
    search: Asked = Asked(),  # noqa: B008  (frozen)
    seed: int = SEED,
    only: Sequence[str] = compared.ALGORITHMS,
    each: Each = lambda step: None,
) -> dict:
    """Compare on a portfolio's bank and keep what was found (see :func:`model.compared.write`).

    Parameters
    ----------
    metric : what chooses, one of :data:`model.compared.METRICS`
    search : how better settings of the best algorithms are looked for
    only : names of the algorithms to compare
    each : told every fit that is done

    Raises
    ------
    ValueError
        When the metric or an algorithm is unknown.
    model.train.NotEnoughData
        When there is nothing to learn from or to judge on.
    """
    _check(metric, only)
    began, rows = time.perf_counter(), read(portfolio_id, seed)
    found = compare(rows, metric=metric, search=search, seed=seed, only=only, each=each)
    found["seconds"] = time.perf_counter() - began
    compared.write(portfolio_id, found)
    return found


def compare(rows: Rows, *, metric: str, search: Asked, seed: int, only: Sequence[str], each: Each) -> dict:
    """Compare on rows as they were divided; return what :mod:`model.compared` describes."""
    bench = Bench(rows, seed, cores(), each)
    made = [one for one in algorithms(rows.table.monotone) if one.name in only]
    pooled, routed = Answers(len(rows.fold)), Answers(len(rows.fold))
    populations = [_population(bench, part, made, metric, search, pooled, routed) for part in rows.parts]
    return {
        "format": FORMAT,
        "portfolio": rows.portfolio.id,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": seed,
        "metric": metric,
        "mark": bench.costs.theoretical_threshold,
        "data": {
            "fingerprint": rows.source.fingerprint,
            "synthetic": rows.source.synthetic,
            "learnt": len(rows.parts[0].learn),
            "judged": len(rows.parts[0].judge),
        },
        "judged_on": rows.aside,
        "choice": {"folds": rows.folds, "rows": len(rows.parts[0].choose)},
        "populations": populations,
        "left_out": list(rows.left_out),
        "routed": _routed(bench, pooled, routed) if len(rows.parts) > 1 else None,
    }


def _population(
    bench: Bench,
    part: Part,
    made: Sequence[Algorithm],
    metric: str,
    search: Asked,
    pooled: Answers,
    routed: Answers,
) -> dict:
    """Compare on one population; keep its models' answers among the pooled or the routed ones."""
    chooser = bench.judge(part.choose)
    answers = {one.name: bench.out_of_fold(part, one.candidate) for one in made}
    chosen = {name: chooser.values(p) for name, (p, _) in answers.items()}
    finalists = _finalists(bench, part, made, chosen, metric, search)
    winner = _winner(chosen, finalists, metric)
    algorithm = next(one for one in made if one.name == winner.name)
    candidates = [one.candidate for one in made]
    candidates += [algorithm.tuned(winner.parameters)] if winner.parameters else []
    if bench.rows.aside is None:
        judged = list(answers.values())
        judged += [bench.out_of_fold(part, one) for one in candidates[len(made) :]]
    else:
        judged = bench.judged(part, candidates)
    names = [one.name for one in made] + ([RETAINED] if winner.parameters else [])
    own = pooled if part.name == EVERYONE else routed
    for name, (p, _) in zip(names, judged, strict=True):
        own.keep(name, part.judge, p)
    if not winner.parameters:
        own.keep(RETAINED, part.judge, own.said[winner.name][part.judge])
    against = None if part.name == EVERYONE else pooled
    return {
        "name": part.name,
        "column": part.column,
        "low": part.low,
        "high": part.high,
        "learnt": len(part.learn),
        "judged": len(part.judge),
        "positives": int(bench.rows.table.outcome[part.judge].sum()),
        "algorithms": [
            {"name": name, "seconds": seconds, "chosen_by": chosen[name]}
            | _judged(bench, part, name, own, against)
            for name, (_, seconds) in zip(chosen, judged, strict=False)
        ],
        "best": {name: best(chosen, name) for name in METRICS},
        "search": _told(search, finalists),
        RETAINED: {"name": winner.name, "parameters": winner.parameters}
        | _judged(bench, part, RETAINED, own, against),
        "learning": _learning(bench, part, algorithm.tuned(winner.parameters), metric),
    }


def _finalists(
    bench: Bench,
    part: Part,
    made: Sequence[Algorithm],
    chosen: Mapping[str, Mapping[str, float]],
    metric: str,
    search: Asked,
) -> list[Finalist]:
    if search.kind == "none":
        return []
    left, found = dict(chosen), []
    for _ in range(min(search.finalists, len(made))):
        name = best(left, metric)
        algorithm = next(one for one in made if one.name == name)
        found.append(look(bench, part, algorithm, metric, left.pop(name)[metric], search))
    return found


def _winner(
    chosen: Mapping[str, Mapping[str, float]], finalists: Sequence[Finalist], metric: str
) -> Finalist:
    if finalists:
        after = {one.name: {metric: one.after} for one in finalists}
        name = best(after, metric)
        return next(one for one in finalists if one.name == name)
    name = best(chosen, metric)
    return Finalist(name, 0, {}, chosen[name][metric], chosen[name][metric])


def _told(search: Asked, finalists: Sequence[Finalist]) -> dict | None:
    if search.kind == "none":
        return None
    about = {"kind": search.kind, "trials": search.trials, "minutes": search.minutes}
    return about | {"finalists": [one.to_dict() for one in finalists]}


def _judged(bench: Bench, part: Part, name: str, own: Answers, pooled: Answers | None) -> dict:
    """Return the figures of a model on its population, for a segment beside those of the pooled one."""
    judge, p = bench.judge(part.judge), own.said[name][part.judge]
    if pooled is None:
        return {"metrics": judge.figures(p)}
    before = pooled.said[name][part.judge]
    return {"metrics": judge.figures(p), "pooled": judge.figures(before), "gain": judge.gains(before, p)}


def _routed(bench: Bench, pooled: Answers, routed: Answers) -> dict:
    """Return what the models of the segments are worth together; who has none keeps the pooled answer."""
    places = bench.rows.parts[0].judge
    judge, told = bench.judge(places), []
    for name, before in pooled.said.items():
        own = routed.said.get(name, before)
        p = np.where(np.isnan(own), before, own)[places]
        told.append({"name": name, "metrics": judge.figures(p), "gain": judge.gains(before[places], p)})
    together = {one["name"]: one for one in told}
    return {"algorithms": [one for one in told if one["name"] != RETAINED], RETAINED: together[RETAINED]}


def _learning(bench: Bench, part: Part, candidate, metric: str) -> dict:
    """Return the metric, and the AUC, of what is retained when it learns from fewer rows."""
    outcome, fold = bench.rows.table.outcome[part.choose], bench.rows.fold[part.choose]
    held_out = range(1 if len(part.choose) > _MANY else bench.rows.folds)
    judge = bench.judge(part.choose[np.isin(fold, held_out)])
    points = []
    for share in (*SHARES, 1.0):
        inside = [share_of(outcome, fold != number, share, bench.seed) for number in held_out]
        if (
            min(min(outcome[some].sum(), len(some) - outcome[some].sum()) for some in inside)
            < MINIMUM_POSITIVES
        ):
            continue
        p = np.full(len(outcome), np.nan)
        for number, some in zip(held_out, inside, strict=True):
            p[fold == number] = bench.said(part.choose[some], part.choose[fold == number], candidate)
        bench.each(f"{part.name}: learning from {share:.0%}")
        figures = judge.figures(p[np.isin(fold, held_out)])
        rows = round(float(np.mean([len(some) for some in inside])))
        points.append({"share": share, "rows": rows, "score": figures[metric], "auc": figures["auc"]})
    return {"metric": metric, "points": points}


def _check(metric: str, only: Sequence[str]) -> None:
    if metric not in METRICS:
        raise ValueError(f"metric: {metric!r}; expected one of {', '.join(METRICS)}")
    if strange := [name for name in only if name not in compared.ALGORITHMS]:
        raise ValueError(
            f"algorithms: {', '.join(strange)} unknown; expected some of {', '.join(compared.ALGORITHMS)}"
        )
    if not only:
        raise ValueError("algorithms: none named")
