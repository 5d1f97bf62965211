"""A chain of filters must not isolate a person: this file tries."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model import disclosure
from model.disclosure import COUNT_STEP, LEAST
from model.selection import MOST_FILTERS, Filter, read, select, sound, written
from tests.model.people import CATEGORIES, crowd

FILTERED = ("amount", "job", "score", "visits")


def passes(found, one):
    """Say who passes a filter, one client after the other."""
    bins = found.bins[one.feature]
    told = []
    for value in found.column(one.feature):
        if np.isnan(value):
            told.append(one.missing)
            continue
        held = CATEGORIES[one.feature][int(value)] if one.feature in CATEGORIES else float(value)
        told.append(bins.step_of(bins.of(held)) in one.steps)
    return np.array(told)


def steps_of(found, feature):
    return frozenset(range(len(found.bins[feature].steps)))


class TestFilters:
    def test_keep_those_who_pass_each(self):
        found = crowd()
        chain = [Filter("amount", frozenset({1, 2, 3, 5})), Filter("score", frozenset({0, 1, 2, 3}), True)]
        selection = select(found, chain)
        kept = passes(found, chain[0]) & passes(found, chain[1])
        assert np.array_equal(selection.rows, np.flatnonzero(kept))
        assert selection.size == kept.sum()

    def test_none_keeps_everybody(self):
        found = crowd(200)
        assert select(found, []).rows is None
        assert select(found, []).shown

    def test_everything_and_nothing_are_no_filters(self):
        found = crowd()
        useless = [
            Filter("job", steps_of(found, "job")),
            Filter("score", steps_of(found, "score"), True),
            Filter("amount", frozenset()),
            Filter("nothing of the kind", frozenset({0})),
            Filter("visits", frozenset({99, -1})),
        ]
        assert sound(found.bins, useless) == ()

    def test_known_values_only_is_a_filter(self):
        found = crowd()
        assert sound(found.bins, [Filter("score", steps_of(found, "score"))])

    def test_each_input_is_filtered_once(self):
        found = crowd()
        twice = [Filter("amount", frozenset({n})) for n in (1, 2)]
        assert sound(found.bins, twice) == (twice[0],)
        assert len(sound(found.bins, twice * 10)) <= MOST_FILTERS

    def test_few_are_hidden(self):
        found = crowd(100)
        selection = select(found, [Filter("amount", frozenset({0})), Filter("job", frozenset({1}))])
        assert selection.size < LEAST
        assert not selection.shown

    def test_nobody_is_as_hidden_as_few(self):
        found = crowd()
        none = found.coded("visits").copy()
        chain = [Filter("visits", frozenset({0})), Filter("score", frozenset(), True)]
        found.codes.setflags(write=True)
        found.codes[found.place["score"]][none == 0] = 0  # no one without a visit lacks a score
        selection = select(found, chain)
        assert selection.size == 0
        assert not selection.shown

    def test_a_filter_that_leaves_out_few_hides_the_others_too(self):
        values = np.column_stack([np.ones(1_000)] * 5)
        values[:500, 3] = 2  # visits
        values[:40, 1] = 0  # 40 people of one job, 15 of whom made one visit
        values[500:515, 1] = 0
        found = crowd(values=values)
        common = found.bins["job"].of("b")
        job = Filter("job", frozenset({common}))
        once = Filter("visits", frozenset({0}))
        assert select(found, [job]).shown
        assert select(found, [once]).shown
        assert not select(found, [job, once]).shown  # 485 of 500: the other 15 would be told


@st.composite
def chains(draw):
    """A population, and for each input three filters: none, a wide one, a narrower one inside it."""
    found = crowd(draw(st.sampled_from([150, 400, 1_000, 3_000])), draw(st.integers(0, 30)))
    options = []
    for feature in draw(st.permutations(FILTERED))[:3]:
        steps = sorted(steps_of(found, feature))
        wide = draw(st.sets(st.sampled_from(steps), min_size=1))
        narrow = draw(st.sets(st.sampled_from(sorted(wide)), min_size=1))
        missing = draw(st.booleans())
        options.append(
            [
                None,
                Filter(feature, frozenset(wide), missing),
                Filter(feature, frozenset(narrow), missing and draw(st.booleans())),
            ]
        )
    return found, options


def bounds(shown: int) -> tuple[int, int]:
    """Return between which sizes a group is whose size is shown."""
    return max(LEAST, shown - COUNT_STEP // 2), shown + COUNT_STEP // 2


def tells(added: list[int], taken: list[int]) -> bool:
    """Say whether sums of shown sizes prove a group of 1 to 29 clients."""
    low = sum(bounds(n)[0] for n in added) - sum(bounds(n)[1] for n in taken)
    high = sum(bounds(n)[1] for n in added) - sum(bounds(n)[0] for n in taken)
    return low >= 1 and high < LEAST


class TestNobodyIsIsolated:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(chains())
    def test_by_any_chain_of_filters_or_difference_of_two(self, given_):
        found, options = given_
        shown = {}
        for place in itertools.product(range(3), repeat=len(options)):
            chain = [options[i][n] for i, n in enumerate(place) if options[i][n]]
            selection = select(found, chain)
            if selection.shown:
                assert selection.size >= LEAST
                shown[place] = selection.size
        for narrow, wide in itertools.permutations(shown, 2):
            if all(n >= w for n, w in zip(narrow, wide, strict=True)):
                left = shown[wide] - shown[narrow]
                assert left == 0 or left >= LEAST
                assert not tells([disclosure.count(shown[wide])], [disclosure.count(shown[narrow])])

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(chains())
    def test_by_adding_and_subtracting_the_sizes_shown(self, given_):
        """Inclusion and exclusion: those in the corner of two filters, from four sizes that are shown."""
        found, options = given_
        sizes = {}
        for place in itertools.product(range(3), repeat=2):
            selection = select(found, [options[i][n] for i, n in enumerate(place) if options[i][n]])
            sizes[place] = disclosure.count(selection.size) if selection.shown else None
        for (a, b), (c, d) in itertools.product([(0, 1), (0, 2), (1, 2)], repeat=2):
            corner = [sizes[a, c], sizes[b, d]], [sizes[a, d], sizes[b, c]]
            if None not in corner[0] + corner[1]:
                assert not tells(*corner)

    @given(st.integers(LEAST, 5_000), st.integers(LEAST, 5_000))
    def test_by_the_difference_of_any_two_sizes(self, one, other):
        assert not tells([disclosure.count(one)], [disclosure.count(other)])

    @given(st.integers(2 * COUNT_STEP, 4_000), st.floats(0.06, 0.94))
    def test_by_a_share_of_a_group(self, whole, part):
        """As many files as a size is rounded to could be behind the same share."""
        shown = disclosure.share(round(part * whole), whole)
        alike = sum(disclosure.share(n, whole) == shown for n in range(whole + 1))
        assert alike >= COUNT_STEP - 1 or shown in (0, 1)


class TestAddresses:
    @settings(max_examples=100, deadline=None)
    @given(st.data())
    def test_a_filter_comes_back_from_its_text(self, data):
        found = crowd(1_000, 4)
        feature = data.draw(st.sampled_from(FILTERED))
        steps = data.draw(st.sets(st.sampled_from(sorted(steps_of(found, feature)))))
        one = Filter(feature, frozenset(steps), data.draw(st.booleans()))
        if steps or one.missing:
            assert read(found.bins, feature, written(found.bins, one)) == one

    @given(st.text(max_size=40))
    def test_any_text_is_read_or_left(self, text):
        found = crowd(200, 1)
        for feature in FILTERED:
            one = read(found.bins, feature, text)
            assert one is None or sound(found.bins, [one]) is not None

    @pytest.mark.parametrize("text", ["", "..", "1e999..2", "nan..nan", "..x", "9..1", "1..2..3", "|"])
    def test_what_is_no_range_filters_nothing_or_something_that_can_be(self, text):
        found = crowd(1_000, 4)
        one = read(found.bins, "amount", text)
        assert one is None or one.steps <= steps_of(found, "amount")

    def test_ends_move_to_the_nearest_step(self):
        found = crowd(1_000, 4)
        starts = [found.bins["amount"].bounds(n, n)[0] for n in (2, 4)]
        one = read(found.bins, "amount", f"{starts[0] + 1}..{starts[1] - 1}")
        assert one.steps == {2, 3}
