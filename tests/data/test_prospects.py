"""Exports of a real CRM come in by the same load as the demo."""

import csv
import logging

import duckdb
import polars as pl
import pytest

from data import demo, portfolios
from data.bank import Bank
from data.features import applicant
from data.load import LoadError, load_folder

HEADER = (
    "IDPAL;IDKPEP;ACCEPTEE;OFFRE;DATE_NAISSANCE;DATE_PROPOSITION;SEXE;CIVILITE;SITUATION_FAMILIALE;DEPARTEMENT;"
    "CANAL_ORIGINE;ORIGINE;GAMME_PROPOSITION;NOIDE;STATUT_ASSURE_RO;STATUT_ASSURE_RC"
)
GOOD = (
    "1;10;1;K00034;04/07/1988;03/07/2018;F;MME;MARIE;75;FACE A FACE;AGENCE;SANTE PREVOYANCE;;1;0",
    "2;10;0;;04/07/1988;04/07/2019;F;MME;MARIE;75;FACE A FACE;AGENCE;SANTE PREVOYANCE;;0;0",
    "3;11;1;K00007;1951-01-31;2021-10-05;M;M;VEUF;1;COURRIER;CAMPAGNE;OBSÈQUES;44;0;0",
    "4;12;;;15/08/1999;15/09/2021;M;M;CELIBATAIRE;2A;INTERNET;SITE INTERNET;SANTE ETUDIANTS;;0;1",
)
ASIDE = (
    "5;13;0;;04/07/1988;04/07/2019;;MME;MARIE;75;FACE A FACE;AGENCE;SANTE PREVOYANCE;;0;0",
    "6;13;0;;04/07/1988;04/07/2019;F;MME;;75;FACE A FACE;AGENCE;SANTE PREVOYANCE;;0;0",
    "7;14;0;;;04/07/2019;F;MME;MARIE;75;FACE A FACE;AGENCE;SANTE PREVOYANCE;;0;0",
    "8;14;0;;01/01/1890;04/07/2019;F;MME;MARIE;75;FACE A FACE;AGENCE;SANTE PREVOYANCE;;0;0",
    "9;14;0;;01/01/2010;04/07/2019;F;MME;MARIE;75;FACE A FACE;AGENCE;SANTE PREVOYANCE;;0;0",
    "10;15;0;;04/07/1988;04/07/2020;F;MME;MARIE;75;FACE A FACE;AGENCE;SANTE PREVOYANCE;;0;0",
)


@pytest.fixture
def portfolio():
    return portfolios.load("prospects")


@pytest.fixture
def place(tmp_path):
    return tmp_path / "store" / "prospects.duckdb"


@pytest.fixture
def load(portfolio, place, tmp_path):
    """Write the lines of an export and load it; return its frame."""

    def loaded(*lines, header=HEADER, encoding="cp1252"):
        path = tmp_path / "export CRM.csv"
        path.write_bytes("\r\n".join((header, *lines, "")).encode(encoding))
        load_folder(portfolio, path, place, progress=False)
        bank = Bank(portfolio, place)
        frame = bank.frame()
        bank.close()
        return frame

    return loaded


def told(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


class TestAFlatExport:
    def test_comes_in_with_what_its_days_and_codes_make(self, load):
        frame = load(*GOOD)
        assert frame["IDPAL"].to_list() == [1, 2, 3, 4]
        assert frame["AGE"].to_list() == [29, 31, 70, 22]
        assert frame["MOIS"].to_list() == [7, 7, 10, 9]
        assert frame["ANNEE"].to_list() == [2018, 2019, 2021, 2021]
        assert frame["ADHERENT"].to_list() == ["ADHERENT", "NON ADHERENT", "ANCIEN ADHERENT", "ADHERENT"]
        assert frame["ACCEPTEE"].to_list() == [1, 0, 1, None]
        assert frame["GAMME_PROPOSITION"][2] == "OBSÈQUES"

    def test_makes_the_prospects_and_offers_that_it_has_no_file_for(self, load, place):
        load(*GOOD)
        with duckdb.connect(str(place), read_only=True) as connection:
            assert connection.execute("SELECT IDKPEP FROM prospect ORDER BY 1").fetchall() == [
                (10,),
                (11,),
                (12,),
            ]
            offers = connection.execute("FROM offer ORDER BY 1").fetchall()
        assert offers == [("K00007", "OBSÈQUES", None), ("K00034", "SANTE PREVOYANCE", None)]

    def test_puts_an_offer_in_the_range_that_it_is_mostly_taken_in(self, load, place):
        elsewhere = GOOD[0].replace("SANTE PREVOYANCE", "EPARGNE")
        more = [GOOD[0].replace("1;10", f"{number};10", 1) for number in (21, 22)]
        load(elsewhere, *more)
        with duckdb.connect(str(place), read_only=True) as connection:
            assert connection.execute("SELECT GAMME FROM offer").fetchall() == [("SANTE PREVOYANCE",)]

    def test_keeps_the_day_of_birth_nowhere(self, load, place):
        load(*GOOD)
        with duckdb.connect(str(place), read_only=True) as connection:
            names = {
                name for (name,) in connection.execute("SELECT column_name FROM duckdb_columns()").fetchall()
            }
        assert not {"DATE_NAISSANCE", "NOIDE"} & names

    def test_is_taken_at_its_word_when_it_tells_the_age_itself(self, load):
        header = HEADER.replace("DATE_NAISSANCE", "AGE")
        frame = load(GOOD[0].replace("04/07/1988", "41"), header=header)
        assert frame["AGE"].to_list() == [41]

    def test_of_proposals_not_answered_yet_needs_neither_answers_nor_offers(self, load):
        header = HEADER.replace("ACCEPTEE;OFFRE;", "")
        frame = load(GOOD[3].replace(";;;", ";", 1), header=header)
        assert frame["ACCEPTEE"].to_list() == [None]
        assert frame["OFFRE"].to_list() == [None]


class TestRowsSetAside:
    def test_are_counted_and_told_by_reason(self, load, caplog):
        assert load(*GOOD, *ASIDE)["IDPAL"].to_list() == [1, 2, 3, 4]
        assert told(caplog) == [
            "proposal: 6 rows of 10 are set aside: 2 with AGE outside 18 to 100, 1 with ANNEE 2020, "
            "1 without AGE, 1 without SEXE, 1 without SITUATION_FAMILIALE"
        ]

    def test_leave_no_prospect_behind(self, load, place):
        load(*GOOD, *ASIDE)
        with duckdb.connect(str(place), read_only=True) as connection:
            assert connection.execute("SELECT max(IDKPEP) FROM prospect").fetchone() == (12,)

    def test_say_nothing_where_there_are_none(self, load, caplog):
        load(*GOOD)
        assert told(caplog) == []


class TestFaults:
    def faults(self, load, *lines, **options):
        with pytest.raises(LoadError) as caught:
            load(*lines, **options)
        return list(caught.value.faults)

    def test_a_day_that_is_none_is_told_with_its_line(self, load):
        lines = (GOOD[0], GOOD[1].replace("04/07/1988", "31/02/1988"))
        (fault,) = self.faults(load, *lines, *ASIDE)
        assert fault == (
            "export CRM.csv line 3: DATE_NAISSANCE is '31/02/1988', "
            "a day like 31/12/2021 or 2021-12-31 is expected (1 such row)"
        )

    def test_a_column_that_nothing_makes_is_told_with_what_would(self, load):
        (fault,) = self.faults(load, *GOOD, header=HEADER.replace("DATE_NAISSANCE", "NE_LE"))
        assert fault == (
            "export CRM.csv: column AGE (or DATE_NAISSANCE and DATE_PROPOSITION) missing; add what is missing"
        )

    def test_a_number_given_twice_is_told_in_spite_of_rows_set_aside(self, load):
        (fault,) = self.faults(load, GOOD[0], GOOD[0], *ASIDE)
        assert fault.startswith("proposal: repeated IDPAL (1, for example 1)")

    def test_a_prospect_of_no_number_is_told(self, load):
        (fault,) = self.faults(load, GOOD[0].replace("1;10;", "1;;", 1))
        assert "line 2: IDKPEP is empty" in fault


class TestTables:
    def test_of_the_demo_come_in_from_csv_as_from_parquet(self, portfolio, place, tmp_path):
        folders = {kind: tmp_path / kind for kind in ("parquet", "csv")}
        demo.generate("prospects", folders["parquet"], 200, 1)
        folders["csv"].mkdir()
        for path in folders["parquet"].iterdir():
            rows = pl.read_parquet(path)
            with (folders["csv"] / f"{path.stem}.csv").open("w", encoding="utf-8", newline="") as out:
                csv.writer(out, delimiter=";").writerows([rows.columns, *rows.rows()])
        prints = [
            load_folder(portfolio, folder, place, progress=False).fingerprint for folder in folders.values()
        ]
        assert prints[0] == prints[1]

    def test_an_offer_that_no_file_of_offers_has_is_an_orphan(self, portfolio, place, tmp_path):
        demo.generate("prospects", tmp_path / "files", 200, 1)
        path = tmp_path / "files" / "offer.parquet"
        offers = pl.read_parquet(path)
        offers.filter(pl.col("OFFRE") != "K00034").write_parquet(path)
        with pytest.raises(LoadError, match="orphan rows, whose OFFRE offer does not have"):
            load_folder(portfolio, tmp_path / "files", place, progress=False)


class TestRegions:
    @pytest.mark.parametrize(
        ("department", "region"),
        [
            ("75", "ILE-DE-FRANCE"),
            ("1", "AUVERGNE-RHONE-ALPES"),
            ("01", "AUVERGNE-RHONE-ALPES"),
            ("2A", "CORSE"),
            ("20", "CORSE"),
            ("974", "LA REUNION"),
            ("00", None),
            (None, None),
        ],
    )
    def test_are_known_of_departments_however_written(self, portfolio, department, region):
        frame = pl.DataFrame({"DEPARTEMENT": [department]}, schema={"DEPARTEMENT": pl.String})
        assert applicant(portfolio, frame)["REGION"].to_list() == [region]
