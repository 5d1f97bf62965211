"""The document on prospects tells what commands print, alike in both languages; its sums hold."""

import json
import re
from collections import Counter

import pytest

from benchmarks import prospects, prospects_tables, published, roi, told

HELD = json.loads(prospects.FIGURES.read_text(encoding="utf-8"))
TEXTS = {lang: path.read_text(encoding="utf-8") for lang, path in prospects.DOCUMENTS.items()}
# Numbers that the report prints and the text repeats, and ours that are no measurement: ages, levels, shares.
QUOTED = {"30", "0.71", "0.77", "0.745", "83", "50", "80", "36", "33", "95", "0.3", "87"}


def strays(text: str, lang: str) -> set[str]:
    """Return the numbers that are no named figure, table, year, code, link or quotation."""
    for gone in (
        r"(?s)<!--table .*?<!--end-->",
        told.FIGURE,
        r"`[^`]*`",
        r"\]\([^)]*\)",
        r"(?m)^## \d+\.",
        r"section \d+",
        r"\b20\d\d\b",
    ):
        text = re.sub(gone, "", text)
    found = re.findall(r"(?<![A-Za-z])\d[\d.,\u202f]*", text)
    plain = {one.replace("\u202f", "").rstrip(".,") for one in found}
    return {one.replace(",", "" if lang == "en" else ".") for one in plain}


@pytest.mark.parametrize("lang", sorted(TEXTS))
class TestEachDocument:
    def test_tells_its_figures_and_tables_as_they_were_printed(self, lang):
        assert prospects.renewed(TEXTS[lang], lang, HELD) == TEXTS[lang], "run python -m benchmarks.prospects"

    def test_has_no_other_number(self, lang):
        assert strays(TEXTS[lang], lang) <= QUOTED

    def test_names_the_command_of_every_section_that_it_quotes(self, lang):
        for section, held in HELD.items():
            assert f"`{held['command']}`" in TEXTS[lang], section

    def test_links_only_to_files_that_are_there(self, lang):
        for target in re.findall(r"\]\(([^)#]+)\)", TEXTS[lang]):
            assert (prospects.DOCUMENTS[lang].parent / target).exists(), target

    def test_tells_every_defect_of_the_report(self, lang):
        assert re.findall(r"(?m)^- \(([a-z])\)", TEXTS[lang]) == list("abcdefg")


def test_both_languages_tell_the_same_figures_and_tables():
    english, french = (
        Counter((one.name, one.factor, one.decimals) for one in told.figures_of(TEXTS[lang], lang))
        for lang in ("en", "fr")
    )
    assert english == french
    tables = [re.findall(r"<!--table (\w+)-->", TEXTS[lang]) for lang in ("en", "fr")]
    assert tables[0] == tables[1]
    assert len(tables[0]) > 6


def test_what_is_worked_out_from_the_report_is_what_is_kept():
    assert prospects.of_report() == HELD["published"]
    assert prospects.of_roi() == HELD["roi"]


def test_a_table_that_nobody_knows_is_refused():
    with pytest.raises(KeyError):
        prospects_tables.written("<!--table guessed-->\n<!--end-->", "en", HELD)


class TestWhatTheTextClaims:
    """Sentences of the document that no single figure holds."""

    figures = HELD["compared"]["figures"]

    @pytest.mark.parametrize("where", prospects_tables.POPULATIONS)
    def test_the_single_tree_is_last(self, where):
        areas = {name: self.figures[f"{where}_{name}_auc"] for name in prospects_tables.ALGORITHMS}
        assert min(areas, key=areas.get) == "tree"
        assert sorted(areas.values())[1] - areas["tree"] > 0.03

    @pytest.mark.parametrize("where", prospects_tables.POPULATIONS)
    def test_logistic_regression_and_linear_svm_are_alike(self, where):
        areas = [self.figures[f"{where}_{name}_auc"] for name in ("logistic", "svm")]
        assert abs(areas[0] - areas[1]) < 0.005

    def test_boosted_trees_lead_everyone_by_a_little(self):
        areas = {name: self.figures[f"all_{name}_auc"] for name in prospects_tables.ALGORITHMS}
        best = max(areas, key=areas.get)
        assert best in ("lightgbm", "boosting")
        assert areas[best] - areas["logistic"] < 0.02

    def test_the_pooled_model_alone_makes_recall_jump_by_age(self):
        young, older = (self.figures[f"segment_{n}_lightgbm_pooled_recall"] for n in (1, 2))
        assert young > self.figures["all_lightgbm_recall"] + 0.05 > older

    def test_a_model_of_ones_own_gains_boosted_trees_no_recall(self):
        for segment in ("segment_1", "segment_2"):
            assert self.figures[f"{segment}_lightgbm_gain_recall_low"] < 0.01

    def test_it_helps_linear_models_to_rank_the_young(self):
        assert self.figures["segment_1_logistic_gain_auc_low"] > 0

    def test_asked_for_as_many_the_recall_is_near_that_of_the_report(self):
        said, theirs = HELD["campaign"]["figures"], HELD["published"]["figures"]
        assert said["like_contacted"] == pytest.approx(theirs["contacted"], abs=0.01)
        assert said["like_recall"] == pytest.approx(theirs["recall"], abs=0.03)
        assert said["like_precision"] == pytest.approx(theirs["precision"], abs=0.03)


class TestTheSavingsOfTheReport:
    def test_its_parts_are_its_whole(self):
        assert 66_429 + roi.ACCEPTED == roi.PROPOSALS

    def test_weighted_by_contacts_its_share_is_56_7(self):
        one = roi.reach("50 %")
        assert (one.contacts, one.accepted, one.avoided) == (40_193, 22_773, 56_622)
        assert one.saved(roi.CONTACT_COST) == 566_220
        assert one.conversion == pytest.approx(0.567, abs=5e-4)
        assert one.accepted / one.of_accepted == pytest.approx(0.75, abs=2e-3)

    def test_its_66_5_is_the_plain_mean(self):
        assert roi.plain_mean("50 %") == pytest.approx(roi.SAID_SHARE)
        assert round(roi.SAID_SHARE * 40_193) == roi.SAID_ACCEPTED

    def test_at_80_it_keeps_3_736(self):
        one = roi.reach("80 %")
        assert (one.contacts, one.accepted) == (3_736, 3_219)
        assert one.conversion == pytest.approx(0.862, abs=5e-4)

    def test_its_budget_would_be_spared_the_same_share(self):
        assert roi.budget_saved() / (roi.BUDGET_CONTACTS * roi.CONTACT_COST) == pytest.approx(56_622 / 96_815)

    def test_the_economy_is_lost_again_at_the_break_even(self):
        one = roi.reach("50 %")
        assert one.lost * roi.break_even(one) == pytest.approx(566_220)

    def test_all_of_it_is_printed(self):
        text = "\n".join(roi.lines())
        for figure in ("40,193", "22,773", "56.7%", "66.5%", "56,622", "566,220", "3,736", "3,219", "86.2%"):
            assert figure in text


class TestTheTablesOfTheReport:
    @pytest.mark.parametrize(
        "row", published.AS_THEY_COME, ids=lambda row: f"{row.population} {row.algorithm}"
    )
    def test_its_auc_is_balanced_accuracy(self, row):
        assert row.balanced_accuracy == pytest.approx(row.area, abs=2e-4)

    @pytest.mark.parametrize(
        "row", published.AS_THEY_COME, ids=lambda row: f"{row.population} {row.algorithm}"
    )
    def test_f1_follows_before_its_search(self, row):
        assert row.f1_that_follows == pytest.approx(row.f1, abs=2e-4)

    def test_after_it_two_rows_disagree_with_themselves(self):
        wrong = [row.population for row in published.RETAINED if abs(row.f1_that_follows - row.f1) > 1e-3]
        assert wrong == [published.ALL, published.OLDER]

    def test_it_implies_the_rates_of_its_test_year(self):
        rates = [round(published.rate(population), 3) for population in published.POPULATIONS]
        assert rates == [0.314, 0.476, 0.280]
        assert "under 30, from the three: 17%" in "\n".join(published.lines())


def test_a_number_without_a_name_is_noticed():
    text = "0.755<!--roi.at--> of 12 %, 83 % in 2021; `x = 3`.\n<!--table all-->\n| 4 |\n<!--end-->"
    assert strays(text, "en") == {"12", "83"}
