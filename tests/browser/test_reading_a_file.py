"""An advisor finds a file and reads it, with a keyboard only."""

import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FIELD = "main [data-picker] input"


def open_home(page):
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Ouvrir un dossier")


class TestFinding:
    def test_a_file_by_keyboard_and_reading_its_verdict(self, page, clients):
        open_home(page)
        page.keyboard.press("/")
        expect(page.locator(FIELD)).to_be_focused()
        page.keyboard.type(clients[7])
        expect(page.locator("main .found tr")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(f"Dossier {clients[7]}")
        expect(page.locator("#verdict-title")).to_have_text(
            re.compile("Accord proposé|À examiner|Refus proposé")
        )
        expect(page).to_have_title(f"Dossier {clients[7]}, éligibilité · Limpide")
        expect(page.locator("#shell-announce")).to_contain_text(f"Dossier {clients[7]}")

    def test_enter_before_the_answer_still_opens_the_file_that_was_typed(self, page, clients):
        open_home(page)
        page.locator(FIELD).fill(clients[9])
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(f"Dossier {clients[9]}")

    def test_arrows_choose_and_tell_assistive_tools(self, page, clients):
        open_home(page)
        field = page.locator(FIELD)
        field.fill(clients[0][:2])
        rows = page.locator("main .found tr")
        expect(rows.first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowDown")
        expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
        expect(field).to_have_attribute("aria-activedescendant", rows.nth(1).get_attribute("id"))
        expect(field).to_have_attribute("role", "combobox")
        expect(field).to_have_attribute("aria-expanded", "true")
        number = rows.nth(1).locator("a").inner_text()
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(f"Dossier {number}")

    def test_escape_closes_the_list(self, page, clients):
        open_home(page)
        field = page.locator(FIELD)
        field.fill(clients[0][:3])
        expect(page.locator("main .found tr").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("main .found tr").first).to_be_hidden()
        expect(field).to_have_attribute("aria-expanded", "false")
        page.keyboard.press("ArrowDown")
        expect(page.locator("main .found tr").first).to_be_visible()

    def test_a_number_that_does_not_exist_leads_to_the_closest(self, page):
        open_home(page)
        page.locator(FIELD).fill("999999999")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("n’existe pas")
        expect(page.locator(".closest a")).to_have_count(3)

    def test_another_file_from_the_masthead(self, page, clients):
        page.goto(f"/home_credit/eligibility?client={clients[0]}")
        expect(page.locator("h1")).to_have_text(f"Dossier {clients[0]}")
        page.keyboard.press("/")
        page.keyboard.type(clients[11])
        expect(page.locator(".picker-small .found tr")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(f"Dossier {clients[11]}")
        expect(page.locator(".picker-small input")).to_have_value("")

    def test_the_way_back_leads_home(self, page, clients):
        open_home(page)
        page.locator("main .found a").first.click()
        expect(page.locator("#verdict-title")).to_be_visible()
        page.go_back()
        expect(page.locator("h1")).to_have_text("Ouvrir un dossier")


class TestLanguage:
    def test_switching_keeps_the_client_and_is_remembered(self, page, clients):
        page.goto(f"/home_credit/eligibility?client={clients[2]}")
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        page.get_by_role("link", name="EN", exact=True).click()
        expect(page.locator("h1")).to_have_text(f"File {clients[2]}")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page).to_have_title(f"File {clients[2]}, eligibility · Limpide")
        page.goto("/")
        expect(page.locator("h1")).to_have_text("Open a file")


class TestReading:
    def test_the_history_opens_on_demand(self, page, clients):
        page.goto(f"/home_credit/eligibility?client={clients[0]}")
        summary = page.locator("#history summary").first
        summary.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".history-rows").first).not_to_be_empty()

    def test_the_table_of_the_figure_opens(self, page, clients):
        page.goto(f"/home_credit/eligibility?client={clients[0]}")
        page.locator("#verdict summary").click()
        expect(page.locator("#verdict table")).to_contain_text("9 sur 100")

    def test_the_skip_link_comes_first(self, page, clients):
        page.goto(f"/home_credit/eligibility?client={clients[0]}")
        expect(page.locator("#verdict-title")).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()

    @pytest.mark.parametrize("width", [1280, 1024, 820, 640])
    def test_nothing_runs_over_the_side(self, page, clients, width):
        page.set_viewport_size({"width": width, "height": 900})
        for client in clients[:3]:
            page.goto(f"/home_credit/eligibility?client={client}")
            expect(page.locator("#verdict-title")).to_be_visible()
            assert page.locator("html").evaluate("e => e.scrollWidth") <= width

    def test_the_narrow_space_of_french_numbers_has_its_own_glyph(self, page):
        open_home(page)
        assert (
            page.evaluate("document.fonts.load('16px \"Limpide Espace\"', '\\u202f').then(f => f.length)")
            == 1
        )


def test_an_address_that_leads_nowhere_says_so(chromium, address):
    opened = chromium.new_context(base_url=address, locale="en-GB").new_page()
    answer = opened.goto("/nowhere")
    assert answer.status == 404
    expect(opened.locator("h1")).to_have_text("Page not found")
    opened.get_by_role("link", name="Open a file").click()
    expect(opened.locator("h1")).to_have_text("Open a file")
    opened.context.close()
