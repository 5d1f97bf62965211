import json

import pytest
from tests_support import own_store

from data import bank, demo, load, portfolios
from model import artifact
from model.artifact import champion
from model.assess import assess
from model.recipe import Overrides, Recipe
from model.train import NotEnoughData, remarks, train

PORTFOLIO = "home_credit"
# Few trees: these tests are about what is kept and what repeats, not about good models.
QUICK = Recipe({"application": Overrides({"learning_rate": 0.1})})


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A store with a bank of 1,500 clients and two models trained with one seed."""
    tables, folder = tmp_path_factory.mktemp("tables"), tmp_path_factory.mktemp("store")
    demo.generate(PORTFOLIO, tables, clients=1_500, seed=3)
    with own_store(folder):
        load.load_folder(portfolios.load(PORTFOLIO), tables, bank.bank_path(PORTFOLIO), synthetic=True)
        for _ in range(2):
            train(PORTFOLIO, seed=5, recipe=QUICK)
    return folder


def cards(folder):
    with own_store(folder):
        return [
            artifact.load(artifact.models_folder(PORTFOLIO) / v).card for v in artifact.versions(PORTFOLIO)
        ]


class TestRepetition:
    def test_the_same_seed_and_data_give_the_same_model(self, small):
        first, second = cards(small)
        assert first["hashes"] == second["hashes"]
        assert first["metrics"] == second["metrics"]

    def test_the_first_goes_into_service_and_the_other_waits(self, small):
        with own_store(small):
            assert artifact.champion_version(PORTFOLIO) == "1"
            assert artifact.versions(PORTFOLIO) == ["1", "2"]


class TestTheCard:
    def test_no_protected_column_is_an_input(self, store):
        card = champion(PORTFOLIO).card
        protected = {c.name for c in portfolios.load(PORTFOLIO).columns.values() if c.role == "protected"}
        assert protected
        assert set(card["excluded"]) == protected
        assert not protected & set(card["inputs"])

    def test_every_metric_has_an_interval_around_it(self, store):
        for name, found in champion(PORTFOLIO).card["metrics"].items():
            if name != "calibration_slope":
                assert found["low"] <= found["value"] <= found["high"], name

    def test_the_mark_stands_at_600_points(self, store):
        model = champion(PORTFOLIO)
        if model.card["threshold"]["in_force"] == model.card["threshold"]["theoretical"]:
            assert model.pass_mark == pytest.approx(600)

    def test_the_external_scores_told_together_weigh_most(self, store):
        model, columns = champion(PORTFOLIO), portfolios.load(PORTFOLIO).columns
        weights = json.loads((model.folder / "global.json").read_text())["mean_absolute_points"]
        told: dict[str, float] = {}
        for name, weight in weights.items():
            told[columns[name].told_by] = told.get(columns[name].told_by, 0) + weight
        assert max(told, key=told.get) == "EXT_MEAN"


@pytest.mark.parametrize("score", ["EXT_SOURCE_2", "EXT_SOURCE_3"])
def test_a_high_external_score_gives_more_points_than_a_low_one(store, clients, score):
    for client_id in clients[:15]:
        low, high = (assess(PORTFOLIO, client_id, {score: value}).points for value in (0.05, 0.85))
        assert high > low


class TestTooLittle:
    def test_a_bank_with_few_defaults_is_refused_with_the_count(self, tmp_path):
        tables = tmp_path / "tables"
        tables.mkdir()
        demo.generate(PORTFOLIO, tables, clients=120, seed=1)
        with own_store(tmp_path):
            load.load_folder(portfolios.load(PORTFOLIO), tables, bank.bank_path(PORTFOLIO), synthetic=True)
            with pytest.raises(NotEnoughData, match="120 labelled rows with"):
                train(PORTFOLIO)
            assert artifact.versions(PORTFOLIO) == []


class TestRemarks:
    @staticmethod
    def card(auc: float, synthetic: bool = False, slope: float = 1.0, flagged: float = 0.28) -> dict:
        values = {"auc": auc, "calibration_slope": slope, "refused_share": flagged}
        metrics = {name: {"value": value} for name, value in values.items()}
        return {"metrics": metrics, "data": {"synthetic": synthetic}}

    def test_a_score_too_good_for_real_rows_asks_to_look_for_a_leak(self):
        (remark,) = remarks(self.card(0.83), 0.82)
        assert "leak" in remark

    def test_an_honest_one_needs_none(self):
        assert remarks(self.card(0.755)) == []
        assert remarks(self.card(0.83, synthetic=True), 0.82) == []

    @pytest.mark.parametrize("odd", [{"slope": 0.7}, {"flagged": 0.99}, {"flagged": 0.0}])
    def test_scores_too_sure_or_shares_too_odd_are_remarked(self, odd):
        assert len(remarks(self.card(0.755, **odd))) == 1
