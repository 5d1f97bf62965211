"""What a letter says, and that page and PDF say the same."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import flask
import pytest
from fontTools.ttLib import TTFont
from fpdf import FPDF

from components.i18n import typeset
from data import portfolios
from web import letter_pdf, letters
from web.letter import of_content

AT = datetime(2026, 11, 18, 10, 42, tzinfo=UTC)
REASON = letters.Line("La note de l’organisme B est basse : 0,31 sur 1.", "0,52 sur 1")
GOOD = letters.Line("L’employeur est le même depuis 6 ans.", "4 ans")


def told(**changes) -> letters.Told:
    facts = {
        "portfolio": portfolios.load("home_credit"),
        "lang": "fr",
        "client_id": "204817",
        "decision_id": "D-0048213",
        "at": AT,
        "decided": "refuse",
        "contrary": False,
        "motive": "",
        "request": "18 400 sur 36 mois environ",
        "score": letters.Score(585, 600, "7", "À 585 points, environ 14 sur 100."),
        "against": [REASON] * 6,
        "favour": [GOOD],
        "policy": [],
        "proposals": ["Avec un crédit de 15 900, le dossier serait à 602 points."],
        "used": [("Demande de crédit", [("Revenu déclaré", "112 500"), ("Âge de la voiture", None)])],
        "external": ["Note de l’organisme B"],
        "synthetic": True,
    }  # fmt: skip
    return letters.Told(**facts | changes)


def text(**changes) -> str:
    letter = letters.compose(told(**changes))
    parts = [letter.title, letter.foot]
    for part in (*letter.parts, *letter.annex):
        parts += [part.text, *part.head, *(cell for row in part.rows for cell in row)]
    return "\n".join(parts)


class TestARefusal:
    def test_gives_at_most_four_reasons_in_their_order(self):
        rows = next(p for p in letters.compose(told()).parts if p.kind == "table").rows
        assert [row[0][:2] for row in rows] == ["1.", "2.", "3.", "4."]
        assert rows[0] == (f"1. {REASON.sentence}", REASON.reference)

    def test_says_what_the_score_did_and_that_a_person_decided(self):
        said = text()
        assert "585" in said
        assert "Une personne a relu ce résultat et a pris la décision" in said
        assert "Ni votre sexe, ni votre âge" in said

    def test_says_how_to_ask_for_a_review_and_for_debt_advice(self):
        said = text()
        assert "sous 14 jours" in said
        assert "conseil gratuit et confidentiel" in said

    def test_tells_what_would_change_the_result_as_an_indication(self):
        assert "602 points. C’est une indication" in text()

    def test_says_so_when_nothing_would_change_it(self):
        assert "aucun changement du crédit demandé" in text(proposals=[])

    def test_says_nothing_of_it_when_it_was_not_looked_for(self):
        assert "Ce qui changerait le résultat" not in text(proposals=None)


def test_an_acceptance_begins_with_what_speaks_for_it_and_offers_no_debt_advice():
    said = text(decided="accept")
    assert said.index(GOOD.sentence) < said.index("Ont compté contre la demande")
    assert "conseil gratuit" not in said


def test_a_decision_against_the_proposal_gives_the_reason_of_who_made_it():
    said = text(contrary=True, motive="Pièces non vérifiables.")
    assert "a décidé autrement que le calcul" in said
    assert "« Pièces non vérifiables. »" in said.replace("\u00a0", " ")


def test_a_review_leads_with_its_outcome_and_its_reasons():
    said = text(
        decided="accept", review=letters.Review("overturned", "Trois retards dus à un changement de banque.")
    )
    assert said.startswith("Après réexamen, votre demande de crédit est acceptée")
    assert "change la décision" in said
    assert "Trois retards dus" in said


def test_a_review_tells_what_corrected_values_gave():
    review = letters.Review("upheld", "Attestation vue.", "Revenu déclaré : 400 000", 579)
    said = text(review=review)
    assert said.startswith("Après réexamen, votre demande de crédit n’est pas acceptée")
    assert "Avec les valeurs corrigées (Revenu déclaré : 400 000), le calcul donne 579 points." in plain(said)


def test_a_manual_decision_gives_the_reason_of_who_made_it():
    assert "« Revenus non justifiés. »" in plain(
        text(score=None, against=[], motive="Revenus non justifiés.")
    )


def plain(said: str) -> str:
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_manual_decision_names_no_points_and_no_model():
    said = text(score=None, against=[], favour=[], proposals=None)
    assert "Aucun calcul automatique" in said
    assert not re.search(r"points|Modèle", said)


def test_what_was_not_provided_is_listed_apart():
    annex = letters.compose(told()).annex
    assert ("Revenu déclaré", "112 500") in annex[3].rows
    assert "Âge de la voiture" in annex[4].text


@pytest.mark.parametrize(
    ("lang", "opening"), [("fr", "Vous avez fait une demande. Nous"), ("en", "You made an application. We")]
)
def test_without_words_for_what_was_asked_the_application_alone_is_told(lang, opening):
    assert opening in text(lang=lang, request="")
    assert "demande\u00a0: crédit de 18 400" in text()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_placeholder_is_left_in_either_language(lang):
    assert not re.search(r"\{\w*\}", text(lang=lang))


def test_a_kept_letter_comes_back_as_it_was():
    letter = letters.compose(told())
    assert of_content(letter.content()) == letter


class TestAsAPage:
    @staticmethod
    def page(**changes) -> str:
        app = flask.Flask("letters", template_folder=letter_pdf._FONTS.parents[1] / "web" / "templates")
        with app.app_context():
            return flask.render_template("letter.html", letter=letters.compose(told(**changes)))

    def test_it_is_small_and_holds_no_script(self):
        page = self.page()
        assert len(page) < 100_000
        assert "<script" not in page

    def test_html_in_a_motive_is_shown_as_text(self):
        page = self.page(contrary=True, motive="<img src=x onerror=alert(1)>")
        assert "<img" not in page
        assert "&lt;img" in page


class TestAsAPdf:
    def test_the_same_letter_gives_the_same_bytes(self):
        letter = letters.compose(told())
        assert letter_pdf.pdf(letter, AT) == letter_pdf.pdf(letter, AT)

    def test_every_text_of_the_letter_is_drawn(self, monkeypatch):
        drawn = []
        for name in ("cell", "multi_cell"):
            plain = getattr(FPDF, name)

            def spied(self, *args, _plain=plain, **options):
                drawn.extend(one for one in (*args, *options.values()) if isinstance(one, str))
                return _plain(self, *args, **options)

            monkeypatch.setattr(FPDF, name, spied)
        letter = letters.compose(told())
        letter_pdf.pdf(letter, AT)
        for part in (*letter.parts, *letter.annex):
            for wanted in filter(None, (part.text, *part.head, *(cell for row in part.rows for cell in row))):
                assert wanted in drawn

    def test_the_letter_itself_takes_one_page(self):
        made = letter_pdf.pdf(letters.compose(told(used=[])), AT)
        assert made.count(b"/Type /Page\n") == 1

    def test_its_typeface_has_every_character_of_both_languages(self):
        known = set(TTFont(letter_pdf._FONTS / "limpide-lettre-regular.ttf").getBestCmap())
        words = Path(letter_pdf._FONTS.parents[1] / "components" / "locales")
        for path in words.glob("letter.*.json"):
            lang = path.suffixes[0][1:]
            for value in json.loads(path.read_text(encoding="utf-8")).values():
                assert set(map(ord, typeset(value, lang))) <= known, value
