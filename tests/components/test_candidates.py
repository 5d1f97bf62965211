"""What the sheet of the candidates says follows from its numbers, in both languages."""

import json
from copy import deepcopy
from math import exp

import pytest

from components import candidates, candidates_balancing, candidates_table
from components.i18n import LANGUAGES, keys
from data import portfolios
from tests.seen import by_class, of_kind, plain

PORTFOLIO = portfolios.load("home_credit")


def interval(value, spread=0.01):
    return {"value": value, "low": value - spread, "high": value + spread}


def bins(times=1.0):
    said = [0.01 * (place + 1) for place in range(10)]
    return [{"rows": 100, "predicted": p * times, "observed": p} for p in said]


def announced(p, slope, cost):
    return {
        "brier": 0.07, "announced": p, "observed": 0.08, "slope": slope, "intercept": 0.1,
        "cost_per_file": cost, "refused_share": 0.3, "reliability": bins(p / 0.08),
    }  # fmt: skip


def one(name, kind, cost, saved, *, raw=(0.08, 1.0, 0.53), half=0.78):
    decided = {"refused_share": 0.3, "accuracy": 0.7, "f1": 0.26, "f_beta": 0.5}
    return {
        "name": name, "kind": kind, "missing": "native", "auc": interval(0.75), "average_precision": 0.22,
        "raw": announced(*raw), "recalibrated": announced(0.08, 1.0, cost) if kind != "rule" else None,
        "own": {"threshold": 0.09, "cost_per_file": interval(cost)} | decided,
        "unasked": {"cost_per_file": interval(half)} | decided,
        "against": None if saved is None else {"saved_per_file": saved, "auc": interval(-0.01)},
        "cost_curve": {
            "threshold": [1 / (1 + exp(4.5 - place / 4)) for place in range(29)],
            "cost": [0.533 + 0.002 * (place - 9) ** 2 for place in range(29)],
        },
        "fit_seconds": None if saved is None else 3.2,
    }  # fmt: skip


def balanced(**changed):
    return {
        "unbalanced": "lightgbm", "holds": "level", "held": "yes", "against": {}, "ranks": 0,
        "saves_raw": -1, "saves_recalibrated": 0,
    } | changed  # fmt: skip


HELD = {
    "accept_everyone": {"cost_per_file": 0.788},
    "folds": [{"rows": 100, "auc": 0.75, "cost_per_file": 0.53, "trees": {"application": 900}}] * 5,
    "beta": 10**0.5,
    "threshold": 1 / 11,
    "candidates": [
        one("accept_all", "rule", 0.788, interval(-0.255)),
        one("scorecard", "glass", 0.543, interval(-0.0099, 0.005)),
        one("lightgbm", "boosted", 0.535, interval(-0.002, 0.004)),
        one("lightgbm_threshold", "boosted", 0.535, interval(-0.002, 0.004), half=0.541),
        one("lightgbm_weighted", "boosted", 0.536, interval(-0.003, 0.004), raw=(0.347, 0.8, 0.817)),
        one("champion", "champion", 0.533, None),
    ],
    "conclusion": {
        "cheaper": [], "alike": ["lightgbm", "lightgbm_threshold", "lightgbm_weighted"],
        "dearer": ["accept_all", "scorecard"], "closest": "lightgbm", "glass": "scorecard",
        "balancing": {"lightgbm_weighted": balanced()},
    },
}  # fmt: skip
CARD = {
    "portfolio": "home_credit",
    "version": "7",
    "costs": {"false_negative": 10, "false_positive": 1},
    "metrics": {"auc": interval(0.755), "cost_per_file": interval(0.533)},
    "histories": {},
}


def shown(lang="fr", **conclusion):
    held = deepcopy(HELD)
    held["conclusion"] |= conclusion
    return candidates.section(PORTFOLIO, CARD, held, lang)


class TestTheReading:
    def test_says_that_none_is_proved_cheaper_and_names_the_closest(self):
        said = plain(shown("en"))
        assert "None of the 5 others is proved cheaper than version 7." in said
        assert "“LightGBM as it comes”, costs 2 per 1,000 files more: it may be due to chance." in said

    def test_says_what_the_best_readable_one_costs_and_that_it_is_proved(self):
        assert (
            "Le meilleur de ceux qui se lisent tels quels, « Grille de points », coûte 10 de plus pour "
            "1 000 dossiers : cela ne tient pas au hasard du tirage."
        ) in plain(shown("fr")).replace("\u202f", " ").replace("\xa0", " ")

    def test_says_when_all_are_proved_dearer(self):
        assert "All 5 others cost more than version 7, beyond chance." in plain(shown("en", alike=[]))

    def test_says_that_the_closest_can_be_read_when_it_can(self):
        said = plain(shown("en", closest="scorecard"))
        assert "“Points scorecard”, which can be read as it stands, costs 10 per 1,000 files more" in said
        assert "The best of those" not in said

    def test_says_when_one_is_proved_cheaper(self):
        held = deepcopy(HELD)
        held["candidates"][2]["against"]["saved_per_file"] = interval(0.006, 0.002)
        held["conclusion"]["cheaper"] = ["lightgbm"]
        said = plain(candidates.section(PORTFOLIO, CARD, held, "en"))
        assert "One other model is proved cheaper than version 7." in said
        assert "costs 6 per 1,000 files less: it is not due to chance." in said


class TestTheTable:
    def test_picks_out_the_model_in_service(self):
        (table,) = [part for part in of_kind(shown(), "Table") if part.className == "candidates"]
        (picked,) = by_class(table, "pick")
        assert plain(of_kind(picked, "Td")[0]) == "Version 7, en service"

    def test_draws_no_rule_on_the_scale_of_the_models(self):
        (table,) = [part for part in of_kind(shown(), "Table") if part.className == "candidates"]
        assert len(by_class(table, "interval")) == 5
        assert "loin à droite" in plain(table)

    @pytest.mark.parametrize("values", [(0.478, 0.579), (0.5, 0.5), (0.0, 0.79), (0.53, 0.58)])
    def test_its_scale_holds_every_value_and_its_labels_are_exact(self, values):
        low, high = candidates_table._ends(values)
        assert low <= min(values)
        assert max(values) < high
        assert round((low + high) / 2, 2) == pytest.approx((low + high) / 2)

    def test_a_time_that_was_not_taken_is_a_dash(self):
        assert "–" in plain(shown())

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_beta_is_said(self, lang):
        assert {"fr": "3,16", "en": "3.16"}[lang] in plain(shown(lang))


class TestBalancing:
    def test_says_that_it_gains_nothing_and_bends_what_is_announced(self):
        said = plain(shown("en"))
        assert "Balancing gains nothing here, and what the model then announces is no longer true." in said
        assert "With class weights, the model announces 35 files in 100 not repaid, where 8 are" in said
        assert "it costs 536 per 1,000 files against 535 without balancing: no difference" in said
        assert "is proved. As it comes, 817." in said

    def test_says_that_a_cut_by_the_costs_does_the_same(self):
        assert "costs 780 per 1,000 files when it refuses from one chance in two, 541" in plain(shown("en"))

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"saves_recalibrated": 1}, "Balancing saves something here, beyond chance."),
            ({"holds": "yes"}, "Balancing gains nothing here."),
            ({"held": "level"}, "Balancing gains nothing here."),
            ({"holds": "yes"}, "what the model announces stays true"),
            ({"holds": "spread"}, "slope 0.80; without: 1.00"),
            ({"saves_recalibrated": -1}, "a loss, beyond chance"),
        ],
    )
    def test_what_it_says_follows_from_what_was_found(self, changed, said):
        assert said in plain(shown("en", balancing={"lightgbm_weighted": balanced(**changed)}))

    def test_is_left_out_when_it_was_not_measured(self):
        assert candidates_balancing.section(PORTFOLIO, HELD | {"conclusion": {"balancing": {}}}, "fr") is None

    def test_its_drawings_are_light_and_described(self):
        held = deepcopy(HELD)
        held["candidates"].insert(5, one("lightgbm_smote", "boosted", 0.574, interval(-0.04)))
        held["conclusion"]["balancing"]["lightgbm_smote"] = balanced()
        graphs = of_kind(candidates.section(PORTFOLIO, CARD, held, "fr"), "Graph")
        assert len(graphs) == 2
        assert all(len(json.dumps(graph.figure, separators=(",", ":"))) < 3_000 for graph in graphs)


class TestWithoutMeasures:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_the_model_stands_beside_the_simplest_rule(self, lang):
        held = {name: HELD[name] for name in ("accept_everyone", "folds")}
        said = plain(candidates.section(PORTFOLIO, CARD, held, lang))
        told = {"fr": "Aucun autre modèle n'a été mesuré", "en": "No other model was measured"}
        assert told[lang] in said
        assert "255" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_candidate_that_training_makes_has_a_name(lang):
    from model.candidates_concluded import UNBALANCED
    from model.candidates_made import CANDIDATES

    wanted = {f"candidates.is.{one.name}" for one in CANDIDATES} | {
        f"candidates.with.{n}" for n in UNBALANCED
    }
    assert wanted <= keys(lang)
