"""Rows set aside only judge, and no fold parts rows that belong together."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_support import own_store

from data import portfolios
from data.bank import open_bank
from model import split
from model.campaign import FILE
from model.crowd import crowd
from model.fitting import slices
from model.segments import FILE as SEGMENTS
from model.train import NotEnoughData, learnable, set_aside
from tests.model.prospects_support import ENOUGH, PORTFOLIO, make_bank, outcomes_dealt_again, trained_in


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    return make_bank(tmp_path_factory.mktemp("bank"), tmp_path_factory.mktemp("tables"), clients=1_500)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The same training, and one where the outcomes of the rows set aside were dealt again."""
    bank = make_bank(tmp_path_factory.mktemp("more"), tmp_path_factory.mktemp("rows"))
    first = trained_in(tmp_path_factory.mktemp("plain"), bank)
    with outcomes_dealt_again(seed=9):
        return first, trained_in(tmp_path_factory.mktemp("dealt"), bank)


@pytest.fixture(scope="module")
def frame(bank):
    with own_store(bank):
        return open_bank(PORTFOLIO).frame()


@pytest.fixture(scope="module")
def portfolio():
    return portfolios.load(PORTFOLIO)


def with_split(portfolio, **told):
    return replace(portfolio, settings=portfolio.settings | {"split": told})


class TestRowsSetAside:
    def test_are_those_of_the_values_told_and_no_others(self, portfolio, frame):
        aside = split.aside(portfolio, frame)
        years = frame[portfolio.settings["split"]["column"]].to_list()
        assert aside.tolist() == [year in portfolio.settings["split"]["test"] for year in years]
        assert 0 < aside.sum() < len(aside)

    def test_are_never_among_those_learnt_from(self, portfolio, frame):
        learnt, judging = learnable(portfolio, frame)[0], set_aside(portfolio, frame)
        assert not set(learnt.ids) & set(judging.ids)
        assert len(learnt.ids) + len(judging.ids) == len(frame)
        column = portfolio.settings["split"]["column"]
        assert set(judging.frame[column]) == {2021}
        assert 2021 not in set(learnt.frame[column])

    def test_are_told_by_text_as_well_as_by_numbers(self, portfolio):
        told = with_split(portfolio, column="when", test=["late", 3])
        rows = pl.DataFrame({"when": ["early", "late", None, "3"]})
        assert split.aside(told, rows).tolist() == [False, True, False, True]

    def test_are_none_where_nothing_is_told(self):
        plain = portfolios.load("home_credit")
        assert not split.aside(plain, pl.DataFrame({"a": [1, 2]})).any()
        assert split.groups(plain, pl.DataFrame({"a": [1, 2]})) is None

    def test_are_not_learnt_from_unnoticed_when_the_column_is_not_there(self, portfolio):
        with pytest.raises(split.SplitUnfit, match="give it the role `note`"):
            split.aside(portfolio, pl.DataFrame({"a": [1]}))
        with pytest.raises(split.SplitUnfit, match="group"):
            split.groups(with_split(portfolio, group="nowhere"), pl.DataFrame({"a": [1]}))


class TestFolds:
    @given(
        whose=st.lists(st.tuples(st.integers(0, 60), st.sampled_from([0.0, 1.0])), min_size=5, max_size=200),
        seed=st.integers(0, 2**32),
    )
    def test_part_no_group(self, whose, seed):
        group, outcome = (np.array(values) for values in zip(*whose, strict=True))
        fold = split.dealt(outcome, group, 5, seed)
        assert all(len(set(fold[group == one])) == 1 for one in np.unique(group))
        assert set(fold) <= set(range(5))
        np.testing.assert_array_equal(fold, split.dealt(outcome, group, 5, seed))

    def test_are_those_without_groups_bit_for_bit_where_nobody_comes_twice(self):
        outcome = (np.random.default_rng(0).random(500) < 0.3).astype(float)
        np.testing.assert_array_equal(slices(outcome, 5, 7), slices(outcome, 5, 7, np.arange(500)[::-1]))

    def test_have_nearly_as_many_rows_and_positives_each(self, portfolio, frame):
        _, _, data = learnable(portfolio, frame)
        assert len(np.unique(data.group)) < len(data.group)
        fold = slices(data.outcome, 5, 1, data.group)
        assert max(len(set(fold[data.group == one])) for one in np.unique(data.group)) == 1
        sizes, positives = np.bincount(fold), np.bincount(fold, weights=data.outcome)
        assert np.ptp(sizes) <= 0.02 * sizes.mean()
        assert np.ptp(positives) <= 0.03 * positives.mean()
        assert not np.array_equal(fold, slices(data.outcome, 5, 2, data.group))

    def test_take_rows_without_a_group_for_nobodys(self, portfolio):
        told = with_split(portfolio, group="who")
        group = split.groups(told, pl.DataFrame({"who": ["a", None, "a", None]}))
        assert group[0] == group[2]
        assert len(set(group)) == 3


@pytest.mark.slow
class TestOutcomesSetAside:
    def test_change_not_a_byte_of_any_file_but_those_that_tell_of_them(self, both):
        first, second = (model.card["hashes"] for model in both)
        assert first.keys() == second.keys()
        assert any(name.startswith("stage_") for name in first)
        judged = {FILE, SEGMENTS, "offers.json"}
        assert {name for name in first if first[name] != second[name]} <= judged
        assert first[FILE] != second[FILE]

    def test_change_no_threshold_calibration_reference_or_metric(self, both):
        first, second = (model.card for model in both)
        for name in ("threshold", "calibration", "metrics", "reference", "ranges", "base_points", "segments"):
            assert first[name] == second[name], name
        assert first["test"]["metrics"]["auc"] != second["test"]["metrics"]["auc"]

    def test_of_rows_dealt_again_cannot_be_ranked(self, both):
        plain, dealt = (model.card["test"]["metrics"]["auc"] for model in both)
        assert plain["low"] > 0.6
        assert dealt["low"] <= 0.5 <= dealt["high"]

    def test_leave_the_population_to_rows_learnt_from(self, both):
        card = both[0].card
        assert crowd(both[0]).size == card["data"]["rows"] == ENOUGH - card["test"]["rows"]


def test_nothing_but_rows_set_aside_is_refused_with_how_many_there_are(portfolio, frame):
    only = frame.filter(split.aside(portfolio, frame))
    with pytest.raises(NotEnoughData, match=rf"0 labelled rows .*sets {len(only)} others aside"):
        learnable(portfolio, only)
