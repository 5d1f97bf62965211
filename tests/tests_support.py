"""Helpers that several test files share."""

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import config
from model.track import Record

PASSWORD = "a password for tests alone"


@contextmanager
def setting(name: str, value: str) -> Iterator[None]:
    """Use another value of a setting for a while, then the one before again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(name, value)
        config.settings.cache_clear()
        yield
    config.settings.cache_clear()


@contextmanager
def own_store(folder: Path) -> Iterator[Path]:
    """Use another store for a while."""
    with setting("STORE_DIR", str(folder)):
        yield folder


@contextmanager
def own_ledger_at(address: str) -> Iterator[None]:
    """Keep what is written down in another ledger for a while; the store stays."""
    with setting("DATABASE_URL", address):
        yield


def elsewhere(store: Path) -> dict[str, str]:
    """What a process elsewhere is given: where models are registered, and no way to our code or store."""
    return {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin")),
        "MLFLOW_TRACKING_URI": f"sqlite:///{store / 'mlflow' / 'mlflow.db'}",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "OMP_NUM_THREADS": "1",
        "POLARS_MAX_THREADS": "1",
    }


def enter(server: Flask, name: str, password: str = PASSWORD) -> FlaskClient:
    """Return a visitor who has logged in."""
    visitor = server.test_client()
    assert try_entering(visitor, name, password).status_code == 303
    return visitor


def try_entering(visitor: FlaskClient, name: str, password: str, **asked: object) -> TestResponse:
    """Fill in the login form and send it."""
    form = visitor.get("/login").text
    token = re.search(r'name="form_token" value="([^"]+)"', form)[1]
    filled = {"form_token": token, "name": name, "password": password} | asked.pop("data", {})
    return visitor.post("/login", data=filled, **asked)


def leave(visitor: FlaskClient) -> TestResponse:
    """Log out, as the button does."""
    with visitor.session_transaction() as kept:
        token = kept.setdefault("form", "t")
    return visitor.post("/logout", data={"form_token": token})


def opening(path: str, search: str) -> dict:
    """Return what the browser sends to open a page in place."""
    return {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [
            {"id": "_pages_content", "property": "children"},
            {"id": "_pages_store", "property": "data"},
        ],
        "inputs": [
            {"id": "_pages_location", "property": "pathname", "value": path},
            {"id": "_pages_location", "property": "search", "value": search},
        ],
        "changedPropIds": ["_pages_location.pathname"],
        "state": [],
    }


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Wait for what another process or thread does; fail when it takes too long."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@dataclass(frozen=True)
class Logged:
    """A store whose only version was logged in its own tracking store."""

    store: Path
    record: Record
