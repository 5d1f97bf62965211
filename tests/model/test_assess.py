import math

import numpy as np
import pytest

from data import portfolios
from data.bank import UnknownClient, open_bank
from model.artifact import champion
from model.assess import assess, assess_record, assess_records, decide, glance
from model.population import prepare, score
from model.results import InvalidRecord, InvalidRecords

PORTFOLIO = "home_credit"


@pytest.fixture(scope="module")
def assessments(store, clients):
    return [assess(PORTFOLIO, client_id) for client_id in clients]


class TestPoints:
    def test_average_and_contributions_add_up_to_the_points(self, assessments):
        for found in assessments:
            total = found.base_points + sum(part.points for part in found.contributions)
            assert total == pytest.approx(found.points, abs=1e-6)

    def test_they_are_those_of_the_population_scored_at_once(self, assessments, clients):
        frame = open_bank(PORTFOLIO).records(clients)
        p, points = score(champion(PORTFOLIO), prepare(portfolios.load(PORTFOLIO), frame))
        np.testing.assert_allclose([found.points for found in assessments], points, rtol=0, atol=1e-9)
        np.testing.assert_allclose([found.probability for found in assessments], p, rtol=0, atol=1e-12)

    def test_the_points_and_the_probability_say_the_same(self, assessments):
        scale = champion(PORTFOLIO).scale
        for found in assessments:
            assert scale.at_probability(found.probability) == pytest.approx(found.points, abs=1e-6)

    def test_more_points_mean_that_fewer_do_not_repay(self, assessments):
        ordered = sorted(assessments, key=lambda found: found.points)
        assert ordered[0].probability > ordered[-1].probability
        bank = open_bank(PORTFOLIO)
        known = [(found, bank.outcome(found.client_id)) for found in ordered]
        known = [(found, outcome) for found, outcome in known if outcome is not None]
        half = len(known) // 2
        assert sum(o for _, o in known[:half]) > sum(o for _, o in known[half:])

    def test_no_number_is_nan(self, assessments):
        for found in assessments:
            assert all(math.isfinite(part.points) for part in found.contributions)
            values = [part.value for part in found.contributions]
            assert not any(isinstance(value, float) and math.isnan(value) for value in values)


class TestDecision:
    @pytest.mark.parametrize(
        ("above_the_mark", "decision"),
        [(-10.6, "refuse"), (-10.4, "review"), (0, "review"), (9.4, "review"), (9.6, "accept")],
    )
    def test_the_grey_zone_lies_ten_points_around_the_mark(self, store, above_the_mark, decision):
        model = champion(PORTFOLIO)
        assert decide(model, model.pass_mark + above_the_mark) == decision

    def test_a_glance_says_what_the_assessment_says(self, assessments, clients):
        glances = glance(PORTFOLIO, clients[:20])
        assert [g.client_id for g in glances] == clients[:20]
        assert [g.decision for g in glances] == [found.decision for found in assessments[:20]]


class TestReasons:
    def test_at_most_four_each_way_ordered_by_points(self, assessments):
        for found in assessments:
            for direction, sign in (("takes", -1), ("adds", 1)):
                points = [sign * r.points for r in found.reasons if r.direction == direction]
                assert len(points) <= 4
                assert points == sorted(points, reverse=True)
                assert all(p >= 1 for p in points)

    def test_a_refused_file_always_has_a_reason(self, assessments):
        refused = [found for found in assessments if found.decision == "refuse"]
        assert refused, "the demo bank has no refused file: this test looks at nothing"
        assert all(any(r.direction == "takes" for r in found.reasons) for found in refused)

    def test_no_reason_speaks_of_a_protected_column(self, assessments):
        columns = portfolios.load(PORTFOLIO).columns
        told = {name for found in assessments for reason in found.reasons for name in reason.features}
        assert told
        assert all(columns[name].role == "input" for name in told)


class TestWhatIf:
    def test_no_change_changes_nothing(self, assessments, clients):
        again = assess(PORTFOLIO, clients[0], changes={})
        assert again == assessments[0]

    def test_a_change_and_its_undoing_give_the_file_back(self, assessments, clients):
        name = "AMT_CREDIT"
        was = assessments[0].record[name]
        changed = assess(PORTFOLIO, clients[0], changes={name: was * 2})
        assert changed.points != assessments[0].points
        assert assess(PORTFOLIO, clients[0], changes={name: was}) == assessments[0]

    def test_a_record_sent_back_as_it_was_read_is_assessed_alike(self, assessments, clients):
        for found, client_id in zip(assessments[:30], clients, strict=False):
            record = open_bank(PORTFOLIO).record(client_id)
            assert assess_record(PORTFOLIO, record).points == pytest.approx(found.points, abs=1e-9)

    def test_without_histories_only_the_application_speaks(self, clients):
        record = open_bank(PORTFOLIO).record(clients[0])
        given = {name: record[name] for name in portfolios.load(PORTFOLIO).given if name in record}
        found = assess_record(PORTFOLIO, given)
        assert found.families == ()
        assert {"not_collected"} <= {warning.code for warning in found.warnings}


class TestManyAtOnce:
    def test_a_list_is_assessed_as_each_record_alone(self, assessments, clients):
        bank = open_bank(PORTFOLIO)
        found = assess_records(PORTFOLIO, [bank.record(c) for c in clients[:40]], clients[:40])
        for one, alone in zip(found, assessments, strict=False):
            assert one.points == pytest.approx(alone.points, abs=1e-9)
            assert one.reasons == alone.reasons
            assert one.warnings == alone.warnings

    def test_records_with_and_without_histories_keep_their_order(self, clients):
        bank = open_bank(PORTFOLIO)
        whole = bank.record(clients[0])
        given = {name: whole[name] for name in portfolios.load(PORTFOLIO).given if name in whole}
        found = assess_records(PORTFOLIO, [given, whole, given], ["a", "b", "c"])
        assert [one.client_id for one in found] == ["a", "b", "c"]
        assert found[0].points == found[2].points == assess_record(PORTFOLIO, given).points
        assert found[1].families

    def test_as_many_records_as_numbers_are_not_taken_for_columns(self, store):
        income, credit = "AMT_INCOME_TOTAL", "AMT_CREDIT"
        records = [{income: 90_000.0, credit: 400_000.0}, {income: 150_000.0, credit: 900_000.0}]
        found = assess_records("home_credit", records, [None, None])
        assert [{name: one.features[name] for name in (income, credit)} for one in found] == records

    def test_one_faulty_record_refuses_the_list_and_says_which(self, store):
        with pytest.raises(InvalidRecords) as refused:
            assess_records(PORTFOLIO, [{"AMT_CREDIT": 1000}, {"AMT_CREDIT": "x"}], [None, None])
        assert list(refused.value.by_index) == [1]


class TestBadRecords:
    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("NO_SUCH_FIELD", 1, "unknown_field"),
            ("EXT_MEAN", 0.5, "unknown_field"),
            ("TARGET", 1, "unknown_field"),
            ("AMT_CREDIT", "a lot", "wrong_type"),
            ("AMT_CREDIT", True, "wrong_type"),
            ("AMT_CREDIT", float("nan"), "wrong_type"),
            ("AMT_CREDIT", -5, "impossible"),
            ("DAYS_BIRTH", -200_000, "impossible"),
            ("NAME_INCOME_TYPE", "Astronaut", "unknown_category"),
            ("NAME_INCOME_TYPE", 3, "wrong_type"),
            ("covered_bureau", "yes", "wrong_type"),
        ],
    )
    def test_the_field_the_value_and_what_was_expected_are_named(self, store, field, value, code):
        with pytest.raises(InvalidRecord) as refused:
            assess_record(PORTFOLIO, {"AMT_CREDIT": 100_000, field: value})
        (fault,) = refused.value.faults
        assert (fault.field, fault.code) == (field, code)
        assert fault.expected

    def test_every_fault_is_named_at_once(self, store):
        with pytest.raises(InvalidRecord) as refused:
            assess_record(PORTFOLIO, {"NO": 1, "AMT_CREDIT": "x", "AMT_ANNUITY": False})
        assert len(refused.value.faults) == 3

    def test_the_source_s_own_code_for_not_employed_is_no_absurd_value(self, store):
        assert assess_record(PORTFOLIO, {"AMT_CREDIT": 100_000, "DAYS_EMPLOYED": 365243}).points

    def test_an_empty_record_is_assessed_with_warnings(self, store):
        found = assess_record(PORTFOLIO, {})
        assert any(warning.code == "missing" for warning in found.warnings)

    def test_a_client_who_is_not_there_is_said_so(self, store):
        with pytest.raises(UnknownClient):
            assess(PORTFOLIO, "999999999")
