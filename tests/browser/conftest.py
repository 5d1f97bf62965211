"""A real Chromium on the whole application, served on a free port of this machine."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests_support import PASSWORD

ROOT = Path(__file__).parent.parent.parent

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def address(store, tmp_path_factory) -> Iterator[str]:
    """The address of the application, served as in production by a process of its own."""
    with _served({"STORE_DIR": str(store)}, tmp_path_factory.mktemp("server") / "log") as found:
        yield found


@pytest.fixture(scope="session")
def closed_address(store, tmp_path_factory) -> Iterator[str]:
    """The same where everyone logs in: ``the-advisor`` and ``the-manager`` may, with PASSWORD."""
    folder = tmp_path_factory.mktemp("closed")
    given = {"STORE_DIR": str(store), "AUTH": "on", "DATABASE_URL": f"sqlite:///{folder / 'ledger.sqlite'}"}
    for role in ("advisor", "manager"):
        made = [sys.executable, "-m", "data", "add-user", f"the-{role}", "--role", role]
        subprocess.run(made, cwd=ROOT, env=os.environ | given, input=PASSWORD, text=True, check=True)
    with _served(given, folder / "log") as found:
        yield found


@pytest.fixture(scope="session")
def crm_address(prospects_store, tmp_path_factory) -> Iterator[str]:
    """The address of the application on the store of prospects, with a ledger of its own."""
    folder = tmp_path_factory.mktemp("crm_server")
    given = {"STORE_DIR": str(prospects_store), "DATABASE_URL": f"sqlite:///{folder / 'ledger.sqlite'}"}
    with _served(given, folder / "log") as found:
        yield found


@contextmanager
def _served(given: Mapping[str, str], log: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "app:server"]
    with log.open("w") as written:
        served = subprocess.Popen(command, cwd=ROOT, env=os.environ | given, stdout=written, stderr=written)
        try:
            wait_for(f"{found}/health", log)
            yield found
        finally:
            served.terminate()
            served.wait(timeout=60)  # on a busy machine its workers take their time


def wait_for(url: str, log: Path, seconds: float = 60) -> None:
    """Return once an address answers; fail with what the server said if it never does."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the application did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def chromium():
    """The machine's Chromium, else the one that Playwright brings."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=15_000)  # a busy machine is no fault of the page
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


class Watched(list):
    """What a page did that it should not have: errors in its console, calls to other hosts."""


@pytest.fixture
def page(chromium, address):
    """A French reader's page; a test fails if it logs an error or asks another host for anything."""
    with _watched(chromium, address) as opened:
        yield opened


@pytest.fixture
def crm(chromium, crm_address):
    """A reader's page on the store of prospects, watched in the same way."""
    with _watched(chromium, crm_address) as opened:
        yield opened


@pytest.fixture
def visit(chromium, closed_address):
    """What opens a page of one's own where everyone logs in, watched in the same way."""
    return lambda: _watched(chromium, closed_address)


@contextmanager
def _watched(chromium, address: str) -> Iterator:
    context = chromium.new_context(base_url=address, locale="fr-FR", viewport={"width": 1280, "height": 900})
    opened, wrong = context.new_page(), Watched()
    opened.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda asked: wrong.append(asked.url) if is_elsewhere(asked.url, address) else None)
    yield opened
    context.close()
    assert not wrong


def is_elsewhere(url: str, address: str) -> bool:
    """Say whether an address is on another host."""
    return not url.startswith((address, "data:", "blob:"))
