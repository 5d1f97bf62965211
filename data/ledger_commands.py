"""The commands of the ledger: ``python -m data verify-ledger|export-client|erase-client|purge``."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from config import settings
from data import portfolios
from data.backup import noted_head
from data.console import PortfolioId, faults_told
from data.ledger import erasure, verify
from data.ledger.drafts import Author
from data.load_steps import Steps

MOST_SHOWN = 20
# Who does what a command does, in the entries that it adds.
OPERATOR = Author("command", ("admin",), "command")
TOLD = {
    verify.EDITED: "row {number} ({id}) was edited after it was written",
    verify.MISSING: "row {number} is missing",
    verify.REPLACED: "row {number} ({id}) does not follow row {before}: one of them was replaced",
    verify.CONTENT_EDITED: "the content of row {number} ({id}) was edited after it was written",
    verify.CONTENT_MISSING: "the content of row {number} ({id}) is missing and no erasure says so",
    verify.CONTENT_ALONE: "row {number} is missing: its content is there, the row is not",
    verify.ERASED_UNDULY: "the content of row {number} ({id}) is missing and no entered erasure names it",
    verify.NOT_ERASED: "the content of row {number} ({id}) is there though it was erased",
    verify.HEAD_MISSING: "no row has the hash {id}: the chain was cut short, or written anew",
    verify.UNGUARDED: "the trigger {id} is gone: the database no longer refuses changes",
}

app = typer.Typer()

ClientId = Annotated[str, typer.Argument(help="The number of the client.", metavar="CLIENT")]


@app.command()
def verify_ledger(
    expect: Annotated[
        str | None,
        typer.Option(help="A hash noted earlier, or the folder of a backup, which holds one."),
    ] = None,
) -> None:
    """Hash every row of the ledger again; end with code 2 and name each row that is not as written."""
    with faults_told():
        with Steps(show=True) as steps:
            steps.begin("ledger")
            breaks = verify.verify(_expected(expect), steps.count)
        last = verify.head()
    for one in breaks[:MOST_SHOWN]:
        said = TOLD[one.what].format(number=one.number, id=one.id, before=one.number - 1)
        typer.echo(f"error: {said}", err=True)
    if len(breaks) > MOST_SHOWN:
        typer.echo(f"error: and {len(breaks) - MOST_SHOWN:,} more", err=True)
    if breaks:
        raise typer.Exit(2)
    typer.echo(f"{last.number:,} entries, each as it was written; last hash {last.hash}")


@app.command()
def export_client(
    portfolio: PortfolioId,
    client: ClientId,
    into: Annotated[Path, typer.Argument(help="A file to write: .json or .csv.", metavar="FILE")],
) -> None:
    """Write all that the ledger holds about a client of PORTFOLIO, as JSON or CSV."""
    if into.suffix not in (".json", ".csv"):
        raise typer.BadParameter("give a name that ends in .json or .csv", param_hint="FILE")
    with faults_told():
        found = erasure.export_client(portfolios.load(portfolio).id, client)
        if into.suffix == ".csv":
            _write(into, "\ufeff" + erasure.as_csv(found))  # the mark lets a spreadsheet read accents
        else:
            _write(into, json.dumps(found, ensure_ascii=False, indent=1))
    typer.echo(f"{into}: {len(found['entries']):,} entries")


@app.command()
def erase_client(
    portfolio: PortfolioId,
    client: ClientId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
) -> None:
    """Erase all that the ledger says about a client of PORTFOLIO; the chain keeps that it was erased."""
    with faults_told():
        chosen = portfolios.load(portfolio).id
        if not yes:
            typer.confirm("What is erased does not come back, save from older backups. Go on?", abort=True)
        erased = erasure.erase_client(chosen, client, OPERATOR)
    typer.echo(f"{erased:,} entries erased")


@app.command()
def purge() -> None:
    """Erase the decisions and remove the events that are older than the settings keep them."""
    with faults_told():
        chosen = settings()
        done = erasure.purge(chosen.retention_months, chosen.event_months, OPERATOR)
    typer.echo(f"{done.entries:,} entries erased, {done.events:,} events removed")


def _write(path: Path, told: str) -> None:
    """Write a new file that only its owner may read; one that is there is not written over."""
    place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(place, "w", encoding="utf-8", newline="") as file:
        file.write(told)


def _expected(given: str | None) -> str | None:
    """Return the hash that the chain must hold, from a backup when a folder was given."""
    return noted_head(Path(given)) if given and Path(given).is_dir() else given
