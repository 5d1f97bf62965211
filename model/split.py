"""Which rows are learnt from, which only judge, and how the first are dealt to folds. Training only.

``[split] column, test`` of ``portfolio.toml`` name the rows that only judge (a year, say): nothing of them
but the categories they hold reaches training, folds, calibration, threshold, reference group or the
population that files are compared with. ``[split] group`` names whose rows belong together (the
proposals of one prospect): no fold parts them. Rows set aside may still be of people learnt from, as
they will be in service.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from data.portfolios import Portfolio


class SplitUnfit(ValueError):
    """The ``[split]`` of a portfolio cannot be followed on these rows."""


def aside(portfolio: Portfolio, frame: pl.DataFrame) -> np.ndarray:
    """Return which rows only judge, shape ``(rows,)``; those without the value are learnt from.

    Raises
    ------
    SplitUnfit
        When the rows lack the column: learning from all of them would go unnoticed.
    """
    told = portfolio.settings.get("split", {})
    if not told.get("test"):
        return np.zeros(len(frame), dtype=bool)
    values = _column(frame, "column", told["column"])
    kind = pl.Float64 if values.dtype.is_numeric() else pl.String
    wanted = pl.Series([str(value) for value in told["test"]]).cast(kind, strict=False)
    return values.cast(kind).is_in(wanted.implode()).fill_null(False).to_numpy()


def groups(portfolio: Portfolio, frame: pl.DataFrame) -> np.ndarray | None:
    """Return a number for each row, alike for rows that belong together; None where nothing does.

    A row without a group belongs to nobody else's.
    """
    name = portfolio.settings.get("split", {}).get("group")
    if name is None:
        return None
    values = _column(frame, "group", name)
    number = values.cast(pl.String).rank("dense").cast(pl.Int64).fill_null(-1).to_numpy()
    return np.where(number < 0, np.arange(len(frame)) + len(frame) + 1, number)


def dealt(outcome: np.ndarray, group: np.ndarray, parts: int, seed: int) -> np.ndarray:
    """Return the number of the slice of each row, stratified, without parting a group.

    Groups alike in size and positives are shuffled and dealt in turn, so that slices have as many
    rows and positives as whole groups allow.

    Parameters
    ----------
    outcome : array of {0, 1}, shape (rows,)
    group : array of int, shape (rows,)
    """
    _, whose = np.unique(group, return_inverse=True)
    size, positive = np.bincount(whose), np.bincount(whose, weights=outcome)
    order = np.random.default_rng(seed).permutation(len(size))
    order = order[np.lexsort((positive[order], size[order]))]
    number = np.empty(len(size), dtype=np.intp)
    number[order] = np.arange(len(size)) % parts
    return number[whose]


def told(portfolio: Portfolio) -> dict:
    """Return the column and the values that set rows aside, as ``test.json`` tells them."""
    about = portfolio.settings["split"]
    return {"column": about["column"], "values": list(about["test"])}


def _column(frame: pl.DataFrame, what: str, name: str) -> pl.Series:
    if name not in frame.columns:
        known: Sequence[str] = frame.columns
        raise SplitUnfit(
            f"[split] {what} {name!r} is no input, protected column or note of these rows: give it the "
            f"role `note` in columns.csv (known: {', '.join(known[:12])}{', ...' if len(known) > 12 else ''})"
        )
    return frame[name]
