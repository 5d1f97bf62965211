"""The threshold that decides: the one managers approved for a model, else the one it was trained with.

What follows from the threshold is counted anew at the approved one, from the counts by whole
point that training wrote. What cannot be (groups on Fairness, folds, the files "just accepted"
that reasons compare with) stays at the threshold of training, and the pages say so.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from threading import Lock

from config import settings
from data.ledger import approvals, store
from data.ledger.approvals import Approved
from data.ledger.errors import LedgerUnavailable
from model.artifact import Model
from model.desk import Desk
from model.measures import measures

REMEMBERED = 2.0  # seconds for which a worker may not have heard of an approval made in another
SILENT = 10.0  # seconds before a ledger that did not answer is asked again
log = logging.getLogger(__name__)

_known: dict[tuple[str, str, str], tuple[float, Approved | None]] = {}
_models: dict[str, Model] = {}
_asking = Lock()


def follow(model: Model) -> Model:
    """Return the model at the threshold approved for it, itself when none was.

    Raises
    ------
    ModelDamaged
        When the artifact lacks the counts by whole point.
    """
    found = approved(model)
    if found is None:
        return model
    portfolio = model.card["portfolio"]
    known = _models.get(portfolio)
    if known is None or known.approved != found or known.stages is not model.stages:
        known = _models[portfolio] = replace(model, card=at(model, found.threshold), approved=found)
    return known


def approved(model: Model) -> Approved | None:
    """Return the approval in force as last known, None when there is none or nobody can tell."""
    place = str(model.folder), settings().database_url.get_secret_value(), model.version
    with _asking:
        until, found = _known.get(place, (0.0, None))
        if time.monotonic() < until:
            return found
        # The others go on with what is known while this one asks, however long the ledger takes.
        _known[place] = time.monotonic() + SILENT, found
    try:
        found = approvals.in_force(model.card["portfolio"], model.version) if store.is_there() else None
        wait = REMEMBERED
    except LedgerUnavailable as error:
        log.warning("the ledger does not tell the threshold in force: %s", type(error).__name__)
        wait = SILENT
    _known[place] = time.monotonic() + wait, found
    return found


def forget() -> None:
    """Ask the ledger again the next time: something has just been approved."""
    _known.clear()


def at(model: Model, threshold: float) -> Mapping:
    """Return the card of a model with what depends on the threshold counted at another one."""
    card, mark = model.card, round(model.scale.at_probability(threshold))
    desk = Desk(measures(model, "curves.json")["counts"], model.scale, mark)
    cells = desk.cells(mark)
    return {
        **card,
        "threshold": {**card["threshold"], "in_force": threshold, "trained": card["threshold"]["in_force"]},
        "metrics": {**card["metrics"], **desk.figures(mark, model.costs)},
        "per_1000": {name: getattr(cells, name) for name in card["per_1000"]},
    }
