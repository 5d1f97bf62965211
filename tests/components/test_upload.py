"""The sheet where a batch is sent, as it stands before its script moves it."""

import json

import pytest
from seen import attribute, find, of_kind, plain

from components import i18n, upload
from data import portfolios


@pytest.fixture(params=i18n.LANGUAGES)
def lang(request) -> str:
    return request.param


@pytest.fixture
def drawn(lang):
    return upload.section(portfolios.load("home_credit"), lang)


def parts_named(drawn) -> dict:
    named = find(drawn, lambda part: attribute(part, "data-upload-part") is not None)
    return {attribute(part, "data-upload-part"): part for part in named}


def test_is_reached_by_its_address_in_the_page(drawn, lang):
    assert drawn.id == "upload"
    title = {"fr": "Contrôler un nouveau lot", "en": "Check a new batch"}[lang]
    assert plain(of_kind(drawn, "H2")) == title


def test_says_what_becomes_of_the_file(drawn, lang):
    assert {"fr": "puis effacé", "en": "then deleted"}[lang] in plain(drawn)


def test_asks_for_a_file_with_a_button_and_hides_the_rest(drawn):
    parts = parts_named(drawn)
    assert not parts["choose"].hidden
    assert all(parts[name].hidden for name in ("send", "cancel", "state", "bar", "faults", "result"))
    assert all(button.type == "button" for button in of_kind(drawn, "Button"))


def test_names_its_progress_and_reads_out_only_what_is_new(drawn):
    parts = parts_named(drawn)
    assert attribute(parts["bar"], "aria-labelledby") == "upload-title"
    assert parts["voice"].role == "status"


def test_gives_its_script_the_words_with_their_places_open(drawn, lang):
    (told,) = find(drawn, lambda part: attribute(part, "data-upload") == "home_credit")
    words = json.loads(attribute(told, "data-words"))
    assert "{done}" in words["sending"]
    assert "{total}" in words["sending"]
    assert words["size"] == {"fr": "{size} Mo", "en": "{size} MB"}[lang]
    assert attribute(told, "data-lang") == lang
    assert attribute(told, "data-result") == f"/home_credit/drift?lang={lang}&batch=%7Bbatch%7D"


@pytest.mark.parametrize("kind", ["failed", "fault", "step"])
def test_every_code_has_words_in_both_languages(kind):
    from data.ledger.jobs import INTERRUPTED
    from model import job_faults, jobs, reporting

    codes = {
        "failed": {
            *jobs._BY_SIGNAL.values(),
            *reporting._BY_NUMBER.values(),
            INTERRUPTED,
            "invalid",
            "no_model",
        },
        "fault": {code for code, _ in job_faults._SHAPES} | {"empty_value", "other_file", "other"},
        "step": {"waiting", "reading", "preparing", "scoring", "comparing", "report", "stopping", "other"},
    }[kind]
    for lang in i18n.LANGUAGES:
        assert {f"upload.{kind}.{code}" for code in codes} <= i18n.keys(lang)
