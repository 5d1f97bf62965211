"""Where the ledger is, and whether it may be reached that way."""

from collections.abc import Sequence
from ipaddress import ip_address

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from config import Settings

FILE = "ledger.sqlite"
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
# These of libpq's words could lead elsewhere than the address says.
_HIDDEN = ("service", "servicefile", "hostaddr")


class BadAddress(ValueError):
    """DATABASE_URL cannot be used; the message says why, and never repeats its password."""


def address(settings: Settings) -> URL:
    """Return the address of the ledger: the SQLite file of the store unless ``DATABASE_URL`` says else.

    PostgreSQL on another machine is reached with TLS and its certificate verified, against the
    machine's authorities unless ``sslrootcert`` names a file.

    Raises
    ------
    BadAddress
        When ``DATABASE_URL`` cannot be read, names another database, or would do without TLS.
    """
    given = settings.database_url.get_secret_value().strip()
    if not given:
        return URL.create("sqlite", database=str((settings.store_dir / FILE).absolute()))
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise BadAddress(
            "DATABASE_URL: not an address; expected postgresql://user:password@host/database"
        ) from None
    if url.drivername == "sqlite":
        return _file(url)
    if url.drivername not in _POSTGRESQL:
        raise BadAddress(
            f"DATABASE_URL: {url.drivername!r} is not supported; give postgresql:// or sqlite:///"
        )
    return _verified(url.set(drivername="postgresql+psycopg"))


def _file(url: URL) -> URL:
    if not url.database or url.database == ":memory:":
        raise BadAddress("DATABASE_URL: name a file, as in sqlite:////var/lib/limpide/ledger.sqlite")
    return url


def _verified(url: URL) -> URL:
    """Return an address of PostgreSQL with its TLS stated, or refuse it."""
    if hidden := [name for name in _HIDDEN if name in url.query]:
        raise BadAddress(f"DATABASE_URL: {hidden[0]} is not allowed; name the host in the address")
    hosts = _hosts(url)
    if not hosts:
        raise BadAddress(
            "DATABASE_URL: no host; name one, or the folder of a socket as ?host=/var/run/postgresql"
        )
    if all(map(_is_here, hosts)):
        return url
    mode = url.query.get("sslmode", "verify-full")
    if mode != "verify-full":
        raise BadAddress(
            f"DATABASE_URL: sslmode={mode} does not verify whom it talks to; leave sslmode out, and name the "
            "authority with ?sslrootcert=FILE if it is not one that this machine knows"
        )
    known = url.query.get("sslrootcert", "system")
    return url.update_query_dict({"sslmode": "verify-full", "sslrootcert": known})


def _hosts(url: URL) -> Sequence[str]:
    """Return the hosts that libpq would try."""
    given = url.query.get("host", ())
    several = [given] if isinstance(given, str) else list(given)
    named = [url.host] if url.host else []
    return [host.rsplit(":", 1)[0] if host.count(":") == 1 else host
            for entry in (*named, *several) for host in entry.split(",")]  # fmt: skip


def _is_here(host: str) -> bool:
    """Say whether a host is this machine: a socket's folder, localhost or a loopback address."""
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
