from dataclasses import replace

import pytest

from components import reasons, verdict
from components.charts.ruler import Ruler
from components.i18n import LANGUAGES
from components.sentences import rounded
from model.scale import Scale
from tests.seen import attribute, by_class, of_kind, plain


def ruler(assessment) -> Ruler:
    scale = Scale(600, 10, 20, -1)
    marks = (assessment.pass_mark, assessment.grey_low, assessment.grey_high)
    return Ruler(assessment.points, *marks, 600, 20, scale.probability)


def shown(portfolio, assessment, lang="fr"):
    return verdict.section(portfolio, assessment, ruler(assessment), lang)


class TestVerdict:
    def test_says_proposal_points_and_distance(self, portfolio, refused):
        said = plain(shown(portfolio, refused))
        assert "Refus proposé" in said
        assert "585 points, soit 15 de moins que le seuil de 600. Le dossier est sous la zone grise." in said

    def test_gives_a_natural_frequency_and_its_limit(self, portfolio, refused):
        said = plain(shown(portfolio, refused))
        assert (
            "Sur 100 dossiers à 585 points, environ 14 ne sont pas remboursés comme prévu et 86 le sont."
            in said
        )
        assert "Au seuil, c'est environ 9 sur 100. Ce chiffre ne dit pas de quel côté sera ce client." in said

    def test_speaks_english(self, portfolio, accepted):
        said = plain(shown(portfolio, accepted, "en"))
        assert "640 points, 40 above the pass mark of 600. The file is above the grey zone." in said
        assert "about 2 are not repaid as agreed and 98 are." in said

    @pytest.mark.parametrize(
        ("probability", "said"),
        [
            (0.001, "moins d'un n'est pas remboursé comme prévu et plus de 99 le sont."),
            (0.012, "environ 1 n'est pas remboursé comme prévu et 99 le sont."),
            (0.991, "environ 99 ne sont pas remboursés comme prévu et 1 l'est."),
        ],
    )
    def test_frequencies_agree_in_number(self, portfolio, refused, probability, said):
        assert said in plain(shown(portfolio, replace(refused, probability=probability)))

    @pytest.mark.parametrize(
        ("decision", "side"), [("refuse", "left"), ("review", "on"), ("accept", "right")]
    )
    def test_the_sign_puts_the_dot_on_its_side_of_the_mark(self, portfolio, refused, decision, side):
        section = shown(portfolio, replace(refused, decision=decision))
        assert len(by_class(section, side)) == 1

    def test_at_the_mark_there_is_no_distance(self, portfolio, refused):
        said = plain(shown(portfolio, replace(refused, points=600.2, decision="review")))
        assert "600 points, juste au seuil de 600. Le dossier est dans la zone grise" in said

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_figure_has_a_reading_and_a_table(self, portfolio, refused, lang):
        section = shown(portfolio, refused, lang)
        figures = [part for part in of_kind(section, "Div") if attribute(part, "role") == "img"]
        assert len(figures) == 2
        assert all(attribute(figure, "aria-label") for figure in figures)
        assert len(of_kind(section, "Table")) == 1

    @pytest.mark.parametrize("word", ["probabilité", "0,14", "14,4", "SHAP", "TARGET"])
    def test_says_nothing_an_advisor_cannot_read_aloud(self, portfolio, refused, word):
        assert word not in plain(shown(portfolio, refused))

    def test_is_announced_in_one_line(self, portfolio, refused):
        assert (
            plain(verdict.spoken(portfolio, refused, "fr")) == "Dossier 204817 : Refus proposé, 585 points."
        )


class TestReasons:
    def test_what_is_shown_adds_up(self, refused):
        parts, rest = rounded(refused)
        assert round(refused.base_points) + sum(parts) + rest == round(refused.points)
        assert all(abs(p - r.points) < 1 for p, r in zip(parts, refused.reasons, strict=True))

    def test_the_sum_is_told_in_words(self, portfolio, refused):
        said = plain(reasons.section(portfolio, refused, (600, 610), "fr"))
        assert (
            "Le dossier moyen est à 614 points. Ces quatre raisons en retirent 33 et en ajoutent 7 ; "
            "les autres informations en retirent 3. On arrive à 585." in said
        )
        assert "entre 600 et 609 points" in said

    def test_heads_of_columns_hold_their_sum(self, portfolio, refused):
        takes, adds = by_class(reasons.section(portfolio, refused, (600, 610), "fr"), "tally")
        assert plain(takes) == "Ce qui retire des points−33"
        assert plain(adds) == "Ce qui en ajoute+7"

    def test_each_has_points_a_sentence_and_a_reference(self, portfolio, refused):
        items = of_kind(reasons.section(portfolio, refused, (600, 610), "fr"), "Li")
        assert len(items) == 4
        assert "0,31 sur 1" in plain(items[0])
        assert "Acceptés de justesse : 0,52 sur 1" in plain(items[0])

    def test_the_longest_bar_is_the_heaviest_reason(self, portfolio, refused):
        bars = by_class(reasons.section(portfolio, refused, (600, 610), "fr"), "bar")
        assert bars[0].style["width"] == reasons.LONGEST_BAR
        assert all(bar.style["width"] <= reasons.LONGEST_BAR for bar in bars)

    def test_an_empty_column_says_so(self, portfolio, refused):
        lone = replace(refused, reasons=refused.reasons[:1], points=593.6)
        said = plain(reasons.section(portfolio, lone, (600, 610), "fr"))
        assert "Rien n'ajoute plus d'un point." in said
        assert "Cette raison en retire" in said

    def test_without_any_reason_the_sum_still_holds(self, portfolio, refused):
        bare = replace(refused, reasons=(), points=614.0)
        said = plain(reasons.section(portfolio, bare, (600, 610), "en"))
        assert "The average file is at 614 points. All other information evens out. That makes 614." in said
