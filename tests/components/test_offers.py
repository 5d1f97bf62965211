"""The likeliest offers: counted so that they add up to a hundred, named, kept and drawn again."""

import json

import pytest

from components import offers, offers_said
from components.i18n import LANGUAGES
from data import portfolios
from model.results import Offer, Offers
from tests.seen import of_kind, plain

PROSPECTS = portfolios.load("prospects")
FOUND = Offers((Offer("K00034", 0.592), Offer("K00059", 0.113), Offer("K00044", 0.108)), 37, 0.187, 0.056)
NAMES = {"K00034": "santé et prévoyance"}


def told(found=FOUND, lang="fr"):
    return offers_said.offers(PROSPECTS, found, NAMES, lang)


class TestWhatIsSaid:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_counts_add_up_to_a_hundred(self, lang):
        said = told(lang=lang)
        assert sum(int(line.shown) for line in (*said.lines, said.others)) == 100

    def test_the_reading_names_the_likeliest_and_what_the_first_ones_make_up(self):
        said = told()
        assert said.first == "K00034"
        assert said.reading.replace("{code}", said.first) == (
            "En cas d’acceptation, c’est l’offre K00034 59 fois sur 100. "
            "Les trois premières réunissent 81 cas sur 100."
        )

    def test_what_may_happen_is_never_said_to_be_nought(self):
        found = Offers((Offer("A", 0.9985), Offer("B", 0.001)), 1, 0.0005, 0.0005)
        assert [line.shown for line in told(found).lines] == ["100", "moins de 1"]

    def test_rare_offers_are_told_together(self):
        found = Offers((Offer("A", 0.6), Offer("B", 0.1), Offer("C", 0.05)), 94, 0.25, 0.01, 0.22)
        assert told(found).others.told == "94 offres, dont les plus rares\u00a0: 22 ensemble"
        assert told(found, "en").others.told == "94 offers, of which the rarest: 22 together"

    def test_a_single_offer_has_no_others(self):
        said = told(Offers((Offer("A", 1.0),), 0, 0.0, 0.0))
        assert said.others is None
        assert said.title == "L’offre la plus probable"

    def test_a_record_gives_it_back_as_it_was(self):
        said = told()
        assert offers_said.restored(json.loads(json.dumps(offers_said.kept(said)))) == said
        assert offers_said.restored(None) is None

    def test_an_offer_is_named_by_its_range_in_the_words_of_the_portfolio(self):
        rows = [{"OFFRE": "K00034", "GAMME": "SANTE PREVOYANCE", "LIBELLE": "x"}]
        assert offers_said.names(PROSPECTS, rows, "en") == {"K00034": "health and protection"}


class TestTheSheet:
    def test_draws_a_line_for_each_and_one_for_the_others(self):
        shown = offers.section(told(), [], "fr")
        assert [plain(row)[:6] for row in of_kind(shown, "Tr")[1:]] == [
            "K00034",
            "K00059",
            "K00044",
            "Autres",
        ]
        assert "37 offres, chacune 6 au plus" in plain(shown)

    def test_lists_every_offer_when_it_is_given_them(self):
        every = [offers_said.Line("K00034", "santé", "59", 0.59)]
        assert "Toutes les offres" in plain(offers.section(told(), every, "fr"))
