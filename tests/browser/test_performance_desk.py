"""The manager's main act: try costs at the desk, propose a mark, read whom the model favours."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_manager_tries_a_ratio_and_proposes_a_mark(page):
    page.goto("/home_credit/performance?lang=fr")
    desk = page.locator("#desk")
    expect(desk.locator(".js-plotly-plot .lines path").first).to_be_attached()
    slider = desk.get_by_role("slider")
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(desk.locator(".tried")).to_have_text("20 bons dossiers refusés")
    expect(page).to_have_url("/home_credit/performance?lang=fr&ratio=20")
    button = desk.get_by_role("button", name="Proposer")
    button.click()
    expect(desk.get_by_role("alert")).to_contain_text("il manque la raison")
    desk.get_by_label("Pourquoi changer de seuil").fill("Le recouvrement coûte plus cher.")
    button.click()
    expect(desk.get_by_role("status").filter(has_text="enregistrée")).to_be_visible()
    expect(desk.locator(".proposals")).to_contain_text("attend l’accord d’un autre responsable")
    expect(desk.get_by_label("Pourquoi changer de seuil")).to_have_value("")


def test_the_text_of_a_proposal_survives_the_slider(page):
    page.goto("/home_credit/performance?lang=en")
    desk = page.locator("#desk")
    why = desk.get_by_label("Why change the mark")
    why.fill("Recovery costs rose.")
    desk.get_by_label("Credit amounts").check()
    expect(page).to_have_url("/home_credit/performance?lang=en&ratio=10&by=amount")
    expect(why).to_have_value("Recovery costs rose.")
    page.reload()
    expect(desk.get_by_label("Credit amounts")).to_be_checked()


def test_the_card_opens_and_comes_back(page):
    page.goto("/home_credit/performance?lang=fr")
    page.get_by_role("link", name="Fiche du modèle").click()
    expect(page.locator("main h1")).to_contain_text("Fiche du modèle")
    expect(page.locator("#card-version")).to_contain_text("Aucune approbation enregistrée")
    page.get_by_role("link", name="Revenir à la performance").click()
    expect(page.locator("main h1")).to_have_text("Performance")


def test_fairness_shows_groups_and_its_table(page):
    page.goto("/home_credit/fairness?lang=fr")
    expect(page.locator("main h1")).to_have_text("Équité")
    groups = page.locator("#groups")
    expect(groups.locator(".interval").first).to_be_visible()
    groups.get_by_text("Voir le tableau").click()
    expect(groups.locator("table.figures")).to_contain_text("Moins de 30 ans")


@pytest.mark.parametrize("name", ["performance", "performance?view=card", "fairness"])
def test_nothing_scrolls_sideways_on_a_tablet(page, name):
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto(f"/home_credit/{name}")
    expect(page.locator("main h1")).to_be_visible()
    page.wait_for_load_state("networkidle")
    width = page.locator("main").evaluate("part => part.ownerDocument.documentElement.scrollWidth")
    assert width <= 820
