import numpy as np
import pytest

from model import calibration


@pytest.fixture
def outcomes():
    generator = np.random.default_rng(1)
    log_odds = generator.normal(-2, 1.2, 60_000)
    return log_odds, (generator.random(len(log_odds)) < calibration.probability(log_odds)).astype(float)


def test_scores_that_are_right_are_left_alone(outcomes):
    log_odds, outcome = outcomes
    fitted = calibration.fit(log_odds, outcome)
    assert fitted.slope == pytest.approx(1, abs=0.03)
    assert fitted.intercept == pytest.approx(0, abs=0.06)


def test_a_known_distortion_is_undone(outcomes):
    log_odds, outcome = outcomes
    fitted = calibration.fit(2 * log_odds + 1, outcome)
    assert fitted.slope == pytest.approx(0.5, abs=0.02)
    assert fitted.apply(2 * log_odds + 1) == pytest.approx(log_odds, abs=0.2)


def test_one_outcome_alone_cannot_be_calibrated():
    with pytest.raises(ValueError, match="only one is present"):
        calibration.fit(np.array([0.1, 0.2]), np.array([1.0, 1.0]))


def test_the_bins_say_what_was_said_and_what_came(outcomes):
    log_odds, outcome = outcomes
    bins = calibration.reliability(calibration.probability(log_odds), outcome)
    assert [b["rows"] for b in bins] == [6000] * 10
    assert all(abs(b["predicted"] - b["observed"]) < 0.02 for b in bins)
    assert [b["predicted"] for b in bins] == sorted(b["predicted"] for b in bins)


def test_scores_that_are_far_too_sure_are_put_right_too():
    rng = np.random.default_rng(0)
    truth = rng.normal(size=900) - 2
    outcome = (rng.random(900) < calibration.probability(truth)).astype(float)
    raw = 6 * truth + 9 + rng.normal(scale=6, size=900)
    p = calibration.probability(calibration.fit(raw, outcome).apply(raw))
    assert p.mean() == pytest.approx(outcome.mean(), abs=1e-6)
