"""Being somebody, for tests of pages: what is drawn and done is drawn for, and done by, an account."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, g
from ledgers import own_ledger

from components import reader
from components.reader import Reader
from model import service
from web.identity import User


@contextmanager
def acting(server: Flask, name: str, *roles: str) -> Iterator[User]:
    """Be ``name`` with ``roles`` for a while."""
    user = User(name, frozenset(roles), False, "page")
    with server.test_request_context("/"), reader.drawing_for(Reader(name, user.roles)):
        g.user = user
        yield user


@contextmanager
def deciding(store: Path, folder: Path) -> Iterator[Path]:
    """Use the bank and the models of ``store`` with an empty ledger of one's own."""
    for name in ("banks", "models"):
        (folder / name).symlink_to(store / name)
    service.forget()
    with own_ledger("sqlite", folder):
        yield folder
    service.forget()
