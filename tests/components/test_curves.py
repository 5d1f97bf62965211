"""The curves of a classifier: where the words of the dot stand."""

import pytest

from components.charts.curves import curve

LABELS = {"x": "x", "y": "y", "dot": "au seuil"}
RISING, FALLING = (0.0, 0.8, 1.0), (0.9, 0.6, 0.3)


def words(y, dot):
    """Return what places the words of the dot."""
    return curve((0.0, 0.5, 1.0), y, dot, (0.0, 1.0), LABELS)["layout"]["annotations"][-1]


class TestTheWordsOfTheDot:
    @pytest.mark.parametrize(("y", "below"), [(RISING, True), (FALLING, False)])
    def test_stand_at_its_right_on_the_open_side(self, y, below):
        said = words(y, (0.3, 0.5))
        assert (said["text"], said["xanchor"]) == ("au seuil", "left")
        assert said["xshift"] > 0
        assert (said["yshift"] < 0) == below

    @pytest.mark.parametrize(("y", "below"), [(RISING, False), (FALLING, True)])
    def test_stand_at_its_left_on_the_open_side_where_the_right_has_no_room(self, y, below):
        said = words(y, (0.89, 0.5))
        assert said["xanchor"] == "right"
        assert said["xshift"] < 0
        assert (said["yshift"] < 0) == below
