"""A decision reopened: as it was shown, whatever has become of the model, the words and the columns."""

import json
import shutil

import pytest
from acting import acting

from components.i18n import LANGUAGES
from data.ledger import entries
from model import artifact
from model.assess import assess
from tests.pages.deciding_support import PORTFOLIO, module, silent
from tests.seen import find, of_kind, plain, section, written

pytestmark = pytest.mark.usefixtures("ledger")


class TestReopened:
    @pytest.fixture(autouse=True)
    def _same_key(self, server, monkeypatch):
        # What makes an act count once is drawn anew with each page; all else must be the same.
        monkeypatch.setattr(module("_acts"), "key", lambda: "k" * 32)

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_shows_what_was_shown_live(self, server, decided, lang):
        with acting(server, "ada", "advisor"):
            live = module("eligibility").layout(PORTFOLIO.id, decided.client_id, lang)
            again = module("decision").layout(decided.id, lang)
        for part in ("verdict", "checks"):
            assert written(section(live, part)) == written(section(again, part))
        (here,), (then,) = (of_kind(section(page, "reasons"), "Div")[:1] for page in (live, again))
        assert written(here) == written(then)

    def test_needs_no_model_any_more(self, server, decided, ledger):
        with acting(server, "ada", "advisor"):
            before = written(module("decision").layout(decided.id, "fr"))
            (ledger / "models").unlink()
            assert written(module("decision").layout(decided.id, "fr")) == before

    def test_is_the_same_under_another_champion_and_after_a_look_in_english(self, server, decided, ledger):
        with acting(server, "ada", "advisor"):
            page = module("decision")
            before = {lang: written(page.layout(decided.id, lang)) for lang in LANGUAGES}
            other_champion(ledger)
            now = assess(PORTFOLIO.id, decided.client_id)
            assert now.pass_mark != decided.content["score"]["pass_mark"]
            assert {lang: written(page.layout(decided.id, lang)) for lang in reversed(LANGUAGES)} == before

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_is_the_same_once_columns_are_called_otherwise(self, server, client, decided, monkeypatch, lang):
        from data.portfolios import Column
        from web.identity import User
        from web.letter_routes import make

        letter = make(decided.id, lang, User("ada", frozenset({"advisor"}), False, "page"))
        with acting(server, "ada", "advisor"):
            before = written(module("decision").layout(decided.id, lang))
            pages = [client.get(f"/letters/{letter.id}{way}").data for way in ("", "?as=pdf")]
            monkeypatch.setattr(Column, "label", lambda *_: "CALLED OTHERWISE")
            assert "CALLED OTHERWISE" in written(
                module("eligibility").layout(PORTFOLIO.id, decided.client_id, lang)
            )
            assert written(module("decision").layout(decided.id, lang)) == before
            assert [client.get(f"/letters/{letter.id}{way}").data for way in ("", "?as=pdf")] == pages

    @pytest.mark.slow
    def test_is_the_same_after_a_real_retraining(self, server, decided, ledger):
        from model.train import train

        models = (ledger / "models").resolve()
        (ledger / "models").unlink()
        shutil.copytree(models, ledger / "models")
        with acting(server, "ada", "advisor"):
            page = module("decision")
            before = {lang: written(page.layout(decided.id, lang)) for lang in LANGUAGES}
            trained, _ = train(PORTFOLIO.id, seed=8)
            artifact.promote(PORTFOLIO.id, trained.version)
            now = assess(PORTFOLIO.id, decided.client_id)
            assert now.model_version != decided.model_version
            assert now.points != decided.points
            assert {lang: written(page.layout(decided.id, lang)) for lang in reversed(LANGUAGES)} == before

    def test_says_in_which_language_it_was_shown(self, server, decided):
        with acting(server, "ada", "advisor"):
            assert "then shown in French" in plain(module("decision").layout(decided.id, "en"))
            assert "alors montré" not in plain(module("decision").layout(decided.id, "fr"))

    def test_html_in_reasons_stays_text(self, server, decided):
        with acting(server, "ada", "advisor"):
            shown = module("decision").layout(decided.id, "fr")
        quotes = [quote.children for quote in of_kind(shown, "Blockquote")]
        assert quotes == ["<b>Trop</b> lourd."] * 2
        assert not find(shown, lambda part: hasattr(part, "dangerously_allow_html"))

    @pytest.mark.parametrize("asked", [None, "", "D-9999999", "x" * 400, "../../etc", "D-\0", "' OR 1=1"])
    def test_an_unknown_number_is_told(self, server, asked):
        with acting(server, "ada", "advisor"):
            assert of_kind(module("decision").layout(asked, "fr"), "H1")

    def test_a_silent_register_is_told(self, server, decided, monkeypatch):
        monkeypatch.setattr(entries, "thread", silent)
        with acting(server, "ada", "advisor"):
            assert "Le registre ne répond pas" in plain(module("decision").layout(decided.id, "fr"))


def other_champion(folder) -> None:
    """Put a copy of the model in service whose threshold is another."""
    models = (folder / "models").resolve()
    (folder / "models").unlink()
    shutil.copytree(models, folder / "models")
    here = folder / "models" / PORTFOLIO.id
    shutil.copytree(here / artifact.champion_version(PORTFOLIO.id), here / "99")
    path = here / "99" / artifact.CARD
    card = json.loads(path.read_text("utf-8"))
    card["version"], card["threshold"]["in_force"] = "99", card["threshold"]["in_force"] * 1.4
    path.write_text(json.dumps(card), "utf-8")
    artifact.promote(PORTFOLIO.id, "99")
