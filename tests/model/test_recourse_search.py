"""The search itself, on made-up files: it stays within its limits and finds the least."""

import math
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from model.recourse_search import SLIGHT, UNSOUND, coarse, effort, exact, order, round_up, search
from model.results import Lever

QUIETLY = settings(max_examples=60, deadline=None)


class MadeUp:
    """A file scored by weights: its decision improves as levers move, or anyhow when ``wild``."""

    def __init__(self, levers, weights, marks, wild=0):
        self.own = tuple(lever.value for lever in levers)
        self.asked = set()
        self._weights, self._marks, self._wild = weights, marks, wild

    def ranks(self, rows):
        self.asked |= set(rows)
        return [self.rank(row) for row in rows]

    def rank(self, row):
        if self._wild:
            return int(math.fsum(row) * 7919 + self._wild) % 4 + UNSOUND
        gain = sum(w * abs(v - o) / abs(o) for w, v, o in zip(self._weights, row, self.own, strict=True))
        return sum(gain >= mark for mark in self._marks)


@st.composite
def a_lever(draw, place=0):
    step = draw(st.sampled_from([0.1, 0.5, 1.0, 450.0, 4_500.0]))
    value = exact(draw(st.floats(3, 700)) * step)
    way = draw(st.sampled_from([-1, 1, 2]))
    low = round_up(value / 2, step) if way != 1 else value
    high = -round_up(-value * 1.5, step) if way != -1 else value
    return Lever(f"input {place}", value, low, high, step)


def levers_up_to(most):
    return st.integers(1, most).flatmap(lambda count: st.tuples(*(a_lever(place) for place in range(count))))


weights = st.lists(st.floats(0, 1), min_size=4, max_size=4)
marks = st.tuples(st.floats(0.01, 0.4), st.floats(0.4, 0.9))


def moves_enough(row, own, places=(0, 1)):
    return all(abs(row[place] - own[place]) > SLIGHT * own[place] for place in places)


def made_up(levers, weights, marks, wild):
    return MadeUp(levers, weights[: len(levers)], marks, wild)


@QUIETLY
@given(levers_up_to(4), weights, marks, st.integers(0, 50))
def test_no_trial_leaves_the_limits_and_at_most_two_levers_move(levers, weights, marks, wild):
    trials = made_up(levers, weights, marks, wild)
    search(trials, levers, 0)
    for row in trials.asked:
        moved = [place for place, (v, o) in enumerate(zip(row, trials.own, strict=True)) if v != o]
        assert 1 <= len(moved) <= 2
        for place in moved:
            lever = levers[place]
            assert lever.low <= row[place] <= lever.high
            count = row[place] / lever.step
            assert abs(count - round(count)) < 1e-6


@QUIETLY
@given(levers_up_to(4), weights, marks, st.integers(0, 50), st.integers(0, 1))
def test_what_is_found_is_better_needed_and_ordered_by_effort(levers, weights, marks, wild, current):
    trials = made_up(levers, weights, marks, wild)
    found = search(trials, levers, current)
    assert found == sorted(found, key=order)
    for one in found:
        assert one.rank == trials.rank(one.values) > current
        assert one.effort == effort(trials.own, one.values) > 0
        assert len(one.places) == 1 or moves_enough(one.values, trials.own, one.places)
        for place in one.places if len(one.places) > 1 else ():
            alone = tuple(one.values[p] if p == place else mine for p, mine in enumerate(trials.own))
            assert trials.rank(alone) < one.rank
    ways = {
        (one.places, one.rank, *(v > o for v, o in zip(one.values, trials.own, strict=True))) for one in found
    }
    assert len(ways) == len(found)


@QUIETLY
@given(levers_up_to(3), weights, marks, st.integers(0, 50))
def test_the_same_file_gets_the_same_answer(levers, weights, marks, wild):
    once, again = (search(made_up(levers, weights, marks, wild), levers, 0) for _ in range(2))
    assert once == again


@QUIETLY
@given(a_lever(), st.floats(0.2, 1), st.tuples(st.floats(0.01, 0.1), st.floats(0.1, 0.3)))
def test_of_a_lever_that_helps_steadily_the_very_least_is_found(lever, weight, marks):
    trials = MadeUp([lever], [weight], marks)
    first, last = (round(end / lever.step, 6) for end in (lever.low, lever.high))
    least = {}
    for count in range(math.ceil(first), math.floor(last) + 1):
        value = exact(count * lever.step)
        if value != lever.value and (rank := trials.rank((value,))) > 0:
            least[rank] = min(effort(trials.own, (value,)), least.get(rank, math.inf))
    assert {one.rank: one.effort for one in reversed(search(trials, [lever], 0))} == least


@QUIETLY
@given(st.tuples(a_lever(0), a_lever(1)), st.tuples(st.floats(0.2, 1), st.floats(0.2, 1)))
def test_of_two_levers_together_the_least_is_nearly_found(levers, weights):
    trials = MadeUp(levers, weights, (0.3, 9.0))
    pairs = [one for one in search(trials, levers, 0) if len(one.places) == 2]
    axes = []
    for lever in levers:
        count, first = int((lever.high - lever.low) / lever.step), round_up(lever.low, lever.step)
        apart = max(1, count // 40) * lever.step
        axes.append([first + n * apart for n in range(int((lever.high - first) / apart) + 1)])
    tried = [row for row in product(*axes) if moves_enough(row, trials.own)]
    needed = [
        row
        for row in tried
        if trials.rank(row) == 1
        and trials.rank((row[0], trials.own[1])) == trials.rank((trials.own[0], row[1])) == 0
    ]
    if needed:
        least = min(effort(trials.own, row) for row in needed)
        # No further than the first trials of the two are from each other.
        apart = [steps * lever.step for steps, lever in zip(coarse(levers)[0, 1], levers, strict=True)]
        assert pairs
        assert pairs[0].effort <= least + sum(
            far / lever.value for far, lever in zip(apart, levers, strict=True)
        )
