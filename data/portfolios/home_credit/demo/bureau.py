"""Loans with other lenders, as the credit bureau reports them."""

import numpy as np
import polars as pl

from data.demo.rows import rounded
from data.demo.traits import Draws
from data.portfolios.home_credit.demo.bureau_traits import AMORTISATION, NULLABLE, OLD

CARD = "Credit card"
_MAIN = ("Consumer credit", CARD)
_STEPS, _STEP_SHARES = (4500.0, 450.0, 45.0, 4.5, 0.045), (0.46, 0.07, 0.12, 0.25, 0.10)


def compose(drawn: Draws, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the columns of each loan, keys apart, and its ``end`` (0 while it runs)."""
    kind = drawn.label("kind")
    main = np.where(np.isin(kind, _MAIN), kind, "others")
    opened = np.maximum(np.round(drawn.value("opened")), 1).astype(np.int64)
    state = drawn.label("state", main + "|" + _years(opened))
    main_state = main + "|" + state
    amount = rounded(drawn.value("amount", kind), _STEPS, _STEP_SHARES, rng)
    lasting = np.where(main == "others", kind, main_state + "|" + _years(np.minimum(opened, OLD)))
    dates = _dates(drawn, lasting, main, state, opened, rng)
    money = _money(drawn, main, main_state, amount, dates, rng)
    columns = dates | money
    for place, name in enumerate(NULLABLE):
        reported = np.array([label[place] == "1" for label in drawn.summaries["reported"]["labels"]])
        given = reported[drawn.value("reported", main_state)]
        columns[name] = np.where(given, columns[name], np.nan)
    return columns | {
        "CREDIT_ACTIVE": state,
        "CREDIT_TYPE": kind,
        "CREDIT_CURRENCY": np.where(rng.random(len(kind)) < 0.001, "currency 2", "currency 1").astype(object),
        "CNT_CREDIT_PROLONG": drawn.label("prolonged").astype(np.int64),
        "AMT_CREDIT_SUM": amount,
    }


def _dates(
    drawn: Draws,
    lasting: np.ndarray,
    main: np.ndarray,
    state: np.ndarray,
    opened: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    closed = state == "Closed"
    term = np.maximum(np.round(drawn.value("term", lasting)), 1)
    end = np.round(-opened + drawn.value("finish", main) * term)
    # A loan closed later than today has been closed at some day since it was opened.
    end = np.where(end > -1, -np.ceil(opened * rng.random(len(end))), end).clip(-opened, -1)
    update = np.round(drawn.value("update", state))
    return {
        "DAYS_CREDIT": -opened,
        "DAYS_CREDIT_ENDDATE": -opened + term,
        "DAYS_ENDDATE_FACT": np.where(closed, end, np.nan),
        "DAYS_CREDIT_UPDATE": np.where(
            closed, np.minimum(end + np.maximum(update, 0), -1), -np.minimum(update, opened)
        ),
        "end": np.where(closed, end, 0.0),
    }


def _money(
    drawn: Draws,
    main: np.ndarray,
    main_state: np.ndarray,
    amount: np.ndarray,
    dates: dict[str, np.ndarray],
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    card, active = main == CARD, dates["end"] == 0
    left = dates["DAYS_CREDIT_ENDDATE"] / (dates["DAYS_CREDIT_ENDDATE"] - dates["DAYS_CREDIT"])
    expected = np.where(card, 1.0, np.clip(left, 0.0, 1.0) ** AMORTISATION)
    burden = drawn.value("burden", main)
    overrun = active & ~card & (left <= 0)
    debt = np.where(overrun, np.maximum(rng.random(len(left)) - 0.6, 0) * amount, burden * expected * amount)
    # Interest can carry a card somewhat past its limit, hardly a loan past what was lent.
    debt = np.minimum(debt, np.where(card, 1.2, 1.005) * amount)
    debt = np.where(active & (main_state != main + "|Sold"), np.round(debt, 3), 0.0)
    late = active & (drawn.label("overdue_now") == "yes") & (debt > 0)
    days = np.where(late, np.exp(3.4 + 1.3 * rng.normal(size=len(left))).clip(1, 2700).round(), 0)
    worst = np.minimum(drawn.value("overdue_most", main), amount)
    overdue = np.where(late, np.minimum(debt, debt * days / 600), 0.0)
    annuity = rounded(np.minimum(drawn.value("annuity", main_state), amount), _STEPS[3:], (0.9, 0.1), rng)
    limit = np.where(card & active & (rng.random(len(left)) < 0.41), np.maximum(amount - debt, 0.0), 0.0)
    return {
        "CREDIT_DAY_OVERDUE": days.astype(np.int64),
        "AMT_CREDIT_MAX_OVERDUE": np.round(np.maximum(worst, overdue), 3),
        "AMT_CREDIT_SUM_DEBT": debt,
        "AMT_CREDIT_SUM_LIMIT": np.round(limit, 3),
        "AMT_CREDIT_SUM_OVERDUE": np.round(overdue, 3),
        "AMT_ANNUITY": annuity,
    }


def months(
    drawn: Draws,
    loans: dict[str, np.ndarray],
    reported: np.ndarray,
    steps: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, dict[str, np.ndarray | pl.Series]]:
    """Return the loan of each month of ``bureau_balance`` and the month's columns.

    ``reported`` says for which loans the bureau gives months; ``steps`` how lateness moves
    from one month to the next among loans ever late.
    """
    rows = np.flatnonzero(reported)
    main_state = _main(loans["CREDIT_TYPE"]) + "|" + loans["CREDIT_ACTIVE"]
    first = np.floor(loans["DAYS_CREDIT"][rows] / 30.4375).clip(-96, 0).astype(int) + 1
    first = np.minimum(first, 0)
    stopped = rng.random(len(rows)) < 0.14
    last = np.where(stopped, np.round(first * rng.random(len(rows))), 0).astype(int)
    closing = np.where(loans["end"][rows] < 0, np.ceil(loans["end"][rows] / 30.4375), 1).astype(int)
    late = (drawn.label("late_once", _main(loans["CREDIT_TYPE"])) == "yes")[rows]
    silent = drawn.label("silent", main_state)[rows]
    status = _walk(first, late, silent, np.cumsum(steps, axis=1), rng)
    counts = last - first + 1
    parent = np.repeat(np.arange(len(rows)), counts)
    place = np.arange(len(parent)) - np.repeat(np.cumsum(counts) - counts, counts)
    month = first[parent] + place
    codes = status[parent, place]
    codes = np.where((month > closing[parent]) & (silent[parent] != "all"), 7, codes)
    return rows[parent], {"MONTHS_BALANCE": month, "STATUS": np.array(list("012345XC"), dtype=object)[codes]}


def _years(opened: np.ndarray) -> np.ndarray:
    return (opened // 365.25).astype(int).astype(str).astype(object)


def _main(kind: np.ndarray) -> np.ndarray:
    return np.where(np.isin(kind, _MAIN), kind, "others")


def _walk(
    first: np.ndarray, late: np.ndarray, silent: np.ndarray, steps: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Walk from month to month: the state of lateness (0 to 5), or 6 where the lender was silent."""
    size, longest = len(first), int(1 - first.min(initial=0))
    status = np.zeros((size, longest), dtype=np.int8)
    hushed = np.where(silent == "all", 1.0, np.where(silent == "none", 0.0, rng.beta(0.6, 2.0, size)))
    state, quiet = np.zeros(size, dtype=int), rng.random(size) < np.where(silent == "some", 0.5, hushed)
    for month in range(longest):
        move = (rng.random(size)[:, None] > steps[state]).sum(axis=1).clip(0, 5)
        state = np.where(late & ~quiet, move, state)
        status[:, month] = np.where(quiet, 6, state)
        stay = rng.random(size) < 0.8
        quiet = np.where(stay & (silent == "some"), quiet, rng.random(size) < hushed)
    return status
