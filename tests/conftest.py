"""What the whole suite shares: a small demo bank with a trained model, and the application on it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from tests_support import Logged, own_store

import config

# The same cases on every run: a failure can be looked at again. How fast they are drawn depends on the
# machine: the first text of a process waits for Hypothesis to list all characters.
hypothesis.settings.register_profile(
    "repeatable",
    derandomize=True,
    print_blob=False,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("repeatable")

# The portfolios of whoever runs the tests are not those that the tests are about.
os.environ.pop("PORTFOLIOS_DIR", None)

DEMO_CLIENTS = 2_500
_shared: list[Path] = []  # the shared store, once it is made


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes after its argument, for its bytes may differ.

    An archive holds the moment it was made, so two processes would not collect the same tests.
    """
    return argname if isinstance(val, bytes) else None


def use_store(folder: Path) -> None:
    """Point this process at another store and forget what was read from the last one."""
    os.environ["STORE_DIR"] = str(folder)
    config.settings.cache_clear()


@pytest.fixture(scope="session")
def store(tmp_path_factory) -> Path:
    """A store with a synthetic bank of 2,500 labelled clients and a first model in service."""
    from data import demo, load, portfolios
    from data.bank import bank_path
    from model.train import train

    folder = tmp_path_factory.mktemp("store")
    use_store(folder)
    tables = tmp_path_factory.mktemp("tables")
    demo.generate("home_credit", tables, clients=DEMO_CLIENTS, seed=7)
    portfolio = portfolios.load("home_credit")
    load.load_folder(portfolio, tables, bank_path("home_credit"), synthetic=True)
    train("home_credit", seed=7)
    _shared.append(folder)
    return folder


@pytest.fixture(scope="session")
def prospects_store(tmp_path_factory) -> Path:
    """A store with a synthetic CRM of 6,000 proposals and a first model, of few trees, in service."""
    from data import demo, load, portfolios
    from data.bank import bank_path
    from model.recipe import Overrides, Recipe
    from model.train import train

    folder, tables = tmp_path_factory.mktemp("prospects"), tmp_path_factory.mktemp("crm")
    demo.generate("prospects", tables, clients=6_000, seed=11)
    with own_store(folder):
        load.load_folder(portfolios.load("prospects"), tables, bank_path("prospects"), synthetic=True)
        train("prospects", seed=11, recipe=Recipe({"application": Overrides({"learning_rate": 0.1})}))
    return folder


@pytest.fixture
def prospects(prospects_store) -> Iterator[list[str]]:
    """Work on the prospects' store; the ids of 60 proposals, spread over it."""
    from data.bank import open_bank

    with own_store(prospects_store):
        ids, _ = open_bank("prospects").search("", limit=10_000)
        yield ids[:: len(ids) // 60][:60]


@pytest.fixture(scope="module", autouse=True)
def _shared_store():
    """Begin each file in the shared store: what a file makes once is made before its first test."""
    for folder in _shared:
        use_store(folder)


@pytest.fixture(autouse=True)
def _same_store(request):
    """Give each test the store that it asks for, a file's own one too, and take it back."""
    if "store" in request.fixturenames:
        with own_store(request.getfixturevalue("store")):
            yield
    else:
        yield
    # What a test changed in the environment is undone by now, or soon: nothing may remember it.
    config.settings.cache_clear()


@pytest.fixture(scope="session")
def clients(store) -> list[str]:
    """The ids of 200 clients of the demo bank, spread over it."""
    from data.bank import open_bank

    use_store(store)
    ids, total = open_bank("home_credit").search("", limit=100_000)
    return ids[:: max(total // 200, 1)][:200]


@pytest.fixture(scope="session")
def logged(store, tmp_path_factory) -> Logged:
    """A copy of the store whose version was logged once in its own tracking store."""
    from model import track

    folder = tmp_path_factory.mktemp("tracked")
    for part in ("banks", "models"):
        shutil.copytree(store / part, folder / part)
    with own_store(folder):
        return Logged(folder, track.log_training("home_credit", "1"))


@pytest.fixture(scope="session")
def server(store):
    """The Flask server of the whole application, on the demo bank."""
    use_store(store)
    import app

    return app.server


@pytest.fixture
def client(server):
    """A client of the application, without a network."""
    return server.test_client()


@pytest.fixture(scope="session")
def _accounts(tmp_path_factory) -> str:
    """The address of a ledger with an account for each role."""
    from tests_support import PASSWORD, own_ledger_at

    from data.ledger import accounts

    address = f"sqlite:///{tmp_path_factory.mktemp('accounts') / 'ledger.sqlite'}"
    with own_ledger_at(address):
        for role in accounts.ROLES:
            accounts.add(f"the-{role}", [role], PASSWORD)
    return address


@pytest.fixture
def closed(server, _accounts, monkeypatch):
    """The server of the application, asking everyone to log in; see ``tests_support.enter``."""
    from tests_support import own_ledger_at

    from data.ledger import store as ledger_store
    from data.ledger.tables import login_failures
    from web import access

    asking = config.Settings(_env_file=None, auth="on")
    monkeypatch.setitem(server.extensions, access.SETTINGS, asking)
    with own_ledger_at(_accounts):
        with ledger_store.writing() as connection:
            connection.execute(login_failures.delete())  # of the tests before, from the same address
        yield server


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real rows; tests that need it are skipped where there is none."""
    folder = config.Settings().real_data_dir
    if folder is None:
        pytest.skip("REAL_DATA_DIR is not set")
    return folder
