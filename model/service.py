"""The model that may speak: the one in service, unless a manager stopped its portfolio.

Every assessment comes through here, so that a stop hides the points everywhere at once.
"""

import logging
import time

from config import settings
from data.ledger import stops
from data.ledger.errors import LedgerUnavailable
from data.ledger.stops import Stop
from model.artifact import Model, ModelMissing, champion

REMEMBERED = 2.0  # seconds for which a worker may not have heard of a stop made in another
log = logging.getLogger(__name__)

_known: dict[tuple[object, str], tuple[float, Stop | None]] = {}


class ModelStopped(ModelMissing):
    """A manager stopped the model of this portfolio: files are assessed by people only."""

    def __init__(self, stop: Stop):
        self.stop = stop
        super().__init__(f"the model of {stop.portfolio!r} was stopped; files are assessed by people only")


def speaking(portfolio_id: str) -> Model:
    """Return the model in service.

    Raises
    ------
    ModelMissing
        When there is none.
    ModelStopped
        When a manager stopped it.
    """
    model = champion(portfolio_id)
    stop = stopped(portfolio_id)
    if stop is not None:
        raise ModelStopped(stop)
    return model


def stopped(portfolio_id: str) -> Stop | None:
    """Return the stop in force as last known; a ledger that is silent neither stops nor resumes."""
    place = (settings().store_dir, portfolio_id)
    told_at, stop = _known.get(place, (-REMEMBERED, None))
    if time.monotonic() - told_at < REMEMBERED and place in _known:
        return stop
    try:
        stop = stops.stopped(portfolio_id)
    except LedgerUnavailable as error:
        log.warning("the ledger does not say whether %s is stopped: %s", portfolio_id, type(error).__name__)
    _known[place] = (time.monotonic(), stop)
    return stop


def forget() -> None:
    """Ask the ledger again the next time: something has just changed."""
    _known.clear()
