import pytest

from model.assess import assess, assess_record
from model.results import InvalidRecord
from model.whatif import attempt

CHANGES = {"AMT_CREDIT": 400_000.0, "EXT_SOURCE_2": 0.7, "DAYS_EMPLOYED": -3000.0, "OCCUPATION_TYPE": None}


def test_without_changes_it_is_the_file_itself_to_the_last_bit(clients):
    for client in clients[::10]:
        trial = attempt("home_credit", client, {})
        assert trial.after is trial.before
        assert trial.before == assess("home_credit", client)


def test_a_value_changed_to_what_it_was_changes_nothing(clients):
    for client in clients[::10]:
        own = assess("home_credit", client)
        same = attempt("home_credit", client, {"AMT_CREDIT": own.record["AMT_CREDIT"]})
        assert same.after == own
        assert same.moved == {"AMT_CREDIT": 0.0}


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_the_points_of_each_change_make_the_whole_difference(clients, count):
    changes = dict(list(CHANGES.items())[:count])
    for client in clients[::20]:
        trial = attempt("home_credit", client, changes)
        assert sum(trial.moved.values()) == pytest.approx(trial.after.points - trial.before.points, abs=1e-9)
        assert list(trial.moved) == list(changes)


def test_two_changes_get_the_same_points_in_either_order(clients):
    pair = {"AMT_CREDIT": 400_000.0, "AMT_ANNUITY": 30_000.0}
    turned = dict(reversed(pair.items()))
    for client in clients[::20]:
        one, other = (attempt("home_credit", client, order).moved for order in (pair, turned))
        assert one == pytest.approx(other)


def test_each_of_two_changes_gets_the_mean_of_making_it_first_and_last(clients):
    credit, annuity = {"AMT_CREDIT": 400_000.0}, {"AMT_ANNUITY": 30_000.0}
    client = clients[3]
    none, first, last, both = (
        assess("home_credit", client, changes).points for changes in (None, credit, annuity, credit | annuity)
    )
    moved = attempt("home_credit", client, credit | annuity).moved
    assert moved["AMT_CREDIT"] == pytest.approx(((first - none) + (both - last)) / 2)


def test_an_applicant_without_a_file_starts_from_nothing_provided(store):
    trial = attempt("home_credit", None, {"AMT_CREDIT": 400_000.0, "EXT_SOURCE_3": 0.2})
    assert trial.before == assess_record("home_credit", {})
    assert trial.after == assess_record("home_credit", {"AMT_CREDIT": 400_000.0, "EXT_SOURCE_3": 0.2})
    assert sum(trial.moved.values()) == pytest.approx(trial.after.points - trial.before.points)


@pytest.mark.parametrize(
    "changes", [{"AMT_CREDIT": -5.0}, {"AMT_CREDIT": "much"}, {"EXT_MEAN": 0.5}, {"nonsense": 1.0}]
)
def test_what_cannot_be_is_refused(clients, changes):
    with pytest.raises(InvalidRecord):
        attempt("home_credit", clients[0], changes)
