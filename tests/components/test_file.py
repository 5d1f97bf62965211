from dataclasses import replace

import pytest

from components import checks, facts, history
from components.i18n import LANGUAGES
from model.results import Warning
from tests.seen import attribute, by_class, of_kind, plain

RECORD = {
    "AMT_CREDIT": 406597.5,
    "CREDIT_ANNUITY": 16.46,
    "AMT_ANNUITY": 24700.5,
    "NAME_CONTRACT_TYPE": "Cash loans",
}


class TestFacts:
    def test_the_strip_says_who_and_what(self, portfolio):
        said = plain(facts.strip(portfolio, "100002", RECORD, "fr"))
        assert "Dossier 100002" in said
        assert "Demande406 598 sur 16 mois environ" in said
        assert "Revenu déclarénon fourni" in said

    def test_without_a_currency_amounts_say_their_unit(self, portfolio):
        assert "Montants en unités du dossier" in plain(facts.strip(portfolio, "1", RECORD, "fr"))

    def test_a_composed_fact_lives_without_one_of_its_parts(self, portfolio):
        assert plain(facts.pair(portfolio, "request", {"AMT_CREDIT": 5000.0}, "fr")[1]) == "5 000"
        assert facts.pair(portfolio, "request", {}, "en") == ("Request", "not provided")

    def test_what_is_missing_is_marked(self, portfolio):
        shown = facts.pairs(portfolio, ["OCCUPATION_TYPE"], {}, "fr")
        assert [plain(part) for part in by_class(shown, "absent")] == ["non fourni"]

    def test_a_line_is_short_enough_for_a_list(self, portfolio):
        assert plain(
            facts.line(portfolio, ["request", "NAME_CONTRACT_TYPE"], {"AMT_CREDIT": 5000.0}, "fr")
        ) == ("5 000, non fourni")

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_fact_that_the_portfolio_lists_can_be_told(self, portfolio, lang):
        for entries in portfolio.settings["facts"].values():
            for entry in entries:
                assert all(facts.pair(portfolio, entry, {}, lang))


class TestChecks:
    def test_a_warning_is_a_fact_then_its_consequence(self, portfolio, refused):
        section = checks.section(portfolio, refused, refused.record, "fr")
        (note,) = by_class(section, "warn")
        assert (
            plain(note)
            == "La note de l'organisme A n'est pas fournie. L'avis s'appuie sur les autres informations."
        )

    def test_nothing_to_check_is_said(self, portfolio, refused):
        section = checks.section(portfolio, replace(refused, warnings=()), refused.record, "fr")
        assert not by_class(section, "warn")
        assert "Les informations importantes sont fournies" in plain(section)

    def test_many_warnings_fold_after_the_first(self, portfolio, refused):
        many = tuple(
            Warning("AMT_CREDIT", "out_of_range", 1.0 + n, {"low": 2.0, "high": 3.0}) for n in range(7)
        )
        section = checks.section(portfolio, replace(refused, warnings=many), refused.record, "fr")
        (folded,) = of_kind(section, "Details")
        assert plain(folded).startswith("3 autres points à vérifier")

    @pytest.mark.parametrize("name", ["CODE_GENDER", "DAYS_BIRTH", "NAME_FAMILY_STATUS"])
    def test_protected_facts_are_never_listed(self, portfolio, name):
        listed = [entry for entries in portfolio.settings["facts"].values() for entry in entries]
        assert name not in listed


TABLES = ("bureau", "previous_application", "installments_payments", "credit_card_balance")


class TestHistory:
    def test_each_table_opens_on_demand(self, portfolio):
        section = history.section(portfolio, "100002", {}, TABLES, "fr")
        assert [plain(s) for s in of_kind(section, "Summary")] == [
            "Crédits ailleurs",
            "Demandes précédentes",
            "Échéances",
            "Carte de crédit, mois par mois",
        ]
        assert not of_kind(section, "Table")

    def test_what_was_not_collected_is_said_instead(self, portfolio):
        section = history.section(portfolio, "1", {"covered_bureau": False}, TABLES[:2], "fr")
        shut = [plain(part) for part in by_class(section, "shut")]
        assert shut[0] == "Crédits ailleursLes crédits souscrits ailleurs n'ont pas été recherchés."
        assert shut[1:] == [
            "ÉchéancesCes informations n'ont pas été réunies.",
            "Carte de crédit, mois par moisCes informations n'ont pas été réunies.",
        ]

    def test_a_table_without_rows_says_so(self, portfolio):
        assert (
            plain(history.rows(portfolio, "bureau", [], "fr"))
            == "Aucune ligne : rien n'est connu à ce titre."
        )

    def test_rows_are_told_in_words(self, portfolio):
        row = {
            "CREDIT_TYPE": "Consumer credit",
            "CREDIT_ACTIVE": "Active",
            "DAYS_CREDIT": -400,
            "DAYS_CREDIT_ENDDATE": None,
            "AMT_CREDIT_SUM": 120735.0,
            "AMT_CREDIT_SUM_DEBT": 0.0,
            "CREDIT_DAY_OVERDUE": 0,
        }
        said = plain(history.rows(portfolio, "bureau", [row], "fr"))
        assert "crédit à la consommation" in said
        assert "il y a 1 an et 1 mois" in said
        assert "non fourni" in said
        assert "120 735" in said

    def test_a_payment_is_told_against_its_date(self, portfolio):
        row = {"NUM_INSTALMENT_NUMBER": 3, "DAYS_INSTALMENT": -60.0, "DAYS_ENTRY_PAYMENT": -55.0}
        shown = history.rows(portfolio, "installments_payments", [row], "fr")
        assert "5 jours de retard" in plain(shown)

    def test_the_source_s_way_to_say_unknown_is_not_a_date(self, portfolio):
        row = {"NAME_CONTRACT_TYPE": "Cash loans", "DAYS_DECISION": -30, "DAYS_TERMINATION": 365243.0}
        assert "1000" not in plain(history.rows(portfolio, "previous_application", [row], "fr"))

    def test_older_rows_fold_and_a_full_page_says_there_may_be_more(self, portfolio):
        found = [{"DAYS_CREDIT": -10 - n} for n in range(history.LIMIT)]
        shown = history.rows(portfolio, "bureau", found, "fr")
        (folded,) = of_kind(shown, "Details")
        assert len(of_kind(folded, "Tr")) == history.LIMIT - history.FIRST_ROWS + 1
        assert "Les 200 lignes les plus récentes" in plain(shown)

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_table_and_column_that_is_shown_has_words(self, portfolio, lang):
        words = portfolio.words(lang)
        for entry in portfolio.settings["history"]:
            assert entry["table"] in words["tables"]
            for column in entry["columns"]:
                assert column[0] in words["table_columns"][entry["table"]]

    def test_scrolling_tables_can_be_reached_by_keyboard(self, portfolio):
        (region,) = by_class(history.rows(portfolio, "bureau", [{"DAYS_CREDIT": -10}], "fr"), "wide")
        assert region.tabIndex == 0
        assert attribute(region, "aria-label") == "Crédits ailleurs"
