"""One decision from end to end: refused, contested, overturned by somebody else, told in a letter."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests_support import PASSWORD

pytestmark = pytest.mark.browser

MOTIVE = "Retards récents et dettes en cours."
STATEMENT = "Mon revenu est plus élevé : j’ai l’attestation de mon employeur."
FINDING = "Attestation vue : le revenu est bien celui que dit le client."
INCOME = "400 000"


@pytest.fixture(scope="module")
def refused(clients) -> str:
    """The id of a file that the model proposes to refuse."""
    from model.assess import assess

    return next(one for one in clients if assess("home_credit", one).proposal == "refuse")


def come_in(page, name: str) -> None:
    page.goto("/?lang=fr")
    page.get_by_label("Identifiant").fill(name)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Entrer").click()
    expect(page.get_by_role("heading", name="Se connecter")).to_have_count(0)


def go_out(page) -> None:
    page.locator("details.reader summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("heading", name="Se connecter").wait_for()


def write(part, words: str) -> None:
    """Fill in the field for words; Dash takes them when the field is left."""
    part.get_by_role("textbox").first.fill(words)
    part.get_by_role("textbox").first.blur()


def press(part, name: str) -> None:
    part.get_by_role("button", name=name).click()


def refuse(page, client: str) -> str:
    """Refuse a file in two steps; return the number of the decision."""
    page.goto(f"/home_credit/eligibility?client={client}&lang=fr")
    panel = page.locator("#decide")
    expect(page.locator("#verdict")).to_contain_text("Refus proposé")
    press(panel, "Relire avant d’enregistrer")
    expect(panel.get_by_role("alert")).to_contain_text("Choisissez d’abord une décision")
    panel.get_by_label("Accepter").check()
    press(panel, "Relire avant d’enregistrer")
    expect(panel.get_by_role("alert")).to_contain_text("Écrivez vos raisons")
    panel.get_by_label("Refuser").check()
    write(panel, MOTIVE)
    expect(panel.get_by_role("button", name="Enregistrer la décision")).to_be_hidden()
    press(panel, "Relire avant d’enregistrer")
    expect(panel.locator("dl")).to_contain_text("Refus proposé")
    expect(panel.locator("blockquote")).to_have_text(MOTIVE)
    press(panel, "Enregistrer la décision")
    said = panel.get_by_role("status")
    expect(said).to_contain_text("La décision est enregistrée")
    return re.search(r"D-\d{7}", said.inner_text())[0]


def write_letter(page) -> None:
    part = page.locator("#letter")
    part.get_by_label("En français").check()
    press(part, "Établir la lettre")
    expect(part.get_by_role("status")).to_contain_text("La lettre est établie")


def contest(page) -> None:
    """Note the client's words, then what a corrected income would give."""
    thread = page.locator("#thread")
    thread.get_by_text("Le client conteste cette décision").click()
    write(thread, STATEMENT)
    press(thread, "Enregistrer la contestation")
    expect(thread.get_by_role("status")).to_contain_text("La contestation est enregistrée")
    thread.get_by_role("link", name="Voir le fil à jour").click()
    expect(thread.get_by_role("heading").first).to_contain_text("contesté")
    thread.get_by_text("Recalculer avec des valeurs corrigées").click()
    press(thread, "Choisir une information")
    thread.get_by_label("Information à corriger").select_option(label="Revenu déclaré")
    write(thread.locator(".correct"), INCOME)
    press(thread, "Calculer")
    expect(thread).to_contain_text("Avec ces valeurs")
    press(thread, "Garder ce calcul au dossier")
    expect(thread.get_by_role("status")).to_contain_text("Le calcul est gardé au dossier")


def overturn(page, client: str) -> None:
    """Find the file in the queue, and decide otherwise."""
    page.goto("/decisions?lang=fr")
    expect(page.get_by_role("heading", name="Décisions").first).to_be_visible()
    queue = page.get_by_role("link", name="À revoir (1)")
    queue.click()
    expect(queue).to_have_attribute("aria-current", "true")
    row = page.get_by_role("row").filter(has_text=client)
    expect(row).to_contain_text("Contestée, en examen")
    # What is written before the thread has come would be lost.
    with page.expect_response(re.compile("_dash-update-component")):
        row.get_by_role("link", name=client).click()
    thread = page.locator("#thread")
    expect(thread).to_contain_text(STATEMENT)
    expect(thread).to_contain_text("400\u202f000")
    thread.get_by_label("Changer").check()
    write(thread, FINDING)
    press(thread, "Relire avant d’enregistrer")
    expect(thread.locator("blockquote").last).to_have_text(FINDING)
    press(thread, "Enregistrer le résultat de l’examen")
    expect(thread.get_by_role("status")).to_contain_text("L’examen est enregistré")


def that_day(page, number: str) -> str:
    """Return what a decision reopened shows above its thread, which grows."""
    page.goto(f"/decisions/{number}?lang=fr")
    page.locator("#thread").wait_for()
    parts = page.locator("main section:not(#thread):not(#letter)")
    return "\n".join(parts.all_inner_texts())


def test_a_refusal_is_contested_overturned_and_told_in_a_letter(visit, refused, tmp_path):
    with visit() as page:
        come_in(page, "the-advisor")
        number = refuse(page, refused)
        shown = that_day(page, number)
        assert "Refus proposé" in shown
        assert MOTIVE in shown
        write_letter(page)
        page.reload()
        contest(page)
        expect(page.locator("#thread")).to_contain_text("Un responsable examine ce dossier")
        go_out(page)

    with visit() as page:
        come_in(page, "the-manager")
        overturn(page, refused)
        page.goto("/home_credit/decisions?lang=fr")
        row = page.get_by_role("row").filter(has_text=refused)
        expect(row).to_contain_text("Après examen : accepté")
        expect(page.get_by_role("link", name="À revoir (0)")).to_be_visible()
        assert that_day(page, number) == shown
        write_letter(page)
        letter = page.locator("#letter")
        with page.context.expect_page() as opened:
            letter.get_by_role("link", name="Lire et imprimer").click()
        said = opened.value.locator("article").first
        expect(said).to_contain_text("Après réexamen")
        expect(said).to_contain_text(FINDING)
        with page.expect_download() as taken:
            letter.get_by_role("link", name="En PDF").click()
        taken.value.save_as(tmp_path / "letter.pdf")
        assert (tmp_path / "letter.pdf").read_bytes()[:5] == b"%PDF-"
        for lang in ("fr", "en"):
            for path in ("/home_credit/decisions", f"/decisions/{number}", opened.value.url):
                page.goto(f"{path}?lang={lang}")
                page.locator("h1").first.wait_for()
                page.wait_for_load_state("networkidle")
                unfold(page)
                assert not faults(page), f"{path} in {lang}"


def unfold(page) -> None:
    closed = page.locator("main details:not([open]) > summary:visible")
    while closed.count():
        closed.first.click()


def faults(page) -> dict[str, list[str]]:
    """Return what axe finds, with where."""
    found = Axe().run(page).response["violations"]
    return {one["id"]: [node["html"][:160] for node in one["nodes"][:3]] for one in found}


def test_a_decision_is_made_without_a_mouse(visit, clients):
    from model.assess import assess

    approved = next(one for one in clients if assess("home_credit", one).proposal == "accept")
    with visit() as page:
        come_in(page, "the-advisor")
        page.goto(f"/home_credit/eligibility?client={approved}&lang=fr")
        panel = page.locator("#decide")
        panel.get_by_label("Accepter").focus()
        page.keyboard.press("Space")
        expect(panel.get_by_label("Accepter")).to_be_checked()
        page.keyboard.press("Tab")  # to the words
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        record = panel.get_by_role("button", name="Enregistrer la décision")
        expect(record).to_be_visible()
        page.keyboard.press("Tab")
        expect(record).to_be_focused()
        page.keyboard.press("Enter")
        expect(panel.get_by_role("status")).to_contain_text("La décision est enregistrée")
