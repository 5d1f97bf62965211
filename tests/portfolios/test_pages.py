"""Every page of a portfolio made by command, in both languages."""

import pytest

from components.i18n import LANGUAGES
from data import portfolios
from model.assess import assess
from tests.portfolios.checks import OF_A_FILE, OF_THE_MODEL, agrees, reads_well, shown
from tests.seen import of_kind, plain


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", OF_A_FILE)
def test_every_page_of_a_file_reads_well(server, own, ids, page, lang):
    for client in ids[::10]:
        reads_well(own, shown(page, own, lang, client))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", OF_A_FILE)
def test_pages_say_when_there_is_no_such_file(server, own, page, lang):
    for client in (None, "nobody/at all"):
        reads_well(own, shown(page, own, lang, client))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", OF_THE_MODEL)
def test_every_page_of_the_model_reads_well(server, own, page, lang):
    reads_well(own, shown(page, own, lang))


def test_page_api_and_door_say_the_same(server, own, ids):
    agrees(server, own, ids)


def test_reasons_tell_label_value_and_reference(server, ids, own):
    for client in ids:
        page = plain(shown("eligibility", own, "fr", client))
        for reason in assess(own, client).reasons:
            assert plain(portfolios.load(own).columns[reason.feature].label("fr")) in page
        if assess(own, client).reasons:
            assert "Acceptés de justesse" in page


@pytest.mark.parametrize("own", ["prets"], indirect=True)
def test_the_value_of_a_reason_stands_out(server, own, ids):
    found = next(c for c in ids if any(r.feature == "Logement" for r in assess(own, c).reasons))
    bold = [plain(part) for part in of_kind(shown("eligibility", own, "fr", found), "B")]
    assert assess(own, found).record["Logement"] in bold


@pytest.mark.parametrize("own", ["prets"], indirect=True)
def test_protected_columns_are_told_on_fairness_alone(server, own, ids):
    assert "Age" in plain(shown("fairness", "prets", "fr"))
    for client in ids[::10]:
        assert "Age" not in [reason.feature for reason in assess("prets", client).reasons]


def test_good_news_and_bad_are_said_apart(server):
    said = plain(shown("performance", "answers", "fr"))
    assert "Sur 10 dossiers au-dessus du seuil" in said
    assert "N'accepter personne" in said
    said = plain(shown("performance", "prets", "fr"))
    assert "Sur 10 dossiers sous le seuil" in said
    assert "N'arrêter personne" in said
