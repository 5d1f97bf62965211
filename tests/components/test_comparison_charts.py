import orjson
import pytest

from components.charts import grid, interval, strips
from components.charts.plot import FAVOURABLE_FILL, INK, SEQ, SEQ_GOOD, SHEET, UNFAVOURABLE_FILL
from components.charts.strips import Strip

MOST = 3_000  # bytes of a figure


def three(bars=36, middle=12.34):
    names = ("Tous", "Semblables", "Acceptés de justesse")
    return [Strip(name, [40] * bars, middle, name == "Semblables") for name in names]


class TestStrips:
    def test_weigh_little(self):
        ticks = [(6 * n, "100\u202f000") for n in range(6)]
        assert len(orjson.dumps(strips.draw(three(), 17.77, ticks, "masqué"))) <= MOST

    def test_one_line_of_this_file_goes_through_all(self):
        drawn = strips.draw(three(), 17.5, [], "masqué")
        lines = [shape for shape in drawn["layout"]["shapes"] if shape["x0"] == shape["x1"]]
        assert [line["x0"] for line in lines] == [17.5]
        low, high = drawn["layout"]["yaxis"]["range"]
        assert lines[0]["y1"] - lines[0]["y0"] > 0.95 * (high - low)

    def test_without_a_value_there_is_no_line(self):
        drawn = strips.draw(three(), None, [], "masqué")
        assert not [shape for shape in drawn["layout"]["shapes"] if shape["x0"] == shape["x1"]]

    def test_a_hidden_group_says_so_in_its_place(self):
        groups = three()
        groups[1] = Strip("Semblables", (), None)
        drawn = strips.draw(groups, 3, [], "moins de 30")
        assert [note["text"] for note in drawn["layout"]["annotations"]].count("moins de 30") == 1
        assert len([trace for trace in drawn["data"] if trace["type"] == "bar"]) == 2

    def test_all_groups_share_the_axis(self):
        drawn = strips.draw(three(bars=12), 3, [], "")
        assert drawn["layout"]["xaxis"]["range"] == [0, 12]

    def test_long_names_stay_inside(self):
        drawn = strips.draw(three(bars=10), 9.5, [(0.5, "premier"), (9.5, "dernier")], "", long=True)
        sides = {note["text"]: note["xanchor"] for note in drawn["layout"]["annotations"]}
        assert (sides["premier"], sides["dernier"]) == ("left", "right")

    def test_long_names_of_groups_push_the_bars_aside(self):
        usual = strips.draw(three(), 3, [], "")["layout"]["margin"]["l"]
        long = strips.draw([Strip("Juste au-dessus du seuil", [40] * 3, 1)], 1, [], "")
        assert long["layout"]["margin"]["l"] > usual
        assert {-note["xshift"] for note in long["layout"]["annotations"]} == {long["layout"]["margin"]["l"]}

    @pytest.mark.parametrize("bars", [0, 1])
    def test_one_bar_or_none_is_drawn(self, bars):
        assert strips.draw([Strip("Tous", [40] * bars, None)], None, [], "masqué")


class TestInterval:
    def dots(self, high=16.9):
        return [
            interval.Dot("Tous", "12 480 dossiers", 8.3, 7.8, 8.8, "8,3"),
            interval.Dot("Semblables", "500 dossiers", 13.6, 10.9, high, "13,6"),
        ]

    def test_weigh_little(self):
        assert len(orjson.dumps(interval.draw(self.dots()))) <= MOST

    def test_every_interval_fits(self):
        for high in (0.4, 3, 16.9, 44, 100):
            end = interval.draw(self.dots(high))["layout"]["xaxis"]["range"][1]
            assert end >= high

    def test_begins_at_nought(self):
        assert interval.draw(self.dots())["layout"]["xaxis"]["range"][0] == 0

    def test_names_and_figures_stand_beside(self):
        said = " ".join(note["text"] for note in interval.draw(self.dots())["layout"]["annotations"])
        assert "12 480 dossiers" in said
        assert "<b>13,6</b>" in said

    def test_nothing_is_an_empty_drawing(self):
        assert interval.draw([])


def contrast(one, other):
    """Return the contrast ratio of two colours, as WCAG 2 counts it."""
    low, high = sorted(luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


class TestGrid:
    def sides(self, wide=8, high=6):
        return (
            grid.Side("Note", [f"0,{n}" for n in range(wide - 1)], True),
            grid.Side("Dette", [f"{n} %" for n in range(high)], False),
        )

    def rates(self, wide=8, high=6):
        return [[0.01 * (x + y) for x in range(wide)] for y in range(high)]

    def test_weighs_little(self):
        assert len(orjson.dumps(grid.draw(self.rates(), 0.08, (1, 2), *self.sides()))) <= MOST

    def test_hidden_cells_are_hatched_and_unnumbered(self):
        rates = self.rates()
        rates[2][3] = None
        cells, hatched = grid.draw(rates, 0.08, None, *self.sides())["data"]
        assert cells["z"][2][3] is None
        assert cells["text"][2][3] == ""
        assert (hatched["x"], hatched["marker"]["pattern"]["shape"]) == ([3], "/")

    def test_this_files_cell_is_framed(self):
        (frame,) = grid.draw(self.rates(), 0.08, (1, 2), *self.sides())["layout"]["shapes"]
        assert (frame["x0"], frame["x1"], frame["y0"], frame["y1"]) == (0.5, 1.5, 1.5, 2.5)
        assert not grid.draw(self.rates(), 0.08, None, *self.sides())["layout"].get("shapes")

    def test_shades_darken_with_the_rate(self):
        shades = [grid.shade(rate, 0.08) for rate in (0, 0.05, 0.08, 0.12, 0.3)]
        assert shades == [0, 1, 2, 3, 4]
        assert len(SEQ) == 5

    @pytest.mark.parametrize(("good", "ramp"), [(False, SEQ), (True, SEQ_GOOD)])
    def test_good_news_is_in_blue_and_bad_news_in_ochre(self, good, ramp):
        (cells,) = grid.draw([[0.01]], 0.08, None, *self.sides(), good=good)["data"]
        assert {colour for _, colour in cells["colorscale"]} == set(ramp)

    @pytest.mark.parametrize("ramp", [SEQ, SEQ_GOOD])
    def test_numbers_are_read_on_every_shade(self, ramp):
        for place, colour in enumerate(ramp):
            assert contrast(colour, SHEET if place == grid.DARKEST else INK) >= 4.5

    def test_the_numbers_of_the_darkest_cells_are_pale_and_written_once(self):
        cells, pale = grid.draw([[0.01, 0.3]], 0.08, None, *self.sides())["data"]
        assert cells["text"] == [["1", ""]]
        assert (pale["x"], pale["y"], pale["text"]) == ([1], [0], ["30"])
        assert (cells["textfont"]["color"], pale["textfont"]["color"]) == (INK, SHEET)

    def test_a_rate_of_nought_overall_has_one_shade(self):
        assert grid.shade(0.0, 0.0) == 0

    def test_edges_stand_between_cells_and_categories_under_them(self):
        drawn = grid.draw(self.rates(), 0.08, None, *self.sides())
        assert drawn["layout"]["xaxis"]["tickvals"][0] == 0.5
        assert drawn["layout"]["yaxis"]["tickvals"][0] == 0


def test_no_drawing_uses_the_colours_of_points():
    for drawn in (
        strips.draw(three(), 3, [], ""),
        interval.draw([interval.Dot("a", "b", 1, 0, 2, "1")]),
        grid.draw([[0.1]], 0.1, (0, 0), grid.Side("a", [], True), grid.Side("b", [], True)),
    ):
        text = orjson.dumps(drawn).decode()
        assert FAVOURABLE_FILL not in text
        assert UNFAVOURABLE_FILL not in text
