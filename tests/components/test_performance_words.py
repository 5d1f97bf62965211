"""What the Performance page says is computed from its numbers, in both languages."""

import json

import pytest

from components import cost_desk, performance, performance_figures, proposed_marks
from components.charts import cost
from components.i18n import LANGUAGES
from components.proposed_marks import Proposed
from data import portfolios
from model.results import Cells, CostAnswer
from tests.seen import attribute, by_class, find, of_kind, plain

PORTFOLIO = portfolios.load("home_credit")
PER_1000 = {"true_positive": 50.6, "false_positive": 251.5, "true_negative": 669.7, "false_negative": 28.2}


def interval(value, spread=0.02):
    return {"value": value, "low": value - spread, "high": value + spread}


@pytest.fixture
def card():
    names = ("auc", "gini", "ks", "average_precision", "brier", "log_loss", "cost_per_file", "refused_share")
    values = (0.753, 0.506, 0.371, 0.236, 0.0666, 0.243, 0.534, 0.302)
    return {
        "version": "7",
        "costs": {"false_negative": 10, "false_positive": 1},
        "data": {"rows": 10_000, "positives": 788},
        "metrics": {name: interval(value) for name, value in zip(names, values, strict=True)},
        "per_1000": PER_1000,
    }


@pytest.fixture
def bins():
    said = [0.01 * (place + 1) for place in range(10)]
    return [
        {"rows": 1_000, "predicted": p, "observed": p + 0.002, "low": p - 0.004, "high": p + 0.009}
        for p in said
    ]


def an_answer(tuned=610, saved_low=5.0, by_amount=False) -> CostAnswer:
    marks = list(range(520, 691))
    costs = [649.0 + 0.25 * (mark - tuned) ** 2 for mark in marks]
    return CostAnswer(
        ratio=15,
        by_amount=by_amount,
        marks=marks,
        cost=costs,
        low=[value - 20 for value in costs],
        high=[value + 20 for value in costs],
        in_force=600,
        tuned=tuned,
        interval=(tuned - 4, tuned + 5),
        theoretical=612,
        now=Cells(50.6, 251.5, 669.7, 28.2),
        then=Cells(60.3, 371.6, 549.6, 18.5) if tuned != 600 else Cells(50.6, 251.5, 669.7, 28.2),
        saved=25.4,
        saved_low=saved_low,
        saved_high=41.0,
    )


class TestToday:
    def test_says_the_price_of_refusals(self, card, bins):
        said = plain(performance.today(PORTFOLIO, card, bins, 0.788, "fr"))
        assert "Sur 10 dossiers sous le seuil, environ 8 auraient été remboursés." in said
        assert "64 sur 100" in said
        assert "coûterait 788 pour 1 000 dossiers ; avec le modèle, c'est 534" in said

    def test_shows_eight_hollow_squares_of_ten(self, card, bins):
        (ten,) = by_class(performance.today(PORTFOLIO, card, bins, 0.788, "en"), "ten")
        assert len(by_class(ten, "good")) == 8
        assert len(by_class(ten, "bad")) == 2
        assert attribute(ten, "role") == "img"

    def test_the_confusion_matrix_adds_up_to_a_thousand(self, card, bins):
        shown = performance.today(PORTFOLIO, card, bins, 0.788, "fr")
        cells = [int(plain(cell)) for cell in by_class(shown, "cell")]
        assert sum(cells) == 1000
        assert cells == [670, 251, 28, 51]

    def test_survives_a_mark_that_flags_nobody(self, card, bins):
        idle = {"true_positive": 0.0, "false_positive": 0.0, "true_negative": 921.2, "false_negative": 78.8}
        shown = performance.today(PORTFOLIO, card | {"per_1000": idle}, bins, 0.788, "fr")
        assert not by_class(shown, "ten")


def test_a_model_that_knows_nothing_is_worth_what_scikit_learn_says():
    import numpy as np
    from sklearn.metrics import average_precision_score, brier_score_loss, log_loss

    outcome = np.array([1.0] * 8 + [0.0] * 92)
    constant = np.full(100, 0.08)
    idle = performance.knows_nothing(0.08, 0.8)
    assert idle["brier"] == pytest.approx(brier_score_loss(outcome, constant))
    assert idle["log_loss"] == pytest.approx(log_loss(outcome, constant))
    assert idle["average_precision"] == pytest.approx(average_precision_score(outcome, constant))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_metric_is_explained_once(card, lang):
    shown = performance.every_metric(PORTFOLIO, card, 0.788, lang)
    assert len(of_kind(shown, "Small")) == len(performance.SHOWN)
    assert "69.8%" in plain(shown) if lang == "en" else "69,8 %" in plain(shown)


class TestTheDesk:
    def test_says_what_another_mark_saves_and_changes(self):
        said = plain(cost_desk.changing(PORTFOLIO, an_answer(), 10, "fr")["curve"])
        assert "coûte autant que 15 bons dossiers refusés, un seuil de 610 économise 25,4" in said
        assert "Il en refuse 130 de plus : 120 auraient été remboursés, 10 non." in said

    def test_of_ten_refused_says_how_many_would_have_repaid(self):
        said = plain(cost_desk.changing(PORTFOLIO, an_answer(), 10, "en")["sure"])
        assert "At 610, of 10 refused, about 9 would have been repaid." in said

    @pytest.mark.parametrize(("low", "word"), [(5.0, "not due to chance"), (-2.0, "may be due to chance")])
    def test_says_whether_the_saving_is_proved(self, low, word):
        assert word in plain(cost_desk.changing(PORTFOLIO, an_answer(saved_low=low), 10, "en")["sure"])

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_proposes_nothing_when_the_mark_in_force_is_the_cheapest(self, lang):
        parts = cost_desk.changing(PORTFOLIO, an_answer(tuned=600), 15, lang)
        assert "600" in plain(parts["curve"])
        assert len(of_kind(parts["compared"], "Th")) == 2
        assert "600" not in parts["propose"]

    def test_what_changes_is_a_difference_of_what_is_shown(self):
        table = cost_desk.changing(PORTFOLIO, an_answer(), 10, "en")["compared"]
        rows = [[plain(cell) for cell in of_kind(row, "Td")] for row in of_kind(table, "Tr")[1:]]
        for _, now, then, change in rows:
            numbers = [
                float(text.replace("−", "-").replace("+", "").replace(",", ""))
                for text in (now, then, change)
            ]
            assert numbers[1] - numbers[0] == pytest.approx(numbers[2], abs=0.11)

    def test_the_address_keeps_its_state(self):
        parts = cost_desk.changing(PORTFOLIO, an_answer(by_amount=True), 10, "fr")
        (state,) = find(parts["curve"], lambda part: attribute(part, "data-query"))
        assert attribute(state, "data-query") == "ratio=15&by=amount"

    def test_its_drawing_is_light_and_names_three_marks(self):
        labels = {"x": "x", "y": "y", "in_force": "600", "tuned": "610", "theoretical": "612"}
        drawn = cost.draw(an_answer(), labels, "fr")
        assert len(json.dumps(drawn, separators=(",", ":"))) < 3_000
        spread, *marks = drawn["layout"]["shapes"]
        assert (spread["x0"], spread["x1"]) == (606, 615)
        assert {shape["x0"] for shape in marks} == {600, 610, 612}


class TestProposals:
    def test_wait_for_another_manager_and_say_why(self):
        one = Proposed("2026-11-21", 610.0, 600.0, 15, False, "Recouvrement plus cher", "7")
        said = plain(proposed_marks.proposals(PORTFOLIO, [one], "fr"))
        assert "610 au lieu de 600, version 7" in said
        assert "Recouvrement plus cher" in said
        assert "attend l'accord d'un autre responsable" in said

    @pytest.mark.parametrize("lang", LANGUAGES)
    @pytest.mark.parametrize("code", ["empty", "same", "unavailable", "unread"])
    def test_every_fault_is_told(self, code, lang):
        shown = proposed_marks.fault(code, lang)
        assert attribute(shown, "role") == "alert"
        assert len(plain(shown)) > 20


class TestSegments:
    HELD = (
        {
            "name": "contract",
            "column": "NAME_CONTRACT_TYPE",
            "groups": [
                {
                    "group": {"values": ["Cash loans"]},
                    "rows": 900,
                    "flagged": 0.3,
                    "expected": 0.08,
                    "auc": {"value": 0.75, "low": 0.7, "high": 0.79},
                    "observed": 0.081,
                    "cost_per_file": 0.52,
                },
                {
                    "group": {"values": ["Revolving loans"]},
                    "rows": 100,
                    "flagged": 0.2,
                    "expected": 0.05,
                    "auc": None,
                    "observed": None,
                    "cost_per_file": None,
                },
            ],
        },
    )

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_mask_what_is_too_few_in_drawing_and_table(self, card, lang):
        shown = performance_figures.segments(PORTFOLIO, self.HELD, card, lang)
        masked = {"fr": "masqué", "en": "masked"}[lang]
        assert [plain(part) for part in by_class(shown, "absent")] == [masked] * 3
        (table,) = by_class(shown, "figures")
        assert plain(table).count(masked) == 3

    def test_are_left_out_when_none_is_declared(self, card):
        assert performance_figures.segments(PORTFOLIO, (), card, "fr") is None
