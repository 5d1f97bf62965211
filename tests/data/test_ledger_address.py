"""Where the ledger may be: a file, PostgreSQL here, PostgreSQL elsewhere with its certificate verified."""

import pytest

from config import Settings
from data.ledger.address import BadAddress, address


def of(given: str = "", **more):
    return address(Settings(_env_file=None, database_url=given, **more))


def test_without_a_setting_it_is_a_file_of_the_store(tmp_path):
    found = of(store_dir=tmp_path)
    assert (found.drivername, found.database) == ("sqlite", str(tmp_path / "ledger.sqlite"))


def test_a_file_may_be_named():
    assert of("sqlite:////var/lib/limpide/l.sqlite").database == "/var/lib/limpide/l.sqlite"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_addresses_of_hosts_are_all_understood(scheme):
    assert of(f"{scheme}://u:p@localhost/x").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://u:p@localhost/x",
        "postgresql://u:p@127.0.0.1:5433/x",
        "postgresql://u:p@[::1]/x",
        "postgresql:///x?host=/var/run/postgresql",
        "postgresql://u@localhost/x?sslmode=disable",
    ],
)
def test_on_this_machine_tls_is_not_asked_for(given):
    assert of(given).query.get("sslmode") in (None, "disable")


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://u:p@db.example/x",
        "postgres://u:p@10.0.0.4:6432/x",
        "postgresql://u:p@/x?host=db.example",
        "postgresql://u:p@localhost,db.example/x",
        "postgresql://u:p@/x?host=localhost:5432&host=db.example:5432",
        "postgresql://u:p@localhost.db.example/x",
        "postgresql://u:p@127.0.0.1.db.example/x",
        "postgresql://u:p@db.example/x?sslmode=verify-full",
    ],
)
def test_elsewhere_the_certificate_is_verified(given):
    assert of(given).query["sslmode"] == "verify-full"
    assert of(given).query["sslrootcert"] == "system"


def test_an_authority_may_be_named():
    assert of("postgresql://u:p@db.example/x?sslrootcert=/ca.pem").query["sslrootcert"] == "/ca.pem"


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca"])
def test_elsewhere_nothing_less_will_do(mode):
    with pytest.raises(BadAddress, match=f"sslmode={mode} does not verify"):
        of(f"postgresql://u:hidden@db.example/x?sslmode={mode}")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("mysql://u:hidden@db.example/x", "'mysql' is not supported"),
        ("postgresql+psycopg2://u:hidden@localhost/x", "is not supported"),
        ("ledger.sqlite", "not an address"),
        ("postgresql://u:hidden@db.example:port/x", "not an address"),
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
        ("postgresql://u:hidden@/x", "no host"),
        ("postgresql://u:hidden@localhost/x?hostaddr=192.0.2.1", "hostaddr is not allowed"),
        ("postgresql://u:hidden@localhost/x?service=other", "service is not allowed"),
    ],
)
def test_what_cannot_be_used_is_refused_without_its_password(given, said):
    with pytest.raises(BadAddress, match=said) as caught:
        of(given)
    assert "hidden" not in str(caught.value)
    assert caught.value.__cause__ is None
