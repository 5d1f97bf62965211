"""What the data commands share: how a portfolio is named, and how a fault is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import pydantic
import typer

from data import backup, diagram, portfolios
from data.bank import BankLocked, BankMissing, BankUnreadable
from data.demo.profile import NoDemo
from data.ledger.accounts import AccountInvalid, UnknownAccount
from data.ledger.address import BadAddress
from data.ledger.drafts import EntryInvalid
from data.ledger.tokens import TokenInvalid, UnknownToken
from data.load import LoadError

EXPECTED = (
    portfolios.UnknownPortfolio,
    NoDemo,
    LoadError,
    backup.BackupError,
    diagram.NoPlace,
    BadAddress,
    BankMissing,
    BankLocked,
    BankUnreadable,
    EntryInvalid,
    AccountInvalid,
    UnknownAccount,
    TokenInvalid,
    UnknownToken,
    OSError,
)

PortfolioId = Annotated[
    str, typer.Argument(help="Which portfolio, for example home_credit.", metavar="PORTFOLIO")
]


@contextmanager
def faults_told() -> Iterator[None]:
    """End with code 2 and one line per fault when what was asked cannot be done."""
    try:
        yield
    except pydantic.ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    except EXPECTED as error:
        lines = str(error).splitlines()
    else:
        return
    for line in lines:
        typer.echo(f"error: {line}", err=True)
    raise typer.Exit(2)
