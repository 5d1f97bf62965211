"""The verdict on a batch: what it must find, and what it must not take for a change."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from data import portfolios
from data.bank import open_bank
from model import batches, drift, drift_effects, drift_sides
from model import drift_parts as parts
from model.artifact import champion
from model.drift_results import ColumnDrift, MainInput

PORTFOLIO = "home_credit"
ABOUT = drift.About("20261121-070000-0abc", "November", "file", "2026-11-20", "2026-11-21T07:00:00+00:00")


@pytest.fixture(scope="module")
def training(store):
    return drift_sides.training(portfolios.load(PORTFOLIO), champion(PORTFOLIO))


@pytest.fixture(scope="module")
def judge(store):
    def judged(before, after, moved=None):
        return drift.judge(portfolios.load(PORTFOLIO), champion(PORTFOLIO), before, after, ABOUT, moved)

    return judged


def changed(side, name, change):
    """Return a side with one input changed."""
    values = side.values.copy()
    place = side.inputs.index(name)
    values[place] = change(values[place])
    return replace(side, values=values)


def column(verdict, name) -> ColumnDrift:
    return next(one for one in verdict.columns if one.name == name)


class TestIndex:
    def test_is_that_of_the_books(self):
        before, after = np.array([500, 300, 200]), np.array([200, 300, 500])
        p, q = (before + 0.5) / 1001.5, (after + 0.5) / 1001.5
        assert parts.psi(before, after) == pytest.approx(float(np.sum((q - p) * np.log(q / p))))

    @given(st.lists(st.integers(0, 500), min_size=2, max_size=12))
    def test_of_a_sample_with_itself_is_nought_and_never_negative(self, counts):
        counts = np.array(counts)
        assert parts.psi(counts + 1, counts + 1) == 0
        assert parts.psi(counts, counts[::-1]) >= 0

    @pytest.mark.parametrize("cells", [2, 5, 10, 30])
    def test_chance_is_the_chi_square_of_the_cells(self, cells):
        exact = (1 / 3000 + 1 / 40000) * chi2.ppf(1 - 1e-4, cells - 1)
        assert parts.chance(cells, 3000, 40000, 1e-4) == pytest.approx(exact, rel=0.03)

    def test_chance_alone_seldom_exceeds_what_chance_may_give(self):
        rng = np.random.default_rng(0)
        cells = parts.learn(np.sort(rng.normal(size=20_000)), False)
        most = parts.chance(10, 20_000, 400, 0.01)
        above = [
            parts.psi(cells.before, cells.count(np.sort(rng.normal(size=400)))) > most for _ in range(1000)
        ]
        assert np.mean(above) < 0.03


class TestCells:
    def test_are_deciles_of_training(self):
        cells = parts.learn(np.arange(1000, dtype=float), False)
        assert cells.before.tolist() == [100] * 10

    def test_a_rare_flag_has_a_cell_of_its_own(self):
        known = np.array([0.0] * 990 + [1.0] * 10)
        cells = parts.learn(known, False)
        assert cells.before.tolist() == [990, 10]
        assert cells.count(np.array([0.0] * 500 + [1.0] * 500)).tolist() == [500, 500]

    def test_a_common_greatest_value_has_a_cell_of_its_own(self):
        known = np.sort(np.concatenate([np.linspace(0, 1, 100), np.full(900, 2.0)]))
        cells = parts.learn(known, False)
        assert cells.before[-1] == 900

    def test_one_value_alone_is_one_cell(self):
        assert parts.learn(np.full(500, 3.0), False).before.tolist() == [500]

    @given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=200))
    def test_hold_every_value_once(self, values):
        known = np.sort(np.array(values, dtype=np.float32))
        for is_category in (False, True):
            cells = parts.learn(known, is_category)
            assert cells.before.sum() == len(known)
            assert cells.count(known).tolist() == cells.before.tolist()

    def test_missing_values_are_in_none(self):
        column_ = np.array([3.0, np.nan, 1.0, np.nan], dtype=np.float32)
        assert parts.known_values(column_).tolist() == [1.0, 3.0]


class TestRandomHalves:
    def test_are_stable_twenty_times_in_twenty(self, training, judge):
        found = Counter(judge(*drift_sides.halves(training, seed)).state for seed in range(20))
        assert found == {"stable": 20}

    def test_share_out_all_files(self, training):
        halves = drift_sides.halves(training, 3)
        assert sum(half.rows for half in halves) == training.rows


class TestWhatIsFound:
    def test_a_value_provided_more_often(self, training, judge):
        def provided(values):
            known = values[~np.isnan(values)]
            rng = np.random.default_rng(0)
            fill = np.isnan(values) & (rng.random(len(values)) < 0.3)
            return np.where(fill, rng.choice(known, len(values)), values)

        found = column(judge(training, changed(training, "EXT_SOURCE_1", provided)), "EXT_SOURCE_1")
        assert found.state == "act"
        assert found.causes == ("missing",)
        assert found.missing_after < found.missing_before - 0.1
        assert found.psi < 0.05, "the values themselves are spread as they were"

    def test_an_answer_that_almost_vanishes(self, training, judge):
        name = "NAME_CONTRACT_TYPE"
        common = training.categories[name].index("Cash loans")
        verdict = judge(training, changed(training, name, lambda values: np.full_like(values, common)))
        found = column(verdict, name)
        assert found.causes == ("psi",)
        answers = dict(
            zip(found.shape.labels, zip(found.shape.before, found.shape.after, strict=True), strict=True)
        )
        assert answers["Revolving loans"][0] > 0.05
        assert answers["Revolving loans"][1] == 0

    def test_an_answer_that_training_never_saw(self, training, judge):
        name, unknown = "NAME_CONTRACT_TYPE", len(training.categories["NAME_CONTRACT_TYPE"])

        def some_unknown(values):
            values[: len(values) // 50] = unknown
            return values

        found = column(judge(training, changed(training, name, some_unknown)), name)
        assert "unseen" in found.causes
        assert found.unseen == pytest.approx(0.02, abs=0.002)
        assert found.missing_after == found.missing_before

    def test_a_score_that_moved_calls_for_an_act(self, training, judge):
        verdict = judge(training, replace(training, points=training.points - 25))
        assert verdict.state == "act"
        assert {"score_act", "refused_act"} <= set(verdict.causes)
        assert verdict.score.refused_after > verdict.score.refused_before

    def test_a_history_no_longer_collected(self, training, judge):
        place = [training.inputs.index(n) for n in training.inputs if n.startswith("BUREAU_")]
        values = training.values.copy()
        values[place] = np.nan
        covered = {**training.covered, "bureau": np.zeros(training.rows, dtype=bool)}
        verdict = judge(training, replace(training, values=values, covered=covered))
        assert "coverage" in verdict.causes
        (lost,) = [one for one in verdict.coverage if one.family == "bureau"]
        assert (lost.before, lost.after, lost.state) == (1.0, 0.0, "act")
        assert {one.state for one in verdict.columns if one.name.startswith("BUREAU_")} == {"empty"}

    def test_a_column_left_empty(self, training, judge):
        found = column(
            judge(training, changed(training, "AMT_ANNUITY", lambda values: np.full_like(values, np.nan))),
            "AMT_ANNUITY",
        )
        assert (found.state, found.psi, found.causes) == ("act", None, ("missing",))


class TestFewFiles:
    def test_twenty_files_say_too_few_and_nothing_else(self, training, judge):
        verdict = judge(training, training.take(np.arange(20)))
        assert (verdict.state, verdict.causes) == ("few", ("few",))
        assert verdict.rows == 20
        assert verdict.columns == ()
        assert verdict.score is None

    def test_the_least_number_of_files_of_the_same_kind_is_stable(self, training, judge):
        least = drift.LIMITS.least
        found = Counter(
            judge(
                training, training.take(np.random.default_rng(seed).permutation(training.rows)[:least])
            ).state
            for seed in range(10)
        )
        assert found == {"stable": 10}

    def test_the_limit_rises_to_what_chance_may_give(self, training, judge):
        few, many = judge(training, training.take(np.arange(120))), judge(training, training)
        assert column(few, "EXT_SOURCE_2").limit > column(many, "EXT_SOURCE_2").limit == 0.10


def one_column(state: str, weight: float, name: str = "A") -> ColumnDrift:
    return ColumnDrift(name, state, (), weight, 0.3, 0.1, 500, 500, 0.0, 0.0, 0.0, None, None)


class TestRule:
    @pytest.fixture
    def score(self, training, judge):
        return judge(training, training).score

    @pytest.mark.parametrize(
        ("columns", "state", "causes"),
        [
            ([one_column("stable", 0.9)], "stable", ()),
            ([one_column("watch", 0.04, "B")], "stable", ()),
            ([one_column("watch", 0.06, "B")], "watch", ("weight",)),
            ([one_column("watch", 0.01, "A")], "watch", ("main",)),
            ([one_column("act", 0.01, "B")], "watch", ("column",)),
            ([one_column("act", 0.3, "B")], "act", ("weight_act", "column", "weight")),
        ],
    )
    def test_weighs_the_columns_that_moved(self, score, columns, state, causes):
        main = (MainInput("A", 0.5, ("A",)),)
        assert drift.decide(score, columns, (), main) == (state, causes)

    @pytest.mark.parametrize(
        ("changes", "state"),
        [
            ({"state": "watch"}, "watch"),
            ({"state": "act"}, "act"),
            ({"refused_state": "watch"}, "watch"),
            ({"refused_state": "act"}, "act"),
        ],
    )
    def test_follows_the_score_and_the_refusals(self, score, changes, state):
        assert drift.decide(replace(score, **changes), [], (), ())[0] == state

    def test_weights_are_shares_of_one_in_falling_order(self, training, judge):
        weights = [one.weight for one in judge(training, training).columns]
        assert sum(weights) == pytest.approx(1)
        assert weights == sorted(weights, reverse=True)

    def test_main_inputs_speak_for_all_on_their_matter(self, training, judge):
        main = judge(training, training).main
        assert len(main) == drift.MAIN
        named = [name for one in main for name in one.inputs]
        assert len(named) == len(set(named))
        assert all(one.name in one.inputs for one in main)


class TestEffects:
    def test_account_for_the_change_of_the_mean(self, training):
        model = champion(PORTFOLIO)
        frame = open_bank(PORTFOLIO).frame(labelled=False)
        after = drift_sides.batch(portfolios.load(PORTFOLIO), model, frame)
        worse = changed(after, "EXT_SOURCE_3", lambda values: values * 0.5)
        found = drift_effects.effects(model, after, worse)
        assert found.points["EXT_SOURCE_3"] < -0.5
        others = [abs(points) for name, points in found.points.items() if name != "EXT_SOURCE_3"]
        assert max(others) < abs(found.points["EXT_SOURCE_3"])
        assert found.explained == pytest.approx(sum(found.points.values()))

    def test_are_nought_between_a_batch_and_itself(self, training):
        found = drift_effects.effects(champion(PORTFOLIO), training, training)
        assert set(found.points.values()) == {0.0}


class TestBatchSide:
    def test_is_scored_as_the_assessment_scores(self, store):
        from model.assess import assess_frame

        frame = open_bank(PORTFOLIO).frame(labelled=False).head(40)
        side = drift_sides.batch(portfolios.load(PORTFOLIO), champion(PORTFOLIO), frame)
        expected = [found.points for found in assess_frame(PORTFOLIO, frame)]
        assert side.points == pytest.approx(expected, abs=1e-9)

    def test_in_parts_is_the_same_as_at_once(self, store, monkeypatch):
        frame = open_bank(PORTFOLIO).frame(labelled=False).head(100)
        asked = portfolios.load(PORTFOLIO), champion(PORTFOLIO), frame
        whole = drift_sides.batch(*asked)
        monkeypatch.setattr(drift_sides, "CHUNK", 17)
        in_parts = drift_sides.batch(*asked)
        assert np.array_equal(whole.values, in_parts.values, equal_nan=True)
        assert np.array_equal(whole.points, in_parts.points)

    def test_knows_which_histories_were_collected(self, training):
        assert {family: mask.mean() for family, mask in training.covered.items()} == {
            "bureau": 1.0,
            "previous": 1.0,
            "card": 1.0,
        }


def test_a_verdict_survives_its_file(training, judge):
    moved = drift_effects.effects(champion(PORTFOLIO), training, training)
    for after in (training, training.take(np.arange(30))):
        verdict = judge(training, after, moved)
        assert batches.understood(batches.written(verdict)) == verdict
