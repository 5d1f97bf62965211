import sys

import pytest
from drift_support import PORTFOLIO, judged, reported, store_of_its_own

from model import batches
from tests.seen import attribute, by_class, of_kind, plain, section


@pytest.fixture
def page(server):
    return sys.modules["pages.drift"]


@pytest.fixture(autouse=True)
def own(store, tmp_path):
    with store_of_its_own(store, tmp_path):
        yield tmp_path


class TestBeforeAnyBatch:
    @pytest.mark.parametrize(
        ("lang", "said"),
        [("fr", "Aucun lot n'a encore été contrôlé"), ("en", "No batch has been checked yet")],
    )
    def test_says_so_and_how_to_check_one(self, page, lang, said):
        shown = page.layout(portfolio=PORTFOLIO, lang=lang)
        assert said in plain(shown)
        assert "python -m model drift home_credit unlabelled" in plain(shown)
        assert section(shown, "upload")

    def test_without_arguments_is_whole(self, page):
        assert page.layout()


class TestVerdict:
    @pytest.mark.parametrize(
        ("lower", "lang", "state", "stay"),
        [
            (0, "fr", "Stable", "Le modèle peut rester en service."),
            (0, "en", "Stable", "The model can stay in use."),
            (40, "fr", "Agir", "Le modèle doit être examiné avant de servir encore."),
            (40, "en", "Act", "The model must be examined before it is used further."),
        ],
    )
    def test_comes_first_in_a_word_and_a_sentence(self, page, lower, lang, state, stay):
        judged("2026-11-20", name="November", lower=lower)
        said = plain(section(page.layout(portfolio=PORTFOLIO, lang=lang), "verdict"))
        assert state in said
        assert stay in said

    def test_says_which_rules_it_follows_from(self, page):
        judged("2026-11-20", lower=40)
        said = plain(section(page.layout(portfolio=PORTFOLIO, lang="en"), "verdict"))
        assert "Points are spread very differently" in said
        assert "The share of proposed refusals has changed much" in said

    def test_tells_both_sizes(self, page):
        verdict = judged("2026-11-20", rows=150)
        said = plain(page.layout(portfolio=PORTFOLIO, lang="en"))
        assert "150 files" in said
        assert f"{verdict.rows_before:,} files" in said

    def test_its_shape_is_not_alone(self, page):
        judged("2026-11-20", lower=40)
        for tag in by_class(page.layout(portfolio=PORTFOLIO, lang="fr"), "shape"):
            assert attribute(tag, "aria-hidden") == "true"

    def test_of_few_files_says_so_and_shows_nothing_else(self, page):
        judged("2026-11-20", rows=20)
        said = plain(page.layout(portfolio=PORTFOLIO, lang="fr"))
        assert "Trop peu de dossiers" in said
        assert "il en faut au moins 100" in said
        assert "Les entrées qui pèsent le plus" not in said

    def test_on_another_model_than_todays_says_so(self, page, own):
        verdict = judged("2026-11-20", rows=150)
        path = own / "drift" / PORTFOLIO / verdict.id / batches.VERDICT
        path.write_bytes(path.read_bytes().replace(b'"model_version":"1"', b'"model_version":"0"'))
        said = plain(page.layout(portfolio=PORTFOLIO, lang="fr"))
        assert "Ce verdict concerne le modèle 0" in said


def drawn(verdict) -> int:
    """Return how many of the inputs that weigh most have enough files to be drawn."""
    named = {column.name: column for column in verdict.columns}
    return sum(named[one.name].shape is not None for one in verdict.main)


class TestInputs:
    def test_five_are_drawn_before_and_after(self, page):
        verdict = judged("2026-11-20")
        main = section(page.layout(portfolio=PORTFOLIO, lang="fr"), "drift-main")
        assert len(of_kind(main, "Tr")) == 1 + len(verdict.main)
        drawings = of_kind(main, "Img")
        # An input that too few of the files have is named without a drawing.
        assert len(drawings) == drawn(verdict) >= 4
        assert all(
            drawing.alt.startswith("À l'entraînement") or drawing.alt.startswith("À l’")
            for drawing in drawings
        )

    def test_are_followed_over_the_batches(self, page):
        judged("2026-10-20")
        verdict = judged("2026-11-20")
        main = section(page.layout(portfolio=PORTFOLIO, lang="en"), "drift-main")
        told = sum("index over 2 batches" in plain(drawing.alt) for drawing in of_kind(main, "Img"))
        assert told == drawn(verdict)

    def test_all_of_them_are_in_the_table(self, page):
        verdict = judged("2026-11-20")
        table = by_class(section(page.layout(portfolio=PORTFOLIO, lang="en"), "drift-inputs"), "figures")[0]
        assert len(of_kind(table, "Tr")) == 1 + len(verdict.columns)

    def test_protected_ones_are_nowhere(self, page):
        judged("2026-11-20")
        said = plain(page.layout(portfolio=PORTFOLIO, lang="en"))
        assert "Sex" not in said
        assert "Family status" not in said


class TestBatches:
    def test_the_latest_is_shown_and_any_can_be_asked_for(self, page):
        october = judged("2026-10-20", name="October")
        judged("2026-11-20", name="November")
        assert "November" in plain(section(page.layout(portfolio=PORTFOLIO, lang="en"), "shell-page"))[:900]
        asked = page.layout(portfolio=PORTFOLIO, lang="en", batch=october.id)
        assert "Verdict on the batch of 20 October 2026" in plain(asked)

    def test_the_language_switch_keeps_the_batch(self, page):
        october = judged("2026-10-20", name="October")
        judged("2026-11-20", name="November")
        asked = page.layout(portfolio=PORTFOLIO, lang="en", batch=october.id)
        links = [a.href for a in of_kind(asked, "A") if attribute(a, "hrefLang")]
        assert all(f"batch={october.id}" in href for href in links)

    @pytest.mark.parametrize("number", ["20200101-000000-0000", "../../etc", "<script>", ["a", "b"], 3])
    def test_one_that_is_not_there_is_told_and_the_latest_is_shown(self, page, number):
        judged("2026-11-20")
        said = plain(page.layout(portfolio=PORTFOLIO, lang="en", batch=number))
        assert "Stable" in said
        assert ("There is no such batch" in said) == isinstance(number, str)

    def test_rising_three_times_in_a_row_is_said(self, page):
        for day, lower in (("2026-08-20", 0), ("2026-09-20", 4), ("2026-10-20", 8), ("2026-11-20", 12)):
            judged(day, lower=lower)
        said = plain(section(page.layout(portfolio=PORTFOLIO, lang="en"), "drift-history"))
        assert "has risen 3 times in a row" in said

    def test_an_empty_name_from_a_file_is_harmless(self, page):
        judged("2026-11-20", name='<img src=x onerror="alert(1)">')
        assert '<img src=x onerror="alert(1)">' in plain(page.layout(portfolio=PORTFOLIO, lang="en"))


class TestReport:
    def test_is_offered_on_request_only(self, page):
        reported(judged("2026-11-20"))
        shown = page.layout(portfolio=PORTFOLIO, lang="en")
        assert not of_kind(shown, "Iframe")
        report = section(shown, "drift-report")
        assert "says the same as this page for each of the" in plain(report)
        assert "at most 5,000 values of each" in plain(report)

    def test_that_differs_somewhere_says_how_often(self, page):
        verdict = judged("2026-11-20")
        reported(verdict, agreed=len(verdict.columns) - 2)
        said = plain(section(page.layout(portfolio=PORTFOLIO, lang="en"), "drift-report"))
        assert f"for {len(verdict.columns) - 2} of the {len(verdict.columns)}" in said

    def test_that_was_not_made_says_so(self, page):
        judged("2026-11-20")
        assert "was not made" in plain(section(page.layout(portfolio=PORTFOLIO, lang="en"), "drift-report"))

    def test_comes_in_a_frame_that_can_do_nothing_to_the_page(self, page):
        verdict = judged("2026-11-20")
        reported(verdict)
        frame = page.report_of({"portfolio": PORTFOLIO, "batch": verdict.id, "lang": "fr"})
        assert frame.sandbox == "allow-scripts"
        assert frame.src == f"/reports/{PORTFOLIO}/drift/{verdict.id}"

    @pytest.mark.parametrize(
        "asked",
        [
            {"portfolio": PORTFOLIO, "batch": "20200101-000000-0000", "lang": "fr"},
            {"portfolio": "../banks", "batch": "../..", "lang": "fr"},
            {"portfolio": None, "batch": ["x"], "lang": "xx"},
            {},
        ],
    )
    def test_that_is_not_there_is_told(self, page, asked):
        assert "n'est plus là" in plain(page.report_of(asked))
