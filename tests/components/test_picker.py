import pytest

from components import client_picker
from components.client_picker import Hit
from data import portfolios
from tests.seen import attribute, find, of_kind, plain

PORTFOLIO = portfolios.load("home_credit")

HITS = [Hit("204817", "18 400", 585.3, "refuse"), Hit("204823", "6 200", 622.0, "accept")]


def test_the_part_that_was_typed_is_marked(portfolio):
    rows = of_kind(client_picker.found(portfolio, HITS, "2048", "fr"), "Tr")
    assert [plain(mark) for row in rows for mark in of_kind(row, "Mark")] == ["2048", "2048"]
    assert plain(rows[0]) == "20481718 400585 pointsRefus proposé"


def test_each_row_leads_to_its_file(portfolio):
    links = of_kind(client_picker.found(portfolio, HITS, "2048", "en"), "A")
    assert [a.href for a in links] == [
        "/home_credit/eligibility?client=204817&lang=en",
        "/home_credit/eligibility?client=204823&lang=en",
    ]


def test_the_grid_says_what_it_answers(portfolio):
    assert attribute(client_picker.found(portfolio, HITS, "2048", "fr"), "data-typed") == "2048"


def test_without_a_model_rows_show_neither_points_nor_proposal(portfolio):
    (row,) = of_kind(client_picker.found(portfolio, [Hit("1", "5 000")], "1", "fr"), "Tr")
    assert plain(row) == "15 000"


def test_nothing_found_hides_the_grid(portfolio):
    assert client_picker.found(portfolio, [], "9", "fr").hidden is True


@pytest.mark.parametrize(
    ("total", "typed", "said"),
    [
        (8989, "", "8 989 dossiers. Tapez le début du numéro"),
        (4, "2048", "4 dossiers commencent par 2048. Flèches pour choisir"),
        (1, "204817", "1 dossier commence par 204817."),
        (0, "x", "Aucun dossier ne commence par « x »."),
        (120, "10", "120 dossiers commencent par 10. Les 8 premiers sont montrés"),
    ],
)
def test_the_line_counts_what_was_found(total, typed, said):
    assert plain(client_picker.count(PORTFOLIO, total, typed, "fr")).startswith(said)


def test_two_pickers_on_a_page_have_ids_of_their_own(portfolio):
    both = [client_picker.small(portfolio, "fr"), client_picker.large(portfolio, "fr")]
    ids = [str(part.id) for part in find(both, lambda part: hasattr(part, "id"))]
    assert len(ids) == len(set(ids)) == 6


def test_a_picker_knows_where_a_number_leads(portfolio):
    assert (
        attribute(client_picker.small(portfolio, "en"), "data-picker") == "/home_credit/eligibility?lang=en"
    )
