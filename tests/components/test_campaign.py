"""A campaign by its mark: the arithmetic of the source done right, in words and in a table."""

import pytest

from components import campaign
from components.campaign import Campaign, Step
from components.i18n import LANGUAGES
from data import portfolios
from model.results import Reach
from tests.seen import of_kind, plain

PROSPECTS = portfolios.load("prospects")
ALL = (96_815, 30_386)
# The published counts: 66.5 % was the plain mean of 83 and 50; weighted it is 56.7 %.
YOUNG, OLDER = Reach(8_110, 6_731, 16_455, 7_833), Reach(32_083, 16_042, 80_360, 22_553)
STEPS = (
    Step(None, None, "none", Reach(*ALL, *ALL), {}),
    Step(0.5, 600, "force", Reach(40_193, 22_773, *ALL), {"moins de 30 ans": YOUNG, "30 ans et plus": OLDER}),
    Step(0.8, 640, "", Reach(3_736, 3_219, *ALL), {}),
)


def told(cost=10.0, steps=STEPS):
    return Campaign(steps, ALL[0], "2021", cost)


def shown(cost=10.0, lang="fr", steps=STEPS):
    return campaign.changing(PROSPECTS, told(cost, steps), lang)


def spaced(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


class TestTheReading:
    def test_says_what_is_saved_and_what_is_kept(self):
        said = spaced(plain(shown()))
        assert (
            "À 50 %, on évite 56 622 contacts, soit 566 220 €, et on garde 75 sur 100 des acceptations."
            in said
        )
        assert "À 80 %, on évite 93 079 contacts, soit 930 790 €, et on garde 11 sur 100" in said

    def test_follows_the_cost_of_a_contact(self):
        assert "soit 707 775 €" in spaced(plain(shown(12.5)))
        assert "12,50 € par contact" in spaced(plain(shown(12.5)))

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_does_not_promise_what_lost_acceptances_would_have_brought(self, lang):
        needed = {"fr": "ne compte pas ce que rapporteraient", "en": "does not count what lost acceptances"}
        assert needed[lang] in plain(shown(lang=lang))

    def test_a_mark_that_nobody_reaches_has_no_conversion(self):
        steps = (*STEPS[:1], Step(0.99, 733, "tried", Reach(0, 0, *ALL), {}))
        said = spaced(plain(shown(steps=steps)))
        assert "moins de 1 sur 100" in said
        assert "nan" not in said.lower()


class TestTheTable:
    def test_weighs_segments_by_their_contacts(self):
        said = spaced(plain(shown()))
        assert "56,7 %" in said
        assert "66,5" not in said
        assert "83,0 %" in said

    def test_names_the_mark_in_force(self):
        assert "Seuil 50 %, 600 points, en vigueur" in spaced(plain(shown()))


class TestTheFields:
    def test_hold_the_cost_and_the_mark_that_are_told(self):
        sheet = campaign.section(PROSPECTS, told(), (520, 680), 600, lambda part: {"part": part}, "fr")
        cost, mark = of_kind(sheet, "Input")
        assert (cost.value, cost.min) == (10.0, 0)
        assert (mark.value, mark.min, mark.max) == ("600", 520, 680)
        assert "en €" in plain(sheet)
