"""A manager reads the verdict on a batch, then asks for Evidently's report on it."""

import shutil

import pytest

pytest.importorskip("playwright")
from axe_playwright_python.sync_playwright import Axe
from drift_support import PORTFOLIO, judged, reported
from playwright.sync_api import expect

from model import batches
from tests.conftest import use_store

pytestmark = pytest.mark.browser

DRIFT = f"/{PORTFOLIO}/drift"


@pytest.fixture(scope="module")
def batch(store):
    """Two batches in the shared store, the last with a report, gone again afterwards."""
    use_store(store)
    judged("2026-10-20", name="October")
    verdict = judged("2026-11-20", name="November", lower=40)
    reported(verdict)
    yield verdict
    shutil.rmtree(store / "drift")


@pytest.mark.parametrize("width", [1280, 820])
@pytest.mark.parametrize(
    ("lang", "state", "ask"), [("fr", "Agir", "Afficher le rapport"), ("en", "Act", "Show the report")]
)
def test_the_report_is_fetched_when_it_is_asked_for_and_not_before(page, batch, lang, state, ask, width):
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/reports/" in request.url else None)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{DRIFT}?lang={lang}")
    expect(page.locator("#verdict-title")).to_contain_text(state)
    expect(page.locator("#drift-score .bars path").first).to_be_attached()
    assert not asked
    page.get_by_role("button", name=ask).click()
    frame = page.locator("iframe.drift-frame")
    expect(frame).to_be_visible()
    assert frame.get_attribute("sandbox") == "allow-scripts"
    expect(page.frame_locator("iframe.drift-frame").locator("html")).to_be_attached()
    assert len(asked) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_another_batch_is_a_link_away_and_in_the_address(page, batch):
    page.goto(f"{DRIFT}?lang=en")
    page.get_by_role("link", name="October").click()
    expect(page.locator("#verdict")).to_contain_text("20 October 2026")
    (october,) = [one.id for one in batches.batches(PORTFOLIO) if one.name == "October"]
    assert f"batch={october}" in page.url


def test_the_report_can_be_taken_away(page, batch):
    page.goto(f"{DRIFT}?lang=en")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download as JSON").click()
    assert taken.value.suggested_filename == f"limpide-drift-{batch.id}.json"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_axe_finds_nothing_serious(page, batch, lang):
    page.goto(f"{DRIFT}?lang={lang}")
    expect(page.locator("#drift-score .bars path").first).to_be_attached()
    for closed in page.locator("main details > summary").all():
        closed.click()
    found = Axe().run(page).response["violations"]
    serious = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
    assert not serious, [node["html"][:200] for one in found for node in one["nodes"][:2]]
