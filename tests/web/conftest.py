"""What tests of the HTTP side share: it alone on a bare server, and an account of one's own."""

import logging
import re

import pytest
from flask import Flask
from tests_support import PASSWORD

import web
from config import Settings
from data.ledger import accounts


@pytest.fixture
def bare() -> Flask:
    """The HTTP side without Dash, with an address that fails and one that answers much text."""
    server = Flask("limpide")
    web.install(server, Settings(_env_file=None, secret_key="k" * 32))

    @server.get("/fails/<client_id>")
    def fails(client_id):
        try:
            raise KeyError(client_id)
        except KeyError as error:
            raise ValueError(f"the file {client_id}") from error

    @server.get("/text")
    def text():
        return "much text " * 1_000

    return server


@pytest.fixture
def visitor(bare):
    """A visitor of the bare server."""
    return bare.test_client()


@pytest.fixture
def someone(closed, request) -> str:
    """The name of an account of this test's own."""
    name = re.sub(r"[^a-z0-9]", "-", request.node.name.lower())[:60].strip("-")
    return accounts.add(name, ["advisor"], PASSWORD).name


@pytest.fixture
def logged(caplog):
    """Everything that any logger writes, at any level."""
    caplog.set_level(logging.DEBUG)
    return caplog
