"""Groups are named as a banker would name them."""

from dataclasses import replace

import pytest

from components import fairness, group_names
from data import portfolios
from tests.seen import by_class, plain

PORTFOLIO = portfolios.load("home_credit")


@pytest.mark.parametrize(
    ("column", "group", "lang", "name"),
    [
        ("DAYS_BIRTH", {"values": [], "low": None, "high": 30.0}, "fr", "Moins de 30 ans"),
        ("DAYS_BIRTH", {"values": [], "low": 30.0, "high": 40.0}, "fr", "30 à 39 ans"),
        ("DAYS_BIRTH", {"values": [], "low": 60.0, "high": None}, "en", "60 and over"),
        ("DAYS_BIRTH", {"values": [None], "low": 60.0, "high": None}, "fr", "60 ans et plus, non fourni"),
        ("CODE_GENDER", {"values": ["M", "XNA"]}, "fr", "Homme, non précisé"),
        ("CODE_GENDER", {"values": [None]}, "en", "Not provided"),
        ("AMT_INCOME_TOTAL", {"values": [], "low": 112500.0, "high": 146250.0}, "fr", "112 500 à 146 250"),
        ("AMT_INCOME_TOTAL", {"values": [], "low": 1000.0, "high": None}, "en", "1,000 and over"),
    ],
)
def test_a_group_has_a_name(column, group, lang, name):
    assert plain(group_names.name(PORTFOLIO, column, group, lang)) == name


@pytest.mark.parametrize(
    ("low", "high", "fr", "en"),
    [
        (None, 1955.0, "Avant 1955", "Before 1955"),
        (1955.0, 1968.0, "1955 à 1967", "1955 to 1967"),
        (1968.0, None, "1968 et après", "1968 and later"),
    ],
)
def test_years_are_told_both_ends_in(low, high, fr, en):
    born = replace(PORTFOLIO.columns["DAYS_BIRTH"], unit="year")
    told = replace(PORTFOLIO, columns={**PORTFOLIO.columns, "DAYS_BIRTH": born})
    group = {"values": [], "low": low, "high": high}
    assert [plain(group_names.name(told, "DAYS_BIRTH", group, lang)) for lang in ("fr", "en")] == [fr, en]


def a_group(value, standing="above", **more):
    one = {"value": value, "low": value - 0.01, "high": value + 0.01}
    measured = {"accepted": one, "false_refusal": one, "false_acceptance": one, "observed": one, "auc": one}
    named = {"values": [], "low": None, "high": 30.0}
    return {
        "group": named,
        "rows": 400,
        "expected": 0.08,
        "ratio": 0.9,
        "standing": standing,
        **measured,
        **more,
    }


def a_family(*groups):
    return {"name": "age", "column": "DAYS_BIRTH", "best": 0.8, "line": 0.64, "groups": list(groups)}


class TestTheSignal:
    @pytest.mark.parametrize(
        ("standings", "said"),
        [
            ("A", "Aucun groupe n'est sous la ligne des quatre cinquièmes, aucun ne la touche."),
            ("U", "Un groupe est sous la ligne des quatre cinquièmes."),
            ("UT", "Un groupe est sous la ligne des quatre cinquièmes, un autre la touche."),
            ("UUTT", "Deux groupes sont sous la ligne des quatre cinquièmes, deux autres la touchent."),
            ("TT", "Deux groupes touchent la ligne des quatre cinquièmes."),
        ],
    )
    def test_counts_groups_against_the_line(self, standings, said):
        names = {"A": "above", "U": "under", "T": "touches"}
        family = a_family(*(a_group(0.6, names[letter]) for letter in standings))
        shown = plain(fairness.said(PORTFOLIO, ["CODE_GENDER"], [family], "fr"))
        assert said in shown

    def test_never_concludes(self):
        shown = plain(fairness.said(PORTFOLIO, ["CODE_GENDER"], [a_family(a_group(0.5, "under"))], "fr"))
        assert "pas la preuve d'une discrimination" in shown
        assert "c'est au responsable d'en conclure" in shown


def test_what_is_masked_says_so_in_drawing_and_table():
    hidden = a_group(0.7, false_refusal=None, false_acceptance=None)
    held = {"families": [a_family(a_group(0.8), hidden)], "all": a_group(0.75)}
    shown = fairness.groups(PORTFOLIO, held, "fr")
    assert len(by_class(shown, "absent")) == 2
    (table,) = by_class(shown, "figures")
    assert plain(table).count("masqué") == 6


def test_a_group_on_or_under_the_line_is_hollow_and_says_it():
    held = {"families": [a_family(a_group(0.8), a_group(0.6, "under"))], "all": a_group(0.75)}
    shown = fairness.groups(PORTFOLIO, held, "en")
    assert len(by_class(shown, "hollow")) == 1
    assert "under the line" in plain(shown)
