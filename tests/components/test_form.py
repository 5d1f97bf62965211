import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import fields, form
from components.controls import Form
from components.fields import Item, Unreadable
from components.i18n import LANGUAGES
from data import portfolios
from model.results import Fault
from tests.seen import find, of_kind, plain

PORTFOLIO = portfolios.load("home_credit")
TEXTS = {"NAME_INCOME_TYPE": ("Working", "Pensioner"), "FLAG_OWN_CAR": ("N", "Y")}
ASKED = [c for c in PORTFOLIO.columns.values() if c.source != "made" and c.role in ("input", "material")]


def item(name, raw, value="same"):
    return Item(PORTFOLIO.columns[name], raw, raw if value == "same" else value, TEXTS.get(name, ()))


def values_of(column):
    """Return a strategy for what a column can hold, as its bounds say."""
    if column.name in TEXTS or column.kind == "category" or (column.kind == "flag" and column.low is None):
        return st.sampled_from(TEXTS.get(column.name, ("N", "Y")))
    if column.kind == "flag":
        return st.sampled_from([0.0, 1.0])
    low = -1e6 if column.low is None else column.low
    high = 1e9 if column.high is None else column.high
    numbers = st.floats(low, high, allow_nan=False)
    return numbers.map(round).map(float) if column.kind in ("days", "number") else numbers


@st.composite
def anything(draw):
    column = draw(st.sampled_from(ASKED))
    known = draw(values_of(column))
    options = TEXTS.get(column.name, ())
    if column.kind == "category" or (column.kind == "flag" and column.low is None):
        options = options or (str(known), "other")
    raw = draw(st.sampled_from([known, known, None]))
    return Item(column, raw, raw, tuple(options))


class TestUntouched:
    @given(anything(), st.sampled_from(LANGUAGES))
    def test_a_control_gives_back_the_files_value_to_the_last_bit(self, one, lang):
        shown = fields.show(one, one.value, lang)
        back = fields.resolve(one, shown, (), lang)
        assert back is one.raw or back == one.raw

    @given(anything(), st.sampled_from(LANGUAGES))
    def test_so_it_does_once_a_browser_has_kept_it_as_json(self, one, lang):
        shown = json.loads(json.dumps(fields.show(one, one.value, lang)))
        back = fields.resolve(one, shown, (), lang)
        assert back == one.raw

    @given(anything(), values_of(PORTFOLIO.columns["AMT_CREDIT"]))
    def test_a_value_loaded_from_a_proposal_is_that_value_exactly(self, one, proposed):
        credit = item("AMT_CREDIT", 743_421.37)
        shown = fields.show(credit, proposed, "fr")
        assert fields.resolve(credit, shown, [proposed], "fr") in (proposed, credit.raw)

    def test_typing_back_the_shown_value_restores_the_raw_one(self):
        employed = item("DAYS_EMPLOYED", -2316.0)
        assert fields.show(employed, -2316.0, "fr") == {"missing": False, "years": "6", "months": "4"}
        assert fields.resolve(employed, {"years": " 6 ", "months": "04"}, (), "fr") == -2316.0
        assert fields.resolve(employed, {"years": "", "months": "76"}, (), "fr") == -2316.0
        assert fields.resolve(employed, {"years": "6", "months": "5"}, (), "fr") == -2344.0

    @pytest.mark.parametrize("typed", ["24700", "24 700", "24\u202f700", "24 700,0"])
    def test_an_amount_shown_rounded_is_not_rounded(self, typed):
        annuity = item("AMT_ANNUITY", 24_700.49)
        assert fields.resolve(annuity, {"value": typed}, (), "fr") == 24_700.49

    def test_a_code_for_not_provided_stays_the_code(self):
        pensioner = item("DAYS_EMPLOYED", 365243.0, None)
        assert fields.show(pensioner, None, "fr")["missing"]
        assert fields.resolve(pensioner, {"missing": True, "years": "3"}, (), "fr") == 365243.0


class TestControls:
    @pytest.mark.parametrize(
        ("name", "raw", "kind"),
        [
            ("EXT_SOURCE_2", 0.31, "share"),
            ("EXT_SOURCE_2", None, "number"),
            ("BUREAU_ACTIVE_SHARE", 0.5, "share"),
            ("BUREAU_DEBT_SHARE", 0.68, "number"),
            ("AMT_CREDIT", 1e5, "number"),
            ("DAYS_EMPLOYED", -100.0, "duration"),
            ("POS_MONTH_LAST", -3.0, "duration"),
            ("BUREAU_END_LAST", 100.0, "moment"),
            ("FLAG_OWN_CAR", "Y", "flag"),
            ("FLAG_PHONE", 1.0, "flag"),
            ("NAME_INCOME_TYPE", "Working", "choice"),
        ],
    )
    def test_each_column_has_the_one_it_deserves(self, name, raw, kind):
        assert item(name, raw).kind == kind

    @pytest.mark.parametrize(
        ("name", "raw", "shown"),
        [
            ("EXT_SOURCE_2", 0.3127, {"missing": False, "share": "0.31"}),
            ("BUREAU_ACTIVE_SHARE", 0.4549, {"missing": False, "share": "45"}),
            ("BUREAU_DEBT_SHARE", 0.684, {"missing": False, "value": "68"}),
            ("POS_MONTH_LAST", -14.0, {"missing": False, "years": "1", "months": "2"}),
            ("FLAG_PHONE", 1.0, {"value": "1"}),
            ("FLAG_OWN_CAR", None, {"value": ""}),
            ("NAME_INCOME_TYPE", "Working", {"missing": False, "value": "Working"}),
            ("AMT_CREDIT", None, {"missing": True, "value": ""}),
        ],
    )
    def test_what_they_show(self, name, raw, shown):
        assert fields.show(item(name, raw), raw, "fr") == shown

    @pytest.mark.parametrize(
        ("name", "entry", "value"),
        [
            ("BUREAU_DEBT_SHARE", {"value": "45"}, 0.45),
            ("EXT_SOURCE_2", {"share": 0.45}, 0.45),
            ("BUREAU_ACTIVE_SHARE", {"share": "45"}, 0.45),
            ("POS_MONTH_LAST", {"years": "2", "months": ""}, -24.0),
            ("BUREAU_END_LAST", {"way": "ahead", "years": "1", "months": "0"}, 365.0),
            ("BUREAU_END_LAST", {"way": "ago", "years": "1", "months": "0"}, -365.0),
            ("FLAG_PHONE", {"value": "0"}, 0.0),
            ("FLAG_OWN_CAR", {"value": "N"}, "N"),
            ("FLAG_OWN_CAR", {"value": ""}, None),
            ("NAME_INCOME_TYPE", {"value": "Pensioner"}, "Pensioner"),
            ("AMT_CREDIT", {"value": "15 900", "missing": True}, None),
        ],
    )
    def test_what_is_read_of_them(self, name, entry, value):
        known = {
            "AMT_CREDIT": 1e5,
            "FLAG_OWN_CAR": "Y",
            "NAME_INCOME_TYPE": "Working",
            "BUREAU_END_LAST": 9.0,
        }
        assert fields.read(item(name, known.get(name, 0.1)), entry, "fr") == value


class TestNumbersAsTheyAreWritten:
    @pytest.mark.parametrize(
        ("text", "lang", "number"),
        [
            ("15 900", "fr", 15900),
            ("15\u202f900,5", "fr", 15900.5),
            ("15900.5", "fr", 15900.5),
            ("−3", "fr", -3),
            ("45 %", "fr", 45),
            ("0.123", "fr", 0.123),
            ("15,900", "en", 15900),
            ("1,234,567.8", "en", 1234567.8),
        ],
    )
    def test_are_read(self, text, lang, number):
        assert fields.parse(text, lang) == number

    @pytest.mark.parametrize("lang", LANGUAGES)
    @pytest.mark.parametrize(
        "text", ["abc", "1e5", "nan", "inf", "--3", "1 2,3,4", "0x10", "１２", "3 euros"]
    )
    def test_nothing_else_is(self, text, lang):
        with pytest.raises(Unreadable):
            fields.parse(text, lang)

    def test_what_can_be_read_in_two_ways_is_asked_again(self):
        with pytest.raises(Unreadable) as found:
            fields.parse("15.900", "fr")
        assert found.value.code == "either"
        assert fields.parse("15,900", "en") == 15900


def small_form(lang="fr", client="1", **raw):
    raw = raw or {"AMT_CREDIT": 743_421.5, "EXT_SOURCE_2": 0.3127, "DAYS_EMPLOYED": -2316.0}
    items = {name: item(name, value) for name, value in raw.items()}
    return Form(PORTFOLIO, client, lang, items, frozenset(list(items)[:2]), ("card",))


class TestBadInput:
    @pytest.mark.parametrize(
        ("name", "entry", "said"),
        [
            (
                "AMT_CREDIT",
                {"value": "beaucoup"},
                ("Montant du crédit", "« beaucoup »", "en chiffres", "1 200"),
            ),
            ("AMT_CREDIT", {"value": "15.900"}, ("« 15.900 »", "15 900 ou 15,900")),
            ("AMT_CREDIT", {"value": "-4"}, ("-4", "entre 1 et 100 000 000")),
            ("AMT_CREDIT", {"value": ""}, ("rien n'est écrit", "non fourni")),
            ("DAYS_EMPLOYED", {"years": "deux", "months": "1"}, ("« deux »", "n'est pas un nombre")),
            ("DAYS_EMPLOYED", {"years": "2,5", "months": "1"}, ("« 2,5 »", "entier")),
            ("DAYS_EMPLOYED", {"years": "90", "months": "0"}, ("90 ans", "entre 0 jour et 70 ans")),
            ("DAYS_EMPLOYED", {"years": "9999999", "months": "0"}, ("n'est pas possible",)),
        ],
    )
    def test_is_told_with_field_value_and_remedy(self, name, entry, said):
        reading = form.read(small_form(), {name: entry}, {})
        assert not reading.changes
        told = plain(reading.bad[name]).replace("−", "-")
        assert all(part in told for part in said), told

    def test_leaves_the_other_fields_alone(self):
        typed = {"AMT_CREDIT": {"value": "?"}, "EXT_SOURCE_2": {"share": "0.5"}}
        reading = form.read(small_form(), typed, {})
        assert reading.changes == {"EXT_SOURCE_2": 0.5}
        assert list(reading.bad) == ["AMT_CREDIT"]

    def test_an_empty_field_of_something_not_provided_is_no_fault(self):
        empty = small_form(AMT_CREDIT=None)
        assert form.read(empty, {"AMT_CREDIT": {"value": " ", "missing": False}}, {}) == form.Reading({}, {})

    @given(
        st.sampled_from(["AMT_CREDIT", "EXT_SOURCE_2", "DAYS_EMPLOYED", "unknown"]),
        st.dictionaries(
            st.sampled_from(["value", "share", "years", "months", "way", "missing", "x"]),
            st.one_of(
                st.none(), st.booleans(), st.floats(), st.integers(), st.text(), st.lists(st.integers())
            ),
        ),
    )
    def test_whatever_a_browser_sends_there_is_an_answer(self, name, entry):
        reading = form.read(small_form(), {name: entry}, {name: [float("nan"), "x", None, True, []]})
        assert set(reading.changes) | set(reading.bad) <= {name}

    @pytest.mark.parametrize("code", ["impossible", "unknown_category", "wrong_type"])
    def test_what_the_model_refuses_is_told_at_its_field(self, code):
        told = form.refused(small_form(), [Fault("AMT_CREDIT", code, -1.0, [1, 2])])
        assert "Montant du crédit" in told["AMT_CREDIT"]


class TestOnScreen:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_first_items_are_shown_by_theme_and_the_rest_on_demand(self, lang):
        shown = form.section(small_form(lang))
        assert len(find(shown, lambda part: _part(part) == "simulation-points")) == 2
        assert [b.id["theme"] for b in find(shown, lambda part: _part(part) == "simulation-more")] == ["work"]
        assert "(3)" in plain(shown)

    def test_every_field_has_a_name(self):
        shown = form.section(small_form())
        for label in of_kind(shown, "Label"):
            assert plain(label).strip()
        assert len(of_kind(shown, "Label")) == len(find(shown, lambda p: _part(p) == "simulation-try"))

    def test_what_is_not_provided_says_so_and_shuts_its_field(self):
        shown = form.theme_rows(small_form(EXT_SOURCE_1=None), "external", ["EXT_SOURCE_1"])
        (field,) = find(shown, lambda part: _part(part) == "simulation-try")
        (box,) = find(shown, lambda part: _part(part) == "simulation-missing")
        assert field.disabled
        assert box.value is True
        assert "non fourni" in plain(shown)

    def test_a_blank_file_has_open_fields_and_no_boxes(self):
        shown = form.theme_rows(small_form(client="", EXT_SOURCE_1=None), "external", ["EXT_SOURCE_1"])
        (field,) = find(shown, lambda part: _part(part) == "simulation-try")
        assert not field.disabled
        assert not find(shown, lambda part: _part(part) == "simulation-missing")

    def test_a_history_that_was_not_collected_is_said_not_to_be_offered(self):
        assert "Les relevés de carte de crédit n'ont pas été réunis." in plain(form.section(small_form()))

    def test_categories_stand_in_the_readers_words(self):
        shown = form.theme_rows(small_form(NAME_INCOME_TYPE="Working"), "work", ["NAME_INCOME_TYPE"])
        (chosen,) = find(shown, lambda part: _part(part) == "simulation-try")
        assert {"label": "emploi salarié", "value": "Working"} in chosen.options


def _part(component):
    ident = getattr(component, "id", None)
    return ident.get("part") if isinstance(ident, dict) else None
