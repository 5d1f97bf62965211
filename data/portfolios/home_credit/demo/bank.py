"""A whole synthetic bank, chunk of clients by chunk of clients."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from data.demo import copula, profile
from data.demo.nested import NestedLaw
from data.demo.rows import Keys, spread, systematic
from data.demo.traits import Draws
from data.demo.writer import Tables
from data.portfolios.home_credit.demo import applicant, bureau, card, previous, repayment
from data.portfolios.home_credit.demo.previous_traits import NEVER
from data.portfolios.home_credit.demo.risk import Risk, slowness
from data.portfolios.home_credit.demo.schemas import published

CHUNK = 10_000
FIRST_CLIENT, CLIENTS_OF_SOURCE = 100_002, 356_255
FIRST_LOAN, LOANS_OF_SOURCE = 1_000_001, 1_845_000
FIRST_BUREAU_LOAN, BUREAU_LOANS_OF_SOURCE = 5_000_000, 1_843_000
UNLABELLED = 48_744 / 307_511
# The bureau gives months for the loans of this share of clients.
_MONTHS_REPORTED = 0.45


def draw_bank(folder: Path, clients: int, seed: int, progress: Callable[[int, int], None]) -> None:
    """Write the tables of a bank of ``clients`` labelled clients, and unlabelled ones in proportion."""
    total = clients + round(clients * UNLABELLED)
    rng = np.random.default_rng([seed, 0])
    ids = np.sort(rng.choice(max(CLIENTS_OF_SOURCE, total), total, replace=False)) + FIRST_CLIENT
    ids[0] = FIRST_CLIENT
    labelled = np.ones(total, dtype=bool)
    labelled[1 + rng.permutation(total - 1)[: total - clients]] = False
    maker = _Maker(np.random.default_rng([seed, 1]))
    with Tables(folder, published()) as tables:
        for number, start in enumerate(range(0, total, CHUNK)):
            part = slice(start, start + CHUNK)
            maker.write(tables, ids[part], labelled[part], np.random.default_rng([seed, 2, number]))
            progress(min(start + CHUNK, total), total)


class _Maker:
    """What stays the same from chunk to chunk: the profile, and the keys not yet given."""

    def __init__(self, rng: np.random.Generator):
        self.kept = profile.load("home_credit")
        correlation = copula.unpack(self.kept["correlation"], len(self.kept["order"]))
        self.root, self.risk = copula.root(correlation), Risk(self.kept, correlation)
        self.bureau, self.previous = (
            NestedLaw.read(self.kept["bureau"]),
            NestedLaw.read(self.kept["previous"]),
        )
        self.loans = Keys(FIRST_LOAN, LOANS_OF_SOURCE, rng)
        self.bureau_loans = Keys(FIRST_BUREAU_LOAN, BUREAU_LOANS_OF_SOURCE, rng)

    def write(self, tables: Tables, ids: np.ndarray, labelled: np.ndarray, rng: np.random.Generator) -> None:
        """Draw the clients of one chunk with all they have, and append them."""
        z = (rng.normal(size=(len(ids), len(self.root))) @ self.root).T
        drawn = Draws(self.kept["single"], dict(zip(self.kept["order"], z, strict=True)))
        columns = applicant.compose(drawn, self.kept, rng) | {"SK_ID_CURR": ids}
        chance = self.risk.probability(columns, drawn)
        columns["TARGET"] = np.zeros(len(ids), dtype=np.int64)
        columns["TARGET"][labelled] = systematic(chance[labelled], rng)
        for name, rows in (("application_train", labelled), ("application_test", ~labelled)):
            tables.write(name, {column: values[rows] for column, values in columns.items()})
        self._elsewhere(tables, ids, drawn, rng)
        self._here(tables, ids, drawn, rng)

    def _elsewhere(self, tables: Tables, ids: np.ndarray, drawn: Draws, rng: np.random.Generator) -> None:
        """Write the loans with other lenders."""
        owner, _ = spread(np.round(drawn.value("bureau:count")))
        rows = Draws(self.bureau.summaries, self.bureau.scores(_effects(drawn, "bureau:"), owner, rng))
        loans = bureau.compose(rows, rng)
        keys = self.bureau_loans.take(len(owner))
        tables.write("bureau", loans | {"SK_ID_CURR": ids[owner], "SK_ID_BUREAU": keys})
        reported = (rng.random(len(ids)) < _MONTHS_REPORTED)[owner]
        loan, months = bureau.months(rows, loans, reported, np.array(self.kept["lateness"]), rng)
        tables.write("bureau_balance", months | {"SK_ID_BUREAU": keys[loan]})

    def _here(self, tables: Tables, ids: np.ndarray, drawn: Draws, rng: np.random.Generator) -> None:
        """Write the earlier applications to this lender and what followed."""
        owner, _ = spread(np.round(drawn.value("previous:count")))
        keys = self.loans.take(len(owner))
        rows = Draws(self.previous.summaries, self.previous.scores(_effects(drawn, "previous:"), owner, rng))
        earlier, loans = previous.compose(rows, owner, rng)
        rows = earlier["card"]
        cards = card.Cards.of(
            drawn, owner[rows], -earlier["DAYS_DECISION"][rows], earlier["AMT_CREDIT"][rows], rng
        )
        of_card, months = card.months(cards, rng)
        _first_drawing(earlier, rows, of_card, months)

        def write(table: str, rows: np.ndarray, columns: Mapping[str, np.ndarray]) -> None:
            tables.write(table, columns | {"SK_ID_PREV": keys[rows], "SK_ID_CURR": ids[owner[rows]]})

        write("previous_application", np.arange(len(owner)), earlier)
        write("credit_card_balance", rows[of_card], months)
        of_card, paid = card.payments(of_card, months, rng)
        late = slowness(drawn, rng)[loans.owner]
        due = repayment.dues(loans, self.kept["delay"], late, rng)
        of_loan, payments = repayment.payments(due, rng)
        both = {name: np.concatenate([payments[name], paid[name]]) for name in payments}
        write("installments_payments", np.concatenate([loans.row[of_loan], rows[of_card]]), both)
        of_loan, months = repayment.months(loans, due, late, rng)
        write("POS_CASH_balance", loans.row[of_loan], months)


def _effects(drawn: Draws, prefix: str) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): z for name, z in drawn.scores.items() if name.startswith(prefix)}


def _first_drawing(
    earlier: dict, rows: np.ndarray, of_card: np.ndarray, months: Mapping[str, np.ndarray]
) -> None:
    """Date the first use of each card in its application."""
    drawn = months["AMT_DRAWINGS_CURRENT"] > 0
    first = np.full(len(rows), NEVER)
    np.minimum.at(first, of_card[drawn], np.round((months["MONTHS_BALANCE"][drawn] + 0.3) * 30.4).astype(int))
    decided = earlier["DAYS_DECISION"][rows]
    first = np.where(first == NEVER, NEVER, np.maximum(first, decided))
    earlier["DAYS_FIRST_DRAWING"][rows] = first
    earlier["DAYS_FIRST_DUE"][rows] = np.where(first + 45 < 0, first + 45, NEVER)
