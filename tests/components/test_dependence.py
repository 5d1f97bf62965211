"""What one information does to points: how it is read, and how it is drawn."""

import re

import numpy as np
import orjson
import pytest

from components import dependence as words
from components.charts import dependence
from components.dependence import Dependence
from components.i18n import LANGUAGES
from tests.seen import plain, text

LIGHT = 3_000  # bytes of a figure: what a slow line carries at once


def curve(x, middle, *, missing=None, shape="curve"):
    cells = {
        "at": list(x),
        "low": [round(m - 0.5, 2) for m in middle],
        "middle": list(middle),
        "high": [round(m + 0.5, 2) for m in middle],
        "rows": [500] * len(x),
    }
    effect = {"shape": shape, "cells": cells}
    if shape == "curve":
        effect["strip"] = {"low": min(x), "high": max(x), "rows": [40] * 19 + [0]}
    return effect | ({"missing": [*missing, 60]} if missing else {})


@pytest.fixture
def late(portfolio):
    """Instalments paid late: 22 % in this file, which takes 10.2 points."""
    effect = curve([0.0, 0.05, 0.1, 0.2, 0.4], [4.0, 1.0, -4.0, -9.0, -12.0])
    return Dependence(portfolio, "PAID_LATE_SHARE", effect, 0.22, -10.2)


def other(told, **changes):
    named = {name: getattr(told, name) for name in ("portfolio", "feature", "effect", "value", "points")}
    return Dependence(**named | changes)


class TestReading:
    def test_says_from_where_it_turns_and_what_it_is_here(self, late):
        assert plain(words.reading(late, "fr")) == (
            "Au-delà de 6 %, cette information retire des points."
            " À 22 %, elle en retire 10,2 dans ce dossier."
        )
        assert plain(words.reading(late, "en")) == (
            "Beyond 6%, this information takes points away. At 22%, it takes 10.2 away in this file."
        )

    def test_a_time_is_read_from_short_to_long(self, portfolio):
        effect = curve([-4000.0, -2000.0, -1000.0, -100.0], [3.0, 1.0, -1.0, -3.0])
        told = Dependence(portfolio, "DAYS_EMPLOYED", effect, -2314.0, 1.4)
        assert [cell[0] for cell in told.trend] == [-100.0, -1000.0, -2000.0, -4000.0]
        said = plain(words.reading(told, "fr"))
        assert said.startswith("Au-delà de 4 ans et 1 mois, cette information ajoute des points.")
        assert "À 6 ans et 4 mois, elle en ajoute 1,4" in said

    @pytest.mark.parametrize(
        ("middle", "said"),
        [
            ([0.1, 0.2, -0.1, 0.3], "compte peu"),
            ([1.0, 2.0, 3.0, 4.0], "ajoute des points : de 1,0 à 4,0"),
            ([-1.0, -2.0, -3.0, -4.0], "retire des points : de 1,0 à 4,0"),
            ([-1.0, 2.0, 1.0, -4.0], "Le plus favorable est autour de 10 %"),
        ],
    )
    def test_has_words_for_every_course(self, late, middle, said):
        told = other(late, effect=curve([0.0, 0.1, 0.2, 0.3], middle))
        assert said in plain(words.reading(told, "fr"))

    def test_a_date_is_told_as_one(self, portfolio):
        effect = curve([-300.0, 20.0, 900.0, 2000.0], [0.2, 3.0, -2.0, 1.0])
        told = Dependence(portfolio, "BUREAU_END_LAST", effect, 400.0, -0.3)
        assert plain(words.reading(told, "fr")) == (
            "Date la plus favorable : « dans 20 jours » (+3,0) ; la moins favorable :"
            " « dans 2 ans et 6 mois » (−2,0). Ici, « dans 1 an et 1 mois » : elle en retire 0,3."
        )

    def test_a_constant_says_that_all_are_the_same(self, late):
        told = other(late, effect=curve([0.0], [0.0], shape="values"), value=0.0, points=0.0)
        said = plain(words.reading(told, "fr"))
        assert said.startswith("Presque tous les dossiers ont la même valeur : 0 %.")
        assert "elle ne déplace rien" in said

    def test_too_few_files_show_nothing_but_this_one(self, late):
        told = other(late, effect=curve([], [], shape="none"))
        assert plain(words.reading(told, "fr")).startswith("Moins de 30 dossiers")
        assert dependence.draw(told, "fr") is None
        assert words.table(told, "fr").pick == 0

    def test_what_is_not_provided_is_told_with_its_points(self, late):
        said = plain(words.reading(other(late, value=None, points=-1.3), "fr"))
        assert said.endswith("Ici elle n'est pas fournie, ce qui retire 1,3.")

    def test_what_was_not_collected_has_no_points_here(self, late):
        told = other(late, collected=False, value=None, points=0.0)
        assert plain(words.reading(told, "fr")).endswith("Elle n'a pas été réunie pour ce dossier.")
        assert not any("13" in str(trace.get("marker")) for trace in dependence.draw(told, "fr")["data"])
        assert words.table(told, "fr").pick is None


def dots(figure):
    return [t for t in figure["data"] if t["type"] == "scatter" and t.get("marker", {}).get("size") == 13]


class TestCurve:
    def test_holds_line_band_counts_and_this_file(self, late):
        figure = dependence.draw(late, "fr")
        (dot,) = dots(figure)
        assert (dot["x"], dot["y"]) == ([0.22], [-10.2])
        assert [t["type"] for t in figure["data"]] == ["scatter", "scatter", "bar", "scatter"]
        labels = [plain(note["text"]) for note in figure["layout"]["annotations"]]
        assert labels[0] == "<b>ce dossier : 22 %, −10,2 points</b>"
        assert "bande : 8 dossiers sur 10" in labels

    def test_a_file_far_outside_stays_on_the_edge_and_says_so(self, late):
        figure = dependence.draw(other(late, value=90.0), "fr")
        ((at,),) = [dot["x"] for dot in dots(figure)]
        assert at <= figure["layout"]["xaxis"]["range"][1] < 1
        assert "hors du dessin" in figure["layout"]["annotations"][0]["text"]

    def test_without_a_value_a_line_lies_at_its_points(self, late):
        figure = dependence.draw(other(late, value=None, points=-2.0), "fr")
        assert not dots(figure)
        across = [shape for shape in figure["layout"]["shapes"] if shape["line"].get("dash") == "dash"]
        assert [line["y0"] for line in across] == [-2.0]

    def test_a_time_runs_to_the_right(self, portfolio):
        effect = curve([-4000.0, -2000.0, -100.0], [3.0, 1.0, -1.0])
        figure = dependence.draw(Dependence(portfolio, "DAYS_EMPLOYED", effect, -2314.0, 1.4), "fr")
        assert dots(figure)[0]["x"] == [2314.0]
        assert figure["data"][1]["x"] == [100.0, 2000.0, 4000.0]
        assert figure["layout"]["xaxis"]["ticktext"][1].endswith("ans")

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_is_light(self, late, lang):
        x = [round(float(v), 4) for v in np.linspace(0.01234, 0.98765, 16)]
        heavy = other(late, effect=curve(x, [round(-v * 11.37, 2) for v in x]))
        assert len(orjson.dumps(dependence.draw(heavy, lang))) <= LIGHT

    def test_crossed_it_has_two_trends_and_their_key(self, late):
        crossed = {
            "with": "AMT_CREDIT",
            "share": 0.2,
            "upto": 400_000.0,
            "from": 401_000.0,
            "sides": [{"at": [0.0, 0.2], "middle": [3.0, -8.0]}, {"at": [0.0, 0.2], "middle": [5.0, -10.0]}],
        }
        told = other(late, effect=late.effect | {"crossed": crossed}, crossed=True)
        figure = dependence.draw(told, "fr")
        assert [t["y"] for t in figure["data"][:2]] == [[3.0, -8.0], [5.0, -10.0]]
        key = plain(words.crossing(told, "fr"))
        assert "Montant du crédit : jusqu'à 400 000" in key
        assert "Montant du crédit : à partir de 401 000" in key
        assert told.partner == "AMT_CREDIT"
        assert words.crossing(late, "fr") is None
        assert plain(words.apart(told, "fr")).startswith("Selon la valeur, le second groupe")
        table = words.table(told, "fr")
        assert [row[2][1] for row in table.rows] == [3.0, -8.0, 5.0, -10.0]

    @pytest.mark.parametrize(
        ("low", "high", "said"),
        [
            ([0.0, 0.0], [2.0, 1.0], "plus de points : jusqu'à 1,7"),
            ([0.0, 0.0], [-2.0, -1.0], "moins de points : jusqu'à 1,7"),
            ([0.0, 0.0], [0.05, -0.05], "presque les mêmes points"),
        ],
    )
    def test_what_separates_the_two_trends_is_said(self, late, low, high, said):
        sides = [{"at": [0.1, 0.2], "middle": low}, {"at": [0.0, 0.3], "middle": high}]
        told = other(late, effect=late.effect | {"crossed": {"with": "AMT_CREDIT", "sides": sides}})
        assert said in plain(words.apart(told, "fr"))
        sides[0]["at"] = [0.8, 0.9]
        assert "pas assez de valeurs en commun" in plain(words.apart(told, "fr"))


class TestRows:
    @pytest.fixture
    def sector(self, portfolio):
        names = ["School", "Military", "Construction", "<b>x</b>"]
        return Dependence(
            portfolio, "ORGANIZATION_TYPE", curve(names, [1.8, 1.7, -2.0, 0.1], shape="values"), "School", 1.6
        )

    def test_each_category_has_a_dot_and_a_band(self, sector):
        figure = dependence.draw(sector, "fr")
        assert len(figure["data"][0]["x"]) == 4
        assert figure["data"][0]["x"] == sorted(figure["data"][0]["x"])
        assert figure["data"][0]["error_x"]["array"] == [0.5] * 4
        assert dots(figure)[0]["y"] == [3]

    def test_what_someone_typed_is_no_markup(self, sector):
        names = dependence.draw(sector, "fr")["layout"]["yaxis"]["ticktext"]
        assert any("&lt;b>x" in name for name in names)

    def test_it_is_read_as_best_and_worst(self, sector):
        said = plain(words.reading(sector, "fr"))
        assert said.startswith("« école » est la plus favorable (+1,8), « construction » la moins favorable")

    def test_a_category_that_too_few_have_is_not_drawn_but_told(self, sector):
        told = other(sector, value="Never seen", points=-0.7)
        assert not dots(dependence.draw(told, "fr"))
        assert "« Never seen » : elle retire 0,7" in plain(words.reading(told, "fr"))

    def test_many_categories_show_the_commonest_and_this_file_s(self, portfolio):
        names = [f"Type {n}" for n in range(40)]
        effect = curve(names, [n / 10 for n in range(40)], shape="values")
        effect["cells"]["rows"] = [1000 - n for n in range(40)]
        told = Dependence(portfolio, "ORGANIZATION_TYPE", effect, "Type 39", 3.9)
        shown = [cell[0] for cell in words.shown_rows(told)]
        assert len(shown) == words.MOST_ROWS + 1
        assert "Type 39" in shown
        assert len(orjson.dumps(dependence.draw(told, "fr"))) <= LIGHT

    def test_a_flag_is_yes_or_no(self, portfolio):
        for raw in ("Y", 1.0):
            effect = curve(["N", "Y"] if raw == "Y" else [0.0, 1.0], [-1.0, 1.0], shape="values")
            told = Dependence(portfolio, "FLAG_OWN_CAR", effect, raw, 0.9)
            figure = dependence.draw(told, "fr")
            assert figure["layout"]["yaxis"]["ticktext"] == ["non", "<b>oui</b>"]
            assert dots(figure)


def test_no_reading_shows_a_bare_number(portfolio, late):
    for lang in LANGUAGES:
        said = text(words.reading(late, lang))
        assert not re.search(r"\d\.\d{3,}|nan|None", said)
