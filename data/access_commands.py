"""The commands for accounts and tokens, part of ``python -m data``.

Passwords are asked for without showing them, or read as one line from the standard input; never
given as an argument, which other users of the machine could read and a shell would remember.
"""

import sys
from datetime import datetime
from getpass import getpass
from typing import Annotated

import typer

from data.console import faults_told
from data.ledger import accounts, events, tokens

app = typer.Typer()

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the account.")]
Roles = Annotated[list[str], typer.Option("--role", help="advisor, manager or admin; may be repeated.")]


@app.command()
def add_user(
    name: Name,
    role: Roles,
    subject: Annotated[
        str, typer.Option(help="Who it is at the OpenID Connect provider; no password is asked then.")
    ] = "",
) -> None:
    """Open an account; its password is asked for, or read from the standard input."""
    with faults_told():
        password = None if subject else _password()
        made = accounts.add(name, role, password, subject or None)
        typer.echo(f"{made.name}: {', '.join(sorted(made.roles))}")


@app.command()
def list_users() -> None:
    """List the accounts: name, roles, how they log in, since when, and whether they are closed."""
    with faults_told():
        for one in accounts.all():
            through = "password" if one.has_password else "provider"
            state = f"closed {_day(one.disabled)}" if one.disabled else "open"
            roles = ",".join(sorted(one.roles))
            typer.echo(f"{one.name}\t{roles}\t{through}\t{_day(one.created)}\t{state}")


@app.command()
def set_password(name: Name) -> None:
    """Give an account another password; its sessions end."""
    with faults_told():
        accounts.get(name)
        accounts.set_password(name, _password())
        typer.echo(f"{name}: password set, sessions ended")


@app.command()
def set_roles(name: Name, role: Roles) -> None:
    """Give an account other roles, in place of those it has; its sessions end."""
    with faults_told():
        accounts.set_roles(name, role)
        typer.echo(f"{name}: {', '.join(sorted(accounts.get(name).roles))}, sessions ended")


@app.command()
def disable_user(name: Name) -> None:
    """Close an account: its sessions end and the tokens it answers for are refused."""
    with faults_told():
        accounts.disable(name)
        typer.echo(f"{name}: closed")


@app.command()
def enable_user(name: Name) -> None:
    """Open a closed account again."""
    with faults_told():
        accounts.enable(name)
        typer.echo(f"{name}: open")


@app.command()
def add_token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the system that will use it.")],
    scope: Annotated[list[str], typer.Option(help=f"{', '.join(tokens.SCOPES)}; may be repeated.")],
    owner: Annotated[
        str, typer.Option(help="Account that answers for it: it can do no more, and ends with it.")
    ] = "",
) -> None:
    """Make an API token for a system and show it, this once."""
    with faults_told():
        made, secret = tokens.create(name, scope, owner)
        typer.echo(f"token {made.id} of {made.name}: {', '.join(sorted(made.scopes))}", err=True)
        typer.echo(secret)


@app.command()
def list_tokens() -> None:
    """List the API tokens: number, system, scopes, who answers, when made, last used, revoked."""
    with faults_told():
        for one in tokens.all():
            state = f"revoked {_day(one.revoked)}" if one.revoked else "valid"
            used = f"used {_day(one.last_used)}" if one.last_used else "never used"
            scopes = ",".join(sorted(one.scopes))
            typer.echo(f"{one.id}\t{one.name}\t{scopes}\t{one.owner}\t{_day(one.created)}\t{used}\t{state}")


@app.command()
def revoke_token(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="As `list-tokens` shows it.")],
) -> None:
    """Revoke an API token, at once."""
    with faults_told():
        tokens.revoke(number)
        typer.echo(f"token {number}: revoked")


@app.command()
def list_events(
    kind: Annotated[str | None, typer.Option(help=f"{', '.join(events.KINDS)}.")] = None,
    account: Annotated[str | None, typer.Option(help="Who did it.")] = None,
    target: Annotated[str | None, typer.Option(help="What it was done to, as PORTFOLIO/CLIENT.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, the latest first.")] = 100,
) -> None:
    """List logins, refusals, log-outs, views of files and exports, the latest first."""
    with faults_told():
        for one in events.page(kind, account, target, limit=limit):
            at = one.at.strftime("%Y-%m-%dT%H:%M:%SZ")
            typer.echo(f"{at}\t{one.kind}\t{one.account}\t{one.target}\t{one.address_hash}")


def _password() -> str:
    """Ask for a password, twice at a keyboard, or read a line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("Password: ")
    if getpass("Again: ") != password:
        raise accounts.AccountInvalid("the two passwords differ; nothing was changed")
    return password


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
