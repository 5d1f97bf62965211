"""A whole conversation with a client: find, read, say why, compare, try, come back."""

import json
import re
import urllib.request

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "why": "Toutes les informations, point par point",
        "add": "Ajouter un filtre",
        "contract": "Type de crédit demandé",
        "cash": "prêt personnel",
        "trying": "En cours d’essai",
        "back": "Revenir au dossier",
        "tabs": ("Éligibilité", "Interprétation", "Comparaison", "Simulation"),
    },
    "en": {
        "why": "Every item, point by point",
        "add": "Add a filter",
        "contract": "Type of credit requested",
        "cash": "cash loan",
        "trying": "Being tried",
        "back": "Back to the file",
        "tabs": ("Eligibility", "Interpretation", "Comparison", "Simulation"),
    },
}


@pytest.fixture(scope="module")
def helped(address, clients) -> str:
    """A client who is not accepted, and for whom something would change the decision."""
    for client in clients:
        asked = f"{address}/api/v1/home_credit/clients/{client}/recourse"
        with urllib.request.urlopen(asked, timeout=30) as answer:
            found = json.load(answer)
        if found["proposals"]:
            return client
    pytest.fail("no demo client has a proposal")


class Mouse:
    """An advisor with a mouse."""

    def __init__(self, page):
        self.page = page

    def press(self, target) -> None:
        target.click()


class Keyboard(Mouse):
    """An advisor who only has a keyboard: everything is reached with Tab and opened with Enter."""

    def press(self, target) -> None:
        expect(target).to_be_visible()
        self.page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges()")
        for _ in range(200):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                self.page.keyboard.press("Enter")
                return
        pytest.fail(f"{target} cannot be reached with the keyboard")


def tab(page, name):
    return page.locator(".tabs a", has_text=name)


def points_of(page) -> int:
    """Return the points that the verdict tells."""
    said = page.locator("#verdict .verdict .read").first.inner_text()
    return int(re.match(r"\d+", said)[0])


@pytest.mark.parametrize("advisor", [Mouse, Keyboard], ids=["mouse", "keyboard"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_advisor_leads_a_client_from_the_verdict_to_what_would_change_it(page, helped, lang, advisor):
    words, hand = WORDS[lang], advisor(page)

    # Find and read.
    page.goto(f"/?lang={lang}")
    expect(page.locator("main .found tr").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(helped)
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_contain_text(helped)
    points = points_of(page)

    # Say why, point by point: the statement ends on the points of the verdict.
    hand.press(page.get_by_role("link", name=words["why"]))
    expect(tab(page, words["tabs"][1])).to_have_attribute("aria-current", "page")
    shut = page.locator("#statement .twist[aria-expanded=false]").first
    expect(shut).to_be_visible()
    hand.press(shut)
    expect(page.locator("#statement .total td").last).to_have_text(str(points))

    # Compare, with two filters: each leaves fewer files, and the address says both.
    hand.press(tab(page, words["tabs"][2]))
    counted = page.locator("#who .counted b").first
    expect(counted).to_be_visible()
    everyone = number(counted)
    between = page.locator("#who .filter:has(summary)").first
    hand.press(between.locator("summary"))
    thumb = between.get_by_role("slider").first
    thumb.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(thumb).to_be_hidden()
    expect(counted).not_to_have_text(re.compile(f"^{shown(everyone, lang)}\\D"))
    fewer = number(counted)
    assert fewer < everyone
    adding = page.locator("#who").get_by_role("group", name=words["add"]).get_by_role("button")
    hand.press(adding)
    choose(page, words["contract"])
    added = page.locator("#who").get_by_role("group", name=words["contract"])
    hand.press(added.get_by_role("button").first)
    choose(page, words["cash"])
    expect(page).to_have_url(re.compile(r"f\.\w+=.*&f\.\w+="))
    expect(counted).not_to_have_text(re.compile(f"^{shown(fewer, lang)}\\D"))
    assert number(counted) < fewer

    # Try what would change the decision.
    hand.press(tab(page, words["tabs"][3]))
    use = page.locator("#recourse .use").first
    expect(use).to_be_visible()
    decision = page.locator("#verdict-title").inner_text()
    hand.press(use)
    expect(page.locator("#verdict-title")).not_to_have_text(decision)
    assert points_of(page) > points
    expect(page.locator("#recourse .use").first).to_contain_text(words["trying"])

    # Come back: the file is as it was.
    hand.press(page.get_by_role("button", name=words["back"]))
    expect(page.locator("#verdict-title")).to_have_text(decision)
    assert points_of(page) == points
    hand.press(tab(page, words["tabs"][0]))
    expect(page.locator("main h1")).to_contain_text(helped)
    assert points_of(page) == points


def number(target) -> int:
    return int(re.sub(r"\D", "", target.inner_text()))


def shown(count: int, lang: str) -> str:
    return f"{count:,}".replace(",", "\u202f" if lang == "fr" else ",")


def choose(page, option: str) -> None:
    """Choose in the list that is open, by typing as one does."""
    expect(page.locator(".dash-dropdown-search")).to_be_focused()
    page.keyboard.type(option)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
