"""The command that makes a portfolio of anyone's file: ``python -m data new-portfolio``."""

from pathlib import Path
from typing import Annotated

import typer

from config import settings
from data.console import faults_told
from data.new_portfolio import make
from data.new_portfolio_plan import Asked

app = typer.Typer(no_args_is_help=True, add_completion=False)

Names = list[str] | None


@app.command("new-portfolio")
def new_portfolio(
    name: Annotated[str, typer.Argument(help="Its id: a to z, digits and _.", metavar="NAME")],
    file: Annotated[
        Path, typer.Option("--from", help="A flat CSV or Parquet file: one line per client.", metavar="FILE")
    ],
    target: Annotated[str, typer.Option(help="Column of the outcome.", metavar="COL")],
    positive: Annotated[str, typer.Option(help="Value of the outcome to foresee.", metavar="VALUE")],
    negative: Annotated[
        Names, typer.Option(help="Value of the other outcome, where there are more than two.")
    ] = None,
    id_column: Annotated[
        str, typer.Option("--id", help="Column that names each client; else its line does.", metavar="COL")
    ] = "",
    drop: Annotated[Names, typer.Option(help="Column to leave out.", metavar="COL")] = None,
    protected: Annotated[
        Names, typer.Option(help="Column kept to watch fairness, never used.", metavar="COL")
    ] = None,
    use: Annotated[
        Names, typer.Option(help="Column to use that would be left out or protected.", metavar="COL")
    ] = None,
    good: Annotated[bool, typer.Option("--good", help="The outcome to foresee is good news.")] = False,
    false_negative: Annotated[
        float | None, typer.Option(min=0.001, help="Cost of a case of that outcome that is missed.")
    ] = None,
    false_positive: Annotated[float, typer.Option(min=0.001, help="Cost of a false alarm.")] = 1.0,
    name_fr: Annotated[str, typer.Option(help="What to call it in French.")] = "",
    name_en: Annotated[str, typer.Option(help="What to call it in English.")] = "",
    currency: Annotated[str, typer.Option(help="Of its amounts: EUR, GBP, USD, CHF...")] = "",
    decimal: Annotated[
        str, typer.Option(help="Decimal mark where no number of the file tells.", metavar="MARK")
    ] = ".",
    replace: Annotated[bool, typer.Option("--replace", help="Replace the portfolio of that id.")] = False,
    with_load: Annotated[bool, typer.Option("--load/--no-load", help="Fill its bank as well.")] = True,
) -> None:
    """Make a portfolio of any flat file, and fill its bank: ready to train."""
    asked = Asked(
        name=name,
        file=file,
        target=target,
        positive=positive,
        negative=tuple(negative or ()),
        id_column=id_column,
        drop=tuple(drop or ()),
        protected=tuple(protected or ()),
        use=tuple(use or ()),
        is_good=good,
        false_negative=false_negative,
        false_positive=false_positive,
        name_fr=name_fr,
        name_en=name_en,
        currency=currency,
        decimal=decimal,
        replace=replace,
    )
    with faults_told():
        for line in make(asked, with_load=with_load, key=settings().bank_key.get_secret_value()):
            typer.echo(line)
