"""A small trained model that the lab can take apart, without a bank."""

import numpy as np

from data import portfolios
from model import calibration, validation
from model.account import Training
from model.calibration import probability
from model.cost import Costs
from model.fitting import fit
from model.recipe import Overrides, Recipe
from model.scale import Scale
from model.table import Table
from model.threshold import choose_threshold
from model.trained import Trained

# Few trees: these tests are about what is done with models, not about good ones.
QUICK = Recipe({family: Overrides({"learning_rate": 0.3}) for family in ("application", "history")})


def table(rows: int = 1_500, seed: int = 0) -> Table:
    """Outcomes driven by ``a``, less by ``b`` and, for those covered, by ``c``; ``d`` and ``e`` are noise."""
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(rows, 5))
    covered = generator.random(rows) < 0.7
    matrix[~covered, 2:4] = np.nan
    pull = 1.2 * matrix[:, 0] + 0.5 * matrix[:, 1] + np.where(covered, np.nan_to_num(matrix[:, 2]), 0) - 1.2
    outcome = (generator.random(rows) < 1 / (1 + np.exp(-pull))).astype(float)
    families = {"application": ("a", "b", "e"), "history": ("c", "d")}
    return Table(matrix, outcome, {"history": covered}, families, tuple("abcde"), frozenset(), {"a": 1})


def trained(data: Table, seed: int = 3) -> Trained:
    """Train on ``data`` as :func:`model.train.train` does, with the settings of the first portfolio."""
    portfolio = portfolios.load("home_credit")
    costs, scale = Costs(**portfolio.settings["costs"]), Scale.of(portfolio.settings)
    result = validation.cross_validate(data, seed=seed, threads=1, recipe=QUICK)
    said = validation.calibrated_apart(result, data.outcome)
    threshold = choose_threshold(probability(said), data.outcome, result.fold, costs, scale)
    fitted = calibration.fit(result.raw, data.outcome)
    training = Training(result, fitted, said, threshold, costs, scale)
    rounds = validation.agreed_rounds(result.rounds)
    stages, _ = fit(data, seed=seed, threads=1, rounds=rounds, recipe=QUICK)
    card = {"threshold": threshold, "grey_zone": 10}
    return Trained(portfolio, None, data, None, training, tuple(stages), card, seed, 1, QUICK)
