"""Prospects on the pages: offers decided and kept, a campaign tried, a simulation whose offers change."""

import sys

import pytest
from acting import acting
from ledgers import own_ledger
from tests_support import own_store

from components.act import Act
from components.i18n import LANGUAGES
from data import portfolios
from data.ledger import register
from data.ledger.entries import get
from data.ledger.register import Filters
from model import service
from model.artifact import champion
from model.assess import assess
from tests.seen import of_kind, plain
from web import records

PROSPECTS = portfolios.load("prospects")


@pytest.fixture(autouse=True)
def crm(server, prospects_store, tmp_path):
    """Work on the store of prospects, with a ledger of one's own."""
    for name in ("banks", "models"):
        (tmp_path / name).symlink_to(prospects_store / name)
    with own_store(tmp_path), own_ledger("sqlite", tmp_path):
        service.forget()
        yield
    service.forget()


@pytest.fixture
def found():
    """A proposal that contact is proposed for, and one that it is not."""
    from data.bank import open_bank

    ids, _ = open_bank("prospects").search("", limit=200)
    several = {one: assess("prospects", one) for one in ids[:60]}
    first = {}
    for client, one in several.items():
        first.setdefault(one.proposal, client)
    return first


def spaced(component):
    return plain(component).replace("\u202f", " ").replace("\u00a0", " ")


def page(name, **given):
    return sys.modules[f"pages.{name}"].layout(portfolio="prospects", **given)


def press(decide, step, client, choice, words="", offer=None):
    shown = decide.panel(PROSPECTS, champion("prospects"), assess("prospects", client), "fr")
    (kept,) = of_kind(shown, "Store")
    return decide.step(
        step, Act("decide", "prospects", client, "fr"), PROSPECTS, choice, words, kept.data, offer
    )


class TestEligibility:
    def test_shows_offers_where_contact_is_proposed_and_only_there(self, advisor, found):
        likely = spaced(page("eligibility", client=found["accept"], lang="fr"))
        assert "Contact proposé" in likely
        assert "offres les plus probables" in likely
        unlikely = spaced(page("eligibility", client=found["refuse"], lang="fr"))
        assert "Contact non proposé" in unlikely
        assert "offres les plus probables" not in unlikely

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_has_no_grey_zone_and_says_what_a_contact_costs(self, advisor, found, lang):
        said = spaced(page("eligibility", client=found["accept"], lang=lang))
        assert {"fr": "Un contact coûte 10 €.", "en": "A contact costs €10."}[lang] in said
        assert not any(word in said.lower() for word in ("zone grise", "grey zone"))

    def test_tells_reasons_beside_the_rate_of_their_case(self, advisor, found):
        assert "acceptées sur 100 dans ce cas" in spaced(
            page("eligibility", client=found["accept"], lang="fr")
        )


class TestDeciding:
    def test_offers_three_choices_and_no_colleague(self, advisor, found):
        shown = page("eligibility", client=found["accept"], lang="fr")
        (choices,) = of_kind(shown, "RadioItems")
        assert [option["value"] for option in choices.options] == ["accept", "other", "refuse"]

    def test_contact_keeps_the_likeliest_offer(self, decide, advisor, found):
        client = found["accept"]
        assert press(decide, "save", client, "accept").done is not None
        row = register.page(Filters("prospects"))[0][0]
        assert (row.decided, row.proposed) == ("accept", "accept")
        assert get(row.id).content["offer"] == assess("prospects", client).offers.top[0].code

    def test_another_offer_must_be_chosen_and_explained(self, decide, advisor, found):
        client = found["accept"]
        other = assess("prospects", client).offers.top[1].code
        assert "Choisissez l'autre offre" in plain(press(decide, "review", client, "other", "why").fault)
        assert "Choisissez l'autre offre" in plain(
            press(decide, "review", client, "other", "why", "K99999").fault
        )
        assert "Écrivez vos raisons" in plain(press(decide, "review", client, "other", "", other).fault)
        assert register.page(Filters("prospects"))[1] == 0

    def test_another_offer_is_read_again_kept_and_shown_as_that_day(self, decide, advisor, found):
        client = found["accept"]
        offers = assess("prospects", client).offers
        read = press(decide, "review", client, "other", "Un autre besoin.", offers.top[1].code)
        assert "Vous choisissez une autre offre que la plus probable" in plain(read.told)
        press(decide, "save", client, "other", "Un autre besoin.", offers.top[1].code)
        entry = get(register.page(Filters("prospects"))[0][0].id)
        for lang in LANGUAGES:
            shown = records.restore(entry, lang)
            assert shown.offer == offers.top[1].code
            assert [line.code for line in shown.offers.lines] == [one.code for one in offers.top]
        reopened = spaced(sys.modules["pages.decision"].layout(entry=entry.id, lang="fr"))
        assert offers.top[1].code in reopened
        assert "Lettre" not in reopened
        assert f"{PROSPECTS.words('fr')['done']['accept']} le " in reopened
        listed = spaced(page("decisions", lang="fr"))
        assert f"Contact décidé avec l'offre {offers.top[1].code} par ada." in listed

    def test_says_nothing_of_changes_that_the_portfolio_does_not_know(self, decide, advisor, found):
        press(decide, "save", found["refuse"], "accept", "Venu en agence.")
        entry = get(register.page(Filters("prospects"))[0][0].id)
        reopened = spaced(sys.modules["pages.decision"].layout(entry=entry.id, lang="fr"))
        assert "Venu en agence." in reopened
        assert "Ce qui changerait" not in reopened

    def test_leaving_a_prospect_keeps_no_offer(self, decide, advisor, found):
        press(decide, "save", found["accept"], "refuse", "Déjà contacté hier.")
        assert get(register.page(Filters("prospects"))[0][0].id).content["offer"] is None

    @pytest.mark.parametrize("forged", [["x"], {"a": 1}, 3, "'; DROP", "K" * 500])
    def test_a_forged_offer_is_refused(self, decide, advisor, found, forged):
        assert press(decide, "save", found["accept"], "other", "why", forged).fault is not None
        assert register.page(Filters("prospects"))[1] == 0


class TestTheCampaign:
    @pytest.fixture
    def manager(self, server):
        with acting(server, "max", "manager") as user:
            yield user

    def test_stands_on_performance_with_what_was_judged_apart(self, manager):
        said = spaced(page("performance", lang="fr"))
        for title in ("La campagne, selon le seuil", "Un modèle par tranche, ou un seul", "L'année de test",
                      "Ce que valent les offres proposées", "Les algorithmes comparés"):  # fmt: skip
            assert title in said

    def test_follows_another_cost_and_another_mark(self, manager):
        told = sys.modules["pages._campaign"]
        again = told.again(PROSPECTS, champion("prospects"), "fr", "25", "615")
        said = spaced(again)
        assert "25 € par contact" in said
        assert "615 points, à l'essai" in said
        assert again[0].to_plotly_json()["props"]["data-query"] == "cost=25&mark=615"

    @pytest.mark.parametrize("cost", ["", None, "-3", "nan", "inf", "1e99", [1], {"a": 2}, "dix"])
    @pytest.mark.parametrize("mark", [None, "1e999", [], "abc", "-5"])
    def test_what_is_no_cost_nor_mark_is_left_aside(self, manager, cost, mark):
        told = sys.modules["pages._campaign"]
        said = spaced(told.again(PROSPECTS, champion("prospects"), "fr", cost, mark))
        assert "10 € par contact" in said
        assert "à l'essai" not in said

    def test_the_address_carries_a_trial(self, manager):
        assert "15 € par contact" in spaced(page("performance", lang="fr", cost="15", mark="620"))

    def test_a_portfolio_without_campaign_has_none(self, store, server):
        with own_store(store), acting(server, "max", "manager"):
            said = plain(sys.modules["pages.performance"].layout(portfolio="home_credit", lang="fr"))
        assert "La campagne" not in said
        assert "Les algorithmes comparés" not in said


def test_offers_stand_beside_the_form_of_a_simulation(advisor, found):
    said = spaced(page("simulation", client=found["accept"], lang="fr"))
    assert "offres les plus probables" in said


def test_a_letter_is_never_asked_for(advisor):
    assert "Lettres" not in spaced(page("decisions", lang="fr"))
