"""The Fairness page on a trained model."""

import re
import sys

import pytest

from components.i18n import LANGUAGES
from model.artifact import ModelDamaged, champion
from model.measures import measures
from tests.seen import attribute, by_class, of_kind, plain

PORTFOLIO = "home_credit"
LEFT_OUT = {
    "columns": ["CODE_GENDER", "DAYS_BIRTH"],
    "with": {"auc": 0.757, "cost_per_file": 0.528, "ratios": {"age": 0.64, "sex": 0.93, "family": 0.8}},
    "without": {"auc": 0.753, "cost_per_file": 0.534, "ratios": {"age": 0.7, "sex": 0.93, "family": 0.8}},
    "auc_gain": {"value": 0.004, "low": 0.001, "high": 0.007},
    "saved_per_file": {"value": 0.006, "low": 0.002, "high": 0.01},
}


@pytest.fixture(scope="module")
def page(server):
    return sys.modules["pages.fairness"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_comes_whole_from_its_layout(page, lang):
    shown = page.layout(portfolio=PORTFOLIO, lang=lang)
    ids = [part.id for part in of_kind(shown, "Section") if getattr(part, "id", None)]
    assert ids == ["said", "groups", "truth", "left-out", "notes"]
    assert not re.search(r"\bnan\b|None(?! of)|[{}]", plain(shown))


def test_answers_without_arguments(page):
    assert of_kind(page.layout(), "H1")


def test_shows_every_group_with_its_size(page):
    said = plain(page.layout(portfolio=PORTFOLIO, lang="fr"))
    for family in measures(champion(PORTFOLIO), "fairness.json")["families"]:
        for one in family["groups"]:
            assert f"{one['rows']:,}".replace(",", " ") in said


def test_lists_sex_age_and_family_status(page):
    said = plain(page.layout(portfolio=PORTFOLIO, lang="fr"))
    for name in ("Sexe", "Tranche d'âge", "Situation de famille", "Moins de 30 ans", "60 ans et plus"):
        assert name in said


def test_says_how_to_measure_what_was_not(page):
    said = plain(page.layout(portfolio=PORTFOLIO, lang="fr"))
    assert "Non mesuré avec cette version" in said
    assert "python -m model train home_credit --with-protected-cost" in said


def with_cost(page, monkeypatch, left_out, lang="fr"):
    real = measures

    def held(model, name):
        return {**real(model, name), "left_out": left_out}

    monkeypatch.setattr(page, "measures", held)
    return plain(page.layout(portfolio=PORTFOLIO, lang=lang))


def test_says_what_leaving_protected_inputs_out_costs(page, monkeypatch):
    said = with_cost(page, monkeypatch, LEFT_OUT)
    assert "coûte 0,0040 d'AUC et 6,0 pour 1 000 dossiers" in said
    assert "En service : sans sexe, âge" in said


def test_says_when_it_costs_nothing_that_can_be_told_from_chance(page, monkeypatch):
    unsure = LEFT_OUT | {
        "auc_gain": {"value": 0.001, "low": -0.001, "high": 0.003},
        "saved_per_file": {"value": -0.001, "low": -0.006, "high": 0.004},
    }
    assert "ne coûte rien que l'on puisse distinguer du hasard" in with_cost(page, monkeypatch, unsure)


@pytest.mark.parametrize(
    ("sure", "said"),
    [
        ("auc_gain", "coûte 0,0040 d'AUC ; sur le coût par dossier, l'écart ne se distingue pas du hasard"),
        (
            "saved_per_file",
            "coûte 6,0 pour 1 000 dossiers ; sur l'AUC, l'écart ne se distingue pas du hasard",
        ),
    ],
)
def test_tells_apart_what_is_sure_from_what_is_not(page, monkeypatch, sure, said):
    other = {"auc_gain": "saved_per_file", "saved_per_file": "auc_gain"}[sure]
    half = LEFT_OUT | {other: {"value": 0.001, "low": -0.001, "high": 0.003}}
    assert said in with_cost(page, monkeypatch, half)


def test_a_model_of_an_earlier_version_says_to_train_again(page, monkeypatch):
    def lacks(model, name):
        raise ModelDamaged(f"1/{name} is missing")

    monkeypatch.setattr(page, "measures", lacks)
    assert "Entraînez le modèle de nouveau" in plain(page.layout(portfolio=PORTFOLIO, lang="fr"))


def test_what_is_drawn_is_also_in_a_table(page):
    shown = page.layout(portfolio=PORTFOLIO, lang="fr")
    lanes = by_class(shown, "interval")
    assert lanes
    assert all(attribute(lane, "aria-hidden") == "true" for lane in lanes)
    assert len(by_class(shown, "figures")) >= 2
