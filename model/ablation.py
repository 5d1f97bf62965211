"""What each group of inputs brings: the model fitted again without it. Training only.

Trees are as many in each stage as in the fold of the trained model, so that only the inputs differ.
"""

from collections.abc import Callable

from model.matrix import Encoding
from model.protected import with_protected
from model.refit import concerned, keep, paired, parts_of, refit, said
from model.stages import BASE_FAMILY
from model.table import build
from model.trained import Trained

Each = Callable[[str], None]


def families(trained: Trained, each: Each = lambda step: None) -> list[dict]:
    """Leave out one history at a time; the application itself cannot be left out.

    Returns
    -------
    list of dict
        ``name``, number of ``inputs``, ``rows`` that it concerns and is judged on, and what having
        it brings (see :func:`model.refit.paired`). What could not be fitted has no entry.
    """
    groups = {name: own for name, own in _read(trained).items() if name != BASE_FAMILY}
    return [_without(trained, name, own, each) for name, own in groups.items() if own]


def themes(trained: Trained, each: Each = lambda step: None) -> list[dict]:
    """Leave out one theme at a time, but for those that are a whole history; see :func:`families`."""
    read = _read(trained)
    groups: dict[str, frozenset[str]] = {}
    for own in read.values():
        for name in sorted(own):
            theme = trained.portfolio.columns[name].theme
            groups[theme] = groups.get(theme, frozenset()) | {name}
    wanted = {theme: own for theme, own in groups.items() if own not in read.values()}
    return [_without(trained, name, own, each) for name, own in wanted.items()]


def _read(trained: Trained) -> dict[str, frozenset[str]]:
    """Return the inputs of each stage that the trained model has."""
    return {stage.family: frozenset(stage.inputs) for stage in trained.stages}


def _without(trained: Trained, name: str, own: frozenset[str], each: Each) -> dict:
    data, like = trained.data, trained.training.result
    left = keep(data, frozenset(data.inputs) - own)
    found, _ = refit(trained, parts_of(left, like), f"without {name}", each, rounds=like.rounds)
    rows = concerned(data, own)
    told = paired(trained, said(found, data.outcome), said(like, data.outcome), rows)
    return {"name": name, "inputs": len(own), "rows": len(rows)} | told


def protected(trained: Trained, each: Each = lambda step: None) -> list[dict]:
    """Let in one protected column at a time: what it would bring. Keys as in :func:`families`."""
    like, outcome, told = trained.training.result, trained.data.outcome, []
    for name in _protected(trained):
        wider = with_protected(trained.portfolio, {name})
        data = build(wider, trained.population, Encoding.learn(trained.population.frame, wider.inputs))
        found, _ = refit(trained, parts_of(data, like), f"with {name}", each, rounds=like.rounds)
        gained = paired(trained, said(like, outcome), said(found, outcome))
        told.append({"name": name, "inputs": 1, "rows": len(outcome)} | gained)
    return told


def _protected(trained: Trained) -> list[str]:
    columns = trained.portfolio.columns.values()
    return [c.name for c in columns if c.role == "protected" and c.name in trained.population.frame.columns]
