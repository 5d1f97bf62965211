"""What training can measure besides, on demand, because it fits models many times over. Training only."""

from collections.abc import Callable, Set

from model import candidates, lab
from model.protected import cost_of_leaving_out
from model.trained import Trained

Each = Callable[[str], None]


def _protected(trained: Trained, files: dict, each: Each) -> None:
    """Measure what leaving the protected columns out of the inputs costs."""
    files["fairness.json"]["left_out"] = cost_of_leaving_out(
        trained.portfolio,
        trained.population,
        trained.training.result,
        trained.card["threshold"]["in_force"],
        trained.training.costs,
        seed=trained.seed,
        threads=trained.threads,
        recipe=trained.recipe,
        each=each,
    )


def _evidence(trained: Trained, files: dict, each: Each) -> None:
    """Measure how sure the model is, and what it would be worth otherwise."""
    files["evidence.json"] = lab.evidence(trained, each)


def _candidates(trained: Trained, files: dict, each: Each) -> None:
    """Compare the model with other kinds of models, on its own folds."""
    files["candidates.json"] |= candidates.compare(trained, each)


_MEASURES = {"protected": _protected, "candidates": _candidates, "evidence": _evidence}
EXTRAS = frozenset(_MEASURES)


def measure(wanted: Set[str], trained: Trained, files: dict, each: Each) -> None:
    """Take the measures that are wanted and add what they find to the artifact's ``files``.

    Raises
    ------
    ValueError
        When a measure is not one of ``EXTRAS``.
    """
    if unknown := wanted - EXTRAS:
        raise ValueError(f"extras: {sorted(unknown)} unknown; expected some of {sorted(EXTRAS)}")
    for name in sorted(wanted, reverse=True):
        _MEASURES[name](trained, files, each)
