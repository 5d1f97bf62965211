"""The CRM that is drawn: its keys, its seeds, and the bank that it becomes."""

import polars as pl
import pytest

from data import demo, portfolios
from data.bank import Bank
from data.demo import profile
from data.load import load_folder
from data.portfolios.prospects.demo import codes
from data.portfolios.prospects.demo.bank import SCHEMAS
from data.portfolios.prospects.features import REGIONS
from data.schema import schema_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("prospects")
    demo.generate("prospects", place, 3_000, 2)
    return place


@pytest.fixture(scope="module")
def bank(folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "prospects.duckdb"
    load_folder(portfolios.load("prospects"), folder, path, synthetic=True, progress=False)
    opened = Bank(portfolios.load("prospects"), path)
    yield opened
    opened.close()


class TestDrawnTables:
    def test_have_the_columns_of_the_portfolio(self):
        tables = schema_of(portfolios.load("prospects")).tables
        assert {name: set(table.columns) for name, table in tables.items()} == {
            name: set(columns) for name, columns in SCHEMAS.items()
        }

    def test_are_the_same_for_the_same_seed_and_others_for_another(self, tmp_path):
        for name, seed in (("one", 3), ("again", 3), ("other", 4)):
            demo.generate("prospects", tmp_path / name, 60, seed)
        one, again, other = (
            pl.read_parquet(tmp_path / name / "proposal.parquet") for name in ("one", "again", "other")
        )
        assert one.equals(again)
        assert not one.equals(other)

    def test_hold_as_many_proposals_as_asked_even_few(self, tmp_path):
        demo.generate("prospects", tmp_path, demo.FEWEST_CLIENTS, 1)
        assert len(pl.read_parquet(tmp_path / "proposal.parquet")) == demo.FEWEST_CLIENTS

    def test_propose_to_some_prospects_again_but_never_twice_a_year(self, folder):
        proposals = pl.read_parquet(folder / "proposal.parquet")
        each = proposals.group_by("IDKPEP").agg(pl.len(), pl.col("ANNEE").n_unique().alias("years"))
        assert (each["len"] == each["years"]).all()
        assert 1.2 < each["len"].mean() < 1.5

    def test_let_prospects_grow_old_and_change_in_nothing_else(self, folder):
        proposals = pl.read_parquet(folder / "proposal.parquet")
        each = proposals.group_by("IDKPEP").agg(
            (pl.col("AGE") - pl.col("ANNEE")).n_unique().alias("born"),
            pl.col("SEXE", "DEPARTEMENT", "SITUATION_FAMILIALE").n_unique(),
        )
        assert each.select(pl.exclude("IDKPEP").max()).row(0) == (1, 1, 1, 1)

    def test_call_members_those_covered_here(self, folder):
        proposals = pl.read_parquet(folder / "proposal.parquet")
        covered = (pl.col("STATUT_ASSURE_RO") == 1) | (pl.col("STATUT_ASSURE_RC") == 1)
        assert proposals.select((covered == (pl.col("ADHERENT") == codes.MEMBER)).all()).item()
        assert set(proposals["ADHERENT"]) == {codes.MEMBER, codes.FORMER, codes.NO_MEMBER}


class TestProfile:
    def test_has_no_rows_to_be_measured_on(self, tmp_path):
        assert profile.main([str(tmp_path), str(tmp_path / "out.json.gz"), "--portfolio", "prospects"]) == 2
        assert not list(tmp_path.iterdir())


class TestCodes:
    def test_shares_of_each_kind_make_one(self):
        for shares in (codes.RANGES, codes.CHANNELS, codes.ORIGINS, codes.FAMILY):
            assert sum(shares.values()) == pytest.approx(1)

    def test_departments_are_those_of_the_regions(self):
        assert set(codes.departments()) == {code for region in REGIONS.values() for code in region}
        assert len(codes.departments()) == 101

    def test_offers_are_told_apart_by_code(self):
        offers = [offer for some in codes.offers().values() for offer in some]
        assert len(set(offers)) == len(offers) == 100
        assert codes.offers()[codes.SANTE_PREVOYANCE][:3] == codes.NAMED


class TestBank:
    def test_holds_everything_that_was_drawn(self, bank):
        assert (bank.meta.clients, bank.meta.labelled, bank.meta.synthetic) == (3_000, 3_000, True)
        assert bank.meta.tables == ()

    def test_gives_one_proposal_as_the_whole_frame_does(self, bank):
        frame = bank.frame()
        for place in (0, 1_234, 2_999):
            row = frame.row(place, named=True)
            client_id = str(row.pop("IDPAL"))
            assert bank.outcome(client_id) == row.pop("ACCEPTEE")
            record = bank.record(client_id)
            assert {name: record[name] for name in row} == row

    def test_finds_proposals_by_their_number(self, bank):
        found, total = bank.search("500000")
        assert total == 9
        assert found[0] == "5000001"
