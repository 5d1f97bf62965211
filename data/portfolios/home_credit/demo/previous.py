"""Earlier applications to this lender: what was asked, granted and agreed."""

from dataclasses import dataclass

import numpy as np

from data.demo.rows import rounded
from data.demo.traits import Draws
from data.portfolios.home_credit.demo.previous_traits import (
    CASH,
    CONSUMER,
    NEVER,
    PRODUCT,
    REVOLVING,
    SELLER,
)

# Share of granted loans that were also taken up: only these have dates, months and instalments.
_TAKEN = {CONSUMER: 0.979, CASH: 0.924, REVOLVING: 0.957}
_FEE_IN_RATE = 1.0891  # RATE_DOWN_PAYMENT is this multiple of the share paid down
_NAMED_RATES = {
    "RATE_INTEREST_PRIMARY": np.array([0.1424, 0.1607, 0.1891, 0.1933]),
    "RATE_INTEREST_PRIVILEGED": np.array([0.7156, 0.8351, 0.8525, 0.8673]),
}
STEP = 30  # days between due dates


@dataclass(frozen=True)
class Loans:
    """Loans that came of applications: one entry each, for the months and instalments that follow."""

    row: np.ndarray  # place of the application
    owner: np.ndarray  # place of the client
    decided: np.ndarray
    first: np.ndarray
    term: np.ndarray
    dues: np.ndarray  # due dates before it ended, or ends
    credit: np.ndarray
    annuity: np.ndarray
    rate: np.ndarray


def compose(drawn: Draws, owner: np.ndarray, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], Loans]:
    """Return the columns of each earlier application, keys apart, and the loans that came of it."""
    kind = drawn.label("kind")
    status = drawn.label("status", kind)
    kind_status = kind + "|" + status
    columns = {"NAME_CONTRACT_TYPE": kind, "NAME_CONTRACT_STATUS": status}
    columns |= _parts(drawn, "product", PRODUCT, kind_status)
    combination = kind + "|" + columns["PRODUCT_COMBINATION"]
    columns |= _parts(drawn, "seller", SELLER, combination)
    columns |= _words(drawn, columns, kind_status, rng)
    decided = np.maximum(np.round(drawn.value("decided", kind_status)), 2).astype(np.int64)
    decided = _goods_first(decided, kind == CONSUMER, owner)
    # Some cards are older than the window of applications; they stand at its edge.
    old = (kind_status == f"{REVOLVING}|Approved") & (rng.random(len(kind)) < 0.2)
    decided = np.where(old, rng.integers(2_800, 2_923, len(kind)), decided)
    known = columns["NAME_PRODUCT_TYPE"] == "x-sell"
    columns |= {"DAYS_DECISION": -decided, "NAME_CLIENT_TYPE": _client_type(owner, decided, known, rng)}
    columns |= _money(drawn, columns, combination, kind_status, rng)
    dates, loans = _dates(drawn, columns, owner, rng)
    return columns | dates, loans


def _parts(drawn: Draws, trait: str, names: tuple[str, ...], groups: np.ndarray) -> dict[str, np.ndarray]:
    """Take apart a trait whose labels join several columns."""
    parts = np.array([label.split("|") for label in drawn.summaries[trait]["labels"]], dtype=object)
    return dict(zip(names, parts[drawn.value(trait, groups)].T, strict=True))


def _words(
    drawn: Draws, columns: dict[str, np.ndarray], kind_status: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    kind, status, size = columns["NAME_CONTRACT_TYPE"], columns["NAME_CONTRACT_STATUS"], len(kind_status)
    suite = drawn.label("suite", kind_status)
    reason = np.where(status == "Refused", drawn.label("reject", kind), "XAP")
    seldom = rng.random(size) < 0.035
    return {
        "WEEKDAY_APPR_PROCESS_START": drawn.label("weekday"),
        "HOUR_APPR_PROCESS_START": drawn.label("hour", kind).astype(np.int64),
        "FLAG_LAST_APPL_PER_CONTRACT": np.where((kind == REVOLVING) & seldom, "N", "Y").astype(object),
        "NFLAG_LAST_APPL_IN_DAY": np.where((kind == REVOLVING) & (rng.random(size) < 0.024), 0, 1),
        "NAME_CASH_LOAN_PURPOSE": np.where(kind == CASH, drawn.label("purpose", kind_status), "XAP"),
        "NAME_PAYMENT_TYPE": drawn.label("payment", kind_status),
        "CODE_REJECT_REASON": np.where(status == "Unused offer", "CLIENT", reason),
        "NAME_TYPE_SUITE": np.where(suite == "none", None, suite),
        "SELLERPLACE_AREA": np.round(drawn.value("area", columns["CHANNEL_TYPE"])),
    }


def _goods_first(decided: np.ndarray, consumer: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """Clients come for goods first: exchange dates so that the oldest application is such a one."""
    oldest = np.lexsort((-decided, owner))
    first = oldest[np.flatnonzero(np.diff(owner[oldest], prepend=-1))]
    goods = np.lexsort((-decided, ~consumer, owner))
    first_goods = goods[np.flatnonzero(np.diff(owner[goods], prepend=-1))]
    swap = consumer[first_goods]
    result = decided.copy()
    result[first[swap]], result[first_goods[swap]] = decided[first_goods[swap]], decided[first[swap]]
    return result


def _client_type(
    owner: np.ndarray, decided: np.ndarray, known: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """A client is new at the first application, known later (a few records say otherwise)."""
    oldest = np.zeros(owner.max(initial=-1) + 1, dtype=np.int64)
    np.maximum.at(oldest, owner, decided)
    first = (decided == oldest[owner]) & ~known
    chance = rng.random(len(owner))
    early = np.where(chance < 0.86, "New", np.where(chance < 0.95, "Repeater", "Refreshed"))
    later = np.where(chance < 0.895, "Repeater", np.where(chance < 0.98, "Refreshed", "New"))
    later = np.where(known & (later == "New"), "Repeater", later)
    return np.where(first, early, later).astype(object)


def _money(
    drawn: Draws,
    columns: dict[str, np.ndarray],
    combination: np.ndarray,
    kind_status: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Amounts asked and granted, and the terms agreed where the application got that far."""
    kind, agreed = columns["NAME_CONTRACT_TYPE"], columns["NAME_PORTFOLIO"] != "XNA"
    consumer, card = kind == CONSUMER, kind == REVOLVING
    asked, credit, down = _amounts(drawn, kind, combination, kind_status, agreed, rng)
    term = np.where(card, 0, drawn.label("term", combination).astype(np.int64))
    rate = np.maximum(drawn.value("monthly_rate", kind + "|" + columns["NAME_YIELD_GROUP"]), 1e-4)
    annuity = np.where(card, credit / 20, credit * rate / (1 - (1 + rate) ** -np.maximum(term, 1)))
    # A cash loan has no goods to pay down, yet some records say 0.
    zero = (kind_status == f"{CASH}|Approved") & (rng.random(len(kind)) < 0.118)
    paid_down = (consumer & agreed & (asked > 0)) | zero
    share = down / np.maximum(credit + down, 1.0)
    return {
        "AMT_APPLICATION": asked,
        "AMT_CREDIT": credit,
        "AMT_ANNUITY": np.where(agreed, np.round(np.round(annuity / 0.045) * 0.045, 3), np.nan),
        "AMT_GOODS_PRICE": np.where(asked > 0, asked, np.where(card & agreed, 0.0, np.nan)),
        "AMT_DOWN_PAYMENT": np.where(paid_down, down, np.nan),
        "RATE_DOWN_PAYMENT": np.where(paid_down, share * _FEE_IN_RATE, np.nan),
        "CNT_PAYMENT": np.where(agreed, term, np.nan),
        "rate": rate,
    } | _named_rates(consumer & agreed, rng)


def _amounts(
    drawn: Draws,
    kind: np.ndarray,
    combination: np.ndarray,
    kind_status: np.ndarray,
    agreed: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what was asked for, the credit granted (or refused) on it, and the down payment."""
    consumer, card = kind == CONSUMER, kind == REVOLVING
    # Asking for no amount: cards offered, and other applications that stopped before any terms.
    offered = drawn.label("asked_for", kind_status) == "nothing"
    nothing = np.where(card & agreed, offered, ~agreed & ~consumer)
    wish = drawn.value("asked", combination)
    goods = rounded(wish, (4500.0, 450.0, 45.0, 4.5), (0.1, 0.1, 0.25, 0.55), rng)
    asked = np.where(consumer, goods, rounded(wish, (22_500.0, 4500.0), (0.6, 0.4), rng))
    down = np.where(consumer, np.round(drawn.value("down") * asked / 4.5) * 4.5, 0.0)
    granted = np.maximum(asked * drawn.value("granted", kind) - down, 0.1 * asked)
    limit = rounded(np.maximum(drawn.value("limit"), 22_500.0), (22_500.0, 4500.0), (0.9, 0.1), rng)
    granted = np.where(card, np.where(nothing, limit, asked), np.round(granted / 4.5) * 4.5)
    credit = np.where(agreed | consumer, granted, 0.0)
    return np.where(nothing, 0.0, asked), credit, down


def _named_rates(consumer: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The two rates that the source gives for very few loans."""
    given, place = consumer & (rng.random(len(consumer)) < 0.009), rng.integers(0, 4, len(consumer))
    return {name: np.where(given, rates[place], np.nan) for name, rates in _NAMED_RATES.items()}


def _dates(
    drawn: Draws, columns: dict[str, np.ndarray], owner: np.ndarray, rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], Loans]:
    """Dates of what was taken up (known where past, unless of a card), and the loans it became."""
    kind, decided, size = columns["NAME_CONTRACT_TYPE"], -columns["DAYS_DECISION"], len(owner)
    card = kind == REVOLVING
    approved = (columns["NAME_CONTRACT_STATUS"] == "Approved") & (columns["AMT_CREDIT"] > 0)
    chance = np.select([kind == name for name in _TAKEN], list(_TAKEN.values()))
    taken = approved & (rng.random(size) < chance)
    term = np.nan_to_num(columns["CNT_PAYMENT"]).astype(np.int64)
    first = -decided + np.round(drawn.value("first_wait", kind))
    dues = np.round((term - 1) * drawn.value("finish", kind)).astype(np.int64) + 1
    planned, last = first + STEP * (term - 1), first + STEP * (dues - 1)
    settled = last + rng.integers(2, 13, size)
    insured = drawn.label("insured", kind + "|" + columns["NAME_YIELD_GROUP"]).astype(float)

    def known(values: np.ndarray, where: np.ndarray | bool) -> np.ndarray:
        return np.where(taken, np.where(where & ~card, values, NEVER), np.nan)

    dates = {
        "DAYS_FIRST_DRAWING": known(first, False),
        "DAYS_FIRST_DUE": known(first, first < 0),
        "DAYS_LAST_DUE_1ST_VERSION": known(planned, True),
        "DAYS_LAST_DUE": known(last, last < 0),
        "DAYS_TERMINATION": known(settled, settled < 0),
        "NFLAG_INSURED_ON_APPROVAL": np.where(taken, np.where(card, 0.0, insured), np.nan),
        "card": np.flatnonzero(taken & card),
    }
    rows = np.flatnonzero(taken & ~card & (first < 0))
    terms = (columns[name][rows] for name in ("AMT_CREDIT", "AMT_ANNUITY", "rate"))
    return dates, Loans(rows, owner[rows], decided[rows], first[rows], term[rows], dues[rows], *terms)
