import json

import numpy as np
import pytest

from model.bins import MISSING, Bins, learn
from model.disclosure import LEAST
from tests.model.people import column


def told(kind="number", unit="", values=(), categories=()):
    return learn(column("x", kind, unit), np.asarray(values, dtype=float), categories)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


class TestNumbers:
    def test_fall_between_round_edges(self, rng):
        bins, _ = told("amount", "currency", rng.lognormal(12, 0.5, 5_000))
        steps = np.diff(bins.edges)
        assert len(set(np.round(steps))) == 1
        assert f"{steps[0]:.0e}"[0] in "125"

    def test_days_fall_between_years_or_months(self, rng):
        bins, _ = told("days", "days_ago", -rng.integers(1, 15_000, 5_000))
        assert np.diff(bins.edges)[0] % 30.4375 == pytest.approx(0, abs=0.01)

    def test_never_tell_the_least_nor_the_greatest(self, rng):
        values = rng.normal(size=5_000)
        bins, _ = told(values=values)
        assert bins.bounds(0, len(bins.steps) - 1) == (None, None)
        assert min(values) < bins.edges[0]
        assert bins.edges[-1] < max(values)

    def test_one_value_gets_the_bin_of_the_population(self, rng):
        values = np.round(rng.normal(size=2_000), 2)
        bins, codes = told(values=values)
        assert [bins.of(float(v)) for v in values[:300]] == codes[:300].tolist()

    def test_each_step_holds_a_fair_share(self, rng):
        bins, codes = told(values=rng.exponential(size=10_000))
        counts = np.add.reduceat(np.bincount(codes, minlength=bins.size), bins.steps)
        assert counts.min() >= 400

    def test_few_values_are_kept_apart_while_thirty_share_each(self):
        values = np.repeat([0, 1, 2, 3, 9], [500, 200, 40, 3, 1])
        bins, _ = told(values=values)
        assert bins.ends == ((0.0, 0.0), (1.0, 1.0), (2.0, None))

    def test_where_nearly_all_are_the_same_the_others_make_a_step(self, rng):
        values = np.concatenate([np.zeros(9_900), rng.uniform(1, 100, 100)])
        bins, _ = told(values=values)
        assert len(bins.steps) > 1

    def test_whole_numbers_end_below_the_next_step(self, rng):
        bins, _ = told(values=rng.integers(0, 60, 5_000))
        low, high = bins.bounds(1, 1)
        assert high == bins.bounds(2, 2)[0] - 1
        assert low <= high

    @pytest.mark.parametrize("values", [[], [np.nan] * 50, [3.0], [3.0] * 100, [np.inf] * 3])
    def test_nothing_to_group_is_one_bin(self, values):
        bins, codes = told(values=values)
        assert bins.size == 1
        assert bins.steps == (0,)
        assert len(codes) == len(values)


class TestCategories:
    def test_the_commonest_comes_first(self):
        bins, _ = told("category", values=np.repeat([0, 1, 2], [40, 90, 60]), categories="abc")
        assert bins.values == (("b",), ("c",), ("a",))

    def test_rare_ones_are_merged_until_thirty(self):
        values = np.repeat([0, 1, 2, 3], [500, 100, 5, 2])
        bins, codes = told("category", values=values, categories="abcd")
        assert bins.values == (("a",), ("b", "c", "d"))
        assert np.bincount(codes).min() >= LEAST

    def test_one_never_seen_is_as_good_as_missing(self):
        bins, _ = told("category", values=np.repeat([0, 1], [50, 50]), categories="ab")
        assert bins.of("z") == bins.of(None) == bins.of(float("nan")) == MISSING

    def test_a_flag_of_numbers_is_two_categories(self):
        bins, _ = told("flag", values=np.repeat([0, 1, np.nan], [60, 40, 30]))
        assert bins.values == ((0.0,), (1.0,))
        assert bins.missing

    def test_few_missing_values_are_not_offered(self):
        bins, codes = told("flag", values=np.repeat([0, 1, np.nan], [60, 40, 29]))
        assert not bins.missing
        assert (codes == MISSING).sum() == 29


def test_bins_come_back_from_json(rng):
    for values, kind in ((rng.normal(size=500), "ratio"), (rng.integers(0, 3, 500), "flag")):
        bins, _ = told(kind, values=values)
        assert Bins.from_json(json.loads(json.dumps(bins.to_json()))) == bins
