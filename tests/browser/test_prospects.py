"""A proposal from reading to decision: its offers, another one chosen, the campaign, other values tried."""

import re

import pytest

pytest.importorskip("playwright")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from model.assess import assess

pytestmark = pytest.mark.browser

LANGUAGES = ("fr", "en")
SAID = {
    "fr": {
        "title": "Proposition",
        "proposed": "Contact proposé",
        "other": "Contacter, avec une autre offre",
        "reasons": "Vos raisons",
        "read": "Relire avant d’enregistrer",
        "save": "Enregistrer la décision",
        "choose": "Choisissez l’autre offre.",
        "kept": "La décision est enregistrée",
        "open": re.compile("Ouvrir la décision"),
        "cost": "25 € par contact",
        "age": "Âge",
    },
    "en": {
        "title": "Proposal",
        "proposed": "Contact proposed",
        "other": "Contact, with another offer",
        "reasons": "Your reasons",
        "read": "Read again before recording",
        "save": "Record the decision",
        "choose": "Choose the other offer.",
        "kept": "The decision is recorded",
        "open": re.compile("Open decision"),
        "cost": "€25 a contact",
        "age": "Age",
    },
}
PAGES = (
    "eligibility?client={client}",
    "interpretation?client={client}",
    "comparison?client={client}",
    "simulation?client={client}",
    "simulation?blank=1",
    "performance?",
    "fairness?",
    "decisions?",
)


@pytest.fixture
def likely(prospects) -> list[str]:
    """Proposals that contact is proposed for."""
    return [client for client in prospects if assess("prospects", client).proposal == "accept"]


def open_file(page, client, lang):
    page.goto(f"/prospects/eligibility?client={client}&lang={lang}")
    expect(page.locator("main h1")).to_have_text(f"{SAID[lang]['title']} {client}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_proposal_is_read_with_its_offers_and_its_campaign(crm, likely, lang):
    open_file(crm, likely[0], lang)
    expect(crm.locator("#verdict-title")).to_have_text(SAID[lang]["proposed"])
    offers = assess("prospects", likely[0]).offers
    expect(crm.locator("#offers table.offers tbody tr").first).to_contain_text(offers.top[0].code)
    expect(crm.locator("#offers table.offers tbody tr")).to_have_count(len(offers.top) + 1)
    expect(crm.locator("#campaign .reach > div")).to_have_count(3)


@pytest.mark.parametrize(("lang", "place"), [("fr", 1), ("en", 2)])
def test_another_offer_is_chosen_explained_recorded_and_seen_again(crm, likely, lang, place):
    said, client = SAID[lang], likely[place]
    open_file(crm, client, lang)
    decide = crm.locator("#decide")
    other = decide.locator("select")
    expect(other).to_be_hidden()
    decide.get_by_label(said["other"]).check()
    expect(other).to_be_visible()
    decide.get_by_label(said["reasons"]).fill("Deux enfants à couvrir.")
    decide.get_by_role("button", name=said["read"]).click()
    expect(decide.get_by_role("alert")).to_contain_text(said["choose"])
    chosen = assess("prospects", client).offers.top[1].code
    other.select_option(chosen)
    decide.get_by_role("button", name=said["read"]).click()
    expect(decide.locator(".pairs")).to_contain_text(chosen)
    decide.get_by_role("button", name=said["save"]).click()
    expect(decide.get_by_role("status")).to_contain_text(said["kept"])
    decide.get_by_role("link", name=said["open"]).click()
    expect(crm.locator("#decided")).to_contain_text(chosen)
    expect(crm.locator("#offers table.offers tbody tr").nth(1)).to_contain_text(chosen)
    crm.goto(f"/prospects/decisions?lang={lang}")
    expect(crm.locator("table.register")).to_contain_text(chosen)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_campaign_follows_the_cost_of_a_contact_and_another_mark(crm, lang):
    crm.goto(f"/prospects/performance?lang={lang}")
    campaign = crm.locator("#campaign")
    expect(campaign.locator(".reach > div")).to_have_count(3)
    campaign.locator("input[type=number]").fill("25")
    expect(campaign).to_contain_text(re.compile(SAID[lang]["cost"].replace(" ", r"\s")))
    campaign.get_by_role("slider").focus()
    for _ in range(7):
        crm.keyboard.press("ArrowRight")
    expect(campaign.locator(".reach > div")).to_have_count(4)
    expect(crm).to_have_url(re.compile(r"cost=25.*mark=607"))
    crm.reload()
    expect(campaign.locator("input[type=number]")).to_have_value("25")
    expect(campaign.locator(".reach > div")).to_have_count(4)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_values_are_tried_and_the_offers_follow(crm, likely, lang):
    crm.goto(f"/prospects/simulation?client={likely[0]}&lang={lang}")
    offers = crm.locator(".offers-brief")
    expect(offers.locator("tbody tr").nth(1)).to_be_visible()
    before = offers.inner_text()
    age = crm.get_by_label(SAID[lang]["age"], exact=True)
    age.fill("24" if assess("prospects", likely[0]).features["AGE"] != 24 else "31")
    expect(crm.locator("#verdict-title")).to_be_visible()
    expect(offers).not_to_have_text(before, use_inner_text=True)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("template", PAGES)
def test_axe_finds_nothing_serious(crm, likely, template, lang):
    crm.goto("/prospects/" + template.format(client=likely[0]) + f"&lang={lang}")
    expect(crm.locator("main h1").first).to_be_visible()
    crm.wait_for_load_state("networkidle")
    found = Axe().run(crm).response["violations"]
    serious = {one["id"] for one in found if one["impact"] in ("serious", "critical")}
    assert not serious
