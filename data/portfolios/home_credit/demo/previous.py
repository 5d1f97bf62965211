"""Earlier applications to this lender, with the months and instalments that followed."""

import numpy as np

from data.demo import normal
from data.demo.rows import choose, spread
from data.demo.writer import words

KINDS = ["Consumer loans", "Cash loans", "Revolving loans"]
STATUSES = ["Approved", "Canceled", "Refused", "Unused offer"]
NEVER = 365_243.0


def applications(latents: dict[str, np.ndarray], rng: np.random.Generator) -> tuple[np.ndarray, dict]:
    """Return the client of each earlier application and its columns, keys apart."""
    chance = normal.area(latents["previous_count"])
    counts = np.where(chance < 0.05, 0, np.round(np.exp(1.3 + 0.72 * normal.score(chance))).clip(1, 70))
    parent, _ = spread(counts)
    size = len(parent)
    kind = choose(np.array([0.415, 0.464, 0.121]), rng, size)
    refused = rng.random(size) < normal.area(-1.05 + 0.5 * latents["refusal"][parent])
    cancelled = (kind > 0) & (rng.random(size) < 0.36) & ~refused
    status = np.where(refused, 2, np.where(cancelled, 1, 0))
    empty = cancelled & (rng.random(size) < 0.9)
    term = np.array([6, 10, 12, 18, 24, 36, 48, 60])[choose(np.array([18, 18, 30, 10, 14, 5, 3, 2.0]), rng, size)]
    term = np.where(kind == 2, 0, term)
    asked = np.exp(np.array([10.9, 12.0, 12.1])[kind] + 0.75 * rng.normal(size=size) + 0.3 * latents["size"][parent])
    asked = np.round(np.where(kind == 0, asked / 45, asked / 4500)) * np.where(kind == 0, 45, 4500)
    down = np.where((kind == 0) & (rng.random(size) < 0.45), np.round(asked * 0.1 / 4.5) * 4.5, 0.0)
    credit = np.round((asked - down) * np.where(rng.random(size) < 0.4, 1.1, 1.0) / 4.5) * 4.5
    rate = np.array([0.018, 0.022, 0.05])[kind]
    annuity = np.where(kind == 2, credit * 0.05, credit * rate / (1 - (1 + rate) ** -np.maximum(term, 1)))
    decided = -np.round(2922 * rng.beta(0.9, 2.0, size)).clip(2)
    approved = status == 0
    first_due = np.where(approved & (kind < 2), decided + rng.integers(28, 45, size), NEVER)
    last_planned = np.where(kind < 2, first_due + 30 * (term - 1), NEVER)
    early = rng.random(size) < 0.35
    last = np.where(early & (kind < 2), first_due + 30 * np.round((term - 1) * rng.random(size)), last_planned)
    none = np.full(size, np.nan)
    columns = {
        "NAME_CONTRACT_TYPE": words(KINDS, kind), "AMT_ANNUITY": np.where(empty, np.nan, np.round(annuity / 4.5) * 4.5),
        "AMT_APPLICATION": np.where(empty, 0.0, asked), "AMT_CREDIT": np.where(empty, 0.0, credit),
        "AMT_DOWN_PAYMENT": np.where((kind == 0) & ~empty, down, np.nan),
        "AMT_GOODS_PRICE": np.where(empty, np.nan, asked),
        "WEEKDAY_APPR_PROCESS_START": words(["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"], rng.integers(0, 7, size)),
        "HOUR_APPR_PROCESS_START": rng.normal(12.5, 3.2, size).round().clip(0, 23),
        "FLAG_LAST_APPL_PER_CONTRACT": words(["Y"], np.zeros(size, dtype=int)),
        "NFLAG_LAST_APPL_IN_DAY": np.ones(size, dtype=int),
        "RATE_DOWN_PAYMENT": np.where((kind == 0) & ~empty, down / asked, np.nan),
        "RATE_INTEREST_PRIMARY": none, "RATE_INTEREST_PRIVILEGED": none,
        "NAME_CASH_LOAN_PURPOSE": words(["XAP", "XNA"], (kind == 1).astype(int)),
        "NAME_CONTRACT_STATUS": words(STATUSES, status), "DAYS_DECISION": decided,
        "NAME_PAYMENT_TYPE": words(["Cash through the bank", "XNA"], (rng.random(size) < 0.38).astype(int)),
        "CODE_REJECT_REASON": words(["XAP", "HC", "LIMIT", "SCO"], np.where(refused, 1 + choose(np.array([0.65, 0.2, 0.15]), rng, size), 0)),
        "NAME_TYPE_SUITE": words(["Unaccompanied", None], (rng.random(size) < 0.49).astype(int)),
        "NAME_CLIENT_TYPE": words(["Repeater", "New", "Refreshed"], choose(np.array([0.74, 0.18, 0.08]), rng, size)),
        "NAME_GOODS_CATEGORY": words(["XNA", "Mobile", "Consumer Electronics", "Computers", "Furniture"], np.where(kind == 0, 1 + rng.integers(0, 4, size), 0)),
        "NAME_PORTFOLIO": words(["POS", "Cash", "Cards"], kind),
        "NAME_PRODUCT_TYPE": words(["XNA", "x-sell", "walk-in"], np.where(kind == 1, 1 + (rng.random(size) < 0.3), 0)),
        "CHANNEL_TYPE": words(["Country-wide", "Credit and cash offices"], (kind > 0).astype(int)),
        "SELLERPLACE_AREA": np.where(kind == 0, rng.integers(5, 3000, size), -1),
        "NAME_SELLER_INDUSTRY": words(["Consumer electronics", "XNA"], (kind > 0).astype(int)),
        "CNT_PAYMENT": np.where(empty, np.nan, term),
        "NAME_YIELD_GROUP": words(["middle", "high", "low_normal", "XNA"], np.where(kind == 2, 3, rng.integers(0, 3, size))),
        "PRODUCT_COMBINATION": words(["POS household with interest", "Cash X-Sell: middle", "Card Street"], kind),
        "DAYS_FIRST_DRAWING": np.where(approved, np.where(kind == 2, decided + 20, NEVER), np.nan),
        "DAYS_FIRST_DUE": np.where(approved, first_due, np.nan),
        "DAYS_LAST_DUE_1ST_VERSION": np.where(approved, last_planned, np.nan),
        "DAYS_LAST_DUE": np.where(approved, np.where(last < 0, last, NEVER), np.nan),
        "DAYS_TERMINATION": np.where(approved, np.where(last < -8, last + 7, NEVER), np.nan),
        "NFLAG_INSURED_ON_APPROVAL": np.where(approved, (rng.random(size) < 0.33).astype(float), np.nan),
        "_loan": approved & (kind < 2) & (first_due < -1), "_card": approved & (kind == 2), "_term": term,
        "_first": first_due, "_last": last,
    }  # fmt: skip
    return parent, columns


def point_of_sale(loan: dict[str, np.ndarray], late: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, dict]:
    """Return the loan of each month of repayment and the month's columns."""
    start = np.floor(loan["_first"] / 30.4).astype(int) - 1
    stop = np.minimum(np.floor(loan["_last"] / 30.4).astype(int) + 1, -1)
    parent, place = spread((stop - start + 1).clip(0, 96))
    month = start[parent] + place
    left = (loan["_term"][parent] - place).clip(0)
    done = (month == stop[parent]) & (loan["_last"][parent] < -30)
    dpd = np.where(rng.random(len(parent)) < 0.03 * np.exp(0.8 * late[parent]), rng.integers(1, 30, len(parent)), 0)
    dpd = np.where(done, 0, dpd)
    return parent, {
        "MONTHS_BALANCE": month, "CNT_INSTALMENT": loan["_term"][parent],
        "CNT_INSTALMENT_FUTURE": np.where(done, 0, left),
        "NAME_CONTRACT_STATUS": words(["Active", "Completed"], done.astype(int)), "SK_DPD": dpd,
        "SK_DPD_DEF": np.where(dpd > 5, dpd, 0),
    }  # fmt: skip


def instalments(loan: dict[str, np.ndarray], late: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, dict]:
    """Return the loan of each payment and the payment's columns."""
    paid = np.floor((np.minimum(loan["_last"], -1) - loan["_first"]) / 30).astype(int) + 1
    parent, place = spread(paid.clip(0))
    due = loan["_first"][parent] + 30 * place
    delay = np.round(-8 + 7 * rng.normal(size=len(parent)) + 3 * late[parent])
    delay = np.where(rng.random(len(parent)) < 0.06 * np.exp(0.7 * late[parent]), rng.integers(1, 40, len(parent)), delay.clip(max=0))
    amount = loan["AMT_ANNUITY"][parent]
    return parent, {
        "NUM_INSTALMENT_VERSION": np.ones(len(parent)), "NUM_INSTALMENT_NUMBER": place + 1, "DAYS_INSTALMENT": due,
        "DAYS_ENTRY_PAYMENT": np.minimum(due + delay, -1), "AMT_INSTALMENT": amount, "AMT_PAYMENT": amount,
    }  # fmt: skip
