from dataclasses import replace

import pytest

from components.charts import ruler
from components.charts.ruler import Ruler
from data import portfolios
from model.scale import Scale
from tests.seen import attribute, by_class, plain

PORTFOLIO = portfolios.load("home_credit")

SCALE = Scale(600, 10, 20, -1)
REFUSED = Ruler(585.3, 600, 590, 610, 600, 20, SCALE.probability)


def test_ticks_stand_every_twenty_points():
    assert REFUSED.ticks == [560, 580, 600, 620, 640, 660]


def test_ticks_stay_on_the_scale_when_the_mark_moves():
    moved = replace(REFUSED, pass_mark=593.4, grey_low=583.4, grey_high=603.4)
    assert moved.ticks == [540, 560, 580, 600, 620, 640, 660]
    assert "Seuil 593" in plain(ruler.draw(PORTFOLIO, moved, "axe", "fr"))


def test_the_reading_says_points_mark_and_zone():
    drawn = ruler.draw(PORTFOLIO, REFUSED, "axe", "fr")
    assert attribute(drawn, "role") == "img"
    assert attribute(drawn, "aria-label") == ruler.reading(PORTFOLIO, REFUSED, "fr")
    assert "585 points" in ruler.reading(PORTFOLIO, REFUSED, "fr")
    assert "de 590 à 610" in ruler.reading(PORTFOLIO, REFUSED, "fr")


def test_the_track_is_ochre_hatched_then_blue_without_a_gap():
    below, grey, above = by_class(ruler.draw(PORTFOLIO, REFUSED, "axe", "fr"), "track")
    assert below.className == "track u"
    assert float(below.style["width"][:-1]) == pytest.approx(float(grey.style["left"][:-1]), abs=0.02)
    assert float(grey.style["left"][:-1]) + float(grey.style["width"][:-1]) == pytest.approx(
        float(above.style["left"][:-1]), abs=0.02
    )


def test_the_second_scale_gives_unpaid_files_in_a_hundred():
    shown = [plain(label) for label in by_class(ruler.draw(PORTFOLIO, REFUSED, "axe", "fr"), "under")]
    assert shown == ["29", "17", "5", "2", "1", "9", "14"]


@pytest.mark.parametrize(("points", "side"), [(585, "client-left"), (622, "client-right")])
def test_labels_of_the_mark_leave_the_clients_side_free(points, side):
    drawn = ruler.draw(PORTFOLIO, replace(REFUSED, points=points), "axe", "fr")
    assert side in drawn.className


def test_a_tick_under_the_clients_pointer_gives_way():
    drawn = ruler.draw(PORTFOLIO, replace(REFUSED, points=581), "axe", "fr")
    assert "580" not in [plain(label) for label in by_class(drawn, "over")]


@pytest.mark.parametrize(
    ("points", "said", "left"),
    [(402, "ce dossier, plus bas", "0.00%"), (751, "ce dossier, plus haut", "100.00%")],
)
def test_a_file_beyond_the_ruler_is_clipped_and_says_so(points, said, left):
    drawn = ruler.draw(PORTFOLIO, replace(REFUSED, points=points), "axe", "fr")
    (client,) = by_class(drawn, "client")
    assert client.style["left"] == left
    assert said in plain(client)
    assert str(points) in plain(client)


def test_the_table_holds_every_tick_the_mark_and_the_client_in_order():
    table = plain(ruler.table(PORTFOLIO, REFUSED, "axe", "fr"))
    assert table.index("580") < table.index("ce dossier") < table.index("600") < table.index("620")
    assert "9 sur 100seuil" in table


@pytest.mark.parametrize("points", range(380, 760, 7))
def test_every_file_can_be_drawn(points):
    for lang in ("fr", "en"):
        drawn = ruler.draw(PORTFOLIO, replace(REFUSED, points=points + 0.37), "axe", lang)
        for part in by_class(drawn, "tick") + by_class(drawn, "client"):
            assert 0 <= float(part.style["left"][:-1]) <= 100


class TestTheNameOfTheScale:
    def name(self, shown):
        return by_class(ruler.draw(PORTFOLIO, shown, "axe", "fr"), "ruler-name")

    def test_keeps_its_place_when_nothing_covers_it(self):
        (name,) = self.name(REFUSED)
        assert not name.style

    def test_stands_beyond_a_pointer_at_the_low_end(self):
        (name,) = self.name(replace(REFUSED, points=534))
        assert name.style["left"] == "calc(2.86% + 16px)"

    def test_leaves_where_the_first_tick_is_too_close(self):
        assert not self.name(replace(REFUSED, points=545, pass_mark=610))
