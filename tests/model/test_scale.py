import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.scale import Scale, expit

CREDIT = Scale(anchor_points=600, anchor_odds=10, points_to_double=20, sign=-1)
PROSPECTS = Scale(anchor_points=600, anchor_odds=1, points_to_double=20, sign=1)


class TestCredit:
    def test_600_points_are_odds_of_ten_to_one_of_repaying(self):
        assert CREDIT.probability(600) == pytest.approx(1 / 11)

    def test_twenty_points_more_double_the_odds(self):
        odds = [(1 - p) / p for p in (CREDIT.probability(620), CREDIT.probability(640))]
        assert odds == pytest.approx([20, 40])

    def test_the_mark_of_one_in_eleven_is_600(self):
        assert CREDIT.at_probability(1 / 11) == pytest.approx(600)


class TestGoodNews:
    def test_points_rise_with_the_positive_class(self):
        assert PROSPECTS.points(1.0) > PROSPECTS.points(0.0) == 600


@given(st.floats(-30, 30))
def test_points_and_log_odds_are_two_names_of_one_thing(log_odds):
    assert CREDIT.log_odds(CREDIT.points(log_odds)) == pytest.approx(log_odds, abs=1e-9)


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_a_contribution_is_worth_the_same_points_wherever_it_stands(start, step):
    assert CREDIT.points(start + step) - CREDIT.points(start) == pytest.approx(CREDIT.factor * step, abs=1e-9)


@given(st.floats(-800, 800))
def test_probabilities_never_overflow(log_odds):
    assert 0 <= expit(log_odds) <= 1


def test_probability_undoes_log_odds():
    assert expit(math.log(0.2 / 0.8)) == pytest.approx(0.2)
