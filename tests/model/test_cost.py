import numpy as np
import pytest

from model import cost
from model.calibration import probability
from model.cost import Costs
from model.scale import Scale
from model.threshold import choose_threshold

COSTS = Costs(false_negative=10, false_positive=1)
SCALE = Scale(600, 10, 20, -1)


@pytest.fixture
def calibrated():
    """Probabilities that are true by construction, with outcomes drawn from them."""
    generator = np.random.default_rng(0)
    p = probability(generator.normal(-2.8, 1.0, 40_000))
    return p, (generator.random(len(p)) < p).astype(float)


def test_ten_to_one_puts_the_threshold_at_one_eleventh():
    assert COSTS.theoretical_threshold == pytest.approx(1 / 11)


def test_accepting_everyone_costs_ten_per_default():
    outcome = np.array([1.0, 0, 0, 0])
    assert cost.per_file(np.zeros(4), outcome, 0.5, COSTS) == 2.5


def test_refusing_everyone_costs_one_per_good_client():
    outcome = np.array([1.0, 0, 0, 0])
    assert cost.per_file(np.ones(4), outcome, 0.5, COSTS) == 0.75


def test_the_curve_agrees_with_counting_each_threshold(calibrated):
    p, outcome = calibrated
    thresholds = np.array([0.02, 1 / 11, 0.3])
    counted = [cost.per_file(p, outcome, threshold, COSTS) for threshold in thresholds]
    assert cost.curve(p, outcome, thresholds, COSTS) == pytest.approx(counted)


def test_the_four_cells_hold_a_thousand_files(calibrated):
    assert sum(cost.confusion(*calibrated, 1 / 11).values()) == pytest.approx(1000)


class TestChoice:
    def test_calibrated_probabilities_keep_the_theoretical_threshold(self, calibrated):
        p, outcome = calibrated
        chosen = choose_threshold(p, outcome, np.arange(len(p)) % 5, COSTS, SCALE)
        assert chosen["in_force"] == COSTS.theoretical_threshold

    def test_badly_calibrated_ones_take_the_tuned_threshold(self, calibrated):
        p, outcome = calibrated
        halved = p / 2.5
        chosen = choose_threshold(halved, outcome, np.arange(len(p)) % 5, COSTS, SCALE)
        assert chosen["in_force"] == pytest.approx(chosen["tuned"], rel=0.03)
        assert chosen["in_force"] < COSTS.theoretical_threshold
        assert SCALE.at_probability(chosen["in_force"]) == pytest.approx(
            round(SCALE.at_probability(chosen["tuned"]))
        )
        assert chosen["gain"] > chosen["gain_margin"]
