"""Coming in, losing the session while writing, coming back to what was written, going out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests_support import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(chromium, closed_address):
    context = chromium.new_context(
        base_url=closed_address, locale="fr-FR", viewport={"width": 1280, "height": 900}
    )
    yield context.new_page()
    context.close()


def come_in(page, name: str) -> None:
    page.get_by_label("Identifiant").fill(name)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Entrer").click()


def test_an_advisor_comes_in_loses_the_session_and_goes_on_where_they_were(reader, clients):
    reader.goto(f"/home_credit/simulation?client={clients[0]}&lang=fr")
    come_in(reader, "the-advisor")
    reader.get_by_role("heading", name=clients[0]).first.wait_for()
    assert reader.get_by_role("link", name="Simulation").count()
    assert not reader.get_by_role("link", name="Performance").count()

    field = reader.get_by_label("Montant du crédit").first
    reader.context.clear_cookies(name="limpide")
    field.fill("1 234 567")
    told = reader.get_by_role("alert").filter(has_text="Votre session est terminée")
    expect(told).to_be_visible()
    expect(field).to_have_value("1 234 567")

    with reader.context.expect_page() as opened:
        told.get_by_role("link").click()
    come_in(opened.value, "the-advisor")
    opened.value.get_by_role("heading", name=clients[0]).first.wait_for()
    field.fill("1 234 568")
    expect(reader.locator("#verdict")).to_contain_text("avec 1 valeur changée")
    expect(told).to_have_count(0)


def test_going_out_leaves_nothing_behind_the_back_button(reader, clients):
    reader.goto(f"/home_credit/eligibility?client={clients[0]}&lang=fr")
    come_in(reader, "the-manager")
    reader.get_by_role("heading", name=clients[0]).first.wait_for()
    reader.get_by_text("Responsable", exact=True).click()
    reader.get_by_role("button", name="Se déconnecter").click()
    reader.get_by_role("heading", name="Se connecter").wait_for()
    reader.go_back()
    reader.get_by_role("heading", name="Se connecter").wait_for()
    assert clients[0] not in reader.inner_text("body")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_form_shuts_no_reader_out(reader, lang):
    reader.goto(f"/login?lang={lang}")
    assert not Axe().run(reader).response["violations"]
    reader.locator("#login-password").fill("secret")
    reader.locator("#login-show").click()
    assert reader.locator("#login-password").get_attribute("type") == "text"
    assert reader.locator("#login-show").get_attribute("aria-pressed") == "true"


def test_the_menu_of_who_is_at_work_shuts_no_reader_out(reader):
    reader.goto("/?lang=fr")
    come_in(reader, "the-manager")
    menu = reader.locator("details.reader")
    menu.locator("summary").focus()
    reader.keyboard.press("Enter")
    reader.get_by_role("button", name="Se déconnecter").wait_for()
    found = Axe().run(reader).response["violations"]
    assert not [one["id"] for one in found]
    reader.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
