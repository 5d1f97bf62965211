"""Reading every point of a file, in a real browser."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(page, clients):
    page.goto(f"/home_credit/interpretation?client={clients[3]}&lang=fr")
    expect(page.locator("#dependence .js-plotly-plot")).to_be_visible()
    return page


def test_a_theme_opens_and_shuts_by_keyboard(opened):
    theme = opened.locator("button.twist").nth(1)
    lines = opened.locator("#statement-1")
    expect(lines).to_be_hidden()
    theme.focus()
    opened.keyboard.press("Enter")
    expect(lines).to_be_visible()
    expect(theme).to_have_attribute("aria-expanded", "true")
    opened.keyboard.press("Space")
    expect(lines).to_be_hidden()


def test_the_unit_and_the_information_chosen_stay_in_the_address(opened):
    opened.locator("#statement .switch a").nth(1).click()
    expect(opened.locator("#statement .switch [aria-current]")).to_contain_text("sur 100")
    opened.locator("#dependence select").first.select_option("DAYS_EMPLOYED")
    expect(opened.locator("#dependence .reading")).to_contain_text("mois")
    opened.wait_for_function("location.search.includes('feature=DAYS_EMPLOYED')")
    assert "unit=rate" in opened.url
    opened.reload()
    expect(opened.locator("#dependence select").first).to_have_value("DAYS_EMPLOYED")
    expect(opened.locator("#statement .switch [aria-current]")).to_contain_text("sur 100")


def test_the_whole_statement_can_be_taken_away(opened):
    opened.locator("#statement summary", has_text="Voir le tableau").click()
    expect(opened.locator("#statement table.figures")).to_be_visible()
    with opened.expect_download() as taken:
        opened.locator("#statement button[data-take=csv]").click()
    rows = taken.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert taken.value.suggested_filename == "limpide-statement.csv"
    assert len(rows) > 100
