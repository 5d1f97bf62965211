"""A figure carries its reading, its table and what its reader may take away."""

import json

from components.charts.plot import plot
from components.figure import Table, figure, graph
from tests.seen import attribute, by_class, find, of_kind, text

TABLE = Table([("Groupe", False), ("Part", True)], [("Tous", ("8 %", 0.081)), ("Proches", "12 %")], pick=1)


def a_figure(**more):
    return figure("groupes", graph(plot([]), "Deux groupes.", 200), "Deux groupes.", TABLE, "fr", **more)


def test_the_reading_comes_before_the_drawing():
    reading, drawing, _ = a_figure().children
    assert text(reading) == "Deux groupes."
    assert attribute(drawing, "role") == "img"
    assert attribute(drawing, "aria-label") == "Deux groupes."


def test_the_table_shows_words_and_keeps_exact_values_for_the_data():
    cells = of_kind(a_figure(), "Td")
    assert [text(cell) for cell in cells] == ["Tous", "8 %", "Proches", "12 %"]
    assert [attribute(cell, "data-value") for cell in cells] == [None, "0.081", None, None]


def test_the_row_about_this_client_is_marked():
    rows = of_kind(a_figure(), "Tr")
    assert ["pick" in row.className for row in rows[1:]] == [False, True]


def test_a_drawing_without_graph_offers_no_picture():
    def offered(shown):
        return [button.children for button in find(shown, lambda part: attribute(part, "data-take"))]

    assert len(offered(a_figure())) == 3
    assert len(offered(a_figure(image=False))) == 2


def test_a_wide_table_can_be_scrolled_with_the_keyboard():
    assert by_class(a_figure(), "wide")[0].tabIndex == 0


def test_a_plot_is_plain_json_in_the_style_of_the_house():
    drawn = plot([{"type": "bar", "y": [1, 2]}], x={"title": {"text": "Points"}}, xaxis2={"side": "top"})
    assert json.loads(json.dumps(drawn)) == drawn
    layout = drawn["layout"]
    assert layout["xaxis"]["fixedrange"]
    assert layout["xaxis2"]["fixedrange"]
    assert layout["xaxis2"]["side"] == "top"
    assert min(layout["font"]["size"], layout["xaxis"]["title"]["font"]["size"]) >= 14


def test_an_axis_that_is_not_seen_is_sent_bare():
    axis = plot([], y={"visible": False, "range": [0, 1], "showgrid": True})["layout"]["yaxis"]
    assert axis == {"visible": False, "range": [0, 1], "fixedrange": True}


def test_a_plot_does_not_change_what_it_is_given():
    trace = {"type": "bar", "y": [1]}
    plot([trace])["data"][0]["y"] = []
    assert trace == {"type": "bar", "y": [1]}
