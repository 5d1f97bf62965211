import pytest

from components.links import ELIGIBILITY, address, link
from components.rich import fill
from components.shell import Place


def test_an_address_carries_the_state():
    assert address(ELIGIBILITY, portfolio="p", client="1", lang="fr") == "/p/eligibility?client=1&lang=fr"


def test_an_address_leaves_out_what_is_not_there():
    assert address(ELIGIBILITY, portfolio="p", client=None) == "/p/eligibility"


@pytest.mark.parametrize("typed", ["a&lang=en", '"><script>', "../..", "é #?"])
def test_what_was_typed_stays_inside_its_parameter(typed):
    from urllib.parse import parse_qs, urlsplit

    parts = urlsplit(address(ELIGIBILITY, portfolio="p", client=typed, lang="fr"))
    assert parts.path == "/p/eligibility"
    assert parse_qs(parts.query) == {"client": [typed], "lang": ["fr"]}


def test_the_language_switch_keeps_page_and_client():
    place = Place(ELIGIBILITY, "fr", "home_credit", "204817", query={"unit": "points"})
    assert place.address(lang="en") == "/home_credit/eligibility?client=204817&lang=en&unit=points"


def test_links_between_pages_are_followed_in_place():
    assert getattr(link("Accueil", "/"), "data-page") == ""


def test_a_sentence_is_filled_with_parts():
    assert fill("Sur {n}, {bad}.", n="100", bad="14") == ["Sur ", "100", ", ", "14", "."]


def test_a_sentence_without_its_part_is_an_error():
    with pytest.raises(KeyError, match="bad"):
        fill("Sur 100, {bad}.")
