"""How loans were repaid: each instalment first, then the months that follow from them.

The months of ``POS_CASH_balance`` are read off the instalments (days past due at the end of
a month, instalments still to come), so that the two tables tell one story.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data.demo.rows import spread
from data.demo.traits import draw
from data.portfolios.home_credit.demo.previous import STEP, Loans
from data.portfolios.home_credit.demo.previous_traits import MONTH

_SPLIT = 0.075  # share of dues paid in two parts
_FORGOTTEN = 0.008  # share of loans that end with a small sum left unpaid for months


@dataclass(frozen=True)
class Dues:
    """One entry per due date: its loan, its place from 0, the day, the amount, the delay of payment."""

    loan: np.ndarray
    place: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    delay: np.ndarray
    settles: np.ndarray  # repays all that was left


def dues(loans: Loans, law: Mapping, late: np.ndarray, rng: np.random.Generator) -> Dues:
    """Return the due dates of ``loans`` before today; ``late`` is each loan's client's slowness to pay."""
    passed = np.minimum(loans.dues, (-1 - loans.first) // STEP + 1)
    loan, place = spread(passed)
    settles = (place + 1 == loans.dues[loan]) & (loans.dues < loans.term)[loan]
    growth = (1 + loans.rate[loan]) ** (place + 1)
    left = loans.credit[loan] * growth - loans.annuity[loan] * (growth - 1) / loans.rate[loan]
    regular = loans.annuity[loan]
    # The last instalment of a schedule takes up what rounding left.
    regular = np.where(place + 1 == loans.term[loan], regular * (1 - 0.03 * rng.random(len(loan))), regular)
    amount = np.round(np.where(settles, regular + np.maximum(left, 0.0), regular), 3)
    shares = law["client_share"], law["loan_share"]
    own = np.sqrt(1 - sum(shares)) * rng.normal(size=len(loan))
    slowness = np.sqrt(shares[0]) * late + np.sqrt(shares[1]) * rng.normal(size=len(late))
    delay = np.round(draw(law["delay"], slowness[loan] + own))
    day = loans.first[loan] + STEP * place
    # Money cannot come in before the loan was granted.
    delay = np.maximum(delay, -loans.decided[loan] + 1 - day)
    return Dues(loan, place, day, amount, delay, settles)


def payments(due: Dues, rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the loan of each payment and its columns of ``installments_payments``.

    Some dues are paid in two parts that add up; one not yet paid today has no payment.
    """
    split = rng.random(len(due.day)) < _SPLIT
    row, part = spread(np.where(split, 2, 1))
    tiny = rng.random(len(split)) < 0.5
    share = np.where(tiny, 0.02 * rng.random(len(split)), rng.random(len(split)))
    first = np.round(due.amount * (1 - share), 3)
    amount = np.where(
        split[row], np.where(part == 0, first[row], due.amount[row] - first[row]), due.amount[row]
    )
    later = np.where((part == 1), np.ceil(rng.exponential(9, len(row))), 0)
    entry = due.day[row] + due.delay[row] + later
    unpaid = entry > -1
    return due.loan[row], {
        "NUM_INSTALMENT_VERSION": np.where(due.settles[row], 2.0, 1.0),
        "NUM_INSTALMENT_NUMBER": due.place[row] + 1,
        "DAYS_INSTALMENT": due.day[row],
        "DAYS_ENTRY_PAYMENT": np.where(unpaid, np.nan, entry),
        "AMT_INSTALMENT": due.amount[row],
        "AMT_PAYMENT": np.where(unpaid, np.nan, np.round(amount, 3)),
    }


def months(
    loans: Loans, due: Dues, late: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the loan of each month and its columns of ``POS_CASH_balance``."""
    size = len(loans.row)
    start = np.minimum(np.round(-loans.decided / MONTH), -1).astype(int)
    ended = loans.first + STEP * (loans.dues - 1)
    closing = np.round(np.where(ended < 0, ended, 0) / MONTH).astype(int)
    forgotten = (rng.random(size) < _FORGOTTEN * np.exp(0.5 * late)) & (ended < -400)
    idle = np.where(forgotten, rng.integers(4, 36, size), 0)
    stop = np.maximum(np.minimum(closing + idle, -1), start)
    loan, place = spread(stop - start + 1)
    month = start[loan] + place
    snapshot = np.floor((month + 0.5) * MONTH)
    elapsed = np.floor((snapshot - loans.first[loan]) / STEP).clip(-1) + 1
    over = (month >= closing[loan]) & (ended < 0)[loan]
    future = np.where(over, 0, np.maximum(loans.term[loan] - elapsed, 0))
    done = over & (month == stop[loan]) & (rng.random(size) < 0.92)[loan]
    overdue = _days_past_due(due, start, stop, loan)
    debt = np.where(forgotten[loan] & (month > closing[loan]) & ~done, (month - closing[loan]) * 30, 0)
    small = rng.random(len(loan)) < 0.4
    shortened = over & (loans.dues < loans.term)[loan]
    signed = (place == 0) & (rng.random(size) < 0.08)[loan]
    return loan, {
        "MONTHS_BALANCE": month,
        "CNT_INSTALMENT": np.where(shortened, loans.dues[loan], loans.term[loan]),
        "CNT_INSTALMENT_FUTURE": future,
        "NAME_CONTRACT_STATUS": np.where(done, "Completed", np.where(signed, "Signed", "Active")).astype(
            object
        ),
        "SK_DPD": np.maximum(np.where(done, 0, overdue), debt),
        "SK_DPD_DEF": np.where(done | small, 0, overdue),
    }


def _days_past_due(due: Dues, start: np.ndarray, stop: np.ndarray, loan: np.ndarray) -> np.ndarray:
    """Days past due at the end of each month: the oldest instalment due and not yet paid."""
    overdue = np.zeros(len(loan), dtype=np.int64)
    offset = np.cumsum(stop - start + 1) - (stop - start + 1)
    late = np.flatnonzero(due.delay > 0)
    first = np.ceil(due.day[late] / MONTH - 0.5).astype(int)
    last = np.ceil((due.day[late] + due.delay[late]) / MONTH - 0.5).astype(int) - 1
    row, step = spread(np.maximum(last - first + 1, 0))
    month, owner = first[row] + step, due.loan[late][row]
    inside = (month >= start[owner]) & (month <= stop[owner])
    days = np.floor((month + 0.5) * MONTH) - due.day[late][row]
    np.maximum.at(
        overdue, (offset[owner] + month - start[owner])[inside], days[inside].clip(0).astype(np.int64)
    )
    return overdue
