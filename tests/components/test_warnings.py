"""Every warning can be read aloud: what is odd, and what follows from it."""

import pytest

from components.i18n import LANGUAGES
from components.sentences import warning_text
from model.results import Warning
from tests.components.sentences_support import HOME_CREDIT, NUMBERS, assert_reads_well, numbers


class TestWarnings:
    @pytest.mark.parametrize("lang", LANGUAGES)
    @pytest.mark.parametrize("feature", HOME_CREDIT.inputs)
    def test_every_input_can_be_warned_about(self, feature, lang):
        warnings = [Warning(feature, "missing", None), Warning(feature, "unseen", "lunar base")]
        if feature in NUMBERS:
            known = numbers(HOME_CREDIT.columns[feature])
            detail = {"low": known["below"], "high": known["above"]}
            warnings.append(Warning(feature, "out_of_range", known["near"], detail))
            warnings.append(Warning(feature, "impossible", known["near"]))
        for warning in warnings:
            fact, consequence = warning_text(HOME_CREDIT, warning, lang)
            assert_reads_well(fact, lang)
            assert_reads_well(consequence, lang)

    def test_a_missing_value_reads_as_on_the_mock(self):
        assert warning_text(HOME_CREDIT, Warning("EXT_SOURCE_1", "missing", None), "fr") == (
            "La note de l’organisme A n’est pas fournie.", "L’avis s’appuie sur les autres informations."
        )  # fmt: skip

    def test_times_past_are_bounded_in_the_order_of_their_length(self):
        warning = Warning("DAYS_EMPLOYED", "out_of_range", -19724, {"low": -14976, "high": -30})
        assert warning_text(HOME_CREDIT, warning, "en") == (
            "Time in current job: 54 years, a rare value.",
            "The model mostly learnt on values from 30 days to 41 years. Check this value.",
        )

    def test_an_impossible_value_is_set_against_the_bounds_of_the_column(self):
        fact, consequence = warning_text(HOME_CREDIT, Warning("OWN_CAR_AGE", "impossible", 412.0), "fr")
        assert fact == "Âge de la voiture\u00a0: 412 ans, une valeur impossible."
        assert "de 0 mois à 100 ans" in consequence

    def test_one_bound_alone_is_said_alone(self):
        warning = Warning("AMT_CREDIT", "out_of_range", 9e6, {"high": 4_050_000})
        assert "at most 4,050,000." in warning_text(HOME_CREDIT, warning, "en")[1]

    @pytest.mark.parametrize("family", HOME_CREDIT.families)
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_a_history_not_collected_is_named(self, family, lang):
        for text in warning_text(HOME_CREDIT, Warning(family, "not_collected", None), lang):
            assert_reads_well(text, lang)
