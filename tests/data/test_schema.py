"""What schema.sql says, how it is read, and the diagram drawn from it."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from data import diagram, portfolios, schema
from data.schema import ForeignKey

ROOT = Path(__file__).parents[2]


@pytest.fixture
def corner(portfolio):
    return schema.schema_of(portfolio)


@pytest.fixture(scope="module")
def home_credit():
    return schema.schema_of(portfolios.load("home_credit"))


def test_tables_columns_keys_and_limits_are_read_back(corner):
    assert list(corner.tables) == ["client", "loan", "loan_month", "card", "dictionary"]
    month = corner.tables["loan_month"]
    assert month.columns == {"loan_id": "BIGINT", "month": "BIGINT", "status": "VARCHAR"}
    assert month.primary_key == ("loan_id", "month")
    assert month.foreign_keys == (ForeignKey("loan_id", "loan", "loan_id"),)
    assert corner.tables["client"].required == ("id", "children")
    assert len(corner.tables["client"].checks) == 3


def test_children_are_the_tables_with_a_way_to_the_client(corner):
    assert corner.children == ("loan", "loan_month", "card")
    assert [key.parent for key in corner.path("loan_month")] == ["loan", "client"]
    assert corner.path("dictionary") == ()


def test_a_main_table_that_is_not_there_is_named(tmp_path):
    (tmp_path / "schema.sql").write_text("CREATE TABLE a (id BIGINT)")
    with pytest.raises(ValueError, match=r"no table 'b', which portfolio\.toml names as main_table"):
        schema.read(tmp_path / "schema.sql", "b")


def test_a_type_that_is_neither_number_nor_text_is_named(tmp_path):
    (tmp_path / "schema.sql").write_text("CREATE TABLE a (id BIGINT, born DATE)")
    with pytest.raises(ValueError, match=r"a\.born is DATE; use one of"):
        schema.read(tmp_path / "schema.sql", "a")


@pytest.mark.parametrize("text", ["plain", "it's", 'a "b"', "", "\\", "';--"])
def test_names_and_values_are_spelt_so_that_sql_reads_them_back(text):
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT {schema.literal(text)}").fetchone() == (text,)
        if text:
            relation = connection.sql(f"SELECT 1 AS {schema.quoted(text)}")
            assert relation.columns == [text]


class TestHomeCredit:
    def test_has_the_eight_tables_with_applications_in_one(self, home_credit):
        assert list(home_credit.tables) == [
            "application",
            "bureau",
            "bureau_balance",
            "previous_application",
            "POS_CASH_balance",
            "credit_card_balance",
            "installments_payments",
            "column_dictionary",
        ]
        assert "CREATE VIEW application_train" in home_credit.sql
        assert "CREATE VIEW application_test" in home_credit.sql

    def test_every_child_table_leads_to_the_application(self, home_credit):
        assert len(home_credit.children) == 6
        assert all(home_credit.path(name)[-1].parent == "application" for name in home_credit.children)

    def test_columns_csv_describes_every_column_of_the_application(self, home_credit):
        portfolio = portfolios.load("home_credit")
        described = {c.name for c in portfolio.columns.values() if c.source == "application"}
        assert described == set(home_credit.tables["application"].columns)

    @pytest.mark.parametrize(
        ("values", "allowed"),
        [
            ("DAYS_EMPLOYED = 365243", True),
            ("DAYS_EMPLOYED = 12", False),
            ("REGION_RATING_CLIENT_W_CITY = -1", True),
            ("REGION_RATING_CLIENT_W_CITY = 0", False),
            ("CODE_GENDER = 'XNA'", True),
            ("EXT_SOURCE_1 = 1.01", False),
            ("DAYS_BIRTH = 5", False),
            ("TARGET = 2", False),
            ("TARGET = NULL", True),
            ("AMT_INCOME_TOTAL = NULL", False),
        ],
    )
    def test_keeps_published_codes_and_refuses_the_impossible(self, home_credit, values, allowed):
        with duckdb.connect() as connection:
            connection.execute(home_credit.sql)
            connection.execute(
                "INSERT INTO application BY NAME SELECT 1 AS SK_ID_CURR, 'Cash loans' AS NAME_CONTRACT_TYPE, "
                "1000 AS AMT_INCOME_TOTAL, 5000 AS AMT_CREDIT, -10000 AS DAYS_BIRTH"
            )
            if allowed:
                connection.execute(f"UPDATE application SET {values}")
            else:
                with pytest.raises(duckdb.ConstraintException):
                    connection.execute(f"UPDATE application SET {values}")

    def test_has_exactly_the_published_columns(self, home_credit, real_data):
        folders = ("sample", "deep")
        for folder in folders:
            for path in (real_data / "home_credit" / folder).glob("*.parquet"):
                table = "application" if path.stem.startswith("application_") else path.stem
                published = set(pl.scan_parquet(path).collect_schema().names())
                ours = set(home_credit.tables[table].columns)
                assert published == (ours - {"TARGET"} if path.stem == "application_test" else ours)


class TestDiagram:
    def test_shows_every_table_and_every_foreign_key(self, corner):
        drawn = diagram.draw(corner)
        assert drawn.startswith("erDiagram\n")
        assert '    client ||--o{ loan : "id"' in drawn
        assert '    loan ||--o{ loan_month : "loan_id"' in drawn
        assert "        BIGINT loan_id PK, FK\n        BIGINT month PK" in drawn

    def test_of_a_wide_table_shows_the_keys_and_how_many_more(self, home_credit):
        assert 'BIGINT SK_ID_CURR PK\n        etc and_others "121 more columns"' in diagram.draw(home_credit)

    @pytest.mark.parametrize("portfolio_id", ["home_credit", "prospects"])
    def test_in_the_documents_is_the_one_the_schema_gives(self, portfolio_id):
        shown = diagram.shown(ROOT / "docs" / "bank.md", portfolio_id)
        assert shown == diagram.draw(schema.schema_of(portfolios.load(portfolio_id))), (
            f"run: python -m data diagram {portfolio_id} --into docs/bank.md"
        )

    def test_is_renewed_in_its_place_and_nowhere_else(self, tmp_path, corner):
        page = tmp_path / "page.md"
        page.write_text("before\n<!-- diagram: corner_bank -->\n```mermaid\nold\n```\nafter\n")
        diagram.renew(page, "corner_bank", diagram.draw(corner))
        assert diagram.shown(page, "corner_bank") == diagram.draw(corner)
        assert page.read_text().startswith("before\n")
        assert page.read_text().endswith("```\nafter\n")

    def test_without_a_place_is_refused(self, tmp_path, corner):
        page = tmp_path / "page.md"
        page.write_text("nothing here\n")
        with pytest.raises(diagram.NoPlace, match="no line '<!-- diagram: corner_bank -->'"):
            diagram.renew(page, "corner_bank", diagram.draw(corner))
