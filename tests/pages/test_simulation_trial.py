"""Trying values on a file: an edit undone is the original, and what is typed is never lost."""

import sys

import pytest

from components.form import entry_of
from components.i18n import LANGUAGES
from model.assess import assess
from tests.conftest import use_store
from tests.pages.simulation_support import spoken
from tests.seen import plain


@pytest.fixture(scope="module")
def page(server):
    return sys.modules["pages.simulation"]


class TestATrial:
    def test_an_edit_undone_is_exactly_the_original(self, screen, clients):
        for client in clients[::4]:
            screened = screen(client)
            before = assess("home_credit", client)
            for number in screened.parts("try", field="value"):
                if getattr(number, "inputmode", None) and number.value:
                    number.value = f" {number.value} "
            from pages import _trial

            sheet = _trial.on_screen({"portfolio": "home_credit", "client": client}, {"lang": "fr"})
            entries = _trial.typed(screened._values("try"), screened._values("missing"))
            tried, bad = _trial.read(sheet, entries, None, None)
            assert tried.after == before
            assert not bad
            assert not tried.changes

    def test_moves_points_row_by_row_and_in_all(self, screen, refused):
        screened = screen(refused)
        screened.set("EXT_SOURCE_2", "0.95", self._field(screened, "EXT_SOURCE_2"))
        found = screened.attempt()
        after = assess("home_credit", refused, {"EXT_SOURCE_2": 0.95})
        before = assess("home_credit", refused)
        assert f"{round(after.points)} points" in spoken(found["verdict"])
        assert "avec 1 valeur changée" in spoken(found["verdict"])
        gap = round(after.points) - round(before.points)
        assert found["marks"]["rows"] == {"EXT_SOURCE_2": [f"+{gap}", "up"]}
        assert f"+{gap}" in spoken(found["moved"])
        assert found["kept"]["values"] == {"EXT_SOURCE_2": 0.95}

    @staticmethod
    def _field(screened, feature):
        (part,) = screened.parts("try", feature=feature)
        return part.id["field"]

    def test_a_fault_is_told_at_its_field_and_the_rest_is_tried(self, screen, refused):
        screened = screen(refused)
        screened.set("AMT_CREDIT", "beaucoup")
        screened.set("AMT_ANNUITY", "12 000")
        found = screened.attempt()
        assert "« beaucoup »" in plain(found["marks"]["bad"]["AMT_CREDIT"])
        assert list(found["marks"]["rows"]) == ["AMT_ANNUITY"]
        assert found["kept"]["typed"]["AMT_CREDIT"]["value"] == "beaucoup"

    def test_not_provided_is_an_answer(self, screen, refused):
        screened = screen(refused)
        (box,) = screened.parts("missing", feature="AMT_CREDIT")
        box.value = True
        found = screened.attempt()
        assert found["kept"]["values"] == {"AMT_CREDIT": None}
        after = assess("home_credit", refused, {"AMT_CREDIT": None})
        assert f"{round(after.points)} points" in spoken(found["verdict"])

    def test_everything_not_provided_is_still_assessed(self, screen, refused):
        screened = screen(refused)
        for box in screened.parts("missing"):
            box.value = True
        found = screened.attempt()
        assert not found["marks"]["bad"]
        assert "points" in spoken(found["verdict"])

    def test_what_the_source_reads_as_not_provided_is_said(self, screen, clients):
        known = (assess("home_credit", client) for client in clients)
        late = next(one for one in known if (one.features["DAYS_LAST_PHONE_CHANGE"] or 0) < -60)
        screened = screen(late.client_id)
        screened.show_all()
        for field in ("years", "months"):
            screened.set("DAYS_LAST_PHONE_CHANGE", "0", field)
        found = screened.attempt()
        assert "non fourni" in plain(found["marks"]["bad"]["DAYS_LAST_PHONE_CHANGE"])

    def test_every_field_of_every_theme_stands_for_the_files_own_value(self, screen, clients):
        for lang in LANGUAGES:
            for client in clients[::50]:
                screened = screen(client, lang)
                screened.show_all(lang)
                found = screened.attempt()
                assert found["kept"]["values"] == {}
                assert not found["marks"]["bad"]

    def test_is_told_in_english_too(self, screen, refused):
        screened = screen(refused, "en")
        screened.set("AMT_CREDIT", "1,200,000")
        found = screened.attempt()
        assert "with 1 value changed" in spoken(found["verdict"])
        assert found["kept"]["values"] == {"AMT_CREDIT": 1_200_000}

    def test_survives_the_language_switch(self, page, screen, refused):
        from pages import _trial

        screened = screen(refused)
        screened.set("AMT_CREDIT", "412345,5")
        screened.set("AMT_ANNUITY", "?")
        kept = screened.attempt()["kept"]
        english = screen(refused, "en")
        sheet = _trial.on_screen({"portfolio": "home_credit", "client": refused}, {"lang": "en"})
        entries = _trial.typed(english._values("try"), english._values("missing"))
        for rows in _trial.redrawn(sheet.form, {"part": "simulation-restore"}, entries, kept, None).values():
            english.hold(rows)
        assert english.value("AMT_CREDIT") in ("412,346", "412,345")
        assert english.value("AMT_ANNUITY") == "?"
        english.store["kept"] = kept
        again = english.attempt()
        assert again["kept"]["values"] == {"AMT_CREDIT": 412_345.5}
        assert "“?”" in again["marks"]["bad"]["AMT_ANNUITY"]

    def test_going_back_to_the_file_draws_only_what_changed(self, screen, refused):
        from pages import _trial

        screened = screen(refused)
        own = screened.value("AMT_CREDIT")
        screened.set("AMT_CREDIT", "1")
        sheet = _trial.on_screen({"portfolio": "home_credit", "client": refused}, {"lang": "fr"})
        entries = _trial.typed(screened._values("try"), screened._values("missing"))
        drawn = _trial.redrawn(sheet.form, {"part": "simulation-reset"}, entries, None, None)
        assert list(drawn) == ["request"]
        screened.hold(drawn["request"])
        assert screened.value("AMT_CREDIT") == own
        assert screened.attempt()["marks"]["rows"] == {}

    def test_more_keeps_what_was_typed(self, screen, refused):
        from pages import _trial

        screened = screen(refused)
        screened.set("AMT_CREDIT", "77 777")
        sheet = _trial.on_screen({"portfolio": "home_credit", "client": refused}, {"lang": "fr"})
        entries = _trial.typed(screened._values("try"), screened._values("missing"))
        pressed = {"part": "simulation-more", "theme": "request"}
        (rows,) = _trial.redrawn(sheet.form, pressed, entries, None, None).values()
        screened.hold(rows)
        assert screened.value("AMT_CREDIT") == "77 777"
        assert screened.value("NAME_CONTRACT_TYPE")


@pytest.mark.slow
def test_on_real_rows_every_field_stands_for_the_files_own_value(page, real_data, tmp_path, store):
    from data import load, portfolios
    from data.bank import bank_path, open_bank
    from model.artifact import champion
    from model.train import train
    from pages import _trial

    use_store(tmp_path)
    try:
        portfolio = portfolios.load("home_credit")
        folder = real_data / "home_credit" / "sample"
        load.load_folder(portfolio, folder, bank_path("home_credit"), progress=False)
        train("home_credit")
        ids, _ = open_bank("home_credit").search("", limit=100_000)
        for number in ids:
            before = assess("home_credit", number)
            sheet = _trial.sheet_of(portfolio, champion("home_credit"), before, "fr")
            entries = {name: entry_of(sheet.form, name, one.raw) for name, one in sheet.form.items.items()}
            tried, bad = _trial.read(sheet, entries, None, None)
            assert tried.after == before
            assert not tried.changes
            assert not bad
    finally:
        use_store(store)
