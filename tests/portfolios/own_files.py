"""Flat files such as anyone has, drawn at random, and the portfolios that one command makes of them."""

import csv
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

import config
from data import portfolios
from data.new_portfolio import Asked, make
from model.train import train

PLACES = [f"Ville n° {number:02d}" for number in range(1, 61)]


def loans(folder: Path, rows: int = 600) -> Asked:
    """Semicolons, decimal commas, ids with blanks and slashes, a category of 60 values, bad news."""
    draw = random.Random(11)
    head = [
        "N° de dossier",
        "Age",
        "Ville",
        "Logement",
        "Revenu mensuel",
        "Retard passé",
        "Ancienneté (mois)",
    ]
    lines = []
    for number in range(rows):
        late, home = draw.random() < 0.3, draw.choice(["propriétaire", "locataire", "hébergé"])
        income, months = draw.gauss(2_400, 600), draw.randrange(240)
        risk = 0.1 + 0.4 * late + 0.2 * (home == "hébergé") - (income - 2_400) / 6_000
        lines.append(
            [
                f"A{number % 7} {number:04d}/é",
                str(draw.randrange(18, 80)),
                draw.choice(PLACES),
                home,
                "" if draw.random() < 0.05 else f"{income:.2f}".replace(".", ","),
                "oui" if late else "non",
                str(months),
                "impayé" if draw.random() < risk else "payé",
            ]
        )
    file = _written(folder / "prets.csv", [*head, "Issue"], lines, ";")
    return Asked("prets", file, "Issue", "impayé", id_column=head[0], false_negative=5, name_fr="Prêts")


def answers(folder: Path, rows: int = 500) -> Asked:
    """Categories alone, nothing protected, lines that name nobody, good news."""
    draw = random.Random(12)
    lines = []
    for _ in range(rows):
        channel, day = draw.choice(["phone", "mail", "shop"]), draw.choice(["mon", "tue", "wed", "thu"])
        known = draw.choice(["new", "known", ""])
        likely = 0.2 + 0.4 * (channel == "shop") + 0.2 * (known == "known")
        lines.append([channel, day, known, "yes" if draw.random() < likely else "no"])
    file = _written(folder / "answers.csv", ["contact.channel", "day_of_week", "Standing", "y"], lines, ",")
    return Asked("answers", file, "y", "yes", is_good=True)


def _written(path: Path, head: Sequence[str], lines: Sequence[Sequence[str]], delimiter: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows([head, *lines])
    return path


def made(*asked: Asked) -> None:
    """Make portfolios and train them, in the store and the folder of portfolios in force."""
    for one in asked:
        list(make(one))
        train(one.name)


def use(patch: pytest.MonkeyPatch, store: Path) -> None:
    """Point this process at a store, and at the folder of portfolios beside it."""
    patch.setenv("STORE_DIR", str(store))
    patch.setenv("PORTFOLIOS_DIR", str(store / "portfolios"))
    config.settings.cache_clear()
    portfolios.forget()
