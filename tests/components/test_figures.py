import pytest

from components.charts import squares, timeline
from components.charts.timeline import Span
from tests.seen import attribute, by_class, plain


class TestSquares:
    @pytest.mark.parametrize("count", [0, 1, 5, 14, 99, 100])
    def test_as_many_are_full_as_are_said(self, count):
        drawn = squares.draw(count, f"{count} carrés pleins sur 100")
        cell = squares.CELL
        full = sum((a.style["width"] // cell) * (a.style["height"] // cell) for a in by_class(drawn, "full"))
        assert full == count

    def test_are_described_to_those_who_do_not_see_them(self):
        drawn = squares.draw(14, "14 carrés pleins sur 100")
        assert attribute(drawn, "role") == "img"
        assert attribute(drawn, "aria-label") == "14 carrés pleins sur 100"

    def test_are_blue_when_the_positive_class_is_good_news(self):
        assert "good" in squares.draw(30, "", favourable=True).className


PAST = [Span("prêt", -400, -30), Span("carte", -900, 500), Span("achat", -1500)]


class TestTimeline:
    def test_reads_from_the_oldest_to_the_latest(self):
        assert timeline.reading(PAST, "fr") == (
            "3 lignes\u00a0: la plus ancienne il y a 4 ans et 1 mois, la plus récente il y a 1 an et 1 mois. "
            "1 était encore en cours à la date de la demande, en noir."
        )

    def test_one_line_is_read_as_one(self):
        assert plain(timeline.reading([Span("prêt", -400)], "en")) == "One line only, 1 year and 1 month ago."

    def test_what_still_runs_at_the_application_is_in_ink(self):
        drawn = timeline.bars(PAST, "fr")
        assert [bar.className for bar in by_class(drawn, "bar")] == ["bar", "bar running"]
        assert len(by_class(drawn, "dot")) == 1

    def test_only_the_latest_bars_are_drawn(self):
        many = [Span("prêt", -40 - n, -10) for n in range(40)]
        assert len(by_class(timeline.bars(many, "fr"), "bar")) == timeline.MOST_BARS

    def test_late_payments_stand_out_and_are_counted(self):
        due = [Span("", -30 * n, late=late) for n, late in enumerate([0, 4, -2, 11], start=1)]
        assert len(by_class(timeline.strokes(due, "fr"), "late")) == 2
        assert "2 paiements sont arrivés en retard" in timeline.reading(due, "fr")

    def test_everything_stays_on_the_line(self):
        drawn = timeline.bars([Span("hypothèque", -4000, 9000), Span("carte", 0, 0)], "fr")
        for part in by_class(drawn, "bar") + by_class(drawn, "dot") + by_class(drawn, "year"):
            assert 0 <= float(part.style["left"][:-1]) <= 100

    def test_rows_become_spans_as_the_portfolio_says(self):
        told = {"start": "opened", "end": ["closed", "planned"], "unknown": 365243}
        rows = [
            {"opened": -100, "closed": -20, "planned": 300},
            {"opened": -90, "closed": None, "planned": 300},
            {"opened": -80, "closed": None, "planned": 365243},
            {"opened": None, "closed": -20, "planned": 300},
        ]
        found = timeline.spans(rows, told, lambda row: "crédit")
        assert [(s.start, s.end) for s in found] == [(-100, -20), (-90, 300), (-80, None)]

    def test_delays_are_counted_from_the_day_due(self):
        told = {"start": "due", "late": ["paid", "due"]}
        found = timeline.spans([{"due": -30, "paid": -25}, {"due": -60, "paid": None}], told, lambda row: "")
        assert [span.late for span in found] == [5, 0]
