"""The sheets of the evidence: each verdict in both languages, from figures that leave no doubt."""

import copy
import re

import pytest

from components import learning
from components.i18n import LANGUAGES
from data import portfolios
from tests.seen import attribute, by_class, of_kind, plain

PORTFOLIO = portfolios.load("home_credit")
CARD = {"version": "7"}


def span(value: float, half: float) -> dict[str, float]:
    return {"value": value, "low": value - half, "high": value + half}


def gain(auc: float, half: float = 0.001) -> dict:
    return {"auc": span(auc, half), "saved_per_file": span(auc / 2, half)}


def worth(inputs: int, auc: float) -> dict:
    return {"inputs": inputs, "auc": span(auc, 0.01), "cost_per_file": span(1.3 - auc, 0.02)}


def point(rows: int, auc: float) -> dict:
    return {"share": rows / 8_000, "rows": rows} | {k: v for k, v in worth(1, auc).items() if k != "inputs"}


def run(sd: float, changed: float) -> dict:
    files = {"points_sd": 3.0, "points_sd_95": 8.0, "changed": changed, "ever": 2 * changed, "across": 0.001}
    return {"auc": [0.75] * 4, "auc_sd": sd, "cost_per_file": [0.5] * 4, "cost_sd": 0.002, "files": files}


def group(name: str, auc: float, half: float = 0.001) -> dict:
    return {"name": name, "inputs": 3, "rows": 900} | gain(auc, half)


HELD = {
    "learning": {
        "points": [point(3_200, 0.74), point(5_600, 0.75), point(8_000, 0.76)],
        "last": {"since": 5_600} | gain(0.01),
    },
    "families": [group("bureau", 0.004), group("card", 0.0001)],
    "themes": [group("external", 0.07), group("work", -0.002, 0.004)],
    "protected": [group("CODE_GENDER", 0.001)],
    "selection": {
        "own": worth(146, 0.76),
        "steps": [
            worth(223, 0.761) | {"lost": gain(-0.001)},
            worth(150, 0.76) | {"lost": gain(0.0), "among": "every", "always": 101},
            worth(100, 0.759) | {"lost": gain(0.0005, 0.001), "among": "own", "always": 57},
            worth(25, 0.74) | {"lost": gain(0.02), "among": "own", "always": 11},
        ],
    },
    "seeds": {"fits": run(0.0006, 0.02), "folds": run(0.0008, 0.037)},
    "signs": {
        "inputs": 63, "files": 500, "moves": 248_000, "against": 0, "worst": 0.0, "without": gain(-0.0002)
    },
    "importance": {
        "rows": 10_000,
        "rank_correlation": 0.86,
        "inputs": {
            name: {"permutation": 0.01, "contribution": 4.2, "place_permutation": 1, "place_contribution": 2}
            for name in ("EXT_MEAN", "AMT_CREDIT")
        },
        "apart": ["AMT_CREDIT"],
    },
}  # fmt: skip


def sheets(held: dict | None, lang: str) -> dict[str, object]:
    return {part.id: part for part in learning.sections(PORTFOLIO, CARD, held, lang)}


@pytest.mark.parametrize("lang", LANGUAGES)
class TestTheSheets:
    def test_are_there_with_their_readings_and_tables(self, lang):
        shown = sheets(HELD, lang)
        assert list(shown) == ["learning", "brought", "fewer", "chance", "directions", "importance"]
        for name, part in shown.items():
            assert not re.search(r"\bnan\b|None|[{}]", plain(part)), name
            assert by_class(part, "reading"), name
        for name in ("learning", "brought", "fewer", "importance"):
            assert of_kind(shown[name], "Details"), name

    def test_say_how_to_measure_when_nothing_was(self, lang):
        shown = sheets(None, lang)
        assert "python -m model train home_credit --with-evidence" in plain(shown["evidence"])

    @pytest.mark.parametrize("part", list(HELD))
    def test_do_without_a_part_that_was_not_measured(self, lang, part):
        assert sheets({name: held for name, held in HELD.items() if name != part}, lang)

    def test_describe_their_drawings(self, lang):
        for drawn in by_class(sheets(HELD, lang)["learning"], "drawn"):
            assert attribute(drawn, "role") == "img"
            assert len(attribute(drawn, "aria-label")) > 40

    def test_leave_the_figures_as_they_were(self, lang):
        held = copy.deepcopy(HELD)
        sheets(held, lang)
        assert held == HELD


def reading(held: dict, name: str) -> str:
    return plain(by_class(sheets(held, "en")[name], "reading")[0])


def changed(part: str, **values) -> dict:
    return HELD | {part: HELD[part] | values}


class TestWouldMoreFilesHelp:
    @pytest.mark.parametrize(
        ("found", "said"),
        [(gain(0.01), "Yes:"), (gain(0.0002), "Hardly:"), (gain(0.003, 0.004), "That is not settled:")],
    )
    def test_is_answered_from_the_interval(self, found, said):
        told = reading(changed("learning", last={"since": 5_600} | found), "learning")
        assert told.startswith(said)
        assert "8,000 files rather than 5,600" in told

    def test_says_when_there_are_too_few_to_try(self):
        assert "too few files" in reading(
            changed("learning", points=[point(800, 0.7)], last=None), "learning"
        )


class TestTheOthers:
    def test_the_group_that_brings_most_and_those_that_bring_nothing_sure(self):
        told = reading(HELD, "brought")
        assert "“Scores from outside agencies” brings most: +0.070" in told
        assert "For 2 of the 4 groups" in told

    def test_noise_between_seeds_is_given_to_judge_by(self):
        assert "moves by 0.0006" in plain(sheets(HELD, "en")["brought"])

    def test_the_fewest_inputs_whose_loss_may_be_nought(self):
        assert reading(HELD, "fewer").startswith("With 100 inputs rather than 146, the loss of AUC, 0.0005,")

    def test_or_that_all_are_needed(self):
        steps = [one for one in HELD["selection"]["steps"] if one["inputs"] != 100]
        assert "with 25 inputs" in reading(changed("selection", steps=steps), "fewer").lower()
        assert "already loses" in reading(changed("selection", steps=steps), "fewer")

    def test_the_model_in_service_is_marked_among_the_steps(self):
        (row,) = by_class(sheets(HELD, "en")["fewer"], "pick")[:1]
        assert "version 7, in service" in plain(row)

    def test_who_changes_side_by_chance(self):
        assert "3.7% of the files change side" in reading(HELD, "chance")

    @pytest.mark.parametrize(
        ("found", "said"),
        [
            (gain(-0.004), "have a price: freed of them, the AUC would change by +0.0040"),
            (gain(0.004), "help: freed of them, the AUC would change by −0.0040"),
            (gain(0.0), "cannot be told from nought"),
        ],
    )
    def test_what_directions_cost(self, found, said):
        assert said in plain(sheets(changed("signs", without=found), "en")["directions"])

    def test_directions_that_are_broken_are_not_hidden(self):
        assert reading(changed("signs", against=3), "directions").startswith("No:")

    @pytest.mark.parametrize(("rho", "said"), [(0.9, "closely"), (0.6, "broadly"), (0.2, "poorly")])
    def test_how_far_two_importances_agree(self, rho, said):
        assert said in reading(changed("importance", rank_correlation=rho), "importance")

    def test_an_input_that_is_no_column_any_more_keeps_its_name(self):
        inputs = HELD["importance"]["inputs"] | {"GONE": HELD["importance"]["inputs"]["AMT_CREDIT"]}
        assert "GONE" in plain(sheets(changed("importance", inputs=inputs), "fr")["importance"])
