"""A manager sends a batch from the Drift page, follows its check, leaves and comes back, stops it."""

import re

import pytest
from playwright.sync_api import Page, expect

from data.bank import open_bank
from data.portfolios import load

pytestmark = pytest.mark.browser
DRIFT = "/home_credit/drift?lang=fr"
WAIT = 90_000


@pytest.fixture
def batch(store, clients, tmp_path):
    """Write the application files of so many clients."""
    portfolio = load("home_credit")
    wanted = {portfolio.id_column, *portfolio.given}

    def write(rows: int):
        bank = open_bank("home_credit")
        ids, _ = bank.search("", limit=rows)
        known = bank.records(ids)
        path = tmp_path / "lot-novembre.csv"
        known.select(name for name in known.columns if name in wanted).write_csv(path)
        return path

    return write


def choose(page: Page, path) -> None:
    """Choose a file with the keyboard alone."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choisir un fichier").press("Enter")
    chooser.value.set_files(path)


def sheet(page: Page):
    return page.locator("#upload")


def test_a_batch_is_sent_by_keyboard_and_its_verdict_opened(page, batch):
    page.goto(DRIFT)
    expect(sheet(page)).to_contain_text(re.compile("64.Mo au plus"))
    choose(page, batch(20))
    expect(sheet(page)).to_contain_text("lot-novembre.csv")
    expect(page.get_by_role("button", name="Envoyer et contrôler")).to_be_focused()
    page.keyboard.press("Enter")
    expect(sheet(page)).to_contain_text("Le lot est contrôlé.", timeout=WAIT)
    page.get_by_role("link", name="Voir le verdict").click()
    expect(page).to_have_url(re.compile(r"batch=\d{8}-"))
    expect(page.locator("main")).to_contain_text("lot-novembre")


def test_a_check_is_found_again_after_a_change_of_page_and_stopped(page, batch):
    page.goto(DRIFT)
    choose(page, batch(2_000))
    page.get_by_role("button", name="Envoyer et contrôler").click()
    expect(page.get_by_role("button", name="Annuler")).to_be_visible()
    page.get_by_role("link", name="Performance").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Performance")
    page.goto(DRIFT.replace("fr", "en"))
    stop = sheet(page).get_by_role("button", name="Cancel")
    stop.click(timeout=WAIT)
    # A quick machine has the verdict by then; what was still to come is given up.
    ended = re.compile("The check is cancelled|Only the detailed report is missing")
    expect(sheet(page)).to_contain_text(ended, timeout=WAIT)
    expect(sheet(page).get_by_role("button", name="Choose a file")).to_be_visible()


def test_a_wrong_file_is_said_with_its_faults(page, tmp_path):
    path = tmp_path / "autre.csv"
    path.write_text("ID,X\n1,2\n")
    page.goto(DRIFT)
    choose(page, path)
    page.get_by_role("button", name="Envoyer et contrôler").click()
    expect(sheet(page).locator("li").first).to_contain_text(
        "Ce fichier est-il bien de ce portefeuille", timeout=WAIT
    )


@pytest.mark.parametrize(
    ("size", "said"), [(20, "autre.csv"), (200_000_000, "Ce fichier fait 200.Mo, et 64.Mo au plus")]
)
def test_a_file_chosen_before_the_server_says_what_it_takes_is_kept_until_then(page, tmp_path, size, said):
    path = tmp_path / "autre.csv"
    with path.open("wb") as file:
        file.truncate(size)
    held = []
    page.route("**/jobs/current?*", lambda route: route.continue_() if held else held.append(route))
    page.goto(DRIFT)
    choose(page, path)
    expect(sheet(page)).not_to_contain_text("Mo")
    held[0].continue_()
    expect(sheet(page)).to_contain_text(re.compile(said))
    send = sheet(page).get_by_role("button", name="Envoyer et contrôler")
    if size < 1_000:
        expect(send).to_be_focused()
    else:
        expect(send).to_be_hidden()


def test_a_file_that_is_too_large_is_not_even_sent(page, tmp_path):
    path = tmp_path / "grand.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    page.goto(DRIFT)
    expect(sheet(page)).to_contain_text(re.compile("64.Mo au plus"))
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/uploads/" in request.url else None)
    choose(page, path)
    expect(sheet(page)).to_contain_text(re.compile("Ce fichier fait 200.Mo, et 64.Mo au plus sont acceptés"))
    assert not asked
