"""Flat files of made-up clients, and the command that makes portfolios of them, for the tests."""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from data import portfolios
from data.__main__ import app
from data.portfolios import Portfolio

LINES = 120


def people(lines: int = LINES, seed: int = 7) -> list[list]:
    """Return a header and clients whose outcome depends on their income, in plain values."""
    drawn = random.Random(seed)
    rows: list[list] = [["id", "income", "town", "age", "paid"]]
    for line in range(lines):
        income = round(drawn.uniform(800, 6000), 2)
        paid = "yes" if income + drawn.gauss(0, 1500) > 2500 else "no"
        rows.append(
            [line + 1000, income, drawn.choice(["Lyon", "Nice", "Lille"]), drawn.randint(20, 70), paid]
        )
    return rows


def write(path: Path, rows: Sequence[Sequence], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Write rows as CSV; return the path."""
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows(rows)
    return path


def with_column(rows: Sequence[Sequence], name: str, values) -> list[list]:
    """Return rows with one more column: ``values`` gives that of each line, from 0."""
    return [[*row, name if not place else values(place - 1)] for place, row in enumerate(rows)]


@dataclass
class Maker:
    """Runs ``new-portfolio`` on a store and a folder of portfolios of its own."""

    folder: Path

    def __call__(self, file: Path | Sequence[Sequence], *options: object, name: str = "mine"):
        if not isinstance(file, Path):
            file = write(self.folder / "people.csv", file)
        usual = {"--target": "paid", "--positive": "no"}
        words = ["new-portfolio", name, "--from", file, *options]
        for option, value in usual.items():
            words += () if option in options else (option, value)
        return CliRunner().invoke(app, [str(word) for word in words])

    def refusal(self, file: Path | Sequence[Sequence], *options: object) -> str:
        """Return the lines of a refusal, after which nothing may be left."""
        done = self(file, *options)
        assert done.exit_code == 2, done.output
        assert self.is_clean()
        return done.stderr

    def is_clean(self) -> bool:
        """Whether neither a folder nor a bank was left behind."""
        left = [path for place in ("portfolios", "store/banks") for path in (self.folder / place).glob("*")]
        return not left

    def made(self, name: str = "mine") -> Portfolio:
        """Return the portfolio that was made."""
        return portfolios.load(name)
