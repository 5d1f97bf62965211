"""A made-up portfolio of four small tables, as the texts and rows of its files."""

import csv
from pathlib import Path

from data import portfolios

SCHEMA = """
CREATE TABLE client (
    id BIGINT PRIMARY KEY,
    bad BIGINT CHECK (bad IN (0, 1)),
    income DOUBLE CHECK (income > 0),
    town VARCHAR,
    children BIGINT NOT NULL,
    days_employed BIGINT CHECK (days_employed <= 0 OR days_employed = 365243)
);
CREATE TABLE loan (
    loan_id BIGINT PRIMARY KEY,
    id BIGINT NOT NULL REFERENCES client (id),
    opened BIGINT CHECK (opened <= 0)
);
CREATE TABLE loan_month (
    loan_id BIGINT REFERENCES loan (loan_id),
    month BIGINT,
    status VARCHAR,
    PRIMARY KEY (loan_id, month)
);
CREATE TABLE card (id BIGINT NOT NULL REFERENCES client (id), month BIGINT, balance DOUBLE);
CREATE TABLE dictionary (name VARCHAR PRIMARY KEY, meaning VARCHAR);
"""
SETTINGS = """
id = "corner_bank"
main_table = "client"
id_column = "id"
target = "bad"
positive = 1
[families.loans]
tables = ["loan", "loan_month"]
[families.cards]
tables = ["card"]
[tables.client]
labelled = "client_train"
unlabelled = "client_test"
[tables.loan]
newest = "opened"
[tables.loan_month]
newest = "month"
orphans = "set aside"
[tables.dictionary]
file = "words of the publisher"
encoding = "cp1252"
columns = { name = "Row", meaning = "Description" }
"""
COLUMNS = (
    "name,kind,role,source,family,theme,unit,decimals,low,high,monotone,actionable,step,limit_low,"
    "limit_high,told_by,label_fr,label_en\n"
    "LOANS,number,input,loans,loans,elsewhere,,0,0,,0,0,,,,,Crédits,Loans\n"
)
FEATURES = """
import narwhals as nw

def history(tables):
    counts = tables["loan"].with_columns(one=nw.lit(1.0)).group_by("id").agg(LOANS=nw.col("one").sum())
    clients = tables["clients"].join(counts, on="id", how="left")
    return clients.with_columns(LOANS=nw.when(nw.col("loan")).then(nw.col("LOANS").fill_null(0.0)))
"""
TABLES = {
    "client_train": [
        ["id", "bad", "income", "town", "children", "days_employed"],
        [11, 0, 2100.5, "Lyon", 0, -400],
        [2, 1, 1500.0, "Saint-Malo, Bretagne", 2, 365243],
        [103, 0, "", "", 1, -3],
        [30, 0, 990.25, 'L"Isle', 0, -4000],
    ],
    "client_test": [["id", "income", "town", "children", "days_employed"], [10, 700.0, "Lyon", 3, -10]],
    "loan": [["loan_id", "id", "opened"], [7, 2, -30], [5, 2, -900], [6, 11, -5], [8, 2, -1]],
    "loan_month": [["loan_id", "month", "status"], [7, -1, "0"], [7, -2, "C"], [5, -3, "1"], [6, 0, "X"]],
    "card": [["id", "month", "balance"], [11, -1, 20.5], [11, -1, 20.5], [11, 0, "NaN"]],
}


def write_csv(path: Path, rows: list[list]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def make_portfolio(folder: Path) -> portfolios.Portfolio:
    """Write the portfolio's folder and read it."""
    folder.mkdir()
    texts = {
        "schema.sql": SCHEMA,
        "portfolio.toml": SETTINGS,
        "columns.csv": COLUMNS,
        "features.py": FEATURES,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return portfolios.read(folder)


def make_files(folder: Path) -> Path:
    """Write the CSV files of its clients, loans and cards."""
    folder.mkdir()
    for name, rows in TABLES.items():
        write_csv(folder / f"{name}.csv", rows)
    return folder
