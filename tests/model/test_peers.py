import numpy as np
import pytest

from model import disclosure
from model.bins import MISSING
from model.crowd import TOP_RANK, leads, tally
from model.crowd import crowd as open_crowd
from model.disclosure import LEAST
from model.likeness import distances, most_similar, nearest
from model.pairs import MOST_ACROSS, MOST_UP, grid
from model.peers import GROUPS, HEIGHT, SIZES, compare
from model.selection import Filter, select
from tests.model.people import NAMES, crowd, features

BAND = (600.0, 610.0)


@pytest.fixture(scope="module")
def found():
    return crowd(3_000, 2)


def compared(found, told, filters=(), size=500):
    return compare(found, told, select(found, filters), BAND, size)


class TestLikeness:
    def gower(self, found, told):
        """Measure every client the plain way: one input after the other."""
        total = np.zeros(found.size)
        for place, one in enumerate(found.near):
            mine = one.rank(told[one.feature], found.bins[one.feature])
            for row, theirs in enumerate(found.ranks[place].tolist()):
                if (mine == 127) != (theirs == 127):
                    total[row] += TOP_RANK
                elif one.is_category:
                    total[row] += TOP_RANK * (mine != theirs)
                elif mine != 127:
                    total[row] += abs(mine - theirs)
        return total

    @pytest.mark.parametrize("row", [0, 5, 17])
    def test_every_client_is_measured_exactly(self, found, row):
        told = features(found, row)
        ranks = np.array([n.rank(told[n.feature], found.bins[n.feature]) for n in found.near])
        assert np.array_equal(distances(found.ranks, ranks, found.near), self.gower(found, told))

    def test_the_nearest_are_found_and_the_file_itself_left_out(self, found):
        told = features(found, 40)
        rows = most_similar(found, told, found.own(told), None, 100)
        plain = self.gower(found, told)
        plain[40] = np.inf
        assert len(set(rows.tolist())) == 100
        assert sorted(plain[rows]) == sorted(plain)[:100]
        assert 40 not in rows

    def test_only_one_of_two_equal_files_is_left_out(self):
        twins = crowd(values=np.tile(np.arange(5.0), (200, 1)))
        told = features(twins, 0)
        assert len(most_similar(twins, told, twins.own(told), None, 199)) == 199

    def test_only_those_kept_are_chosen(self, found):
        kept = found.column("visits") == 2
        told = features(found, 3)
        rows = most_similar(found, told, found.own(told), np.flatnonzero(kept), 100)
        plain = np.where(kept, self.gower(found, told), np.inf)
        plain[3] = np.inf
        assert kept[rows].all()
        assert sorted(plain[rows]) == sorted(plain)[:100]

    def test_equals_are_taken_in_order(self):
        assert nearest(np.array([2, 1, 2, 2, 0], dtype=np.uint16), 3).tolist() == [1, 4, 0]

    def test_more_clients_than_fit_in_the_cache_are_measured_alike(self):
        many = crowd(70_000, 3)
        told = features(many, 69_999)
        ranks = np.array([n.rank(told[n.feature], many.bins[n.feature]) for n in many.near])
        far = distances(many.ranks, ranks, many.near)
        assert far[69_999] == 0
        part = distances(many.ranks[:, 65_000:], ranks, many.near)
        assert np.array_equal(far[65_000:], part)

    def test_four_transforms_of_one_score_count_once(self):
        from data import portfolios

        portfolio = portfolios.load("home_credit")
        inputs = {name: 1.0 for name in portfolio.inputs}
        chosen = leads(portfolio, inputs)
        assert all(portfolio.columns[name].told_by == name for name in chosen)
        assert len(chosen) < len(inputs) / 1.5


class TestGroups:
    def test_are_everyone_the_like_and_the_just_accepted(self, found):
        groups = compared(found, features(found, 1)).groups
        assert [groups[name].size for name in GROUPS[:2]] == [3_000, 500]
        points = found.points[groups["accepted"].rows]
        assert points.min() >= 600
        assert points.max() < 610

    def test_lie_within_the_filter(self, found):
        chain = [Filter("amount", frozenset(range(1, 8)))]
        what = compared(found, features(found, 1), chain)
        for name in GROUPS:
            rows = what.groups[name].rows
            assert set(rows.tolist()) <= set(what.selection.rows.tolist())

    def test_a_hidden_selection_hides_them_all(self, found):
        chain = [
            Filter("amount", frozenset({0})),
            Filter("job", frozenset({3})),
            Filter("visits", frozenset({2})),
        ]
        what = compared(found, features(found, 1), chain)
        for name in GROUPS:
            assert what.outcome(name) is None
            assert what.spread("score", name) is None
        assert what.near("score") is None
        assert grid(what, "amount", "score") is None

    @pytest.mark.parametrize("rows", [60, 129, 131, 300])
    def test_the_like_leave_thirty_others_or_are_hidden(self, rows):
        found = crowd(rows, 6)
        size = compared(found, features(found, 1)).groups["similar"].size
        assert size == 0 or rows - size >= LEAST
        assert (size > 0) == (rows >= SIZES[0] + LEAST)

    def test_too_few_just_accepted_are_hidden(self):
        found = crowd(200, 6)
        assert not compared(found, features(found, 1)).groups["accepted"].shown


class TestStanding:
    def test_shares_are_those_of_the_known_values(self, found):
        for row in range(0, 200, 23):
            told = features(found, row)
            standing = compared(found, told).standing("amount", "all")
            values = found.column("amount")
            assert standing.below == pytest.approx((values < told["amount"]).mean(), abs=0.006)
            assert standing.above == pytest.approx((values > told["amount"]).mean(), abs=0.006)

    def test_shares_of_a_small_group_are_rounded_to_twenty_files(self, found):
        standing = compared(found, features(found, 1), size=100).standing("amount", "similar")
        assert standing.below % 0.2 == pytest.approx(0, abs=1e-9) or standing.below % 0.2 == pytest.approx(
            0.2
        )

    def test_a_missing_value_stands_with_the_others_that_miss_it(self, found):
        told = features(found, 1) | {"score": None}
        standing = compared(found, told).standing("score", "all")
        assert standing.below is None
        assert standing.same == pytest.approx(np.isnan(found.column("score")).mean(), abs=0.006)

    def test_a_constant_stands_nowhere_in_particular(self, found):
        what = compared(found, features(found, 1))
        assert what.standing("same", "all").rarity == 1
        assert what.spread("same", "all").middle is not None

    def test_a_value_beyond_all_others_is_the_rarest(self, found):
        told = features(found, 1) | {"amount": 1e9}
        assert compared(found, told).standing("amount", "all").rarity == 0

    def test_every_input_of_every_client_has_a_place(self, found):
        for row in range(0, 60, 7):
            what = compared(found, features(found, row))
            for name in NAMES:
                for group in GROUPS:
                    assert what.spread(name, group) is not None
                assert len(what.rates(name)) == len(found.bins[name].steps) + 1


class TestSpread:
    def test_bars_are_relative_and_never_vanish(self, found):
        spread = compared(found, features(found, 1)).spread("amount", "all")
        assert max(spread.bars) == HEIGHT
        counts = found.counts("amount")[: found.bins["amount"].size]
        assert all((bar > 0) == (count > 0) for bar, count in zip(spread.bars, counts, strict=True))

    def test_the_middle_is_near_the_median_but_nobodys(self, found):
        middle = compared(found, features(found, 1)).spread("amount", "all").middle
        bins = found.bins["amount"]
        assert middle == pytest.approx(np.median(found.column("amount")), abs=bins.edges[1] - bins.edges[0])
        assert middle not in found.column("amount")

    def test_outcomes_by_step_add_up(self, found):
        what = compared(found, features(found, 1))
        rates = [rate for rate in what.rates("amount") if rate]
        total = sum(rate.value * rate.count for rate in rates)
        assert total == pytest.approx(found.positive.sum(), rel=0.1)

    def test_the_rate_nearby_is_that_of_the_same_step(self, found):
        told = features(found, 9)
        what = compared(found, told)
        bins = found.bins["amount"]
        step = bins.step_of(bins.of(told["amount"]))
        assert what.near("amount") == what.rates("amount")[step]


class TestGrid:
    def test_cells_hold_thirty_or_hide(self, found):
        what = compared(found, features(found, 1))
        told = grid(what, "amount", "score")
        assert len(told.across.runs) <= MOST_ACROSS
        assert len(told.up.runs) <= MOST_UP
        shown = [rate for row in told.cells for rate in row if rate]
        assert shown
        assert all(rate.count >= LEAST for rate in shown)

    @pytest.mark.parametrize("seed", range(12))
    def test_hidden_cells_cannot_be_told_by_subtraction(self, seed):
        some = crowd(900, seed)
        what = compared(some, features(some, 0))
        told = grid(what, "amount", "job")
        shown = {(x, y) for y, row in enumerate(told.cells) for x, rate in enumerate(row) if rate is not None}
        hidden = 0
        for amount, job in zip(some.coded("amount"), some.coded("job"), strict=True):
            if MISSING not in (amount, job):
                hidden += self.cell(some, told, amount, job) not in shown
        assert hidden == 0 or hidden >= LEAST

    def cell(self, some, told, amount, job):
        steps = some.bins["amount"].step_of(int(amount)), int(job)
        return tuple(
            next(n for n, (first, last) in enumerate(side.runs) if first <= step <= last)
            for step, side in zip(steps, (told.across, told.up), strict=True)
        )

    def test_the_file_stands_in_its_cell_or_in_none(self, found):
        told = features(found, 1)
        assert grid(compared(found, told), "amount", "visits").own is not None
        assert grid(compared(found, told | {"amount": None}), "amount", "visits").own is None

    def test_rare_categories_share_the_last_level(self, found):
        what = compared(found, features(found, 1))
        assert len(grid(what, "amount", "job").up.runs) <= MOST_UP

    def test_a_filter_narrows_the_side_it_is_on(self, found):
        what = compared(found, features(found, 1), [Filter("amount", frozenset({2, 3, 4}))])
        runs = grid(what, "amount", "score").across.runs
        assert runs[0][0] == 2
        assert runs[-1][1] == 4


@pytest.mark.parametrize("size", [0, 1, 59_999, 60_000, 60_001, 100_003])
def test_bytes_are_tallied_as_numpy_counts_them(size):
    codes = np.random.default_rng(size).integers(0, 256, size, dtype=np.uint8)
    assert np.array_equal(tally(codes), np.bincount(codes, minlength=256))


class TestRates:
    def test_wilson_agrees_with_scipy(self):
        from scipy.stats import binomtest

        for positive, files in ((0, 40), (3, 40), (68, 500), (500, 500)):
            theirs = binomtest(positive, files).proportion_ci(method="wilson")
            assert disclosure.wilson(positive, files) == pytest.approx((theirs.low, theirs.high), abs=1e-9)

    def test_under_thirty_nothing_is_told(self):
        assert disclosure.count(29) is None
        assert disclosure.rate(3, 29) is None

    def test_outcomes_never_outnumber_files(self):
        for files in range(LEAST, 200):
            rate = disclosure.rate(files, files)
            assert 0 <= rate.low <= rate.value <= 1


def test_the_population_of_a_trained_model_opens(store):
    from model.artifact import champion

    model = champion("home_credit")
    found = open_crowd(model)
    assert found is open_crowd(model)
    assert found.size == model.card["data"]["rows"]
    assert found.positive.sum() == model.card["data"]["positives"]
    assert len(found.near) == 12
    assert np.shares_memory(found.codes, found.coded(found.inputs[0]))


def test_a_model_trained_before_says_so(store, tmp_path):
    import json
    import shutil

    from model import artifact
    from model.artifact import ModelDamaged, champion

    folder = tmp_path / "1"
    shutil.copytree(champion("home_credit").folder, folder)
    (folder / "population_codes.npy").unlink()
    with pytest.raises(ModelDamaged, match="train again"):
        open_crowd(artifact.load(folder))
    about = json.loads((folder / "population.json").read_text())
    about.pop("bins")
    (folder / "population.json").write_text(json.dumps(about))
    card = json.loads((folder / artifact.CARD).read_text())
    card["hashes"]["population.json"] = artifact.digest(folder / "population.json")
    (folder / artifact.CARD).write_text(json.dumps(card))
    with pytest.raises(ModelDamaged, match="earlier version"):
        open_crowd(artifact.load(folder))
