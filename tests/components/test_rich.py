"""Sentences with something marked in them."""

from components.rich import bold


def test_what_is_marked_stays_on_one_line_unless_it_is_long():
    assert bold("santé et prévoyance", "fav").className == "nowrap fav"
    assert bold("49 sur 100").className == "nowrap"
    assert bold("critical account, other credits existing (not at this bank)", "fav").className == "fav"
