"""Our contributions are those of SHAP's own library, which the web process never loads."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from data import portfolios
from data.bank import Bank, bank_path
from model.artifact import champion
from model.explain import contributions
from model.population import prepare
from model.stages import BASE_FAMILY

PORTFOLIO, CLIENTS = "home_credit", 500

pytestmark = [
    # shap colours its plots as matplotlib is about to stop allowing, and tells of an old change.
    pytest.mark.filterwarnings("ignore:The set_.* function will be deprecated:PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:LightGBM binary classifier with TreeExplainer:UserWarning"),
]


@pytest.fixture(scope="module")
def model(store):
    return champion(PORTFOLIO)


@pytest.fixture(scope="module")
def matrix(model):
    portfolio = portfolios.load(PORTFOLIO)
    frame = Bank(portfolio, bank_path(PORTFOLIO)).frame().head(CLIENTS)
    return model.encoding.encode(prepare(portfolio, frame).frame)


@pytest.fixture(scope="module")
def explained(model, matrix):
    """What shap says of each stage: values of shape (clients, inputs of the stage), and the average."""
    import shap

    found = {}
    for stage in model.stages:
        explainer = shap.TreeExplainer(stage.booster)
        found[stage.family] = explainer.shap_values(matrix[:, stage.positions]), explainer.expected_value
    return found


def test_each_stage_says_what_shap_says(model, matrix, explained):
    assert len(matrix) == CLIENTS
    for stage in model.stages:
        ours, average = stage.contributions(matrix)
        theirs, expected = explained[stage.family]
        assert np.abs(ours[:, stage.positions] - theirs).max() < 1e-9, stage.family
        assert abs(average - expected) < 1e-9, stage.family


def test_the_sum_of_the_stages_in_points_is_the_sum_of_what_shap_says(model, matrix, explained):
    parts, points = contributions(model.stages, model.calibration, model.scale, matrix)
    summed, base = np.zeros(matrix.shape), 0.0
    for stage in model.stages:
        theirs, expected = explained[stage.family]
        summed[:, stage.positions] += theirs
        base += expected
    per_log_odds = model.scale.factor * model.calibration.slope
    assert np.abs(parts[:, :-1] / per_log_odds - summed).max() < 1e-9
    assert (
        np.abs(model.calibration.apply(base + summed.sum(axis=1)) - model.scale.log_odds(points)).max() < 1e-9
    )


def test_shap_counts_by_itself_what_lightgbm_counts(model, matrix, explained):
    """Asked plainly, shap calls LightGBM's code; here its own, which knows no categories, counts again."""
    import shap

    numeric = [stage for stage in model.stages if not set(stage.inputs) & set(model.encoding.categories)]
    assert {stage.family for stage in numeric} == {s.family for s in model.stages} - {BASE_FAMILY}
    for stage in numeric:
        explainer = shap.TreeExplainer(stage.booster)
        explainer.model.model_type = "internal"
        again = explainer.shap_values(matrix[:, stage.positions])
        assert np.abs(again - explained[stage.family][0]).max() < 1e-9, stage.family


class TestTheNotebook:
    PATH = Path(__file__).parents[2] / "notebooks" / "points_and_shap.ipynb"

    @pytest.fixture
    def cells(self):
        return json.loads(self.PATH.read_text(encoding="utf-8"))["cells"]

    def test_is_one_that_jupyter_opens(self):
        notebook = json.loads(self.PATH.read_text(encoding="utf-8"))
        assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
        ids = [cell["id"] for cell in notebook["cells"]]
        assert len(set(ids)) == len(ids)
        for cell in notebook["cells"]:
            assert set(cell) >= {"cell_type", "id", "metadata", "source"}
            assert cell["cell_type"] in ("code", "markdown")

    def test_keeps_nothing_of_what_it_showed(self, cells):
        for cell in cells:
            assert not cell.get("outputs")
            assert cell.get("execution_count") is None

    @pytest.mark.slow
    def test_runs_from_its_own_folder_and_draws_one_file(self, cells, store, monkeypatch):
        monkeypatch.chdir(self.PATH.parent)
        monkeypatch.setattr(sys, "path", list(sys.path))
        space: dict = {"__name__": "__main__"}
        for cell in cells:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), cell["id"], "exec"), space)
        (waterfall,) = space["figure"].data
        assert len(waterfall.x) == len(space["themes"]) + 2
