"""The lender's rules: stricter only, silent on what is not known, and refused when they make no sense."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.i18n import LANGUAGES
from components.sentences import policy_text
from data import portfolios
from model import policy
from model.assess import assess, glance
from model.policy import BadPolicy
from model.results import STRICTER, Assessment, PolicyReason

PORTFOLIO = portfolios.load("home_credit")
(RULE,) = policy.rules(PORTFOLIO)
DECISIONS = st.sampled_from(STRICTER)


def ruled(*given):
    return replace(PORTFOLIO, settings={**PORTFOLIO.settings, "policy": list(given)})


def sound(**changed):
    rule = {"code": "one", "column": RULE.column, "above": 0.5, "decision": "review"}
    return {name: value for name, value in (rule | changed).items() if value is not None}


class TestARule:
    @given(st.floats(0, 1))
    def test_fires_beyond_its_limit_and_nowhere_else(self, share):
        assert bool(policy.fired(PORTFOLIO, {RULE.column: share})) == (share > 0.5)

    @given(st.floats(0, 1))
    def test_fires_below_where_it_says_so(self, share):
        below = ruled(sound(above=None, below=0.5))
        assert bool(policy.fired(below, {RULE.column: share})) == (share < 0.5)

    @pytest.mark.parametrize("value", [None, float("nan"), "0.9"])
    def test_says_nothing_of_what_is_not_known(self, value):
        assert policy.fired(PORTFOLIO, {RULE.column: value}) == ()
        assert policy.fired(PORTFOLIO, {}) == ()

    def test_the_strictest_comes_first(self):
        both = ruled(sound(), sound(code="two", decision="refuse"))
        assert [one.code for one in policy.fired(both, {RULE.column: 0.9})] == ["two", "one"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"code": ""},
            {"column": "nothing"},
            {"column": "NAME_INCOME_TYPE"},
            {"column": "DAYS_BIRTH"},
            {"below": 0.2},
            {"above": None},
            {"decision": "accept"},
            {"decision": "perhaps"},
        ],
    )
    def test_that_makes_no_sense_is_refused_by_name(self, wrong):
        with pytest.raises(BadPolicy, match="policy"):
            policy.rules(ruled(sound(**wrong)))


class TestTheProposal:
    @given(DECISIONS, st.lists(st.sampled_from(STRICTER[1:]), max_size=3))
    def test_is_never_more_lenient_than_the_model_nor_than_any_rule(self, decided, rules):
        found = self.of(decided, rules)
        assert all(STRICTER.index(found) >= STRICTER.index(one) for one in (decided, *rules))
        assert found in (decided, *rules)

    def of(self, decided, rules):
        fired = tuple(PolicyReason("x", RULE.column, 0.9, 0.5, "above", one) for one in rules)
        empty = dict.fromkeys(Assessment.__dataclass_fields__)
        return Assessment(**(empty | {"decision": decided, "policy": fired})).proposal

    def test_leaves_the_decision_of_the_model_and_the_points_alone(self, store, clients):
        record = assess("home_credit", clients[0]).record
        income = float(record["AMT_INCOME_TOTAL"])
        heavy = assess("home_credit", clients[0], {"AMT_ANNUITY": 0.6 * income})
        assert [rule.code for rule in heavy.policy] == [RULE.code]
        assert heavy.proposal in ("review", "refuse")
        assert abs(heavy.base_points + sum(one.points for one in heavy.contributions) - heavy.points) < 1e-6

    def test_is_the_same_in_lists_as_on_the_page(self, store, clients):
        seen = {one.client_id: one.decision for one in glance("home_credit", clients)}
        assert seen == {client: assess("home_credit", client).proposal for client in clients}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rule_is_told_with_a_value_that_is_beyond_its_limit(lang):
    said = policy_text(PORTFOLIO, PolicyReason(RULE.code, RULE.column, 0.502, 0.5, "above", "review"), lang)
    assert ("50,2" if lang == "fr" else "50.2") in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rule_without_words_is_told_plainly(lang):
    said = policy_text(PORTFOLIO, PolicyReason("other", RULE.column, 0.6, 0.5, "above", "review"), lang)
    assert "60" in said
    assert "50" in said
    assert "{" not in said
