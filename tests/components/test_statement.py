"""The points statement adds up to what is shown, in every unit, for every file."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.charts import ledger
from components.charts.ledger import Ledger
from components.i18n import LANGUAGES
from components.statement import MOST_LINES, OTHERS, POINTS, SMALL, Unit, draw_up
from model.results import Assessment, Contribution
from tests.seen import attribute, by_class, of_kind, plain

FEATURES = {
    "external": ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3"),
    "request": ("AMT_CREDIT", "AMT_ANNUITY", "CREDIT_ANNUITY", "AMT_GOODS_PRICE"),
    "budget": ("AMT_INCOME_TOTAL", "ANNUITY_INCOME"),
    "work": ("DAYS_EMPLOYED", "OCCUPATION_TYPE"),
    "housing": ("OWN_CAR_AGE",),
    "elsewhere": ("BUREAU_DEBT", "BUREAU_COUNT"),
    "previous": ("PREV_COUNT",),
}
RATE = Unit("rate", lambda points: 100 / (1 + math.exp((points - 553) * math.log(2) / 20)), 1, linear=False)
LOG_ODDS = Unit("log_odds", lambda points: (553 - points) * math.log(2) / 20, 3)
UNITS = {"points": POINTS, "rate": RATE, "log_odds": LOG_ODDS}


def moved(*points: float) -> tuple[Contribution, ...]:
    """Contributions of the features above, in their order, nought where none is given."""
    named = [(theme, name) for theme, names in FEATURES.items() for name in names]
    given = [*points, *[0.0] * len(named)]
    return tuple(Contribution(n, t, 1.0, p) for (t, n), p in zip(named, given, strict=False))


def file(refused, parts, base=614.0, families=("bureau", "previous", "card")):
    total = base + math.fsum(part.points for part in parts)
    return replace(refused, base_points=base, points=total, contributions=parts, families=families)


@pytest.fixture
def example(refused):
    """-14 of scores, +3 of the request, and small change."""
    return file(refused, moved(-12.2, -2.6, 1.0, 2.0, 0.6, 0.3, 0.1, 0.2, 0.1, -0.3, 0.1, -1.2))


def adds_up(statement) -> bool:
    balance = statement.base
    for entry in statement.entries:
        balance += entry.shown
        if balance != entry.balance or sum(line.shown for line in entry.lines) != entry.shown:
            return False
    return balance == statement.total


BARE = Assessment(
    "1", "home_credit", "1", 0.1, 600.0, 1 / 11, 600.0, 590.0, 610.0, "review", 600.0, (), (), (), {}, {}
)
POINTS_MOVED = st.lists(st.floats(-60, 60, allow_nan=False), min_size=15, max_size=15)


class TestSums:
    @pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
    @settings(max_examples=150)
    @given(points=POINTS_MOVED, base=st.floats(560, 680))
    def test_average_and_themes_make_the_file_and_lines_make_a_theme(self, portfolio, unit, points, base):
        found = file(BARE, moved(*points), base=base)
        assert adds_up(draw_up(portfolio, found, unit))

    def test_every_client_of_the_demo_adds_up_in_every_unit(self, portfolio, clients):
        from model.artifact import champion
        from model.assess import assess

        scale = champion("home_credit").scale
        exact = {
            "points": POINTS,
            "rate": Unit("rate", lambda points: 100 * scale.probability(points), 1, linear=False),
            "log_odds": Unit("log_odds", scale.log_odds, 3),
        }
        for client in clients:
            found = assess("home_credit", client)
            for unit in exact.values():
                told = draw_up(portfolio, found, unit)
                assert adds_up(told), client
                assert told.base == round(unit(found.base_points))
                assert told.total == round(unit(found.points))

    def test_each_number_is_within_one_of_its_own_value(self, portfolio, example):
        for entry in draw_up(portfolio, example, POINTS).entries:
            assert abs(entry.shown - entry.points) < 1
            assert all(abs(line.shown - line.points) < 1 for line in entry.lines)

    def test_no_contribution_is_left_out(self, portfolio, example):
        entries = draw_up(portfolio, example, POINTS).entries
        named = [part.feature for entry in entries for part in entry.parts]
        assert sorted(named) == sorted(part.feature for part in example.contributions)
        assert all(sum(line.count for line in e.lines) == len(e.parts) for e in entries)

    def test_balances_of_an_approximate_unit_are_exact(self, portfolio, example):
        reached = example.base_points
        for entry in draw_up(portfolio, example, RATE).entries:
            reached += entry.points
            assert entry.balance == round(10 * RATE.value(reached))


class TestOrder:
    def test_themes_come_by_size_and_the_small_ones_together_at_the_end(self, portfolio, example):
        entries = draw_up(portfolio, example, POINTS).entries
        assert [entry.theme for entry in entries] == ["external", "request", "housing", OTHERS]
        assert {part.theme for part in entries[-1].parts} == {"budget", "work", "elsewhere", "previous"}

    def test_one_small_theme_alone_keeps_its_name(self, portfolio, refused):
        found = file(refused, moved(5, 0, 0, 4, 0, 0, 0, 3, 0, 2, 0, 0.1, 6, 0, -7))
        assert draw_up(portfolio, found, POINTS).entries[-1].theme == "housing"

    def test_many_tiny_inputs_become_one_line(self, portfolio, refused):
        many = tuple(Contribution(f"X{n}", "external", 1.0, 0.01) for n in range(40))
        named = replace(refused, contributions=many, points=614.4, base_points=614.0)
        columns = {f"X{n}": portfolio.columns["EXT_SOURCE_1"] for n in range(40)}
        (entry,) = draw_up(replace(portfolio, columns=columns), named, POINTS).entries
        assert entry.lines[-1].part is None
        assert entry.lines[-1].count == 40 - (len(entry.lines) - 1)
        assert len(entry.lines) <= MOST_LINES + 1

    def test_what_counts_is_told_by_itself(self, portfolio, example):
        first = draw_up(portfolio, example, POINTS).entries[0]
        told = [line.part.feature for line in first.lines if line.part]
        assert all(p.feature in told for p in first.parts if abs(p.points) >= SMALL)

    def test_a_history_that_was_not_collected_is_no_theme(self, portfolio, refused):
        found = file(refused, moved(4.0), families=())
        named = {part.feature for entry in draw_up(portfolio, found, POINTS).entries for part in entry.parts}
        assert not named & {"BUREAU_DEBT", "PREV_COUNT"}
        assert "EXT_SOURCE_1" in named

    def test_a_file_that_nothing_moves_stays_at_the_average(self, portfolio, refused):
        told = draw_up(portfolio, file(refused, moved()), POINTS)
        assert told.base == told.total == 614
        assert adds_up(told)


def drawn(portfolio, assessment, unit=POINTS, lang="fr", reference=None):
    told = draw_up(portfolio, assessment, unit)
    return Ledger(portfolio, assessment, reference or {"EXT_SOURCE_1": 0.5}, told, unit, lang)


class TestWhatIsSeen:
    def test_a_theme_is_a_button_that_opens_its_lines(self, portfolio, example):
        shown = ledger.draw(drawn(portfolio, example))
        bodies = {body.id: body for body in of_kind(shown, "Tbody") if hasattr(body, "id")}
        for place, button in enumerate(by_class(shown, "twist")):
            lines = bodies[attribute(button, "aria-controls")]
            assert attribute(button, "aria-expanded") == ("true" if place == 0 else "false")
            assert lines.hidden == (place != 0)

    def test_numbers_shown_add_up(self, portfolio, example):
        shown = ledger.draw(drawn(portfolio, example))

        def whole(row):
            return int(plain(row.children[4]).replace("−", "-").replace("+", ""))

        themes = sum(whole(row) for row in by_class(shown, "theme")[1:])
        (total,) = by_class(shown, "total")
        assert themes == whole(total)
        assert plain(total.children[5]) == str(614 + themes)

    def test_bars_stay_in_the_drawing_and_the_mark_is_in_it(self, portfolio, refused):
        for points in (0.0, 5.0, -200.0, 300.0):
            shown = ledger.draw(drawn(portfolio, file(refused, moved(points))))
            for bar in by_class(shown, "bar"):
                left, width = (float(bar.style[side].rstrip("%")) for side in ("left", "width"))
                assert left >= 0
                assert left + width <= 100.01
            assert 0 < float(shown.style["--mark"].rstrip("%")) < 100

    def test_the_colour_is_that_of_the_points_in_every_unit(self, portfolio, example):
        for unit in UNITS.values():
            first = by_class(ledger.draw(drawn(portfolio, example, unit)), "theme")[1]
            assert by_class(first, "unf")
            assert by_class(first, "u")
        risen = by_class(ledger.draw(drawn(portfolio, example, LOG_ODDS)), "theme")[1]
        assert plain(risen.children[4]).startswith("+")  # more risk, fewer points

    def test_what_is_not_provided_is_said(self, portfolio, refused):
        parts = (replace(moved(-3.0)[0], value=None), *moved(-3.0)[1:])
        shown = ledger.draw(drawn(portfolio, file(refused, parts)))
        assert [plain(part) for part in by_class(shown, "absent")] == ["non fourni"]

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_the_table_has_every_input_with_its_exact_points(self, portfolio, example, lang):
        told = ledger.table(drawn(portfolio, example, lang=lang))
        exact = [row[4][1] for row in told.rows if row[1]]
        assert sorted(exact) == sorted(part.points for part in example.contributions)
        assert told.rows[told.pick][4][1] == example.points

    def test_the_table_says_what_was_not_collected(self, portfolio, refused):
        told = ledger.table(drawn(portfolio, file(refused, moved(4.0), families=())))
        values = {row[1]: row[2] for row in told.rows if row[1]}
        label = portfolio.columns["BUREAU_DEBT"].label("fr")
        assert values[label][0] == "non réuni"
