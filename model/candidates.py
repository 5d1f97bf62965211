"""Other kinds of models, measured on the champion's own folds. Never imported by the web process."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from model.candidates_concluded import UNBALANCED, conclude
from model.candidates_judged import Answers, Judge, against, described, log_odds
from model.candidates_made import CANDIDATES, Candidate, Setting, fitted
from model.table import Table
from model.trained import Trained

CHAMPION = "champion"
Each = Callable[[str], None]


def compare(
    trained: Trained,
    each: Each = lambda step: None,
    candidates: Sequence[Candidate] = CANDIDATES,
) -> dict:
    """Fit each candidate on the folds of the model's cross-validation and judge all alike.

    Every candidate reads the same inputs as the model, histories included; the model itself is
    taken from its cross-validation and not fitted again.

    Returns
    -------
    dict
        ``candidates``: a list, the model last, each as :func:`model.candidates_judged.described`
        tells it with its ``name``, ``kind``, how ``missing`` values are treated and ``against`` the
        model; ``beta`` of F-beta; ``threshold`` in theory; ``conclusion``.
    """
    training, data = trained.training, trained.data
    judge = Judge(data.outcome, training.result.fold, training.costs)
    setting = Setting(
        data.inputs,
        tuple(place for place, name in enumerate(data.inputs) if name in data.categorical),
        training.costs,
        training.scale,
        trained.seed,
        trained.threads,
    )
    # As many folds at once as leave each fit its threads.
    workers = max(1, (os.cpu_count() or 1) // trained.threads)
    answers = {one.name: answered(one, data, judge.fold, setting, each, workers) for one in candidates}
    own = Answers(training.result.raw, training.said >= _log_odds(trained), None)
    judged = {one.name: _told(judge, one, answers[one.name], own) for one in candidates}
    judged[CHAMPION] = {"kind": CHAMPION, "missing": "native", **described(judge, own), "against": None}
    return {
        "candidates": [{"name": name, **one} for name, one in judged.items()],
        "beta": judge.beta,
        "threshold": judge.costs.theoretical_threshold,
        "conclusion": conclude(judged, _balancing(judge, answers)),
    }


def answered(
    candidate: Candidate, data: Table, fold: np.ndarray, setting: Setting, each: Each, workers: int = 1
) -> Answers:
    """Answer every row by a candidate fitted on the other folds only, ``workers`` folds at a time.

    The candidate gets ``data.take(inside)`` to learn from and the bare matrix of the others to
    answer: their outcomes never reach it.
    """
    p, flagged, seconds = np.empty(len(fold)), np.empty(len(fold), dtype=bool), []
    numbers = [int(number) for number in np.unique(fold)]

    def fit_one(number: int) -> tuple[np.ndarray, np.ndarray, float]:
        started = time.perf_counter()
        inside = np.flatnonzero(fold != number)
        model = fitted(candidate, data.take(inside), replace(setting, seed=setting.seed + number))
        took = time.perf_counter() - started
        return *model.answer(data.matrix[fold == number]), took

    with ThreadPoolExecutor(workers) as pool:
        for number, (said, decided, took) in zip(numbers, pool.map(fit_one, numbers), strict=True):
            p[fold == number], flagged[fold == number] = said, decided
            seconds.append(took)
            each(f"candidate {candidate.name}, fold {number + 1} of {len(numbers)}")
    return Answers(log_odds(p), flagged, float(np.mean(seconds)), knows=candidate.kind != "rule")


def _told(judge: Judge, candidate: Candidate, answers: Answers, own: Answers) -> dict:
    return {
        "kind": candidate.kind,
        "missing": candidate.missing,
        **described(judge, answers),
        "against": against(judge, answers, own),
    }


def _balancing(judge: Judge, answers: Mapping[str, Answers]) -> dict[str, dict]:
    return {
        name: against(judge, answers[name], answers[plain])
        for name, plain in UNBALANCED.items()
        if name in answers and plain in answers
    }


def _log_odds(trained: Trained) -> float:
    return float(log_odds(np.array(trained.training.threshold["in_force"])))
