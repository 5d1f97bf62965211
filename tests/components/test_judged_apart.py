"""Segments against one model, the rows set aside, algorithms and offers: readings that follow the figures."""

import copy

import pytest

from components import compared, offers_worth, segments
from components.i18n import LANGUAGES
from tests.seen import plain


def figure(value, margin=0.01):
    return {"value": value, "low": value - margin, "high": value + margin}


METRICS = ("auc", "recall", "precision", "accuracy", "f1", "balanced_accuracy", "log_loss", "brier", "cost")


def population(name, verdict, low=None, high=None):
    return {
        "name": name, "column": None if name == "all" else "AGE", "low": low, "high": high,
        "rows": 1000, "positives": 300, "verdict": verdict,
        "pooled": {m: figure(0.7) for m in METRICS}, "segments": {m: figure(0.71) for m in METRICS},
        "gain": {m: figure(0.01, 0.02) for m in METRICS},
    }  # fmt: skip


def held(verdict="no difference", test=True, served="pooled"):
    found = {
        "verdict": verdict,
        "populations": [population("all", verdict), population("segment_1", verdict)],
    }
    return {"served": served, "out_of_fold": found, "test": found if test else None}


def named(one):
    return one["name"]


class TestSegments:
    @pytest.mark.parametrize(
        ("verdict", "said"),
        [
            ("no difference", "aucun écart ne se distingue du hasard"),
            ("segments", "fait mieux, au-delà du hasard"),
            ("pooled", "fait moins bien, au-delà du hasard"),
        ],
    )
    def test_the_difference_is_said_in_words(self, verdict, said):
        assert said in plain(segments.section(held(verdict), named, "fr"))

    def test_says_what_was_judged_on_and_what_serves(self):
        aside = plain(segments.section(held(), named, "fr"))
        assert "mises de côté pour juger" in aside
        assert "Un seul modèle est en service" in aside
        folds = plain(segments.section(held(test=False, served="segments"), named, "fr"))
        assert "En validation croisée" in folds
        assert "Chaque tranche a son modèle" in folds

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_gains_bear_their_sign_and_their_interval(self, lang):
        assert "+0" in plain(segments.section(held(), named, lang))


CARD = {"metrics": {"auc": figure(0.785, 0.007), "brier": figure(0.178)}}


class TestTheTestYear:
    def test_says_when_the_model_ranks_less_well(self):
        test = {
            "rows": 5458,
            "metrics": {"auc": figure(0.70, 0.01), "predicted": figure(0.35), "observed": figure(0.31)},
        }
        said = plain(segments.year(CARD, test, "2021", "fr"))
        assert (
            "Sur 2021, l'AUC est de 0,700, contre 0,785 en validation croisée : le modèle range moins bien."
            in (said.replace("\u00a0", " "))
        )
        assert "35,0 acceptations sur 100" in said

    def test_does_not_cry_over_what_may_be_chance(self):
        test = {
            "rows": 5458,
            "metrics": {"auc": figure(0.781, 0.01), "predicted": figure(0.35), "observed": figure(0.31)},
        }
        assert "hasard du tirage" in plain(segments.year(CARD, test, "2021", "fr"))


def algorithm(name, auc, margin=0.005):
    values = dict.fromkeys((*compared.METRICS, "brier", "cost"), figure(0.6))
    return {"name": name, "metrics": values | {"auc": figure(auc, margin)}}


def comparison(*aucs):
    algorithms = [
        algorithm(name, auc) for name, auc in zip(("logistic", "forest", "lightgbm"), aucs, strict=True)
    ]
    one = {"name": "all", "column": None, "low": None, "high": None, "judged": 1000, "positives": 314}
    return {"mark": 0.5, "populations": [{**one, "algorithms": algorithms}]}


class TestAlgorithms:
    def test_a_clear_best_is_said_to_be_so(self):
        said = plain(compared.section("prospects", comparison(0.70, 0.71, 0.79), True, named, "fr"))
        assert "Ce qui range le mieux : LightGBM, AUC 0,790" in said.replace("\u00a0", " ")
        assert "0,080 de plus que le suivant" in said

    def test_a_difference_that_is_not_proven_is_not_claimed(self):
        said = plain(compared.section("prospects", comparison(0.785, 0.786, 0.79), True, named, "fr"))
        assert "Deux autres ont un intervalle qui recouvre le sien" in said

    def test_without_one_gives_the_command(self):
        assert "python -m model compare prospects" in plain(
            compared.section("prospects", None, True, named, "fr")
        )

    def test_says_when_it_was_of_other_data(self):
        assert "autres données" in plain(
            compared.section("prospects", comparison(0.7, 0.7, 0.7), False, named, "fr")
        )

    def test_never_changes_what_it_was_given(self):
        given = comparison(0.70, 0.71, 0.79)
        before = copy.deepcopy(given)
        compared.section("prospects", given, True, named, "en")
        assert given == before


def test_what_offers_are_worth_is_told_beside_the_plain_choice():
    judged = {"rows": 1661} | {f"top_{n}": figure(share) for n, share in ((1, 0.56), (3, 0.8), (4, 0.87))}
    baseline = judged | {"top_1": figure(0.4)}
    gain = {f"top_{n}": figure(0.1) for n in (1, 3, 4)}
    held = {"rare": 60, "test": {"model": judged, "baseline": baseline, "gain": gain}, "folds": None}
    said = plain(offers_worth.section(held, "fr"))
    assert "la première annoncée 56,0 fois sur 100" in said
    assert "des quatre premières 87,0 fois" in said
    assert "donnerait 40,0" in said
