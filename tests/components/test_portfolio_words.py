"""The credit portfolio has words for everything it shows, the same in both languages."""

import pytest

from components.i18n import LANGUAGES, typeset
from data import portfolios

HOME_CREDIT = portfolios.load("home_credit")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("feature", HOME_CREDIT.inputs)
def test_every_input_has_words_of_its_own(feature, lang):
    said = HOME_CREDIT.words(lang)["say"][feature]
    kind = HOME_CREDIT.columns[feature].kind
    complete = {"yes", "no"} if kind == "flag" else {"any"}
    scored = {"below", "near", "above"}
    assert "missing" in said
    assert complete <= set(said) or scored <= set(said)


def test_protected_facts_are_never_told():
    protected = {name for name, column in HOME_CREDIT.columns.items() if column.role == "protected"}
    said = [HOME_CREDIT.words(lang)["say"] for lang in LANGUAGES]
    assert protected == {"CODE_GENDER", "DAYS_BIRTH", "NAME_FAMILY_STATUS"}
    assert not any(protected & set(sentences) for sentences in said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_said_of_columns_that_are_not_inputs(lang):
    assert set(HOME_CREDIT.words(lang)["say"]) == set(HOME_CREDIT.inputs)


class TestTheWordsOfThePortfolio:
    def test_both_languages_hold_the_same(self):
        def shape(words):
            return {k: shape(v) for k, v in words.items()} if isinstance(words, dict) else None

        french, english = (shape(HOME_CREDIT.words(lang)) for lang in LANGUAGES)
        assert french == english

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_theme_family_and_table_has_a_name(self, lang):
        words = HOME_CREDIT.words(lang)
        described = HOME_CREDIT.columns.values()
        assert {column.theme for column in described if column.role == "input"} <= set(words["themes"])
        assert set(HOME_CREDIT.families) == set(words["families"]) == set(words["not_collected"])
        tables = {table for family in HOME_CREDIT.families.values() for table in family["tables"]}
        assert tables <= set(words["tables"])
        assert tables == set(words["table_columns"])

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_category_column_has_words(self, lang):
        named = HOME_CREDIT.words(lang)["categories"]
        given = [c.name for c in HOME_CREDIT.columns.values() if c.kind == "category"]
        assert not [name for name in given if not named.get(name)]

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_words_are_typeset(self, lang):
        def leaves(words):
            return [t for v in words.values() for t in leaves(v)] if isinstance(words, dict) else [words]

        loose = [t for t in leaves(HOME_CREDIT.words(lang)) if isinstance(t, str) and typeset(t, lang) != t]
        assert not loose
