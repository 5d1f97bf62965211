import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import formats

THIN, WIDE, MINUS = "\u202f", "\u00a0", "\u2212"


class TestNumbers:
    @pytest.mark.parametrize(
        ("amount", "decimals", "french", "english"),
        [
            (3214, 0, f"3{THIN}214", "3,214"),
            (-3214.5, 1, f"{MINUS}3{THIN}214,5", f"{MINUS}3,214.5"),
            (0.0, 0, "0", "0"),
            (-0.2, 0, "0", "0"),
            (1234567.891, 2, f"1{THIN}234{THIN}567,89", "1,234,567.89"),
        ],
    )
    def test_group_thousands(self, amount, decimals, french, english):
        assert formats.number(amount, "fr", decimals) == french
        assert formats.number(amount, "en", decimals) == english

    def test_of_points_are_whole_and_signed_on_demand(self):
        assert formats.points(11.6, "fr", signed=True) == "+12"
        assert formats.points(-11.6, "fr", signed=True) == f"{MINUS}12"
        assert formats.points(585.3, "en") == "585"
        assert formats.points(0.3, "fr", signed=True) == "0"

    def test_of_percent_take_a_thin_space_in_french(self):
        assert formats.percent(0.19, "fr") == f"19{THIN}%"
        assert formats.percent(0.19, "en") == "19%"

    def test_of_money_follow_the_currency(self):
        assert formats.money(18400, "fr", currency="EUR") == f"18{THIN}400{WIDE}€"
        assert formats.money(18400, "en", currency="EUR") == "€18,400"
        assert formats.money(-18400, "en", currency="EUR") == f"{MINUS}€18,400"
        assert formats.money(18400, "en", currency="CHF") == f"18,400{WIDE}CHF"
        assert formats.money(18400, "fr") == f"18{THIN}400"


class TestTime:
    @pytest.mark.parametrize(
        ("days", "french", "english"),
        [
            (0, "0 jour", "0 days"),
            (-1, "1 jour", "1 day"),
            (-30, "30 jours", "30 days"),
            (-31, "1 mois", "1 month"),
            (-364, "1 an", "1 year"),
            (-2314, "6 ans et 4 mois", "6 years and 4 months"),
            (-731, "2 ans", "2 years"),
        ],
    )
    def test_a_duration_is_told_in_years_and_months(self, days, french, english):
        assert formats.duration(days, "fr") == french
        assert formats.duration(days, "en") == english

    def test_a_day_is_told_from_the_application(self):
        assert formats.when(-60, "fr") == "il y a 2 mois"
        assert formats.when(60, "en") == "in 2 months"
        assert formats.when(0, "fr") == "le jour même"

    def test_a_delay_says_late_early_or_on_the_day(self):
        told = [formats.lateness(days, "fr") for days in (5, 1, 0, -1, -12)]
        assert told == [
            "5 jours de retard",
            "1 jour de retard",
            "à la date prévue",
            "1 jour d’avance",
            "12 jours d’avance",
        ]

    def test_a_date_is_written_in_full(self):
        assert formats.date("2026-11-12T10:42:00+00:00", "fr") == "12 novembre 2026"
        assert formats.date(dt.date(2026, 3, 1), "fr") == "1er mars 2026"
        assert formats.date(dt.date(2026, 3, 1), "en") == "1 March 2026"


class TestFrequencies:
    def test_never_promise_certainty(self):
        assert formats.per_hundred(0.004, "fr") == f"moins de 1{WIDE}sur{WIDE}100"
        assert formats.per_hundred(0.996, "en") == f"more than 99{WIDE}in{WIDE}100"
        assert formats.per_hundred(1 / 101, "fr") == f"1{WIDE}sur{WIDE}100"
        assert formats.per_hundred(0.144, "fr") == f"14{WIDE}sur{WIDE}100"

    def test_count_whole_files(self):
        assert [formats.hundred(p) for p in (0.0001, 0.144, 0.9999)] == [1, 14, 99]

    def test_counts_a_half_alike_whatever_arithmetic_leaves(self):
        assert [formats.hundred(p) for p in (0.125, 1 / 8 + 1e-12, 1 / 8 - 1e-12)] == [13, 13, 13]


class TestRoundingToASum:
    def test_gives_what_is_shown_the_right_total(self):
        assert sum(formats.round_to_sum([1.4, 1.4, 1.4], total=4)) == 4

    def test_refuses_a_total_out_of_reach(self):
        with pytest.raises(ValueError, match="total: 9 is too far"):
            formats.round_to_sum([1.4, 1.4], total=9)

    @given(st.lists(st.floats(-60, 60), min_size=1, max_size=12))
    def test_keeps_each_amount_within_one_of_itself(self, amounts):
        rounded = formats.round_to_sum(amounts)
        assert sum(rounded) == round(math.fsum(amounts))
        assert all(abs(shown - amount) < 1 + 1e-9 for shown, amount in zip(rounded, amounts, strict=True))


class TestValuesOfAPortfolio:
    @pytest.mark.parametrize(
        ("column", "raw", "french", "english"),
        [
            ("AMT_CREDIT", 406597.5, f"406{THIN}598", "406,598"),
            ("DAYS_EMPLOYED", -2314.0, "6 ans et 4 mois", "6 years and 4 months"),
            ("EXT_SOURCE_2", 0.31, "0,31 sur 1", "0.31 out of 1"),
            ("ANNUITY_INCOME", 0.19, f"19{THIN}%", "19%"),
            ("CREDIT_INCOME", 2.55, "2,5 fois", "2.5 times"),
            ("FLAG_OWN_CAR", "Y", "oui", "yes"),
            ("FLAG_PHONE", 0, "non", "no"),
            ("NAME_CONTRACT_TYPE", "Cash loans", "prêt personnel", "cash loan"),
            ("NAME_CONTRACT_TYPE", "Something new", "Something new", "Something new"),
            ("HOUR_APPR_PROCESS_START", 10, "10 h", "10:00"),
            ("OWN_CAR_AGE", 12.0, "12 ans", "12 years"),
        ],
    )
    def test_follow_kind_and_unit(self, portfolio, column, raw, french, english):
        assert formats.value(portfolio, column, raw, "fr").replace(WIDE, " ") == french
        assert formats.value(portfolio, column, raw, "en").replace(WIDE, " ") == english

    @pytest.mark.parametrize("raw", [None, float("nan"), ""])
    @pytest.mark.parametrize("column", ["AMT_CREDIT", "NAME_CONTRACT_TYPE", "FLAG_OWN_CAR", "DAYS_EMPLOYED"])
    def test_say_plainly_when_they_are_missing(self, portfolio, column, raw):
        assert formats.value(portfolio, column, raw, "fr") == "non fourni"
        assert formats.value(portfolio, column, raw, "en") == "not provided"

    def test_of_the_wrong_kind_are_given_back_as_typed(self, portfolio):
        assert formats.value(portfolio, "AMT_CREDIT", "beaucoup", "fr") == "beaucoup"

    def test_of_every_column_can_be_said(self, portfolio):
        for column in portfolio.columns:
            for lang in ("fr", "en"):
                assert formats.value(portfolio, column, 1.0, lang)

    def test_an_unknown_column_is_an_error(self, portfolio):
        with pytest.raises(KeyError, match="NO_SUCH"):
            formats.value(portfolio, "NO_SUCH", 1.0, "fr")
