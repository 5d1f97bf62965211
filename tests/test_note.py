"""The method note tells the same figures in both languages, and each is one that a command prints."""

import json
import re
from collections import Counter

import pytest

from benchmarks import note, told

HELD = json.loads(note.FIGURES.read_text(encoding="utf-8"))
TEXTS = {lang: path.read_text(encoding="utf-8") for lang, path in note.NOTES.items()}


def strays(text: str) -> list[str]:
    """Return the numbers that are neither figures nor years, section numbers, code or links."""
    for gone in (
        told.FIGURE,
        r"`[^`]*`",
        r"\]\([^)]*\)",
        r"(?m)^## \d+\.",
        r"section \d+",
        r"\b(19|20)\d\d\b",
    ):
        text = re.sub(gone, "", text)
    return re.findall(r"(?<![A-Za-z])\d[\d.,]*", text)


@pytest.mark.parametrize("lang", sorted(TEXTS))
class TestEachNote:
    def test_tells_its_figures_as_they_were_measured(self, lang):
        assert told.rewritten(TEXTS[lang], lang, HELD) == TEXTS[lang], "run python -m benchmarks.note"

    def test_has_no_other_number(self, lang):
        assert strays(TEXTS[lang]) == []

    def test_names_the_command_of_every_section_that_it_quotes(self, lang):
        quoted = {figure.name.partition(".")[0] for figure in told.figures_of(TEXTS[lang], lang)}
        for section in quoted:
            assert f"`{HELD[section]['command']}`" in TEXTS[lang], section

    def test_links_only_to_files_that_are_there(self, lang):
        for target in re.findall(r"\]\(([^)#]+)\)", TEXTS[lang]):
            assert (note.NOTES[lang].parent / target).exists(), target

    def test_is_about_four_pages(self, lang):
        words = re.sub(r"<!--.*?-->", "", TEXTS[lang]).split()
        assert 1_500 < len(words) < 2_500


def test_both_languages_tell_the_same_figures_with_the_same_digits():
    english, french = (
        Counter((one.name, one.factor, one.decimals) for one in told.figures_of(TEXTS[lang], lang))
        for lang in ("en", "fr")
    )
    assert english == french
    assert len(english) > 80


def test_both_languages_have_the_same_sections_and_commands():
    shapes = [
        (re.findall(r"(?m)^## (\d+)", text), re.findall(r"`(python -m [^`]*)`", text))
        for text in TEXTS.values()
    ]
    assert shapes[0] == shapes[1]


def test_what_the_code_settles_is_what_is_kept():
    assert note.of_settings() == HELD["settings"]["figures"], "run python -m benchmarks.note"


def test_what_was_not_measured_again_stands_in_the_document_it_was_read_from():
    for held in HELD.values():
        if "read_from" not in held:
            continue
        document = (note.ROOT / held["read_from"]).read_text(encoding="utf-8")
        for name, value in held["figures"].items():
            assert str(value).lstrip("0") in document, name


def test_a_number_without_a_name_is_noticed():
    assert strays("A gain of 0.004<!--real.auc-->, then 12 % more; `x = 3`, in 2001, L2.") == ["12"]


MADE_UP = {"many": 66552, "share": 0.2822, "gain": 0.00368, "loss": -0.0123, "none": 1e-9}


class TestTold:
    @pytest.mark.parametrize(
        ("lang", "before", "after"),
        [
            ("en", "0<!--a.many-->", "66,552<!--a.many-->"),
            ("fr", "0<!--a.many-->", "66\u202f552<!--a.many-->"),
            ("en", "0.0<!--a.share *100--> %", "28.2<!--a.share *100--> %"),
            ("fr", "0,0<!--a.share *100--> %", "28,2<!--a.share *100--> %"),
            ("en", "+9.999<!--a.gain-->", "+0.004<!--a.gain-->"),
            ("fr", "9,99<!--a.loss-->", "\u22120,01<!--a.loss-->"),
            ("en", "\u22129.99<!--a.gain-->", "0.00<!--a.gain-->"),
            ("en", "+0.1<!--a.none-->", "0.0<!--a.none-->"),
            ("en", "1,234.5<!--a.many-->", "66,552.0<!--a.many-->"),
        ],
    )
    def test_figures_are_written_as_the_language_does(self, lang, before, after):
        assert told.rewritten(before, lang, {"a": {"figures": MADE_UP}}) == after

    def test_writing_twice_changes_nothing(self):
        for lang, text in TEXTS.items():
            once = told.rewritten(text, lang, HELD)
            assert told.rewritten(once, lang, HELD) == once

    @pytest.mark.parametrize("name", ["a.absent", "b.many", "many"])
    def test_a_figure_that_is_not_held_is_named(self, name):
        with pytest.raises(told.UnknownFigure, match=name):
            told.rewritten(f"1<!--{name}-->", "en", {"a": {"figures": MADE_UP}})


def test_findings_of_quality_are_named_after_their_words():
    found = note.of_quality(
        [
            {"what": "wide: AUC", "value": 0.75, "note": "3 seeds"},
            {"what": "mixed, clients with histories (11,646): AUC", "value": 0.77, "note": ""},
            {
                "what": "  that the histories add",
                "value": 0.01,
                "note": "error 0.0011 over folds and seeds, 0.0027 over clients; better in 14 of 15 folds",
            },
        ]
    )
    added = "mixed_clients_with_histories_that_the_histories_add"
    assert found == {
        "wide_auc": 0.75,
        "mixed_clients_with_histories_auc": 0.77,
        added: 0.01,
        f"{added}_error": 0.0011,
        f"{added}_error_clients": 0.0027,
    }


def test_what_is_not_measured_again_is_kept(tmp_path, monkeypatch):
    texts = {lang: tmp_path / path.name for lang, path in note.NOTES.items()}
    for lang, path in texts.items():
        path.write_text(TEXTS[lang], encoding="utf-8")
    kept = tmp_path / "figures.json"
    kept.write_text(json.dumps(HELD), encoding="utf-8")
    monkeypatch.setattr(note, "NOTES", texts)
    monkeypatch.setattr(note, "FIGURES", kept)
    monkeypatch.setattr("sys.argv", ["note"])
    note.main()
    assert json.loads(kept.read_text(encoding="utf-8")) == HELD
    assert {lang: path.read_text(encoding="utf-8") for lang, path in texts.items()} == TEXTS


def test_a_model_s_card_becomes_figures(store):
    version = store / "models" / "home_credit" / "1"
    found = note.of_model(version)
    card = json.loads((version / "artifact.json").read_text(encoding="utf-8"))
    assert found["auc"] == card["metrics"]["auc"]["value"]
    assert found["auc_low"] < found["auc"] < found["auc_high"]
    assert found["rate"] + found["majority"] == pytest.approx(1)
    stopped = found["per_1000_true_positive"] + found["per_1000_false_positive"]
    assert stopped == pytest.approx(1000 * found["refused_share"])
    named = {one.name for one in told.figures_of(TEXTS["en"], "en") if one.name.startswith("real.")}
    # So small a bank may leave a history out.
    missing = {name.partition(".")[2] for name in named} - set(found)
    assert {name.partition("_")[0] for name in missing} <= {"bureau", "previous", "card"} - set(
        card["histories"]
    )
