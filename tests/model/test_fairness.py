"""Fairness: Fairlearn's figures, honest intervals, and groups that nobody can single out."""

from itertools import product

import numpy as np
import polars as pl
import pytest
from fairlearn.metrics import MetricFrame, demographic_parity_ratio, false_negative_rate, false_positive_rate
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from data import portfolios
from model import fairness, groups, masking, protected, validation
from model.artifact import champion
from model.disclosure import LEAST
from model.masking import Ends
from model.measures import measures

PORTFOLIO = portfolios.load("home_credit")
SEX, AGE = "CODE_GENDER", "DAYS_BIRTH"
THRESHOLD = 1 / 11


def people(size=4_000, seed=0, rare=0):
    """A frame of protected columns, outcomes and probabilities; ``rare`` people hold a third value."""
    generator = np.random.default_rng(seed)
    sex = generator.choice(["F", "M"], size, p=[0.65, 0.35]).astype("<U3")
    sex[:rare] = "XNA"
    age = generator.uniform(21, 69, size)
    p = 1 / (1 + np.exp(-(-1.2 - 0.03 * (age - 21) + 0.3 * (sex == "M") + generator.normal(0, 0.8, size))))
    frame = pl.DataFrame(
        {
            SEX: sex,
            AGE: -(365.25 * age),
            "NAME_FAMILY_STATUS": generator.choice(["Married", "Widow"], size),
        }
    )
    return frame, (generator.random(size) < p).astype(float), p


@pytest.fixture(scope="module")
def described():
    frame, outcome, p = people()
    return frame, outcome, p, fairness.describe(PORTFOLIO, frame, outcome, p, THRESHOLD)


def family(found, name):
    return next(one for one in found["families"] if one["name"] == name)


class TestTheFigures:
    def test_equal_fairlearn_s(self, described):
        frame, outcome, p, found = described
        accepted, repaid = (p < THRESHOLD).astype(int), (outcome == 0).astype(int)
        theirs = MetricFrame(
            metrics={"refused": false_negative_rate, "accepted": false_positive_rate},
            y_true=repaid,
            y_pred=accepted,
            sensitive_features=frame[SEX].to_numpy(),
        ).by_group
        for one in family(found, "sex")["groups"]:
            (value,) = one["group"]["values"]
            assert one["false_refusal"]["value"] == pytest.approx(theirs.loc[value, "refused"])
            assert one["false_acceptance"]["value"] == pytest.approx(theirs.loc[value, "accepted"])

    def test_the_least_ratio_is_fairlearn_s_parity_ratio(self, described):
        frame, outcome, p, found = described
        theirs = demographic_parity_ratio(
            outcome == 0, p < THRESHOLD, sensitive_features=frame[SEX].to_numpy()
        )
        assert min(one["ratio"] for one in family(found, "sex")["groups"]) == pytest.approx(theirs)

    def test_are_those_of_counting(self, described):
        frame, outcome, p, found = described
        for one in family(found, "sex")["groups"]:
            rows = (frame[SEX] == one["group"]["values"][0]).to_numpy()
            assert one["rows"] == rows.sum()
            assert one["accepted"]["value"] == pytest.approx((p[rows] < THRESHOLD).mean())
            assert one["expected"] == pytest.approx(p[rows].mean())
            assert one["observed"]["value"] == pytest.approx(outcome[rows].mean())

    def test_intervals_are_wilson_s(self, described):
        _, _, p, found = described
        accepted = int((p < THRESHOLD).sum())
        theirs = binomtest(accepted, len(p)).proportion_ci(method="wilson")
        assert found["all"]["accepted"]["low"] == pytest.approx(theirs.low, abs=1e-6)
        assert found["all"]["accepted"]["high"] == pytest.approx(theirs.high, abs=1e-6)

    def test_age_bands_are_in_years_and_their_lower_end_belongs(self):
        frame = pl.DataFrame({AGE: [-365.25 * 30, -365.25 * 29.99, -365.25 * 60] * LEAST})
        found = groups.split(PORTFOLIO, "age", frame)
        assert [(group.low, group.high, group.size) for group in found] == [
            (None, 30.0, LEAST),
            (30.0, 40.0, LEAST),
            (60.0, None, LEAST),
        ]


@pytest.mark.parametrize(
    ("low", "high", "standing"),
    [(0.5, 0.59, "under"), (0.5, 0.6, "touches"), (0.6, 0.7, "touches"), (0.61, 0.7, "above")],
)
def test_a_group_stands_against_the_line_with_its_interval(low, high, standing):
    assert fairness.standing({"low": low, "high": high}, 0.6) == standing


class TestSmallGroups:
    def test_join_another_so_that_no_group_is_small(self):
        frame, *_ = people(rare=4)
        found = groups.split(PORTFOLIO, "sex", frame)
        assert [group.values for group in found] == [("F",), ("M", "XNA")]

    def test_a_band_joins_its_neighbour(self):
        frame = pl.DataFrame({AGE: [-365.25 * 25] * 5 + [-365.25 * 35] * 50 + [-365.25 * 65] * 40})
        found = groups.split(PORTFOLIO, "age", frame)
        assert [(group.low, group.high, group.size) for group in found] == [
            (None, 40.0, 55),
            (60.0, None, 40),
        ]

    def test_missing_values_join_too(self):
        frame = pl.DataFrame({SEX: ["F"] * 100 + ["M"] * 60 + [None] * 3})
        found = groups.split(PORTFOLIO, "sex", frame)
        assert [group.values for group in found] == [("F",), ("M", None)]

    @given(st.lists(st.integers(0, 90), min_size=1, max_size=6))
    @settings(deadline=None)
    def test_whatever_their_sizes_every_difference_of_groups_is_large_or_nothing(self, sizes):
        assume(sum(sizes) > 0)
        values = [f"value {place}" for place, size in enumerate(sizes) for _ in range(size)]
        found = groups.split(PORTFOLIO, "sex", pl.DataFrame({SEX: values}))
        assert sum(group.size for group in found) == len(values)
        assert np.sum([group.rows for group in found], axis=0).tolist() == [1] * len(values)
        for chosen in product([False, True], repeat=len(found)):
            rest = len(values) - sum(group.size for group, taken in zip(found, chosen, strict=True) if taken)
            assert rest == 0 or rest >= min(LEAST, len(values))


ENDS = st.builds(Ends, *(st.integers(0, most) for most in (120, 45, 120, 45)))


def possible(ends: list[Ends], masked: frozenset[int]) -> dict[int, set[int]]:
    """Return which numbers of bad ends each masked group could have, for a reader of everything shown.

    Shown: the groups that are not masked, in full; of each masked one how many were favoured and
    how many not; and the sums over all groups. Worked out group by group from the sums, apart
    from the formula under test.
    """
    hidden = [ends[place] for place in masked]
    sides = []
    for kind in ("favoured", "other"):
        capacity = [getattr(one, kind) for one in hidden]
        bad = sum(getattr(one, f"{kind}_badly") for one in hidden)
        reachable = []
        for own in capacity:
            room = sum(capacity) - own
            reachable.append({count for count in range(own + 1) if 0 <= bad - count <= room})
        sides.append(reachable)
    return {
        group: {one + other for one in favoured for other in rest}
        for group, favoured, rest in zip(masked, *sides, strict=True)
    }


class TestMasking:
    @given(st.lists(ENDS, min_size=2, max_size=6))
    @settings(deadline=None, max_examples=300)
    def test_no_masked_group_is_found_by_subtraction(self, ends):
        masked = masking.hidden(ends)
        assert {place for place, one in enumerate(ends) if one.rarer < LEAST} <= masked
        if not masked or len(masked) == len(ends):
            return
        assert len(masked) >= 2
        hidden = [ends[place] for place in masked]
        assert sum(one.badly for one in hidden) >= LEAST
        assert sum(one.well for one in hidden) >= LEAST
        for place, counts in possible(ends, masked).items():
            assert len(counts) > 1, f"group {place} can only have {counts}"

    def test_groups_that_are_large_enough_are_all_shown(self):
        assert masking.hidden([Ends(200, 40, 100, 60)] * 3) == frozenset()

    def test_one_small_group_hides_the_next_smallest_with_it(self):
        ends = [Ends(500, 60, 100, 90), Ends(90, 3, 10, 4), Ends(300, 30, 60, 40)]
        assert masking.hidden(ends) == {1, 2}

    def test_two_small_groups_that_sum_to_few_hide_a_third(self):
        small = Ends(90, 3, 10, 4)
        assert masking.hidden([Ends(500, 60, 100, 90), small, small, Ends(300, 30, 60, 40)]) == {1, 2, 3}

    def test_of_two_groups_both_are_hidden(self):
        assert masking.hidden([Ends(500, 60, 100, 90), Ends(90, 3, 10, 4)]) == {0, 1}

    def test_what_tells_of_outcomes_is_withheld(self):
        frame, outcome, p = people(900)
        frame = frame.with_columns(
            pl.Series("NAME_FAMILY_STATUS", ["Widow"] * 60 + ["Married"] * 500 + ["Separated"] * 340)
        )
        outcome = outcome.copy()
        outcome[:60] = 0
        found = family(fairness.describe(PORTFOLIO, frame, outcome, p, THRESHOLD), "family")
        masked = [one for one in found["groups"] if one["observed"] is None]
        assert len(masked) >= 2
        for one in masked:
            assert one["accepted"] is not None
            assert [one[key] for key in ("false_refusal", "false_acceptance", "auc")] == [None] * 3


class TestProtectedInputs:
    def test_let_in_they_are_inputs_and_nothing_else_changes(self):
        wider = protected.with_protected(PORTFOLIO)
        assert set(wider.inputs) - set(PORTFOLIO.inputs) == {SEX, AGE, "NAME_FAMILY_STATUS"}
        assert PORTFOLIO.columns[SEX].role == "protected"

    def test_what_leaving_them_out_costs_is_paired_on_the_same_folds(self, store):
        from data.bank import open_bank
        from model.cost import Costs
        from model.matrix import Encoding
        from model.population import prepare
        from model.table import build

        everyone = prepare(PORTFOLIO, open_bank("home_credit").frame())
        population = everyone.take(np.flatnonzero(~np.isnan(everyone.outcome))[:1_200])
        data = build(PORTFOLIO, population, Encoding.learn(population.frame, PORTFOLIO.inputs))
        fold = validation.slices(data.outcome, validation.FOLDS, 1)
        rounds = [{"application": 15}] * validation.FOLDS
        empty = validation.CrossValidation(fold, np.empty(len(fold)), {}, rounds)
        like = protected._answers(data, empty, 1, 1, lambda step: None)
        found = protected.cost_of_leaving_out(
            PORTFOLIO, population, like, THRESHOLD, Costs(10, 1), seed=1, threads=1
        )
        assert set(found["columns"]) == {SEX, AGE, "NAME_FAMILY_STATUS"}
        gain, saved = found["auc_gain"], found["saved_per_file"]
        assert gain["value"] == pytest.approx(found["with"]["auc"] - found["without"]["auc"])
        assert saved["value"] == pytest.approx(
            found["without"]["cost_per_file"] - found["with"]["cost_per_file"]
        )
        assert gain["low"] < gain["value"] < gain["high"]
        assert saved["low"] < saved["value"] < saved["high"]


class TestOfTheChampion:
    def test_counts_every_file_in_every_family(self, store):
        model = champion("home_credit")
        found = measures(model, "fairness.json")
        assert {one["name"] for one in found["families"]} == {"sex", "age", "family"}
        assert found["all"]["accepted"]["value"] == pytest.approx(
            1 - model.card["metrics"]["refused_share"]["value"]
        )
        for one in found["families"]:
            assert sum(group["rows"] for group in one["groups"]) == found["all"]["rows"]

    def test_does_not_pretend_to_have_measured_what_it_did_not(self, store):
        assert "left_out" not in measures(champion("home_credit"), "fairness.json")
