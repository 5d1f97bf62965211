import pytest

from components import filters
from components.filters import KEEP, MISSING, Choice, control, value_of
from components.i18n import LANGUAGES
from components.spans import member, mirrored, short, span
from tests.seen import attribute, by_class, find, of_kind, plain

PLACE = {"portfolio": "home_credit", "client": "1", "lang": "fr"}


def choice(feature="AMT_CREDIT", *, category=False, chosen=(0, 1, 2), keep=KEEP[0], missing=False) -> Choice:
    return Choice(
        feature=feature,
        is_category=category,
        steps=("un", "deux", "trois"),
        heights=() if category else (0.2, 1, 0.5),
        ends=() if category else ("100", "200"),
        missing=missing,
        chosen=chosen,
        keep=keep,
        said="Pas de filtre",
    )


class TestANumber:
    def test_is_a_slider_over_its_histogram(self, portfolio):
        shown = control(portfolio, choice(), PLACE, "fr")
        (slider,) = of_kind(shown, "RangeSlider")
        assert (slider.min, slider.max, slider.step, slider.value) == (0, 3, 1, [0, 3])
        (bars,) = by_class(shown, "filter-bars")
        assert [bar.style["height"] for bar in bars.children] == ["20%", "100%", "50%"]

    def test_says_what_is_chosen_and_names_its_handles(self, portfolio):
        shown = control(portfolio, choice(), PLACE, "fr")
        assert plain(of_kind(shown, "Summary")[0]) == "Pas de filtre"
        (panel,) = by_class(shown, "filter-panel")
        assert attribute(panel, "data-from") == "Montant du crédit, à partir de"
        assert attribute(panel, "data-ends").split("|")[1:3] == ["100", "200"]

    def test_asks_about_missing_values_only_when_some_are(self, portfolio):
        assert not of_kind(control(portfolio, choice(), PLACE, "fr"), "RadioItems")
        (keep,) = of_kind(control(portfolio, choice(missing=True), PLACE, "fr"), "RadioItems")
        assert [option["value"] for option in keep.options] == list(KEEP)

    def test_times_grow_to_the_right(self, portfolio):
        shown = control(portfolio, choice("DAYS_EMPLOYED", chosen=(0,)), PLACE, "fr")
        assert of_kind(shown, "RangeSlider")[0].value == [2, 3]
        (bars,) = by_class(shown, "filter-bars")
        assert bars.children[0].style["height"] == "50%"


class TestACategory:
    def test_is_a_list_of_several_choices(self, portfolio):
        shown = control(portfolio, choice("NAME_CONTRACT_TYPE", category=True, missing=True), PLACE, "fr")
        (listed,) = of_kind(shown, "Dropdown")
        assert listed.multi
        assert [option["value"] for option in listed.options] == [0, 1, 2, MISSING]

    @pytest.mark.parametrize(
        ("chosen", "keep", "value"),
        [
            ((0, 1, 2), "both", []),
            ((0, 2), "known", [0, 2]),
            ((0,), "both", [0, MISSING]),
            ((), "missing", [MISSING]),
            ((0, 1, 2), "known", [0, 1, 2]),
        ],
    )
    def test_holds_what_is_chosen(self, chosen, keep, value):
        asked = choice("NAME_CONTRACT_TYPE", category=True, missing=True, chosen=chosen, keep=keep)
        assert value_of(asked, mirror=False) == value


class TestSpans:
    @pytest.mark.parametrize(
        ("name", "low", "high", "said"),
        [
            ("AMT_CREDIT", 100_000, 200_000, "100 000 à 200 000"),
            ("AMT_CREDIT", None, 200_000, "moins de 200 000"),
            ("AMT_CREDIT", 100_000, None, "100 000 ou plus"),
            ("AMT_CREDIT", None, None, "toutes les valeurs"),
            ("EXT_SOURCE_2", 0.3, 0.45, "0,30 à 0,45"),
            ("ANNUITY_INCOME", 0.06, 0.08, "6 % à 8 %"),
            ("DAYS_EMPLOYED", -3652.5, -730.5, "2 ans à 10 ans"),
            ("DAYS_EMPLOYED", None, -3652.5, "10 ans ou plus"),
            ("DAYS_EMPLOYED", -730.5, None, "moins de 2 ans"),
        ],
    )
    def test_are_said_as_one_says_them(self, portfolio, name, low, high, said):
        text = span(portfolio, name, low, high, "fr")
        assert text.replace("\u202f", " ").replace("\u00a0", " ") == said

    def test_a_closed_end_belongs(self, portfolio):
        assert span(portfolio, "BUREAU_COUNT", None, 4, "fr", closed=True) == "4 ou moins"
        assert span(portfolio, "BUREAU_COUNT", 3, 3, "fr", closed=True) == "3"

    def test_single_precision_does_not_show(self, portfolio):
        assert "," not in short(portfolio, "CREDIT_GOODS", 1.100000023841858, "fr")

    def test_only_days_back_in_time_are_mirrored(self, portfolio):
        assert mirrored(portfolio, "DAYS_EMPLOYED")
        assert not mirrored(portfolio, "BUREAU_END_LAST")

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_merged_categories_say_that_they_are_several(self, portfolio, lang):
        alone = member(portfolio, "NAME_CONTRACT_TYPE", ("Cash loans",), lang)
        both = member(portfolio, "NAME_CONTRACT_TYPE", ("Cash loans", "Revolving loans"), lang)
        assert both.startswith(alone)
        assert len(both) > len(alone)

    def test_a_flag_is_yes_or_no(self, portfolio):
        assert member(portfolio, "FLAG_OWN_CAR", ("Y",), "fr") == "oui"
        assert member(portfolio, "FLAG_PHONE", (0.0,), "fr") == "non"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_list_speaks_the_readers_language(portfolio, lang):
    labels = filters.labels(lang)
    assert "{num_selected}" in labels["selected_count"]
    listed = filters.options(portfolio, ["AMT_CREDIT", "EXT_SOURCE_2"], lang)
    assert [option["value"] for option in listed] == ["EXT_SOURCE_2", "AMT_CREDIT"]


def test_every_control_has_a_name(portfolio):
    for asked in (choice(), choice("NAME_CONTRACT_TYPE", category=True)):
        shown = control(portfolio, asked, PLACE, "fr")
        assert find(shown, lambda part: attribute(part, "aria-label") and part.role == "group")
