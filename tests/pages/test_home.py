import shutil

import pytest

from components import client_picker
from config import settings
from data import banks
from tests.conftest import use_store
from tests.seen import by_class, of_kind, plain


@pytest.fixture(scope="module")
def home(server):
    # Pages are loaded by Dash when the application is built.
    import sys

    return sys.modules["pages.home"]


def test_shows_the_first_files_with_points_and_proposal(home):
    said = plain(home.layout(lang="fr"))
    assert "Ouvrir un dossier" in said
    assert "Crédit à la consommation" in said
    assert "En service" in said
    assert len(by_class(home.layout(lang="fr"), "tag")) == client_picker.LIMIT


def test_speaks_english_when_asked(home):
    page = home.layout(lang="en")
    assert page.lang == "en"
    assert "Can the model be trusted today?" in plain(page)


@pytest.mark.parametrize("lang", ["de", "", None, ["fr", "en"], "<script>"])
def test_an_unknown_language_falls_back(home, lang):
    assert home.layout(lang=lang).lang in ("fr", "en")


def test_an_unknown_portfolio_falls_back_on_one_that_has_a_bank(home):
    assert "Crédit à la consommation" in plain(home.layout(portfolio="nowhere", lang="fr"))


def test_the_search_finds_by_the_start_of_the_number(home, clients):
    start = clients[0][:4]
    found, line = home.answer_to(start, "large", "home_credit", "fr")
    numbers = [plain(a) for a in of_kind(found, "A")]
    assert numbers
    assert all(number.startswith(start) for number in numbers)
    assert "dossier" in plain(line)


@pytest.mark.parametrize("typed", ["zzz", "' OR 1=1 --", "%", "<script>", "9" * 200, "\U0010ffff", "_"])
def test_the_search_takes_any_text_for_what_it_is(home, typed):
    found, line = home.answer_to(typed, "large", "home_credit", "fr")
    assert found.hidden
    assert plain(line).startswith("Aucun dossier ne commence par")


def test_the_mastheads_search_stays_closed_until_asked(home):
    assert home.answer_to("", "small", "home_credit", "fr") == ([], [])
    assert home.answer_to(None, "small", "home_credit", "fr") == ([], [])


def test_spaces_around_a_number_do_not_matter(home, clients):
    found, _ = home.answer_to(f"  {clients[0]} ", "large", "home_credit", "fr")
    assert [plain(a) for a in of_kind(found, "A")] == [clients[0]]


def test_the_search_agrees_with_the_page_of_the_file(home, clients):
    from model.assess import assess

    found, _ = home.answer_to(clients[3], "large", "home_credit", "fr")
    assert f"{round(assess('home_credit', clients[3]).points)} points" in plain(found)


def test_without_any_bank_home_says_how_to_make_one(home, tmp_path):
    previous = settings().store_dir
    use_store(tmp_path)
    try:
        assert banks.present() == {}
        assert "python -m data demo home_credit" in plain(home.layout(lang="fr"))
    finally:
        use_store(previous)


def test_without_a_model_files_are_listed_without_points(home, store, tmp_path):
    (tmp_path / "banks").symlink_to(store / "banks")
    use_store(tmp_path)
    try:
        page = home.layout(lang="fr")
        assert "Pas de modèle" in plain(page)
        assert not by_class(page, "tag")
        assert len(of_kind(page, "Tr")) == client_picker.LIMIT
    finally:
        use_store(store)


def test_a_bank_that_cannot_be_read_is_left_out_and_told_in_the_log(home, store, tmp_path, caplog):
    (tmp_path / "banks").mkdir()
    (tmp_path / "banks" / "home_credit.duckdb").write_bytes(b"not a bank")
    use_store(tmp_path)
    try:
        assert "Aucun dossier à lire" in plain(home.layout(lang="fr"))
    finally:
        use_store(store)
    assert "the bank of home_credit cannot be read" in caplog.text


def test_a_model_that_was_damaged_is_not_used(home, store, tmp_path, clients):
    (tmp_path / "banks").symlink_to(store / "banks")
    shutil.copytree(store / "models", tmp_path / "models")
    (stage,) = tmp_path.glob("models/home_credit/*/stage_1.txt")
    stage.write_text(stage.read_text() + "\n")
    use_store(tmp_path)
    try:
        assert "Pas de modèle" in plain(home.layout(lang="fr"))
    finally:
        use_store(store)
