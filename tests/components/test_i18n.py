import pytest

from components import i18n


def test_both_languages_hold_the_same_keys():
    assert i18n.keys("fr") == i18n.keys("en")


def test_values_are_filled_in():
    assert i18n.t("file.title", "en", client="100002") == "File 100002"


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        i18n.t("no.such.key", "fr")


def test_an_unknown_language_is_an_error():
    with pytest.raises(KeyError, match="expected one of fr, en"):
        i18n.t("value.yes", "de")


def test_a_missing_value_is_an_error():
    with pytest.raises(KeyError):
        i18n.t("file.title", "fr")


@pytest.mark.parametrize(
    ("count", "lang", "said"),
    [
        (0, "fr", "0 jour"),
        (1, "fr", "1 jour"),
        (2, "fr", "2 jours"),
        (0, "en", "0 days"),
        (1, "en", "1 day"),
        (2, "en", "2 days"),
    ],
)
def test_french_counts_zero_as_singular_and_english_as_plural(count, lang, said):
    assert i18n.plural("value.days", count, lang) == said


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Quelle question ?", "Quelle question\u202f?"),
        ("Seuil : 600", "Seuil\u00a0: 600"),
        ("« non fourni »", "«\u00a0non fourni\u00a0»"),
        ("12 % ; l'autre", "12\u202f%\u202f; l’autre"),
    ],
)
def test_french_typing_gets_its_proper_spaces(typed, set_):
    assert i18n.typeset(typed, "fr") == set_


def test_english_typing_keeps_its_spaces():
    assert i18n.typeset("Pass mark: 600, isn't it?", "en") == "Pass mark: 600, isn’t it?"


def test_no_french_text_keeps_a_breakable_space_before_its_punctuation():
    for key, said in i18n.texts("fr").items():
        assert not any(f" {mark}" in said for mark in ":;?!%»"), key


def test_a_key_in_two_files_is_refused(tmp_path, monkeypatch):
    (tmp_path / "fr.json").write_text('{"a": "un"}', encoding="utf-8")
    (tmp_path / "more.fr.json").write_text('{"a": "deux"}', encoding="utf-8")
    monkeypatch.setattr(i18n, "LOCALES", tmp_path)
    i18n.texts.cache_clear()
    try:
        with pytest.raises(ValueError, match="key 'a' is already defined"):
            i18n.texts("fr")
    finally:
        i18n.texts.cache_clear()


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_quotation_marks_are_those_of_the_language(lang):
    assert not [key for key in i18n.keys(lang) if '"' in i18n.texts(lang)[key]]
