"""Loans with other lenders, as the credit bureau reports them, and their months."""

import numpy as np

from data.demo import normal
from data.demo.rows import choose, spread
from data.demo.writer import words

_TYPES = ["Consumer credit", "Credit card", "Car loan", "Mortgage", "Microloan"]
_TYPE_SHARES = np.array([0.73, 0.235, 0.016, 0.0105, 0.0085])
_SIZE = np.log(np.array([110_000.0, 90_000.0, 500_000.0, 1_300_000.0, 20_000.0]))
_TERM = np.array([540.0, 1400.0, 1700.0, 5000.0, 200.0])


def loans(latents: dict[str, np.ndarray], rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the parent of each loan and its columns, keys apart."""
    chance = normal.area(latents["bureau_count"])
    counts = np.where(chance < 0.142, 0, np.round(np.exp(1.42 + 0.85 * normal.score(chance))).clip(1, 110))
    parent, _ = spread(counts)
    size = len(parent)
    kind = choose(_TYPE_SHARES, rng, size)
    opened = -np.round(2922 * rng.beta(1.1, 1.6 + 0.4 * (latents["seek"][parent] + 2.5).clip(0.2), size)).clip(1)
    amount = np.exp(_SIZE[kind] + 0.9 * rng.normal(size=size) + 0.3 * latents["bureau_size"][parent])
    amount = np.round(amount / 450) * 450
    planned = opened + np.round(_TERM[kind] * np.exp(0.5 * rng.normal(size=size)))
    closed = np.where(rng.random(size) < 0.5, planned, opened + np.round((planned - opened) * rng.random(size)))
    ended = closed < 0
    burden = normal.area(0.6 * latents["debt"][parent] + 0.8 * rng.normal(size=size))
    left = ((planned.clip(0)) / (planned - opened).clip(1)).clip(0, 1) ** 0.8
    debt = np.where(ended, 0.0, np.round(amount * (left * 0.5 + burden * 0.5), 2))
    late = ~ended & (rng.random(size) < 0.004 * np.exp(0.9 * latents["late"][parent]))
    card = _TYPES.index("Credit card")
    overdue_days = np.where(late, rng.integers(1, 200, size), 0)
    return parent, {
        "CREDIT_ACTIVE": words(["Active", "Closed"], ended.astype(int)),
        "CREDIT_CURRENCY": words(["currency 1"], np.zeros(size, dtype=int)),
        "DAYS_CREDIT": opened,
        "CREDIT_DAY_OVERDUE": overdue_days,
        "DAYS_CREDIT_ENDDATE": np.where((kind == card) & (rng.random(size) < 0.2), np.nan, planned),
        "DAYS_ENDDATE_FACT": np.where(ended, closed, np.nan),
        "AMT_CREDIT_MAX_OVERDUE": np.where(rng.random(size) < 0.65, np.nan, 0.0),
        "CNT_CREDIT_PROLONG": (rng.random(size) < 0.005).astype(int),
        "AMT_CREDIT_SUM": amount,
        "AMT_CREDIT_SUM_DEBT": np.where(rng.random(size) < 0.15, np.nan, debt),
        "AMT_CREDIT_SUM_LIMIT": np.where(kind == card, np.round((amount - debt).clip(0), 2), 0.0),
        "AMT_CREDIT_SUM_OVERDUE": np.where(late, np.round(debt * 0.05, 2), 0.0),
        "CREDIT_TYPE": words(_TYPES, kind),
        "DAYS_CREDIT_UPDATE": np.where(ended, closed, -rng.integers(1, 60, size)),
        "AMT_ANNUITY": np.where(rng.random(size) < 0.6, np.nan, np.round(debt * 0.06 / 4.5) * 4.5),
        "_end": np.where(ended, closed, 0),
    }


def months(
    loan: dict[str, np.ndarray], late: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the loan of each reported month and the month's columns; ``late`` is by loan."""
    covered = rng.random(len(late)) < 0.46
    first = np.where(covered, np.ceil(loan["DAYS_CREDIT"] / 30.4), 0).astype(int)
    parent, place = spread(-first)
    month = -place
    closed = month > loan["_end"][parent] / 30.4
    chance = 0.012 * np.exp(0.9 * late[parent])
    codes = np.where(rng.random(len(parent)) < chance, 1, 0)
    codes = np.where(rng.random(len(parent)) < 0.2, 2, codes)
    codes = np.where(closed & (loan["_end"][parent] < 0), 3, codes)
    return parent, {"MONTHS_BALANCE": month, "STATUS": words(["0", "1", "X", "C"], codes)}
