from dataclasses import replace

import pytest

from components import movement, trial
from components.charts import ruler
from components.charts.ruler import Ruler
from components.i18n import LANGUAGES
from data import portfolios
from model.results import Contribution, Warning
from model.scale import Scale
from tests.seen import attribute, by_class, of_kind, plain

PORTFOLIO = portfolios.load("home_credit")

RATE = Scale(600, 10, 20, -1).probability
FILE = Ruler(585.3, 600, 590, 610, 600, 20, RATE)


def made(name, value, points):
    return Contribution(name, "request", value, points)


@pytest.fixture
def before(refused):
    """585.3 points: the average of 614 and the contributions."""
    values = {"AMT_CREDIT": 18_400.0, "CREDIT_GOODS": 1.12, "EXT_MEAN": 0.31, "EXT_MIN": 0.31}
    points = {"AMT_CREDIT": -3.0, "CREDIT_GOODS": -8.2, "EXT_MEAN": -15.0, "EXT_MIN": -2.5}
    return replace(
        refused,
        contributions=tuple(made(name, values[name], points[name]) for name in values),
        record={"AMT_CREDIT": 18_400.0},
        features=values,
    )


@pytest.fixture
def after(before):
    """The credit is lower: 602.4 points, 17.1 more, of which 0.6 by interplay."""
    values = before.features | {"AMT_CREDIT": 15_900.0, "CREDIT_GOODS": 0.97}
    points = {"AMT_CREDIT": 5.4, "CREDIT_GOODS": -0.1, "EXT_MEAN": -14.7, "EXT_MIN": -2.2}
    return replace(
        before,
        points=602.4,
        probability=0.085,
        decision="review",
        contributions=tuple(made(name, values[name], points[name]) for name in values),
        record={"AMT_CREDIT": 15_900.0},
        features=values,
    )


class TestWhatMoved:
    def test_what_is_shown_adds_up(self, portfolio, before, after):
        found = movement.movement(portfolio, before, after)
        assert round(before.points) + sum(row.points for row in found.rows) + found.rest == 602

    def test_rows_are_what_changed_and_the_rest_is_not_hidden(self, portfolio, before, after):
        found = movement.movement(portfolio, before, after)
        assert [row.feature for row in found.rows] == ["AMT_CREDIT", "CREDIT_GOODS"]
        said = plain(movement.parts(portfolio, before, after, "fr"))
        assert "18 400 à 15 900" in said
        assert "112 % à 97 %, calculé" in said
        assert ("Les autres informations" in said) == (found.rest != 0) or "autant de points" in said

    def test_one_speaks_for_its_group(self, portfolio, before):
        moved = {"EXT_MEAN": 0.4, "EXT_MIN": 0.4}
        points = {"AMT_CREDIT": -3.0, "CREDIT_GOODS": -8.2, "EXT_MEAN": -10.0, "EXT_MIN": -1.5}
        values = before.features | moved
        shown = replace(
            before,
            points=591.3,
            contributions=tuple(made(name, values[name], points[name]) for name in values),
            features=values,
        )
        (row,) = movement.movement(portfolio, before, shown).rows
        assert (row.feature, row.before, row.after, row.points) == ("EXT_MEAN", 0.31, 0.4, 6)

    def test_without_a_change_it_says_so(self, portfolio, before):
        assert "tel qu'il est" in plain(movement.parts(portfolio, before, before, "fr"))

    def test_a_change_worth_nothing_is_still_shown(self, portfolio, before):
        same = replace(before, features=before.features | {"AMT_CREDIT": 18_300.0})
        (row,) = movement.movement(portfolio, before, same).rows
        assert (row.feature, row.points) == ("AMT_CREDIT", 0)


class TestVerdict:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_gives_points_against_the_file_and_the_mark(self, portfolio, before, after, lang):
        scale = replace(FILE, points=602.4, original=585.3)
        said = plain(trial.verdict_parts(portfolio, before, after, 2, scale, lang))
        assert "2 values changed" in said or "2 valeurs changées" in said
        assert "602" in said
        assert ("17 de plus que le dossier et 2 au-dessus du seuil" in said) == (lang == "fr")
        assert "À examiner" in said or "To be reviewed" in said

    def test_is_announced_in_one_line(self, portfolio, before, after):
        told = plain(trial.spoken(portfolio, before, after, 1, "fr"))
        assert (
            told == "Ce que le modèle proposerait avec 1 valeur changée : À examiner, 602 points, contre 585."
        )

    def test_the_frequency_stands_against_the_files_own(self, portfolio, before, after):
        said = plain(trial.frequency(portfolio, before, after, 1, "fr"))
        assert "Sur 100 dossiers à 602 points" in said
        assert "585 points, c'est 14 sur 100" in said
        assert "n'entre pas au registre" in said

    def test_a_blank_file_lists_what_it_lacks(self, portfolio, after):
        blank = replace(after, client_id=None, warnings=(Warning("EXT_SOURCE_1", "missing", None),) * 6)
        said = plain(trial.missing(portfolio, blank, "fr"))
        assert said.startswith("Il manque 6 informations importantes.")
        assert "2 autres points à vérifier" in said
        assert trial.missing(portfolio, replace(blank, warnings=()), "fr") is None


class TestRuler:
    def test_shows_the_file_and_the_trial(self):
        drawn = ruler.draw(PORTFOLIO, replace(FILE, points=602.4, original=585.3), "axe", "fr")
        assert "Dossier : 585. Essai : 602." in plain(attribute(drawn, "aria-label"))
        assert plain(by_class(drawn, "gap")) == "+17"
        assert plain(by_class(drawn, "original")) == "dossier58514"
        assert plain(by_class(drawn, "client")) == "essai6028"

    def test_of_a_trial_that_changes_nothing_it_is_the_files_own(self):
        drawn = ruler.draw(PORTFOLIO, replace(FILE, original=585.4), "axe", "fr")
        assert not by_class(drawn, "original")
        assert attribute(drawn, "aria-label") == ruler.reading(PORTFOLIO, FILE, "fr")

    def test_the_table_names_both(self):
        table = plain(ruler.table(PORTFOLIO, replace(FILE, points=602.4, original=585.3), "axe", "fr"))
        assert "585" in table
        assert "dossier" in table
        assert "essai" in table

    @pytest.mark.parametrize("original", range(500, 700, 23))
    @pytest.mark.parametrize("points", range(503, 700, 29))
    def test_every_pair_can_be_drawn_inside(self, original, points):
        drawn = ruler.draw(PORTFOLIO, replace(FILE, points=points + 0.2, original=original), "axe", "fr")
        brackets = by_class(drawn, "bracket")
        assert bool(brackets) == (FILE.place(points + 0.2) != FILE.place(original))
        for bracket in brackets:
            left, width = (float(bracket.style[name][:-1]) for name in ("left", "width"))
            assert 0 <= left <= left + width <= 100.01
        assert len(of_kind(drawn, "B")) == 2

    @pytest.mark.parametrize(("original", "points"), [(509, 521), (690, 702)])
    def test_two_beyond_the_same_end_are_told_by_their_names_alone(self, original, points):
        drawn = ruler.draw(PORTFOLIO, replace(FILE, points=points, original=original), "axe", "fr")
        assert not by_class(drawn, "bracket")
        assert not by_class(by_class(drawn, "original"), "under")
        assert len(by_class(by_class(drawn, "client"), "under")) == 1

    @pytest.mark.parametrize(
        ("original", "points", "told"), [(533, 539, ""), (556, 565, ""), (611, 617, "+6"), (565, 556, "−9")]
    )
    def test_a_narrow_bracket_gives_way_to_the_name_of_the_file(self, original, points, told):
        drawn = ruler.draw(PORTFOLIO, replace(FILE, points=points, original=original), "axe", "fr")
        assert plain(by_class(drawn, "gap")) == told
