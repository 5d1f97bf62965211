"""Months of the revolving cards: limit, drawings, payments and the balance they add up to."""

import numpy as np

from data.demo.rows import spread
from data.demo.writer import words


def months(
    loan: dict[str, np.ndarray], use: np.ndarray, late: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, dict]:
    """Return the card of each month and the month's columns; ``use`` and ``late`` are by card."""
    first = np.ceil(loan["DAYS_DECISION"] / 30.4).astype(int).clip(-96, 0)
    parent, place = spread(-first)
    month = first[parent] + place
    limit = loan["AMT_CREDIT"][parent]
    table = np.zeros((len(first), int((-first).max(initial=0))))
    balance, drawn, paid = table.copy(), table.copy(), table.copy()
    active = rng.random(len(first)) < 0.55
    for at in range(table.shape[1]):
        before = balance[:, at - 1] if at else 0.0
        wish = np.where(rng.random(len(first)) < 0.3, rng.exponential(0.25, len(first)) * np.exp(0.4 * use), 0.0)
        drawn[:, at] = np.round(np.minimum(wish * loan["AMT_CREDIT"], loan["AMT_CREDIT"] - before).clip(0) * active / 450) * 450
        paid[:, at] = np.round(np.minimum(before, np.maximum(0.06 * before, before * rng.random(len(first)) ** 3)), 2)
        balance[:, at] = np.round(before * 1.015 + drawn[:, at] - paid[:, at], 3)
    owed, atm, payment = balance[parent, place], drawn[parent, place], paid[parent, place]
    zero, size = np.zeros(len(parent)), len(parent)
    dpd = np.where((owed > 0) & (rng.random(size) < 0.03 * np.exp(0.8 * late[parent])), rng.integers(1, 30, size), 0)
    return parent, {
        "MONTHS_BALANCE": month, "AMT_BALANCE": owed, "AMT_CREDIT_LIMIT_ACTUAL": limit,
        "AMT_DRAWINGS_ATM_CURRENT": atm, "AMT_DRAWINGS_CURRENT": atm, "AMT_DRAWINGS_OTHER_CURRENT": zero,
        "AMT_DRAWINGS_POS_CURRENT": zero, "AMT_INST_MIN_REGULARITY": np.round(owed * 0.05, 3),
        "AMT_PAYMENT_CURRENT": payment, "AMT_PAYMENT_TOTAL_CURRENT": payment,
        "AMT_RECEIVABLE_PRINCIPAL": np.round(owed * 0.96, 3), "AMT_RECIVABLE": owed, "AMT_TOTAL_RECEIVABLE": owed,
        "CNT_DRAWINGS_ATM_CURRENT": (atm > 0).astype(float), "CNT_DRAWINGS_CURRENT": (atm > 0).astype(int),
        "CNT_DRAWINGS_OTHER_CURRENT": zero, "CNT_DRAWINGS_POS_CURRENT": zero,
        "CNT_INSTALMENT_MATURE_CUM": place.astype(float),
        "NAME_CONTRACT_STATUS": words(["Active"], np.zeros(size, dtype=int)), "SK_DPD": dpd,
        "SK_DPD_DEF": np.where(dpd > 5, dpd, 0),
    }  # fmt: skip
