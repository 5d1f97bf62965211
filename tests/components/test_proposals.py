"""What would change a proposal can be read aloud: true, whole, and in good typography."""

import re
from dataclasses import replace
from itertools import combinations

import pytest

from components.i18n import LANGUAGES, texts, typeset
from components.proposals import (
    change_text,
    limits_text,
    proposal_pieces,
    proposal_text,
    rules_text,
    summary_text,
)
from data import portfolios
from model import recourse, recourse_search
from model.results import Change, Lever, Proposal, Recourse

HOME_CREDIT = portfolios.load("home_credit")
LEVERS = [column.name for column in HOME_CREDIT.columns.values() if column.actionable]
WORDS = re.compile(r"\b(IA|AI|SHAP|None|null|nan|[A-Z]+_[A-Z_0-9]+)\b|[{}\x00]")


def change(feature: str = "AMT_CREDIT", after: float = 319_500.0) -> Change:
    return Change(feature, 406_597.5, after)


def proposal(*changes: Change, points: float = 602.3, decision: str = "review") -> Proposal:
    return Proposal(changes, points, 0.084, decision, 0.3)


def lever(feature: str = "AMT_CREDIT", low: float = 207_000.0, high: float = 406_597.5) -> Lever:
    return Lever(feature, 406_597.5, low, high, 4_500.0)


def found(*proposals: Proposal, decision: str = "refuse", levers: int = 1) -> Recourse:
    return Recourse("204817", "home_credit", 585.3, decision, proposals, (lever(),) * levers, 1_500)


class TestAProposal:
    def test_is_a_sentence_in_french(self):
        one = proposal(change())
        said = proposal_text(HOME_CREDIT, one, "fr").replace("\u202f", " ")
        assert said == (
            "Avec un crédit de 319 500, sans autre changement, ce dossier serait à 602 points, à examiner."
        )

    def test_is_a_sentence_in_english(self):
        both = proposal(change(), change("AMT_ANNUITY", 18_900.0), points=611.0, decision="accept")
        assert proposal_text(HOME_CREDIT, both, "en") == (
            "With a credit of 319,500 and an instalment of 18,900, this file would be at 611 points, "
            "approval proposed."
        )

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_emphasises_its_values_and_its_points(self, lang):
        both = proposal(change(), change("BUREAU_DEBT", 90_000.0))
        pieces = proposal_pieces(HOME_CREDIT, both, lang)
        assert "".join(text for text, _ in pieces) == proposal_text(HOME_CREDIT, both, lang)
        strong = [re.sub(r"\D", "", text) for text, marked in pieces if marked]
        assert strong == ["319500", "90000", "602"]

    @pytest.mark.parametrize("lang", LANGUAGES)
    @pytest.mark.parametrize("features", [(one,) for one in LEVERS] + list(combinations(LEVERS, 2)))
    @pytest.mark.parametrize("decision", ["review", "accept"])
    def test_of_any_levers_is_fit_to_be_read(self, lang, features, decision):
        one = proposal(*(change(name) for name in features), decision=decision)
        said = proposal_text(HOME_CREDIT, one, lang)
        assert typeset(said, lang) == said
        assert said[0].isupper()
        assert said.endswith(".")
        assert not WORDS.search(said)
        assert said.count("319") == len(features)

    def test_of_a_column_without_words_is_still_said(self):
        one = proposal(change("OWN_CAR_AGE", 3.0))
        assert proposal_text(HOME_CREDIT, one, "fr").startswith(
            "Avec «\u00a0Âge de la voiture\u00a0» à 3 ans"
        )

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_tells_each_change_against_the_file(self, lang):
        said = re.sub(r"[\s,]", "", change_text(HOME_CREDIT, change(), lang))
        label = re.sub(r"\s", "", HOME_CREDIT.columns["AMT_CREDIT"].label(lang))
        assert said.startswith(label)
        assert said.index("319500") < said.index("40659")


class TestTheSummary:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_says_each_outcome_in_its_own_words(self, lang):
        one = proposal(change())
        outcomes = [found(one), found(one, one), found(), found(levers=0), found(decision="accept")]
        said = [summary_text(HOME_CREDIT, outcome, lang) for outcome in outcomes]
        assert len(set(said)) == len(said)
        for sentence in said:
            assert typeset(sentence, lang) == sentence
            assert sentence.endswith(".")
            assert not WORDS.search(sentence)

    def test_counts_in_words(self):
        three = found(*[proposal(change())] * 3)
        assert summary_text(HOME_CREDIT, three, "fr").startswith("Trois façons")
        assert summary_text(HOME_CREDIT, three, "en").startswith("Three ways")


class TestTheLimits:
    def test_tell_how_far_each_lever_goes(self):
        levers = (lever(), lever("BUREAU_DEBT", 90_000.0))
        assert limits_text(HOME_CREDIT, levers, "en") == (
            "Limits for this file: credit at least 207,000, debts elsewhere at least 90,000."
        )

    def test_tell_the_side_that_is_open(self):
        high, both = lever(low=406_597.5, high=500_000.0), lever(high=500_000.0)
        assert "at most 500,000" in limits_text(HOME_CREDIT, (high,), "en")
        assert "between 207,000 and 500,000" in limits_text(HOME_CREDIT, (both,), "en")

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_of_nothing_are_not_told(self, lang):
        assert limits_text(HOME_CREDIT, (), lang) == ""

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_lever_has_words_in_both_languages(self, lang):
        words = HOME_CREDIT.words(lang)["levers"]
        assert set(words["with"]) == set(words["limits"]) == set(LEVERS)
        assert all(said.count("{value}") == 1 for said in words["with"].values())


class TestTheRules:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_are_told_with_what_is_never_touched(self, lang):
        said = rules_text(HOME_CREDIT, lang)
        assert HOME_CREDIT.words(lang)["levers"]["never"] in said
        assert typeset(said, lang) == said

    def test_of_a_portfolio_without_such_words_are_told_all_the_same(self, tmp_path):
        (tmp_path / "locales").mkdir()
        (tmp_path / "locales" / "fr.json").write_text("{}", encoding="utf-8")
        bare = replace(HOME_CREDIT, folder=tmp_path)
        assert rules_text(bare, "fr").endswith(texts("fr")["recourse.caution"])

    def test_are_those_of_the_search(self):
        """The words hold figures: whoever changes one changes the other."""
        assert (recourse.MOST, recourse.REACH, recourse_search.PER_CHANGE) == (3, 0.5, 0.05)
        assert "de moitié au plus" in texts("fr")["recourse.rules"]
        assert "by half at most" in texts("en")["recourse.rules"]
        assert "5\u202f%" in texts("fr")["recourse.effort"]
        assert "5%" in texts("en")["recourse.effort"]
