"""Somebody's own file becomes a portfolio by two commands; an advisor works with it in both languages."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("playwright")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, _served, _watched
from tests.portfolios.own_files import loans

pytestmark = pytest.mark.browser
CLIENT = "A3 0024/é"
WIDTHS = (1280, 820)
PAGES = ("eligibility", "interpretation", "comparison", "simulation", "performance", "fairness", "drift")


@dataclass(frozen=True)
class Said:
    """What an advisor reads and presses, in one language."""

    lang: str
    title: str
    verdict: str
    reference: str
    income: str
    typed: str
    changed: str
    compared: str
    refuse: str
    read: str
    record: str
    recorded: str
    language: str
    write: str
    written: str
    letter: str


FRENCH = Said(
    lang="fr",
    title=f"Dossier {CLIENT}",
    verdict="Acceptation proposée|À examiner|Refus proposé",
    reference="Acceptés de justesse",
    income="Revenu mensuel",
    typed="1 234,50",
    changed="avec 1 valeur changée",
    compared="Où se place ce dossier",
    refuse="Refuser",
    read="Relire avant d’enregistrer",
    record="Enregistrer la décision",
    recorded="La décision est enregistrée",
    language="En français",
    write="Établir la lettre",
    written="La lettre est établie",
    letter="Vous avez fait une demande",
)
ENGLISH = Said(
    lang="en",
    title=f"File {CLIENT}",
    verdict="Acceptance proposed|To be reviewed|Refusal proposed",
    reference="Just accepted",
    income="Revenu mensuel",
    typed="1,234.50",
    changed="with 1 value changed",
    compared="Where this file stands",
    refuse="Refuse",
    read="Read again before recording",
    record="Record the decision",
    recorded="The decision is recorded",
    language="In English",
    write="Make the letter",
    written="The letter is made",
    letter="You made an application",
)


@pytest.fixture(scope="module")
def own_address(tmp_path_factory) -> Iterator[str]:
    """The address of the application on a portfolio made and trained by its commands alone."""
    folder = tmp_path_factory.mktemp("own")
    given = {"STORE_DIR": str(folder), "PORTFOLIOS_DIR": str(folder / "portfolios")}
    asked = loans(tmp_path_factory.mktemp("file"))
    _run(given, "data", "new-portfolio", asked.name, "--from", str(asked.file), "--id", asked.id_column,
         "--target", asked.target, "--positive", asked.positive, "--false-negative", "5")  # fmt: skip
    _run(given, "model", "train", asked.name, "--no-track")
    with _served(given, folder / "log") as found:
        yield found


def _run(given: Mapping[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=os.environ | given, check=True, timeout=300)


@pytest.fixture
def own_page(chromium, own_address) -> Iterator[Page]:
    with _watched(chromium, own_address) as opened:
        yield opened


@pytest.mark.parametrize("said", [FRENCH, ENGLISH], ids=lambda said: said.lang)
def test_a_file_is_found_read_tried_compared_decided_and_written_about(own_page, said):
    page = own_page
    page.goto(f"/?lang={said.lang}")
    page.locator("main [data-picker] input").fill(CLIENT[:7])
    expect(page.locator("main .found tr")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(said.title)
    expect(page.locator("#verdict-title")).to_have_text(re.compile(said.verdict))
    expect(page.locator("#reasons")).to_contain_text(said.reference)
    try_a_value(page, said)
    page.goto(there(said, "comparison"))
    expect(page.get_by_role("heading", name=said.compared)).to_be_visible()
    decide(page, said)


def there(said: Said, name: str) -> str:
    return f"/prets/{name}?client={CLIENT.replace(' ', '+')}&lang={said.lang}"


def try_a_value(page: Page, said: Said) -> None:
    page.goto(there(said, "simulation"))
    page.wait_for_load_state("networkidle")
    page.get_by_label(said.income).first.fill(said.typed)
    expect(page.locator("#verdict")).to_contain_text(said.changed)


def decide(page: Page, said: Said) -> None:
    page.goto(there(said, "eligibility"))
    panel = page.locator("#decide")
    panel.get_by_label(said.refuse, exact=True).check()
    panel.get_by_role("textbox").first.fill("Pièces vues.")
    panel.get_by_role("textbox").first.blur()
    panel.get_by_role("button", name=said.read).click()
    panel.get_by_role("button", name=said.record).click()
    expect(panel.get_by_role("status")).to_contain_text(said.recorded)
    page.goto(
        f"/decisions/{re.search(r'D-[0-9]{7}', panel.get_by_role('status').inner_text())[0]}?lang={said.lang}"
    )
    letter = page.locator("#letter")
    letter.get_by_label(said.language).check()
    letter.get_by_role("button", name=said.write).click()
    expect(letter.get_by_role("status")).to_contain_text(said.written)
    page.goto(letter.get_by_role("status").get_by_role("link").first.get_attribute("href"))
    expect(page.locator("body")).to_contain_text(said.letter)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_page_fits_its_window_and_shuts_nobody_out(own_page, lang):
    client = f"client={CLIENT.replace(' ', '+')}&"
    pages = [*(f"/prets/{name}?{client if name in PAGES[:4] else ''}" for name in PAGES), "/?"]
    for width in WIDTHS:
        own_page.set_viewport_size({"width": width, "height": 900})
        for address in pages:
            own_page.goto(f"{address}lang={lang}")
            expect(own_page.locator("main h1")).to_be_visible()
            assert own_page.evaluate("document.documentElement.scrollWidth") <= width, address
            if width == WIDTHS[0]:
                own_page.wait_for_load_state("networkidle")
                assert Axe().run(own_page).violations_count == 0, address
            name = next((part for part in PAGES if f"/{part}?" in address), "home")
            _pictured(own_page, f"own_{lang}_{width}_{name}")


def _pictured(page: Page, name: str) -> None:
    """Keep a picture where LIMPIDE_PICTURES names a folder, to be looked at."""
    if folder := os.environ.get("LIMPIDE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
