"""A whole synthetic bank, chunk of clients by chunk of clients."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from data.demo import copula, profile, scorecard
from data.demo.rows import Keys, systematic
from data.demo.writer import Tables
from data.portfolios.home_credit.demo import applicant, bureau, card, previous
from data.portfolios.home_credit.demo.applicant_traits import traits
from data.portfolios.home_credit.demo.schemas import APPLICATION, SCHEMAS

CHUNK = 10_000
FIRST_CLIENT, CLIENTS_OF_SOURCE = 100_002, 356_255
_UNLABELLED = 48_744 / 307_511
_DEFAULT_RATE = 0.0807
_HISTORY = ("bureau_count", "bureau_size", "debt", "late", "seek", "previous_count", "refusal", "size", "card_use")
_WEIGHTS = {"debt": 0.25, "late": 0.45, "seek": 0.2, "refusal": 0.3, "card_use": 0.2}


def draw_bank(folder: Path, clients: int, seed: int, progress: Callable[[int, int], None]) -> None:
    """Write the tables of a bank of ``clients`` labelled clients, and unlabelled ones in proportion."""
    total = clients + round(clients * _UNLABELLED)
    rng = np.random.default_rng([seed, 0])
    ids = np.sort(rng.choice(max(CLIENTS_OF_SOURCE, total), total, replace=False)) + FIRST_CLIENT
    ids[0] = FIRST_CLIENT
    labelled = np.ones(total, dtype=bool)
    labelled[1 + rng.permutation(total - 1)[: total - clients]] = False
    maker = _Maker(np.random.default_rng([seed, 1]))
    with Tables(folder, SCHEMAS) as tables:
        for number, start in enumerate(range(0, total, CHUNK)):
            part = slice(start, start + CHUNK)
            maker.write(tables, ids[part], labelled[part], np.random.default_rng([seed, 2, number]))
            progress(min(start + CHUNK, total), total)


class _Maker:
    """What stays the same from chunk to chunk: the profile and the keys not yet given."""

    def __init__(self, rng: np.random.Generator):
        self.profile = profile.load("home_credit")
        names = list(self.profile["applicant"])
        self.root = copula.root(copula.unpack(self.profile["correlation"], len(names)))
        self.loans, self.others = Keys(1_000_001, 1_845_000, rng), Keys(5_000_000, 1_843_000, rng)

    def write(self, tables: Tables, ids: np.ndarray, labelled: np.ndarray, rng: np.random.Generator) -> None:
        """Draw the clients of one chunk with all they have, and append them."""
        size, names = len(ids), list(self.profile["applicant"])
        z = dict(zip(names, (rng.normal(size=(size, len(names))) @ self.root).T, strict=True))
        drawn = applicant.Drawn(self.profile["applicant"], z, tuple(self.profile["large_organisations"]))
        columns = applicant.compose(drawn, rng) | {"SK_ID_CURR": ids}
        standing = -0.35 * z["EXT_SOURCE_2"] - 0.35 * z["EXT_SOURCE_3"]
        latents = {name: rng.normal(size=size) for name in _HISTORY}
        for name in _WEIGHTS:
            latents[name] = 0.8 * latents[name] + standing
        columns["TARGET"] = systematic(self._risk(columns, latents), rng)
        for name, rows in (("application_train", labelled), ("application_test", ~labelled)):
            tables.write(name, {column: values[rows] if isinstance(values, np.ndarray) else values.filter(rows)
                                for column, values in columns.items()})  # fmt: skip
        self._histories(tables, ids, latents, rng)

    def _risk(self, columns: dict, latents: dict[str, np.ndarray]) -> np.ndarray:
        frame = pl.DataFrame(
            {name: pl.Series(columns[name]).cast(kind).fill_nan(None) if kind == pl.Float64 else pl.Series(columns[name], dtype=kind, strict=False)
             for name, kind in APPLICATION.items() if name in columns})  # fmt: skip
        cards = self.profile["scorecard"]
        risk = scorecard.points(cards, traits(frame, self.profile["large_organisations"]).select(list(cards)))
        risk += sum(weight * latents[name] for name, weight in _WEIGHTS.items())
        low, high = -12.0, 4.0
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if (1 / (1 + np.exp(-risk - middle))).mean() < _DEFAULT_RATE else (low, middle)
        return 1 / (1 + np.exp(-risk - low))

    def _histories(self, tables: Tables, ids: np.ndarray, latents: dict, rng: np.random.Generator) -> None:
        owner, loans = bureau.loans(latents, rng)
        keys = self.others.take(len(owner))
        tables.write("bureau", loans | {"SK_ID_CURR": ids[owner], "SK_ID_BUREAU": keys})
        loan, months = bureau.months(loans, latents["late"][owner], rng)
        tables.write("bureau_balance", months | {"SK_ID_BUREAU": keys[loan]})
        owner, earlier = previous.applications(latents, rng)
        keys = self.loans.take(len(owner))
        tables.write("previous_application", earlier | {"SK_ID_CURR": ids[owner], "SK_ID_PREV": keys})
        kept = {name: values for name, values in earlier.items() if isinstance(values, np.ndarray)}
        for table, maker in (("POS_CASH_balance", previous.point_of_sale), ("installments_payments", previous.instalments)):
            rows = earlier["_loan"]
            self._follow(tables, table, maker, kept, rows, keys, ids[owner], (latents["late"][owner],), rng)
        rows = earlier["_card"]
        behaviour = latents["card_use"][owner], latents["late"][owner]
        self._follow(tables, "credit_card_balance", card.months, kept, rows, keys, ids[owner], behaviour, rng)

    @staticmethod
    def _follow(tables, table, maker, earlier, rows, keys, ids, behaviour, rng) -> None:
        part = {name: values[rows] for name, values in earlier.items()}
        parent, columns = maker(part, *(values[rows] for values in behaviour), rng)
        tables.write(table, columns | {"SK_ID_PREV": keys[rows][parent], "SK_ID_CURR": ids[rows][parent]})
