"""The command ``python -m model compare-offers``."""

from typing import Annotated

import typer

from model import offers_told
from model.commands import Portfolio, one_line_on_error, steps


def compare_offers(
    portfolio: Portfolio,
    rows: Annotated[
        int, typer.Option(min=200, help="Most accepted files to learn from, and to judge on.")
    ] = 6_000,
    seed: Annotated[int, typer.Option(help="Same seed, same comparison; the folds are those of train.")] = 42,
):
    """Compare ways to learn which offer is taken; about five minutes on two cores."""
    with one_line_on_error(), steps() as show:
        # scikit-learn loads for seconds, which other commands are spared.
        from model.offers_compared import compare

        found = compare(portfolio, rows=rows, seed=seed, each=lambda name: show(f"done: {name}"))
        target = offers_told.keep(found)
    typer.echo("\n".join(offers_told.lines(found)))
    typer.echo(f"kept in {target}")
