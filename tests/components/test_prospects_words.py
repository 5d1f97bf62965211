"""The portfolio of prospects has words of its own for everything it shows, the same in both languages."""

import re
import string

import pytest

from components import formats, i18n
from components.i18n import LANGUAGES, own, typeset
from data import portfolios

PROSPECTS = portfolios.load("prospects")
LENT = re.compile(
    r"crédit|rembours|mensualité|emprunt|prêteur|banque|\bclients?\b|\bloans?\b|repa(id|y)|instalment|lender|"
    r"\bbank(?! statement)",
    re.I,
)


def leaves(words):
    return [t for v in words.values() for t in leaves(v)] if isinstance(words, dict) else [words]


def texts_of(lang):
    return [text for text in leaves(dict(PROSPECTS.words(lang))) if isinstance(text, str)]


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("lang", LANGUAGES)
class TestInEachLanguage:
    def test_every_input_is_said(self, lang):
        said = PROSPECTS.words(lang)["say"]
        assert set(said) == set(PROSPECTS.inputs)
        for name, forms in said.items():
            needed = {"yes", "no"} if PROSPECTS.columns[name].kind == "flag" else {"any"}
            assert needed | {"missing"} <= set(forms)

    def test_protected_facts_are_never_told(self, lang):
        protected = {column.name for column in PROSPECTS.columns.values() if column.role == "protected"}
        assert protected
        assert not protected & set(PROSPECTS.words(lang)["say"])

    def test_every_theme_and_every_category_has_a_name(self, lang):
        words = PROSPECTS.words(lang)
        assert {PROSPECTS.columns[name].theme for name in PROSPECTS.inputs} <= set(words["themes"])
        told = {"AGE", "DEPARTEMENT"}  # numbers, and departments by their number
        named = {n for n in PROSPECTS.inputs if PROSPECTS.columns[n].kind == "category"} - told
        assert named <= set(words["categories"])

    def test_nothing_speaks_of_credit(self, lang):
        assert not [text for text in texts_of(lang) if LENT.search(re.sub(r"\{\w+\}", "", text))]

    def test_words_are_typeset_as_they_are_shown(self, lang):
        assert not [text for text in texts_of(lang) if "'" in typeset(text, lang)]

    def test_what_is_said_otherwise_fills_the_same_places(self, lang):
        generic = i18n.texts(lang)
        for key, text in PROSPECTS.words(lang)["texts"].items():
            assert places(text) <= places(generic[key]), key

    def test_membership_is_read_aloud_as_a_sentence(self, lang):
        sentence = PROSPECTS.words(lang)["say"]["ADHERENT"]["any"]
        said = sentence.format(value=formats.category(PROSPECTS, "ADHERENT", "NON ADHERENT", lang))
        told = {
            "fr": "L’adhésion à la mutuelle est absente.",
            "en": "The prospect is not a member of the mutual.",
        }
        assert said == told[lang]

    def test_a_share_of_nearly_all_stays_a_share_in_its_sentence(self, lang):
        share = own(PROSPECTS, "comparison.share.all", lang)
        said = own(PROSPECTS, "comparison.same", lang, share=share).replace("\u202f", " ")
        told = {"fr": "Comme plus de 99 % des propositions.", "en": "Like more than 99% of proposals."}
        assert said == told[lang]

    def test_a_month_is_said_by_its_name(self, lang):
        shown = formats.value(PROSPECTS, "MOIS", 11, lang)
        assert shown == {"fr": "novembre", "en": "November"}[lang]

    def test_the_number_of_a_prospect_is_never_grouped(self, lang):
        assert formats.value(PROSPECTS, "IDKPEP", 1_001_018, lang) == "1001018"


class TestTheGenericTexts:
    def test_are_said_as_the_portfolio_says_them(self):
        assert own(PROSPECTS, "file.title", "fr", client="7") == "Proposition 7"

    def test_stay_generic_for_another_portfolio(self):
        assert own(portfolios.load("home_credit"), "file.title", "fr", client="7") == "Dossier 7"

    def test_an_unknown_key_is_still_an_error(self):
        with pytest.raises(KeyError):
            own(PROSPECTS, "no.such.key", "fr")


def test_only_two_things_may_be_decided_and_no_letter_tells_it():
    assert PROSPECTS.choices == ("accept", "refuse")
    assert not PROSPECTS.has_letters
    credit = portfolios.load("home_credit")
    assert credit.choices == ("accept", "review", "refuse")
    assert credit.has_letters
