"""How often the files of a case turned out positive: what a value is told beside, where a portfolio asks so.

Counted on the population that lies beside the model. Of a case with fewer files than may be told,
nothing is said.
"""

from collections.abc import Mapping

import numpy as np

from data import portfolios
from model.artifact import Model
from model.crowd import Crowd, crowd
from model.disclosure import LEAST
from model.results import Assessment

Rates = tuple[float, Mapping[str, float]]


def rates(model: Model, found: Assessment) -> Rates | None:
    """Return the share of positives in all, and by input among files with the same choice or month.

    Only of the inputs that the reasons of the file tell.

    None where the portfolio tells its reasons beside files just above the mark (the usual way).
    """
    portfolio = portfolios.load(found.portfolio)
    if portfolio.settings.get("reasons", {}).get("reference") != "rate":
        return None
    held = crowd(model)
    told = [
        reason.feature
        for reason in found.reasons
        if portfolio.columns[reason.feature].is_one_of_few and reason.feature in held.place
    ]
    shares = {name: _share(held, name, found.features.get(name)) for name in told}
    known = {name: share for name, share in shares.items() if share is not None}
    return float(held.positive.mean()), known


def _share(held: Crowd, name: str, value: float | str | None) -> float | None:
    own = held.own({name: value})[held.place[name]]
    if np.isnan(own):
        return None
    same = held.column(name) == own
    return float(held.positive[same].mean()) if np.count_nonzero(same) >= LEAST else None
