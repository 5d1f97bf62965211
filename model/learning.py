"""The learning curve: what the model would be worth with fewer files to learn from. Training only."""

from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from model.delong import auc_interval
from model.fitting import MINIMUM_POSITIVES
from model.refit import Parts, costs, mean_interval, paired, parts_of, refit, said
from model.trained import Trained
from model.validation import FOLDS

SHARES = (0.1, 0.2, 0.4, 0.7)


def curve(trained: Trained, each: Callable[[str], None] = lambda step: None) -> dict:
    """Measure the model when its folds learn from a share of their files only.

    The files held out stay the same; the smaller shares lie within the larger. Trees are chosen
    again for each share, as training on so few files would. A share with fewer than
    ``MINIMUM_POSITIVES`` files of the rarer outcome is left out.

    Returns
    -------
    dict
        ``points``, each with its ``share``, ``rows`` learnt from, ``auc`` and ``cost_per_file``
        (value and 95 % interval); ``last``, what the step to all files gained (see
        :func:`model.refit.paired`) ``since`` so many files, None when no share could be measured.
    """
    outcome, like = trained.data.outcome, trained.training.result
    points, before = [], None
    for share in SHARES:
        inside = [share_of(outcome, like.fold != number, share, trained.seed) for number in range(FOLDS)]
        if min(_rarer(outcome[rows]) for rows in inside) < MINIMUM_POSITIVES:
            continue
        found, _ = refit(trained, _learning_from(trained, inside), f"learning from {share:.0%}", each)
        before = said(found, outcome)
        points.append(_point(trained, share, inside, before))
    whole = said(like, outcome)
    everyone = [np.flatnonzero(like.fold != number) for number in range(FOLDS)]
    last = {"since": points[-1]["rows"]} | paired(trained, before, whole) if points else None
    return {"points": [*points, _point(trained, 1.0, everyone, whole)], "last": last}


def share_of(outcome: np.ndarray, inside: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Return the same share of the files of each outcome among those ``inside``, in their order.

    Smaller shares with the same seed lie within larger ones.
    """
    generator = np.random.default_rng(seed)
    groups = [generator.permutation(np.flatnonzero(inside & (outcome == value))) for value in (0, 1)]
    return np.sort(np.concatenate([group[: round(share * len(group))] for group in groups]))


def _rarer(outcome: np.ndarray) -> int:
    return int(min(outcome.sum(), len(outcome) - outcome.sum()))


def _learning_from(trained: Trained, inside: list[np.ndarray]) -> Parts:
    whole = parts_of(trained.data, trained.training.result)
    return lambda number: (trained.data.take(inside[number]), whole(number)[1])


def _point(trained: Trained, share: float, inside: list[np.ndarray], p: np.ndarray) -> dict:
    outcome = trained.data.outcome
    return {
        "share": share,
        "rows": round(float(np.mean([len(rows) for rows in inside]))),
        "auc": asdict(auc_interval(outcome, p)),
        "cost_per_file": asdict(mean_interval(costs(trained, outcome, p))),
    }
