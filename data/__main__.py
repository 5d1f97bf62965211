"""The data commands: ``python -m data load|demo|backup|restore|migrate|diagram``, and those of the ledger."""

import logging
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from config import settings
from data import access_commands, ledger_commands, portfolio_commands, portfolios
from data import backup as backups
from data import diagram as diagrams
from data.bank import BankLocked, BankMeta, BankUnreadable, bank_path, open_bank
from data.console import PortfolioId, faults_told
from data.demo import FEWEST_CLIENTS, generate
from data.ledger import store
from data.ledger.tables import HEAD
from data.load import LoadError, load_folder
from data.load_steps import CONSOLE, Steps
from data.schema import schema_of

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Fill, keep and describe the banks.")

app.add_typer(ledger_commands.app)
app.add_typer(access_commands.app)
app.add_typer(portfolio_commands.app)


class _Warnings(logging.Handler):
    """Writes warnings above the progress bars, one line each."""

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.levelname.lower()}: {record.getMessage()}"
        CONSOLE.print(text, soft_wrap=True, markup=False, highlight=False)


@app.callback()
def _prepare() -> None:
    logging.basicConfig(level=logging.WARNING, handlers=[_Warnings()], force=True)


@app.command()
def load(
    portfolio: PortfolioId,
    folder: Annotated[
        Path,
        typer.Argument(help="Folder of CSV or Parquet files, zipped or not; or one file.", metavar="FOLDER"),
    ],
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="Say on every page that the clients are made up.")
    ] = False,
) -> None:
    """Build the bank of PORTFOLIO from files as downloaded; the previous bank stays until it is whole."""
    with faults_told():
        _load(portfolio, folder, synthetic=synthetic)


@app.command()
def demo(
    portfolio: PortfolioId,
    clients: Annotated[int, typer.Option(min=FEWEST_CLIENTS, help="Rows with a known outcome.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bank.")] = 7,
    replace: Annotated[bool, typer.Option("--replace", help="Replace even a bank of real clients.")] = False,
) -> None:
    """Fill the bank of PORTFOLIO with made-up clients: nobody's data, right in their proportions."""
    with faults_told():
        path = bank_path(portfolios.load(portfolio).id)
        if path.exists() and not replace and not _is_made_up(portfolio):
            raise LoadError(f"{path}: may hold real clients; back it up and give --replace to do without it")
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".demo-", dir=path.parent) as folder:
            with Steps(show=True) as steps:
                steps.begin("making clients up")
                generate(portfolio, Path(folder), clients, seed, steps.count)
            _load(portfolio, Path(folder), synthetic=True)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder for the copies.", metavar="FOLDER")],
) -> None:
    """Copy banks, models, batches judged and ledger to FOLDER with hashes; encrypted banks stay encrypted."""
    with faults_told(), Steps(show=True) as steps:
        steps.begin("backup")
        kept = backups.backup(settings().store_dir, folder, steps.count)
    typer.echo(f"{len(kept)} files kept in {folder}")
    if settings().database_url.get_secret_value():
        typer.echo("the ledger is in PostgreSQL and not among them: keep it with pg_dump")


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="A folder made by `backup`.", metavar="FOLDER")],
) -> None:
    """Put back what FOLDER holds, once every file is checked against its hash; a ledger in place stays."""
    with faults_told(), Steps(show=True) as steps:
        steps.begin("restore")
        kept = backups.restore(folder, settings().store_dir, steps.count)
    typer.echo(f"{len(kept)} files restored to {settings().store_dir}")


@app.command()
def migrate() -> None:
    """Create the tables of the ledger, or bring them up to date; the application does so itself at need."""
    with faults_told():
        opened = store.engine()
        typer.echo(f"{opened.url.render_as_string(hide_password=True)}: ledger at version {HEAD}")


@app.command()
def diagram(
    portfolio: PortfolioId,
    into: Annotated[
        Path | None, typer.Option(help="A Markdown file whose diagram of PORTFOLIO is to be renewed.")
    ] = None,
) -> None:
    """Draw the tables of PORTFOLIO and their keys, as Mermaid, from its schema.sql."""
    with faults_told():
        drawn = diagrams.draw(schema_of(portfolios.load(portfolio)))
        if into is None:
            typer.echo(drawn, nl=False)
        else:
            diagrams.renew(into, portfolio, drawn)


def _load(portfolio_id: str, folder: Path, *, synthetic: bool) -> None:
    portfolio, path = portfolios.load(portfolio_id), bank_path(portfolio_id)
    key = settings().bank_key.get_secret_value()
    meta = load_folder(portfolio, folder, path, synthetic=synthetic, key=key)
    typer.echo(f"{path}: {_described(meta)}{', encrypted' if key else ''}")


def _is_made_up(portfolio_id: str) -> bool:
    """Whether the bank there says that its clients are made up; one that cannot be read does not."""
    try:
        return open_bank(portfolio_id).meta.synthetic
    except (BankLocked, BankUnreadable):
        return False


def _described(meta: BankMeta) -> str:
    tables = f"history from {', '.join(meta.tables)}" if meta.tables else "no history"
    kind = "made-up clients" if meta.synthetic else "clients"
    return f"{meta.clients:,} {kind}, {meta.labelled:,} with a known outcome, {tables}"


if __name__ == "__main__":
    app(prog_name="python -m data")
