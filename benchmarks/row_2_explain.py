"""Row 2: explain one client, exactly. The model of row 1, and the model that the demo trains."""

import numpy as np
import shap

from benchmarks.made_up import classifier, clients
from benchmarks.measure import Line, interleaved, median
from data.bank import open_bank
from model.assess import assess
from model.calibration import Calibration
from model.explain import contributions
from model.scale import Scale
from model.stages import BASE_FAMILY, Stage

PORTFOLIO, CHECKED = "home_credit", 200
WHAT = "explain one client (1,000 trees, 200 features)"


def measure() -> list[Line]:
    """Return the lines of row 2."""
    frame, matrix, outcome = clients()
    booster = classifier().fit(frame, outcome).booster_
    stage = Stage(BASE_FAMILY, tuple(frame.columns), np.arange(frame.shape[1]), booster)
    # Points that are log-odds: what is compared is then the very same quantity.
    as_is = Calibration(1.0, 0.0), Scale(0.0, 1.0, float(np.log(2)), 1)
    explainer, one, row = shap.TreeExplainer(booster), frame.iloc[[0]], matrix[[0]]
    taken = interleaved(
        {
            "ours": lambda: contributions([stage], *as_is, row),
            "warm": lambda: explainer(one),
            "anew": lambda: shap.TreeExplainer(booster)(one),
            "floor": lambda: booster.predict(row, pred_contrib=True, num_threads=1),
        },
        rounds=60,
        seconds=60,
    )
    ms = {name: median(values) for name, values in taken.items()}
    mine, _ = contributions([stage], *as_is, matrix[:CHECKED])
    gap = float(np.abs(mine[:, :-1] - explainer.shap_values(frame[:CHECKED])).max())
    return [
        Line("2", WHAT, "ms", ms["ours"], ms["warm"], "shap.TreeExplainer, warm", 1.8),
        Line("2", WHAT, "ms", ms["ours"], ms["anew"], "shap.TreeExplainer, made anew", 75),
        Line("2", WHAT, "ms", ms["ours"], ms["floor"], "LightGBM alone, the floor"),
        Line("2", f"largest difference, {CHECKED} with categories and NaN", "", gap, None, "shap", at_most=0),
        Line("2", f"additivity, worst of {CHECKED} demo clients", "points", _additivity(), at_most=1e-6),
    ]


def _additivity() -> float:
    """Return the most by which average and contributions miss a client's points."""
    ids, total = open_bank(PORTFOLIO).search("", limit=100_000)
    worst = 0.0
    for client_id in ids[:: max(total // CHECKED, 1)][:CHECKED]:
        found = assess(PORTFOLIO, client_id)
        summed = found.base_points + sum(part.points for part in found.contributions)
        worst = max(worst, abs(summed - found.points))
    return worst
