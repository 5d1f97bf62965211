"""No page shuts out a reader: axe finds nothing serious, everything unfolded, in both languages."""

import pytest

pytest.importorskip("playwright")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/?",
    "eligibility": "/home_credit/eligibility?client={client}",
    "interpretation": "/home_credit/interpretation?client={client}",
    "comparison": "/home_credit/comparison?client={client}",
    "simulation": "/home_credit/simulation?client={client}",
    "blank file": "/home_credit/simulation?blank=1",
    "performance": "/home_credit/performance?",
    "model card": "/home_credit/performance?view=card",
    "fairness": "/home_credit/fairness?",
    "decisions": "/home_credit/decisions?",
    "no decision": "/decisions/D-9999999?",
    "no file": "/home_credit/comparison?",
    "unknown file": "/home_credit/interpretation?client=0",
    "not found": "/nowhere?",
}


@pytest.fixture
def anywhere(chromium, address):
    """A page that may also meet addresses which name nothing: these log an error on purpose."""
    context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(anywhere, clients, name, lang):
    anywhere.goto(PAGES[name].format(client=clients[3]) + f"&lang={lang}")
    expect(anywhere.locator("main h1").first).to_be_visible()
    if "client=" in PAGES[name] and "unknown" not in name:
        expect(anywhere.locator("main h1").first).to_contain_text(clients[3])
    anywhere.wait_for_load_state("networkidle")
    unfold(anywhere)
    found = Axe().run(anywhere).response["violations"]
    serious = {
        one["id"]: [node["html"][:160] for node in one["nodes"][:3]]
        for one in found
        if one["impact"] in ("serious", "critical")
    }
    assert not serious


def unfold(page) -> None:
    """Open everything that opens, so that nothing escapes the check."""
    closed = page.locator("main details:not([open]) > summary:visible")
    while closed.count():
        closed.first.click()
    page.wait_for_load_state("networkidle")
