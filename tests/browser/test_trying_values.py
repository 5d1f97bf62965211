"""Simulation as an advisor uses it: change, undo, come back, try a proposal, by mouse and by keyboard."""

import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from model.assess import glance
from model.recourse import recourse

pytestmark = pytest.mark.browser
CHANGED = ".try .pts.set"


@pytest.fixture(scope="module")
def refused(store, clients) -> str:
    """A file refused that a proposal can bring to another decision."""
    found = [one.client_id for one in glance("home_credit", clients) if one.decision == "refuse"]
    return next(one for one in found if recourse("home_credit", one).proposals)


def open_file(page: Page, client: str, lang: str = "fr") -> None:
    page.goto(f"/home_credit/simulation?client={client}&lang={lang}")
    expect(page.locator("#verdict h2")).to_be_visible()
    page.wait_for_load_state("networkidle")


def credit(page: Page, lang: str = "fr"):
    return page.get_by_label({"fr": "Montant du crédit", "en": "Credit amount"}[lang]).first


def test_a_trial_is_told_undone_and_kept_when_the_language_changes(page, refused):
    open_file(page, refused)
    own = credit(page).input_value()
    credit(page).fill("1 234 567")
    expect(page.locator(CHANGED)).to_have_count(1)
    expect(page.locator("#verdict")).to_contain_text("avec 1 valeur changée")
    expect(page.locator("#moved")).to_contain_text("1 234 567".replace(" ", "\u202f"))

    page.locator("a[hreflang=en]").click()
    expect(page.locator("#verdict")).to_contain_text("with 1 value changed")
    expect(credit(page, "en")).to_have_value("1,234,567")
    assert "1234567" not in page.url.replace(",", "")

    page.get_by_role("button", name="Back to the file").click()
    expect(page.locator(CHANGED)).to_have_count(0)
    expect(credit(page, "en")).to_have_value(own.replace("\u202f", ","))
    expect(page.get_by_role("button", name="Back to the file")).to_be_disabled()


def test_a_trial_waits_for_whoever_leaves_and_comes_back(page, refused):
    open_file(page, refused)
    credit(page).fill("1 234 567")
    expect(page.locator(CHANGED)).to_have_count(1)
    page.locator(".tabs a").first.click()
    expect(page.locator("#reasons")).to_be_visible()
    page.go_back()
    expect(page.locator(CHANGED)).to_have_count(1)
    expect(page.locator("#verdict")).to_contain_text("avec 1 valeur changée")


def test_what_cannot_be_read_is_told_at_its_field(page, refused):
    open_file(page, refused)
    credit(page).fill("beaucoup")
    fault = page.locator(".bad:not(:empty)")
    expect(fault).to_contain_text("« beaucoup »".replace(" ", "\u00a0"))
    expect(page.locator(CHANGED)).to_have_count(0)
    credit(page).fill("500000")
    expect(fault).to_have_count(0)
    expect(page.locator(CHANGED)).to_have_count(1)


def test_a_proposal_loads_into_the_form(page, refused):
    open_file(page, refused)
    first = page.locator(".proposal").first
    expect(first).to_be_visible()
    first.get_by_role("button", name="Essayer").click()
    expect(first.get_by_role("button", name="En cours d’essai")).to_be_visible()
    points = re.search(r"(\d+)\s+points", first.inner_text())[1]
    expect(page.locator("#verdict")).to_contain_text(f"{points} points")


def test_a_slider_moves_by_keyboard_and_its_number_with_it(page, refused):
    open_file(page, refused)
    slider = page.locator(".try input[type=range]").first
    slider.focus()
    for _ in range(12):
        slider.press("ArrowRight")
    shown = page.locator(".slide .shown").first
    value = float(slider.input_value())
    expect(shown).to_have_text(f"{value:.2f}".replace(".", ","))
    expect(page.locator(CHANGED)).to_have_count(1)
    for _ in range(12):
        slider.press("ArrowLeft")
    expect(page.locator(CHANGED)).to_have_count(0)


def test_not_provided_shuts_a_field_and_is_an_answer(page, refused):
    open_file(page, refused)
    box = page.get_by_label("non fourni, Montant du crédit")
    box.check()
    expect(credit(page)).to_be_disabled()
    expect(page.locator(CHANGED)).to_have_count(1)
    box.uncheck()
    expect(credit(page)).to_be_enabled()
    expect(page.locator(CHANGED)).to_have_count(0)


def test_a_blank_file_is_scored_from_what_is_given(page, store):
    page.goto("/home_credit/simulation?blank=1&lang=fr")
    expect(page.locator("#verdict h2")).to_have_text("Aucun nombre de points")
    credit(page).fill("500000")
    expect(page.locator("#verdict")).to_contain_text("avec 1 valeur donnée")
    page.get_by_role("button", name="Chercher ce qui changerait l’avis").click()
    expect(page.locator("#recourse")).to_contain_text(re.compile("il n’y a rien à changer|Limites"))
    page.get_by_role("button", name="Tout effacer").click()
    expect(page.locator("#verdict h2")).to_have_text("Aucun nombre de points")
