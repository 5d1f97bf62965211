"""Every reason can be read aloud: true, whole, and in good typography."""

import json
from dataclasses import replace
from itertools import product

import pytest

from components import formats
from components.i18n import LANGUAGES, keys, texts, typeset
from components.sentences import Sentence, reason_sentence, reason_text, reasons_told, rounded, warning_text
from data import portfolios
from model.results import Warning
from tests.components.sentences_support import BANNED, HOME_CREDIT, NUMBERS, assert_reads_well, reason

STANDINGS = ("below", "near", "above", "missing")
DIRECTIONS = ("takes", "adds")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("feature", HOME_CREDIT.inputs)
def test_every_input_can_be_told_in_each_direction_and_standing(feature, lang):
    for standing in STANDINGS:
        told = {way: reason(feature, way, standing, lang) for way in DIRECTIONS}
        whole = {way: reason_text(HOME_CREDIT, one, lang) for way, one in told.items()}
        assert whole["takes"] != whole["adds"]
        for way, one in told.items():
            sentence = reason_sentence(HOME_CREDIT, one, lang)
            assert_reads_well(sentence.text, lang)
            assert_reads_well(whole[way], lang)
            assert whole[way].startswith(sentence.text.removesuffix("."))
            assert "12 points" in whole[way]
            assert sentence.reference[1:] in whole[way]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("feature", HOME_CREDIT.inputs)
def test_the_value_stands_in_the_sentence_unless_words_replace_it(feature, lang):
    column = HOME_CREDIT.columns[feature]
    for standing in ("below", "near", "above"):
        one = reason(feature, "takes", standing, lang)
        shown = formats.value(HOME_CREDIT, feature, one.value, lang)
        emphasised = reason_sentence(HOME_CREDIT, one, lang).value
        spoken = column.kind == "flag" or one.value == 0
        assert emphasised
        assert spoken or shown.removeprefix(formats.MINUS) in emphasised


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("feature", NUMBERS)
def test_nought_one_and_below_nought_read_well(feature, lang):
    column = HOME_CREDIT.columns[feature]
    for value in (0.0, 1.0, 1.5, 2.0, -1.0):
        if column.low is not None and value < column.low:
            continue
        one = reason(feature, "takes", "near", lang, value=value)
        assert_reads_well(reason_text(HOME_CREDIT, one, lang), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_category_reads_well_inside_its_sentence(lang):
    for feature in HOME_CREDIT.inputs:
        for code in HOME_CREDIT.words(lang)["categories"].get(feature, {}):
            one = reason(feature, "takes", "near", lang, value=code)
            assert_reads_well(reason_text(HOME_CREDIT, one, lang), lang)


class TestExactly:
    def test_a_low_score_in_french(self):
        told = reason("EXT_SOURCE_2", "takes", "below", "fr", value=0.31, reference=0.52)
        assert reason_sentence(HOME_CREDIT, told, "fr") == Sentence(
            "La note transmise par l’organisme B est basse\u00a0: ",
            "0,31 sur 1",
            ".",
            "Acceptés de justesse\u00a0: 0,52 sur 1",
        )
        assert reason_text(HOME_CREDIT, told, "fr") == (
            "La note transmise par l’organisme B est basse\u00a0: 0,31 sur 1 "
            "(acceptés de justesse\u00a0: 0,52 sur 1). Cette information retire 12 points."
        )

    def test_a_low_score_in_english(self):
        told = reason("EXT_SOURCE_2", "takes", "below", "en", value=0.31, reference=0.52)
        assert reason_text(HOME_CREDIT, told, "en") == (
            "The score sent by agency B is low: 0.31 out of 1 "
            "(just accepted: 0.52 out of 1). This information takes away 12 points."
        )

    def test_a_ratio(self):
        told = reason("ANNUITY_INCOME", "adds", "below", "fr", value=0.19, reference=0.24, points=1.2)
        assert reason_text(HOME_CREDIT, told, "fr") == (
            "La mensualité demandée prend 19\u202f% du revenu "
            "(acceptés de justesse\u00a0: 24\u202f%). Cette information ajoute 1 point."
        )

    def test_a_length_of_time(self):
        told = reason("DAYS_EMPLOYED", "adds", "below", "fr", value=-2312, reference=-1491)
        sentence = reason_sentence(HOME_CREDIT, told, "fr")
        assert sentence.text == "L’employeur est le même depuis 6 ans et 4 mois."
        assert sentence.reference == "Acceptés de justesse\u00a0: 4 ans et 1 mois"

    def test_a_missing_value(self):
        told = reason("EXT_SOURCE_1", "takes", "missing", "fr", reference=0.5, points=-2.0)
        assert reason_text(HOME_CREDIT, told, "fr") == (
            "La note de l’organisme A n’est pas fournie "
            "(acceptés de justesse\u00a0: 0,50 sur 1). Cette absence retire 2 points."
        )

    @pytest.mark.parametrize(("value", "said"), [("Y", "Une voiture est"), ("N", "Aucune voiture n’est")])
    def test_a_flag_as_the_source_writes_it(self, value, said):
        told = reason("FLAG_OWN_CAR", "adds", "near", "fr", value=value, reference="N")
        sentence = reason_sentence(HOME_CREDIT, told, "fr")
        assert sentence.text == f"{said} déclarée."
        assert sentence.reference == "Acceptés de justesse, le plus souvent\u00a0: non"

    def test_a_category_in_lower_case(self):
        told = reason("OCCUPATION_TYPE", "takes", "above", "fr", value="Drivers", reference="Sales staff")
        sentence = reason_sentence(HOME_CREDIT, told, "fr")
        assert sentence.text == "Le métier déclaré est classé «\u00a0conduite\u00a0»."
        assert sentence.reference.endswith("le plus souvent\u00a0: vente")

    def test_an_amount_without_a_currency(self):
        told = reason("AMT_CREDIT", "takes", "above", "fr", value=18400.0)
        assert reason_sentence(HOME_CREDIT, told, "fr").text == "Le crédit demandé est de 18\u202f400."

    def test_an_amount_below_nought_loses_its_minus_when_words_say_it(self):
        told = reason("CREDIT_MINUS_GOODS", "adds", "below", "fr", value=-2500.0)
        said = reason_sentence(HOME_CREDIT, told, "fr").text
        assert said == "Le crédit demandé est inférieur de 2\u202f500 au prix du bien."

    def test_french_counts_nought_and_one_as_singular(self):
        def said(lang, count):
            told = reason("DOCUMENT_COUNT", "takes", "near", lang, value=float(count))
            return reason_sentence(HOME_CREDIT, told, lang).text

        assert [said("fr", count) for count in (0, 1, 2)] == [
            "Aucun document n’est fourni.", "1 document est fourni.", "2 documents sont fournis."
        ]  # fmt: skip
        assert [said("en", count) for count in (0, 1, 2)] == [
            "No document is provided.", "1 document is provided.", "2 documents are provided."
        ]  # fmt: skip


class TestPoints:
    def test_the_points_shown_elsewhere_can_be_given(self):
        told = reason("AMT_CREDIT", "takes", "above", "en", points=-3.6)
        assert "takes away 3 points." in reason_text(HOME_CREDIT, told, "en", points=-3)

    def test_machines_are_told_the_points_that_pages_show(self, refused):
        # 614.4 and three times -1.6 are 609.6: shown as 614 and 610, so one reason is shown as -1.
        told = tuple(reason(name, "takes", "above", "en", points=-1.6) for name in NUMBERS[:3])
        found = replace(refused, reasons=told, base_points=614.4, points=609.6)
        shown, rest = rounded(found)
        assert (sorted(shown), rest) == ([-2, -1, -1], 0)
        for one, points in zip(reasons_told(HOME_CREDIT, found, "en"), shown, strict=True):
            assert f"takes away {-points} point" in one["text"]

    def test_less_than_half_a_point_is_said_so(self):
        told = reason("AMT_CREDIT", "adds", "above", "fr", points=0.3)
        assert reason_text(HOME_CREDIT, told, "fr").endswith("ajoute moins d’un point.")

    @pytest.mark.parametrize(("lang", "said"), [("fr", "qui s’y rattachent"), ("en", "what is linked to it")])
    def test_a_reason_that_speaks_for_several_inputs_says_so(self, lang, said):
        alone = reason("EXT_MEAN", "takes", "below", lang)
        group = replace(alone, features=("EXT_MEAN", "EXT_MIN"))
        assert said not in reason_text(HOME_CREDIT, alone, lang)
        assert said in reason_text(HOME_CREDIT, group, lang)
        assert_reads_well(reason_text(HOME_CREDIT, group, lang), lang)


class TestWhatSomeoneTyped:
    def test_braces_and_brackets_in_a_value_are_only_text(self):
        told = reason("OCCUPATION_TYPE", "takes", "above", "en", value="{value} [x] {0}")
        assert reason_sentence(HOME_CREDIT, told, "en").value == "{value} [x] {0}"
        assert "{value} [x] {0}" in reason_text(HOME_CREDIT, told, "en")
        assert "{0}" in warning_text(HOME_CREDIT, Warning("OCCUPATION_TYPE", "unseen", "{0}"), "en")[0]

    def test_a_long_or_broken_value_is_cut_to_one_line(self):
        fact, _ = warning_text(HOME_CREDIT, Warning("OCCUPATION_TYPE", "unseen", "a\n\tb" + "c" * 500), "en")
        assert "a b" in fact
        assert len(fact) < 120
        assert "…" in fact


def test_a_choice_that_the_portfolio_names_is_told_whole(tmp_path):
    name = "critical account, other credits existing (not at this bank)"
    (tmp_path / "locales").mkdir()
    for lang in LANGUAGES:
        words = {"categories": {"OCCUPATION_TYPE": {"A34": name}}}
        (tmp_path / "locales" / f"{lang}.json").write_text(json.dumps(words), encoding="utf-8")
    told = reason("OCCUPATION_TYPE", "takes", "above", "en", value="A34")
    assert reason_sentence(replace(HOME_CREDIT, folder=tmp_path), told, "en").value == name


class TestAPortfolioWithoutWords:
    @pytest.fixture
    def bare(self, tmp_path) -> portfolios.Portfolio:
        """A portfolio just brought, whose sentences nobody has written yet."""
        (tmp_path / "locales").mkdir()
        for lang in LANGUAGES:
            (tmp_path / "locales" / f"{lang}.json").write_text("{}", encoding="utf-8")
        return replace(HOME_CREDIT, folder=tmp_path)

    @pytest.mark.parametrize(("lang", "standing"), list(product(LANGUAGES, STANDINGS)))
    def test_every_input_is_still_told_by_its_label(self, bare, lang, standing):
        for feature in bare.inputs:
            told = reason(feature, "takes", standing, lang)
            text = reason_text(bare, told, lang)
            assert typeset(bare.columns[feature].label(lang), lang) in text
            assert "{" not in text
            assert "[" not in text

    def test_a_history_not_collected_is_named_by_its_code(self, bare):
        fact, _ = warning_text(bare, Warning("bureau", "not_collected", None), "en")
        assert fact == "“bureau”: not provided."


class TestGenericTexts:
    def test_both_languages_hold_the_same(self):
        assert keys("fr") == keys("en")

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_none_uses_a_banned_phrase(self, lang):
        written = [
            text for key, text in texts(lang).items() if key.startswith(("reason", "warning", "check"))
        ]
        assert written
        for text in written:
            assert not [phrase for phrase in BANNED if phrase in text.lower()], text
