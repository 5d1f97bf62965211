"""The demo: a synthetic bank drawn from the aggregates of a real one, never from its rows.

This package holds what any portfolio's demo needs (normal scores, dependence, scorecards,
keys, tables written in chunks). What concerns one portfolio lies in
``data/portfolios/<id>/demo``: how its profile is measured and its tables drawn.
"""

from collections.abc import Callable
from pathlib import Path

FEWEST_CLIENTS = 10


def generate(
    portfolio_id: str,
    folder: Path,
    clients: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write a synthetic bank as Parquet files, one a table, in the portfolio's own schema.

    The same seed and number of clients give the same rows.

    Parameters
    ----------
    portfolio_id
        A portfolio with a generator of its own.
    folder
        Where the files go; made when absent, files of the same name are replaced.
    clients
        Number of clients whose outcome is known; the portfolio may add unlabelled ones.
    seed
        Any whole number from 0.
    progress
        Called now and then with the number of clients drawn and the number to draw.

    Raises
    ------
    data.portfolios.UnknownPortfolio
        When there is no such portfolio.
    data.demo.profile.NoDemo
        When the portfolio has no generator.
    ValueError
        When ``clients`` or ``seed`` is too small.
    """
    # Here and not above: the module is also a command, run by its own name.
    from data.demo.profile import generator

    if clients < FEWEST_CLIENTS:
        raise ValueError(f"clients: {clients} is too few; give at least {FEWEST_CLIENTS}")
    if seed < 0:
        raise ValueError(f"seed: {seed} is negative; give a whole number from 0")
    generator(portfolio_id).draw_bank(Path(folder), clients, seed, progress or (lambda done, total: None))
