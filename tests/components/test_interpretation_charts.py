"""The figures of what goes for all files: how points spread, what weighs most, how axes are marked."""

import pytest

from components.charts import spread, weights
from components.charts.axis import marks, ticks
from components.charts.spread import Spread
from components.charts.weights import Weight
from components.i18n import LANGUAGES
from data import portfolios
from tests.seen import by_class, of_kind, plain

PORTFOLIO = portfolios.load("home_credit")
SPREAD = {
    "width": 2,
    "first": -5,
    "inputs": {
        "EXT_SOURCE_2": {
            "low": [100, 400, 100, 0, 0, 0, 0, 0, 0, 0],
            "middle": [0, 0, 0, 0, 300, 300, 0, 0, 0, 0],
            "high": [0, 0, 0, 0, 0, 0, 0, 50, 550, 0],
            "missing": [0, 0, 0, 0, 0, 90, 0, 0, 0, 0],
        },
        "DAYS_EMPLOYED": {
            "low": [0, 0, 0, 0, 0, 0, 0, 600, 0, 0],
            "middle": [0, 0, 0, 0, 0, 600, 0, 0, 0, 0],
            "high": [0, 600, 0, 0, 0, 0, 0, 0, 0, 0],
        },
    },
}


class TestSpread:
    @pytest.fixture
    def told(self, portfolio):
        return Spread(portfolio, SPREAD, {"EXT_SOURCE_2": -40.0, "DAYS_EMPLOYED": 3.0})

    def test_bars_of_a_row_pile_up_within_it(self, told):
        figure = spread.draw(told, "fr")
        bars = [trace for trace in figure["data"] if trace["type"] == "bar"]
        for trace in bars:
            for base, tall in zip(trace["base"], trace["y"], strict=True):
                assert base // 100 == (base + tall) // 100
                assert tall > 0

    def test_a_long_time_is_the_high_value_though_its_number_is_low(self, told):
        assert told.middle(told.steps("DAYS_EMPLOYED")["high"]) == 4
        assert told.middle(told.steps("EXT_SOURCE_2")["high"]) == 6

    def test_this_file_has_a_dot_on_each_row_inside_the_drawing(self, told):
        figure = spread.draw(told, "fr")
        left, right = figure["layout"]["xaxis"]["range"]
        assert figure["data"][-1]["x"] == [left, 3.0]
        assert left < 3 < right

    def test_is_read_from_the_weightiest(self, told):
        assert plain(spread.reading(told, "fr")) == (
            "« Note de l'organisme B » : une valeur basse mène surtout vers −8 points,"
            " une valeur haute vers +6."
        )

    def test_a_figure_of_categories_only_has_a_reading_too(self, portfolio):
        one = {"width": 1, "first": 0, "inputs": {"ORGANIZATION_TYPE": {"any": [50, 60]}}}
        assert "À gauche de la ligne" in plain(spread.reading(Spread(portfolio, one, {}), "fr"))

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_its_key_names_what_is_drawn_and_its_table_counts_it(self, told, lang):
        assert len(of_kind(spread.key(told, lang), "Li")) == 5
        table = spread.table(told, lang)
        assert len(table.rows) == 7
        assert table.rows[0][3][1] == 600.0

    def test_its_key_has_one_sample_for_each_shade(self, portfolio):
        named = {"NAME_CONTRACT_TYPE": {"any": [0, 600]}}
        told = Spread(portfolio, SPREAD | {"inputs": SPREAD["inputs"] | named}, {})
        said = [plain(one) for one in of_kind(spread.key(told, "fr"), "Li")]
        assert said.count("moyenne, ou sans ordre") == 1
        assert not {"moyenne", "sans ordre"} & set(said)


class TestWeights:
    SOME = (Weight("A", -14.0, 13.1, "−14"), Weight("B", 8.0, 5.2, "+8"), Weight("C", None, 2.0, "non réuni"))

    def test_bars_are_as_long_as_their_numbers(self):
        shown = weights.draw(self.SOME, "x", "fr")
        bars = of_kind(shown, "I")
        lengths = [float(bar.style["width"].rstrip("%")) for bar in bars]
        assert lengths[0] == weights.LONGEST
        assert lengths[1] == pytest.approx(lengths[0] * 13.1 / 14, abs=0.1)
        assert by_class(shown, "u")
        assert by_class(shown, "f")

    def test_says_what_counts_more_and_less_than_usual(self):
        said = plain(weights.reading(PORTFOLIO, self.SOME, "fr"))
        assert "« B » compte ici plus que d'habitude : 8,0 points contre 5,2." in said
        assert "compte moins" not in said
        less = (Weight("D", 0.2, 4.0, "0"), *self.SOME)
        assert "« D » compte moins : 0,2 contre 4,0." in plain(weights.reading(PORTFOLIO, less, "fr"))

    def test_what_was_not_collected_has_no_bar_of_its_own(self):
        shown = of_kind(weights.draw(self.SOME, "x", "fr"), "Li")[2]
        assert "non réuni" in plain(shown)
        assert not by_class(shown, "u") + by_class(shown, "f")
        assert weights.table(PORTFOLIO, self.SOME, "theme", "fr").rows[2][1] == ("non réuni", None)

    def test_nothing_at_all_is_drawn_without_a_division(self):
        assert weights.draw([Weight("A", 0.0, 0.0, "0")], "x", "fr")


class TestAxis:
    @pytest.mark.parametrize(
        ("name", "low", "high", "expected"),
        [
            ("PAID_LATE_SHARE", 0.0, 0.42, ["0 %", "10 %", "20 %", "30 %", "40 %"]),
            ("DAYS_EMPLOYED", -9000, -50, ["20 ans", "15 ans", "10 ans", "5 ans"]),
            ("AMT_CREDIT", 80_000, 1_960_000, ["500 000", "1 000 000", "1 500 000"]),
            ("PREV_COUNT", 0, 3, ["0", "1", "2", "3"]),
        ],
    )
    def test_marks_are_round_in_the_reader_s_words(self, portfolio, name, low, high, expected):
        _, names = ticks(portfolio, portfolio.columns[name], low, high, "fr")
        assert [plain(one) for one in names] == expected

    def test_every_column_can_be_marked_without_saying_the_same_twice(self, portfolio):
        for name in portfolio.inputs:
            column = portfolio.columns[name]
            if column.kind in ("flag", "category"):
                continue
            for low, high in ((0, 1), (-4000, -10), (0, 1e6), (2, 2), (0, 1e-9)):
                values, names = ticks(portfolio, column, low, high, "fr")
                assert len(values) == len(names) >= 1
                assert values == sorted(values)
                if high - low >= 1:
                    assert len(set(names)) == len(names), (name, names)

    def test_marks_stay_inside(self):
        assert marks(-3.2, 7.9, 6) == [-2.0, 0.0, 2.0, 4.0, 6.0]
        assert marks(5, 5, 6) == [5]
