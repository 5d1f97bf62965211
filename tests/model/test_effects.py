"""What is said of all files: cells, partners, spreads, and the sign they share with one file."""

import json
from dataclasses import replace

import numpy as np
import pytest

from data import portfolios
from data.bank import open_bank
from model import artifact, effects, partners
from model import globals as population
from model.artifact import ModelDamaged, champion
from model.cells import Input
from model.evidence import LEAST, explain_sample
from model.explain import contributions
from model.matrix import Encoding
from model.population import prepare
from model.table import build

PORTFOLIO = "home_credit"


@pytest.fixture(scope="module")
def portfolio():
    return portfolios.load(PORTFOLIO)


@pytest.fixture(scope="module")
def model(store):
    return champion(PORTFOLIO)


@pytest.fixture(scope="module")
def data(store, portfolio, model):
    everyone = prepare(portfolio, open_bank(PORTFOLIO).frame())
    labelled = everyone.take(np.flatnonzero(~np.isnan(everyone.outcome)))
    return build(portfolio, labelled, model.encoding)


def described(portfolio, data, model):
    explained = explain_sample(model.stages, model.calibration, model.scale, data, 1)
    return explained, effects.describe(portfolio, data, model.encoding, explained)


@pytest.fixture(scope="module")
def both(portfolio, data, model):
    return described(portfolio, data, model)


@pytest.fixture(scope="module")
def explained(both):
    return both[0]


@pytest.fixture(scope="module")
def told(both):
    return both[1]


def made_up(values, points, kind="number", categories=(), name="X"):
    return Input(name, kind, np.array(values, float), np.array(points, float), tuple(categories))


class TestCells:
    def test_a_curve_has_cells_of_equal_shares_and_its_middle_inside_its_band(self):
        rng = np.random.default_rng(3)
        values = rng.normal(size=3_000)
        found = made_up(values, 2 * values + rng.normal(size=3_000))
        told = effects.effect(found)
        assert told["shape"] == "curve"
        cells = told["cells"]
        assert sum(cells["rows"]) == 3_000
        assert max(cells["rows"]) < 2 * min(cells["rows"])
        assert cells["at"] == sorted(cells["at"])
        assert cells["middle"] == sorted(cells["middle"])
        for low, middle, high in zip(cells["low"], cells["middle"], cells["high"], strict=True):
            assert low <= middle <= high

    def test_a_value_that_many_share_has_a_cell_of_its_own(self):
        values = np.concatenate([np.zeros(1_500), np.linspace(0.01, 5, 1_500)])
        cells = effects.effect(made_up(values, np.where(values == 0, 3.0, -1.0)))["cells"]
        assert (cells["at"][0], cells["rows"][0], cells["middle"][0]) == (0.0, 1_500, 3.0)

    def test_cells_of_fewer_than_thirty_files_are_left_out(self):
        values = [0] * 100 + [1] * (LEAST - 1) + [2] * LEAST
        cells = effects.effect(made_up(values, values))["cells"]
        assert cells["at"] == [0.0, 2.0]

    def test_categories_keep_their_names_and_rare_ones_are_left_out(self):
        values = [0] * 50 + [1] * 40 + [2] * 3
        told = effects.effect(made_up(values, values, "category", ("blue", "green", "red")))
        assert told["shape"] == "values"
        assert told["cells"]["at"] == ["blue", "green"]

    def test_what_is_not_provided_is_told_apart(self):
        values = [np.nan] * 40 + list(range(200))
        told = effects.effect(made_up(values, [-2.0] * 40 + [1.0] * 200))
        assert told["missing"] == [-2.0, -2.0, -2.0, 40]
        assert sum(told["cells"]["rows"]) == 200

    @pytest.mark.parametrize("values", [[np.nan] * 100, [], [1.0] * (LEAST - 1)])
    def test_an_input_that_too_few_files_have_has_no_shape(self, values):
        told = effects.effect(made_up(values, [0.5] * len(values)))
        assert told["shape"] == "none"
        assert told["cells"]["at"] == []

    def test_a_constant_is_one_cell(self):
        assert effects.effect(made_up([4.0] * 100, [0.0] * 100))["cells"]["at"] == [4.0]


class TestPartners:
    @pytest.fixture
    def two(self):
        """Points that go with the product of two inputs, and a third that has nothing to do with it."""
        rng = np.random.default_rng(5)
        first, second, third = rng.normal(size=(3, 4_000))
        return np.column_stack([first, second, third]), first * np.sign(second)

    def given(self, matrix, points):
        names = ("EXT_SOURCE_1", "AMT_CREDIT", "OWN_CAR_AGE")
        moved = (points, np.zeros(len(points)), np.zeros(len(points)))
        return [made_up(v, p, name=n) for v, p, n in zip(matrix.T, moved, names, strict=True)]

    def test_the_one_that_changes_the_effect_is_found_though_its_mean_is_nought(self, portfolio, two):
        matrix, points = two
        covered = np.ones(matrix.shape, dtype=bool)
        (found,) = partners.partners(portfolio, self.given(matrix, points), covered, matrix)
        assert (found.index, found.partner) == (0, 1)
        assert found.share > 0.5

    def test_the_two_trends_part_on_either_side_of_it(self, two):
        matrix, points = two
        first, second, _ = self.given(matrix, points)
        crossed = partners.crossing(first, second)
        assert crossed["upto"] <= crossed["from"]
        low, high = crossed["sides"]
        assert low["middle"][0] > 0 > low["middle"][-1]
        assert high["middle"][0] < 0 < high["middle"][-1]

    def test_noise_has_no_partner(self, portfolio, two):
        matrix, _ = two
        noise = np.random.default_rng(1).normal(size=len(matrix))
        covered = np.ones(matrix.shape, dtype=bool)
        assert list(partners.partners(portfolio, self.given(matrix, noise), covered, matrix)) == []

    def test_an_input_and_those_of_its_voice_are_no_partners(self, portfolio, told):
        for name, effect in told["effects"].items():
            if "crossed" in effect:
                partner = effect["crossed"]["with"]
                assert portfolio.columns[partner].told_by != portfolio.columns[name].told_by
                assert portfolio.columns[partner].role == "input"

    def test_a_constant_is_no_partner(self):
        moved = made_up(np.arange(100), np.arange(100))
        assert partners.crossing(moved, made_up([1.0] * 100, [0.0] * 100)) is None


class TestTheWhole:
    def test_no_cell_describes_fewer_than_thirty_files(self, told):
        for effect in told["effects"].values():
            assert all(rows >= LEAST for rows in effect["cells"]["rows"])
            assert all(rows == 0 or rows >= LEAST for rows in effect.get("strip", {}).get("rows", []))
            assert effect.get("missing", [LEAST])[-1] >= LEAST
        for steps in told["spread"]["inputs"].values():
            assert all(rows == 0 or rows >= LEAST for counts in steps.values() for rows in counts)

    def test_it_is_compact_and_has_every_input(self, told, model):
        assert set(told["effects"]) == set(model.encoding.inputs)
        assert len(json.dumps(told, separators=(",", ":"))) < 300_000

    def test_the_weight_of_a_theme_is_that_of_its_sum(self, portfolio, data, explained, told):
        themes = [portfolio.columns[name].theme for name in data.inputs]
        for theme, weight in told["themes"].items():
            inside = [index for index, one in enumerate(themes) if one == theme]
            expected = np.abs(explained.parts[:, inside].sum(axis=1)).mean()
            assert weight == pytest.approx(expected, rel=1e-3)
            assert weight <= sum(told["mean_absolute_points"][data.inputs[i]] for i in inside) + 1e-3

    def test_contributions_of_the_sample_keep_the_order_of_its_rows(self, data, model):
        some = data.take(np.arange(200))
        some.covered["bureau"] = np.arange(200) % 2 == 0
        explained = explain_sample(model.stages, model.calibration, model.scale, some, 1)
        for row in (0, 1, 57):
            stages = [s for s in model.stages if s.family != "bureau" or row % 2 == 0]
            alone, _ = contributions(stages, model.calibration, model.scale, some.matrix[[row]])
            assert explained.parts[row] == pytest.approx(alone[0], abs=1e-9)

    def test_the_same_data_give_the_same_figures(self, portfolio, data, model, told):
        assert described(portfolio, data, model)[1] == told

    def test_training_wrote_them(self, model, told):
        assert population.read(model).effects == json.loads(json.dumps(told["effects"]))


@pytest.fixture
def turned(model):
    """The same model, its positive class taken for the good news."""
    scale = model.card["scale"] | {"sign": -model.card["scale"]["sign"]}
    return replace(model, card=model.card | {"scale": scale})


class TestSign:
    """The same class and sign for one file and for all: turn the model round, and both turn."""

    def test_both_turn_with_the_model(self, portfolio, data, explained, told, turned):
        here, (there, back) = explained, described(portfolio, data, turned)
        assert there.parts[:, :-1] == pytest.approx(-here.parts[:, :-1], abs=1e-9)
        for name, effect in told["effects"].items():
            cells, others = effect["cells"], back["effects"][name]["cells"]
            assert cells["at"] == others["at"]
            assert others["middle"] == pytest.approx([-points for points in cells["middle"]], abs=0.011)
            assert others["low"] == pytest.approx([-points for points in cells["high"]], abs=0.011)
        assert back["themes"] == pytest.approx(told["themes"])

    def test_one_file_lies_where_the_figures_of_all_say(self, data, explained, told):
        """A file's own points correlate with the trend at its value, for the inputs that weigh most."""
        heaviest = sorted(told["mean_absolute_points"], key=told["mean_absolute_points"].get)[-5:]
        for name in heaviest:
            index, cells = data.inputs.index(name), told["effects"][name]["cells"]
            values, own = data.matrix[explained.rows, index], explained.parts[:, index]
            known = ~np.isnan(values)
            trend = np.interp(values[known], cells["at"], cells["middle"])
            assert np.corrcoef(trend, own[known])[0, 1] > 0.8


class TestReading:
    def test_it_is_read_once(self, model):
        assert population.read(model) is population.read(model)

    def test_a_model_trained_before_says_to_train_again(self, model, tmp_path, monkeypatch):
        (tmp_path / "global.json").write_text('{"mean_absolute_points": {}}')
        card = model.card | {"hashes": {"global.json": artifact.digest(tmp_path / "global.json")}}
        monkeypatch.setattr(population, "_cache", {})
        with pytest.raises(ModelDamaged, match="train again"):
            population.read(replace(model, folder=tmp_path, card=card))

    def test_a_file_that_was_changed_is_not_believed(self, model, tmp_path, monkeypatch):
        (tmp_path / "global.json").write_text("{}")
        monkeypatch.setattr(population, "_cache", {})
        with pytest.raises(ModelDamaged, match="changed"):
            population.read(replace(model, folder=tmp_path))


def test_categories_of_the_model_are_named_in_its_figures(told, model):
    encoding: Encoding = model.encoding
    for name, values in encoding.categories.items():
        assert set(told["effects"][name]["cells"]["at"]) <= set(values)
