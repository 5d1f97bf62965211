from types import SimpleNamespace

import pytest

from model import reasons
from model.results import Contribution


def portfolio(told_by: dict[str, str], monotone: dict[str, int] | None = None):
    columns = {
        name: SimpleNamespace(
            told_by=lead,
            monotone=(monotone or {}).get(name, 0),
            source="application",
            family=name.split("_")[0],
        )
        for name, lead in told_by.items()
    }
    return SimpleNamespace(columns=columns, settings={"positive_is_good": False})


def choose(points: dict[str, float], usual=None, told_by=None, values=None, monotone=None):
    names = list(points)
    values = {name: 1.0 for name in names} | (values or {})
    return reasons.choose(
        portfolio({name: name for name in names} | (told_by or {}), monotone),
        tuple(Contribution(name, "theme", values[name], points[name]) for name in names),
        values,
        {"points": usual or {}, "value": dict.fromkeys(names, 2.0)},
        {name: [0.0, 10.0] for name in names},
        frozenset(names),
    )


def test_the_strongest_come_first_and_at_most_four_each_way():
    found = choose({"a": -2, "b": -9, "c": -4, "d": -3, "e": -5, "f": 6, "g": 8})
    assert [reason.feature for reason in found] == ["b", "e", "c", "d", "g", "f"]


def test_less_than_one_point_is_not_a_reason():
    assert choose({"a": -0.9, "b": 0.9}) == ()


def test_what_just_accepted_files_share_explains_nothing():
    found = choose({"shared": -8, "own": -3}, usual={"shared": -9})
    assert [reason.feature for reason in found] == ["own"]


def test_a_side_left_empty_by_the_comparison_still_gets_its_reasons():
    assert [reason.feature for reason in choose({"shared": -8}, usual={"shared": -9})] == ["shared"]


class TestAReasonConvinces:
    """With a reference of 2: what raises the risk (+1) may only take points from above it."""

    def test_a_value_on_the_good_side_is_not_told_as_taking_points(self):
        found = choose({"main": -9, "debt": -3}, values={"main": 9.0, "debt": 1.0}, monotone={"debt": 1})
        assert [reason.feature for reason in found] == ["main"]

    def test_a_value_on_the_bad_side_is(self):
        found = choose({"main": -9, "debt": -3}, values={"main": 9.0, "debt": 5.0}, monotone={"debt": 1})
        assert [reason.feature for reason in found] == ["main", "debt"]

    def test_a_value_like_that_of_the_reference_is_not_told(self):
        found = choose({"main": -9, "same": -3}, values={"main": 9.0, "same": 2.0})
        assert [reason.feature for reason in found] == ["main"]

    def test_the_strongest_of_a_side_is_told_in_any_case(self):
        assert [reason.feature for reason in choose({"same": -3}, values={"same": 2.0})] == ["same"]

    def test_another_member_tells_when_the_lead_would_not_convince(self):
        (reason,) = choose(
            {"mean": -4, "lowest": -8},
            told_by={"lowest": "mean"},
            values={"mean": 5.0, "lowest": 0.5},
            monotone={"mean": -1, "lowest": -1},
        )
        assert (reason.feature, reason.points) == ("lowest", -12)


def test_inputs_told_by_one_of_them_count_together():
    (reason,) = choose({"mean": -2, "product": -3}, told_by={"product": "mean"})
    assert (reason.feature, reason.points, reason.features) == ("mean", -5, ("mean", "product"))


def test_an_empty_history_is_told_once():
    empty = {"bureau_debt": None, "bureau_count": None, "card_use": None}
    found = choose({"bureau_debt": -5, "bureau_count": -4, "card_use": -3}, values=empty)
    assert [reason.feature for reason in found] == ["bureau_debt", "card_use"]


def test_parts_that_cancel_out_are_no_reason():
    assert choose({"mean": -5, "product": 5}, told_by={"product": "mean"}) == ()


@pytest.mark.parametrize(
    ("value", "standing"),
    [(None, "missing"), (0.5, "below"), (2.1, "near"), (9.0, "above"), ("other", "above")],
)
def test_standing_says_where_the_value_lies_against_the_reference(value, standing):
    (reason,) = choose({"a": -5}, values={"a": value})
    assert reason.standing == standing


def test_an_input_of_a_stage_that_does_not_cover_the_file_is_never_told():
    found = reasons.choose(
        portfolio({"a": "a"}),
        (Contribution("a", "theme", None, -5.0),),
        {"a": None},
        {"points": {}, "value": {}},
        {},
        frozenset(),
    )
    assert found == ()
