"""Revolving cards month by month: limit, drawings, interest, payments, and the balance they add up to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data.demo import normal
from data.demo.rows import spread
from data.demo.traits import Draws
from data.portfolios.home_credit.demo.previous_traits import MONTH

_QUIT = 0.012  # share of cards on which payments stop for good
_INTEREST = 0.034  # a month, with fees, on what was owed
_LEAST_SHARE, _LEAST_STEP = 0.05, 2250.0
_FADING = np.array([0.46, 0.27, 0.15, 0.08, 0.05, 0.04, 0.04, 0.04])  # chance of drawing, by year of the card


@dataclass(frozen=True)
class Cards:
    """The cards of a chunk: who holds them, the first month followed, the limit, how they are used."""

    owner: np.ndarray
    first: np.ndarray
    limit: np.ndarray
    used: np.ndarray
    quits: np.ndarray  # month of the card from which nothing is paid any more
    wish: np.ndarray  # normal score of how far it is used
    often: np.ndarray  # normal score of how often it is drawn on
    late: np.ndarray

    @classmethod
    def of(
        cls, drawn: Draws, owner: np.ndarray, decided: np.ndarray, limit: np.ndarray, rng: np.random.Generator
    ) -> "Cards":
        """Return the cards granted ``decided`` days ago, with their clients' ways of using one."""
        used = (drawn.label("card_used") == "yes")[owner]
        first = np.clip(np.round(-decided / MONTH), -96, -1).astype(int)
        wish, often, late = (drawn.scores[name][owner] for name in ("card_use", "card_draws", "card_late"))
        quits = np.where(
            rng.random(len(owner)) < _QUIT * np.exp(0.5 * late), rng.integers(6, 90, len(owner)), 999
        )
        return cls(owner, first, limit, used & (limit > 0), quits, wish, often, late)


def months(cards: Cards, rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the card of each month and its columns of ``credit_card_balance``."""
    size, length = len(cards.owner), int(-cards.first.min(initial=-1))
    state = {name: np.zeros(size) for name in ("balance", "principal", "paid_months", "missed")}
    state["limit"] = cards.limit.astype(float)
    starts = np.ceil(rng.exponential(1.6, size))
    lived = [_live(cards, state, age, starts, rng) for age in range(length)]
    last = -1 - np.where(rng.random(size) < 0.6, 0, rng.geometric(0.6, size))
    card, place = spread(np.maximum(last - cards.first + 1, 1))
    seen = {name: np.column_stack([month[name] for month in lived])[card, place] for name in lived[0]}
    return card, _name(cards, card, place, seen)


def _live(
    cards: Cards, state: dict[str, np.ndarray], age: int, starts: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Live one month of every card, move ``state`` on and return what is seen of the month."""
    size = len(cards.owner)
    before, owed, stopped = state["balance"], state["principal"], age >= cards.quits
    state["limit"] = _limit(cards, state["limit"], age, rng)
    drawn = _drawings(cards, state["limit"] - before, state["limit"], age, starts, rng)
    least = np.minimum(before, np.maximum(_LEAST_SHARE * owed, np.minimum(_LEAST_STEP, before)))
    paid = np.where(stopped, 0.0, _payment(cards, before, least, rng))
    interest = np.where(stopped, 0.0, _INTEREST * (0.8 + 0.4 * rng.random(size)) * owed).round(3)
    balance = np.maximum(before + drawn["atm"] + drawn["pos"] + interest - paid, 0.0).round(3)
    missed = (least > 0) & (paid < least * 0.99)
    state["missed"] = np.where(missed, state["missed"] + 1, 0)
    state["paid_months"] = state["paid_months"] + ((least > 0) & ~missed)
    state["balance"], state["principal"] = balance, np.maximum(balance - interest, 0.0).round(3)
    days = np.where(rng.random(size) < 0.7, 1, rng.integers(2, 29, size)) + 30 * (state["missed"] - 1)
    return drawn | state | {"paid": paid, "least": least.round(3), "dpd": np.where(missed, days, 0)}


def _limit(cards: Cards, limit: np.ndarray, age: int, rng: np.random.Generator) -> np.ndarray:
    """Limits are moved now and then; that of a card never used is withdrawn in time."""
    size = len(limit)
    moved = rng.random(size) < 0.015
    changed = np.round(limit * rng.choice([0.7, 1.0, 1.3], size) / 4500) * 4500
    withdrawn = ~cards.used & (rng.random(size) < 0.05)
    if age <= 5:
        return limit
    return np.where(withdrawn, 0.0, np.where(moved, np.minimum(changed, 2 * cards.limit), limit))


def _drawings(
    cards: Cards, room: np.ndarray, limit: np.ndarray, age: int, starts: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Cash and purchases of one month, never beyond the ``room`` left under the limit."""
    size, first = len(limit), age == starts
    chance = normal.area(normal.score(_FADING[min(age // 12, 7)]) + 1.5 * cards.often)
    draws = cards.used & (age >= starts) & (age < cards.quits) & (first | (rng.random(size) < chance))
    share = np.exp(-1.8 + 0.8 * cards.wish + 1.2 * rng.normal(size=size) + 1.2 * first)
    amount = np.where(draws, np.clip(share * limit, 0, np.maximum(room, 0)), 0.0)
    cash = rng.random(size) < 0.75 - 0.15 * cards.often.clip(-1.5, 1.5)
    part = np.where(rng.random(size) < 0.12, rng.random(size), cash)
    atm = np.floor(amount * part / 2250) * 2250
    pos = np.where(part < 1, np.round((amount - atm).clip(0), 2), 0.0)
    pos = np.where(pos < 100, 0.0, pos)
    counts = {"atm_count": _times(atm, 18_000, rng), "pos_count": _times(pos, 3_000, rng)}
    return {"atm": atm, "pos": pos} | counts


def _times(amount: np.ndarray, usual: float, rng: np.random.Generator) -> np.ndarray:
    """Return in how many drawings an amount was taken: large sums come in larger pieces."""
    pieces = np.sqrt(amount / usual) * np.exp(0.5 * rng.normal(size=len(amount)))
    return np.where(amount > 0, np.ceil(pieces), 0).clip(0, 60)


def _payment(cards: Cards, balance: np.ndarray, least: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pay nothing (or half), about the minimum, more, or all."""
    size, kind = len(balance), rng.random(len(balance))
    nothing = kind < normal.area(-2.15 + cards.late)
    everything = kind > 1 - normal.area(-1.9 - 0.6 * cards.wish)
    more = np.exp(np.abs(rng.normal(size=size)) * 1.1)
    usual = np.where(rng.random(size) < 0.55, np.ceil(least / 225) * 225, least * more)
    usual = np.where(usual > 4500, np.ceil(usual / 450) * 450, usual)
    half = np.where(rng.random(size) < 0.2, 0.5 * least, 0.0)
    return np.minimum(np.where(nothing, half, np.where(everything, balance, usual)), balance).round(3)


def _name(
    cards: Cards, card: np.ndarray, place: np.ndarray, seen: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Give what was lived the names of the published columns."""
    month, idle, owed = cards.first[card] + place, ~cards.used[card], seen["balance"]
    closed = idle & (seen["limit"] == 0) & (place > 24) & (month > -6)
    signed = (place == 0) & (cards.owner[card] % 10 == 0)
    status = np.where(closed, "Completed", np.where(signed, "Signed", "Active"))

    def unless(where: np.ndarray, values: np.ndarray | float) -> np.ndarray:
        return np.where(where, np.nan, values)

    return {
        "MONTHS_BALANCE": month,
        "AMT_BALANCE": owed,
        "AMT_CREDIT_LIMIT_ACTUAL": seen["limit"],
        "AMT_DRAWINGS_ATM_CURRENT": unless(idle, seen["atm"]),
        "AMT_DRAWINGS_CURRENT": np.round(seen["atm"] + seen["pos"], 3),
        "AMT_DRAWINGS_OTHER_CURRENT": unless(idle, 0.0),
        "AMT_DRAWINGS_POS_CURRENT": unless(idle, seen["pos"]),
        "AMT_INST_MIN_REGULARITY": unless(idle & (month < -60), seen["least"]),
        "AMT_PAYMENT_CURRENT": unless(idle, seen["paid"]),
        "AMT_PAYMENT_TOTAL_CURRENT": seen["paid"],
        "AMT_RECEIVABLE_PRINCIPAL": seen["principal"],
        "AMT_RECIVABLE": owed,
        "AMT_TOTAL_RECEIVABLE": owed,
        "CNT_DRAWINGS_ATM_CURRENT": unless(idle, seen["atm_count"]),
        "CNT_DRAWINGS_CURRENT": (seen["atm_count"] + seen["pos_count"]).astype(np.int64),
        "CNT_DRAWINGS_OTHER_CURRENT": unless(idle, 0.0),
        "CNT_DRAWINGS_POS_CURRENT": unless(idle, seen["pos_count"]),
        "CNT_INSTALMENT_MATURE_CUM": unless(idle & (month < -60), seen["paid_months"]),
        "NAME_CONTRACT_STATUS": status.astype(object),
        "SK_DPD": seen["dpd"].astype(np.int64),
        "SK_DPD_DEF": np.where(seen["dpd"] > 30, 0, seen["dpd"]).astype(np.int64),
    }


def payments(
    card: np.ndarray, month: Mapping[str, np.ndarray], rng: np.random.Generator
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the card of each payment and its columns of ``installments_payments``.

    A card has no schedule (version 0): what is due is the minimum of the month, and what
    is paid beyond it stands as a payment of its own.
    """
    paid, least = month["AMT_PAYMENT_TOTAL_CURRENT"], np.nan_to_num(month["AMT_INST_MIN_REGULARITY"])
    rows = np.flatnonzero(paid > 0)
    beyond = (paid[rows] > least[rows] + 1) & (least[rows] > 0)
    row, part = spread(np.where(beyond, 2, 1))
    at = rows[row]
    due = np.round((month["MONTHS_BALANCE"][at] + 0.5) * MONTH)
    early = np.minimum(np.round(rng.normal(-4, 7, len(rows))), 0)[row]
    late = month["SK_DPD"][at]
    entry = np.minimum(due + np.where(late > 0, np.minimum(late, 25), early), -1)
    amount = np.where(part == 1, paid[at] - least[at], np.where(beyond[row], least[at], paid[at])).round(3)
    owner = card[at]
    return owner, {
        "NUM_INSTALMENT_VERSION": np.zeros(len(at)),
        "NUM_INSTALMENT_NUMBER": np.arange(len(at)) - np.searchsorted(owner, owner) + 1,
        "DAYS_INSTALMENT": np.where(part == 1, entry, due),
        "DAYS_ENTRY_PAYMENT": entry,
        "AMT_INSTALMENT": amount,
        "AMT_PAYMENT": amount,
    }
