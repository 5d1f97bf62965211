"""The words that any portfolio starts with, under its own."""

import json
import string

import pytest

from components.i18n import LANGUAGES, typeset
from data import portfolios

WAYS = ("positive_is_good", "positive_is_bad")
COMMON = {
    lang: json.loads((portfolios.COMMON / "locales" / f"{lang}.json").read_text("utf-8"))
    for lang in LANGUAGES
}


def leaves(words, path: str = "") -> dict[str, str]:
    if isinstance(words, list):
        words = {str(place): one for place, one in enumerate(words)}
    if not isinstance(words, dict):
        return {path: words}
    return {name: one for key, part in words.items() for name, one in leaves(part, f"{path}.{key}").items()}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_hold_the_same_words_with_the_same_places():
    french, english = (leaves(COMMON[lang]) for lang in LANGUAGES)
    assert {key: places(text) for key, text in french.items()} == {
        key: places(text) for key, text in english.items()
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_good_news_and_bad_are_told_in_as_many_words(lang):
    good, bad = (set(leaves(COMMON[lang][way])) for way in WAYS)
    assert {key for key in good if not key.startswith(".texts")} == bad


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_are_typeset(lang):
    assert [text for text in leaves(COMMON[lang]).values() if typeset(text, lang) != text] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_places_are_those_that_the_credit_portfolio_fills(lang):
    filled = leaves(portfolios.load("home_credit").words(lang))
    started = leaves(COMMON[lang]["any"]) | leaves(COMMON[lang]["positive_is_bad"])
    shared = {key for key in started if key in filled and not key.startswith((".card", ".letter"))}
    assert {key: places(started[key]) for key in shared} == {key: places(filled[key]) for key in shared}


def test_a_portfolios_own_words_stand_over_the_common_ones():
    own = portfolios.load("prets").words("fr")
    assert own["name"] == "Prêts"
    assert own["decisions"]["refuse"] == "Refus proposé"
    assert own["outcome"]["positive_many"] == "défavorables"
    assert portfolios.load("answers").words("en")["outcome"]["positive_many"] == "favourable"
    assert portfolios.load("home_credit").words("fr")["outcome"]["positive_many"] == "non remboursés"
