"""Revolving cards month by month: limit, drawings, interest, payments, and the balance they add up to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data.demo import normal
from data.demo.rows import spread
from data.demo.traits import Draws
from data.portfolios.home_credit.demo.previous_traits import MONTH

_INTEREST = 0.034  # a month, with fees, on what was owed
_LEAST_SHARE, _LEAST_STEP = 0.05, 2250.0
_FADING = np.array([0.62, 0.42, 0.27, 0.17, 0.12, 0.10, 0.10, 0.10])  # chance of drawing, by year of the card


@dataclass(frozen=True)
class Cards:
    """The cards of a chunk: who holds them, the first month followed, the limit, how they are used."""

    owner: np.ndarray
    first: np.ndarray
    limit: np.ndarray
    used: np.ndarray
    wish: np.ndarray  # normal score of how far it is used
    often: np.ndarray  # normal score of how often it is drawn on
    late: np.ndarray

    @classmethod
    def of(cls, drawn: Draws, owner: np.ndarray, decided: np.ndarray, limit: np.ndarray) -> "Cards":
        """Return the cards granted ``decided`` days ago, with their clients' ways of using one."""
        used = (drawn.label("card_used") == "yes")[owner]
        first = np.clip(np.round(-decided / MONTH), -96, -1).astype(int)
        scores = (drawn.scores[name][owner] for name in ("card_use", "card_draws", "card_late"))
        return cls(owner, first, limit, used & (limit > 0), *scores)


def months(cards: Cards, rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the card of each month and its columns of ``credit_card_balance``."""
    size, length = len(cards.owner), int(-cards.first.min(initial=0))
    grid = {name: np.zeros((size, length)) for name in _COLUMNS}
    state = {"balance": np.zeros(size), "principal": np.zeros(size), "paid_months": np.zeros(size)}
    state |= {"overdue": np.zeros(size), "limit": cards.limit.astype(float)}
    starts = np.ceil(rng.exponential(1.6, size))
    for age in range(length):
        for name, values in _step(cards, state, age, starts, rng).items():
            grid[name][:, age] = values
    last = -1 - np.where(rng.random(size) < 0.6, 0, rng.geometric(0.6, size))
    counts = np.maximum(last - cards.first + 1, 1)
    card, place = spread(counts)
    columns = {name: values[card, place] for name, values in grid.items()}
    return card, _finish(cards, card, place, columns)


_COLUMNS = ("limit", "balance", "principal", "atm", "pos", "atm_count", "pos_count", "paid", "least", "due", "dpd")


def _step(
    cards: Cards, state: dict[str, np.ndarray], age: int, starts: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Live one month of every card and return what is seen of it."""
    size = len(cards.owner)
    before, owed = state["balance"], state["principal"]
    moved = rng.random(size) < 0.015
    state["limit"] = np.where(moved & (age > 5), np.round(state["limit"] * rng.choice([0.7, 1.3, 1.5, 2.0], size) / 4500) * 4500, state["limit"])
    dormant = ~cards.used & (rng.random(size) < 0.03) & (age > 6)
    state["limit"] = np.where(dormant, 0.0, state["limit"])
    drawn = _drawings(cards, state["limit"], before, age, starts, rng)
    least = np.minimum(before, np.maximum(_LEAST_SHARE * owed, np.minimum(_LEAST_STEP, before)))
    paid = _payment(cards, before, least, rng)
    interest = np.round(_INTEREST * (0.8 + 0.4 * rng.random(size)) * owed, 3)
    balance = np.maximum(before + drawn["atm"] + drawn["pos"] + interest - paid, 0.0)
    principal = np.minimum(balance, np.maximum(owed + drawn["atm"] + drawn["pos"] - np.maximum(paid - interest, 0), 0))
    missed = (least > 0) & (paid < least * 0.99)
    state["overdue"] = np.where(missed, state["overdue"] + 1, 0)
    state["paid_months"] = state["paid_months"] + ((least > 0) & ~missed)
    short = np.where(rng.random(size) < 0.7, 1, rng.integers(2, 29, size))
    dpd = np.where(missed, short + 30 * (state["overdue"] - 1), 0)
    state["balance"], state["principal"] = np.round(balance, 3), np.round(principal, 3)
    return drawn | {
        "limit": state["limit"], "balance": state["balance"], "principal": state["principal"], "paid": paid,
        "least": np.round(least, 3), "due": state["paid_months"], "dpd": dpd,
    }  # fmt: skip


def _drawings(
    cards: Cards, limit: np.ndarray, balance: np.ndarray, age: int, starts: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Cash and purchases of one month: never beyond the limit."""
    size = len(limit)
    chance = normal.area(normal.score(_FADING[min(age // 12, 7)]) + 0.9 * cards.often)
    draws = cards.used & (age >= starts) & ((rng.random(size) < chance) | (age == starts))
    share = np.exp(-1.9 + 0.7 * cards.wish + 1.1 * rng.normal(size=size) + 0.8 * (age == starts))
    amount = np.where(draws, np.clip(share * limit, 0, np.maximum(limit - balance, 0)), 0.0)
    cash = rng.random(size) < 0.66 - 0.15 * cards.often.clip(-1.5, 1.5)
    both = rng.random(size) < 0.13
    part = np.where(both, rng.random(size), cash.astype(float))
    atm = np.floor(amount * part / 2250) * 2250
    pos = np.where(part < 1, np.round((amount - atm).clip(0), 2), 0.0)
    pos = np.where(pos < 100, 0.0, pos)
    return {
        "atm": atm,
        "pos": pos,
        "atm_count": np.where(atm > 0, np.ceil(atm / np.exp(10.0 + 0.7 * rng.normal(size=size))).clip(1, 40), 0),
        "pos_count": np.where(pos > 0, np.ceil(pos / np.exp(8.1 + 0.9 * rng.normal(size=size))).clip(1, 90), 0),
    }


def _payment(cards: Cards, balance: np.ndarray, least: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pay nothing, about the minimum, more, or all."""
    size = len(balance)
    kind = rng.random(size)
    nothing = kind < normal.area(-1.9 + 0.75 * cards.late)
    everything = kind > 1 - normal.area(-1.35 - 0.45 * cards.wish)
    more = np.exp(np.abs(rng.normal(size=size)) * 1.1)
    usual = np.where(rng.random(size) < 0.55, np.ceil(least / 225) * 225, least * more)
    usual = np.where(usual > 4500, np.round(usual / 450) * 450, usual)
    paid = np.where(nothing, np.where(rng.random(size) < 0.2, 0.5 * least, 0.0), np.where(everything, balance, usual))
    return np.round(np.minimum(paid, balance), 3)


def _finish(
    cards: Cards, card: np.ndarray, place: np.ndarray, seen: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Name what was lived as the published columns."""
    drawn = seen["atm"] + seen["pos"]
    count = seen["atm_count"] + seen["pos_count"]
    idle = ~cards.used[card]
    old = cards.first[card] + place < -60
    tolerated = seen["dpd"] > 30
    closed = idle & (seen["limit"] == 0) & (place > 24)
    return {
        "MONTHS_BALANCE": cards.first[card] + place,
        "AMT_BALANCE": seen["balance"],
        "AMT_CREDIT_LIMIT_ACTUAL": seen["limit"],
        "AMT_DRAWINGS_ATM_CURRENT": np.where(idle, np.nan, seen["atm"]),
        "AMT_DRAWINGS_CURRENT": np.round(drawn, 3),
        "AMT_DRAWINGS_OTHER_CURRENT": np.where(idle, np.nan, 0.0),
        "AMT_DRAWINGS_POS_CURRENT": np.where(idle, np.nan, seen["pos"]),
        "AMT_INST_MIN_REGULARITY": np.where(idle & old, np.nan, seen["least"]),
        "AMT_PAYMENT_CURRENT": np.where(idle, np.nan, seen["paid"]),
        "AMT_PAYMENT_TOTAL_CURRENT": seen["paid"],
        "AMT_RECEIVABLE_PRINCIPAL": seen["principal"],
        "AMT_RECIVABLE": seen["balance"],
        "AMT_TOTAL_RECEIVABLE": seen["balance"],
        "CNT_DRAWINGS_ATM_CURRENT": np.where(idle, np.nan, seen["atm_count"]),
        "CNT_DRAWINGS_CURRENT": count.astype(np.int64),
        "CNT_DRAWINGS_OTHER_CURRENT": np.where(idle, np.nan, 0.0),
        "CNT_DRAWINGS_POS_CURRENT": np.where(idle, np.nan, seen["pos_count"]),
        "CNT_INSTALMENT_MATURE_CUM": np.where(idle & old, np.nan, seen["due"]),
        "NAME_CONTRACT_STATUS": np.where(closed, "Completed", "Active").astype(object),
        "SK_DPD": seen["dpd"].astype(np.int64),
        "SK_DPD_DEF": np.where(tolerated, 0, seen["dpd"]).astype(np.int64),
    }


def payments(card: np.ndarray, month: Mapping[str, np.ndarray], rng: np.random.Generator) -> tuple[np.ndarray, dict]:
    """Return the card of each payment and its columns of ``installments_payments`` (version 0: no schedule)."""
    paid, least = month["AMT_PAYMENT_TOTAL_CURRENT"], np.nan_to_num(month["AMT_INST_MIN_REGULARITY"])
    rows = np.flatnonzero(paid > 0)
    extra = (paid[rows] > least[rows] * 1.02) & (least[rows] > 0)
    row, part = spread(np.where(extra, 2, 1))
    at = rows[row]
    due = np.round((month["MONTHS_BALANCE"][at] + 0.5) * MONTH)
    delay = np.where(month["SK_DPD"][at] > 0, np.minimum(month["SK_DPD"][at], 25), np.minimum(0, np.round(rng.normal(-4, 7, len(rows))))[row])
    entry = np.minimum(due + delay, -1)
    amount = np.where(part == 0, np.where(extra[row], least[at], paid[at]), paid[at] - least[at])
    owner = card[at]
    first = np.searchsorted(owner, owner, side="left")
    return owner, {
        "NUM_INSTALMENT_VERSION": np.zeros(len(at)),
        "NUM_INSTALMENT_NUMBER": np.arange(len(at)) - first + 1,
        "DAYS_INSTALMENT": np.where(part == 1, entry, due),
        "DAYS_ENTRY_PAYMENT": entry,
        "AMT_INSTALMENT": np.round(amount, 3),
        "AMT_PAYMENT": np.round(amount, 3),
    }
